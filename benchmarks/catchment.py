"""How fast is England's floating catchment worked out? assetmap and PySAL's access, side by side.

Run it with ``python -m benchmarks.catchment``; ``pip install access`` first. The question is the same for both: of what
3,000 places offer, how much falls to each person of 33,755 neighbourhoods (E2SFCA, zones of 400, 800 and 1,600 metres)?
Points are made up, in towns of many sizes, from a fixed seed. It is asked twice: of the walks of up to 1,600 metres,
and of those of up to 4,800, as many as assetmap keeps, of which the longer ones weigh nothing.

What is timed:

==========  ==========================================  ==================================
who         build                                       query
==========  ==========================================  ==================================
assetmap    the pairs into a sparse array               ``floating_catchment``
access      the pairs into a frame, and that, the       ``enhanced_two_stage_fca``
            supply and the people into an ``Access``
==========  ==========================================  ==================================

Finding the pairs is in neither. access leaves out the neighbourhoods that reach nothing, which assetmap answers with 0:
the greatest difference, relative to the answer, is over those that both return, and it is infinite if one that access
leaves out is not 0.
"""

from __future__ import annotations

import argparse
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from access import Access, weights
from benchmarks.timing import machine, median_seconds
from scipy import sparse
from scipy.spatial import cKDTree

from assetmap.measures.catchment import WALKING_ZONES, floating_catchment
from assetmap.space import Floats

NEIGHBOURHOODS, PLACES, TOWNS = 33_755, 3_000, 800
COUNTRY_M = 400_000.0
NEIGHBOURHOODS_PER_KM2 = 2.0
LIMITS_M = (1_600.0, 4_800.0)
TARGET = 5.0


@dataclass(frozen=True)
class Question:
    """Who lives where, what is offered where, and every walk within the limit."""

    limit_m: float
    place: np.ndarray
    home: np.ndarray
    metres: Floats
    supply: Floats
    people: Floats


@dataclass(frozen=True)
class Timing:
    """The median seconds of one contender, how many neighbourhoods it answers for, and how far it is from assetmap."""

    who: str
    limit_m: float
    pairs: int
    build_s: float
    query_s: float
    answered: int
    greatest_relative_difference: float


