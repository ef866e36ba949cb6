"""What already stands near people who would lose something, and could be opened up for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap.measures.walks import Walks
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import PlaceView
from assetmap.questions.supply import walks_to
from assetmap.tables import NAMELESS, Assets

BUILDINGS_AT_MOST: Final = 12
OTHERS_AT_MOST: Final = 8
FILLER_COLUMNS: Final = (
    "asset_id", "name", "layer", "layer_title", "kind", "run_by", "owner", "area_code", "people_within_walk",
)  # fmt: skip


def could_replace(
    view: PlaceView, losing: npt.NDArray[np.bool_], minutes: float, without: Iterable[str] = ()
) -> pd.DataFrame:
    """What stands within a walk of people who lose a place: buildings first, those that most of them can walk to first.

    Parameters
    ----------
    losing
        ``(origins,)`` from which origins the people lose.
    without
        Ids of places that are themselves changed, and replace nothing: neither do their buildings in another register.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`FILLER_COLUMNS`; ``people_within_walk`` counts only those who lose. At most
        :data:`BUILDINGS_AT_MOST` buildings with rooms, then :data:`OTHERS_AT_MOST` others, none that nobody could walk
        to.
    """
    assets, walks = fillers(view)
    metres, place, origin = walks.from_origins(losing)
    near = metres <= minutes * WALK_METRES_PER_MINUTE
    people = np.nan_to_num(view.by_area.people)
    served = np.bincount(place[near], people[origin[near]], minlength=len(assets))
    changed = set(without)
    served[assets["asset_id"].isin(changed | view.same_buildings.of(changed)).to_numpy()] = 0.0
    order = np.argsort(-served, kind="stable")
    order = order[served[order] >= 0.5]
    rooms = _have_rooms(view, assets)[order]
    order = np.concatenate([order[rooms][:BUILDINGS_AT_MOST], order[~rooms][:OTHERS_AT_MOST]])
    titles = {layer.id: layer.title for layer in view.layers.values()}
    rows = pd.DataFrame(assets.iloc[order].drop(columns="geometry"))
    rows = rows.assign(layer_title=rows["layer"].map(titles), people_within_walk=served[order])
    return rows[list(FILLER_COLUMNS)].reset_index(drop=True)


def _have_rooms(view: PlaceView, assets: Assets) -> npt.NDArray[np.bool_]:
    """Which are buildings in which something could open."""
    rooms = view.kinds_with_rooms
    return np.array([pair in rooms for pair in zip(assets["layer"], assets["kind"], strict=True)], dtype=bool)


def told_once(view: PlaceView, assets: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows to keep so that a building in two registers is there once.

    Of such rows the one is kept whose layer is declared ``gaps_first``: it says what is there for people, where a
    register of property says that there is a building.
    """
    first = [layer.id for layer in view.layers.values() if layer.gaps_first]
    order = np.argsort(~assets["layer"].isin(first).to_numpy(), kind="stable")
    kept = np.zeros(len(assets), dtype=bool)
    kept[order] = view.same_buildings.once(assets["asset_id"].iloc[order].tolist())
    return kept


def fillers(view: PlaceView) -> tuple[Assets, Walks]:
    """Everything with a name that stands today and could help to fill a gap, and the walks to it."""
    return view.once("fillers", lambda: _fillers(view))


def _fillers(view: PlaceView) -> tuple[Assets, Walks]:
    layers = [layer.id for layer in view.layers_here if layer.could_fill]
    rows = view.assets
    stands = rows["layer"].isin(layers) & rows["status"].isin(["open", "unknown"])
    named = ~rows["name"].fillna(NAMELESS).str.endswith(NAMELESS)
    assets = Assets(rows[stands & named].reset_index(drop=True))
    return assets, walks_to(view, assets)
