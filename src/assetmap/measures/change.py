"""What a change of places does to people: who loses a place within a walk, who gains one, and whose walk grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from assetmap.measures.by_area import ByArea, Flags, by_area, divided
from assetmap.measures.people import WALK_MINUTES, reach_columns
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.space import Floats

NOTICED_MINUTES: Final = 1.0
"""A walk that grows or shrinks by less than this is not counted as changed; columns and answers say "a minute"."""

_TO_PEOPLE: Final = ("losing", "gaining", "a_minute_further")


def change(
    origins: pd.DataFrame | ByArea,
    before_m: Floats,
    after_m: Floats,
    minutes: float = WALK_MINUTES,
    before: Mapping[str, Floats] | None = None,
) -> pd.DataFrame:
    """Access before and after a change, by neighbourhood, with the same people at both times.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them, or numbered by neighbourhood already.
    before_m, after_m
        ``(len(origins),)`` metres to the nearest place: infinite where none is reached, NaN where not measured.
    minutes
        How long a walk counts as near; exactly that long still does.
    before
        What :func:`assetmap.measures.people.reach_columns` gives for ``before_m``, where it is known already.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood: ``people``; ``share_before`` and ``share_after`` (0 to 1, of the
        people measured); ``people_before`` and ``people_after`` (within the walk); ``people_losing`` (within it before
        and not after) and ``people_gaining``; ``walk_minutes_before`` and ``walk_minutes_after`` (medians of the people
        reached); ``people_a_minute_further``, whose walk grows by a minute or more or comes to an end, and
        ``extra_minutes``, by how much on average where it still leads somewhere. Not measured is NaN, never 0.
    """
    grouped = by_area(origins)
    was = reach_columns(grouped, before_m, minutes) if before is None else before
    # only neighbourhoods in which a walk changed are added up again; the rest are as they were
    touched = grouped.any((before_m != after_m) & ~np.isnan(before_m))
    part, rows = grouped.only(touched)
    now = reach_columns(part, after_m[rows], minutes)
    changed = _changed(part, before_m[rows], after_m[rows], minutes)
    untouched = np.where(was["measured"], 0.0 * was["people"], np.nan)
    columns = {
        "people": was["people"],
        "share_before": was["share_within"],
        "share_after": _with(was["share_within"], touched, now["share_within"]),
        "people_before": was["people_within"],
        "people_after": _with(was["people_within"], touched, now["people_within"]),
        **{f"people_{name}": _with(untouched, touched, changed[name]) for name in _TO_PEOPLE},
        "walk_minutes_before": was["walk_minutes_median"],
        "walk_minutes_after": _with(was["walk_minutes_median"], touched, now["walk_minutes_median"]),
        "extra_minutes": _with(np.full(len(touched), np.nan), touched, changed["extra"]),
    }
    return grouped.frame(columns)


def _changed(origins: ByArea, before_m: Floats, after_m: Floats, minutes: float) -> dict[str, Floats]:
    """People who lose, gain or walk further, and by how many minutes on average, by neighbourhood."""
    near_m = minutes * WALK_METRES_PER_MINUTE
    was, still = before_m <= near_m, after_m <= near_m
    with np.errstate(invalid="ignore"):
        extra = np.where(np.isinf(before_m), 0.0, (after_m - before_m) / WALK_METRES_PER_MINUTE)
    further = extra >= NOTICED_MINUTES
    grown = further & np.isfinite(extra)
    measured = origins.any(~np.isnan(before_m))
    flags = {"losing": was & ~still, "gaining": still & ~was, "a_minute_further": further}
    people = {name: np.where(measured, origins.total(origins.people * each), np.nan) for name, each in flags.items()}
    more = origins.total(origins.people * np.where(grown, extra, 0.0))
    return {**people, "extra": divided(more, origins.total(origins.people * grown))}


def _with(values: Floats, touched: Flags, now: Floats) -> Floats:
    """``values``, in the neighbourhoods touched as they are now."""
    answer = values.copy()
    answer[touched] = now
    return answer
