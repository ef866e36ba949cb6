"""GeoPackage in plain SQLite: the blobs, the tables of contents, and the R*Tree with its triggers.

A GeoPackage is a SQLite file with a few agreed tables (OGC 12-128r18). Writing them here means that no SQLite extension
is needed, which many Python builds cannot load, and that QGIS opens the store with a double click.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import shapely
from sqlalchemy import Connection, Table

from assetmap.space import STORED_CRS, STORED_SRID, Shapes, parse_crs
from assetmap.store.columns import Shape

APPLICATION_ID: Final = 0x47504B47
"""``GPKG`` in the header of the file."""

USER_VERSION: Final = 10300
"""GeoPackage 1.3."""

SYSTEM_TABLES: Final = (
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, "
    "organization TEXT NOT NULL, "
    "organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)",
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, "
    "identifier TEXT UNIQUE, description TEXT DEFAULT '', "
    "last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), "
    "min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, "
    "CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))",
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
    "geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, "
    "CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), "
    "CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), "
    "CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))",
    "CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, "
    "definition TEXT NOT NULL, scope TEXT NOT NULL, "
    "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))",
)
"""As the standard spells them."""

UNDEFINED_SYSTEMS: Final = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
)
"""Two rows that the standard wants in every GeoPackage."""

RTREE_DEFINITION: Final = "http://www.geopackage.org/spec120/#extension_rtree"

_HAS_SHAPE: Final = "({row}.geometry NOTNULL AND NOT ST_IsEmpty({row}.geometry))"
_NO_SHAPE: Final = "({row}.geometry ISNULL OR ST_IsEmpty({row}.geometry))"
_BOX: Final = "ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry)"
_SAME: Final = "OLD.fid = NEW.fid"
_MOVED: Final = "OLD.fid != NEW.fid"
_NEW_HAS, _NEW_NO = _HAS_SHAPE.format(row="NEW"), _NO_SHAPE.format(row="NEW")
_OLD_HAS, _OLD_NO = _HAS_SHAPE.format(row="OLD"), _NO_SHAPE.format(row="OLD")

_TRIGGERS: Final = (
    ("insert", "INSERT", _NEW_HAS, f"INSERT OR REPLACE INTO {{index}} VALUES (NEW.fid, {_BOX});"),
    ("update2", "UPDATE OF geometry", f"{_SAME} AND {_NEW_NO}", "DELETE FROM {index} WHERE id = OLD.fid;"),
    ("update4", "UPDATE", f"{_MOVED} AND {_NEW_NO}", "DELETE FROM {index} WHERE id IN (OLD.fid, NEW.fid);"),
    (
        "update5",
        "UPDATE",
        f"{_MOVED} AND {_NEW_HAS}",
        f"DELETE FROM {{index}} WHERE id = OLD.fid; INSERT OR REPLACE INTO {{index}} VALUES (NEW.fid, {_BOX});",
    ),
    (
        "update6",
        "UPDATE OF geometry",
        f"{_SAME} AND {_NEW_HAS} AND {_OLD_HAS}",
        "UPDATE {index} SET minx = ST_MinX(NEW.geometry), maxx = ST_MaxX(NEW.geometry), "
        "miny = ST_MinY(NEW.geometry), maxy = ST_MaxY(NEW.geometry) WHERE id = NEW.fid;",
    ),
    (
        "update7",
        "UPDATE OF geometry",
        f"{_SAME} AND {_NEW_HAS} AND {_OLD_NO}",
        f"INSERT INTO {{index}} VALUES (NEW.fid, {_BOX});",
    ),
    ("delete", "DELETE", "OLD.geometry NOT NULL", "DELETE FROM {index} WHERE id = OLD.fid;"),
)
"""The standard's triggers, by which an edit made in any program keeps the R*Tree right: (name, when, if, then)."""

_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)
_PLAIN_HEADER: Final = struct.pack("<2sBBi", b"GP", 0, 0b0001, STORED_SRID)
_BOXED_HEADER: Final = struct.pack("<2sBBi", b"GP", 0, 0b0011, STORED_SRID)
_EMPTY_HEADER: Final = struct.pack("<2sBBi", b"GP", 0, 0b10001, STORED_SRID)
_EMPTY_FLAG: Final = 0b10000


def to_blobs(shapes: Shapes) -> list[bytes | None]:
    """Flat shapes as GeoPackage blobs; a missing shape gives ``None``.

    Points go without an envelope, as in QGIS and GDAL; other shapes carry theirs, so that finding the box of one never
    reads its vertices.
    """
    boxes = np.ascontiguousarray(shapely.bounds(shapes)[:, [0, 2, 1, 3]], dtype="<f8").tobytes()
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    empty = shapely.is_empty(shapes)
    wkbs = shapely.to_wkb(shapes, byte_order=1, include_srid=False, flavor="iso")
    blobs: list[bytes | None] = []
    for row, wkb in enumerate(wkbs):
        if wkb is None:
            blobs.append(None)
        elif empty[row]:
            blobs.append(_EMPTY_HEADER + wkb)
        elif points[row]:
            blobs.append(_PLAIN_HEADER + wkb)
        else:
            blobs.append(_BOXED_HEADER + boxes[32 * row : 32 * row + 32] + wkb)
    return blobs


