"""The house stands: imports only go down the floors, each outside library has its room, no layer is known by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import assetmap
from assetmap.look import THEMES
from registers import LAYERS, ROOT

SOURCE = Path(assetmap.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

FLOORS = (
    {"errors"},
    {"space"},
    {
        *(
            "arrays",
            "chosen",
            "declarations",
            "layers",
            "links",
            "look",
            "naming",
            "places",
            "records",
            "sources",
            "tables",
            "uses",
            "values",
        ),
        "wording",
    },
    {
        *(
            "agreeing",
            "bench",
            "checks",
            "conform",
            "details",
            "dwellings",
            "exports",
            "ground",
            "headers",
            "heights",
            "joining",
            "locating",
            "maps",
            "mapping",
            "matching",
            "measures",
            "migrations",
            "network",
        ),
        *("placing", "positions", "provenance", "readers", "rowvalues", "settling", "sheets", "store", "walkwords"),
    },
    {
        "contributing",
        "examples",
        "loading",
        "packs",
        "placeview",
        "printing",
        "questions",
        "reopening",
        "scenario_names",
        "scenarios",
        "settings",
        "viewing",
    },
    {"__init__", "__main__", "app", "cli", "screens", "serving", "showing"},
)
"""From the ground up; a module may use those of its own floor and of the floors below."""

ROOMS = {
    "streamlit": {"app", "screens"},
    "streamlit_folium": {"screens"},
    "starlette": {"app", "screens"},
    "folium": {"maps"},
    "branca": {"maps"},
    "docx": {"packs"},
    "matplotlib": {"sheets"},
    "fontTools": {"sheets"},
    "pypdf": {"sheets"},
    "PIL": {"packs", "sheets"},
    "typer": {"cli"},
    "yaml": {"declarations"},
    "pydantic": {"declarations", "layers", "places", "sources", "uses"},
    "sqlalchemy": {"migrations", "store"},
    "geoalchemy2": {"store"},
    "psycopg": {"store"},
    "alembic": {"migrations", "store"},
    "pyogrio": {"exports", "readers"},
    "rasterio": {"readers"},
    "esda": {"measures"},
    "libpysal": {"measures"},
    "scipy": {"measures", "network", "sheets"},
    "pyproj": {"readers", "space"},
    "python_calamine": {"readers"},
    "rapidfuzz": {"matching"},
    "defusedxml": {"readers"},
    "osmnx": {"readers"},
    "requests": {"readers"},
}


def room_of(path: Path) -> str:
    """The module or package that a file belongs to, as its floor knows it."""
    if not path.is_relative_to(SOURCE):
        return path.stem
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    found = [number for number, floor in enumerate(FLOORS) if room in floor]
    assert found, f"{room} stands on no floor: give it one in tests/test_floors.py"
    return found[0]


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """The package and the module inside it that each import of a file names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield (*name.name.split("."), "", "")[:2]
        elif isinstance(node, ast.ImportFrom) and node.module:
            package, inside = (*node.module.split("."), "")[:2]
            names = [inside] if inside else [name.name for name in node.names]
            yield from ((package, name) for name in names)


def test_every_module_stands_on_one_floor() -> None:
    rooms = [room for floor in FLOORS for room in floor]
    assert len(rooms) == len(set(rooms))
    for path in MODULES:
        floor_of(room_of(path))


@pytest.mark.parametrize("path", [ROOT / "app.py", *MODULES], ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_go_down(path: Path) -> None:
    here = room_of(path)
    used = {inside for package, inside in imports(path) if package == "assetmap" and not inside.startswith("__")}
    above = sorted(room for room in used if floor_of(room) > floor_of(here))
    assert not above, f"{here} stands below {above}"
    astray = sorted({package for package, _ in imports(path) if here not in ROOMS.get(package, {here})})
    assert not astray, f"{astray} may not be used in {here}"


def texts(path: Path) -> Iterator[str]:
    """Every text in a file's code, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_but_one_names_coordinate_systems_and_none_names_layers(path: Path) -> None:
    found = set(texts(path))
    if room_of(path) != "space":
        assert not [text for text in found if "EPSG" in text or text in {"4326", "27700"}]
    # a layer whose name is also an everyday word, or the name of a theme, says nothing by itself
    names = {name for name in LAYERS if "_" in name} - set(THEMES)
    assert not names & found


def test_public_names_say_what_they_are_for() -> None:
    silent = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node) and room_of(path) != "migrations"
    ]
    assert silent == []
