"""Moving a weight on real Rutland builds, snaps and walks nothing: its benchmark fails where anything does."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import sliders

from test_benchmarks import run


def test_moving_a_weight_walks_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, real_data: Path) -> None:
    # the benchmark itself fails where anything is built, snapped or walked
    found = run(sliders, monkeypatch, tmp_path / "figures.json", "--data", str(real_data), "--runs", "1")
    assert set(found["seconds"]) == {"fresh", "a weight moved", "the score alone"}
