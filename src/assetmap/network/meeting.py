"""Nodes where doors meet the streets, so that a walk begins beside the door and not at the street's next corner."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from assetmap.network.graph import Ints, Network, Parted, graph_of
from assetmap.network.snapping import SNAP_LIMIT_M, Entries, Snap, snap
from assetmap.space import Floats

_CORNER_M = 0.01
"""So near a corner of the street, the corner itself is where a door meets it."""


def meeting(network: Network, points_m: Floats, limit_m: float = SNAP_LIMIT_M) -> Network:
    """The network with one more node wherever a street comes nearest to a point between two of its nodes.

    What was a node keeps its number, and walks between nodes stay as long as they were. In what comes back,
    :func:`assetmap.network.snap` finds the nearest point of the nearest street, to a centimetre.

    Parameters
    ----------
    points_m
        ``(k, 2)`` eastings and northings in metres; those that are NaN meet no street.
    limit_m
        A point further than this from every street meets none.

    Returns
    -------
    Network
        The same one where every point meets a street at a node that is there already.
    """
    ends, length_m = network.edges
    edge, share = _feet(network, length_m, points_m[np.isfinite(points_m).all(axis=1)], limit_m)
    if not len(edge):
        return network
    met, segment = np.unique(edge, return_inverse=True)
    between = Parted.at(len(network), ends[:, met], length_m[met], segment, share)
    nodes, lon_lat = (np.concatenate([points, between.points(points)]) for points in (network.nodes, network.lon_lat))
    graph = graph_of(
        len(nodes),
        np.concatenate([np.delete(ends, met, axis=1), between.ends], axis=1),
        np.concatenate([np.delete(length_m, met), between.length_m]),
    )
    return Network(
        nodes,
        lon_lat,
        graph,
        np.concatenate([network.component, network.component[ends[0, edge]]]),
        np.concatenate([network.residential, np.zeros(len(edge), dtype=bool)]),
        network.feet + len(edge),
    )


Parts = Callable[[Ints, Floats], tuple[Floats, Floats]]
"""How long both parts of edges are that are parted at a share of their length."""


def from_doors(
    network: Network, entries: Entries, limit_m: float = SNAP_LIMIT_M, parts: Parts | None = None
) -> tuple[Entries, Snap]:
    """Where doors meet the streets, for walks to nodes that are there already: no network is made.

    A door that meets its street between two nodes is left by both of them, by the way to the street and along it. Its
    walks to other nodes are those over the network of :func:`meeting`, which takes long to make for a whole city; to
    another door between the same two nodes there is no walk that stays between them.

    Parameters
    ----------
    entries, limit_m
        The doors; one further than the limit from every street meets none.
    parts
        Tells the way along the street in other metres than those of the network.

    Returns
    -------
    Entries, Snap
        A row an entry that meets a node or nothing, then two rows each for the others.
    """
    ends, length_m = network.edges
    known = np.flatnonzero(np.isfinite(entries.points_m).all(axis=1))
    door, edge, share = _between(network, length_m, entries.points_m[known], limit_m)
    to_start_m, to_end_m = (
        (share * length_m[edge], (1.0 - share) * length_m[edge]) if parts is None else parts(edge, share)
    )
    door, ends = known[door], ends[:, edge]
    elsewhere = np.delete(np.arange(len(entries.owner)), door)
    near = snap(network, entries.points_m[elsewhere], limit_m)
    start_m, end_m = network.nodes[ends]
    foot_m = start_m + share[:, None] * (end_m - start_m)
    away_m = np.sqrt(((foot_m - entries.points_m[door]) ** 2).sum(axis=1))
    row = np.concatenate([elsewhere, door, door])
    return Entries(entries.points_m[row], entries.owner[row]), Snap(
        np.concatenate([near.node, *ends]),
        np.concatenate([near.distance_m, away_m + to_start_m, away_m + to_end_m]),
    )


def _feet(network: Network, length_m: Floats, points_m: Floats, limit_m: float) -> tuple[Ints, Floats]:
    """Where streets come nearest to points between two nodes: the edge, in order, and the share of it before there."""
    _, edge, share = _between(network, length_m, points_m, limit_m)
    order = np.lexsort((share, edge))
    edge, share = edge[order], share[order]
    # doors that face each other across a street meet it at one node
    apart = np.ones(len(edge), dtype=bool)
    apart[1:] = (edge[1:] != edge[:-1]) | (np.diff(share * length_m[edge]) > _CORNER_M)
    return edge[apart], share[apart]


def _between(network: Network, length_m: Floats, points_m: Floats, limit_m: float) -> tuple[Ints, Ints, Floats]:
    """Which points meet a street between two nodes, the edge that each meets, and the share of it before there."""
    doors, tree = np.asarray(shapely.points(points_m), dtype=object), network.line_tree
    door, edge = tree.query_nearest(doors, max_distance=limit_m, all_matches=False)
    lines = np.asarray(tree.geometries, dtype=object)[edge]
    share = np.asarray(shapely.line_locate_point(lines, doors[door], normalized=True), dtype=np.float64)
    along_m = share * length_m[edge]
    inside = (along_m > _CORNER_M) & (length_m[edge] - along_m > _CORNER_M)
    return door[inside], edge[inside], share[inside]
