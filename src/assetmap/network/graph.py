"""Streets as a graph: a node at every vertex of every line, and along the long straight streets that people live on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from assetmap.arrays import distinct
from assetmap.space import Floats, points_to_measured
from assetmap.tables import Streets

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HOME_STEP_M: Final = 50.0
"""People set out from a street that they live on at least this often, however far apart its corners are."""

_UNITS_PER_DEGREE: Final = 1e7
_CELLS_OF_LATITUDE: Final = 2_000_000_000


@dataclass(frozen=True, eq=False)
class Network:
    """Streets as a graph that can be walked both ways.

    Attributes
    ----------
    nodes
        ``(n, 2)`` eastings and northings in metres (British National Grid): the vertices, in order of longitude then
        latitude, and after them the nodes along long segments.
    lon_lat
        ``(n, 2)`` longitudes and latitudes in degrees (WGS 84), those of vertices to seven decimals.
    graph
        ``(n, n)`` symmetric CSR array of metres between neighbouring nodes; no entry is zero.
    component
        ``(n,)`` the connected piece that each node is in, numbered by size: 0 has the most nodes.
    residential
        ``(n,)`` true where a street that people live on passes.
    feet
        How many nodes, the last ones, are only where doors meet streets (:func:`assetmap.network.meeting`).
    """

    nodes: Floats
    lon_lat: Floats
    graph: sparse.csr_array
    component: Ints
    residential: Flags
    feet: int = 0

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self.nodes)

    @cached_property
    def tree(self) -> cKDTree:
        """A search tree of the nodes, grown when it is first asked for."""
        return cKDTree(self.nodes)

    @cached_property
    def edges(self) -> tuple[Ints, Floats]:
        """``(2, m)`` the two nodes of each edge, and ``(m,)`` its metres."""
        once = sparse.triu(self.graph, format="coo")
        return np.stack([once.row, once.col]).astype(np.int64), once.data

    @cached_property
    def line_tree(self) -> shapely.STRtree:
        """A search tree of the edges as lines in metres, in their order."""
        return shapely.STRtree(np.asarray(shapely.linestrings(self.nodes[self.edges[0].T]), dtype=object))


def build_network(streets: Streets, home_step_m: float = np.inf) -> Network:
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
    home_step_m
        Segments of streets that people live on which are longer than this many metres are parted into equal ones that
        are not: :data:`HOME_STEP_M`, or infinite to part none. Walks between vertices stay as long as they were.
    """
    lines, way = _lines(streets)
    degrees, line = shapely.get_coordinates(lines, return_index=True)
    lon_lat, node = _shared_vertices(degrees)
    nodes = np.column_stack(points_to_measured(lon_lat[:, 0], lon_lat[:, 1]))
    lived_on = (streets["kind"] == "residential").to_numpy(dtype=bool)[way[line]]
    residential = np.zeros(len(nodes), dtype=bool)
    residential[node[lived_on]] = True
    follows = np.flatnonzero(line[1:] == line[:-1])
    named = _segment_names(len(nodes), node[follows], node[follows + 1])
    # Copies of a segment join the same two nodes, so they are equally long: keeping either keeps the shorter.
    segments = distinct(named[named >= 0])
    ends = np.stack(np.divmod(segments, max(len(nodes), 1)))
    length_m = np.hypot(*(nodes[ends[0]] - nodes[ends[1]]).T)
    long = np.flatnonzero(length_m > home_step_m)
    if len(long):
        lived_on_names = distinct(named[lived_on[follows]])
        long = long[np.isin(segments[long], lived_on_names, assume_unique=True, kind="sort")]
        between = Parted.into(home_step_m, len(nodes), ends[:, long], length_m[long])
        nodes, lon_lat = (np.concatenate([points, between.points(points)]) for points in (nodes, lon_lat))
        residential = np.concatenate([residential, np.ones(len(nodes) - len(residential), dtype=bool)])
        ends = np.concatenate([np.delete(ends, long, axis=1), between.ends], axis=1)
        length_m = np.concatenate([np.delete(length_m, long), between.length_m])
    graph = graph_of(len(nodes), ends, length_m)
    return Network(nodes, lon_lat, graph, _pieces(graph), residential)


def step_free(streets: Streets) -> Streets:
    """The streets without steps and without those of which it is said that no wheelchair can use them.

    Steps and barriers that nobody has mapped are still among them.

    Parameters
    ----------
    streets
        With ``details``, the JSON objects that the store keeps.
    """
    return Streets(streets[~stepped(streets)].reset_index(drop=True))


