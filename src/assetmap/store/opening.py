"""From an address to an engine whose tables are of this version; a file or database that is not ours is left alone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from assetmap.errors import NoStoreError, StoreError
from assetmap.store import gpkg
from assetmap.store.faults import in_plain_words
from assetmap.store.schema import METADATA

REVISION: Final = "0005"
"""The last of the migrations; a store of this revision opens without them."""

VERSION_TABLE: Final = "assetmap_version"
"""Where a store keeps its revision; also the sign that a file or database is ours."""

BUSY_TIMEOUT_S: Final = 10.0
"""How long to wait for another program to finish writing before saying that the store is in use."""

_SQLITE_MAGIC: Final = b"SQLite format 3\x00"
_MIGRATIONS: Final = Path(__file__).parent.parent / "migrations"
_MIGRATE_LOCK: Final = 0x61737365746D6170
"""An arbitrary number that stands for "changing the tables" among PostgreSQL's advisory locks."""


def open_engine(url_or_path: str | Path, must_exist: bool = False) -> Engine:
    """An engine for a store, brought up to date, and made where there is none unless it ``must_exist``.

    Raises
    ------
    NoStoreError
        If it must exist and there is none; nothing was made.
    StoreError
        If the address cannot be read or reached, or holds something else, or was made by a newer version.
    """
    url = parse_address(url_or_path)
    where = _without_secrets(url)
    if url.get_backend_name() == "sqlite":
        where = str(url.database)
        if must_exist and not Path(where).exists():
            raise NoStoreError(where)
        _refuse_other_files(Path(where))
    engine = _engine(url)
    try:
        with in_plain_words(f"The store {where} cannot be opened"):
            _bring_up_to_date(engine, where, must_exist)
    except StoreError:
        engine.dispose()
        raise
    return engine


def parse_address(url_or_path: str | Path) -> URL:
    """The address of a store: a path is a GeoPackage; ``postgresql://`` means psycopg.

    Raises
    ------
    StoreError
        If it is an address of neither a GeoPackage nor PostgreSQL.
    """
    address = str(url_or_path)
    if "://" not in address:
        return URL.create("sqlite", database=address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as fault:
        raise StoreError(_NOT_AN_ADDRESS.format(given="what was given")) from fault
    if url.host and not _HOST.fullmatch(url.host):
        # an @ in a password that is not written %40 leaves the password's tail in the host: it is not repeated
        raise StoreError("The host in the store's address cannot be read. In a password write @ as %40 and # as %23.")
    backend = url.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise StoreError(_NOT_AN_ADDRESS.format(given=_without_secrets(url)))


def shown_address(url_or_path: str | Path) -> str:
    """Where a store is, as it may be shown: a path, or an address without its password."""
    url = parse_address(url_or_path)
    return _without_secrets(url) if "://" in str(url_or_path) else str(url.database)


def _without_secrets(url: URL) -> str:
    """An address without its password, which may stand before the host or among the words after it."""
    plain = url.difference_update_query(["password", "passfile", "sslpassword"])
    # the driver is our own affair
    return plain.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")

_NOT_AN_ADDRESS: Final = (
    "A store is a file such as assetmap.gpkg or a database such as postgresql://user@host/assetmap; {given} is neither."
)


def _refuse_other_files(path: Path) -> None:
    """Refuse a path that holds something else, before anything could write to it."""
    if path.is_dir():
        raise StoreError(f"{path} is a folder. Name a file in it, such as {path / 'assetmap.gpkg'}.")
    if not path.exists():
        if not path.parent.is_dir():
            raise StoreError(f"There is no folder {path.parent} to keep the store in. Make it first.")
        return
    start = _start_of(path)
    if start and (start != _SQLITE_MAGIC or not _is_ours(path)):
        raise StoreError(
            f"{path} was not made by assetmap, so it is left as it is. "
            "Choose another name for the store, and load that file as a source."
        )


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE_MAGIC))
    except OSError as fault:
        raise StoreError(f"The store {path} cannot be read: {fault.strerror}.") from fault


def is_store(path: Path) -> bool:
    """Whether a file is a store that assetmap made; it is not changed by the question.

    Raises
    ------
    StoreError
        If the file cannot be read.
    """
    return path.is_file() and _start_of(path) == _SQLITE_MAGIC and VERSION_TABLE in _names_in(path)


def _is_ours(path: Path) -> bool:
    names = _names_in(path)
    return not names or VERSION_TABLE in names


def _names_in(path: Path) -> set[str]:
    # Read-only, so that a file of someone else's stays as it is to the byte; but a journal left by a program that was
    # stopped part way has to be rolled back by whoever opens the file next, and that is a write.
    mode = "rw" if Path(f"{path}-journal").exists() else "ro"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    with in_plain_words(f"The store {path} cannot be opened"), closing(sqlite3.connect(uri, uri=True)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Make a SQLite connection keep its promises.

    The journal is SQLite's default rollback journal and not the write-ahead log: a store is then one file that can be
    copied to a stick or kept on a network drive, where a write-ahead log does not work. ``cache_spill`` off keeps the
    pages of a load in memory until it commits, so that others go on reading the store as it was meanwhile.
    """
    connection.isolation_level = None  # transactions are begun below, so that they hold changes of tables too
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_spill = OFF")
    gpkg.add_functions(connection)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("assetmap_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def to_write(engine: Engine) -> Iterator[Connection]:
    """A transaction that changes the store: all of it, or none."""
    with engine.execution_options(assetmap_writes=True).begin() as connection:
        yield connection


@contextmanager
def to_read(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the store as it is at one moment, however many times it asks."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.execution_options(**options).begin() as connection:
        yield connection


def _bring_up_to_date(engine: Engine, where: str, must_exist: bool) -> None:
    with to_read(engine) as connection:
        found = _revision(connection)
    if found == REVISION:
        return
    if found is None and must_exist:
        raise NoStoreError(where)
    with to_write(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATE_LOCK})
        found = _revision(connection)
        if found is None:
            _refuse_other_tables(connection, where)
        if found != REVISION:
            _migrate(connection, found, where)


def _revision(connection: Connection) -> str | None:
    """The revision of the store, or ``None`` where there are no tables of ours yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return revision


def _refuse_other_tables(connection: Connection, where: str) -> None:
    """Refuse a database in which someone else's tables have the names of ours."""
    taken = sorted(set(inspect(connection).get_table_names()).intersection(METADATA.tables))
    if taken:
        raise StoreError(
            f"The database {where} has tables called {', '.join(taken)} that assetmap did not make, "
            "so it is left as it is. Make an empty database for assetmap."
        )


def _migrate(connection: Connection, found: str | None, where: str) -> None:
    # Imported here: a store that is up to date needs neither Alembic nor GeoAlchemy2, and opens in a moment. The latter
    # listens to tables being made, so it must be there before the first.
    import geoalchemy2  # noqa: F401
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"The store {where} was made by a newer version of assetmap (its tables are at {found}, this version knows "
            f"{REVISION}). Install the newer version to open it; nothing was changed."
        )
    if connection.dialect.name == "postgresql":
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    command.upgrade(config, "head")
