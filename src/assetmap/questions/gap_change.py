"""The gap score and the kinds of place within reach, before and after some places change."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Choice, PlaceView
from assetmap.questions import gap_index
from assetmap.space import Floats

Flags = npt.NDArray[np.bool_]

OTHER: Final = "other"


@dataclass(frozen=True, eq=False)
class Reach:
    """What the gap score rests on: which kinds of place people have within a walk.

    Attributes
    ----------
    near
        Kind to ``(origins,)`` whether one is within the walk, of each kind that the gap score is usually about.
    standing
        The kinds of which any stands.
    measured
        ``(origins,)`` whether anything can be said of it.
    """

    near: Mapping[str, Flags]
    standing: frozenset[str]
    measured: Flags

    def with_others(self, near: Mapping[str, Flags], standing: Mapping[str, bool]) -> Reach:
        """The same after some of the kinds changed: who is near them then, and whether any stands."""
        kept = self.standing - set(standing)
        return Reach({**self.near, **near}, kept | {kind for kind, any_ in standing.items() if any_}, self.measured)


def usual_kinds(view: PlaceView) -> dict[str, Choice]:
    """The kinds of place that the gap score is about unless others are asked for."""
    layers = [layer for layer in view.layers.values() if layer.gaps_first]
    return {kind: Choice(layer, (kind,)) for layer in layers for kind in layer.kinds}


def reach_now(view: PlaceView, minutes: float) -> Reach:
    """Which kinds people have within a walk today, kept with the place."""
    return view.once(("kinds near", minutes), lambda: _reach_now(view, minutes))


def _reach_now(view: PlaceView, minutes: float) -> Reach:
    near: dict[str, Flags] = {}
    standing = set()
    measured = np.ones(len(view.origins), dtype=bool)
    for kind, choice in usual_kinds(view).items():
        near[kind] = np.zeros(len(measured), dtype=bool)
        if len(assets := view.of(choice)):
            metres = view.nearest(assets)
            near[kind], measured = metres <= minutes * WALK_METRES_PER_MINUTE, measured & ~np.isnan(metres)
            standing.add(kind)
    return Reach(near, frozenset(standing), measured)


def gap_table(view: PlaceView, now: Reach, then: Reach, key: Hashable) -> pd.DataFrame:
    """The gap score, its rank and the kinds within reach, before and after.

    The kinds out of reach are counted among those of which any stands before or after, so that the last of a kind
    does not leave the count with the place.

    Parameters
    ----------
    key
        What ``now`` depends on, under which its scores are kept with the place.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, in the order of ``view.by_area``, each before and after: ``kinds_within`` (of the
        average person), ``gap_score`` (0 to 1), ``gap_rank`` (1 where the gap is widest); and ``gap_rank_change``,
        below 0 where it is nearer to the front of the list after.
    """
    asked = frozenset(now.standing | then.standing) - {OTHER}
    before = view.once(("gap score", key, asked), lambda: _scored(view, now, asked))
    after = _scored(view, then, asked)
    columns = {f"{name}_{when}": values for when, told in (("before", before), ("after", after))
               for name, values in told.items()}  # fmt: skip
    return view.by_area.frame({**columns, "gap_rank_change": after["gap_rank"] - before["gap_rank"]})


def _scored(view: PlaceView, reach: Reach, asked: frozenset[str]) -> dict[str, Any]:
    """A value a neighbourhood: kinds within reach, gap score and rank."""
    grouped = view.by_area
    weight = grouped.weight * reach.measured
    kinds = grouped.mean(_count(reach, asked), weight)
    beyond = 1.0 - grouped.mean(_count(reach, frozenset(reach.near)) > 0, weight)
    fewer = 1.0 - kinds / len(asked) if asked else beyond
    need = view.once("need", lambda: gap_index.need_of(view).reindex(grouped.codes).to_numpy())
    values = grouped.frame({"need": need, "beyond": beyond, "fewer_kinds": fewer, "less_each": np.zeros(len(need))})
    score = gap_index.ranked(values, gap_index.USUAL_WEIGHTS)
    return {"kinds_within": kinds, "gap_score": score["gap_score"].array, "gap_rank": score["gap_rank"].array}


def _count(reach: Reach, kinds: frozenset[str]) -> Floats:
    """How many of some kinds each origin has within the walk."""
    count = np.zeros(len(reach.measured))
    for kind in kinds:
        count += reach.near[kind]
    return count
