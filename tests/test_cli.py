"""The command line is a contract: what goes where, in which form, with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pyogrio
import pytest
import typer.main
from pyogrio.errors import DataSourceError
from pypdf import PdfReader
from sqlalchemy import create_engine, inspect

import assetmap
from assetmap.cli import COMMANDS, app, main
from assetmap.showing import WIDTH_OF_A_PIPE
from assetmap.store import open_store
from assetmap.store.opening import parse_address
from cli_docs import TARGET, page


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict]:
        """The rows of a list, or the table of an answer."""
        return self.told["table"] if isinstance(self.told, dict) else self.told


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assetmap", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        seen = capsys.readouterr()
        return Ran(int(ended.value.code or 0), seen.out, seen.err)

    return call


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo town, loaded once by the command itself."""
    path = tmp_path_factory.mktemp("cli") / "town.gpkg"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["assetmap", "demo", "--no-serve", "--store", str(path)])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code
    return path


def test_the_documentation_is_what_the_code_says() -> None:
    assert TARGET.read_text(encoding="utf-8") == page(), "run: python tests/cli_docs.py"


def test_the_help_says_of_each_command_what_the_command_says_of_itself(run: Run) -> None:
    commands = typer.main.get_group(app).commands
    assert len(commands) == len(COMMANDS)
    for name, entry in COMMANDS.items():
        words = " ".join(str(commands[name].help).split())
        assert words.startswith(entry.summary)
    assert {name for module in {entry.module for entry in COMMANDS.values()} for name in names_in(module)} == {
        *COMMANDS
    }
    shown = " ".join(run("--help").out.split())
    assert all(f"{name} {entry.summary}" in shown for name, entry in COMMANDS.items())


def names_in(module: str) -> set[str]:
    """The commands that a module of the command line has."""
    return set(typer.main.get_group(import_module(f"assetmap.cli.{module}").app).commands)


_OF_EVERY_KIND = frozenset(
    {"esda", "libpysal", "matplotlib", "streamlit", "folium", "networkx", "rasterio", "scipy.optimize"}
)
"""Libraries that take long to import, each of which only a few commands have need of."""
_OF_ROWS = frozenset({"numpy", "pandas", "geopandas", "scipy", "sqlalchemy"})


@pytest.mark.parametrize(
    ("words", "not_needed"),
    [
        ("--help", _OF_EVERY_KIND | _OF_ROWS),
        ("version", _OF_EVERY_KIND | _OF_ROWS),
        ("load town", _OF_EVERY_KIND - {"rasterio"} | {"scipy", "assetmap.questions", "assetmap.sheets"}),
        ("layers", _OF_EVERY_KIND | {"scipy", "alembic", "geoalchemy2", "assetmap.questions"}),
        ("ask nearest --kind library", _OF_EVERY_KIND | {"alembic", "geoalchemy2"}),
        ("ask nearest --kind library --slope", _OF_EVERY_KIND | {"alembic", "geoalchemy2"}),
        ("export --format csv --out here", _OF_EVERY_KIND | {"alembic", "geoalchemy2"}),
    ],
)
def test_a_command_starts_without_the_libraries_of_others(
    town: Path, tmp_path: Path, words: str, not_needed: frozenset[str]
) -> None:
    store = tmp_path / "start.gpkg"
    shutil.copy(town, store)
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('imported:', *sys.modules, file=sys.stderr))\n"
        "from assetmap.cli import main; main()"
    )
    environment = {**os.environ, "ASSETMAP_DATABASE_URL": str(store)}
    command = [sys.executable, "-c", code, *words.split()]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    imported = set(done.stderr.partition("imported:")[2].split())
    assert "assetmap.cli" in imported
    assert not not_needed & imported


def test_layers_lists_every_layer_with_its_counts(run: Run, town: Path) -> None:
    rows = {row["layer"]: row for row in run("layers", "--store", town, "--format", "json").rows}
    assert set(rows) == {path.stem for path in Path("layers").glob("*.yaml")}
    for row in rows.values():
        assert {"layer", "rows", "open", "closed", "sources", "issues"} <= set(row)
    assert rows["community_buildings"]["rows"] == rows["community_buildings"]["open"] + 1 == 71
    assert rows["closed_services"]["closed"] == 36
    assert rows["neighbourhoods"]["rows"] == 81


