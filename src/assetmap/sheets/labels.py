"""Names beside marks without collisions: a place for each is chosen among many, the hardest first.

Each name may stand in eight places round its mark, and further out at the end of a thin line; that of a piece of ground
also in its middle. A place that would run over another name, an important mark or the edge is refused; running over a
small mark or far from its own costs. Names that must be there (what was lost) take the least bad place when every one
is refused. Positions are in millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from assetmap.space import Floats

GAP_MM: Final = 0.7
REACHES_MM: Final = (0.0, 2.2, 4.5, 7.5, 11.0, 15.0, 20.0, 26.0)
"""How far from its mark a name may be, the first touching it."""

REFUSED: Final = 1_000.0
_NEAR_TURNS: Final = (0, 180, 35, -35, 145, -145, 90, -90)
_FAR_TURNS: Final = (0, 180, 25, -25, 155, -155, 50, -50, 130, -130, 75, -75, 105, -105)


@dataclass(frozen=True)
class Name:
    """A name to place.

    Attributes
    ----------
    x_mm, y_mm, radius_mm
        Its mark; a radius of 0 for a name that belongs to a piece of ground.
    width_mm, height_mm
        How large the set text is.
    priority
        Lower goes first.
    reach_mm
        How far from its mark it may be.
    must
        Whether it must be placed, even over something else.
    """

    x_mm: float
    y_mm: float
    radius_mm: float
    width_mm: float
    height_mm: float
    priority: int = 1
    reach_mm: float = 7.5
    must: bool = False


@dataclass(frozen=True)
class Spot:
    """Where a name came to stand: its box's lower left corner, and the line to its mark if it is far from it."""

    x_mm: float
    y_mm: float
    leader: tuple[tuple[float, float], tuple[float, float]] | None


@dataclass
class _Ground:
    """What is in the way: boxes as ``(n, 4)`` of left, bottom, right, top, with what it costs to cover each."""

    boxes: Floats
    costs: Floats
    names: list[tuple[float, float, float, float]]
    leaders: list[tuple[tuple[float, float], tuple[float, float]]]


def place_names(
    names: Sequence[Name], obstacles: Floats, costs: Floats, bounds: tuple[float, float, float, float]
) -> list[Spot | None]:
    """A spot for each name, or ``None`` where there is no room.

    Parameters
    ----------
    obstacles
        ``(n, 4)``: left, bottom, right and top of every mark and piece of furniture.
    costs
        ``(n,)``: what it costs to cover each of them wholly; :data:`REFUSED` forbids it.
    bounds
        Left, bottom, right and top of where names may stand.
    """
    ground = _Ground(obstacles.reshape(-1, 4), costs, [], [])
    spots: list[Spot | None] = [None] * len(names)
    for i in _hardest_first(names):
        spot = _best(names[i], ground, bounds)
        if spot is None:
            continue
        spots[i] = spot
        name = names[i]
        ground.names.append((spot.x_mm, spot.y_mm, spot.x_mm + name.width_mm, spot.y_mm + name.height_mm))
        if spot.leader is not None:
            ground.leaders.append(spot.leader)
    return spots


def _hardest_first(names: Sequence[Name]) -> list[int]:
    """By priority, then those with most other names close by."""
    if not names:
        return []
    xy = np.array([(name.x_mm, name.y_mm) for name in names])
    near = np.array([int((np.abs(xy - at).max(axis=1) < 14).sum()) for at in xy])
    return sorted(range(len(names)), key=lambda i: (names[i].priority, -near[i], i))


def _best(name: Name, ground: _Ground, bounds: tuple[float, float, float, float]) -> Spot | None:
    boxes, base, leaders = _candidates(name)
    near = _nearby(name, ground.boxes)
    cost = base + _cover(boxes, ground.boxes[near]) @ ground.costs[near]
    cost = cost + REFUSED * _outside(boxes, bounds)
    if ground.names:
        others = np.array(ground.names)
        cost = cost + REFUSED * 2 * (_cover(boxes, others) > 0).sum(axis=1)
        cost = cost + REFUSED * _crossed(leaders, others).sum(axis=1)
    cost = cost + 2.5 * _crossed(leaders, ground.boxes[near]).sum(axis=1)
    if ground.leaders:
        cost = cost + REFUSED * _line_hits(boxes, leaders, ground.leaders)
    best = int(np.argmin(cost))
    if cost[best] >= REFUSED * 0.5 and not name.must:
        return None
    leader = None if np.isnan(leaders[best]).any() else _as_leader(leaders[best])
    return Spot(float(boxes[best, 0]), float(boxes[best, 1]), leader)


