"""What stands round the map: band, title, scale bar, north arrow and the line that lets a sheet be checked."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import shapely
from matplotlib.path import Path as Curve
from shapely.geometry.base import BaseGeometry

from assetmap import look
from assetmap.sheets.ground import Box, curve_of
from assetmap.sheets.marks import View
from assetmap.sheets.model import Sheet
from assetmap.sheets.paper import DETAIL, SMALL, SUBTITLE, TITLE, Paper, Type, balanced, width_mm, wrap
from assetmap.sheets.saying import checksum, in_fours
from assetmap.space import MEASURED_NAME
from assetmap.wording import sentences

MARGIN_MM: Final = 8.0
BAND_MM: Final = 8.0
BAND: Final = Type(10.5, "bold", look.PAGE)
FOOT_MM: Final = 9.6
"""The height of the two lines at the foot, with the rule above them."""

SUBTITLE_LINES: Final = 3
LOCATOR_MM: Final = (26.0, 24.0)
"""The room of the small map that shows where the large one lies."""

INSET_MM: Final = 2.5
"""So far from the map's frame stands what is drawn in a corner of it."""

CORNER_MM: Final = (44.0, 12.0)
"""The room that the scale bar and the north arrow take together."""


def draw_header(paper: Paper, sheet: Sheet) -> float:
    """The band of a made-up place, the title and the subtitle; returns where they end."""
    top_mm, width_mm = paper.height_mm - MARGIN_MM, paper.width_mm - 2 * MARGIN_MM
    if sheet.fictional:
        paper.box(0, paper.height_mm - BAND_MM, paper.width_mm, BAND_MM, fill=look.INK, z=5)
        baseline = paper.height_mm - BAND_MM / 2 - BAND.cap_mm / 2
        paper.text(MARGIN_MM, baseline, "FICTIONAL TOWN", BAND)
        paper.text(paper.width_mm - MARGIN_MM, baseline, "Made up to show how this works", BAND, align="right")
        top_mm -= BAND_MM - 2
    style, lines = fitted_title(sheet.title, width_mm)
    top_mm = paper.lines(MARGIN_MM, top_mm, lines, style) - 0.6
    return paper.lines(MARGIN_MM, top_mm, subtitle_lines(sheet.subtitle, width_mm), SUBTITLE) - 2.6


def header_mm(sheet: Sheet, page_width_mm: float) -> float:
    """How much height :func:`draw_header` takes from the top edge down."""
    width_mm = page_width_mm - 2 * MARGIN_MM
    style, lines = fitted_title(sheet.title, width_mm)
    subtitle = len(subtitle_lines(sheet.subtitle, width_mm)) * SUBTITLE.line_mm
    return MARGIN_MM + (BAND_MM - 2) * sheet.fictional + len(lines) * style.line_mm + 0.6 + subtitle + 2.6


def subtitle_lines(text: str, width_mm: float) -> list[str]:
    """The sentences of a subtitle that fit in three lines, each whole; a first that is too long ends in an ellipsis."""
    first, *others = sentences(text) or [""]
    kept = first
    for sentence in others:
        longer = f"{kept} {sentence}"
        if len(wrap(longer, width_mm, SUBTITLE)) <= SUBTITLE_LINES:
            kept = longer
    return balanced(kept, width_mm, SUBTITLE, SUBTITLE_LINES)


def fitted_title(title: str, width_mm: float) -> tuple[Type, list[str]]:
    """The title in the largest size that needs no more than two lines, or three lines of the smallest."""
    for size_pt in (TITLE.size_pt, 19.0, 17.0, 15.0):
        style = Type(size_pt, TITLE.weight, TITLE.colour, TITLE.leading)
        lines = wrap(title, width_mm, style)
        if len(lines) <= (1 if size_pt > 19 else 2):
            return style, balanced(title, width_mm, style, 2)
    return style, balanced(title, width_mm, style, 3)


def draw_foot(paper: Paper, sheet: Sheet, view: View | None, notes: list[str]) -> None:
    """Projection, scale and date on the left, the sheet's number and its pack's on the right, notes on the drawing."""
    right_mm = paper.width_mm - MARGIN_MM
    top_mm = MARGIN_MM - 3 + FOOT_MM - 1.8
    paper.rule(MARGIN_MM, right_mm, top_mm + 1.8)
    scale = f" 1:{view.scale:,} when printed on A4." if view is not None else ""
    drawn = f"{sheet.drawn_on.day} {sheet.drawn_on:%B %Y}"
    number = f"sheet {in_fours(checksum(sheet))}"
    number = f"evidence pack {in_fours(sheet.pack)}, {number}" if sheet.pack else f"assetmap {number}"
    first = top_mm - SMALL.cap_mm
    paper.text(MARGIN_MM, first, f"{MEASURED_NAME}, north up.{scale} Drawn on {drawn}.", SMALL)
    paper.text(right_mm, first, number, SMALL, align="right")
    paper.text(MARGIN_MM, first - SMALL.line_mm, " ".join(notes), SMALL)


