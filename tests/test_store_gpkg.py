"""The embedded store is a GeoPackage in earnest: other programs list it, read it and edit it."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy import select

import rows
from assetmap.store import Store, gpkg, open_store
from assetmap.store.reading import in_box
from assetmap.store.schema import ASSET, METADATA
from assetmap.tables import LayerView
from rows import HALL, PLACE, SQUARE


@pytest.fixture
def file(empty_gpkg: Path, tmp_path: Path) -> Path:
    """A closed store with two halls, a park, two neighbourhoods and a contribution."""
    path = tmp_path / "seaford.gpkg"
    path.write_bytes(empty_gpkg.read_bytes())
    with open_store(path) as store:
        store.save_place(PLACE, "Seaford")
        things = rows.assets(
            {"asset_id": "a", "details": '{"seats": 120}'},
            {"asset_id": "b", "geometry": shapely.Point(0.1, 51.3)},
            {"asset_id": "c", "layer": "parks", "geometry": SQUARE},
        )
        store.replace_source(rows.load(3), things, "assets", rows.issues({}), rows.doors({"asset_id": "c"}))
        homes = rows.areas({"source": f"{PLACE}/homes"}, {"source": f"{PLACE}/homes"})
        store.replace_source(rows.load(2, source=f"{PLACE}/homes", layer="homes"), homes, "areas", rows.issues())
        store.add_contribution(rows.contribution())
        told = rows.figures({"source": f"{PLACE}/told", "details": '{"people": 1500}'})
        store.replace_source(rows.load(1, source=f"{PLACE}/told", layer="hardship"), told, "figures", rows.issues())
        views = [LayerView("halls", "assets", ("seats",)), LayerView("homes", "areas")]
        store.refresh_views([*views, LayerView("hardship", "figures", ("people",))])
    return path


def sqlite(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    gpkg.add_functions(connection)
    return connection


def boxes_by_hand(connection: sqlite3.Connection, table: str) -> dict[int, list[float]]:
    found = connection.execute(f"SELECT fid, geometry FROM {table} WHERE geometry IS NOT NULL").fetchall()
    shapes = gpkg.from_blobs([blob for _, blob in found])
    return {fid: shape.bounds for (fid, _), shape in zip(found, shapes, strict=True) if not shape.is_empty}


def assert_index_is_right(connection: sqlite3.Connection, table: str = "asset") -> None:
    index = gpkg.rtree_of(table)
    kept = connection.execute(f"SELECT id, minx, miny, maxx, maxy FROM {index}").fetchall()
    expected = boxes_by_hand(connection, table)
    assert sorted(expected) == sorted(fid for fid, *_ in kept)
    for fid, *box in kept:
        np.testing.assert_allclose(box, expected[fid], rtol=1e-6)
    assert connection.execute(f"SELECT rtreecheck('{index}')").fetchone() == ("ok",)


def test_gdal_lists_the_tables_and_the_layers(file: Path) -> None:
    listed = dict(pyogrio.list_layers(file))
    assert listed["halls"] == "Unknown"
    assert listed["homes"] == listed["area"] == "MultiPolygon"
    assert listed["contribution"] == listed["locator"] == listed["access_point"] == "Point"
    assert listed["load"] is listed["place"] is listed["figure"] is listed["hardship"] is None
    assert set(listed) == (set(METADATA.tables) - {"layer_view"}) | {"halls", "homes", "hardship"}


def test_gdal_reads_what_the_store_holds(file: Path) -> None:
    everything = gpd.read_file(file, layer="asset")
    assert everything["asset_id"].tolist() == ["a", "b", "c"]
    assert everything.crs == "EPSG:4326"
    assert everything.geometry.iloc[2].equals(SQUARE)
    assert pyogrio.read_info(file, layer="asset")["features"] == 3
    np.testing.assert_allclose(
        pyogrio.read_info(file, layer="asset", force_total_bounds=True)["total_bounds"],
        (-1.6, 51.3, 0.1, 52.6),
        rtol=1e-6,
    )
    assert len(gpd.read_file(file, layer="issue")) == 1


def test_gdal_reads_a_layer_by_its_name(file: Path) -> None:
    halls = pyogrio.read_dataframe(file, layer="halls", fid_as_index=True)
    assert halls["seats"].fillna("none").tolist() == ["120", "none"]
    assert halls.index.tolist() == [1, 2]
    assert len(pyogrio.read_dataframe(file, layer="halls", bbox=(0, 51, 1, 52))) == 1
    assert pyogrio.read_info(file, layer="homes")["features"] == 2
    hardship = pyogrio.read_dataframe(file, layer="hardship", fid_as_index=True)
    assert hardship[["code", "geography", "people"]].values.tolist() == [["E01000001", "LSOA 2021", "1500"]]


def test_the_file_says_that_it_is_a_geopackage(file: Path) -> None:
    with sqlite(file) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert connection.execute("PRAGMA user_version").fetchone() == (10300,)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        kinds = {kind for table in METADATA.tables for *_, kind in _columns(connection, table)}
    assert kinds == {"TEXT", "INTEGER", "REAL", "POINT", "MULTIPOLYGON", "GEOMETRY"}
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def _columns(connection: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]


def test_the_index_holds_every_row_after_a_load_and_a_reload(file: Path) -> None:
    with open_store(file) as store:
        fewer = rows.assets({"asset_id": "b"}, {"asset_id": "d", "geometry": SQUARE})
        store.replace_source(rows.load(2), fewer, "assets", rows.issues())
    with sqlite(file) as connection:
        for table in ("area", "asset", "access_point", "contribution"):
            assert_index_is_right(connection, table)


def test_a_row_added_by_gdal_is_found_and_can_be_reloaded_over(file: Path) -> None:
    added = gpd.read_file(file, layer="asset").iloc[:1].assign(asset_id="drawn", geometry=[shapely.Point(0.2, 50.9)])
    pyogrio.write_dataframe(added, file, layer="asset", append=True)
    with open_store(file) as store:
        assert store.assets(PLACE, bbox=(0.1, 50.8, 0.3, 51.0))["asset_id"].tolist() == ["drawn"]
        store.replace_source(rows.load(1), rows.assets({"asset_id": "a"}), "assets", rows.issues())
        assert store.assets(PLACE, bbox=(0.1, 50.8, 0.3, 51.0)).empty
    with sqlite(file) as connection:
        assert_index_is_right(connection)
    assert pyogrio.read_info(file, layer="asset", force_feature_count=True)["features"] == 1


def test_an_edit_in_any_program_keeps_the_index_right(file: Path) -> None:
    moved, gone = gpkg.to_blobs(np.array([shapely.Point(1, 52), shapely.Point()], dtype=object))
    with sqlite(file) as connection:
        for sql, values in (
            ("UPDATE asset SET geometry = ? WHERE asset_id = 'a'", (moved,)),
            ("UPDATE asset SET geometry = ? WHERE asset_id = 'b'", (gone,)),
            ("UPDATE asset SET geometry = ? WHERE asset_id = 'b'", (moved,)),
            ("UPDATE asset SET fid = 99 WHERE asset_id = 'c'", ()),
            ("UPDATE asset SET fid = 98, geometry = ? WHERE asset_id = 'c'", (gone,)),
            ("DELETE FROM asset WHERE asset_id = 'a'", ()),
        ):
            connection.execute(sql, values)
            assert_index_is_right(connection)


def test_a_load_puts_the_trigger_back_as_it_was(file: Path, empty_gpkg: Path) -> None:
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    with sqlite(file) as loaded, sqlite(empty_gpkg) as empty:
        assert loaded.execute(asked).fetchall() == empty.execute(asked).fetchall()


def test_a_box_is_looked_up_in_the_index(store: Store, engine: str) -> None:
    store.save_place(PLACE, "Seaford")
    with store._reading() as connection:
        asked = str(
            select(ASSET.c.asset_id)
            .where(in_box(connection, ASSET, (0.0, 51.0, 1.0, 52.0)))
            .compile(connection, compile_kwargs={"literal_binds": True})
        )
        if engine == "postgis":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {asked}").scalars().all()
            assert any("asset_geometry" in step for step in plan)
        else:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
            assert any("VIRTUAL TABLE INDEX 2:" in step for step in plan)


# Blobs


def test_blobs_come_back_as_the_shapes_they_were() -> None:
    shapes = np.array([HALL, SQUARE, shapely.LineString([(0, 0), (1, 1)]), shapely.Point(), None], dtype=object)
    blobs = gpkg.to_blobs(shapes)
    assert shapely.to_wkb(gpkg.from_blobs(blobs)).tolist() == shapely.to_wkb(shapes).tolist()
    assert blobs[0][:8] == b"GP\x00\x01\xe6\x10\x00\x00"  # type: ignore[index]
    assert struct.unpack_from("<4d", blobs[1], 8) == (-1.6, -1.4, 52.4, 52.6)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("flags", "envelope"), [(0, b""), (2, struct.pack(">4d", 1, 2, 3, 4)), (4, bytes(48)), (8, bytes(64))]
)
def test_blobs_of_other_programs_are_read(flags: int, envelope: bytes) -> None:
    blob = b"GP\x00" + bytes([flags]) + struct.pack(">i", 4326) + envelope + shapely.to_wkb(HALL, byte_order=0)
    assert gpkg.from_blobs([blob])[0].equals(HALL)


def test_the_box_of_a_blob_is_that_of_its_shape() -> None:
    connection = sqlite3.connect(":memory:")
    gpkg.add_functions(connection)
    plain = b"GP\x00\x01" + struct.pack("<i", 4326) + shapely.to_wkb(SQUARE)
    for blob in (*gpkg.to_blobs(np.array([SQUARE], dtype=object)), plain):
        asked = "SELECT ST_MinX(:b), ST_MaxX(:b), ST_MinY(:b), ST_MaxY(:b), ST_IsEmpty(:b)"
        assert connection.execute(asked, {"b": blob}).fetchone() == (-1.6, -1.4, 52.4, 52.6, 0)
    assert connection.execute("SELECT ST_MinX(NULL), ST_IsEmpty(NULL)").fetchone() == (None, None)
