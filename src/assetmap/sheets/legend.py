"""The legend: what the sheet is about first, strengths before need; counts beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assetmap import look
from assetmap.sheets.blocks import Draw, Unit, joined, lines_of
from assetmap.sheets.ground import GAP_PT, need_groups
from assetmap.sheets.marks import SMALLEST, crowd_share
from assetmap.sheets.model import Sheet, SheetLayer, years_lost
from assetmap.sheets.paper import (
    COUNT,
    DETAIL,
    ENTRY,
    HEADING,
    TIMES,
    Paper,
    balanced,
    coats_of,
    width_mm,
    wrap,
)
from assetmap.sheets.told import Outlined, Shading, Would
from assetmap.wording import number_word

INDENT_MM: Final = 7.0
MARK_MM: Final = 2.4
"""Where a legend's marks have their middle, from the left of the column."""

COUNT_MM: Final = 13.0
BETWEEN_MM: Final = 3.8
ROW_GAP_MM: Final = 0.9
SWATCH_MM: Final = 4.6
PANEL_MARK_MM: Final = 1.6
EARLIER_MM: Final = 1.25
"""The radius of a cross on a small map, where it is new and where it was on the map before."""

CHANGES_TOLD: Final = 8
"""A scenario of more changes than this is told by its map."""

NO_DATA: Final = "no data"
APART_MM: Final = 2.2
"""Between the greys of need and the hatch of no data."""

GROUND: Final = {"green": "Green space", "water": "Water", "streets": "Street"}


def legend_units(sheet: Sheet, column_mm: float, mark_scale: float = 1.0) -> list[Unit]:
    """The legend, in reading order: what the sheet is about first, need last.

    Parameters
    ----------
    column_mm
        The width of the column it is set in.
    mark_scale
        How much smaller than usual the map's marks are.
    """
    legend = _Legend(sheet, column_mm, mark_scale)
    if sheet.panels:
        parts = [legend.periods()]
    elif sheet.changes:
        parts = [legend.changes(), legend.has(), legend.near(), legend.openings()]
    else:
        parts = [legend.has(), legend.lost(), legend.openings()]
        parts = [parts[1], parts[0], parts[2]] if sheet.about_losses else parts
    parts += [legend.outlined(), legend.need()]
    return [joined(part, BETWEEN_MM) for part in parts if part]


def _numbered(told: Outlined) -> str:
    """How many of the neighbourhoods outlined have a number, where not all of them have one."""
    listed = len(told.standouts)
    if not listed or listed >= len(told.codes):
        return ""
    return f"The first {number_word(listed)} are numbered and listed." if listed > 1 else "The first is listed."


