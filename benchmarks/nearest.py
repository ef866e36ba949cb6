"""How fast is the nearest place found from every street corner? assetmap, networkx and pandana, side by side.

Run it with ``python -m benchmarks.nearest --data PATH``, where PATH holds ``rutland/rutland-2022-07-20.osm.pbf``;
``pip install networkx pandana`` first. It is asked twice, and the question is the same for all: from each vertex of
Rutland's streets, how far is the walk to the nearest library or place of worship? And from each of a made-up town's
250,000 crossings, to the nearest of 60 places? All use the one graph that assetmap built, and the greatest difference
between their answers stands beside their times. Without ``--data``, only the town is asked about.

What is timed:

==========  ==============================================  ============================================
who         build                                           query
==========  ==============================================  ============================================
assetmap    lines in degrees to projected, connected graph  places to nodes, then one walk from all
networkx    the finished edges into a ``Graph``             ``multi_source_dijkstra_path_length``
pandana     the finished edges into a ``Network``           ``set_pois`` and ``nearest_pois``
==========  ==============================================  ============================================

So the build of the other two starts where that of assetmap ends. Reading the file is in none of them. pandana needs a
greatest distance, set here to twice the longest walk, and leaves out the step from a place to its street, so it is
compared with walks from the same nodes without that step.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
from benchmarks.timing import grid_streets, hushed, machine, median_seconds, points_of_town
from scipy import sparse

from assetmap.network import Network, build_network, snap, walk_from
from assetmap.space import Floats, coordinates_m
from assetmap.tables import Streets

COUNTY = Path("rutland") / "rutland-2022-07-20.osm.pbf"
PLACES = "amenity IN ('library', 'place_of_worship')"
SIDE, BLOCK_M, TOWN_PLACES, SEED = 500, 90.0, 60, 250_000
TARGETS = {"networkx": 10.0, "pandana": 100.0}
"""How many times faster: for the question alone than networkx, with what each must build for it than pandana."""


@dataclass(frozen=True)
class Timing:
    """The median seconds of one contender, and how far its answers are from assetmap's."""

    who: str
    build_s: float
    query_s: float
    greatest_difference_m: float

    @property
    def both_s(self) -> float:
        """Build plus query."""
        return self.build_s + self.query_s


def read_streets(path: Path) -> Streets:
    """Every way of the county that OpenStreetMap calls a highway."""
    ways = pyogrio.read_dataframe(path, layer="lines", columns=["highway"], where="highway IS NOT NULL")
    return Streets(ways.assign(kind=ways["highway"].where(ways["highway"] == "residential", "path")))


def read_places_m(path: Path) -> Floats:
    """One point in metres for each library and place of worship."""
    outlines = pyogrio.read_dataframe(path, layer="multipolygons", columns=["amenity"], where=PLACES)
    points = pyogrio.read_dataframe(path, layer="points", columns=["other_tags"], where="other_tags IS NOT NULL")
    wanted = points["other_tags"].str.contains('"amenity"=>"(?:library|place_of_worship)"')
    return np.concatenate([coordinates_m(outlines.geometry), coordinates_m(points[wanted].geometry)])


def greatest_difference_m(one: Floats, other: Floats) -> float:
    """The greatest difference between two answers; infinite if one reaches a node that the other does not."""
    reached = np.isfinite(one)
    if (reached != np.isfinite(other)).any():
        return float("inf")
    return float(np.abs(one[reached] - other[reached]).max())


