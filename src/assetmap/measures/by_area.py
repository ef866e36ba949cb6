"""Where people set out, numbered by neighbourhood once, so that anything is added up by neighbourhood in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap.arrays import among
from assetmap.space import Floats

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

_ROUNDING: Final = 1e-11
"""Halves that are equal on paper must not come out unequal by a rounding in the last digits."""


@dataclass(frozen=True, eq=False)
class ByArea:
    """Some origins, each with the number of its neighbourhood in place of its code.

    Attributes
    ----------
    codes
        ``(areas,)`` the neighbourhoods, in the order in which the origins name them; named ``area_code``.
    area
        ``(origins,)`` the position of each origin's neighbourhood in ``codes``.
    people
        ``(origins,)`` NaN where not known.
    origin_kind
        ``(areas,)`` from what sort of point each neighbourhood's people set out.
    """

    codes: pd.Index[str]
    area: Positions
    people: Floats
    origin_kind: npt.NDArray[np.object_]

    @cached_property
    def area_people(self) -> Floats:
        """``(areas,)`` the people of each neighbourhood; NaN where any of its origins' are."""
        return self.total(self.people)

    @cached_property
    def weight(self) -> Floats:
        """``(origins,)`` people, or 1 for each where its neighbourhood's people are none or not known."""
        return np.where((self.area_people > 0)[self.area], self.people, 1.0)

    @cached_property
    def _narrow_area(self) -> npt.NDArray[np.unsignedinteger]:
        """Areas in the narrowest type: numpy sorts numbers of 16 bits by counting them."""
        return self.area.astype(np.min_scalar_type(max(len(self.codes) - 1, 0)))

    def total(self, values: npt.ArrayLike) -> Floats:
        """``(areas,)`` the sum over each neighbourhood's origins; NaN where any of them is."""
        return np.asarray(np.bincount(self.area, np.asarray(values), minlength=len(self.codes)), dtype=np.float64)

    def any(self, flags: Flags) -> Flags:
        """``(areas,)`` which neighbourhoods have an origin of which it is true."""
        return among(self.area[flags], len(self.codes))

    def mean(self, values: npt.ArrayLike, weight: Floats) -> Floats:
        """``(areas,)`` the weighted mean over each neighbourhood's origins; NaN where all weights are 0.

        What has no weight takes no part, not measured (NaN) though it be.
        """
        total = self.total(np.where(weight > 0, values, 0.0) * weight)
        return divided(total, self.total(weight))

    def median(self, values: Floats, weight: Floats) -> Floats:
        """``(areas,)`` the least that covers half the weight of a neighbourhood's finite values; NaN without any."""
        used = np.flatnonzero(np.isfinite(values))
        used = used[np.argsort(values[used])]
        used = used[np.argsort(self._narrow_area[used], kind="stable")]
        area, running = self.area[used], weight[used].copy()
        total = np.bincount(area, running, minlength=len(self.codes))
        begins = np.flatnonzero(np.diff(area, prepend=-1))
        # one running total that starts anew in every neighbourhood, so that rounding does not pile up
        running[begins[1:]] -= total[area[begins[:-1]]]
        slack = _ROUNDING * total.max(initial=0.0)
        covers = np.flatnonzero(np.cumsum(running) >= 0.5 * total[area] - slack)
        first = covers[np.diff(area[covers], prepend=-1) > 0]
        answer = np.full(len(self.codes), np.nan)
        answer[area[first]] = values[used[first]]
        return answer

    def only(self, areas: Flags) -> tuple[ByArea, Positions]:
        """The origins of some neighbourhoods, and their positions among all of them."""
        rows = np.flatnonzero(areas[self.area])
        number = np.cumsum(areas) - 1
        part = ByArea(self.codes[areas], number[self.area[rows]], self.people[rows], self.origin_kind[areas])
        return part, rows

    def frame(self, columns: Mapping[str, npt.ArrayLike]) -> pd.DataFrame:
        """Columns of a value a neighbourhood as a frame, indexed by ``area_code``."""
        return pd.DataFrame(dict(columns), index=self.codes)


def by_area(origins: pd.DataFrame | ByArea) -> ByArea:
    """Origins numbered by neighbourhood; those that are already are given back as they are.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them. Who asks many questions of the same origins numbers them once.
    """
    if isinstance(origins, ByArea):
        return origins
    area, codes = pd.factorize(origins["area_code"])
    kinds = np.full(len(codes), None, dtype=object)
    if "origin_kind" in origins.columns:
        kinds[area[::-1]] = origins["origin_kind"].to_numpy(dtype=object)[::-1]
    people = origins["people"].to_numpy(dtype=np.float64, na_value=np.nan)
    return ByArea(pd.Index(codes, name="area_code"), area, people, kinds)


def divided(total: Floats, by: Floats) -> Floats:
    """One over the other; NaN where there is nothing to divide by."""
    answer = np.full(len(total), np.nan)
    np.divide(total, by, out=answer, where=by > 0)
    return answer
