"""What people added, as rows beside those of the registers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, cast

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection

from assetmap.ground import Ground
from assetmap.space import STORED_CRS
from assetmap.store.reading import frame_type, in_box, read_contributions, read_rows
from assetmap.store.schema import AREA, ASSET
from assetmap.tables import ASSET_COLUMNS, Areas

_AS_ADDED: Final = ("place_id", "layer", "kind", "name", "who_for", "geometry")
_IN_DETAILS: Final = ("says", "how_known", "seen_on", "created_at", "state")


def with_added(
    connection: Connection, place_id: str, layers: Sequence[str] | None, assets: pd.DataFrame
) -> pd.DataFrame:
    """``assets`` and, beside them, what people added to those layers and is not hidden; by ``asset_id``."""
    added = read_contributions(connection, place_id)
    wanted = added["state"] != "hidden"
    if layers is not None:
        wanted &= added["layer"].isin(list(layers))
    if not wanted.any():
        return assets
    both = pd.concat([assets, as_assets(connection, place_id, added[wanted])], ignore_index=True)
    by_code_point = sorted(range(len(both)), key=both["asset_id"].tolist().__getitem__)
    return both.iloc[by_code_point].reset_index(drop=True)


def as_assets(connection: Connection, place_id: str, added: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Contributions with the columns of assets: open, placed by hand, and marked as contributed.

    Parameters
    ----------
    added
        The columns of ``CONTRIBUTION_COLUMNS``. No rows give no rows.
    """
    same: dict[str, Any] = {
        "asset_id": "contribution:" + added["contribution_id"],
        "status": "open",
        "located_by": "placed_by_hand",
        "source": f"{place_id}/contributions",
        "contributed": 1,
        "details": [_details(row) for row in added[[*_IN_DETAILS]].to_dict("records")],
        "area_code": _neighbourhoods(connection, place_id, added),
    } | {name: added[name] for name in _AS_ADDED}
    frame = pd.DataFrame({name: _column(name, same.get(name), added.index) for name in ASSET_COLUMNS})
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=STORED_CRS)


def _details(row: dict[Any, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if value is not None}, ensure_ascii=False)


def _column(name: str, values: Any, index: pd.Index[Any]) -> pd.Series[Any]:
    kind = frame_type(ASSET.c[name])
    return pd.Series(values, index=index, dtype=kind) if kind else values


def _neighbourhoods(connection: Connection, place_id: str, added: gpd.GeoDataFrame) -> list[str | None]:
    """The neighbourhood each lies in, as for a register's rows; outside the place ``None``."""
    if added.empty:
        return []
    west, south, east, north = (float(side) for side in added.total_bounds)
    where = (AREA.c.place_id == place_id, in_box(connection, AREA, (west, south, east, north)))
    areas = read_rows(connection, (AREA.c.area_code, AREA.c.geometry), where, (AREA.c.area_code,))
    codes: list[str | None] = Ground(Areas(cast(gpd.GeoDataFrame, areas))).area_codes(added.geometry).tolist()
    return codes
