"""How long do England's 33,755 neighbourhoods take to get into PostGIS? ogr2ogr, GeoPandas and assetmap, side by side.

Run it with ``python -m benchmarks.england_load --data PATH``, where PATH holds ``england/``. It needs ogr2ogr (the
Debian package gdal-bin) and a PostGIS: the one of ``ASSETMAP_DATABASE_URL``, where the user may create databases, or
else a PostgreSQL on this machine, of which a private copy is started and thrown away.

What each of them does with ``england/lsoa21_england.gpkg.zip``:

=================  ====================================================================================================
who                work
=================  ====================================================================================================
ogr2ogr            copies the unpacked GeoPackage by COPY and indexes its shapes; checks nothing, joins nothing
ogr2ogr, zipped    the same straight from the zip
GeoPandas          ``read_file`` of the zip and ``to_postgis``; checks nothing, joins nothing
assetmap           ``load_place`` of ``data/places/england.yaml``: unpacks, joins population and deprivation from the
                   56 columns of ``File_7``, checks every shape and number, mends seven shapes and says so, keeps the
                   digest of the file, stores rows and issues by COPY into indexed tables with rules, draws England's
                   outline, and puts up the readable views
assetmap load      the same as the command that people type: a process from its start to its end
=================  ====================================================================================================

Each run has a new database and a process of its own; the runs alternate. ``work`` is the time without starting
Python and importing libraries, ``process`` is the time of the whole process. assetmap's tables are made beforehand, as
they are for anyone who loads a second source; how long that takes stands below the table.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

SHAPES = Path("england") / "lsoa21_england.gpkg.zip"
NEIGHBOURHOODS = 33_755
MOST_TIMES = 6.0
"""The load is to take no more than this many times the bare copy."""

ROOT = Path(__file__).resolve().parents[1]
COUNTED = {"assetmap": "area", "assetmap load": "area"}
"""Where the rows are to be found afterwards; the others write a table called ``lsoa``."""


@dataclass(frozen=True)
class Run:
    """One run of one contender, in seconds."""

    work_s: float
    process_s: float


@dataclass(frozen=True)
class Result:
    """The medians of a contender's runs, and how many times the bare copy they are."""

    who: str
    runs: int
    work_s: float
    process_s: float
    work_times_bare: float
    process_times_bare: float


# --- the contenders, each in a process of its own --------------------------------------------------------------------


def by_ogr2ogr(path: str, conninfo: str) -> Run:
    """The bare copy: a program of its own, so work and process are one."""
    command = ["ogr2ogr", "-f", "PostgreSQL", f"PG:{conninfo}", path, "-nln", "lsoa", "-nlt", "PROMOTE_TO_MULTI"]
    started = perf_counter()
    subprocess.run([*command, "--config", "PG_USE_COPY", "YES"], check=True, capture_output=True)
    taken_s = perf_counter() - started
    return Run(taken_s, taken_s)


def by_command(data: Path, url: str) -> Run:
    """``assetmap load``: work and process are one."""
    command = [sys.executable, "-m", "assetmap", "load", "england", "--source", "neighbourhoods"]
    started = perf_counter()
    subprocess.run([*command, "--data", str(data), "--store", url], check=True, capture_output=True, cwd=Path.cwd())
    taken_s = perf_counter() - started
    return Run(taken_s, taken_s)


def in_new_process(who: str, data: Path, url: str) -> Run:
    """A contender written in Python, which prints the seconds of its work as the last thing it says."""
    command = [sys.executable, "-m", "benchmarks.england_load", "--data", str(data), "--only", who, "--url", url]
    started = perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path.cwd())
    process_s = perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{who} failed:\n{done.stderr}")
    return Run(float(done.stdout.split()[-1]), process_s)


def work_of_geopandas(data: Path, url: str) -> float:
    """Seconds for the usual two lines of GeoPandas."""
    import geopandas as gpd
    from sqlalchemy import create_engine, make_url

    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    started = perf_counter()
    gpd.read_file(data / SHAPES).to_postgis("lsoa", engine)
    return perf_counter() - started


def work_of_assetmap(data: Path, url: str) -> float:
    """Seconds for this project's way in."""
    from assetmap.layers import read_layers
    from assetmap.loading import load_place
    from assetmap.places import read_place
    from assetmap.store import open_store

    with open_store(url) as store:
        started = perf_counter()
        place = read_place(ROOT / "data" / "places" / "england.yaml")
        only = frozenset({"neighbourhoods"})
        (outcome,) = load_place(store, place, read_layers(ROOT / "layers"), data, only)
        taken_s = perf_counter() - started
    if outcome.fault:
        raise SystemExit(outcome.fault)
    return taken_s


WORK: dict[str, Callable[[Path, str], float]] = {"GeoPandas": work_of_geopandas, "assetmap": work_of_assetmap}


# --- the server ------------------------------------------------------------------------------------------------------


