"""Hills: how long walks take up and down them, told in metres of level ground that take as long.

Pace is Tobler's hiking function (1993): 6 km/h times exp(-3.5 |slope + 0.05|), quickest a little downhill. Here only
its shape is used: level ground stays at the pace of every other walk, and a walk is the mean of going and coming back,
so that it is as long either way, and never shorter than its metres.

The ground between four heights is the surface that is straight along both axes of the grid (bilinear interpolation),
and a way takes the time that Tobler's pace gives over every bit of it: the integral, in closed form, square by square.
So a short way is as steep as the ground is over the 50 m around it and not as the rounding of two heights would make
it, a long one climbs every hill that it crosses, and a way takes as long however it is parted. On a bridge or in a
tunnel the ground says nothing: there the way runs evenly from end to end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import spsolve

from assetmap.network.graph import Flags, Ints, Network, graph_of
from assetmap.space import Floats, to_measured
from assetmap.tables import HEIGHT_STEP_M, HEIGHTS_A_SIDE, Heights, Streets

STEEPNESS: Final = 3.5
QUICKEST: Final = 0.05
"""Tobler's two constants: how much a slope slows, and the slope, downhill, at which people walk quickest."""

STEEPEST: Final = 0.5
"""Steeper ground than 1 in 2 over 50 m is a cliff or a cutting beside the way, and counts as this."""

_ON_M: Final = 0.02
_SPANS: Final = ("bridge", "tunnel")


