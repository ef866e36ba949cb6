"""Every walk between places and the people near them, kept once, so that any change of places is worked out at once.

Closing, opening or moving a place changes which walks count, not how long any of them is: so what was lost between two
dates, and what would be lost tomorrow, are the same question put to one matrix with other places open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from assetmap.network import Entries, Method, Network, snap, walk_matrix
from assetmap.space import Floats

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

HOUR_M: Final = 4_800.0
"""An hour's walk at 80 metres a minute: walks longer than this are not kept, and are told as 'more than an hour'."""


@dataclass(frozen=True, eq=False)
class Walks:
    """The walks between some places and the origins of a place's people, none longer than a limit.

    Attributes
    ----------
    metres
        ``(places, origins)`` COO array of metres. What is stored is within ``limit_m``, a walk of no length among it;
        what is not is further.
    measured
        ``(origins,)`` false where an origin is on no street, so that nothing can be said of it.
    limit_m
        The longest walk kept, in metres.
    method
        Whether these are walks or straight lines.
    """

    metres: sparse.coo_array
    measured: Flags
    limit_m: float
    method: Method

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.metres.shape[0])

    @cached_property
    def _by_origin(self) -> tuple[Floats, Ints, Ints, Ints]:
        """Metres and place of each walk, sorted by origin; which origins have any, and where each one's begin."""
        order = np.argsort(self.metres.col, kind="stable")
        origin = self.metres.col[order]
        begins = np.flatnonzero(np.diff(origin, prepend=-1))
        return self.metres.data[order], self.metres.row[order].astype(np.int64), origin[begins], begins

    def nearest_m(self, standing: Flags) -> Floats:
        """Metres from each origin to the nearest place that stands.

        Parameters
        ----------
        standing
            ``(places,)`` which of them do.

        Returns
        -------
        numpy.ndarray
            One value an origin: infinite where none is within the limit, NaN where the origin is on no street.
        """
        metres, place, origins, begins = self._by_origin
        nearest = np.full(len(self.measured), np.inf)
        if len(begins):
            nearest[origins] = np.minimum.reduceat(np.where(standing[place], metres, np.inf), begins)
        nearest[~self.measured] = np.nan
        return nearest

    def subset(self, places: Flags) -> Walks:
        """The walks to some of the places, which are numbered anew in the same order."""
        kept = places[self.metres.row]
        number = np.cumsum(places) - 1
        shape = (int(places.sum()), self.metres.shape[1])
        parts = (self.metres.data[kept], (number[self.metres.row[kept]], self.metres.col[kept]))
        return Walks(sparse.coo_array(parts, shape=shape), self.measured, self.limit_m, self.method)

    def and_to(self, more: Walks) -> Walks:
        """These walks and those to further places, which come after these."""
        stacked = sparse.vstack([self.metres, more.metres], format="coo")
        return Walks(stacked, self.measured, self.limit_m, self.method)


def network_walks(origins: pd.DataFrame, network: Network, entries: Entries, places: int, limit_m: float) -> Walks:
    """Walks along the streets, the steps from door to street at both ends included.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them.
    entries, places
        Where the places are entered, and how many places there are.
    limit_m
        The longest walk to keep, in metres.
    """
    node = origins["node"].to_numpy()
    on_street = node >= 0
    # many origins set out from one node: each node is walked to once
    nodes, which = np.unique(node[on_street], return_inverse=True)
    found = walk_matrix(network, entries, snap(network, entries.points_m), places, nodes, limit_m)
    position = np.flatnonzero(on_street)[np.argsort(which, kind="stable")]
    counts = np.bincount(which, minlength=len(nodes))
    begins = np.concatenate([[0], np.cumsum(counts)])
    repeats = counts[found.col]
    first = np.repeat(begins[found.col] - np.concatenate([[0], np.cumsum(repeats)])[:-1], repeats)
    origin = position[first + np.arange(repeats.sum())]
    metres = np.repeat(found.data, repeats) + origins["snap_m"].to_numpy()[origin]
    within = metres <= limit_m
    matrix = sparse.coo_array(
        (metres[within], (np.repeat(found.row, repeats)[within], origin[within])), shape=(places, len(node))
    )
    return Walks(matrix, on_street, limit_m, "walking")


def straight_walks(origins: pd.DataFrame, entries: Entries, places: int, limit_m: float) -> Walks:
    """The straight-line twin of :func:`network_walks`, never to be called walking."""
    points_m = origins[["x_m", "y_m"]].to_numpy()
    known = np.isfinite(points_m).all(axis=1)
    rows = [_near(points_m, known, entries.points_m[entries.owner == place], limit_m) for place in range(places)]
    place = np.repeat(np.arange(places), [len(near) for near, _ in rows])
    origin = np.concatenate([near for near, _ in rows] or [np.zeros(0, dtype=np.int64)])
    metres = np.concatenate([found for _, found in rows] or [np.zeros(0)])
    matrix = sparse.coo_array((metres, (place, origin)), shape=(places, len(points_m)))
    return Walks(matrix, known, limit_m, "straight line")


def _near(points_m: Floats, known: Flags, entries_m: Floats, limit_m: float) -> tuple[Ints, Floats]:
    """The points within the limit of the nearest of some entries, and how far each is."""
    entries_m = entries_m[np.isfinite(entries_m).all(axis=1)]
    if not len(entries_m):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    low, high = entries_m.min(axis=0) - limit_m, entries_m.max(axis=0) + limit_m
    near = np.flatnonzero(known & ((points_m >= low) & (points_m <= high)).all(axis=1))
    metres, _ = cKDTree(entries_m).query(points_m[near])
    return near[metres <= limit_m], metres[metres <= limit_m]
