"""What the tests stand on: a real PostGIS and an empty store on each engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from sqlalchemy import URL, make_url

from assetmap.store import Store, open_store
from assetmap.store.schema import METADATA

# a property is not about the clock; where chance matters more, or an example takes long, a test says how many it wants
hypothesis.settings.register_profile("assetmap", deadline=None, max_examples=50)
hypothesis.settings.load_profile("assetmap")

ENGINES = ("gpkg", "postgis")
NO_POSTGRES = (
    "The tests need a PostgreSQL with PostGIS. Install the Debian package postgresql-15-postgis-3 (or your system's), "
    "or set ASSETMAP_DATABASE_URL to a server where this user may create databases."
)


class Server:
    """A PostgreSQL server in which tests make databases of their own and drop them again.

    Attributes
    ----------
    bare
        A database with PostGIS and nothing else, to be copied.
    ready
        An empty store. It is emptied after each test, which takes a tenth of the time that a copy of it does.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._admin = psycopg.connect(self._dsn(url.database or "postgres"), autocommit=True)
        self.bare = self.create()
        self._ask(self.bare, "CREATE EXTENSION postgis")
        self.ready = self.create(self.bare)
        open_store(self.url_of(self.ready)).close()

    @staticmethod
    def _name() -> str:
        return f"assetmap_test_{uuid4().hex}"

    def _dsn(self, database: str) -> str:
        return self.url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)

    def _ask(self, database: str, sql: str) -> None:
        with psycopg.connect(self._dsn(database), autocommit=True) as connection:
            connection.execute(sql)

    def url_of(self, database: str) -> str:
        return self._dsn(database)

    def create(self, template: str = "template0") -> str:
        """A new database, copied from another."""
        name = self._name()
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return name

    def drop(self, name: str) -> None:
        self._admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def empty(self) -> None:
        """Take every row and view out of the ready store."""
        tables = ", ".join(METADATA.tables)
        views = "SELECT layer FROM layer_view"
        with psycopg.connect(self._dsn(self.ready), autocommit=True) as connection:
            for (view,) in connection.execute(views).fetchall():
                connection.execute(f'DROP VIEW "{view}"')
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")

    def close(self) -> None:
        self.drop(self.ready)
        self.drop(self.bare)
        self._admin.close()


def _programs() -> Path:
    """The newest PostgreSQL's programs: on the path, or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not kept:
        pytest.fail(NO_POSTGRES, pytrace=False)
    return kept[-1].parent


def _as_postgres(*command: str) -> None:
    """Run a program as a user that PostgreSQL accepts: it refuses to be run by root."""
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*who, *command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        pytest.fail(f"{NO_POSTGRES}\n{done.stderr}", pytrace=False)


@contextmanager
def _private_cluster(folder: Path) -> Iterator[URL]:
    """A PostgreSQL of this session's own: no port, only a socket in ``folder``; nothing is synced to disk."""
    programs = _programs()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
    _as_postgres(
        str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
        "--locale=C.UTF-8",
    )  # fmt: skip
    _as_postgres(str(programs / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-o", settings, "-w", "start")
    try:
        yield URL.create("postgresql", username="postgres", database="postgres", query={"host": str(folder)})
    finally:
        _as_postgres(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server named by ASSETMAP_DATABASE_URL, or one of this session's own where it names none or a GeoPackage."""
    given = os.environ.get("ASSETMAP_DATABASE_URL", "")
    if "://" in given and make_url(given).get_backend_name().startswith("postgres"):
        yield from _using(make_url(given))
        return
    # A socket's path may have only 107 characters, and the user postgres must be let in: not in pytest's own folders.
    folder = Path("/tmp") / f"assetmap-{uuid4().hex[:12]}"
    folder.mkdir(mode=0o700)
    try:
        with _private_cluster(folder) as url:
            yield from _using(url)
    finally:
        shutil.rmtree(folder)


def _using(url: URL) -> Iterator[Server]:
    server = Server(url)
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def empty_gpkg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.gpkg"
    open_store(path).close()
    return path


@contextmanager
def new_url(request: pytest.FixtureRequest, engine: str, folder: Path, ready: bool) -> Iterator[str]:
    """The address of a store that does not exist yet, or (``ready``) of one whose tables are made."""
    if engine == "gpkg":
        path = folder / f"{uuid4().hex}.gpkg"
        if ready:
            shutil.copy(request.getfixturevalue("empty_gpkg"), path)
        yield str(path)
        return
    server: Server = request.getfixturevalue("server")
    if ready:
        yield server.url_of(server.ready)
        server.empty()
        return
    name = server.create(server.bare)
    yield server.url_of(name)
    server.drop(name)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture
def store_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[str]:
    """The address of a store that does not exist yet, on each engine."""
    with new_url(request, engine, tmp_path, ready=False) as url:
        yield url


@pytest.fixture
def new_store_url(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Addresses of as many stores that do not exist yet as a test asks for, on each engine."""
    with ExitStack() as open_until_the_end:
        yield lambda: open_until_the_end.enter_context(new_url(request, engine, tmp_path, ready=False))


@pytest.fixture
def store(request: pytest.FixtureRequest, engine: str, tmp_path: Path) -> Iterator[Store]:
    """An empty open store, on each engine."""
    with new_url(request, engine, tmp_path, ready=True) as url, open_store(url) as opened:
        yield opened


@pytest.fixture
def both_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """An empty open store on each engine, together."""
    with (
        new_url(request, "gpkg", tmp_path, ready=True) as one,
        new_url(request, "postgis", tmp_path, ready=True) as other,
        open_store(one) as in_file,
        open_store(other) as in_database,
    ):
        yield in_file, in_database


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The published files that tests in ``tests/real`` read; they are not part of the project."""
    given = os.environ.get("ASSETMAP_REAL_DATA")
    folder = Path(given) if given else Path(__file__).parents[2] / "shared" / "data"
    if folder.is_dir():
        return folder
    says = f"no published files at {folder}: set ASSETMAP_REAL_DATA to the folder that holds them"
    if os.environ.get("CI"):
        pytest.fail(says, pytrace=False)
    pytest.skip(says)
