"""The benchmarks that look inside this package still run, on places small enough to be quick."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from benchmarks import city, second_start, siting, whatif

SMALL: dict[ModuleType, dict[str, Any]] = {
    city: {"SIDE": 40, "POSTCODES": 400, "ACROSS": 4, "UP": 3},
    second_start: {"SIDES": (4, 8)},
    siting: {"ORIGINS": 300, "CANDIDATES": 60, "EXISTING": 5, "CHOOSE": (2,)},
}


def run(benchmark: ModuleType, monkeypatch: pytest.MonkeyPatch, figures: Path, *options: str) -> dict[str, Any]:
    """What a benchmark keeps of its figures."""
    for module, constants in SMALL.items():
        for name, value in constants.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(sys, "argv", [benchmark.__name__, "--json", str(figures), *options])
    benchmark.main()
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_what_if_agrees_with_walking_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # the benchmark itself holds the three ways to the same figures, to a millionth
    found = run(whatif, monkeypatch, tmp_path / "figures.json", "--runs", "1")
    assert {name for name in found["seconds"] if name.endswith("as a what-if")} == {
        "who loses: as a what-if", "everything: as a what-if",
    }  # fmt: skip
    assert set(found["questions"]) == {"closes", "opens", "moves", "has other hours", "five close"}


def test_a_kept_network_is_read_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = run(second_start, monkeypatch, tmp_path / "figures.json", "--runs", "1")
    assert [each["crossings"] for each in found["found"]] == [16, 64]


def test_sites_are_proved_to_be_the_best(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = run(siting, monkeypatch, tmp_path / "figures.json")
    assert len(found["found"]) == 4
    assert all(each["proven"] for each in found["found"])
