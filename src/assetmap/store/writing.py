"""Frames into tables, a whole column at a time: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from sqlalchemy import Column, ColumnElement, Connection, Float, Integer, Table, func, literal

from assetmap.errors import StoreError
from assetmap.space import STORED_CRS, STORED_SRID, Shapes, flat
from assetmap.store import gpkg
from assetmap.store.columns import Shape
from assetmap.store.schema import KEY_OF

_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)


def add_rows(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Add every row of ``frame`` to ``table``.

    Parameters
    ----------
    frame
        The columns of the table, in any order, without the table's own whole-number key; ``access`` is left out.
        No rows add nothing.

    Raises
    ------
    StoreError
        If a column is missing or unknown, or holds what its type cannot; rules of the table raise the driver's own
        errors.
    """
    columns = [column for column in table.c if not _is_own_key(column)]
    _refuse_other_columns(table, frame, [column.name for column in columns])
    if frame.empty:
        return
    _refuse_repeated_key(table, frame)
    values = [_values(table, column, frame, connection) for column in columns]
    if connection.dialect.name == "postgresql":
        _copy(connection, table, columns, values)
    else:
        gpkg.add_rows(connection, table, [column.name for column in columns], list(zip(*values, strict=True)))


def one_shape(connection: Connection, shape: shapely.Geometry | None, kind: str) -> ColumnElement[Any] | bytes | None:
    """One shape as the value of a geometry column, for a statement about one row.

    Raises
    ------
    StoreError
        If it is not of ``kind``, is empty, or does not lie on the globe.
    """
    if shape is None:
        return None
    shapes = _checked_shapes(np.array([shape], dtype=object), kind, ["The shape"])
    if connection.dialect.name == "postgresql":
        return func.ST_GeomFromWKB(literal(shapely.to_wkb(shapes[0], byte_order=1)), STORED_SRID)
    return gpkg.to_blobs(shapes)[0]


def _is_own_key(column: Column[Any]) -> bool:
    return column.primary_key and isinstance(column.type, Integer)


def _refuse_other_columns(table: Table, frame: pd.DataFrame, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in frame.columns]
    unknown = [str(name) for name in frame.columns if name not in names and name != "access"]
    if missing or unknown:
        faults = [f"lack {', '.join(missing)}"] * bool(missing) + [f"also have {', '.join(unknown)}"] * bool(unknown)
        raise StoreError(f"Rows for the table {table.name} {' and '.join(faults)}. Nothing was changed.")


def _refuse_repeated_key(table: Table, frame: pd.DataFrame) -> None:
    key = KEY_OF.get(table.name)
    repeated = frame[key][frame[key].duplicated()] if key else frame.iloc[:0]
    if len(repeated):
        raise StoreError(f"Two rows have the same {key}, {repeated.iloc[0]!r}. Nothing was changed.")


def _values(table: Table, column: Column[Any], frame: pd.DataFrame, connection: Connection) -> Sequence[Any]:
    if isinstance(column.type, Shape):
        shapes = _shape_column(table, column.type.kind, frame)
        return _ewkb(shapes) if connection.dialect.name == "postgresql" else gpkg.to_blobs(shapes)
    series = frame[column.name]
    if isinstance(column.type, Integer):
        return _whole_numbers(column.name, series)
    return _numbers(column.name, series) if isinstance(column.type, Float) else _texts(column.name, series)


def _texts(name: str, series: pd.Series[Any]) -> list[str | None]:
    values: list[str | None] = _nothing_as_none(series)
    for kind in {*map(type, values)} - {str, type(None)}:
        if not issubclass(kind, str):
            strange = next(value for value in values if type(value) is kind)
            raise StoreError(f"The column {name} holds {strange!r}, which is not text. Nothing was changed.")
    together = "".join(filter(None, values))
    if "\x00" in together or not _is_unicode(together):
        raise StoreError(f"The column {name} holds a character that is not text. Nothing was changed.")
    return values


def _nothing_as_none(series: pd.Series[Any]) -> list[Any]:
    values = series.to_numpy(object, copy=True)
    values[series.isna().to_numpy()] = None
    return values.tolist()


def _is_unicode(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _whole_numbers(name: str, series: pd.Series[Any]) -> list[int | None]:
    try:
        whole = series.astype("Int64")
    except (TypeError, ValueError, OverflowError) as fault:
        raise StoreError(f"The column {name} holds what is not a whole number. Nothing was changed.") from fault
    return _nothing_as_none(whole)


def _numbers(name: str, series: pd.Series[Any]) -> list[float | None]:
    try:
        values = series.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as fault:
        raise StoreError(f"The column {name} holds something that is not a number. Nothing was changed.") from fault
    if np.isinf(values).any():
        raise StoreError(f"The column {name} holds a number without end. Nothing was changed.")
    return [None if value != value else value for value in values.tolist()]


def _shape_column(table: Table, kind: str, frame: pd.DataFrame) -> Shapes:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None or frame.crs != STORED_CRS:
        raise StoreError(f"Rows for the table {table.name} must be in {STORED_CRS}. Nothing was changed.")
    names = [f"The shape of {key}" for key in frame[KEY_OF[table.name]]]
    return _checked_shapes(np.asarray(frame.geometry.array, dtype=object), kind, names)


def _checked_shapes(shapes: Shapes, kind: str, names: Sequence[str]) -> Shapes:
    """Flat shapes, or the reason why the first that may not be stored may not; the checks see that they are valid."""
    wanted = {"POINT": shapely.GeometryType.POINT, "MULTIPOLYGON": shapely.GeometryType.MULTIPOLYGON}.get(kind)
    boxes = shapely.bounds(shapes)
    west, south, east, north = _WORLD
    on_globe = (boxes[:, 0] >= west) & (boxes[:, 1] >= south) & (boxes[:, 2] <= east) & (boxes[:, 3] <= north)
    faults = (
        (shapely.is_missing(shapes) | shapely.is_empty(shapes), "is missing or empty"),
        (np.zeros(len(shapes), bool) if wanted is None else shapely.get_type_id(shapes) != wanted, f"is not a {kind}"),
        (~on_globe, "is not in degrees of longitude and latitude"),
    )
    for wrong, says in faults:
        if wrong.any():
            raise StoreError(f"{names[int(np.argmax(wrong))]} {says}. Nothing was changed.")
    return flat(shapes)


def _ewkb(shapes: Shapes) -> list[bytes]:
    """PostGIS's own WKB: a flag in the geometry's type says that its SRID follows."""
    placed = shapely.set_srid(shapes, STORED_SRID)
    wkbs: list[bytes] = shapely.to_wkb(placed, byte_order=1, include_srid=True, flavor="extended").tolist()
    return wkbs


def _copy(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], values: Sequence[Sequence[Any]]
) -> None:
    """The rows by COPY in its binary format, in which no value needs escaping and a shape is half as long."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("COPY needs a connection of psycopg")
    names = ", ".join(f'"{column.name}"' for column in columns)
    with (
        driver.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)') as copy,
    ):
        copy.set_types([_sent_as(column) for column in columns])
        for row in zip(*values, strict=True):
            copy.write_row(row)


def _sent_as(column: Column[Any]) -> str:
    """The PostgreSQL type whose bytes a column's values travel as; PostGIS takes a shape's as they are."""
    if isinstance(column.type, Shape):
        return "bytea"
    if isinstance(column.type, Integer):
        return "int8"
    return "float8" if isinstance(column.type, Float) else "text"
