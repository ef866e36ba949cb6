"""Nodes where doors meet the streets, so that a walk begins beside the door and not at the street's next corner."""

from __future__ import annotations

import numpy as np
import shapely

from assetmap.network.graph import Ints, Network, Parted, graph_of
from assetmap.network.snapping import SNAP_LIMIT_M
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
    edge, share = _feet(network, ends, length_m, points_m[np.isfinite(points_m).all(axis=1)], limit_m)
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


def _feet(network: Network, ends: Ints, length_m: Floats, points_m: Floats, limit_m: float) -> tuple[Ints, Floats]:
    """Where streets come nearest to points between two nodes: the edge, in order, and the share of it before there."""
    doors, tree = np.asarray(shapely.points(points_m), dtype=object), network.line_tree
    door, edge = tree.query_nearest(doors, max_distance=limit_m, all_matches=False)
    lines = np.asarray(tree.geometries, dtype=object)[edge]
    share = np.asarray(shapely.line_locate_point(lines, doors[door], normalized=True), dtype=np.float64)
    along_m = share * length_m[edge]
    inside = (along_m > _CORNER_M) & (length_m[edge] - along_m > _CORNER_M)
    edge, share, along_m = edge[inside], share[inside], along_m[inside]
    order = np.lexsort((share, edge))
    edge, share, along_m = edge[order], share[order], along_m[order]
    # doors that face each other across a street meet it at one node
    apart = np.ones(len(edge), dtype=bool)
    apart[1:] = (edge[1:] != edge[:-1]) | (np.diff(along_m) > _CORNER_M)
    return edge[apart], share[apart]