@dataclass(frozen=True, eq=False)
class Relief:
    """Heights of the ground on a grid.

    Attributes
    ----------
    corner_m
        Easting and northing of the south-westernmost height, in metres on the British National Grid.
    heights_m
        ``(rows, columns)`` metres above the sea, rows northwards and columns eastwards, both
        :data:`~assetmap.tables.HEIGHT_STEP_M` apart; NaN where none is known.
    """

    corner_m: tuple[float, float]
    heights_m: Floats

    @classmethod
    def of(cls, heights: Heights) -> Relief:
        """The heights of some squares, of which there is at least one, laid out on one grid."""
        corners = heights[["easting_m", "northing_m"]].to_numpy(dtype=np.int64)
        low = corners.min(axis=0)
        columns, rows = (corners.max(axis=0) - low) // HEIGHT_STEP_M + HEIGHTS_A_SIDE
        grid = np.full((rows, columns), np.nan)
        for (east, north), text in zip((corners - low) // HEIGHT_STEP_M, heights["heights_m"], strict=True):
            square = np.array(json.loads(text), dtype=np.float64).reshape(HEIGHTS_A_SIDE, HEIGHTS_A_SIDE)
            part = grid[north : north + HEIGHTS_A_SIDE, east : east + HEIGHTS_A_SIDE]
            np.copyto(part, square, where=np.isnan(part))
        half = HEIGHT_STEP_M / 2
        return cls((float(low[0]) + half, float(low[1]) + half), grid)

    def steps(self, points_m: Floats) -> Floats:
        """Points ``(k, 2)`` in steps of the grid from its corner."""
        return np.asarray((points_m - np.array(self.corner_m)) / HEIGHT_STEP_M, dtype=np.float64)

    def around(self, steps: Floats) -> tuple[Ints, tuple[Floats, Floats, Floats, Floats]]:
        """The four heights around each point, that lie in its square of the grid.

        Returns
        -------
        (numpy.ndarray, tuple of numpy.ndarray)
            ``(k, 2)`` the square, and ``(k,)`` the heights south-west, south-east, north-west and north-east of it, NaN
            where one is not known or the point is outside.
        """
        square = np.floor(steps).astype(np.int64)
        rows, columns = self.heights_m.shape
        # around the grid lies one more row of what is not known
        framed = np.pad(self.heights_m, 1, constant_values=np.nan)
        east = np.clip(square[:, 0], -1, columns - 1) + 1
        north = np.clip(square[:, 1], -1, rows - 1) + 1
        found = (framed[north, east], framed[north, east + 1], framed[north + 1, east], framed[north + 1, east + 1])
        return square, found

    def at(self, points_m: Floats) -> Floats:
        """Metres above the sea at points ``(k, 2)``; NaN where one of the four heights around is not known."""
        steps = self.steps(points_m)
        square, (south_west, south_east, north_west, north_east) = self.around(steps)
        east, north = (steps - square).T
        south = south_west + east * (south_east - south_west)
        return np.asarray(south + north * (north_west + east * (north_east - north_west) - south), dtype=np.float64)


def level_metres(length_m: Floats, slope_from: Floats, slope_to: Floats) -> Floats:
    """Metres on the level that take as long as ways whose slope changes evenly from one end to the other.

    Parameters
    ----------
    length_m
        ``(k,)`` metres.
    slope_from, slope_to
        ``(k,)`` metres of rise for each metre; a fall is negative, and means the same. NaN where it is not known: the
        way counts as level.
    """
    low, high = np.nan_to_num(slope_from), np.nan_to_num(slope_to)
    apart = high - low
    alike = apart == 0.0
    mean = _between(low, high) / np.where(alike, 1.0, apart)
    return np.asarray(length_m * np.where(alike, _slowness(low), mean), dtype=np.float64)


def _slowness(slope: Floats) -> Floats:
    """How many times as long as on the level a slope takes, the mean of up and down."""
    steep = np.minimum(np.abs(slope), STEEPEST)
    return np.asarray(np.where(steep <= QUICKEST, np.cosh(STEEPNESS * steep), _PAST * np.exp(STEEPNESS * steep)))


_PAST: Final = (1.0 + np.exp(-2.0 * STEEPNESS * QUICKEST)) / 2.0
"""Past the slope at which people walk quickest, both ways slow down together."""


def _between(low: Floats, high: Floats) -> Floats:
    """The integral of :func:`_slowness` from one slope to another, as good for slopes that are all but alike.

    Each stretch on which the curve is smooth is a product, for the difference of two integrals would lose its digits.
    """
    gentle = _stretch(low, high, -QUICKEST, QUICKEST, np.cosh)
    steep = _stretch(low, high, QUICKEST, STEEPEST, np.exp) + _stretch(-high, -low, QUICKEST, STEEPEST, np.exp)
    beyond = (high - np.clip(high, -STEEPEST, STEEPEST)) - (low - np.clip(low, -STEEPEST, STEEPEST))
    return np.asarray(gentle + _PAST * steep + beyond * _slowness(np.asarray(STEEPEST)))


def _stretch(low: Floats, high: Floats, least: float, most: float, curve: Callable[[Floats], Floats]) -> Floats:
    """The integral of ``cosh`` or ``exp`` of the steepness over the slopes between ``least`` and ``most``."""
    start, end = np.clip(low, least, most), np.clip(high, least, most)
    middle, half = STEEPNESS * (start + end) / 2, STEEPNESS * (end - start) / 2
    return np.asarray(2.0 * curve(middle) * np.sinh(half) / STEEPNESS)


@dataclass(frozen=True, eq=False)
class Hills:
    """A network and the ground that it lies on.

    Attributes
    ----------
    on_the_level
        The network in metres, doors already met (:func:`assetmap.network.meeting`).
    relief
        How high the ground is. Where that is not known, ways count as level.
    streets
        What the network is made of, of which ``details`` tell bridges and tunnels.
    """

    on_the_level: Network
    relief: Relief
    streets: Streets

    @cached_property
    def network(self) -> Network:
        """The network with metres of level ground that take as long in the place of its metres, the same both ways."""
        graph = graph_of(len(self.on_the_level), self.on_the_level.edges[0], self._level_m)
        return replace(self.on_the_level, graph=graph)

    def parts(self, edge: Ints, share: Floats) -> tuple[Floats, Floats]:
        """Level metres of both parts of edges that are parted at a share of their length, in the edges' direction."""
        ends = self.on_the_level.edges[0][:, edge]
        start, end = self.on_the_level.nodes[ends]
        foot = start + share[:, None] * (end - start)
        ground = self._on_ground[edge]
        return (
            np.where(ground, _over_ground(start, foot, self.relief), share * self._level_m[edge]),
            np.where(ground, _over_ground(foot, end, self.relief), (1.0 - share) * self._level_m[edge]),
        )

    @cached_property
    def _on_ground(self) -> Flags:
        """Which edges are neither a bridge's nor a tunnel's."""
        carried = _carried(self.on_the_level, self.streets)
        return np.asarray(~carried[self.on_the_level.edges[0]].all(axis=0), dtype=bool)

    @cached_property
    def _level_m(self) -> Floats:
        ends, length_m = self.on_the_level.edges
        on_ground, level_m = self._on_ground, np.empty(len(length_m))
        start, end = self.on_the_level.nodes[ends[:, on_ground]]
        level_m[on_ground] = _over_ground(start, end, self.relief)
        level_m[~on_ground] = _evenly(self.on_the_level, self.relief, ends, length_m, on_ground)
        return level_m


def share_with_heights(network: Network, relief: Relief) -> float:
    """The share of the ways' length, from 0 to 1, whose heights are known at both ends; NaN without ways."""
    ends, length_m = network.edges
    known = np.isfinite(relief.at(network.nodes))[ends].all(axis=0)
    return float(length_m[known].sum() / length_m.sum()) if length_m.sum() else float("nan")


def _over_ground(start_m: Floats, end_m: Floats, relief: Relief) -> Floats:
    """Level metres of straight ways along the ground; one of no length has none."""
    start, end = relief.steps(start_m), relief.steps(end_m)
    way, share_from, share_to = _square_by_square(start, end)
    along = (end - start)[way]
    first, last = (start[way] + share[:, None] * along for share in (share_from, share_to))
    square, (south_west, south_east, north_west, north_east) = relief.around((first + last) / 2)
    eastward, northward, twist = (
        south_east - south_west, north_west - south_west, north_east - north_west - south_east + south_west,
    )  # fmt: skip
    length = np.hypot(*along.T)
    toward_east, toward_north = along.T / np.where(length > 0, length, 1.0)
    slopes = []
    for point in (first, last):
        east, north = (point - square).T
        rise_m = (eastward + twist * north) * toward_east + (northward + twist * east) * toward_north
        slopes.append(rise_m / HEIGHT_STEP_M)
    part_m = (share_to - share_from) * length * HEIGHT_STEP_M
    return np.asarray(np.bincount(way, level_metres(part_m, *slopes), minlength=len(start_m)), dtype=np.float64)


def _square_by_square(start: Floats, end: Floats) -> tuple[Ints, Floats, Floats]:
    """Straight ways parted where they cross lines of the grid: the way of each part, and from and to which share."""
    way, share = np.arange(len(start)), np.zeros(len(start))
    for axis in (0, 1):
        low, high = np.sort(np.stack([start[:, axis], end[:, axis]]), axis=0)
        first = np.floor(low).astype(np.int64) + 1
        counts = np.maximum(np.ceil(high).astype(np.int64) - first, 0)
        crossing = np.repeat(np.arange(len(start)), counts)
        line = np.arange(len(crossing)) - np.repeat(np.cumsum(counts) - counts, counts) + first[crossing]
        span = (end - start)[crossing, axis]
        way, share = np.append(way, crossing), np.append(share, (line - start[crossing, axis]) / span)
    order = np.lexsort((share, way))
    way, share = way[order], share[order]
    until = np.append(share[1:], 1.0)
    until[np.append(way[1:] != way[:-1], True)] = 1.0
    return way, share, until


def _carried(network: Network, streets: Streets) -> Flags:
    """Which nodes lie on a bridge or in a tunnel, its ends among them."""
    found = np.zeros(len(network), dtype=bool)
    spans = streets[_is_span(streets)]
    if len(spans):
        # the tree holds the nodes so that the few bridges ask it, and not every node
        tree = shapely.STRtree(np.asarray(shapely.points(network.nodes), dtype=object))
        lines = np.asarray(to_measured(spans.geometry).array, dtype=object)
        found[tree.query(lines, predicate="dwithin", distance=_ON_M)[1]] = True
    return found


def _is_span(streets: Streets) -> Flags:
    """Which ways are said to be a bridge or a tunnel."""
    details = streets["details"].fillna("{}")
    may_be = np.array(details.str.contains("|".join(_SPANS)), dtype=bool)  # few are: the others need not be parsed
    may_be[may_be] = [any((json.loads(text).get(name) or "no") != "no" for name in _SPANS) for text in details[may_be]]
    return may_be


def _evenly(network: Network, relief: Relief, ends: Ints, length_m: Floats, on_ground: Flags) -> Floats:
    """Level metres of bridges and tunnels, which run evenly between the nodes that touch the ground."""
    over, over_m = ends[:, ~on_ground], length_m[~on_ground]
    count = len(network)
    height_m = relief.at(network.nodes)
    # what is only between other nodes of a bridge hangs; where a way on the ground begins, or nothing, it is held
    hangs = np.zeros(count, dtype=bool)
    hangs[over] = True
    hangs[ends[:, on_ground]] = False
    hangs &= np.bincount(ends.ravel(), minlength=count) > 1
    between = graph_of(count, over, 1.0 / over_m)
    _, piece = csgraph.connected_components(between, directed=False)
    held = np.bincount(piece, ~hangs, minlength=count) > 0
    loose = np.flatnonzero(hangs & held[piece])
    if len(loose):
        # on a line this is the even slope; where bridges branch, the height that makes each as even as can be
        pull = between[loose]
        balance = sparse.diags_array(pull.sum(axis=1)) - pull[:, loose]
        height_m[loose] = 0.0
        height_m[loose] = spsolve(balance.tocsc(), pull @ height_m)
    slope = (height_m[over[1]] - height_m[over[0]]) / over_m
    return level_metres(over_m, slope, slope)