def bar_length_m(metres_per_mm: float, longest_mm: float = 32.0) -> int:
    """The longest of 1, 2 or 5 times a power of ten metres that fits a scale bar, two parts of equal length."""
    longest_m = max(1.0, longest_mm * metres_per_mm)
    power = 10 ** math.floor(math.log10(longest_m))
    return int(max(step * power for step in (1, 2, 5) if step * power <= longest_m))


def quiet_corner(frame: Box, busy_mm: BaseGeometry, size_mm: tuple[float, float] = CORNER_MM) -> tuple[float, float]:
    """The corner of the frame where something of a size hides least of what matters; lower corners first."""
    left, low, right, top = frame[0] + INSET_MM, frame[1] + INSET_MM, frame[2] - INSET_MM, frame[3] - INSET_MM
    wide, high = size_mm
    corners = ((left, low), (right - wide, low), (left, top - high), (right - wide, top - high))
    hidden = [shapely.intersection(shapely.box(x, y, x + wide, y + high), busy_mm).area for x, y in corners]
    return corners[hidden.index(min(hidden))]


def draw_locator(paper: Paper, outline_m: BaseGeometry, drawn_m: Box, corner_mm: tuple[float, float]) -> None:
    """A small map of the whole place, with a box round the part that is drawn large."""
    wide, high = LOCATOR_MM
    left, low, right, top = shapely.union(outline_m, shapely.box(*drawn_m)).bounds
    scale = min((wide - 3) / (right - left), (high - 3) / (top - low))
    middle_m, middle_mm = ((left + right) / 2, (low + top) / 2), (corner_mm[0] + wide / 2, corner_mm[1] + high / 2)
    on_paper = View(middle_m, middle_mm, 1 / scale)
    paper.box(*corner_mm, wide, high, fill=look.PAGE, line=look.LINE, line_pt=0.6, z=7)
    edge = curve_of(on_paper.shape_mm([shapely.simplify(outline_m, 0.15 / scale)]))
    if edge is not None:
        paper.path(edge, fill=look.NEED_FIFTHS[1], line=look.QUIET, line_pt=0.5, z=7.1)
    (x0, y0), (x1, y1) = on_paper.to_mm(np.array([drawn_m[:2], drawn_m[2:]]))
    paper.box(x0, y0, x1 - x0, y1 - y0, line=look.INK, line_pt=1.1, z=7.2)


def draw_corner(paper: Paper, view: View, corner_mm: tuple[float, float]) -> None:
    """The north arrow, and beside it a bar whose length on paper is true on the grid."""
    x_mm, y_mm = corner_mm
    _draw_arrow(paper, x_mm + 2.4, y_mm)
    bar_m = bar_length_m(view.metres_per_mm)
    bar_mm = bar_m / view.metres_per_mm
    left, low = x_mm + 9.0, y_mm + 0.6
    paper.box(left, low, bar_mm, 1.3, fill=look.PAGE, line=look.INK, line_pt=0.7, z=7)
    paper.box(left, low, bar_mm / 2, 1.3, fill=look.INK, line=look.INK, line_pt=0.7, z=7)
    unit, per = ("km", 1000) if bar_m >= 1000 else ("m", 1)
    baseline = low + 2.6
    for share in (0.0, 0.5):
        paper.text(left + bar_mm * share, baseline, f"{bar_m * share / per:g}", DETAIL, align="center", halo_pt=2, z=8)
    whole = f"{bar_m / per:g}"
    from_middle = width_mm(whole, DETAIL.size_pt, DETAIL.weight) / 2
    paper.text(left + bar_mm - from_middle, baseline, f"{whole} {unit}", DETAIL, halo_pt=2, z=8)


def _draw_arrow(paper: Paper, x_mm: float, y_mm: float) -> None:
    tip, foot, notch, half = y_mm + 7.2, y_mm + 0.6, y_mm + 2.0, 2.1
    whole = [(x_mm, tip), (x_mm + half, foot), (x_mm, notch), (x_mm - half, foot), (x_mm, tip)]
    paper.path(Curve(whole, closed=True), fill=look.PAGE, line=look.INK, line_pt=0.7, z=7)
    west = [(x_mm, tip), (x_mm, notch), (x_mm - half, foot), (x_mm, tip)]
    paper.path(Curve(west, closed=True), fill=look.INK, line=look.INK, line_pt=0.5, z=7)
    paper.text(x_mm, tip + 1.0, "N", Type(9, "bold"), align="center", halo_pt=2, z=8)
