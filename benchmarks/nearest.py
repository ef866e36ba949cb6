"""How fast is the nearest place found from every street corner? assetmap, networkx and pandana, side by side.

Run it with ``python -m benchmarks.nearest --data PATH``, where PATH holds ``rutland/rutland-2022-07-20.osm.pbf``;
``pip install networkx pandana`` first. The question is the same for all: from each vertex of Rutland's streets, how far
is the walk to the nearest library or place of worship? All use the one graph that assetmap built, and the greatest
difference between their answers stands beside their times.

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
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
from scipy import sparse

from assetmap.network import Network, build_network, snap, walk_from
from assetmap.space import Floats, coordinates_m
from assetmap.tables import Streets

COUNTY = Path("rutland") / "rutland-2022-07-20.osm.pbf"
PLACES = "amenity IN ('library', 'place_of_worship')"


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


def median_seconds(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """The median time of several runs of some work, and what the last of them made."""
    seconds, made = [], None
    for _ in range(runs):
        started = perf_counter()
        made = work()
        seconds.append(perf_counter() - started)
    return statistics.median(seconds), made


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
        return pandana.Network(x, y, pd.Series(start), pd.Series(end), pd.DataFrame({"metres": metres}), twoway=True)

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


def main() -> None:
    """Time all three and print the table."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, required=True, help="the folder that holds rutland/")
    options.add_argument("--runs", type=int, default=7, help="how many runs the medians are of (default 7)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    streets, places_m = read_streets(chosen.data / COUNTY), read_places_m(chosen.data / COUNTY)
    ours, network, walks_m = time_assetmap(streets, places_m, chosen.runs)
    peers = [contender(network, places_m, walks_m, chosen.runs) for contender in (time_networkx, time_pandana)]
    print(f"{len(places_m)} places, {len(network)} nodes, {network.graph.nnz // 2} edges, median of {chosen.runs} runs")
    print(table([ours, *peers]))
    if chosen.json:
        record = {
            "places": len(places_m),
            "nodes": len(network),
            "runs": chosen.runs,
            "timings": [asdict(timing) for timing in (ours, *peers)],
        }
        chosen.json.write_text(json.dumps(record, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
