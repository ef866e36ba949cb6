"""Opening a store: made when it is new, brought up to date when it is old, left alone when it is not ours."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import geopandas as gpd
import psycopg
import pytest
import shapely
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, text

import rows
from assetmap.errors import StoreError
from assetmap.store import Store, open_store, opening
from assetmap.store.faults import plain_words
from assetmap.store.schema import LOAD, LOCATOR, METADATA, STREET
from assetmap.store.writing import one_shape
from rows import PLACE

MIGRATIONS = Path(opening.__file__).parents[1] / "migrations"


def load_halls(store: Store, *names: str) -> None:
    store.save_place(PLACE, "Seaford")
    frame = rows.assets(*({"asset_id": name} for name in names))
    store.replace_source(rows.load(len(names)), frame, "assets", rows.issues())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_store_is_made_and_then_opened_again_with_its_rows(store_url: str) -> None:
    with open_store(store_url) as store:
        load_halls(store, "a", "b")
    with open_store(store_url) as store:
        assert store.assets(PLACE)["asset_id"].tolist() == ["a", "b"]


def test_a_store_that_is_up_to_date_opens_without_migrations(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(store_url).close()
    monkeypatch.setattr(opening, "_MIGRATIONS", Path("no such folder"))
    with open_store(store_url) as store:
        assert store.places().empty


def test_the_revision_is_that_of_the_last_migration() -> None:
    assert sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))[-1].name.startswith(f"{opening.REVISION}_")


def test_a_store_of_a_newer_version_is_refused(store_url: str, engine: str) -> None:
    open_store(store_url).close()
    other = create_engine(opening.parse_address(store_url))
    with other.begin() as connection:
        connection.execute(text(f"UPDATE {opening.VERSION_TABLE} SET version_num = '9999'"))
    before = digest(Path(store_url)) if engine == "gpkg" else None
    with pytest.raises(StoreError, match="made by a newer version of assetmap"):
        open_store(store_url)
    with other.connect() as connection:
        assert connection.scalar(text(f"SELECT version_num FROM {opening.VERSION_TABLE}")) == "9999"
    other.dispose()
    assert before == (digest(Path(store_url)) if engine == "gpkg" else None)


# What the migrations build

CATALOGUE = """
SELECT relation.relname, attribute.attname, format_type(attribute.atttypid, attribute.atttypmod),
       attribute.attnotnull, wording.collname, pg_get_expr(fallback.adbin, fallback.adrelid)
