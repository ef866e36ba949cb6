"""How much sooner is it known what closing a place would do, because every walk is kept?

Run it with ``python -m benchmarks.whatif``. In a made-up city of 100,000 crossings, with 60 libraries and 20,000 points
that people set out from, another library closes each time. Who loses is worked out

=================  =================================================================================================
as a what-if       from the walks that are kept: the nearest of those that stand, and the change by neighbourhood
walking anew       the libraries that stand to their streets, one walk from all, and the change by neighbourhood
all from scratch   the same, and before it what the kept walks stand on: the network, and where people set out
=================  =================================================================================================

All give the same people, to the last one, which is checked. Working out the kept walks, once, stands below.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.timing import grid_streets, machine, median_seconds, medians_in_turn, points_of_town

from assetmap import measures
from assetmap.measures.walks import HOUR_M, network_walks
from assetmap.network import Entries, Network, build_network, snap, walk_from
from assetmap.space import Floats

SIDE, BLOCK_M, LIBRARIES, ORIGINS, AREAS, SEED = 316, 60.0, 60, 20_000, 300, 7
TARGET = 50.0


def people_of(network: Network, points_m: Floats) -> pd.DataFrame:
    """Where people set out, as the measures want it: in strips that stand for neighbourhoods."""
    placed = snap(network, points_m)
    strip = np.argsort(np.argsort(points_m[:, 0])) * AREAS // len(points_m)
    return pd.DataFrame(
        {
            "area_code": [f"S{number:03}" for number in strip], "people": 15.0, "x_m": points_m[:, 0],
            "y_m": points_m[:, 1], "node": placed.node, "snap_m": placed.distance_m, "origin_kind": "postcode",
        }
    ).sort_values("area_code", kind="stable", ignore_index=True)  # fmt: skip


def walked_anew(network: Network, origins: pd.DataFrame, libraries_m: Floats, standing: np.ndarray) -> Floats:
    """Metres from each origin to the nearest library that stands, by walking from all of these."""
    placed = snap(network, libraries_m[standing])
    metres = measures.at_origins(origins, walk_from(network, placed.node, placed.distance_m, HOUR_M))
    return np.where(metres <= HOUR_M, metres, np.inf)


def main() -> None:
    """Time the three and print them."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--runs", type=int, default=15, help="how many closures the medians are of (default 15)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    streets = grid_streets(SIDE, BLOCK_M, SEED)
    libraries_m = points_of_town(SIDE, BLOCK_M, LIBRARIES, SEED + 1)
    homes_m = points_of_town(SIDE, BLOCK_M, ORIGINS, SEED + 2)
    network = build_network(streets)
    origins = people_of(network, homes_m)
    entries = Entries(libraries_m, np.arange(LIBRARIES))
    network.tree  # noqa: B018  # grown once, whoever asks first
    once_s, walks = median_seconds(lambda: network_walks(origins, network, entries, LIBRARIES, HOUR_M), 3)
    everything = np.ones(LIBRARIES, dtype=bool)
    before_m = walks.nearest_m(everything)
    closing = iter(np.random.default_rng(SEED).integers(0, LIBRARIES, 10 * (chosen.runs + 2)))
    closed = everything

    def close_another() -> np.ndarray:
        nonlocal closed
        closed = np.arange(LIBRARIES) != next(closing)
        return closed

    def changed(after_m: Floats) -> pd.DataFrame:
        return measures.change(origins, before_m, after_m)

    def from_scratch(standing: np.ndarray) -> pd.DataFrame:
        fresh = build_network(streets)
        start = people_of(fresh, homes_m)
        now_m = walked_anew(fresh, start, libraries_m, everything)
        return measures.change(start, now_m, walked_anew(fresh, start, libraries_m, standing))

    ways = {
        "as a what-if": lambda: changed(walks.nearest_m(close_another())),
        "of that, the nearest": lambda: walks.nearest_m(close_another()),
        "walking anew": lambda: changed(walked_anew(network, origins, libraries_m, close_another())),
        "of that, the walks": lambda: walked_anew(network, origins, libraries_m, close_another()),
        "all from scratch": lambda: from_scratch(close_another()),
    }
    for work in ways.values():
        found = work()
        if isinstance(found, pd.DataFrame):
            pd.testing.assert_frame_equal(found, changed(walks.nearest_m(closed)), rtol=1e-6, atol=1e-6)
    seconds, _ = medians_in_turn(ways, chosen.runs)
    print(
        f"{len(network):,} nodes, {LIBRARIES} libraries, {ORIGINS:,} origins, {walks.metres.nnz:,} walks of up to an "
        f"hour kept in {once_s:.2f} s, median of {chosen.runs} closures"
    )
    ours = {"as a what-if": "as a what-if", "of that, the nearest": "of that, the nearest"}
    ours["of that, the walks"] = "of that, the nearest"
    for name, taken in seconds.items():
        beside = seconds[ours.get(name, "as a what-if")]
        print(f"  {name:22}{taken * 1e3:10.2f} ms{taken / beside:9.1f} x")
    print(f"asked for: {TARGET:g} times faster than all from scratch")
    if chosen.json:
        record = {"machine": machine(), "kept_walks": walks.metres.nnz, "once_s": once_s, "seconds": seconds}
        chosen.json.write_text(json.dumps(record, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
