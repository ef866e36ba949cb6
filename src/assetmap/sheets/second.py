"""The pages after the map: how a sheet was worked out, what to know before relying on it, and every source in full.

A sheet has them where all of that beside the map would leave the map little room; then they are set to be read with
ease, in columns, and go on over as many pages as they need.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from assetmap.sheets.blocks import Cuts, Unit, columns_of, draw_column, filled, levelled
from assetmap.sheets.furniture import MARGIN_MM, draw_foot, fitted_title
from assetmap.sheets.lists import small_print_units
from assetmap.sheets.model import Sheet
from assetmap.sheets.paper import SUBTITLE, Paper
from assetmap.sheets.plan import FOOT_TOP_MM, GUTTER_MM

READING_PT: Final = 9.5
ABOUT: Final = "What this sheet rests on"
"""What stands under the title, as a subtitle does on the first page."""


def further_pages(sheet: Sheet, *, portrait: bool) -> Iterator[Paper]:
    """The pages after the map, as the map's own page is held."""
    papers = (Paper(portrait=portrait) for _ in count())
    paper = next(papers)
    across = 2 if portrait else 3
    column_mm = (paper.width_mm - 2 * MARGIN_MM - (across - 1) * GUTTER_MM) / across
    units = small_print_units(sheet, column_mm, READING_PT)
    top_mm = _header(paper, sheet, draw=False)
    columns = columns_of(units, _cuts(units, across, top_mm - FOOT_TOP_MM))
    for first in range(0, len(columns), across):
        _header(paper, sheet)
        for i, column in enumerate(columns[first : first + across]):
            draw_column(paper, column, MARGIN_MM + i * (column_mm + GUTTER_MM), top_mm, None)
        draw_foot(paper, sheet, None, [])
        yield paper
        paper = next(papers)


def _cuts(units: Sequence[Unit], across: int, room_mm: float) -> Cuts:
    """Where each column begins: level on one page where that holds all units, else on as few pages as do."""
    cuts, high_mm = levelled(units, across)
    if high_mm <= room_mm:
        return cuts
    pages = (filled(units, across * pages, room_mm) for pages in count(2))
    return next(cuts for cuts in pages if cuts is not None)


def _header(paper: Paper, sheet: Sheet, *, draw: bool = True) -> float:
    """The sheet's title and what the page is; returns where they end."""
    style, lines = fitted_title(sheet.title, paper.width_mm - 2 * MARGIN_MM)
    top_mm = paper.height_mm - MARGIN_MM
    if draw:
        paper.lines(MARGIN_MM, top_mm, lines, style)
        paper.lines(MARGIN_MM, top_mm - len(lines) * style.line_mm - 0.6, [ABOUT], SUBTITLE)
    return top_mm - len(lines) * style.line_mm - 0.6 - SUBTITLE.line_mm - 4
