"""The command line is a contract: what goes where, in which form, with which exit code."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pyogrio
import pytest
from pypdf import PdfReader

from assetmap.cli import main
from cli_docs import TARGET, page


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict]:
        return json.loads(self.out)


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


@pytest.mark.parametrize("question", ["here", "nearest", "gaps", "lost"])
def test_every_answer_is_one_object_a_row_with_its_neighbourhood(run: Run, town: Path, question: str) -> None:
    words = ["--kind", "library"] if question == "nearest" else []
    rows = run("ask", question, "--store", town, "--format", "json", *words).rows
    assert rows
    assert all(row["neighbourhood_code"].startswith("E01999") and row["neighbourhood_name"] for row in rows)
    if question in {"nearest", "gaps"}:
        assert len(rows) == 81


def test_forms_agree(run: Run, town: Path) -> None:
    as_json = run("ask", "nearest", "--kind", "library", "--store", town, "--format", "json").rows
    as_csv = list(
        csv.DictReader(io.StringIO(run("ask", "nearest", "--kind", "library", "--store", town, "--format", "csv").out))
    )
    geo = json.loads(run("ask", "nearest", "--kind", "library", "--store", town, "--format", "geojson").out)
    assert [row["neighbourhood_code"] for row in as_csv] == [row["neighbourhood_code"] for row in as_json]
    assert [float(row["share_within"]) for row in as_csv] == [row["share_within"] for row in as_json]
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


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ask", "nearest", "--kind", "spaceport"], "no kind of asset called 'spaceport'"),
        (["ask", "here", "--layer", "spaceports"], "no layer called 'spaceports'"),
        (["ask", "here", "--place", "atlantis"], "no place in this store called 'atlantis'"),
        (["sheet", "here", "--out", "map.bmp"], "must end .png, .svg or .pdf"),
        (["sheet", "nothing", "--out", "map.png"], "no sheet called 'nothing'"),
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
