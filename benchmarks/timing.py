"""What the benchmarks share: medians, the machine, and streets that are made up."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import geopandas as gpd
import numpy as np
import shapely

from assetmap.space import MEASURED_CRS, Floats, to_stored
from assetmap.tables import Streets

T = TypeVar("T")

CORNER_M = (420_000.0, 280_000.0)
VERTICES_A_LINE = 8


def median_seconds(work: Callable[[], T], runs: int) -> tuple[float, T]:
    """The median time of several runs of some work, and what the last of them made."""
    seconds = []
    for _ in range(runs):
        started = perf_counter()
        made = work()
        seconds.append(perf_counter() - started)
    return statistics.median(seconds), made


def medians_in_turn(works: Mapping[str, Callable[[], T]], runs: int) -> tuple[dict[str, float], dict[str, T]]:
    """The median time of each work, all taking turns so that a busy moment falls on all; and what each made last."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    made = {name: work() for name, work in works.items()}  # once unmeasured: imports, and files into memory
    for _ in range(runs):
        for name, work in works.items():
            taken, made[name] = median_seconds(work, 1)
            seconds[name].append(taken)
    return {name: statistics.median(taken) for name, taken in seconds.items()}, made


@contextmanager
def hushed() -> Iterator[None]:
    """Nothing is printed while this lasts, by libraries in C++ either: Python's own redirection does not reach them."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def machine() -> str:
    """The processor, its cores, how busy it was, and the versions."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    name = next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.processor())
    return (
        f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def peak_gb() -> float:
    """The most memory that this process has held so far, in gigabytes (Linux counts in kibibytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def grid_streets(side: int, block_m: float, seed: int) -> Streets:
    """Streets of a made-up town: ``side`` by ``side`` crossings that lie a little askew, one block in ten left out."""
    random = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1) * block_m + CORNER_M
    at += random.uniform(-block_m / 4, block_m / 4, at.shape)
    lines = [line for streets in (at, at.swapaxes(0, 1)) for line in _rows(streets, random)]
    shapes = to_stored(gpd.GeoSeries(lines, crs=MEASURED_CRS))
    frame = gpd.GeoDataFrame({"street_id": [str(row) for row in range(len(lines))]}, geometry=shapes)
    return Streets(frame.assign(kind="residential", details="{}"))


def _rows(streets: Floats, random: np.random.Generator) -> list[shapely.LineString]:
    lines = []
    for street in streets:
        for start in range(0, len(street) - 1, VERTICES_A_LINE - 1):
            line = street[start : start + VERTICES_A_LINE]
            # the last block of some lines is not built
            line = line[: len(line) - (random.random() < 0.7)]
            if len(line) > 1:
                lines.append(shapely.LineString(line))
    return lines


def points_of_town(side: int, block_m: float, count: int, seed: int) -> Floats:
    """Points anywhere in the town of :func:`grid_streets`, as eastings and northings."""
    return np.random.default_rng(seed).uniform(0, (side - 1) * block_m, (count, 2)) + CORNER_M
