"""Rutland's whole street network: every walk to the nearest library or place of worship is the one networkx finds."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pyogrio
import pytest
import shapely

from assetmap.network import HOME_STEP_M, build_network, entries_of, meeting, snap, walk_from
from assetmap.tables import Assets, Streets
from town import node_names, second_opinion


@pytest.fixture(scope="module")
def county(real_data: Path) -> Path:
    return real_data / "rutland" / "rutland-2022-07-20.osm.pbf"


@pytest.fixture(scope="module")
def streets(county: Path) -> Streets:
    ways = pyogrio.read_dataframe(county, layer="lines", columns=["highway"], where="highway IS NOT NULL")
    return Streets(ways.assign(kind=ways["highway"].where(ways["highway"] == "residential", "path")))


@pytest.fixture(scope="module")
def places(county: Path) -> Assets:
    wanted = "amenity IN ('library', 'place_of_worship')"
    return Assets(pyogrio.read_dataframe(county, layer="multipolygons", columns=["amenity"], where=wanted))


def test_every_walk_in_rutland_is_the_one_networkx_finds(streets: Streets, places: Assets) -> None:
    network, graph = build_network(streets), second_opinion(streets)
    placed = snap(network, entries_of(places).points_m)
    walked = walk_from(network, placed.node, placed.distance_m).distance_m

    names = node_names(network.lon_lat)
    for entry, (node, offset_m) in enumerate(zip(placed.node, placed.distance_m, strict=True)):
        graph.add_edge(entry, names[node], length_m=offset_m)
    lengths = nx.multi_source_dijkstra_path_length(graph, set(range(len(placed.node))), weight="length_m")
    expected = np.array([lengths.get(name, np.inf) for name in names])

    assert len(graph) == len(network) + len(placed.node)
    assert (np.isinf(walked) == np.isinf(expected)).all()
    reached = np.isfinite(expected)
    assert np.abs(walked[reached] - expected[reached]).max() < 0.01
    # Both outcomes are really tested: most of the county is reached, and some ways join nothing that has a place.
    assert 0.9 < reached.mean() < 1.0


def test_rutlands_pieces_are_those_networkx_finds(streets: Streets) -> None:
    network, graph = build_network(streets), second_opinion(streets)
    sizes = sorted((len(piece) for piece in nx.connected_components(graph)), reverse=True)
    assert np.bincount(network.component).tolist() == sizes
    assert network.graph.nnz == 2 * graph.number_of_edges()


def test_along_its_long_residential_streets_people_set_out_every_50_metres_and_walks_stay_as_long(
    streets: Streets, places: Assets
) -> None:
    network, parted = build_network(streets), build_network(streets, HOME_STEP_M)
    assert len(network) < len(parted) < 1.05 * len(network)
    placed = snap(network, entries_of(places).points_m)
    before, after = (walk_from(each, placed.node, placed.distance_m).distance_m for each in (network, parted))
    reached = np.isfinite(before)
    assert (np.isfinite(after[: len(network)]) == reached).all()
    assert np.abs(after[: len(network)][reached] - before[reached]).max() < 1e-6


def test_every_walk_from_a_door_beside_a_street_is_the_one_networkx_finds(streets: Streets, places: Assets) -> None:
    plain, graph = build_network(streets), second_opinion(streets)
    doors_m = entries_of(places).points_m
    met = meeting(plain, doors_m)
    assert met.feet > 100
    placed = snap(met, doors_m)
    walked = walk_from(met, placed.node, placed.distance_m).distance_m[: len(plain)]

    # each door by itself: so far to its street, and along that to both of the street's corners
    names = node_names(plain.lon_lat)
    ends, length_m = plain.edges
    lines = shapely.linestrings(plain.nodes[ends.T])
    door, edge = shapely.STRtree(lines).query_nearest(shapely.points(doors_m), max_distance=500, all_matches=False)
    off_m = shapely.distance(lines[edge], shapely.points(doors_m[door]))
    along_m = shapely.line_locate_point(lines[edge], shapely.points(doors_m[door]))
    for nth in range(len(door)):
        first, last = (names[node] for node in ends[:, edge[nth]])
        graph.add_edge(nth, first, length_m=off_m[nth] + along_m[nth])
        graph.add_edge(nth, last, length_m=off_m[nth] + length_m[edge[nth]] - along_m[nth])
    lengths = nx.multi_source_dijkstra_path_length(graph, set(range(len(door))), weight="length_m")
    expected = np.array([lengths.get(name, np.inf) for name in names])
    reached = np.isfinite(expected)
    assert (np.isfinite(walked) == reached).all()
    assert np.abs(walked[reached] - expected[reached]).max() < 0.01

    # and no door is further from a street than from the street's nearest corner
    before = snap(plain, doors_m)
    on_both = before.node >= 0
    assert (placed.distance_m[on_both] <= before.distance_m[on_both] + 0.01).all()
    assert (before.distance_m[on_both] - placed.distance_m[on_both]).max() > 20
