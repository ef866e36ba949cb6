"""The shortest walks: from every node to the nearest of some places, and between places and nodes within a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from assetmap.network.graph import Ints, Network
from assetmap.network.snapping import Entries, Snap, nearest_points
from assetmap.space import Floats

Method = Literal["walking", "straight line"]
"""How a distance was found; it goes with every answer, so that a straight line is never called a walk."""

WALK_METRES_PER_MINUTE: Final = 80.0
"""4.8 km/h: a steady walk for an adult. With a small child or a stick it is slower."""

_DISTANCES_AT_ONCE: Final = 4_000_000
_LEAST_SQUARE_M: Final = 500.0
_ROUNDING_M: Final = 1.0
_NO_WALKS: Final = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


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


def walk_minutes(distance_m: Floats) -> Floats:
    """Minutes to walk so many metres at :data:`WALK_METRES_PER_MINUTE`; infinite and NaN stay so."""
    return distance_m / WALK_METRES_PER_MINUTE


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

    For what each place would change by itself; :func:`walk_from` is far faster for the nearest of them all. A walk
    within the limit stays within it in a straight line too, so places that are near each other are walked from
    together, over the streets around them only: the walks are those over the whole network, to the last digit.

    Parameters
    ----------
    entries, snapped
        The entries of the places and where :func:`snap` put them.
    places
        How many places there are; one without an entry on the network gets an empty row.
    target_nodes
        ``(t,)`` different nodes; -1, which may stand more than once, is never reached.
    limit_m
        The longest walk that is kept.

    Returns
    -------
    sparse.coo_array
        ``(places, t)`` metres. What is stored is within the limit, a walk of no length among it; what is not is beyond.

    Raises
    ------
    ValueError
        If a node stands among the targets more than once.
    """
    known = np.flatnonzero(target_nodes >= 0)
    target = np.full(len(network), -1, dtype=np.int64)
    target[target_nodes[known]] = known
    if (target[target_nodes[known]] != known).any():
        raise ValueError("Each target may stand among the targets only once.")
    number = np.full(len(network), -1, dtype=np.int64)
    at = np.flatnonzero(snapped.node >= 0)
    eastward = _Eastward(network.nodes)
    found = [_NO_WALKS]
    for chosen in _near_each_other(network, entries.owner[at], snapped.node[at], limit_m):
        doors = at[chosen]
        around = eastward.around(network.nodes[snapped.node[doors]], limit_m)
        number[around] = np.arange(len(around))
        place, source = np.unique(entries.owner[doors], return_inverse=True)
        graph = _with_sources(
            _part(network.graph, around, number), source, number[snapped.node[doors]], snapped.distance_m[doors],
            len(place),
        )  # fmt: skip
        number[around] = -1
        found += [
            (place[row], target[around[column]], metres)
            for row, column, metres in _walks(graph, len(around), np.flatnonzero(target[around] >= 0), limit_m)
        ]
    row, column, metres = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return sparse.coo_array((metres, (row, column)), shape=(places, len(target_nodes)))


def _near_each_other(network: Network, owner: Ints, node: Ints, limit_m: float) -> list[Ints]:
    """The entries in batches, those of a place in one, those of places in one square of so many metres in one."""
    if not len(owner):
        return []
    if not np.isfinite(limit_m):
        return [np.arange(len(owner))]
    _, first, which = np.unique(owner, return_index=True, return_inverse=True)
    square = np.floor(network.nodes[node[first]] / max(limit_m, _LEAST_SQUARE_M)).astype(np.int64)
    _, batch = np.unique(square, axis=0, return_inverse=True)
    of_entry = batch[which]
    order = np.argsort(of_entry, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(of_entry[order])) + 1)


class _Eastward:
    """The nodes from west to east, so that those around a point are soon found."""

    def __init__(self, nodes: Floats) -> None:
        self._order = np.argsort(nodes[:, 0])
        self._east_m, self._north_m = nodes[self._order].T

    def around(self, points_m: Floats, limit_m: float) -> Ints:
        """The nodes in the rectangle that holds every walk of at most so many metres from some points."""
        low, high = points_m.min(axis=0) - limit_m - _ROUNDING_M, points_m.max(axis=0) + limit_m + _ROUNDING_M
        strip = slice(np.searchsorted(self._east_m, low[0]), np.searchsorted(self._east_m, high[0], side="right"))
        inside = (self._north_m[strip] >= low[1]) & (self._north_m[strip] <= high[1])
        return np.asarray(self._order[strip][inside], dtype=np.int64)


def _part(graph: sparse.csr_array, around: Ints, number: Ints) -> sparse.csr_array:
    """The edges between some nodes, which ``number`` numbers anew; by hand, for scipy looks at every column."""
    begins = graph.indptr[around].astype(np.int64)
    counts = graph.indptr[around + 1] - begins
    ends = np.concatenate([[0], np.cumsum(counts)])
    edge = np.repeat(begins - ends[:-1], counts) + np.arange(ends[-1])
    to = number[graph.indices[edge]]
    inside = to >= 0
    kept = np.concatenate([[0], np.cumsum(inside)])
    return sparse.csr_array((graph.data[edge[inside]], to[inside], kept[ends]), shape=(len(around), len(around)))


def _walks(graph: sparse.csr_array, nodes: int, targets: Ints, limit_m: float) -> Iterator[tuple[Ints, Ints, Floats]]:
    """From the sources, which are numbered after the nodes, to the targets: source, target and metres of each walk."""
    sources = graph.shape[0] - nodes
    # distances are a full array of every node, so only so many sources are walked from at once
    for chosen in np.array_split(np.arange(sources), sources * nodes // _DISTANCES_AT_ONCE + 1):
        metres = csgraph.dijkstra(graph, indices=nodes + chosen, limit=limit_m)[:, targets]
        row, column = np.nonzero(np.isfinite(metres))
        yield chosen[row], targets[column], metres[row, column]


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
    distance_m, position = nearest_points(cKDTree(entries_m[known]), origins_m, np.inf)
    nearest = np.full(len(origins_m), -1, dtype=np.int64)
    nearest[position >= 0] = known[position[position >= 0]]
    distance_m[~np.isfinite(origins_m).all(axis=1)] = np.nan
    return Nearest(distance_m, nearest, "straight line")
