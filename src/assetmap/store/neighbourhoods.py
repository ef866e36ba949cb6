"""Which neighbourhood each row of a place stands in, told anew when other neighbourhoods take the place of its own."""

from __future__ import annotations

from typing import Final, cast

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection, bindparam, update

from assetmap.ground import Ground
from assetmap.store.reading import read_rows
from assetmap.store.schema import AREA, ASSET, LOCATOR
from assetmap.tables import Areas

_PLACED: Final = (ASSET, LOCATOR)
"""The tables of which each row names the neighbourhood that it stands in."""


def outlines_of(connection: Connection, place_id: str) -> gpd.GeoDataFrame:
    """The neighbourhoods of a place as they are drawn now: ``area_code`` and ``geometry``, by code."""
    columns = (AREA.c.area_code, AREA.c.geometry)
    return cast(gpd.GeoDataFrame, read_rows(connection, columns, (AREA.c.place_id == place_id,), (AREA.c.area_code,)))


def place_anew(connection: Connection, place_id: str, before: gpd.GeoDataFrame, areas: Areas) -> list[str]:
    """Put the assets and locators of a place into its new neighbourhoods, by where they lie.

    A row whose neighbourhood is drawn as it was stays in it: one that is shown to the nearest 500 m was put there by
    where it truly is, which the store does not know.

    Parameters
    ----------
    before
        The neighbourhoods until now, as :func:`outlines_of` gives them.
    areas
        Those that take their place.

    Returns
    -------
    list of str
        The names of the tables of which any row changed.
    """
    changed = list[str]()
    ground = Ground(Areas(areas.sort_values("area_code", ignore_index=True)))
    stays = _drawn_alike(before, areas)
    for table in _PLACED:
        columns = (table.c.fid, table.c.area_code, table.c.geometry)
        rows = cast(gpd.GeoDataFrame, read_rows(connection, columns, (table.c.place_id == place_id,), (table.c.fid,)))
        rows = rows[~rows["area_code"].isin(stays)]
        codes = ground.area_codes(rows.geometry)
        moved = np.flatnonzero(codes != rows["area_code"].to_numpy(dtype=object))
        changes = [{"row": int(rows["fid"].iloc[at]), "code": codes[at]} for at in moved]
        if changes:
            to_code = update(table).where(table.c.fid == bindparam("row")).values(area_code=bindparam("code"))
            connection.execute(to_code, changes)
            changed.append(table.name)
    return changed


def _drawn_alike(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[str]:
    """The codes that stand for the same outline in both."""
    both = before.merge(after[["area_code", "geometry"]], on="area_code", suffixes=("", "_after"))
    alike = shapely.equals_exact(*(np.asarray(both[name], dtype=object) for name in ("geometry", "geometry_after")))
    return both["area_code"][alike].tolist()