def edges_of(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each street segment once: its two nodes and its metres."""
    once = sparse.triu(network.graph, format="coo")
    return once.row, once.col, once.data


def time_assetmap(streets: Streets, places_m: Floats, runs: int) -> tuple[Timing, Network, Floats]:
    """This project: from lines to a network, and from places to walks."""

    def ask() -> Floats:
        placed = snap(network, places_m)
        return walk_from(network, placed.node, placed.distance_m).distance_m

    build_s, network = median_seconds(lambda: build_network(streets), runs)
    query_s, walks_m = median_seconds(ask, runs)
    return Timing("assetmap", build_s, query_s, 0.0), network, walks_m


def time_networkx(network: Network, places_m: Floats, walks_m: Floats, runs: int) -> Timing:
    """The plain Python library, its places joined to the streets by their offsets."""
    start, end, metres = (column.tolist() for column in edges_of(network))
    placed = snap(network, places_m)
    doors = [-1 - place for place in range(len(places_m))]

    def build() -> nx.Graph:
        graph = nx.Graph()
        graph.add_nodes_from(range(len(network)))
        graph.add_weighted_edges_from(zip(start, end, metres, strict=True))
        graph.add_weighted_edges_from(zip(doors, placed.node.tolist(), placed.distance_m.tolist(), strict=True))
        return graph

    build_s, graph = median_seconds(build, runs)
    query_s, found = median_seconds(lambda: nx.multi_source_dijkstra_path_length(graph, set(doors)), runs)
    answer = np.array([found.get(node, np.inf) for node in range(len(network))])
    return Timing("networkx", build_s, query_s, greatest_difference_m(walks_m, answer))


def time_pandana(network: Network, places_m: Floats, walks_m: Floats, runs: int) -> Timing:
    """The library of contraction hierarchies, which prepares a network so that many questions are quick."""
    import pandana

    start, end, metres = edges_of(network)
    x, y = (pd.Series(column) for column in network.nodes.T)
    furthest_m = 2 * float(walks_m[np.isfinite(walks_m)].max())

    def build() -> Any:
        with hushed():
            weights = pd.DataFrame({"metres": metres})
            return pandana.Network(x, y, pd.Series(start), pd.Series(end), weights, twoway=True)

    def ask() -> Floats:
        graph.set_pois("places", furthest_m, 1, *(pd.Series(column) for column in places_m.T))
        return graph.nearest_pois(furthest_m, "places", num_pois=1)[1].to_numpy(dtype=np.float64)

    build_s, graph = median_seconds(build, runs)
    query_s, answer = median_seconds(ask, runs)
    at_nodes = snap(network, places_m).node
    without_offsets = walk_from(network, at_nodes, np.zeros(len(at_nodes))).distance_m
    # pandana answers with the greatest distance where it finds nothing.
    answer = np.where(answer >= furthest_m, np.inf, answer)
    return Timing("pandana", build_s, query_s, greatest_difference_m(without_offsets, answer))


def table(timings: list[Timing]) -> str:
    """The times in milliseconds, and how many times longer than assetmap each took."""
    ours = timings[0]
    lines = [f"{'':10}{'build ms':>10}{'query ms':>10}{'both ms':>10}{'query x':>10}{'both x':>10}{'differs by m':>14}"]
    lines += [
        f"{row.who:10}{row.build_s * 1e3:10.1f}{row.query_s * 1e3:10.1f}{row.both_s * 1e3:10.1f}"
        f"{row.query_s / ours.query_s:10.1f}{row.both_s / ours.both_s:10.1f}{row.greatest_difference_m:14.4f}"
        for row in timings
    ]
    return "\n".join(lines)


def compare(what: str, streets: Streets, places_m: Floats, runs: int) -> dict[str, Any]:
    """Time all three on one question, print the table, and return it."""
    ours, network, walks_m = time_assetmap(streets, places_m, runs)
    theirs = [contender(network, places_m, walks_m, runs) for contender in (time_networkx, time_pandana)]
    edges = network.graph.nnz // 2
    print(f"{what}: {len(places_m):,} places, {len(network):,} nodes, {edges:,} edges, median of {runs} runs")
    print(table([ours, *theirs]), end="\n\n")
    return {
        "what": what, "places": len(places_m), "nodes": len(network), "edges": edges, "runs": runs,
        "timings": [asdict(timing) for timing in (ours, *theirs)],
    }  # fmt: skip


def main() -> None:
    """Time all three on both questions."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, help="the folder that holds rutland/")
    options.add_argument("--runs", type=int, default=7, help="how many runs the medians are of (default 7)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    found = []
    if chosen.data:
        county = chosen.data / COUNTY
        found.append(compare("Rutland", read_streets(county), read_places_m(county), chosen.runs))
    streets, places_m = grid_streets(SIDE, BLOCK_M, SEED), points_of_town(SIDE, BLOCK_M, TOWN_PLACES, SEED)
    found.append(compare("made-up town", streets, places_m, max(chosen.runs // 2, 1)))
    asked = ", ".join(f"{times:g} times faster than {who}" for who, times in TARGETS.items())
    print(f"asked for in the town: {asked} (the question; with pandana its building too)")
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "found": found}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
