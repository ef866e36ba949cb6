"""What closed, each place once and in the order that a list tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap.space import STORED_CRS, to_measured, to_stored


def year_of(closed_on: str | None) -> str:
    """The year of an ISO date as precise as its source, or the empty string where it is not known."""
    text = "" if pd.isna(closed_on) else str(closed_on)
    return text[:4] if text[:4].isdigit() else ""


def each_loss(frames: Iterable[gpd.GeoDataFrame | None], columns: Sequence[str]) -> gpd.GeoDataFrame:
    """What closed, each place once, in EPSG:4326.

    Rows of one name within 250 m of each other are one place (a register and a ledger of closures often list a
    building by its door and by its postcode). Kinds with most losses come first, and of a kind the first to close;
    those whose year is not known come after.

    Parameters
    ----------
    frames
        Closed rows, each frame in a declared system; the first to name a place is the one that is kept.
    columns
        The columns to keep beside the geometry: ``name``, ``kind`` and ``closed_on`` among them.
    """
    found = [frame for frame in frames if frame is not None and len(frame)]
    if not found:
        return gpd.GeoDataFrame({column: [] for column in columns}, geometry=[], crs=STORED_CRS)
    alike = [gpd.GeoDataFrame(frame[[*columns]], geometry=to_stored(frame.geometry)) for frame in found]
    rows = pd.concat(alike, ignore_index=True)
    return _by_kind(_each_once(gpd.GeoDataFrame(rows, geometry="geometry", crs=alike[0].crs)))


def _each_once(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = rows["name"].fillna("").str.casefold().str.strip().to_numpy()
    shapes = np.asarray(to_measured(rows.geometry).array, dtype=object)
    keep: list[int] = []
    seen: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        twins = seen.setdefault(name, [])
        if any(_same_spot(shapes[i], shapes[j]) for j in twins):
            continue
        twins.append(i)
        keep.append(i)
    return rows.iloc[keep].reset_index(drop=True)


def _by_kind(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kinds = rows["kind"].fillna("").astype(str)
    order = pd.DataFrame({"many": -kinds.map(kinds.value_counts()), "kind": kinds})
    # a closure whose year is not known goes after those whose year is
    order["year"] = rows["closed_on"].map(year_of).replace("", "9999")
    order["name"] = rows["name"].fillna("").astype(str)
    return rows.loc[order.sort_values(list(order.columns), kind="stable").index].reset_index(drop=True)


def _same_spot(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    if one is None or other is None or one.is_empty or other.is_empty:
        return False
    return bool(shapely.distance(one, other) <= 250)
