"""What a place already has near a gap: the first thing said of every neighbourhood."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from assetmap.layers import Layer
from assetmap.placeview import PlaceView
from assetmap.questions.fillers import doubtful, filler_layers, room_ranks, told_once, with_room
from assetmap.tables import NAMELESS, OPEN, Assets
from assetmap.uses import ROOMS

NEARBY_M: Final = 1_600.0
"""A strength this near, in a straight line, is named beside a gap."""


@dataclass(frozen=True)
class Strength:
    """One thing that could help to fill a gap.

    Attributes
    ----------
    name
        What it is called; its kind where its register gives no name.
    what
        Its kind in words; its layer where the kind is not known.
    distance_m
        In a straight line, from the middle of where the neighbourhood's people live.
    grid_m
        The grid to which its position is rounded; 0 where it is not.
    """

    asset_id: str
    name: str
    layer: str
    kind: str
    what: str
    distance_m: float
    grid_m: float = 0.0

    def __str__(self) -> str:
        """``The Hall (community centre, about 60 m)``."""
        return f"{self.name} ({_lower(self.what)}, about {self.rounded_m:,.0f} m)"

    @property
    def rounded_m(self) -> float:
        """The distance as exactly as it can be meant: to ten metres, or to the grid of what is placed roughly."""
        return rounded_to(max(self.grid_m, 10.0), self.distance_m)


def rounded_to(step: float, distance: float) -> float:
    """A distance as a number of whole steps, one at least: what is not known more exactly is never 0."""
    return max(round(distance / step) * step, step)


def strengths(view: PlaceView, asked: Collection[tuple[str, str]]) -> list[list[Strength]]:
    """For each neighbourhood, the nearest thing of each layer that could fill a gap, within :data:`NEARBY_M`.

    What is likelier to have room is told before something nearer (:data:`assetmap.uses.ROOMS`), and something with a
    name before something nearer without one: people can go and see it. A building in two registers is told once, and
    not at all where it holds what is asked about.

    Parameters
    ----------
    asked
        The layers and kinds that the gap is about, which fill no gap of their own.

    Returns
    -------
    list of list of Strength
        One list a neighbourhood, nearest first, in the order of ``view.areas``.
    """
    found: list[list[Strength]] = [[] for _ in range(len(view.areas))]
    could_fill = _could_fill(view, asked)
    for layer in view.layers_here:
        _add_nearest(view, layer, Assets(could_fill[could_fill["layer"] == layer.id]), found)
    return [sorted(near, key=lambda strength: strength.distance_m) for near in found]


def _could_fill(view: PlaceView, asked: Collection[tuple[str, str]]) -> Assets:
    """What stands today and could fill a gap, each building once, without those that hold what is asked about.

    What may stand far from its point is left out, unless its layer shows all of them to the nearest so many metres.
    """
    rows = view.assets
    stands = rows["status"].isin(OPEN)
    of_asked = np.array([pair in asked for pair in zip(rows["layer"], rows["kind"], strict=True)], dtype=bool)
    holding = rows.loc[stands & of_asked, "asset_id"]
    left_out = {*holding, *view.same_buildings.of(holding)}
    found = Assets(
        rows[
            stands & ~doubtful(view, rows) & rows["layer"].isin(filler_layers(view)) & ~rows["asset_id"].isin(left_out)
        ]
    )
    return with_room(view, Assets(found[told_once(view, found)]))


def _add_nearest(view: PlaceView, layer: Layer, assets: Assets, found: list[list[Strength]]) -> None:
    if not len(assets):
        return
    metres = np.nan_to_num(view.metres_from_centres(assets), nan=np.inf)
    metres = np.where(metres <= NEARBY_M, metres, np.inf)
    nameless = assets["name"].str.endswith(NAMELESS).to_numpy(dtype=bool)
    later = room_ranks(assets) + len(ROOMS) * nameless
    first = (metres + 2 * NEARBY_M * later).argmin(axis=1)
    for index, position in enumerate(first):
        distance_m = float(metres[index, position])
        if distance_m <= NEARBY_M:
            asset = assets.iloc[int(position)]
            name = str(asset["name"]).removesuffix(NAMELESS)
            kind = str(asset["kind"])
            what = layer.title if kind == "other" else layer.kind_title(kind, 1)
            found[index].append(Strength(str(asset["asset_id"]), name, layer.id, kind, what, distance_m, layer.blur_m))


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
