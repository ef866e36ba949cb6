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

from assetmap.arrays import among
from assetmap.network import Entries, Method, Network, Snap, walk_matrix
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
    def _by_origin(self) -> tuple[Floats, Ints, Ints]:
        """Metres and place of each walk, those of one origin beside each other; where each origin's begin and end."""
        order = np.argsort(self.metres.col, kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(self.metres.col, minlength=len(self.measured)))])
        return self.metres.data[order], self.metres.row[order].astype(np.int64), ends

    @cached_property
    def _by_place(self) -> tuple[Floats, Ints, Ints]:
        """Metres and origin of each walk, those of one place beside each other; where each place's begin and end."""
        order = np.argsort(self.metres.row, kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(self.metres.row, minlength=self.places))])
        return self.metres.data[order], self.metres.col[order].astype(np.int64), ends

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
        nearest = np.full(len(self.measured), np.inf)
        nearest[~self.measured] = np.nan
        self._set_nearest(nearest, np.flatnonzero(np.diff(self._by_origin[2])), standing)
        return nearest

    def nearest_then_m(self, now_m: Floats, now: Flags, then: Flags) -> Floats:
        """:meth:`nearest_m` of the places that would stand ``then``, looking only at those whom the change can touch.

        These are the origins whose nearest place would be gone, and those to which one that opens is nearer. The
        answer is that of :meth:`nearest_m` to the last bit.

        Parameters
        ----------
        now_m
            :meth:`nearest_m` of the places that stand ``now``.
        now, then
            ``(places,)`` which of them stand, and which would.
        """
        nearest = now_m.copy()
        gone_m, gone_from = self._to(now & ~then)
        left = among(gone_from[gone_m == now_m[gone_from]], len(nearest))
        self._set_nearest(nearest, np.flatnonzero(left), then)
        new_m, new_from = self._to(then & ~now)
        np.minimum.at(nearest, new_from, new_m)
        return nearest

    def from_origins(self, origins: Flags) -> tuple[Floats, Ints, Ints]:
        """Metres, place and origin of every walk from some origins."""
        metres, place, ends = self._by_origin
        chosen = np.flatnonzero(origins)
        walk = _laid_out(ends[chosen], ends[chosen + 1])
        return metres[walk], place[walk], np.repeat(chosen, ends[chosen + 1] - ends[chosen])

    def _to(self, places: Flags) -> tuple[Floats, Ints]:
        """Metres and origin of every walk to some places."""
        metres, origin, ends = self._by_place
        chosen = np.flatnonzero(places)
        walk = _laid_out(ends[chosen], ends[chosen + 1])
        return metres[walk], origin[walk]

    def _set_nearest(self, nearest_m: Floats, origins: Ints, standing: Flags) -> None:
        """Work the nearest out anew for some origins, each of which has a walk to some place."""
        if not len(origins):
            return
        metres, place, ends = self._by_origin
        walk = _laid_out(ends[origins], ends[origins + 1])
        counts = ends[origins + 1] - ends[origins]
        metres = np.where(standing[place[walk]], metres[walk], np.inf)
        nearest_m[origins] = np.minimum.reduceat(metres, np.cumsum(counts) - counts)

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


def _laid_out(begins: Ints, ends: Ints) -> Ints:
    """The positions from each beginning to before its end, one stretch after another."""
    counts = ends - begins
    return np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())


def network_walks(
    origins: pd.DataFrame, network: Network, entries: Entries, snapped: Snap, places: int, limit_m: float
) -> Walks:
    """Walks along the streets, the steps from door to street at both ends included.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them.
    entries, snapped, places
        Where the places are entered, where these meet the streets, and how many places there are.
    limit_m
        The longest walk to keep, in metres.
    """
    node = origins["node"].to_numpy()
    on_street = node >= 0
    # many origins set out from one node: each node is walked to once
    nodes, which = np.unique(node[on_street], return_inverse=True)
    found = walk_matrix(network, entries, snapped, places, nodes, limit_m)
    position = np.flatnonzero(on_street)[np.argsort(which, kind="stable")]
    counts = np.bincount(which, minlength=len(nodes))
    ends, repeats = np.cumsum(counts), counts[found.col]
    origin = position[_laid_out((ends - counts)[found.col], ends[found.col])]
    metres = np.repeat(found.data, repeats) + origins["snap_m"].to_numpy()[origin]
    within = metres <= limit_m
    matrix = sparse.coo_array(
        (metres[within], (np.repeat(found.row, repeats)[within], origin[within])), shape=(places, len(node))
    )
    return Walks(matrix, on_street, limit_m, "walking")


def straight_walks(origins: pd.DataFrame, entries: Entries, places: int, limit_m: float) -> Walks:
    """The straight-line twin of :func:`network_walks`, never to be called walking."""
    x_m, y_m = (np.ascontiguousarray(origins[column].to_numpy()) for column in ("x_m", "y_m"))
    known = np.isfinite(x_m) & np.isfinite(y_m)
    rows = [_near(x_m, y_m, entries.points_m[entries.owner == place], limit_m) for place in range(places)]
    place = np.repeat(np.arange(places), [len(near) for near, _ in rows])
    origin = np.concatenate([near for near, _ in rows] or [np.zeros(0, dtype=np.int64)])
    metres = np.concatenate([found for _, found in rows] or [np.zeros(0)])
    matrix = sparse.coo_array((metres, (place, origin)), shape=(places, len(x_m)))
    return Walks(matrix, known, limit_m, "straight line")


def _near(x_m: Floats, y_m: Floats, entries_m: Floats, limit_m: float) -> tuple[Ints, Floats]:
    """The points within the limit of the nearest of some entries, and how far each is.

    Every point is measured against every entry: places have few, and a tree of them takes ten times as long.
    """
    squared = np.full(len(x_m), np.inf)
    for entry_x_m, entry_y_m in entries_m:
        np.fmin(squared, (x_m - entry_x_m) ** 2 + (y_m - entry_y_m) ** 2, out=squared)
    metres = np.sqrt(squared)
    near = np.flatnonzero(metres <= limit_m)
    return near, metres[near]