def make_country(seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Neighbourhoods and places in towns whose sizes differ as much as England's: points, points, supply, people."""
    random = np.random.default_rng(seed)
    size = 1.0 / np.arange(1, TOWNS + 1)
    centre = random.uniform(0.0, COUNTRY_M, (TOWNS, 2))
    spread_m = 1000.0 * np.sqrt(NEIGHBOURHOODS * size / size.sum() / NEIGHBOURHOODS_PER_KM2 / np.pi) / 2.0

    def points(count: int) -> Floats:
        town = random.choice(TOWNS, count, p=size / size.sum())
        return centre[town] + random.normal(0.0, 1.0, (count, 2)) * np.maximum(spread_m[town], 300.0)[:, None]

    people = random.integers(1000, 3000, NEIGHBOURHOODS).astype(np.float64)
    return points(NEIGHBOURHOODS), points(PLACES), random.uniform(5.0, 60.0, PLACES), people


def ask(seed: int, limit_m: float) -> Question:
    """The pairs within the limit, in a straight line."""
    homes_m, places_m, supply, people = make_country(seed)
    near = cKDTree(places_m).sparse_distance_matrix(cKDTree(homes_m), limit_m, output_type="ndarray")
    return Question(limit_m, near["i"], near["j"], near["v"], supply, people)


def time_assetmap(asked: Question, runs: int) -> tuple[Timing, Floats]:
    """This project."""

    def build() -> sparse.coo_array:
        return sparse.coo_array((asked.metres, (asked.place, asked.home)), shape=(PLACES, NEIGHBOURHOODS))

    build_s, walks = median_seconds(build, runs)
    query_s, found = median_seconds(
        lambda: floating_catchment(walks, asked.supply, asked.people, WALKING_ZONES).access, runs
    )
    answered = int(np.isfinite(found).sum())
    return Timing("assetmap", asked.limit_m, len(asked.metres), build_s, query_s, answered, 0.0), found


def time_access(asked: Question, ours: Floats, runs: int) -> Timing:
    """PySAL's library of accessibility measures."""
    zones = weights.step_fn(dict(WALKING_ZONES.zones))

    def build() -> Access:
        homes = pd.DataFrame({"people": asked.people}, index=pd.RangeIndex(NEIGHBOURHOODS, name="home"))
        places = pd.DataFrame({"offer": asked.supply}, index=pd.RangeIndex(PLACES, name="place"))
        pairs = pd.DataFrame({"home": asked.home, "place": asked.place, "metres": asked.metres})
        return Access(
            homes, "people", places, "offer", cost_df=pairs, cost_origin="home", cost_dest="place", cost_name="metres"
        )

    build_s, peer = median_seconds(build, runs)
    # it would tell on every run but the first that the answer of the last one is replaced
    logging.getLogger("access").setLevel(logging.WARNING)
    query_s, found = median_seconds(lambda: peer.enhanced_two_stage_fca(weight_fn=zones), runs)
    theirs = found.iloc[:, 0].to_numpy()
    answered = int(np.isfinite(theirs).sum())
    difference = greatest_relative_difference(ours, theirs)
    return Timing("access", asked.limit_m, len(asked.metres), build_s, query_s, answered, difference)


def greatest_relative_difference(ours: Floats, theirs: Floats) -> float:
    """Over the neighbourhoods that both return; infinite if one that is left out there is not 0 here."""
    left_out = np.isnan(theirs)
    if (ours[left_out] != 0.0).any():
        return float("inf")
    scale = np.maximum(np.abs(theirs[~left_out]), np.finfo(np.float64).tiny)
    return float((np.abs(ours[~left_out] - theirs[~left_out]) / scale).max())


def table(timings: list[Timing]) -> str:
    """The times in milliseconds, and how many times longer than assetmap each took."""
    ours = timings[0]
    lines = [f"{'':10}{'build ms':>10}{'query ms':>10}{'query x':>10}{'both x':>10}{'answered':>10}{'differs by':>12}"]
    lines += [
        f"{row.who:10}{row.build_s * 1e3:10.2f}{row.query_s * 1e3:10.2f}{row.query_s / ours.query_s:10.1f}"
        f"{(row.build_s + row.query_s) / (ours.build_s + ours.query_s):10.1f}{row.answered:10d}"
        f"{row.greatest_relative_difference:12.1e}"
        for row in timings
    ]
    return "\n".join(lines)


def main() -> None:
    """Time both on both questions and print the tables."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--runs", type=int, default=7, help="how many runs the medians are of (default 7)")
    options.add_argument("--seed", type=int, default=33_755, help="of the made-up points")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    kept: list[Timing] = []
    for limit_m in LIMITS_M:
        asked = ask(chosen.seed, limit_m)
        ours, found = time_assetmap(asked, chosen.runs)
        both = [ours, time_access(asked, found, chosen.runs)]
        print(
            f"{NEIGHBOURHOODS:,} neighbourhoods, {PLACES:,} places, {ours.pairs:,} walks of up to {limit_m:,.0f} m, "
            f"{np.count_nonzero(found == 0):,} neighbourhoods with 0, median of {chosen.runs} runs"
        )
        print(table(both), end="\n\n")
        kept += both
    ratios = [theirs.query_s / ours.query_s for ours, theirs in zip(kept[::2], kept[1::2], strict=True)]
    print(f"asked for: {TARGET:g} times faster than access; found: {min(ratios):.1f} times or more")
    if chosen.json:
        record = {"runs": chosen.runs, "seed": chosen.seed, "timings": [asdict(timing) for timing in kept]}
        chosen.json.write_text(json.dumps(record, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