def stepped(streets: Streets) -> Flags:
    """Which ways :func:`step_free` leaves out: ``(len(streets),)``."""
    return ((streets["kind"] == "steps") | (wheelchair_words(streets) == "no")).to_numpy(dtype=bool)


def wheelchair_words(streets: Streets) -> pd.Series[str]:
    """What is said of wheelchairs on each way, such as ``yes``, ``limited`` or ``no``; empty where nothing is."""
    said = [json.loads(details).get("wheelchair") or "" for details in streets["details"].fillna("{}")]
    return pd.Series(said, index=streets.index, dtype=object)


def _lines(streets: Streets) -> tuple[npt.NDArray[np.object_], Ints]:
    """Every line of every street, and the position of the street that it is of."""
    shapes = np.asarray(streets.geometry.array, dtype=object)
    if (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING).all():
        return shapes, np.arange(len(shapes))  # taking millions of lines out of themselves takes seconds
    lines, way = shapely.get_parts(shapes, return_index=True)
    return lines, way


def _shared_vertices(degrees: Floats) -> tuple[Floats, Ints]:
    """The distinct vertices to seven decimals, and which of them each vertex is."""
    lon, lat = np.rint(degrees * _UNITS_PER_DEGREE).astype(np.int64).T
    # One whole number for each position sorts many times faster than rows of two.
    keys, node = np.unique(lon * _CELLS_OF_LATITUDE + lat + _CELLS_OF_LATITUDE // 2, return_inverse=True)
    east, north = np.divmod(keys, _CELLS_OF_LATITUDE)
    lon_lat = np.column_stack([east, north - _CELLS_OF_LATITUDE // 2]) / _UNITS_PER_DEGREE
    return lon_lat, node


def _segment_names(count: int, start: Ints, end: Ints) -> Ints:
    """One number for each segment between two of so many nodes, either way round; -1 for one of no length."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    return np.where(low == high, -1, low * count + high)


@dataclass(frozen=True, eq=False)
class Parted:
    """Segments parted, with new nodes between that are numbered after those there are.

    Attributes
    ----------
    ends, length_m
        The two nodes of each part and its metres, segment by segment from its first end to its second.
    """

    ends: Ints
    length_m: Floats
    _outer: Ints
    _share: Floats

    @classmethod
    def into(cls, step_m: float, count: int, ends: Ints, length_m: Floats) -> Parted:
        """Into equal parts of no more than so many metres."""
        inner = np.ceil(length_m / step_m).astype(np.int64) - 1
        segment = np.repeat(np.arange(len(inner)), inner)
        nth = np.arange(len(segment)) - np.repeat(np.cumsum(inner) - inner, inner)
        return cls.at(count, ends, length_m, segment, (nth + 1) / (inner + 1)[segment])

    @classmethod
    def at(cls, count: int, ends: Ints, length_m: Floats, segment: Ints, share: Floats) -> Parted:
        """At the given shares of their lengths: ``segment`` in order, and ``share`` in order within each."""
        parts = np.bincount(segment, minlength=len(length_m)) + 1
        of = np.repeat(np.arange(len(parts)), parts)
        nth = np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
        first, last = nth == 0, nth == parts[of] - 1
        # a segment of so many parts has one new node fewer, and each part but the first begins at one
        begins = np.arange(len(of)) - of - 1
        padded = np.append(share, [1.0, 0.0])
        span = np.where(last, 1.0, padded[begins + 1]) - np.where(first, 0.0, padded[begins])
        pairs = [np.where(first, ends[0][of], count + begins), np.where(last, ends[1][of], count + begins + 1)]
        return cls(np.stack(pairs), span * length_m[of], ends[:, segment], share)

    def points(self, points: Floats) -> Floats:
        """Where the new nodes are, in the coordinates of the points given."""
        start, end = points[self._outer]
        return np.asarray(start + self._share[:, None] * (end - start))


def graph_of(count: int, ends: Ints, length_m: Floats) -> sparse.csr_array:
    """Metres between neighbouring nodes, both ways."""
    # as Dijkstra's method in scipy wants them, which would else make them so each time
    both_ways = (ends.ravel().astype(np.int32), ends[::-1].ravel().astype(np.int32))
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
