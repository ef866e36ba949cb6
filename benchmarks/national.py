"""Does the whole of England fit on an ordinary machine? Its neighbourhoods, 3,000 places, two million crossings.

Run it with ``python -m benchmarks.national --data PATH``, where PATH holds ``england/lsoa21_england.gpkg.zip``. People
set out from the middle of each of England's 33,755 neighbourhoods. Streets are made up, from a fixed seed: crossings
lie around those middles, as thickly as the neighbourhood is small; the shortest streets that join them all are there,
and a quarter of the others that a triangulation has. Places are made up too, of five kinds, where people live.

What is done, each once, in one process that has only this to do: the streets into a network, with a node where each
middle and place meets its street; everybody's nearest of each kind, reach and kinds within the walk; every walk of up
to an hour; five measures of access; a hundred places closed. Making the streets up, in a process of its own, is not
counted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from benchmarks.timing import machine, peak_gb
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import Delaunay

from assetmap import measures
from assetmap.measures.catchment import (
    WALKING_ZONES,
    Binary,
    Gravity,
    cumulative_opportunities,
    floating_catchment,
    gravity_accessibility,
)
from assetmap.measures.walks import HOUR_M, network_walks
from assetmap.network import SNAP_LIMIT_M, Entries, build_network, meeting, snap, walk_from
from assetmap.space import MEASURED_CRS, Floats, to_stored
from assetmap.tables import Streets

T = TypeVar("T")

SHAPES = Path("england") / "lsoa21_england.gpkg.zip"
CROSSINGS, PLACES, CLOSED, SEED = 2_000_000, 3_000, 100, 2021
KINDS = ("library", "hall", "park", "surgery", "post_office")
PEOPLE = 1_670.0
MORE_STREETS = 0.25
MOST_S, MOST_GB = 60.0, 6.0


def make_up(data: Path, into: Path) -> None:
    """Middles, crossings, streets and places, as arrays in one file."""
    random = np.random.default_rng(SEED)
    outlines = pyogrio.read_dataframe(f"/vsizip/{data / SHAPES}").to_crs(MEASURED_CRS).geometry
    middles = shapely.get_coordinates(shapely.point_on_surface(np.asarray(outlines.array, dtype=object)))
    spread_m = np.minimum(np.sqrt(outlines.area.to_numpy()) / 2, 2_000)
    around = np.arange(CROSSINGS) % len(middles)
    crossings = middles[around] + random.normal(0, 1, (CROSSINGS, 2)) * spread_m[around, None]
    corners = Delaunay(crossings).simplices
    ends = np.sort(
        np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]).astype(np.int64), axis=1
    )
    ends = np.column_stack(np.divmod(np.unique(ends[:, 0] * CROSSINGS + ends[:, 1]), CROSSINGS))
    length_m = np.hypot(*(crossings[ends[:, 0]] - crossings[ends[:, 1]]).T)
    tree = csgraph.minimum_spanning_tree(sparse.csr_array((length_m, ends.T), shape=(CROSSINGS, CROSSINGS))).tocoo()
    more = ends[random.random(len(ends)) < MORE_STREETS]
    pairs = np.concatenate([np.column_stack([tree.row, tree.col]), more]).astype(np.int64)
    places = middles[random.integers(0, len(middles), PLACES)] + random.normal(0, 200, (PLACES, 2))
    np.savez(into, middles=middles, crossings=crossings, streets=pairs, places=places)


def read_streets(crossings: Floats, pairs: np.ndarray) -> Streets:
    """The streets as lines, as a store would give them; the time that this takes is not counted."""
    degrees = shapely.get_coordinates(to_stored(gpd.GeoSeries(shapely.points(crossings), crs=MEASURED_CRS)).array)
    shapes = gpd.GeoSeries(shapely.linestrings(degrees[pairs]))
    return Streets(gpd.GeoDataFrame({"kind": "path"}, index=shapes.index, geometry=shapes).set_crs(4326))


def measure(made_up: Path) -> dict[str, float]:
    """Seconds of each step, in order, and gigabytes."""
    found = np.load(made_up)
    middles, places_m = found["middles"], found["places"]
    streets = read_streets(found["crossings"], found["streets"])
    offer = np.random.default_rng(SEED).uniform(5, 60, PLACES)
    kind = np.arange(PLACES) % len(KINDS)
    seconds: dict[str, float] = {}

    def step(name: str, work: Callable[[], T]) -> T:
        started = perf_counter()
        made = work()
        seconds[name] = seconds.get(name, 0.0) + perf_counter() - started
        return made

    corners = step("streets into a network", lambda: build_network(streets))
    met_m = np.concatenate([middles, places_m])
    network = step("a node where each meets its street", lambda: meeting(corners, met_m))
    step("a search tree of its nodes", lambda: network.tree)
    placed = step("people and places to their streets", lambda: snap(network, middles, SNAP_LIMIT_M))
    doors = step("people and places to their streets", lambda: snap(network, places_m, SNAP_LIMIT_M))
    origins = pd.DataFrame(
        {
            "area_code": [f"E{number:08}" for number in range(len(middles))], "people": PEOPLE, "x_m": middles[:, 0],
            "y_m": middles[:, 1], "node": placed.node, "snap_m": np.where(placed.node >= 0, placed.distance_m, np.nan),
            "origin_kind": "postcode",
        }
    )  # fmt: skip

    def nearest(chosen: np.ndarray) -> Floats:
        return measures.at_origins(origins, walk_from(network, doors.node[chosen], doors.distance_m[chosen]))

    everything = np.ones(PLACES, dtype=bool)
    metres = step("the nearest place", lambda: nearest(everything))
    by_kind = step("the nearest of each of five kinds", lambda: {k: nearest(kind == n) for n, k in enumerate(KINDS)})
    step("reach", lambda: measures.reach(origins, metres))
    step("kinds within the walk", lambda: measures.kinds_within(origins, by_kind))
    entries = Entries(places_m, np.arange(PLACES))
    walks = step("every walk of up to an hour", lambda: network_walks(origins, network, entries, doors, PLACES, HOUR_M))
    people, given = origins["people"].to_numpy(), walks.metres
    step("2SFCA", lambda: floating_catchment(given, offer, people, Binary(1_200.0), measured=walks.measured))
    step("E2SFCA", lambda: floating_catchment(given, offer, people, WALKING_ZONES, measured=walks.measured))
    step("3SFCA", lambda: floating_catchment(given, offer, people, WALKING_ZONES, True, walks.measured))
    step("gravity", lambda: gravity_accessibility(given, offer, Gravity(-1.0, 50.0), walks.measured))
    step("cumulative", lambda: cumulative_opportunities(given, 15.0, measured=walks.measured))
    after = everything & (np.arange(PLACES) >= CLOSED)
    before_m = step("what if: the nearest before", lambda: walks.nearest_m(everything))
    after_m = step("what if: the nearest after", lambda: walks.nearest_m(after))
    step("what if: by neighbourhood", lambda: measures.change(origins, before_m, after_m))
    within = np.isfinite(before_m)
    if not np.allclose(before_m[within], metres[within]):
        raise SystemExit("The walks kept are not those walked to the nearest.")
    seconds["all"] = sum(seconds.values())
    counts = {"nodes": len(network), "edges": network.graph.nnz // 2, "kept walks": given.nnz}
    return {**seconds, **{f"number of {name}": float(count) for name, count in counts.items()}, "peak GB": peak_gb()}


def main() -> None:
    """Make the country up, measure and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, required=True, help="the folder that holds england/")
    options.add_argument("--json", type=Path, help="also write the figures to this file")
    options.add_argument("--part", choices=["make", "measure"], help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.part == "make":
        make_up(chosen.data, chosen.file)
        return
    if chosen.part == "measure":
        print(json.dumps(measure(chosen.file)))
        return
    print(machine())
    with tempfile.TemporaryDirectory(prefix="assetmap-") as folder:
        file = Path(folder) / "country.npz"
        command = [sys.executable, "-m", "benchmarks.national", "--data", str(chosen.data), "--file", str(file)]
        subprocess.run([*command, "--part", "make"], check=True)
        print(f"made up in a process of its own; load now {machine().split('load ')[1].split(' ')[0]}")
        done = subprocess.run([*command, "--part", "measure"], check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    for name, figure in figures.items():
        shown = f"{figure:12,.0f}" if name.startswith("number") else f"{figure:12.2f}"
        print(f"  {name:36}{shown}{'' if name.startswith(('number', 'peak')) else ' s'}")
    print(f"asked for: all in {MOST_S:g} s, and no more than {MOST_GB:g} GB")
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), **figures}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
