"""How long from an OpenStreetMap extract to a network that can be walked? assetmap and pyrosm, side by side.

Run it with ``python -m benchmarks.streets_from_pbf --data PATH``, where PATH holds
``rutland/rutland-2022-07-20.osm.pbf``; ``pip install pyrosm`` first. Reading the file is in every figure.

==================  ================================================================================================
who                 work
==================  ================================================================================================
assetmap            the lines with their tags as text, the layer's rules about who may walk where, a graph of every
                    vertex in metres with its connected pieces
the same, kept      the same with the 20 columns of what streets say of themselves, as ``assetmap load`` reads them
pyrosm              ``get_network("walking", nodes=True)``: lines between crossings, and their nodes, in degrees
pyrosm, a graph     the same and ``to_graph`` of it, as networkx or as pandana wants it
pyrosm, ways alone  ``get_network("walking")``: whole ways in degrees, without nodes, so that nothing can be walked
==================  ================================================================================================

The garbage collector runs as it always does; about half of pyrosm's time for its nodes is that.

The two do not keep quite the same ways: assetmap goes by its layer's rules and pyrosm by its own, and assetmap has a
node at every vertex where pyrosm, for lines between crossings, has one too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import warnings
from collections.abc import Callable
from pathlib import Path

from benchmarks.timing import hushed, machine, medians_in_turn

from assetmap.conform import Context, conform
from assetmap.layers import read_layers
from assetmap.mapping import wanted_columns
from assetmap.network import build_network
from assetmap.places import read_place
from assetmap.readers import ReadSpec, read
from assetmap.tables import Streets

ROOT = Path(__file__).resolve().parents[1]
COUNTY = Path("rutland") / "rutland-2022-07-20.osm.pbf"
WALKED_BY = ("highway", "foot", "access")
TARGET = 2.0

Size = tuple[int, int]


def ours(path: Path, columns: tuple[str, ...]) -> Callable[[], Size]:
    """This project, reading some columns, or those that streets are stored with: how many nodes and edges."""
    place = read_place(ROOT / "data" / "places" / "rutland.yaml")
    layer, source = read_layers(ROOT / "layers")["streets"], place.sources["streets"]
    wanted = columns or wanted_columns(source, layer)
    spec = ReadSpec("osm", path, sublayer=source.sublayer, where=source.where, columns=wanted)
    context = Context(place, dt.date.today().isoformat())

    def work() -> Size:
        network = build_network(Streets(conform(read(spec), source, layer, context).frame))
        return len(network), network.graph.nnz // 2

    return work


def theirs(path: Path, graph_type: str | None) -> Callable[[], Size]:
    """pyrosm, which is quiet only when told to be, and a graph, none or ``ways`` alone: how many nodes and edges."""
    import pyrosm

    def work() -> Size:
        with warnings.catch_warnings(), hushed():
            warnings.simplefilter("ignore")
            extract = pyrosm.OSM(str(path))
            if graph_type == "ways":
                return 0, len(extract.get_network("walking"))
            nodes, edges = extract.get_network("walking", nodes=True)
            if graph_type:
                extract.to_graph(nodes, edges, graph_type=graph_type)
        return len(nodes), len(edges)

    return work


def main() -> None:
    """Time them and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, required=True, help="the folder that holds rutland/")
    options.add_argument("--runs", type=int, default=7, help="how many runs the medians are of (default 7)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    path = chosen.data / COUNTY
    contenders = {
        "assetmap": ours(path, WALKED_BY),
        "the same, kept": ours(path, ()),
        "pyrosm": theirs(path, None),
        "pyrosm, networkx graph": theirs(path, "networkx"),
        "pyrosm, pandana graph": theirs(path, "pandana"),
        "pyrosm, ways alone": theirs(path, "ways"),
    }
    seconds, made = medians_in_turn(contenders, chosen.runs)
    # sizes alone are handed back: graphs left lying about would slow down whoever comes next
    told = ", ".join(f"{who} {made[who][0]:,} nodes and {made[who][1]:,} edges" for who in ("assetmap", "pyrosm"))
    print(f"{told}; median of {chosen.runs} runs")
    for name, taken in seconds.items():
        print(f"  {name:24}{taken * 1e3:10.1f} ms{taken / seconds['assetmap']:8.1f} x")
    print(f"asked for: {TARGET:g} times faster than pyrosm")
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "seconds": seconds}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