FROM pg_attribute attribute
JOIN pg_class relation ON relation.oid = attribute.attrelid AND relation.relnamespace = 'public'::regnamespace
LEFT JOIN pg_collation wording ON wording.oid = attribute.attcollation
LEFT JOIN pg_attrdef fallback ON fallback.adrelid = attribute.attrelid AND fallback.adnum = attribute.attnum
WHERE attribute.attnum > 0 AND NOT attribute.attisdropped AND relation.relkind = 'r'
  AND relation.relname = ANY(%(tables)s)
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), NULL, NULL, NULL FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text = ANY(%(tables)s)
UNION ALL
SELECT tablename, indexname, indexdef, NULL, NULL, NULL FROM pg_indexes WHERE tablename = ANY(%(tables)s)
ORDER BY 1, 2, 3
"""


def definitions(sql: str) -> list[str]:
    """Each column and rule of a CREATE statement by itself: one added later stands after those that were there."""
    head, _, body = sql.partition("(")
    parts, depth = [""], 0
    for sign in body.strip().removesuffix(")"):
        depth += (sign == "(") - (sign == ")")
        parts = [*parts, ""] if sign == "," and not depth else [*parts[:-1], parts[-1] + sign]
    plain = [" ".join(part.split()) for part in (head, *parts)]
    # SQLite can add a rule only as the tail of a column
    return [piece for part in plain for piece in re.split(r" (?=CONSTRAINT \w+ CHECK)", part)]


def described(url: str) -> list[tuple[object, ...]]:
    """Every column, rule and index of our tables, as the database describes them."""
    tables = list(METADATA.tables)
    if not url.startswith("postgresql"):
        with sqlite3.connect(url) as connection:
            found = connection.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type IN ('table', 'index')")
            ours = [row for row in found if row[0] in tables and row[2]]
            return sorted((table, name, part) for table, name, sql in ours for part in definitions(sql))
    with psycopg.connect(url) as connection:
        return connection.execute(CATALOGUE, {"tables": tables}).fetchall()


def test_the_migrations_build_what_the_schema_says(new_store_url: Callable[[], str], engine: str) -> None:
    migrated, direct = new_store_url(), new_store_url()
    open_store(migrated).close()
    other = create_engine(opening.parse_address(direct))
    METADATA.create_all(other)
    other.dispose()
    assert described(migrated) == described(direct)
    assert {row[0] for row in described(migrated)} == set(METADATA.tables)


def old_store(url: str, revision: str) -> None:
    """A store as an older version left it, with one place, one street and the load that it came by."""
    engine = opening._engine(opening.parse_address(url))
    with opening.to_write(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        if engine.dialect.name == "postgresql":
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        command.upgrade(config, revision)
        connection.execute(text(f"INSERT INTO place (place_id, name, fictional) VALUES ('{PLACE}', 'Seaford', 0)"))
        # the table of an older version has no column of files
        load = asdict(rows.load(1, layer="streets")) | {"set_aside_rules": "{}", "current": 1}
        del load["files"]
        connection.execute(insert(LOAD).values(load))
        shape = one_shape(connection, shapely.LineString([(-1.5, 52.5), (-1.4, 52.5)]), "GEOMETRY")
        street = {"street_id": "a", "place_id": PLACE, "kind": "path", "source": f"{PLACE}/register", "source_row": 1}
        connection.execute(insert(STREET).values(**street, geometry=shape))
        point = one_shape(connection, rows.HALL, "POINT")
        postcode = {"locator_id": "b", "place_id": PLACE, "scheme": "postcode", "reference": "SF1 1AA", "source_row": 1}
        connection.execute(insert(LOCATOR).values(**postcode, source=f"{PLACE}/register", geometry=point))
    engine.dispose()


def test_a_store_of_the_first_version_keeps_its_rows(store_url: str, engine: str) -> None:
    old_store(store_url, "0001")
    with open_store(store_url) as store:
        (street,) = store.streets(PLACE).to_dict("records")
        assert (street["street_id"], street["details"], street["geometry"].length) == ("a", "{}", pytest.approx(0.1))
        assert store.loads(PLACE)["stored"].tolist() == [1]
        assert store.figures(PLACE).empty
        (postcode,) = store.locators(PLACE).to_dict("records")
        assert (postcode["reference"], postcode["details"], postcode["geometry"]) == ("SF1 1AA", "{}", rows.HALL)
        drawn = rows.locators({"scheme": "building", "homes": 2.5, "source": f"{PLACE}/map"})
        store.replace_source(rows.load(1, source=f"{PLACE}/map", layer="map"), drawn, "locators", rows.issues())
        assert store.locators(PLACE, "building")["homes"].tolist() == [2.5]
        frame = rows.streets({"details": '{"surface": "gravel"}'}, {})
        store.replace_source(rows.load(2, layer="streets"), frame, "streets", rows.issues())
        assert store.streets(PLACE)["details"].tolist() == ['{"surface": "gravel"}', "{}"]
    if engine == "gpkg":
        with sqlite3.connect(store_url) as connection:
            assert connection.execute("SELECT rtreecheck('rtree_street_geometry')").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM rtree_street_geometry").fetchone() == (2,)
            assert connection.execute("SELECT rtreecheck('rtree_locator_geometry')").fetchone() == ("ok",)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_migrated_store_is_built_as_a_new_one(new_store_url: Callable[[], str]) -> None:
    old, new = new_store_url(), new_store_url()
    old_store(old, "0001")
    for url in (old, new):
        open_store(url).close()
    assert described(old) == described(new)


# What is not a store


def _text(folder: Path) -> Path:
    path = folder / "notes.gpkg"
    path.write_text("not a database\n" * 100)
    return path


def _other_geopackage(folder: Path) -> Path:
    path = folder / "other.gpkg"
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[rows.HALL], crs=4326).to_file(path, layer="asset")
    return path


def _other_sqlite(folder: Path) -> Path:
    path = folder / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE place (place_id TEXT)")
    return path


@pytest.mark.parametrize("make", [_text, _other_geopackage, _other_sqlite])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    before = digest(path)
    with pytest.raises(StoreError, match="was not made by assetmap, so it is left as it is"):
        open_store(path)
    assert digest(path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no folder"):
        open_store(tmp_path / "missing" / "store.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "new.gpkg"
    path.touch()
    with open_store(f"sqlite:///{path}") as store:
        assert store.places().empty


def test_a_database_with_tables_of_the_same_names_is_refused_and_left_alone(
    store_url: str, engine: str, tmp_path: Path
) -> None:
    other = create_engine(opening.parse_address(store_url))
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE asset (name TEXT)"))
    with pytest.raises(StoreError, match="so it is left as it is"):
        open_store(store_url)
    with other.connect() as connection:
        assert connection.execute(text("SELECT * FROM asset")).all() == []
    other.dispose()


@pytest.mark.parametrize("address", ["mysql://host/assetmap", "sqlite://", "sqlite:///:memory:", "http:/x://"])
def test_an_address_of_no_store_is_refused(address: str) -> None:
    with pytest.raises(StoreError, match="A store is a file such as"):
        open_store(address)


def test_an_address_may_leave_the_driver_out() -> None:
    assert opening.parse_address("postgresql://host/a").drivername == "postgresql+psycopg"
    assert opening.parse_address("postgresql+psycopg2://host/a").drivername == "postgresql+psycopg"
    assert opening.parse_address("a/b.gpkg").database == "a/b.gpkg"


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with pytest.raises(StoreError, match="the database cannot be reached") as refused:
            open_store(f"postgresql://keeper:s3cret@127.0.0.1:{port}/assetmap")
    assert "s3cret" not in str(refused.value)


# Together with other programs


def test_others_read_what_was_there_while_a_load_goes_on(store_url: str) -> None:
    with open_store(store_url) as one, open_store(store_url) as other:
        load_halls(one, "before")
        with opening.to_write(one._engine) as connection:
            connection.execute(text("DELETE FROM asset"))
            connection.execute(text("UPDATE load SET current = 0"))
            assert other.assets(PLACE)["asset_id"].tolist() == ["before"]
            assert len(other.loads()) == 1
        assert other.assets(PLACE).empty


def test_a_file_that_another_program_holds_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT_S", 0.01)
    path = tmp_path / "store.gpkg"
    with open_store(path) as store:
        load_halls(store, "a")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is writing to it"):
            load_halls(store, "b")
        assert store.assets(PLACE)["asset_id"].tolist() == ["a"]
        other.execute("ROLLBACK")
        other.close()
        load_halls(store, "b")
        assert store.assets(PLACE)["asset_id"].tolist() == ["b"]


KILLED = """
import os, sys
from sqlalchemy import text
from assetmap.store import open_store, opening
with opening.to_write(open_store(sys.argv[1])._engine) as connection:
    connection.execute(text("DELETE FROM asset"))
    os._exit(9)
"""


def test_a_program_killed_part_way_leaves_everything_as_it_was(tmp_path: Path) -> None:
    store_url = str(tmp_path / "store.gpkg")
    with open_store(store_url) as store:
        load_halls(store, "a", "b")
    source = str(Path(opening.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, store_url], env={**os.environ, "PYTHONPATH": source}, check=False
    )
    assert done.returncode == 9
    with open_store(store_url) as store:
        assert store.assets(PLACE)["asset_id"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("attempt to write a readonly database", "it may only be read"),
        ("unable to open database file", "cannot be made or opened"),
        ("database disk image is malformed", "the file is damaged"),
        ("database or disk is full", "the disk is full"),
        ("UNIQUE constraint failed: asset.asset_id", "two rows have the same asset.asset_id"),
        ("NOT NULL constraint failed: asset.kind", "a row has no asset.kind"),
        ("CHECK constraint failed: asset_status", "status must be one of open, closed"),
        ("something new", "something new."),
    ],
)
def test_what_sqlite_says_is_put_in_plain_words(message: str, says: str) -> None:
    assert says in plain_words(sqlite3.OperationalError(message))