def from_blobs(blobs: Iterable[bytes | None]) -> Shapes:
    """The shapes in GeoPackage blobs, whoever wrote them; ``None`` stays ``None``."""
    wkbs = np.array([None if blob is None else blob[_header_bytes(blob) :] for blob in blobs], dtype=object)
    shapes: Shapes = shapely.from_wkb(wkbs)
    return shapes


def _header_bytes(blob: bytes) -> int:
    return 8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 0b111]


def _box(blob: bytes) -> tuple[float, ...]:
    """Min x, max x, min y, max y of a blob, from its envelope where it has one."""
    start = _header_bytes(blob)
    if start > 8:
        return struct.unpack_from("<4d" if blob[3] & 1 else ">4d", blob, 8)
    west, south, east, north = shapely.bounds(shapely.from_wkb(blob[start:]))
    return float(west), float(east), float(south), float(north)


def _side(number: int) -> Callable[[bytes | None], float | None]:
    return lambda blob: None if blob is None else _box(blob)[number]


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(bool(blob[3] & _EMPTY_FLAG))


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the R*Tree's triggers call; QGIS and GDAL bring their own."""
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    for number, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, _side(number), deterministic=True)


def declare_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Make a new SQLite file a GeoPackage and list ``tables`` in it; those with shapes get an R*Tree."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")
    for sql in SYSTEM_TABLES:
        connection.exec_driver_sql(sql)
    stored = parse_crs(STORED_CRS)
    authority, code = stored.to_authority() or ("NONE", str(STORED_SRID))
    system = (stored.name, STORED_SRID, authority, int(code), stored.to_wkt("WKT1_GDAL"), "longitude and latitude")
    connection.exec_driver_sql(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", [*UNDEFINED_SYSTEMS, system]
    )
    for table in tables:
        list_table(connection, table.name, table)
        if "geometry" in table.c:
            _index_shapes(connection, table.name)


def list_table(connection: Connection, name: str, table: Table) -> None:
    """List a table, or a view of it, by its name, so that QGIS offers it."""
    if "geometry" not in table.c:
        _list_rows(connection, name)
        return
    column_type = table.c.geometry.type
    _list_shapes(connection, name, column_type.kind if isinstance(column_type, Shape) else "GEOMETRY")


def _list_rows(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)", (name, name)
    )


def _list_shapes(connection: Connection, name: str, kind: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)",
        (name, name, STORED_SRID),
    )
    connection.exec_driver_sql(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geometry', ?, ?, 0, 0)", (name, kind, STORED_SRID)
    )


def unlist(connection: Connection, name: str) -> None:
    """Take a view out of the contents."""
    for table in ("gpkg_geometry_columns", "gpkg_contents"):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE table_name = ?", (name,))


def mark_changed(connection: Connection, names: Sequence[str]) -> None:
    """Record that tables changed now; their extent is left for the reader to find, which the R*Tree makes quick."""
    connection.exec_driver_sql(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now'), "
        "min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL WHERE table_name = ?",
        [(name,) for name in names],
    )


def add_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to a table, and to its R*Tree where it has shapes.

    The standard's trigger asks five functions of every new row, which takes three times as long as the rows themselves;
    so it is lifted while the boxes are put in as one column, and put back as it was, all in the same transaction.

    Parameters
    ----------
    names, rows
        The columns, ``geometry`` the last of them where the table has it, and a tuple a row in their order.
    """
    if "geometry" not in names:
        _insert(connection, table.name, names, rows)
        return
    index = rtree_of(table.name)
    trigger = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (f"{index}_insert",)).scalar()
    first = connection.exec_driver_sql(f'SELECT coalesce(max(fid), 0) + 1 FROM "{table.name}"').scalar_one()
    connection.exec_driver_sql(f"DROP TRIGGER {index}_insert")
    _insert(connection, table.name, ["fid", *names], [(fid, *row) for fid, row in enumerate(rows, first)])
    boxes = [(fid, *_box(row[-1])) for fid, row in enumerate(rows, first)]
    _insert(connection, index, ["id", "minx", "maxx", "miny", "maxy"], boxes)
    connection.exec_driver_sql(str(trigger))


def _insert(connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _ in names)
    connection.exec_driver_sql(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', list(rows))


def rtree_of(table: str) -> str:
    """The R*Tree of a table's shapes, by the standard's name for it."""
    return f"rtree_{table}_geometry"


def _index_shapes(connection: Connection, table: str) -> None:
    index = rtree_of(table)
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)")
    for name, event, condition, action in _TRIGGERS:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {index}_{name} AFTER {event} ON {table} WHEN {condition} "
            f"BEGIN {action.format(index=index)} END"
        )
    connection.exec_driver_sql(
        "INSERT INTO gpkg_extensions VALUES (?, 'geometry', 'gpkg_rtree_index', ?, 'write-only')",
        (table, RTREE_DEFINITION),
    )
