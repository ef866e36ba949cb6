"""From Python: the page about it runs as it stands, and its numbers are those of the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assetmap import questions
from assetmap.cli import main
from assetmap.errors import NoStoreError, UnknownNameError
from assetmap.viewing import open_place
from registers import ROOT

PAGE = (ROOT / "docs" / "PYTHON.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up town, loaded."""
    path = tmp_path_factory.mktemp("python") / "town.gpkg"
    _run("demo", "--no-serve", "--store", str(path))
    return path


def _run(*words: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["assetmap", *words])
        with pytest.raises(SystemExit) as end:
            main()
    assert not end.value.code


def test_the_page_about_python_runs_as_it_stands(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    monkeypatch.setenv("ASSETMAP_DATABASE_URL", str(town))
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/PYTHON.md", "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} == {"gaps.pdf", "near.csv", "near.gpkg", "pack.zip"}
    assert "of Marramsea's people live within 15 minutes of a library" in capsys.readouterr().out


def test_every_question_is_on_the_page() -> None:
    asked = {name for row in re.findall(r"(?m)^\| (`.*?) \|", PAGE) for name in re.findall(r"`(\w+)`", row)}
    assert asked == {name for name in questions.__all__ if name.islower() and not name.endswith("_words")}


def test_the_numbers_are_those_of_the_command_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run("ask", "nearest", "--kind", "library", "--format", "json", "--store", str(town))
    told = json.loads(capsys.readouterr().out)
    with open_place(store=str(town)) as view:
        table = questions.nearest(view, kinds=["library"]).table
    assert [row["share_within"] for row in told["table"]] == table["share_within"].tolist()


def test_a_store_or_place_that_is_not_there_is_told(town: Path, tmp_path: Path) -> None:
    with pytest.raises(NoStoreError), open_place("town", str(tmp_path / "none.gpkg")):
        pass
    with (
        pytest.raises(UnknownNameError, match="no place in this store called 'atlantis'"),
        open_place("atlantis", str(town)),
    ):
        pass
