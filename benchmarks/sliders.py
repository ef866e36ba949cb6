"""When somebody moves a weight of the gap score, is anything walked again?

Run it with ``python -m benchmarks.sliders --data PATH``, where PATH holds ``rutland/`` and ``england/``. Rutland is
loaded into an embedded store, and the question where the gaps are is put to it

===================  ===============================================================================================
fresh                by somebody who has just come: streets, network, people and walks are all to be worked out
a weight moved       again, with another weight, each time a different one
the score alone      ``gap_index.scored`` and nothing else: the part that a weight changes
===================  ===============================================================================================

While weights move, every function that builds, snaps or walks is made to fail if it is called at all.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import pandas as pd
from benchmarks.timing import machine, median_seconds

from assetmap.layers import read_layers
from assetmap.loading import load_place
from assetmap.network import build_network
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.questions import gap_index, gaps
from assetmap.store import Store, open_store

ROOT = Path(__file__).resolve().parents[1]
WALKING = (
    "assetmap.network.kept.build_network", "assetmap.network.snap", "assetmap.network.meeting.snap",
    "assetmap.measures.people.snap", "assetmap.network.walk_from", "assetmap.network.straight_from",
    "assetmap.measures.walks.walk_matrix", "scipy.sparse.csgraph.dijkstra",
)  # fmt: skip


@contextmanager
def nothing_walked() -> Iterator[None]:
    """Every function that builds, snaps or walks fails for as long as this lasts."""
    with ExitStack() as stack:
        for name in WALKING:
            stack.enter_context(patch(name, side_effect=AssertionError(f"{name} was called")))
        yield


@contextmanager
def rutland(data: Path) -> Iterator[Store]:
    """A store that holds Rutland."""
    with tempfile.TemporaryDirectory(prefix="assetmap-") as folder, open_store(Path(folder) / "rutland.gpkg") as store:
        load_place(store, read_place(ROOT / "data" / "places" / "rutland.yaml"), read_layers(ROOT / "layers"), data)
        yield store


def main() -> None:
    """Time the three and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, required=True, help="the folder that holds rutland/ and england/")
    options.add_argument("--runs", type=int, default=9, help="how many runs the medians are of (default 9)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    layers = read_layers(ROOT / "layers")
    with rutland(chosen.data) as store:
        fresh_s, _ = median_seconds(lambda: gaps(PlaceView(store, "rutland", layers)), chosen.runs)
        view = PlaceView(store, "rutland", layers)
        # with every part in the score once, so that what is shared by all is known too
        everything = dict.fromkeys(gap_index.PARTS, 1.0)
        gaps(view, weights=everything)
        weights = ({**everything, "need": 1.0 + step / 10} for step in range(1000))
        with nothing_walked():
            moved_s, answer = median_seconds(lambda: gaps(view, weights=next(weights)), chosen.runs)
            values = answer.part("why").pivot(index="neighbourhood_code", columns="part", values="value")
            values = pd.DataFrame(values[list(gap_index.PARTS)])
            scored_s, _ = median_seconds(lambda: gap_index.scored(values, next(weights)), chosen.runs)
            try:
                PlaceView(store, "rutland", layers).network  # noqa: B018  # the trap works
            except AssertionError:
                pass
            else:
                raise SystemExit("Walking was not stopped, so nothing is proved.")
        nodes = len(build_network(view.streets))
    seconds = {"fresh": fresh_s, "a weight moved": moved_s, "the score alone": scored_s}
    print(f"Rutland: {len(answer.table)} neighbourhoods, {nodes:,} nodes, median of {chosen.runs} runs")
    for name, taken in seconds.items():
        print(f"  {name:20}{taken * 1e3:10.1f} ms{fresh_s / taken:8.1f} times faster than fresh")
    print("While weights moved, nothing was built, snapped or walked.")
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "seconds": seconds}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
