"""What already stands near people who would lose something, and could be opened up for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import space
from assetmap.details import open_fields
from assetmap.layers import Layer
from assetmap.matching import NEAR_M
from assetmap.measures.walks import Walks
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import PlaceView
from assetmap.questions.supply import walks_to
from assetmap.tables import NAMELESS, OPEN, REGISTER_NAME, Assets
from assetmap.uses import ROOMS, Room
from assetmap.wording import opening

BUILDINGS_AT_MOST: Final = 12
OTHERS_AT_MOST: Final = 8
ROUGHLY_M: Final = 400.0
"""Nobody can tell whether a place is within a walk if it may stand further than this, five minutes, from its point."""

FILLER_COLUMNS: Final = (
    "asset_id", "name", "why", "layer", "layer_title", "kind", "run_by", "owner", "area_code", "people_within_walk",
    "room",
)  # fmt: skip


def could_replace(
    view: PlaceView, losing: npt.NDArray[np.bool_], minutes: float, without: Iterable[str] = ()
) -> pd.DataFrame:
    """What stands within a walk of people who lose a place, the likeliest to have room first, each building once.

    Parameters
    ----------
    losing
        ``(origins,)`` from which origins the people lose.
    without
        Ids of places that are themselves changed, and replace nothing: neither do their buildings in another register.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`FILLER_COLUMNS`. ``room`` is one of :data:`assetmap.uses.ROOMS` and ``why`` says in words
        why. Rows stand in the order of ``room``, then of how many of those who lose can walk there:
        ``people_within_walk``, NaN where a position is rounded so far that nobody can tell. At most
        :data:`BUILDINGS_AT_MOST` buildings with rooms, then :data:`OTHERS_AT_MOST` others, none that nobody could walk
        to or that is :func:`doubtful`.
    """
    assets, walks = fillers(view)
    metres, place, origin = walks.from_origins(losing)
    near = metres <= minutes * WALK_METRES_PER_MINUTE
    people = np.nan_to_num(view.by_area.people)
    served = np.bincount(place[near], people[origin[near]], minlength=len(assets))
    changed = set(without)
    served[assets["asset_id"].isin(changed | view.same_buildings.of(changed)).to_numpy()] = 0.0
    served[doubtful(view, assets)] = 0.0
    rank = room_ranks(assets)
    order = np.lexsort((-served, rank))
    order = order[served[order] >= 0.5]
    order = order[told_once(view, assets.iloc[order])]
    rooms = rank[order] < ROOMS.index("none")
    order = np.concatenate([order[rooms][:BUILDINGS_AT_MOST], order[~rooms][:OTHERS_AT_MOST]])
    titles = {layer.id: layer.title for layer in view.layers.values()}
    rows = pd.DataFrame(assets.iloc[order].drop(columns="geometry"))
    counted = np.where(rows["layer"].isin(_rounded(view)), np.nan, served[order])
    rows = rows.assign(layer_title=rows["layer"].map(titles), people_within_walk=counted)
    return rows[list(FILLER_COLUMNS)].reset_index(drop=True)


def doubtful(view: PlaceView, assets: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows their own source may put far from where they stand: further than :data:`ROUGHLY_M`.

    Not those of a layer that shows all of its places to the nearest so many metres: they are near, if not just there.
    """
    far = assets["location_accuracy_m"].fillna(0.0) > ROUGHLY_M
    return (far & ~assets["layer"].isin(_rounded(view))).to_numpy(dtype=bool)


def room_ranks(assets: pd.DataFrame) -> npt.NDArray[np.intp]:
    """The position of each row's ``room`` in :data:`assetmap.uses.ROOMS`."""
    return pd.Index(ROOMS).get_indexer(pd.Index(assets["room"]))


def _rounded(view: PlaceView) -> list[str]:
    """The layers whose positions are rounded to a grid."""
    return [layer.id for layer in view.layers.values() if layer.blur_m]


