"""The legend: strengths first, then what was lost, what could be opened up, and need; counts beside each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from assetmap import look
from assetmap.look import Theme
from assetmap.sheets.ground import need_groups
from assetmap.sheets.model import Sheet, SheetLayer, kind_title, years_lost
from assetmap.sheets.paper import (
    COUNT,
    DETAIL,
    ENTRY,
    HEADING,
    SMALL,
    SMALL_HEADING,
    TIMES,
    Paper,
    Type,
    balanced,
    coats_of,
    width_mm,
    wrap,
)

Draw = Callable[[Paper, float, float], None]

INDENT_MM: Final = 7.0
MARK_MM: Final = 2.4
"""Where a legend's marks have their middle, from the left of the column."""

COUNT_MM: Final = 13.0
BETWEEN_MM: Final = 3.8
ROW_GAP_MM: Final = 0.9
SWATCH_MM: Final = 4.6
GROUND: Final = {"green": "Green space", "water": "Water", "streets": "Street"}


@dataclass(frozen=True)
class Piece:
    """Something of a known height, drawn from its left and top."""

    height_mm: float
    draw: Draw


Block = tuple[Piece, ...]
"""Pieces that stay together in one column."""


def height_of(blocks: Sequence[Block]) -> float:
    """The height of blocks set one under another, with the space between them."""
    return sum(piece.height_mm for block in blocks for piece in block) + BETWEEN_MM * max(0, len(blocks) - 1)


def draw_blocks(paper: Paper, blocks: Sequence[Block], left_mm: float, top_mm: float) -> None:
    """Blocks set one under another from the top down."""
    for block in blocks:
        for piece in block:
            piece.draw(paper, left_mm, top_mm)
            top_mm -= piece.height_mm
        top_mm -= BETWEEN_MM


def legend_blocks(sheet: Sheet, column_mm: float, mark_scale: float = 1.0) -> list[Block]:
    """The legend's blocks, in reading order.

    Parameters
    ----------
    column_mm
        The width of the column they are set in.
    mark_scale
        How much smaller than usual the map's marks are.
    """
    legend = _Legend(sheet, column_mm, mark_scale)
    return [block for block in (legend.has(), legend.lost(), legend.openings(), legend.need()) if block]


def note_block(title: str, notes: Sequence[str], column_mm: float, max_lines: int = 99) -> Block:
    """Small print: a heading and its sentences."""
    pieces = [_lines([title], SMALL_HEADING, after_mm=0.6)]
    left = max_lines
    for note in notes:
        lines = wrap(note, column_mm, SMALL)
        if len(lines) > left - 1:
            pieces.append(_lines([f"{len(notes) - len(pieces) + 1:,} more are listed beside this sheet."], SMALL))
            break
        pieces.append(_lines(lines, SMALL, after_mm=0.7))
        left -= len(lines)
    return tuple(pieces) if notes else ()


def _lines(lines: Sequence[str], style: Type, *, indent_mm: float = 0.0, after_mm: float = 0.0) -> Piece:
    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        paper.lines(left_mm + indent_mm, top_mm, lines, style)

    return Piece(len(lines) * style.line_mm + after_mm, draw)


