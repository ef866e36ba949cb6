"""How soon are the best few of 1,200 sites for 33,000 origins proved to be the best?

Run it with ``python -m benchmarks.siting``. The country is made up twice: with everybody in forty towns, and spread
evenly. Both aims are asked for, maximal covering and the p-median, with up to fifty sites beside sixty places that
exist; whoever has no place within 4.8 km walks that far. The processor's seconds stand beside the clock's, which stops
at ``--seconds``: then the gap says how far from the best the answer may be.
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from benchmarks.timing import machine
from scipy import sparse
from scipy.spatial import cKDTree

from assetmap.measures.siting import SECONDS, cover_most, shortest_walks
from assetmap.measures.walks import HOUR_M
from assetmap.space import Floats

ORIGINS, CANDIDATES, EXISTING = 33_000, 1_200, 60
CHOOSE = (5, 20, 50)
AIMS = {"covering": cover_most, "p-median": shortest_walks}


def points(spread: str, random: np.random.Generator) -> tuple[Floats, ...]:
    """Origins, candidates and existing places, in metres."""
    counts = (ORIGINS, CANDIDATES, EXISTING)
    if spread == "evenly":
        return tuple(random.uniform(0, 30_000, (count, 2)) for count in counts)
    towns = random.uniform(0, 60_000, (40, 2))
    return tuple(towns[random.integers(0, 40, count)] + random.normal(0, 2_500, (count, 2)) for count in counts)


def country(spread: str) -> tuple[Floats, sparse.coo_array, Floats]:
    """Metres to the nearest existing place, to the candidates within an hour, and people."""
    random = np.random.default_rng(0)
    origins, candidates, existing = points(spread, random)
    near = cKDTree(candidates).query_ball_tree(cKDTree(origins), HOUR_M)
    site = np.repeat(np.arange(CANDIDATES), [len(each) for each in near])
    origin = np.concatenate([np.asarray(each, dtype=np.int64) for each in near])
    metres = np.hypot(*(candidates[site] - origins[origin]).T)
    nearest_m = cKDTree(existing).query(origins)[0]
    people = random.integers(800, 3_000, ORIGINS).astype(float)
    nearest_m = np.where(nearest_m <= HOUR_M, nearest_m, np.inf)
    return nearest_m, sparse.coo_array((metres, (site, origin)), shape=(CANDIDATES, ORIGINS)), people


def main() -> None:
    """Time them and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument(
        "--seconds",
        type=float,
        default=3 * SECONDS,
        help=f"when to stop (default {3 * SECONDS:g}; questions stop at {SECONDS:g})",
    )
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    rows = []
    for spread in ("in towns", "evenly"):
        asked = country(spread)
        for aim, choose in product(AIMS, CHOOSE):
            clock, processor = perf_counter(), process_time()
            found = AIMS[aim](*asked, choose, seconds=chosen.seconds)
            row = {"clock": perf_counter() - clock, "processor": process_time() - processor, "gap": found.gap}
            rows.append({"spread": spread, "aim": aim, "choose": choose, "proven": found.proven, **row})
            told = "proved" if found.proven else f"within {found.gap:.5%} of the best"
            times = f"{row['clock']:8.1f} s{row['processor']:8.1f} s of the processor"
            print(f"  {spread:10}{aim:10}{choose:4} sites{times}  {told}", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "found": rows}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