def _as_leader(ends: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    return (float(ends[0]), float(ends[1])), (float(ends[2]), float(ends[3]))


def _candidates(name: Name) -> tuple[Floats, Floats, Floats]:
    """Boxes, what each costs before anything is in its way, and its leader (NaN for none)."""
    boxes, costs, leaders = [], [], []
    if not name.radius_mm:
        # a piece of ground is named in its middle, where that is free
        left, low = name.x_mm - name.width_mm / 2, name.y_mm - name.height_mm / 2
        boxes.append((left, low, left + name.width_mm, low + name.height_mm))
        costs.append(0.0)
        leaders.append((np.nan,) * 4)
    for reach in (reach for reach in REACHES_MM if reach <= name.reach_mm):
        for order, turn in enumerate(_FAR_TURNS if reach else _NEAR_TURNS):
            east, north = np.cos(np.radians(turn)), np.sin(np.radians(turn))
            off = name.radius_mm + GAP_MM + reach
            x, y = name.x_mm + off * east, name.y_mm + off * north
            left = x - name.width_mm * (0.5 - 0.5 * np.clip(east * 2.2, -1, 1))
            low = y - name.height_mm * (0.5 - 0.5 * np.clip(north * 1.25, -1, 1))
            boxes.append((left, low, left + name.width_mm, low + name.height_mm))
            costs.append(0.12 * order + 0.55 * reach + (1.5 if reach else 0.0))
            start = (name.x_mm + name.radius_mm * east, name.y_mm + name.radius_mm * north)
            leaders.append((*start, x - 0.3 * east, y - 0.3 * north) if reach and name.radius_mm else (np.nan,) * 4)
    return np.array(boxes), np.array(costs), np.array(leaders)


def _nearby(name: Name, boxes: Floats) -> npt.NDArray[np.bool_]:
    """Which obstacles are close enough to matter, apart from the mark the name belongs to."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2 - (name.x_mm, name.y_mm)
    own = np.hypot(middle[:, 0], middle[:, 1]) < 1e-6
    beyond = name.reach_mm + name.radius_mm + GAP_MM + max(name.width_mm, name.height_mm)
    wide = (boxes[:, 2:] - boxes[:, :2]) / 2
    near: npt.NDArray[np.bool_] = ((np.abs(middle) - wide).max(axis=1) < beyond) & ~own
    return near


def _cover(boxes: Floats, others: Floats) -> Floats:
    """``(boxes, others)``: the share of each other box that each box covers."""
    wide = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(boxes[:, None, 0], others[None, :, 0])
    high = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(boxes[:, None, 1], others[None, :, 1])
    size = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    share: Floats = np.clip(wide, 0, None) * np.clip(high, 0, None) / np.maximum(size, 1e-9)[None, :]
    return share


def _outside(boxes: Floats, bounds: tuple[float, float, float, float]) -> Floats:
    left, low, right, top = bounds
    over = np.maximum.reduce([left - boxes[:, 0], low - boxes[:, 1], boxes[:, 2] - right, boxes[:, 3] - top])
    return np.where(over > 0, 1 + over, 0.0)


def _crossed(leaders: Floats, boxes: Floats) -> Floats:
    """``(leaders, boxes)``: 1 where a leader runs through a box, tried at points along it."""
    along = np.linspace(0.05, 0.95, 9)
    x = leaders[:, 0, None] + (leaders[:, 2] - leaders[:, 0])[:, None] * along
    y = leaders[:, 1, None] + (leaders[:, 3] - leaders[:, 1])[:, None] * along
    inside = (
        (x[:, None, :] > boxes[None, :, None, 0])
        & (x[:, None, :] < boxes[None, :, None, 2])
        & (y[:, None, :] > boxes[None, :, None, 1])
        & (y[:, None, :] < boxes[None, :, None, 3])
    )
    crossed: Floats = np.asarray(inside.any(axis=2), dtype=np.float64)
    return crossed


def _line_hits(
    boxes: Floats, leaders: Floats, drawn: Sequence[tuple[tuple[float, float], tuple[float, float]]]
) -> Floats:
    """How many leaders already drawn each candidate's box or leader would meet."""
    lines = np.array([(*start, *end) for start, end in drawn])
    through = _crossed(lines, boxes).sum(axis=0)
    a, b = leaders[:, None, :2], leaders[:, None, 2:]
    c, d = lines[None, :, :2], lines[None, :, 2:]
    opposite = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
    hits: Floats = np.asarray(through + opposite.sum(axis=1), dtype=np.float64)
    return hits


def _side(a: Floats, b: Floats, p: Floats) -> Floats:
    """Which side of the line from a to b the point p is on, by sign; NaN where there is no line."""
    side: Floats = np.asarray(
        (b[..., 0] - a[..., 0]) * (p[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (p[..., 0] - a[..., 0])
    )
    return side
