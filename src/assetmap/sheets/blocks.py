"""What stands beside a map, as units that follow one another down columns and are never cut in two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assetmap.sheets.paper import Paper, Type

Draw = Callable[[Paper, float, float], None]
"""Draws from a left and a top in millimetres."""

Cuts = tuple[int, ...]
"""Where each column after the first begins: the number of its first unit."""


@dataclass(frozen=True)
class Unit:
    """Something of a known height, drawn from its left and top.

    Attributes
    ----------
    gap_mm
        The space above it, where it is not the first of its column.
    small
        Whether it is small print, which stands at the foot of its column.
    """

    height_mm: float
    draw: Draw
    gap_mm: float = 0.0
    small: bool = False


def lines_of(
    lines: Sequence[str], style: Type, *, indent_mm: float = 0.0, after_mm: float = 0.0, gap_mm: float = 0.0
) -> Unit:
    """Lines of text, one under another."""

    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        paper.lines(left_mm + indent_mm, top_mm, lines, style)

    return Unit(len(lines) * style.line_mm + after_mm, draw, gap_mm)


def joined(units: Sequence[Unit], gap_mm: float = 0.0) -> Unit:
    """Units that stay together, as one."""

    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        for unit in units:
            unit.draw(paper, left_mm, top_mm)
            top_mm -= unit.height_mm

    return Unit(sum(unit.height_mm for unit in units), draw, gap_mm)


def height_of(units: Sequence[Unit]) -> float:
    """The height of units set in one column."""
    return sum(unit.height_mm for unit in units) + sum(unit.gap_mm for unit in units[1:])


def columns_of(units: Sequence[Unit], cuts: Cuts) -> list[Sequence[Unit]]:
    """The units of each column."""
    edges = (0, *cuts, len(units))
    return [units[edges[i] : edges[i + 1]] for i in range(len(edges) - 1)]


def filled(units: Sequence[Unit], columns: int, room_mm: float) -> Cuts | None:
    """Columns filled one after another, none higher than ``room_mm``; ``None`` where the units need more."""
    cuts: list[int] = []
    used = 0.0
    for i, unit in enumerate(units):
        needed = used + unit.height_mm + (unit.gap_mm if used else 0.0)
        if needed <= room_mm + 1e-6:
            used = needed
            continue
        cuts.append(i)
        used = unit.height_mm
        if used > room_mm or len(cuts) == columns:
            return None
    return (*cuts, *[len(units)] * (columns - 1 - len(cuts)))


def levelled(units: Sequence[Unit], columns: int) -> tuple[Cuts, float]:
    """Columns in reading order, the highest as low as can be, and how high that is."""
    low = max((unit.height_mm for unit in units), default=0.0)
    high = max(height_of(units), low)
    while high - low > 0.1:
        middle = (low + high) / 2
        low, high = (low, middle) if filled(units, columns, middle) is not None else (middle, high)
    return filled(units, columns, high) or (len(units),) * (columns - 1), high


def draw_column(paper: Paper, units: Sequence[Unit], left_mm: float, top_mm: float, room_mm: float | None) -> None:
    """Units from the top down; where ``room_mm`` is given, small print under other units stands at its foot."""
    all_small = all(unit.small for unit in units)
    slack = 0.0 if room_mm is None or all_small else max(0.0, room_mm - height_of(units))
    for i, unit in enumerate(units):
        if unit.small:
            top_mm, slack = top_mm - slack, 0.0
        if i:
            top_mm -= unit.gap_mm
        unit.draw(paper, left_mm, top_mm)
        top_mm -= unit.height_mm
