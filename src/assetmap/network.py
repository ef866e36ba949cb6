"""Streets into walking metres: a graph of every vertex, places snapped to it, the shortest walk to the nearest of them.

Distances are metres on the British National Grid. A length taken on that grid differs from one taken on the ground by
its scale factor, between 0.9996 and 1.0009 across England: less than a metre in a kilometre.

Shortest walks are found by Dijkstra's method (1959), in :func:`scipy.sparse.csgraph.dijkstra`. The steps from a place's
entrance to the street are part of the walk: each entrance is a node of its own, joined to the street by an edge as
long as that offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from assetmap.space import Floats, points_to_measured, to_measured
from assetmap.tables import Assets, Streets

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Method = Literal["walking", "straight line"]
"""How a distance was found; it goes with every answer, so that a straight line is never called a walk."""

WALK_METRES_PER_MINUTE: Final = 80.0
"""4.8 km/h: a steady walk for an adult. With a small child or a stick it is slower."""

SNAP_LIMIT_M: Final = 500.0
"""Further than this from any street, a place counts as not on the network rather than at its nearest street."""

OUTLINE_STEP_M: Final = 25.0
"""A place with only an outline may be entered all along it: at its corners and at least this often between them."""

_UNITS_PER_DEGREE: Final = 1e7
_CELLS_OF_LATITUDE: Final = 2_000_000_000
_SOURCES_AT_ONCE: Final = 64


@dataclass(frozen=True, eq=False)
class Network:
    """Streets as a graph that can be walked both ways.

    Attributes
    ----------
    nodes
        ``(n, 2)`` eastings and northings in metres (British National Grid), in order of longitude then latitude.
    lon_lat
        ``(n, 2)`` longitudes and latitudes in degrees (WGS 84), to seven decimals.
    graph
        ``(n, n)`` symmetric CSR array of metres between neighbouring nodes; no entry is zero.
    component
        ``(n,)`` the connected piece that each node is in, numbered by size: 0 has the most nodes.
    residential
        ``(n,)`` true where a street that people live on passes.
    """

    nodes: Floats
    lon_lat: Floats
    graph: sparse.csr_array
    component: Ints
    residential: Flags

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self.nodes)

    @cached_property
    def tree(self) -> cKDTree:
        """A search tree of the nodes, grown when it is first asked for."""
        return cKDTree(self.nodes)


@dataclass(frozen=True, eq=False)
class Entries:
    """The points at which places are entered; a place has one or more.

    Attributes
    ----------
    points_m
        ``(k, 2)`` eastings and northings in metres.
    owner
        ``(k,)`` the position, in the frame they were taken from, of the place that each belongs to.
    """

    points_m: Floats
    owner: Ints


@dataclass(frozen=True, eq=False)
class Snap:
    """Where points meet the network.

    Attributes
    ----------
    node
        ``(k,)`` the nearest node, -1 where there is none within the limit.
    distance_m
        ``(k,)`` straight-line metres from point to node, infinite where there is none within the limit.
    """

    node: Ints
    distance_m: Floats


@dataclass(frozen=True, eq=False)
class Nearest:
    """How far the nearest entry is, from every node of a network or from every origin.

    Attributes
    ----------
    distance_m
        Metres; infinite where no entry can be reached, NaN where there was nothing to measure from.
    nearest_entry
        The position of that entry among those asked about, -1 where there is none; ``owner`` at that position is its
        place.
    method
        Whether these are walks or straight lines.
    """

    distance_m: Floats
    nearest_entry: Ints
    method: Method


def build_network(streets: Streets) -> Network:
    """The graph of streets, with a node at every vertex of every line.

    Two streets meet where they share a vertex to the seventh decimal of a degree (a centimetre), as in OpenStreetMap:
    one that passes over another on a bridge does not meet it. Each edge is the straight line between two vertices that
    follow each other in a line, in metres on the British National Grid. Segments of no length and second copies of an
    edge are left out; islands are kept, and numbered in ``component``.

    Parameters
    ----------
    streets
        Lines in EPSG:4326; ``kind`` is ``residential`` for those that people live on. None at all gives a network
        without nodes, which every function here accepts.
    """
    lines, way = shapely.get_parts(np.asarray(streets.geometry.array, dtype=object), return_index=True)
    degrees, line = shapely.get_coordinates(lines, return_index=True)
    lon_lat, node = _shared_vertices(degrees)
    nodes = np.column_stack(points_to_measured(lon_lat[:, 0], lon_lat[:, 1]))
    graph = _graph(nodes, node, follows=line[1:] == line[:-1])
    lived_on = (streets["kind"] == "residential").to_numpy(dtype=bool)
    residential = np.zeros(len(nodes), dtype=bool)
    residential[node[lived_on[way[line]]]] = True
    return Network(nodes, lon_lat, graph, _pieces(graph), residential)


def _shared_vertices(degrees: Floats) -> tuple[Floats, Ints]:
    """The distinct vertices to seven decimals, and which of them each vertex is."""
    lon, lat = np.rint(degrees * _UNITS_PER_DEGREE).astype(np.int64).T
    # One whole number for each position sorts many times faster than rows of two.
    keys, node = np.unique(lon * _CELLS_OF_LATITUDE + lat + _CELLS_OF_LATITUDE // 2, return_inverse=True)
    east, north = np.divmod(keys, _CELLS_OF_LATITUDE)
    lon_lat = np.column_stack([east, north - _CELLS_OF_LATITUDE // 2]) / _UNITS_PER_DEGREE
    return lon_lat, node


def _graph(nodes: Floats, node: Ints, follows: Flags) -> sparse.csr_array:
    """Metres between the nodes of vertices that follow each other in a line, both ways."""
    ends = np.column_stack([node[:-1], node[1:]])[follows]
    low, high = ends.min(axis=1), ends.max(axis=1)
    count = len(nodes)
    # Copies of an edge join the same two nodes, so they are equally long: keeping either keeps the shorter.
    edges = np.unique((low * count + high)[low != high])
    low, high = np.divmod(edges, max(count, 1))
    length_m = np.hypot(*(nodes[low] - nodes[high]).T)
    both_ways = (np.concatenate([low, high]), np.concatenate([high, low]))
    return sparse.csr_array((np.concatenate([length_m, length_m]), both_ways), shape=(count, count))


def _pieces(graph: sparse.csr_array) -> Ints:
    """The connected piece of each node, the largest being 0."""
    if graph.shape[0] == 0:
        return np.zeros(0, dtype=np.int64)
    _, label = csgraph.connected_components(graph, directed=False)
    by_size = np.argsort(-np.bincount(label), kind="stable")
    rank = np.empty_like(by_size)
    rank[by_size] = np.arange(len(by_size))
    return np.asarray(rank[label], dtype=np.int64)


def walk_minutes(distance_m: Floats) -> Floats:
    """Minutes to walk so many metres at :data:`WALK_METRES_PER_MINUTE`; infinite and NaN stay so."""
    return distance_m / WALK_METRES_PER_MINUTE


def entries_of(assets: Assets) -> Entries:
    """The points at which each place can be entered, in metres on the British National Grid.

    Those of its ``access`` shape where it has one (the gates of a park); else its own points; else, for an outline or a
    line, points along it no more than :data:`OUTLINE_STEP_M` apart. A place without a shape has none.

    Parameters
    ----------
    assets
        In EPSG:4326. The ``access`` column may be missing, or empty in any row. No rows give no entries.
    """
    shapes = np.asarray(assets.geometry.array, dtype=object)
    if "access" in assets.columns:
        gates = np.asarray(gpd.GeoSeries(assets["access"]).array, dtype=object)
        shapes = np.where(shapely.is_missing(gates) | shapely.is_empty(gates), shapes, gates)
    measured = np.asarray(to_measured(gpd.GeoSeries(shapes, crs=assets.crs)).array, dtype=object)
    points_m, owner = shapely.get_coordinates(shapely.segmentize(measured, OUTLINE_STEP_M), return_index=True)
    return Entries(points_m, owner)


def snap(network: Network, points_m: Floats, limit_m: float = SNAP_LIMIT_M) -> Snap:
    """The node nearest to each point, and how far it is in a straight line.

    Parameters
    ----------
    points_m
        ``(k, 2)`` eastings and northings in metres. A point that is NaN meets no node.
    limit_m
        A point further than this from every node meets none.
    """
    distance_m, node = _nearest_points(network.tree, points_m, limit_m)
    return Snap(node, distance_m)


def _nearest_points(tree: cKDTree, points_m: Floats, limit_m: float) -> tuple[Floats, Ints]:
    """The distance to, and position of, the nearest point of a tree; infinite and -1 beyond the limit."""
    distance_m = np.full(len(points_m), np.inf)
    position = np.full(len(points_m), -1, dtype=np.int64)
    known = np.isfinite(points_m).all(axis=1)
    if tree.n == 0 or not known.any():
        return distance_m, position
    found_m, found = tree.query(points_m[known], distance_upper_bound=np.nextafter(limit_m, np.inf))
    distance_m[known] = found_m
    position[known] = np.where(np.isfinite(found_m), found, -1)
    return distance_m, position


def walk_from(network: Network, entry_nodes: Ints, entry_offsets_m: Floats, limit_m: float = np.inf) -> Nearest:
    """The shortest walk from every node to the nearest of some entries, the entry's own offset included.

    Parameters
    ----------
    entry_nodes, entry_offsets_m
        ``(k,)`` the node of each entry and the metres between them, as :func:`snap` gives them. An entry on no node
        (-1) takes no part.
    limit_m
        Walks longer than this are not followed: their nodes are infinite.

    Returns
    -------
    Nearest
        One row a node: infinite, and entry -1, where no walk reaches. No entries at all give that everywhere.
    """
    on_network = np.flatnonzero(entry_nodes >= 0)
    nodes = len(network)
    if len(on_network) == 0:
        return Nearest(np.full(nodes, np.inf), np.full(nodes, -1, dtype=np.int64), "walking")
    source = np.arange(len(on_network))
    joined = _with_sources(network.graph, source, entry_nodes[on_network], entry_offsets_m[on_network], len(source))
    distance_m, _, start = csgraph.dijkstra(
        joined, indices=nodes + source, min_only=True, return_predecessors=True, limit=limit_m
    )
    distance_m, start = distance_m[:nodes], start[:nodes]
    reached = np.isfinite(distance_m)
    nearest = np.full(nodes, -1, dtype=np.int64)
    nearest[reached] = on_network[start[reached] - nodes]
    return Nearest(distance_m, nearest, "walking")


def _with_sources(
    graph: sparse.csr_array, source: Ints, entry_nodes: Ints, entry_offsets_m: Floats, sources: int
) -> sparse.csr_array:
    """The graph with one more node a source, from which an edge as long as its offset leads to each of its entries.

    The edges lead one way, so no walk passes through a place. Rows are laid end to end by hand: made from coordinates,
    a sparse array adds up the offsets of two entrances of one place that share a node.
    """
    order = np.argsort(source, kind="stable")
    ends = graph.indptr[-1] + np.cumsum(np.bincount(source, minlength=sources))
    size = graph.shape[0] + sources
    return sparse.csr_array(
        (
            np.concatenate([graph.data, entry_offsets_m[order]]),
            np.concatenate([graph.indices, entry_nodes[order]]),
            np.concatenate([graph.indptr, ends]),
        ),
        shape=(size, size),
    )


def walk_matrix(
    network: Network, entries: Entries, snapped: Snap, places: int, target_nodes: Ints, limit_m: float
) -> sparse.coo_array:
    """Every walk no longer than a limit between some places and some nodes, each place's own offset included.

    For what each place would change by itself; :func:`walk_from` is far faster for the nearest of them all.

    Parameters
    ----------
    entries, snapped
        The entries of the places and where :func:`snap` put them.
    places
        How many places there are; one without an entry on the network gets an empty row.
    target_nodes
        ``(t,)`` nodes, repeats allowed; -1 is never reached.
    limit_m
        The longest walk that is kept.

    Returns
    -------
    sparse.coo_array
        ``(places, t)`` metres. What is stored is within the limit, a walk of no length among it; what is not is beyond.
    """
    nodes = len(network)
    on_network = snapped.node >= 0
    joined = _with_sources(
        network.graph, entries.owner[on_network], snapped.node[on_network], snapped.distance_m[on_network], places
    )
    known = np.flatnonzero(target_nodes >= 0)
    # One block's distances are a full array of every node, so only a few sources are walked at once.
    blocks = [
        _block(joined, nodes + chosen, target_nodes[known], limit_m)
        for chosen in np.array_split(np.arange(places), places // _SOURCES_AT_ONCE + 1)
    ]
    metres = sparse.vstack(blocks, format="coo")
    return sparse.coo_array((metres.data, (metres.row, known[metres.col])), shape=(places, len(target_nodes)))


def _block(joined: sparse.csr_array, sources: Ints, target_nodes: Ints, limit_m: float) -> sparse.coo_array:
    """The walks from a few sources to the targets, each within the limit."""
    distance_m = csgraph.dijkstra(joined, indices=sources, limit=limit_m)[:, target_nodes]
    row, column = np.nonzero(np.isfinite(distance_m))
    return sparse.coo_array((distance_m[row, column], (row, column)), shape=distance_m.shape)


def straight_from(origins_m: Floats, entries_m: Floats) -> Nearest:
    """The straight-line twin of :func:`walk_from`, for a place without a street network; never to be called walking.

    Parameters
    ----------
    origins_m, entries_m
        ``(m, 2)`` and ``(k, 2)`` eastings and northings in metres. Entries that are NaN take no part.

    Returns
    -------
    Nearest
        One row an origin: infinite where there is no entry at all, NaN where the origin itself is NaN.
    """
    known = np.flatnonzero(np.isfinite(entries_m).all(axis=1))
    distance_m, position = _nearest_points(cKDTree(entries_m[known]), origins_m, np.inf)
    nearest = np.full(len(origins_m), -1, dtype=np.int64)
    nearest[position >= 0] = known[position[position >= 0]]
    distance_m[~np.isfinite(origins_m).all(axis=1)] = np.nan
    return Nearest(distance_m, nearest, "straight line")