@contextmanager
def postgis() -> Iterator[str]:
    """The address of a server: the one that is named, or a private one that is gone afterwards."""
    given = os.environ.get("ASSETMAP_DATABASE_URL")
    if given:
        yield make_conninfo(given.replace("postgresql+psycopg:", "postgresql:"))
        return
    folder = Path(tempfile.mkdtemp(prefix="assetmap-", dir="/tmp"))  # a socket's path may have only 107 characters
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
    files, log = str(folder / "data"), str(folder / "log")
    try:
        _as_postgres("initdb", "-D", files, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        _as_postgres("pg_ctl", "-D", files, "-l", log, "-o", settings, "-w", "start")
        yield make_conninfo(host=str(folder), user="postgres", dbname="postgres")
    finally:
        if Path(files, "postmaster.pid").exists():
            _as_postgres("pg_ctl", "-D", files, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def _as_postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as a user that it accepts: it refuses to be run by root."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(program) or next((str(path) for path in reversed(kept)), None)
    if found is None:
        raise SystemExit("No PostgreSQL here: install postgresql-15-postgis-3, or set ASSETMAP_DATABASE_URL.")
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*who, found, *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def new_database(server: str, template: str = "template0") -> Iterator[str]:
    """A database of its own on the server, as a libpq connection string; gone afterwards."""
    name = f"assetmap_benchmark_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def name_of(database: str) -> str:
    """The name of a database in its connection string."""
    return str(conninfo_to_dict(database)["dbname"])


def url_of(database: str) -> str:
    """A connection string as an address, as assetmap and GeoPandas take it."""
    from sqlalchemy import URL

    parts = {key: str(value) for key, value in conninfo_to_dict(database).items()}
    query = {"host": parts["host"]} if "host" in parts else {}
    port = int(parts["port"]) if "port" in parts else None
    url = URL.create("postgresql", parts.get("user"), parts.get("password"), None, port, parts["dbname"], query)
    return url.render_as_string(hide_password=False)


# --- the comparison --------------------------------------------------------------------------------------------------


def compare(data: Path, runs: int) -> tuple[list[Result], float]:
    """Every contender, ``runs`` times in turn; and the seconds that making assetmap's tables took, once."""
    from assetmap.store import open_store

    times: dict[str, list[Run]] = defaultdict(list)
    with (
        postgis() as server,
        tempfile.TemporaryDirectory(prefix="assetmap-") as folder,
        new_database(server) as empty,
        new_database(server) as ready,
    ):
        shapes = unpacked(data / SHAPES, Path(folder))
        with psycopg.connect(empty, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")
        started = perf_counter()
        open_store(url_of(ready)).close()
        tables_s = perf_counter() - started
        contenders: dict[str, tuple[str, Callable[[str], Run]]] = {
            "ogr2ogr": (empty, lambda new: by_ogr2ogr(str(shapes), new)),
            "ogr2ogr, zipped": (empty, lambda new: by_ogr2ogr(f"/vsizip/{data / SHAPES}/{shapes.name}", new)),
            "GeoPandas": (empty, lambda new: in_new_process("GeoPandas", data, url_of(new))),
            "assetmap": (ready, lambda new: in_new_process("assetmap", data, url_of(new))),
            "assetmap load": (ready, lambda new: by_command(data, url_of(new))),
        }
        for _ in range(runs):
            for who, (template, run) in contenders.items():
                with new_database(server, name_of(template)) as new:
                    times[who].append(run(new))
                    require_all(who, new)
    return [result_of(who, times[who], times["ogr2ogr"]) for who in times], tables_s


def unpacked(path: Path, folder: Path) -> Path:
    """The GeoPackage inside the zip, in ``folder``."""
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return Path(archive.extract(name, folder))


def require_all(who: str, database: str) -> None:
    """Stop if a contender did not store every neighbourhood."""
    with psycopg.connect(database) as connection:
        row = connection.execute(f"SELECT count(*) FROM {COUNTED.get(who, 'lsoa')}").fetchone()
    if row != (NEIGHBOURHOODS,):
        raise SystemExit(f"{who} stored {row} neighbourhoods, not {NEIGHBOURHOODS}")


def result_of(who: str, runs: list[Run], bare: list[Run]) -> Result:
    """The medians of some runs, beside those of the bare copy."""
    work_s = statistics.median(run.work_s for run in runs)
    process_s = statistics.median(run.process_s for run in runs)
    bare_s = statistics.median(run.process_s for run in bare)
    return Result(who, len(runs), work_s, process_s, work_s / bare_s, process_s / bare_s)


def table(results: list[Result]) -> str:
    """The results as text, the bare copy first."""
    lines = [f"{'':16}{'work s':>10}{'process s':>11}{'work x':>9}{'process x':>11}"]
    lines += [
        f"{row.who:16}{row.work_s:10.2f}{row.process_s:11.2f}{row.work_times_bare:9.1f}{row.process_times_bare:11.1f}"
        for row in results
    ]
    return "\n".join(lines)


def main() -> None:
    """Time all of them and print the table."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, required=True, help="the folder that holds england/")
    options.add_argument("--runs", type=int, default=3, help="how many runs the medians are of (default 3)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    options.add_argument("--only", choices=[*WORK], help=argparse.SUPPRESS)
    options.add_argument("--url", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.only:
        print(WORK[chosen.only](chosen.data, chosen.url))
        return
    if shutil.which("ogr2ogr") is None:
        raise SystemExit("No ogr2ogr here to compare with: install the Debian package gdal-bin.")
    results, tables_s = compare(chosen.data.resolve(), chosen.runs)
    work, whole = results[-2:]
    print(f"{NEIGHBOURHOODS:,} neighbourhoods into PostGIS, median of {chosen.runs} runs")
    print(table(results))
    print(f"assetmap's empty tables took {tables_s:.2f} s to make. At most {MOST_TIMES:g} times ogr2ogr is asked for:")
    print(f"assetmap took {work.work_times_bare:.1f} times, as a whole command {whole.process_times_bare:.1f} times.")
    if chosen.json:
        record = {
            "neighbourhoods": NEIGHBOURHOODS,
            "asked_times": MOST_TIMES,
            "tables_s": tables_s,
            "results": [asdict(row) for row in results],
        }
        chosen.json.write_text(json.dumps(record, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
