"""Tables into frames whose columns have the same types on both engines.

Text is ``object`` with ``None`` where there is none, whole numbers are ``Int64``, numbers ``float64``; rows come in the
order of their key by code point, and shapes in EPSG:4326.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Select,
    Table,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy import table as named_table

from assetmap.space import STORED_CRS, STORED_SRID, Shapes
from assetmap.store import gpkg
from assetmap.store.columns import Shape
from assetmap.store.schema import ACCESS_POINT, CONTRIBUTION, REVIEW
from assetmap.tables import CONTRIBUTION_COLUMNS

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


def read_rows(
    connection: Connection,
    columns: Sequence[ColumnElement[Any]],
    where: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
) -> pd.DataFrame:
    """The rows of a question put to the tables, as a frame; a GeoDataFrame where a column is a shape."""
    asked: Select[Any] = select(*(_as_read(column, connection) for column in columns)).where(*where).order_by(*order)
    rows = connection.execute(asked).all()
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    pairs = zip(columns, values, strict=True)
    frame = pd.DataFrame({column.name: _series(column, found, connection) for column, found in pairs})
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=STORED_CRS) if "geometry" in frame else frame


def _as_read(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    """A shape is read as bytes, which need no object a row."""
    if not isinstance(column.type, Shape):
        return column
    if connection.dialect.name == "postgresql":
        return type_coerce(func.ST_AsBinary(column, "NDR"), LargeBinary)
    return type_coerce(column, LargeBinary)


def frame_type(column: ColumnElement[Any]) -> str | None:
    """The dtype of a column in a frame, the same on both engines; ``None`` for shapes."""
    if isinstance(column.type, Shape):
        return None
    if isinstance(column.type, Integer):
        return "Int64"
    return "float64" if isinstance(column.type, Float) else "object"


def _series(column: ColumnElement[Any], values: Sequence[Any], connection: Connection) -> pd.Series[Any]:
    kind = frame_type(column)
    if kind is None:
        return gpd.GeoSeries(_shapes(values, connection), crs=STORED_CRS)
    return pd.Series(list(values), dtype=kind)


def _shapes(values: Sequence[bytes | None], connection: Connection) -> Shapes:
    if connection.dialect.name != "postgresql":
        return gpkg.from_blobs(values)
    shapes: Shapes = shapely.from_wkb(np.array(values, dtype=object))
    return shapes


def in_box(connection: Connection, table: Table, box: Box) -> ColumnElement[bool]:
    """The rows whose shapes may reach into a box, by the engine's own index; :func:`reach_into` decides."""
    west, south, east, north = box
    if connection.dialect.name == "postgresql":
        envelope = func.ST_MakeEnvelope(west, south, east, north, STORED_SRID)
        return table.c.geometry.op("&&", is_comparison=True)(envelope)
    names = ("id", "minx", "maxx", "miny", "maxy")
    rtree = named_table(gpkg.rtree_of(table.name), *(column(name, Float) for name in names))
    reaching = (rtree.c.minx <= east, rtree.c.maxx >= west, rtree.c.miny <= north, rtree.c.maxy >= south)
    return table.c.fid.in_(select(rtree.c.id).where(*reaching))


def reach_into(shapes: Shapes, box: Box) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which shapes' own boxes meet ``box``: exact, where both engines' indexes round to 32 bits."""
    west, south, east, north = box
    own = shapely.bounds(shapes)
    return (own[:, 0] <= east) & (own[:, 2] >= west) & (own[:, 1] <= north) & (own[:, 3] >= south)


def only_in_box(frame: gpd.GeoDataFrame, box: Box | None) -> gpd.GeoDataFrame:
    """The rows of ``frame`` whose shapes' boxes meet ``box``; all of them where there is no box."""
    if box is None:
        return frame
    return frame[reach_into(np.asarray(frame.geometry.array), box)].reset_index(drop=True)


def access_of(connection: Connection, place_id: str, asset_ids: pd.Series[Any]) -> pd.Series[Any]:
    """A MultiPoint of the access points of each asset, ``None`` where it has none."""
    where = (ACCESS_POINT.c.place_id == place_id,)
    order = (ACCESS_POINT.c.asset_id, ACCESS_POINT.c.access_id)
    points = read_rows(connection, (ACCESS_POINT.c.asset_id, ACCESS_POINT.c.geometry), where, order)
    known = {
        owner: shapely.MultiPoint(list(shapes)) for owner, shapes in points["geometry"].groupby(points["asset_id"])
    }
    return pd.Series([known.get(asset_id) for asset_id in asset_ids], index=asset_ids.index, dtype="object")


def last_state() -> ColumnElement[str]:
    """The state that each contribution was last given, or was added with."""
    last = (
        select(REVIEW.c.state)
        .where(REVIEW.c.contribution_id == CONTRIBUTION.c.contribution_id)
        .order_by(REVIEW.c.review_id.desc())
        .limit(1)
        .correlate(CONTRIBUTION)
        .scalar_subquery()
    )
    return func.coalesce(last, CONTRIBUTION.c.state).label("state")


def read_contributions(connection: Connection, place_id: str) -> gpd.GeoDataFrame:
    """What people added to a place, each in the state it was last given."""
    columns = [last_state() if name == "state" else CONTRIBUTION.c[name] for name in CONTRIBUTION_COLUMNS]
    where = (CONTRIBUTION.c.place_id == place_id,)
    return gpd.GeoDataFrame(read_rows(connection, columns, where, (CONTRIBUTION.c.contribution_id,)))