@dataclass(frozen=True)
class _Legend:
    sheet: Sheet
    column_mm: float
    mark_scale: float

    def has(self) -> list[Unit]:
        rows = [piece for layer in self.sheet.layers for piece in self._layer_rows(layer)]
        added = sum(layer.contributed for layer in self.sheet.layers)
        if added:
            rows.append(self._row(look.CONTRIBUTED.title, added, self._mark("circle", look.QUIET, badge=True)))
        if any(layer.has_stack for layer in self.sheet.layers):
            rows.append(self._row("That many at one point", None, self._number()))
        rows += self._ground_rows()
        now = " now" if self.sheet.about_losses else ""
        heading = self.sheet.heading or f"What {self.sheet.place_name} has{now}"
        return [self._heading(heading), *rows] if rows else []

    def lost(self) -> list[Unit]:
        count = len(self.sheet.gone_drawn)
        if not count and self.sheet.lost is None:
            return []
        years = years_lost(self.sheet)
        title = "Closed, with the year" if years else "Closed"
        if self.sheet.numbers_losses:
            title = "Closed, by number"
        row = self._row(title, count, self._mark(look.LOST.shape, look.INK, look.MARKER_RADIUS_MM["lost"]))
        return [self._heading(look.LOST.title), row]

    def openings(self) -> list[Unit]:
        layers = self.sheet.opportunities
        themes = [look.theme(layer.theme) for layer in layers]
        sizes = [look.MARKER_RADIUS_MM["minor" if layer.small else "major"] for layer in layers]
        marks = [self._mark(each.shape, each.colour, mm, hollow=True) for each, mm in zip(themes, sizes, strict=True)]
        rows = [self._row(layer.title, len(layer.drawn), mark) for layer, mark in zip(layers, marks, strict=True)]
        return [self._heading("What could be opened up"), *rows] if rows else []

    def outlined(self) -> list[Unit]:
        told = self.sheet.outlined
        whole = "area" in self.sheet.backdrop
        if told is None or not (told.codes or told.coloured or told.standouts or whole):
            return []
        rows = [self._row(told.codes_title, len(told.codes), self._outline())] if told.codes else []
        if whole:
            rows.append(self._row(told.codes_title, None, self._swatch(look.PAGE, line=look.INK, line_pt=GAP_PT)))
        if told.coloured:
            edge = self._swatch(look.PAGE, line=look.theme(told.theme).colour, line_pt=GAP_PT)
            rows.append(self._row(told.coloured_title, len(told.coloured), edge))
        note = " ".join(filter(None, (told.note, _numbered(told))))
        return [self._heading(told.title), *rows, lines_of(wrap(note, self.column_mm, DETAIL), DETAIL, after_mm=0.6)]

    def changes(self) -> list[Unit]:
        """What a scenario would change, each change with the mark it has on the map."""
        told = self.sheet.changes
        rows = [self._row(each.text, None, self._sign(each)) for each in told[:CHANGES_TOLD]]
        if len(told) > CHANGES_TOLD:
            more = f"and {len(told) - CHANGES_TOLD:,} more, all of them on the map"
            rows.append(lines_of([more], DETAIL, indent_mm=INDENT_MM))
        return [self._heading("What would change"), *rows]

    def near(self) -> list[Unit]:
        """What stands near those who lose, as colour not yet filled in."""
        layers = [layer for layer in self.sheet.nearby if len(layer.drawn)]
        themes = [look.theme(layer.theme) for layer in layers]
        marks = [self._mark(each.shape, each.colour, look.MARKER_RADIUS_MM["minor"], hollow=True) for each in themes]
        rows = [self._row(layer.title, None, mark) for layer, mark in zip(layers, marks, strict=True)]
        return [self._heading("What stands near those who lose"), *rows] if rows else []

    def periods(self) -> list[Unit]:
        """The crosses of small maps, which tell what is new on a map from what was on the one before."""
        new = self._mark(look.LOST.shape, look.INK, PANEL_MARK_MM)
        before = self._mark(look.LOST.shape, look.QUIET, EARLIER_MM)
        rows = [self._row("Closed since the map before", None, new), self._row("Closed earlier", None, before)]
        return [self._heading(look.LOST.title), *rows, *self._ground_rows()]

    def _sign(self, told: Would) -> Draw:
        if told.sign == "closes":
            return self._mark(look.LOST.shape, look.INK, look.MARKER_RADIUS_MM["lost"])
        theme = look.theme(told.theme)
        return self._mark(theme.shape, theme.colour, look.MARKER_RADIUS_MM["major"], hollow=told.sign == "opens")

    def need(self) -> list[Unit]:
        if self.sheet.need is None:
            return []
        counts, shading = need_groups(self.sheet), self.sheet.shading
        if shading is not None and shading.classes:
            return [self._heading(shading.title), *self._classes(shading, counts)]
        title = f"{self.sheet.need_title}: neighbourhoods in each fifth of England"
        title = title if shading is None else f"Neighbourhoods in each fifth, from {' to '.join(shading.ends)}"
        told = lines_of(balanced(title, self.column_mm, DETAIL, 4), DETAIL, after_mm=1.4)
        return [self._heading("Need" if shading is None else shading.title), told, self._ramp(counts)]

    def _classes(self, shading: Shading, counts: dict[int | None, int]) -> list[Unit]:
        """A line for each grey with how many neighbourhoods it has, then one for no data."""
        greys = zip(range(len(shading.classes), 0, -1), shading.classes, strict=True)
        rows = [self._row(says, counts[fifth], self._swatch(look.need_colour(fifth))) for fifth, says in greys]
        return [*rows, self._row(NO_DATA.capitalize(), counts[None], self._no_data())] if counts[None] else rows

    def _no_data(self) -> Draw:
        def draw(paper: Paper, x_mm: float, y_mm: float) -> None:
            box = (x_mm - SWATCH_MM / 2, y_mm - 1.5, SWATCH_MM, 3.0)
            paper.box(*box, fill=look.NO_DATA_FILL, line=look.NO_DATA_LINE, hatch=look.NO_DATA_HATCH, z=10)

        return draw

    def _layer_rows(self, layer: SheetLayer) -> list[Unit]:
        total, lines = len(layer.drawn), layer.minor_lines
        major = total - sum(count for _, count in lines)
        small = self._layer_mark(layer, "minor")
        pieces = [self._row(title, count, small) for title, count in lines]
        if pieces and not major:
            return pieces
        title = layer.words[0].capitalize() if layer.words is not None and major == 1 else layer.title
        return [self._row(title, major, self._layer_mark(layer, "minor" if layer.small else "major")), *pieces]

    def _layer_mark(self, layer: SheetLayer, size: str) -> Draw:
        theme = look.theme(layer.theme)
        if layer.ground:
            return self._swatch(theme.fill or theme.colour, line=look.GREEN_LINE)
        share = crowd_share(layer) if size == "major" else 1.0
        drawn = max(SMALLEST, share * self.mark_scale) / self.mark_scale
        return self._mark(theme.shape, theme.colour, look.MARKER_RADIUS_MM[size] * drawn)

    def _outline(self) -> Draw:
        def draw(paper: Paper, x_mm: float, y_mm: float) -> None:
            box = (x_mm - SWATCH_MM / 2, y_mm - 1.5, SWATCH_MM, 3.0)
            paper.box(*box, fill=look.NEED_FIFTHS[2], line=look.QUIET, hatch=look.GAP_DOTS, z=10)
            paper.box(*box, line=look.INK, line_pt=GAP_PT, z=10.1)

        return draw

    def _heading(self, text: str) -> Unit:
        return lines_of(wrap(text, self.column_mm, HEADING, 2), HEADING, after_mm=0.9)

    def _row(self, title: str, count: int | None, mark: Draw) -> Unit:
        room = self.column_mm - INDENT_MM - (COUNT_MM if count is not None else 0)
        lines = wrap(title, room, ENTRY, 3)

        def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
            mark(paper, left_mm + MARK_MM, top_mm - ENTRY.cap_mm / 2)
            paper.lines(left_mm + INDENT_MM, top_mm, lines, ENTRY)
            if count is not None:
                paper.text(left_mm + self.column_mm, top_mm - ENTRY.cap_mm, f"{count:,}", COUNT, align="right")

        return Unit(len(lines) * ENTRY.line_mm + ROW_GAP_MM, draw)

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

    def _swatch(self, fill: str, *, line: str = look.NO_DATA_LINE, line_pt: float = 0.5) -> Draw:
        def draw(paper: Paper, x_mm: float, y_mm: float) -> None:
            box = (x_mm - SWATCH_MM / 2, y_mm - 1.5, SWATCH_MM, 3.0)
            paper.box(*box, fill=fill, line=line, line_pt=line_pt, z=10)

        return draw

    def _ground_rows(self) -> list[Unit]:
        """Green, water and streets of the backdrop, side by side: they are ground, and are not counted."""
        shown = [name for name in GROUND if len(self.sheet.backdrop.get(name, ()))]
        rows: list[list[tuple[str, float]]] = []
        room = 0.0
        for name in shown:
            wide = INDENT_MM + width_mm(GROUND[name], ENTRY.size_pt, ENTRY.weight) + 3.6
            if not rows or wide - 3.6 > room:
                rows.append([])
                room = self.column_mm
            rows[-1].append((name, wide))
            room -= wide
        return [self._ground_row(row) for row in rows]

    def _ground_row(self, entries: Sequence[tuple[str, float]]) -> Unit:
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

        return Unit(ENTRY.line_mm + ROW_GAP_MM, draw)

    def _ramp(self, counts: dict[int | None, int]) -> Unit:
        """Five greys from least to most deprived, and a hatch for no data, with how many neighbourhoods are in each."""
        unknown_mm, high = width_mm(NO_DATA, DETAIL.size_pt, DETAIL.weight), 4.4
        ramp_mm = self.column_mm - unknown_mm - APART_MM
        wide = ramp_mm / 5
        shading = self.sheet.shading
        least, most = ("least deprived", "most deprived") if shading is None else shading.ends
        if width_mm(f"{least}  {most}", DETAIL.size_pt, DETAIL.weight) > ramp_mm:
            least, most = "least", "most"

        def told(paper: Paper, middle_mm: float, top_mm: float, count: int) -> None:
            paper.text(middle_mm, top_mm - high - 0.9 - COUNT.cap_mm, f"{count:,}", COUNT, align="center")

        def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
            for place, fifth in enumerate(range(5, 0, -1)):
                x_mm = left_mm + place * wide
                paper.box(x_mm, top_mm - high, wide, high, fill=look.need_colour(fifth), line=look.PAGE, line_pt=0.8)
                told(paper, x_mm + wide / 2, top_mm, counts[fifth])
            paper.box(left_mm, top_mm - high, ramp_mm, high, line=look.NO_DATA_LINE, line_pt=0.5, z=2)
            right_mm = left_mm + self.column_mm
            hatch = {"fill": look.NO_DATA_FILL, "line": look.NO_DATA_LINE, "hatch": look.NO_DATA_HATCH}
            paper.box(right_mm - unknown_mm, top_mm - high, unknown_mm, high, line_pt=0.5, **hatch)
            told(paper, right_mm - unknown_mm / 2, top_mm, counts[None])
            under = top_mm - high - 1.1 - COUNT.line_mm - DETAIL.cap_mm
            paper.text(left_mm, under, least, DETAIL)
            paper.text(left_mm + ramp_mm, under, most, DETAIL, align="right")
            paper.text(right_mm, under, NO_DATA, DETAIL, align="right")

        return Unit(high + 1.3 + COUNT.line_mm + DETAIL.line_mm + 1.2, draw)
