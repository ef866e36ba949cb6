"""Streets into walking metres: a graph of every vertex, places snapped to it, the shortest walk to the nearest of them.

Distances are metres on the British National Grid. A length taken on that grid differs from one taken on the ground by
its scale factor, between 0.9996 and 1.0009 across England: less than a metre in a kilometre.

Shortest walks are found by Dijkstra's method (1959), in :func:`scipy.sparse.csgraph.dijkstra`. The steps from a place's
entrance to the street are part of the walk: each entrance is a node of its own, joined to the street by an edge as
long as that offset. :func:`meeting` puts a node on the street where it comes nearest. :class:`Hills` puts metres of
level ground that take as long in the place of metres, so that everything that is asked of walks can allow for hills.
"""

from assetmap.network.graph import HOME_STEP_M, Network, build_network, step_free, stepped, wheelchair_words
from assetmap.network.hills import Hills, Relief, level_metres, share_with_heights
from assetmap.network.kept import kept_network
from assetmap.network.meeting import from_doors, meeting
from assetmap.network.snapping import OUTLINE_STEP_M, SNAP_LIMIT_M, Entries, Snap, entries_of, snap
from assetmap.network.walking import (
    WALK_METRES_PER_MINUTE,
    Method,
    Nearest,
    straight_from,
    walk_from,
    walk_matrix,
    walk_minutes,
)
from assetmap.network.walkways import Walkways

__all__ = [
    "HOME_STEP_M",
    "OUTLINE_STEP_M",
    "SNAP_LIMIT_M",
    "WALK_METRES_PER_MINUTE",
    "Entries",
    "Hills",
    "Method",
    "Nearest",
    "Network",
    "Relief",
    "Snap",
    "Walkways",
    "build_network",
    "entries_of",
    "from_doors",
    "kept_network",
    "level_metres",
    "meeting",
    "share_with_heights",
    "snap",
    "step_free",
    "stepped",
    "straight_from",
    "walk_from",
    "walk_matrix",
    "walk_minutes",
    "wheelchair_words",
]