def test_the_examples_of_the_layers_can_be_run(run: Run) -> None:
    ran = run("layers", "--check")
    assert ran.code == 0
    assert "hold" in ran.err


def test_issues_say_where_what_and_who(run: Run, town: Path) -> None:
    rows = run("issues", "--store", town, "--format", "json").rows
    assert all({"source", "row", "field", "value", "kind", "message"} <= set(row) for row in rows)
    kinds = {row["kind"] for row in rows}
    assert {"swapped_coordinates", "outside_place", "no_location"} <= kinds
    only = run("issues", "--store", town, "--source", "town/groups", "--format", "json").rows
    assert {row["source"] for row in only} == {"town/groups"}


def test_matches_lists_the_buildings_that_stand_in_two_registers(run: Run, town: Path) -> None:
    rows = run("matches", "--store", town, "--format", "json").rows
    (beacon,) = [row for row in rows if row["name"] == "Beacon Library" and row["band"] == "sure"]
    assert {beacon["source"], beacon["other_source"]} == {"town/buildings", "town/land"}
    assert "both say library" in beacon["reasons"]
    assert run("ask", "whatif", "--store", town, "--close", "Beacon Library").out.startswith("Without Beacon Library")


@pytest.mark.parametrize("question", ["here", "nearest", "gaps", "lost"])
def test_every_answer_is_one_object_a_row_with_its_neighbourhood(run: Run, town: Path, question: str) -> None:
    words = ["--kind", "library"] if question == "nearest" else []
    rows = run("ask", question, "--store", town, "--format", "json", *words).rows
    assert rows
    assert all(row["neighbourhood_code"].startswith("E01999") and row["neighbourhood_name"] for row in rows)
    if question in {"nearest", "gaps"}:
        assert len(rows) == 81


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["layers", "--nonsense"], "No such option: --nonsense. 'assetmap layers --help' says what there is."),
        (["--nonsense"], "No such option: --nonsense. 'assetmap --help'"),
        (["nothing"], "No such command 'nothing'. 'assetmap --help'"),
        (["load"], "Missing argument 'place'"),
        (["layers", "--format", "xml"], "Invalid value for '--format': 'xml' is not one of 'table', 'json', 'csv'"),
        (["ask", "nearest", "--minutes", "abc"], "Invalid value for '--minutes'"),
        (["serve", "--port", "99999"], "Invalid value for '--port'"),
    ],
)
def test_words_that_no_command_takes_are_one_message(run: Run, words: list[str], told: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("assetmap: ")
    assert told in ran.err
    assert ran.err.count("\n") == 1


def test_no_words_at_all_show_the_help(run: Run) -> None:
    ran = run()
    assert ran.code == 1
    assert {"demo", "load", "ask"} <= set(ran.err.split())
    assert run("ask").code == 1
    assert "Usage" in run("load", "--help").out


def test_sites_are_looked_for_after_the_changes_that_what_if_takes(run: Run, town: Path) -> None:
    asked = ("--store", town, "--kind", "library", "--choose", "1", "--format", "json")
    now, then = (run("ask", "sites", *asked, *more).rows for more in ((), ("--close", "town/buildings:CB004")))
    assert now[0]["order"] == then[0]["order"] == 1
    newly = [sum(row["people_newly"] for row in rows) for rows in (now, then)]
    assert newly[1] > newly[0], "around the library more people are without one then"
    told = run("ask", "sites", *asked[:-2], "--close", "town/buildings:CB004", "--name", "the July budget").out
    assert told.startswith("The July budget: a library in ")


@pytest.mark.parametrize(
    "words",
    [["here"], ["nearest"], ["gaps", "--hot-spots"], ["access", "--method", "2sfca"], ["lost"], ["who-lost"],
     ["profile"], ["deprivation"], ["whatif", "--close", "Beacon Library"], ["sites", "--kind", "hall"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_json_is_the_whole_answer(run: Run, town: Path, words: list[str]) -> None:
    asked = ("ask", *words, "--store", town)
    told = run(*asked, "--format", "json").told
    assert list(told) == [
        "title", "sentence", "table", "totals", "parts", "method", "measured", "formulas", "caveats", "sources",
    ]  # fmt: skip
    prose = run(*asked).out
    assert prose.startswith(told["title"])
    assert told["table"]
    words_of = " ".join(prose.split())
    for line in (told["sentence"], told["method"], *told["caveats"], *(each["says"] for each in told["formulas"])):
        assert " ".join(line.split()) in words_of
    for source in told["sources"]:
        assert all(source[name] for name in ("title", "publisher", "licence", "date"))
        assert source["issues"] >= 0
        # each file of a source beside its own publisher and date
        assert all(f"{title} (" in words_of for title in source["title"].split("; "))
    for name, rows in told["parts"].items():
        assert run(*asked, "--format", "json", "--part", name).told == rows


def test_forms_agree(run: Run, town: Path) -> None:
    as_json = run("ask", "nearest", "--kind", "library", "--store", town, "--format", "json").rows
    as_csv = list(
        csv.DictReader(io.StringIO(run("ask", "nearest", "--kind", "library", "--store", town, "--format", "csv").out))
    )
    geo = json.loads(run("ask", "nearest", "--kind", "library", "--store", town, "--format", "geojson").out)
    assert [row["neighbourhood_code"] for row in as_csv] == [row["neighbourhood_code"] for row in as_json]
    shares_written = [float(row["share_within"]) for row in as_csv]
    assert shares_written == pytest.approx([row["share_within"] for row in as_json], rel=1e-11)
    assert all(row["people"].isdigit() for row in as_csv)
    shares = {each["properties"]["neighbourhood_code"]: each["properties"]["share_within"] for each in geo["features"]}
    assert shares == {row["neighbourhood_code"]: row["share_within"] for row in as_json}
    table = run("ask", "nearest", "--kind", "library", "--store", town).out
    assert "Sources:" in table
    assert "of Marramsea's people live within 15 minutes of a library" in table


def test_results_and_messages_do_not_mix(run: Run, tmp_path: Path) -> None:
    ran = run("load", "town", "--store", tmp_path / "t.gpkg", "--format", "json")
    assert ran.code == 0
    assert {row["result"] for row in ran.rows} == {"loaded"}
    for row in ran.rows:
        assert row["rows_in"] == row["stored"] + row["set_aside"] + row["dropped"]
    assert "Loading Marramsea" in ran.err


@pytest.mark.parametrize("name", ["map.png", "map.svg", "map.pdf"])
def test_a_sheet_is_drawn(run: Run, town: Path, tmp_path: Path, name: str) -> None:
    ran = run("sheet", "lost", "--store", town, "--out", tmp_path / name)
    assert ran.code == 0
    assert ran.out.strip() == str(tmp_path / name)
    if name.endswith("pdf"):
        assert "Marramsea" in PdfReader(tmp_path / name).pages[0].extract_text()
    else:
        assert (tmp_path / name).stat().st_size > 20_000


def test_a_scenario_is_drawn_with_the_options_of_the_question(run: Run, town: Path, tmp_path: Path) -> None:
    words = ("--close", "town/buildings:CB002", "--open", "library@0.5,53.25", "--name", "the swap", "--store", town)
    title = run("ask", "whatif", *words).out.splitlines()[0]
    assert title.startswith("The swap: ")
    ran = run("sheet", "whatif", *words, "--out", tmp_path / "swap.pdf")
    assert ran.code == 0
    said = " ".join(PdfReader(tmp_path / "swap.pdf").pages[0].extract_text().split())
    assert title in said
    assert "Southgate Library closes" in said


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        (("sites", "--kind", "library", "--choose", "2", "--minutes", "10"), ("sites",)),
        (("sites", "--kind", "library", "--aim", "walks", "--close", "town/buildings:CB002"), ("sites",)),
        (("play", "--area", "Alma", "--step-free"), ("play-streets", "Alma")),
        (("profile", "--area", "Old Harbour", "--minutes", "10"), ("profile", "Old Harbour")),
        (("deprivation", "--domain", "income", "--area", "Alma"), ("deprivation", "Alma")),
        (("deprivation", "--by", "locality", "--shade", "need"), ("deprivation",)),
    ],
)
def test_a_sheet_says_what_the_question_says_with_the_same_options(
    run: Run, town: Path, tmp_path: Path, words: tuple[str, ...], asks: tuple[str, ...]
) -> None:
    about, *options = words
    ran = run("sheet", about, *options, "--store", town, "--out", tmp_path / "sheet.pdf")
    assert ran.code == 0, ran.err
    without = {"--area", "--shade"}
    told = [each for at, each in enumerate(options) if each not in without and options[at - 1] not in without]
    title = run("ask", *asks, *told, "--store", town, "--format", "json").told["title"]
    said = " ".join(PdfReader(tmp_path / "sheet.pdf").pages[0].extract_text().split())
    assert " ".join(title.split()) in said


def test_losses_over_time_are_small_maps_on_one_page(run: Run, town: Path, tmp_path: Path) -> None:
    ran = run("sheet", "lost", "--multiples", "--store", town, "--out", tmp_path / "lost.pdf")
    assert ran.code == 0
    maps, small_print = PdfReader(tmp_path / "lost.pdf").pages
    said = " ".join(maps.extract_text().split())
    assert "What this sheet rests on" in small_print.extract_text()
    assert [year for year in range(2005, 2026) if f"End of {year}" in said] == [2009, 2012, 2015, 2018, 2021, 2023]


def test_an_export_carries_its_licences(run: Run, town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    assert run("export", "--store", town, "--out", out, "--layer", "green_space").code == 0
    names = {name for name, _ in pyogrio.list_layers(out)}
    assert names == {"green_space", "neighbourhoods"}
    assert len(gpd.read_file(out, layer="green_space")) == 76
    assert "made up" in (tmp_path / "out_LICENCES.txt").read_text(encoding="utf-8")
    assert "CC0" in (tmp_path / "out_sources.csv").read_text(encoding="utf-8-sig")
    for form in ("csv", "geojson"):
        assert run("export", "--store", town, "--out", tmp_path / form, "--format", form).code == 0
        assert (tmp_path / form / f"groups.{form}").exists()
        assert (tmp_path / form / "LICENCES.txt").exists()


def test_what_is_added_stands_beside_the_registers(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "mine.gpkg"
    assert run("demo", "--no-serve", "--store", store).code == 0
    words = ("--layer", "community_buildings", "--kind", "hall", "--name", "=cmd|' /C calc'!A1")
    ran = run("add", "--store", store, *words, "--postcode", "zq1 1aa", "--format", "json")
    assert ran.code == 0
    assert ran.rows[0]["state"] == "pending"
    assert run("load", "town", "--store", store).code == 0
    exported = run(
        "export", "--store", store, "--out", tmp_path / "csv", "--format", "csv", "--layer", "community_buildings"
    )
    assert exported.code == 0
    text = "".join(path.read_text(encoding="utf-8-sig") for path in (tmp_path / "csv").glob("community_buildings*.csv"))
    assert "'=cmd|" in text, "what a spreadsheet would run is disarmed"


@pytest.mark.parametrize("name", ["town", "TOWN", "Marramsea", " marramsea "])
def test_a_place_goes_by_its_id_and_its_name_in_capitals_or_not(name: str, run: Run, town: Path) -> None:
    for words in (["ask", "here"], ["issues"], ["contributions"], ["layers"]):
        usual, asked = (run(*words, "--store", town, "--format", "csv", "--place", each) for each in ("town", name))
        assert (asked.code, asked.out) == (0, usual.out)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ask", "nearest", "--kind", "spaceport"], "no kind of asset called 'spaceport'"),
        (["ask", "here", "--layer", "spaceports"], "no layer called 'spaceports'"),
        (["ask", "here", "--place", "atlantis"], "no place in this store called 'atlantis'"),
        (["sheet", "here", "--out", "map.bmp"], "must end .png, .svg or .pdf"),
        (["sheet", "nothing", "--out", "map.png"], "no sheet called 'nothing'"),
        (["sheet", "whatif", "--out", "map.png"], "Say what would change"),
        (["sheet", "here", "--multiples", "--out", "map.png"], "--multiples is for 'assetmap sheet lost'"),
        (["sheet", "here", "--since", "2012", "--out", "map.png"], "--since is for 'assetmap sheet lost'"),
        (["sheet", "lost", "--need", "crime", "--out", "map.png"], "--need is for 'assetmap sheet gaps'"),
        (["sheet", "lost", "--close", "x", "--out", "map.png"], "--close is for 'assetmap sheet whatif'"),
        (["sheet", "sites", "--out", "map.png"], "Say which one kind of place would open"),
        (["sheet", "here", "--area", "x", "--out", "map.png"], "--area is for 'assetmap sheet profile', 'assetmap"),
        (["sheet", "play", "--outline", "0,0 1,0 1,1", "--out", "map.png"], "--outline is for"),
        (["sheet", "profile", "--shade", "gap", "--out", "map.png"], "A sheet of profile has no shading 'gap'"),
        (["sheet", "profile", "--kind", "library", "--out", "map.png"], "--kind is for 'assetmap sheet here'"),
        (["sheet", "play", "--layer", "streets", "--out", "map.png"], "--layer is for 'assetmap sheet here'"),
        (["sheet", "gaps", "--choose", "2", "--out", "map.png"], "--choose is for 'assetmap sheet sites'"),
        (["add", "--layer", "groups", "--kind", "club", "--name", "x"], "Say where it is"),
        (
            ["add", "--layer", "groups", "--kind", "club", "--name", "x", "--lon", "-2.3", "--lat", "53.4"],
            "outside Marramsea",
        ),
        (
            ["add", "--layer", "streets", "--kind", "x", "--name", " ", "--lon", "0.52", "--lat", "53.25"],
            "Give it a name",
        ),
        (["load", "atlantis"], "no place called 'atlantis'"),
        (["load", "missing.yaml"], "there is no such file"),
        (["load", "trafford", "--data", "/nowhere"], "sources were not loaded"),
        (["export", "--out", "x", "--format", "docx"], "no export format called 'docx'"),
        (["export", "--out", "x"], "x must end .gpkg"),
        (["export", "--out", "."], ". is a folder. Name a file in it"),
        (["export", "--out", "README.md", "--format", "csv"], "README.md is a file, and csv files go to a folder"),
        (["export", "--out", "x.gpkg", "--layer", "postcodes"], "postcodes cannot be exported"),
        (["issues", "--source", "nope"], "no source loaded called 'nope'. Known: town/buildings, town/closures"),
        (["issues", "--place", "atlantis"], "no place in this store called 'atlantis'. Known: town."),
        (["layers", "--place", "atlantis"], "no place in this store called 'atlantis'. Known: town."),
        (["contributions", "--place", "atlantis"], "no place in this store called 'atlantis'. Known: town."),
        (["ask", "lost", "--since", "2016", "--until", "2014"], "The years run backwards: 2016 to 2014."),
        (
            ["add", "--layer", "groups", "--kind", "club", "--name", "x", "--lon", "0.52", "--postcode", "ZQ1 1AA"],
            "either --lon and --lat, or --postcode",
        ),
        (
            ["add", "--layer", "groups", "--kind", "club", "--name", "x", "--postcode", "ZQ1 1AA", "--seen-on", "2999"],
            "'2999' lies in the future",
        ),
    ],
)
def test_a_mistake_gives_one_message_and_code_1(run: Run, town: Path, words: list[str], says: str) -> None:
    ran = run(*words, "--store", town)
    assert ran.code == 1
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_store_that_is_not_there_is_not_made_by_asking(run: Run, tmp_path: Path) -> None:
    ran = run("ask", "here", "--store", tmp_path / "none.gpkg")
    assert ran.code == 1
    assert "There is no store" in ran.err
    assert not (tmp_path / "none.gpkg").exists()


# --- what must not be lost --------------------------------------------------------------------------------------------


def test_an_export_never_takes_the_place_of_a_store(run: Run, town: Path, tmp_path: Path) -> None:
    mine, other = (Path(shutil.copy(town, tmp_path / name)) for name in ("mine.gpkg", "other.gpkg"))
    before = mine.read_bytes()
    for out in (mine, other):
        ran = run("export", "--store", mine, "--out", out)
        assert ran.code == 1
        assert f"{out} is a store of assetmap" in ran.err
        assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.gpkg", "other.gpkg"]


def test_an_export_takes_the_place_of_an_earlier_one_and_of_nothing_else(run: Run, town: Path, tmp_path: Path) -> None:
    theirs = gpd.GeoDataFrame({"name": ["drawn by hand"]}, geometry=gpd.points_from_xy([0.5], [53.2]), crs=4326)
    out = tmp_path / "out.gpkg"
    theirs.to_file(out, layer="sketch")
    before = out.read_bytes()
    ran = run("export", "--store", town, "--out", out)
    assert (ran.code, out.read_bytes()) == (1, before)
    assert "is there already and is no earlier export" in ran.err
    out.unlink()
    assert run("export", "--store", town, "--out", out, "--layer", "groups").code == 0
    assert run("export", "--store", town, "--out", out, "--layer", "green_space").code == 0
    assert {name for name, _ in pyogrio.list_layers(out)} == {"green_space", "neighbourhoods"}
    theirs.to_file(out, layer="sketch", mode="a")
    assert run("export", "--store", town, "--out", out).code == 1
    assert "sketch" in {name for name, _ in pyogrio.list_layers(out)}
    (tmp_path / "groups.csv").write_text("our own list")
    assert run("export", "--store", town, "--out", tmp_path, "--format", "csv").code == 1
    assert (tmp_path / "groups.csv").read_text() == "our own list"


def test_an_export_that_fails_part_way_leaves_the_earlier_one(
    run: Run, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.gpkg"
    assert run("export", "--store", town, "--out", out, "--layer", "groups").code == 0
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    write = pyogrio.write_dataframe

    def full(rows: gpd.GeoDataFrame, *where: object, **how: object) -> None:
        write(rows, *where, **how)
        if how["layer"] == "neighbourhoods":
            raise DataSourceError("database or disk is full")

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    ran = run("export", "--store", town, "--out", out)
    assert ran.code == 1
    assert "see whether the disk is full" in ran.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_place_is_there_only_when_something_of_it_is(run: Run, town: Path, tmp_path: Path) -> None:
    mine = shutil.copy(town, tmp_path / "mine.gpkg")
    assert run("load", "trafford", "--data", tmp_path, "--store", mine).code == 1
    assert run("ask", "here", "--store", mine).code == 0, "the place that was there need not be named"
    assert "no place in this store called 'trafford'" in run("ask", "here", "--store", mine, "--place", "trafford").err


def test_a_source_that_is_misspelt_makes_no_store(run: Run, tmp_path: Path) -> None:
    ran = run("load", "town", "--source", "hals", "--store", tmp_path / "new.gpkg")
    assert ran.code == 1
    assert "has no source 'hals'" in ran.err
    assert list(tmp_path.iterdir()) == []


def tables(url: str) -> list[str]:
    found = inspect(create_engine(parse_address(url))).get_table_names()
    return [name for name in found if name != "spatial_ref_sys"]


READING = [
    ("ask", "here"), ("issues",), ("layers",), ("contributions",), ("export", "--out", "x.gpkg"),
    ("review", "x", "hide"), ("sheet", "here", "--out", "x.png"), ("serve",),
]  # fmt: skip


def test_what_only_reads_makes_no_store(run: Run, store_url: str, engine: str) -> None:
    if engine == "gpkg":
        Path(store_url).touch()
    for words in READING:
        ran = run(*words, "--store", store_url)
        assert "There is no store at" in ran.err
        assert ran.code == (0 if words == ("layers",) else 1)
    assert tables(store_url) == []
    assert engine != "gpkg" or Path(store_url).stat().st_size == 0


def test_layers_without_a_store_have_no_counts(run: Run, tmp_path: Path) -> None:
    ran = run("layers", "--store", tmp_path / "none.gpkg", "--format", "json")
    assert {row["layer"] for row in ran.rows} == {path.stem for path in Path("layers").glob("*.yaml")}
    assert {row["rows"] for row in ran.rows} == {None}


# --- what people add, and who decides ---------------------------------------------------------------------------------

HALL = ("--layer", "community_buildings", "--kind", "hall", "--name")
SPOT = ("--lon", "0.52", "--lat", "53.25")


def test_what_is_added_can_be_listed_hidden_and_shown_again(run: Run, store_url: str) -> None:
    where = ("--store", store_url)
    as_json = (*where, "--format", "json")

    def counted() -> tuple[int, int]:
        layer = next(row for row in run("layers", *as_json).rows if row["layer"] == "community_buildings")
        here = run("ask", "here", "--kind", "hall", *as_json).rows
        return layer["contributed"], sum(row["count"] for row in here)

    assert run("demo", "--no-serve", *where).code == 0
    registers = counted()
    (added,) = run("add", *HALL, "Tea Room", *SPOT, *as_json).rows
    assert counted() == (registers[0] + 1, registers[1] + 1)
    listed = run("contributions", "--state", "pending", *as_json).rows
    assert [
        (row["name"], row["longitude"]) for row in listed if row["contribution_id"] == added["contribution_id"]
    ] == [("Tea Room", 0.52)]
    (row,) = run("review", added["contribution_id"], "hide", "--note", "It is shut", *as_json).rows
    assert row["state"] == "hidden"
    assert counted() == registers, "what is hidden is counted nowhere"
    assert "Tea Room" in run("contributions", *where).out
    (row,) = run("review", f"contribution:{added['contribution_id']}", "publish", *as_json).rows
    assert row["state"] == "published"
    assert counted() == (registers[0] + 1, registers[1] + 1)
    ran = run("review", "nothing", "hide", *where)
    assert ran.code == 1
    assert f"no contribution called 'nothing'. Known: {added['contribution_id']}" in ran.err


def test_a_store_to_which_nothing_is_added_lists_nothing(run: Run, store_url: str) -> None:
    open_store(store_url).close()
    assert run("contributions", "--store", store_url, "--format", "json").rows == []
    assert "holds no place yet" in run("ask", "here", "--store", store_url).err


def test_where_something_is_added_is_shown_to_the_metre(run: Run, town: Path, tmp_path: Path) -> None:
    mine = shutil.copy(town, tmp_path / "mine.gpkg")
    out = run("add", *HALL, "Tea\x1b\u202e\udcff Room", *SPOT, "--store", mine).out
    assert "0.52000" in out
    assert "53.25000" in out
    assert "Tea Room" in out


# --- what is said -----------------------------------------------------------------------------------------------------


def test_with_two_places_one_must_be_named(run: Run, town: Path, tmp_path: Path) -> None:
    mine = shutil.copy(town, tmp_path / "mine.gpkg")
    with open_store(mine) as store:
        store.save_place("trafford", "Trafford")
    ran = run("ask", "here", "--store", mine)
    assert ran.code == 1
    assert ran.err == "assetmap: This store holds 2 places. Say which with --place: town, trafford.\n"


def test_the_lines_of_the_readme_work_after_the_demo(
    run: Run, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    block = readme[readme.index("\n. .venv/bin/activate") :].partition("```")[0]
    asked = [shlex.split(words) for words in re.findall(r"(?m)^assetmap (.*?)(?: +#.*)?$", block)]
    assert len(asked) >= 8
    mine = shutil.copy(town, tmp_path / "mine.gpkg")
    with open_store(mine) as store:
        store.save_place("trafford", "Trafford")
    monkeypatch.chdir(tmp_path)
    for words in asked:
        if words[0] not in ("load", "serve"):
            ran = run(*("town" if word == "trafford" else word for word in words), "--store", mine)
            assert ran.code == 0, (words, ran.err)


def test_an_export_holds_what_was_lost_and_says_what_it_lacks(run: Run, town: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    ran = run("export", "--store", town, "--out", out)
    assert len(gpd.read_file(out, layer="closed_services")) == 50
    assert "streets" not in {name for name, _ in pyogrio.list_layers(out)}
    assert ran.err == ""
    assert run("export", "--store", town, "--out", out, "--layer", "streets", "--layer", "neighbourhoods").code == 0
    assert len(gpd.read_file(out, layer="streets")) > 1_000
    mine = shutil.copy(town, tmp_path / "mine.gpkg")
    with open_store(mine) as store:
        store.remove_source("town", "town/groups")
    ran = run("export", "--store", mine, "--out", tmp_path / "less.gpkg")
    assert (ran.code, ran.err) == (0, "Nothing is loaded of groups.\n")
    ran = run("export", "--store", mine, "--out", tmp_path / "none.gpkg", "--layer", "groups")
    assert ran.code == 1
    assert "Nothing of groups is loaded for Marramsea" in ran.err
    assert not (tmp_path / "none.gpkg").exists()


def test_details_are_an_object(run: Run, town: Path) -> None:
    rows = run("ask", "lost", "--store", town, "--format", "json").rows
    assert all(isinstance(row["details"], dict) for row in rows)
    assert any(row["details"].get("evidence") for row in rows)
    geo = json.loads(run("ask", "lost", "--store", town, "--format", "geojson").out)
    assert [each["properties"]["details"] for each in geo["features"]] == [row["details"] for row in rows]


@pytest.mark.parametrize("words", [("ask", "gaps"), ("ask", "lost"), ("issues",), ("layers",)], ids=" ".join)
def test_nothing_in_a_pipe_is_wider_than_a_table(run: Run, town: Path, words: tuple[str, ...]) -> None:
    lines = run(*words, "--store", town).out.splitlines()
    assert max(map(len, lines)) <= WIDTH_OF_A_PIPE


# --- when it cannot go on ---------------------------------------------------------------------------------------------


def started(*words: str | Path, first: str = "", **how: object) -> subprocess.Popen[str]:
    code = f"{first}\nfrom assetmap.cli import main; main()"
    path = str(Path(assetmap.__file__).parents[1])
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}, **how)


WAITS_AT_THE_STREETS = """
import signal
import socket
from assetmap import loading
signal.signal(signal.SIGINT, signal.default_int_handler)
reads = loading.read
def read(spec):
    while "streets" in spec.path.name:
        pass
    return reads(spec)
loading.read = read
"""
"""A load goes round and round at the streets until it is stopped.

It does not wait for input, because the signal may reach another thread, and would not wake it. And a command that a
script has put in the background is born deaf to Ctrl-C, so its ears are opened first.
"""


def test_a_load_that_is_stopped_says_what_remains(town: Path, tmp_path: Path) -> None:
    mine = Path(shutil.copy(town, tmp_path / "mine.gpkg"))
    with open_store(mine) as store:
        before = store.layer_counts("town")
    loading = started("load", "town", "--store", mine, first=WAITS_AT_THE_STREETS)
    assert loading.stderr is not None
    for line in loading.stderr:
        if "town/streets" in line:
            loading.send_signal(signal.SIGINT)
            break
    said = loading.stderr.read()
    assert loading.wait(60) == 130
    assert said.splitlines()[-1] == "assetmap: Stopped. What was stored before is still there."
    with open_store(mine) as store:
        assert store.layer_counts("town").equals(before)


def test_a_full_disk_under_the_results_is_told_plainly(town: Path) -> None:
    with Path("/dev/full").open("w") as full:
        asking = started("ask", "gaps", "--store", town, stdout=full)
        said = asking.communicate(timeout=60)[1]
    assert asking.returncode == 1
    assert said == "assetmap: The results could not be written: No space left on device.\n"


def test_a_reader_that_goes_away_is_no_fault(town: Path) -> None:
    out, into = os.pipe()
    os.close(out)
    asking = started("ask", "gaps", "--store", town, stdout=into)
    os.close(into)
    assert (asking.communicate(timeout=60)[1], asking.returncode) == ("", 0)


def test_a_folder_that_may_not_be_written_to_is_told_plainly(
    run: Run, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    monkeypatch.setattr(Path, "write_bytes", refused)
    for words in (("export", "--out", tmp_path / "x.gpkg"), ("sheet", "here", "--out", tmp_path / "x.png")):
        ran = run(*words, "--store", town)
        assert ran.code == 1
        assert "Permission denied" in ran.err
        assert "should not have happened" not in ran.err


def test_whoever_stops_the_command_stops_the_app_too(town: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "assetmap", "serve", "--store", str(town), "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "ASSETMAP_TILES": "off"}) as ran:
        assert ran.stdout is not None
        said = iter(ran.stdout.readline, "")
        assert any("You can now view" in line for line in said)
        with socket.create_connection(("localhost", port), timeout=20):
            pass
        ran.terminate()
        assert ran.wait(timeout=20) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("localhost", port), timeout=20).close()