def with_room(view: PlaceView, assets: Assets) -> Assets:
    """Assets with how likely there is ``room`` for something else (:data:`assetmap.uses.ROOMS`), and ``why``."""
    told = pd.DataFrame({"room": "none", "why": ""}, index=assets.index)
    for layer_id, rows in assets.groupby("layer"):
        told.loc[rows.index] = _room_in(view.layers[str(layer_id)], rows)
    return Assets(assets.assign(room=told["room"], why=told["why"]))


def _room_in(layer: Layer, rows: pd.DataFrame) -> list[tuple[Room, str]]:
    """What the words of a layer's rows say of room in them; what is no building is called what it is."""
    # a register may write what a building is used for into its name, where readers of the name have no need of it
    rows = rows.assign(name=rows[REGISTER_NAME])
    read = pd.DataFrame({name: rows[name] for name in layer.uses.read if name in rows}, index=rows.index)
    own = open_fields(rows["details"], layer)
    read = read.join(own[[name for name in layer.uses.read if name in own]]).fillna("").astype(str)
    told: list[tuple[Room, str]] = []
    for kind, texts in zip(rows["kind"], read.itertuples(index=False), strict=True):
        if kind in layer.kinds and layer.kinds[kind].has_rooms:
            use = layer.uses.of(kind, texts)
            told.append((use.room, use.says))
        else:
            told.append(("none", opening(layer.kind_title(kind))))
    return told


def told_once(view: PlaceView, assets: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows to keep so that nothing is there twice: no building of two registers, none listed twice in one.

    Of the rows of one building that is kept whose layer is declared ``gaps_first``: it says what is there for people,
    where a register of property says that there is a building. Rows of the same name are one where they stand within
    :data:`assetmap.matching.NEAR_M`, or where a position is rounded.
    """
    first = [layer.id for layer in view.layers.values() if layer.gaps_first]
    order = np.argsort(~assets["layer"].isin(first).to_numpy(), kind="stable")
    kept = np.zeros(len(assets), dtype=bool)
    kept[order] = view.same_buildings.once(assets["asset_id"].iloc[order].tolist())
    kept[kept] = _named_once(assets[kept], _rounded(view))
    return kept


def _named_once(assets: pd.DataFrame, rounded: list[str]) -> npt.NDArray[np.bool_]:
    """Which rows to keep so that no name stands twice at one spot: the first of each, those at a spot of their own."""
    names = assets["name"].fillna("").str.casefold()
    kept = np.ones(len(assets), dtype=bool)
    twice = np.flatnonzero(names.duplicated(keep=False) & ~names.str.endswith(NAMELESS))
    shapes = space.to_measured(gpd.GeoSeries(assets["geometry"].iloc[twice], crs=space.STORED_CRS)).reset_index(
        drop=True
    )
    rough = assets["layer"].isin(rounded).to_numpy()
    earlier: dict[str, list[int]] = {}
    for place, at in enumerate(twice):
        told = earlier.setdefault(names.iloc[at], [])
        kept[at] = not told or not (
            rough[at] or any(shapes.iloc[place].distance(shapes.iloc[one]) <= NEAR_M for one in told)
        )
        if kept[at]:
            told.append(place)
    return kept


def filler_layers(view: PlaceView) -> list[str]:
    """The layers of a place that could help to fill a gap."""
    return [layer.id for layer in view.layers_here if layer.could_fill]


def fillers(view: PlaceView) -> tuple[Assets, Walks]:
    """Everything with a name that stands today and could help to fill a gap, as :func:`with_room`; the walks to it."""
    return view.once("fillers", lambda: _fillers(view))


def _fillers(view: PlaceView) -> tuple[Assets, Walks]:
    rows = view.assets
    stands = rows["layer"].isin(filler_layers(view)) & rows["status"].isin(OPEN)
    named = ~rows["name"].fillna(NAMELESS).str.endswith(NAMELESS)
    assets = with_room(view, Assets(rows[stands & named].reset_index(drop=True)))
    return assets, walks_to(view, assets)