@dataclass(frozen=True)
class _Legend:
    sheet: Sheet
    column_mm: float
    mark_scale: float

    def has(self) -> Block:
        rows = [piece for layer in self.sheet.layers for piece in self._layer_rows(layer)]
        added = sum(layer.contributed for layer in self.sheet.layers)
        if added:
            rows.append(self._row(look.CONTRIBUTED.title, added, self._mark("circle", look.QUIET, badge=True)))
        if any(layer.has_stack for layer in self.sheet.layers):
            rows.append(self._row("That many at one point", None, self._number()))
        rows += self._ground_rows()
        return (self._heading(f"What {self.sheet.place_name} has"), *rows) if rows else ()

    def lost(self) -> Block:
        count = len(self.sheet.gone_drawn)
        if not count and self.sheet.lost is None:
            return ()
        years = years_lost(self.sheet)
        title = "Closed, with the year" if years else "Closed"
        row = self._row(title, count, self._mark(look.LOST.shape, look.INK, look.MARKER_RADIUS_MM["lost"]))
        return (self._heading(look.LOST.title), row)

    def openings(self) -> Block:
        layers = self.sheet.opportunities
        themes = [look.theme(layer.theme) for layer in layers]
        marks = [self._mark(theme.shape, theme.colour, hollow=True) for theme in themes]
        rows = [self._row(layer.title, len(layer.drawn), mark) for layer, mark in zip(layers, marks, strict=True)]
        return (self._heading("What could be opened up"), *rows) if rows else ()

    def need(self) -> Block:
        if self.sheet.need is None:
            return ()
        counts = need_groups(self.sheet)
        title = f"{self.sheet.need_title}: neighbourhoods in each fifth of England"
        pieces = [self._heading("Need"), _lines(balanced(title, self.column_mm, DETAIL, 4), DETAIL, after_mm=1.4)]
        pieces.append(self._ramp(counts))
        pieces.append(self._row("No data", counts[None], self._swatch(look.NO_DATA_FILL, hatch=look.NO_DATA_HATCH)))
        return tuple(pieces)

    def _layer_rows(self, layer: SheetLayer) -> list[Piece]:
        theme, total, minor = look.theme(layer.theme), len(layer.drawn), layer.minor_counts
        major = total - sum(minor.values())
        small = self._mark(theme.shape, theme.colour, look.MARKER_RADIUS_MM["minor"])
        if total and not major:
            return [self._row(layer.title, total, small)]
        pieces = [self._row(layer.title, major, self._layer_mark(theme))]
        return [*pieces, *(self._row(kind_title(kind), count, small) for kind, count in minor.items())]

    def _layer_mark(self, theme: Theme) -> Draw:
        return self._mark(theme.shape, theme.colour, look.MARKER_RADIUS_MM["major"])

    def _heading(self, text: str) -> Piece:
        return _lines(wrap(text, self.column_mm, HEADING, 2), HEADING, after_mm=0.9)

    def _row(self, title: str, count: int | None, mark: Draw) -> Piece:
        room = self.column_mm - INDENT_MM - (COUNT_MM if count is not None else 0)
        lines = wrap(title, room, ENTRY, 3)

        def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
            mark(paper, left_mm + MARK_MM, top_mm - ENTRY.cap_mm / 2)
            paper.lines(left_mm + INDENT_MM, top_mm, lines, ENTRY)
            if count is not None:
                paper.text(left_mm + self.column_mm, top_mm - ENTRY.cap_mm, f"{count:,}", COUNT, align="right")

        return Piece(len(lines) * ENTRY.line_mm + ROW_GAP_MM, draw)

    def _mark(
        self, shape: str, colour: str, radius_mm: float = 1.5, *, hollow: bool = False, badge: bool = False
    ) -> Draw:
        coats = coats_of(shape, colour, hollow=hollow, contributed=badge)

        def draw(paper: Paper, x_mm: float, y_mm: float) -> None:
            paper.stamps(coats, paper.point(x_mm, y_mm), radius_mm * self.mark_scale, z=10)

        return draw

    def _number(self) -> Draw:
        def draw(paper: Paper, x_mm: float, y_mm: float) -> None:
            paper.text(x_mm, y_mm - ENTRY.cap_mm / 2, f"{TIMES}9", COUNT, align="center")

        return draw

    def _swatch(self, fill: str, *, line: str = look.NO_DATA_LINE, hatch: str | None = None) -> Draw:
        def draw(paper: Paper, x_mm: float, y_mm: float) -> None:
            box = (x_mm - SWATCH_MM / 2, y_mm - 1.5, SWATCH_MM, 3.0)
            paper.box(*box, fill=fill, line=line, line_pt=0.5, hatch=hatch, z=10)

        return draw

    def _ground_rows(self) -> list[Piece]:
        """Green, water and streets of the backdrop, side by side: they are ground, and are not counted."""
        shown = [name for name in GROUND if len(self.sheet.backdrop.get(name, ()))]
        widths = [INDENT_MM + width_mm(GROUND[name], ENTRY.size_pt, ENTRY.weight) + 3.6 for name in shown]
        whole = sum(widths) - 3.6 <= self.column_mm
        entries = list(zip(shown, widths, strict=True))
        rows = [entries] if whole else [[entry] for entry in entries]
        return [self._ground_row(row) for row in rows if row]

    def _ground_row(self, entries: Sequence[tuple[str, float]]) -> Piece:
        fills = {"green": look.THEMES["green"].fill or look.PAGE, "water": look.WATER_FILL}
        edges = {"green": look.GREEN_LINE, "water": look.WATER_LINE}

        def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
            middle = top_mm - ENTRY.cap_mm / 2
            for name, wide in entries:
                if name in fills:
                    self._swatch(fills[name], line=edges[name])(paper, left_mm + MARK_MM, middle)
                else:
                    paper.rule(left_mm + 0.1, left_mm + 4.7, middle, line=look.STREET_LINE, line_pt=0.8)
                paper.text(left_mm + INDENT_MM, top_mm - ENTRY.cap_mm, GROUND[name], ENTRY)
                left_mm += wide

        return Piece(ENTRY.line_mm + ROW_GAP_MM, draw)

    def _ramp(self, counts: dict[int | None, int]) -> Piece:
        """Five greys from least to most deprived, the number of neighbourhoods under each."""
        wide, high = self.column_mm / 5, 4.4

        def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
            for place, fifth in enumerate(range(5, 0, -1)):
                x_mm = left_mm + place * wide
                paper.box(x_mm, top_mm - high, wide, high, fill=look.need_colour(fifth), line=look.PAGE, line_pt=0.8)
                baseline = top_mm - high - 0.9 - COUNT.cap_mm
                paper.text(x_mm + wide / 2, baseline, f"{counts[fifth]:,}", COUNT, align="center")
            paper.box(left_mm, top_mm - high, self.column_mm, high, line=look.NO_DATA_LINE, line_pt=0.5, z=2)
            under = top_mm - high - 1.1 - COUNT.line_mm - DETAIL.cap_mm
            paper.text(left_mm, under, "least deprived", DETAIL)
            paper.text(left_mm + self.column_mm, under, "most deprived", DETAIL, align="right")

        return Piece(high + 1.3 + COUNT.line_mm + DETAIL.line_mm + 1.2, draw)
