"""Several small maps on one page, at one scale: what had closed by each of several dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from assetmap import look
from assetmap.errors import QuestionError
from assetmap.sheets.blocks import Cuts, Unit, columns_of, draw_column, filled, levelled
from assetmap.sheets.furniture import (
    CORNER_MM,
    MARGIN_MM,
    draw_corner,
    draw_foot,
    draw_header,
    header_mm,
    quiet_corner,
)
from assetmap.sheets.ground import Box, draw_ground, outline_of
from assetmap.sheets.legend import EARLIER_MM, PANEL_MARK_MM, legend_units
from assetmap.sheets.lists import Kept, small_print_units
from assetmap.sheets.losses import year_of
from assetmap.sheets.marks import View, make_room, marks_of
from assetmap.sheets.model import NAMED_LOSSES, Sheet
from assetmap.sheets.names import draw_names
from assetmap.sheets.paper import A4_MM, DETAIL, HEADING, Paper, coats_of, wrap
from assetmap.sheets.plan import (
    BETWEEN_PAIR_MM,
    CUT_SHORT_COST,
    FOOT_TOP_MM,
    GUTTER_MM,
    SMALL_PT,
    kept_of,
    metres_per_mm,
)
from assetmap.sheets.told import Panel

SIDE_MM: Final = (58.0, 66.0, 74.0)
"""How wide a column of text beside the maps may be."""

BETWEEN_MM: Final = 4.0
"""Between two small maps."""

LINES: Final = 2
"""How many lines each sentence beneath a small map may take."""

UPRIGHT_COST: Final = 1.1
"""How much larger the maps must come out for the sheet to be set upright."""

LEAST_MM: Final = 30.0
"""A map less wide or high than this is no map."""


@dataclass(frozen=True)
class _Plan:
    """A page: where the maps go and in how many columns, where the text stands, and the scale of every map."""

    portrait: bool
    area: Box
    across: int
    text: Box
    columns: int
    cuts: Cuts
    small_pt: float
    kept: Kept
    metres_per_mm: float = 0.0


def compose_panels(sheet: Sheet) -> Paper:
    """The finished page of a sheet that has panels.

    Raises
    ------
    QuestionError
        If there are no neighbourhoods to draw, or the text leaves no room for the maps.
    """
    outline = outline_of(sheet.areas)
    if outline.is_empty:
        raise QuestionError(f"No neighbourhoods are loaded for {sheet.place_name}, so there is no map to repeat.")
    plan = _plan_of(sheet, outline)
    paper = Paper(portrait=plan.portrait)
    paper.cut_short = plan.kept != "all"
    draw_header(paper, sheet)
    moved_mm = [
        _draw_panel(paper, sheet, plan, outline, panel, cell)
        for panel, cell in zip(sheet.panels, _cells(plan, len(sheet.panels)), strict=True)
    ]
    view = View((0.0, 0.0), (0.0, 0.0), plan.metres_per_mm)
    draw_foot(paper, sheet, view, _notes(max(moved_mm) * plan.metres_per_mm))
    _draw_text(paper, sheet, plan)
    return paper


def _notes(moved_m: float) -> list[str]:
    same = "All maps are of one scale."
    apart = f"Crosses that would hide one another are moved apart, by {moved_m:,.0f} m at most."
    return [same, apart] if moved_m >= 10 else [same]


# --- the page --------------------------------------------------------------------------------------------------------


def _plan_of(sheet: Sheet, outline: BaseGeometry) -> _Plan:
    plans = [_scaled(plan, sheet, outline) for kept in kept_of(sheet) for plan in _arrangements(sheet, kept)]
    fitting = [plan for plan in plans if np.isfinite(plan.metres_per_mm)]
    if not fitting:
        raise QuestionError("The sources and notes of this sheet leave no room for maps on one page.")
    return min(fitting, key=_cost)


def _cost(plan: _Plan) -> float:
    return plan.metres_per_mm * CUT_SHORT_COST[plan.kept] * (UPRIGHT_COST if plan.portrait else 1.0)


def _arrangements(sheet: Sheet, kept: Kept) -> Iterator[_Plan]:
    """Text beside the maps or in columns beneath them, on wide pages and upright ones; maps in any columns."""
    for portrait in (False, True):
        wide, high = A4_MM if portrait else A4_MM[::-1]
        top, low, right = high - header_mm(sheet, wide), FOOT_TOP_MM, wide - MARGIN_MM
        for small_pt in SMALL_PT:
            for side in SIDE_MM:
                cuts = filled(_units(sheet, side, small_pt, kept), 1, top - low)
                left = right - side
                if cuts is not None:
                    area, text = (MARGIN_MM, low, left - GUTTER_MM, top), (left, low, right, top)
                    yield from _each_way(sheet, _Plan(portrait, area, 1, text, 1, cuts, small_pt, kept))
            columns = 3 if portrait else 4
            column = (right - MARGIN_MM - BETWEEN_PAIR_MM * (columns - 1)) / columns
            cuts, tall = levelled(_units(sheet, column, small_pt, kept), columns)
            area, text = (MARGIN_MM, low + tall + 4, right, top), (MARGIN_MM, low, right, low + tall)
            yield from _each_way(sheet, _Plan(portrait, area, 1, text, columns, cuts, small_pt, kept))


def _each_way(sheet: Sheet, plan: _Plan) -> Iterator[_Plan]:
    return (replace(plan, across=across) for across in range(1, len(sheet.panels) + 1))


def _units(sheet: Sheet, column_mm: float, small_pt: float, kept: Kept) -> list[Unit]:
    return [*legend_units(sheet, column_mm), *small_print_units(sheet, column_mm, small_pt, kept)]


def _scaled(plan: _Plan, sheet: Sheet, outline: BaseGeometry) -> _Plan:
    """The plan with its scale; infinite where its maps would be no maps."""
    (left, low, right, top), *_ = _cells(plan, len(sheet.panels))
    frame = (left, low + _caption_mm(sheet, right - left), right, top)
    if min(right - left, frame[3] - frame[1]) < LEAST_MM:
        return replace(plan, metres_per_mm=np.inf)
    west, south, east, north = outline.bounds
    return replace(plan, metres_per_mm=metres_per_mm(frame, (west, south, east, north)))


def _cells(plan: _Plan, count: int) -> list[Box]:
    """Where each map stands with its words, row by row from the top left."""
    left, low, right, top = plan.area
    down = -(-count // plan.across)
    wide = (right - left - BETWEEN_MM * (plan.across - 1)) / plan.across
    high = (top - low - BETWEEN_MM * (down - 1)) / down
    corners = [
        (left + (i % plan.across) * (wide + BETWEEN_MM), top - (i // plan.across) * (high + BETWEEN_MM))
        for i in range(count)
    ]
    return [(x, y - high, x + wide, y) for x, y in corners]


def _draw_text(paper: Paper, sheet: Sheet, plan: _Plan) -> None:
    left, low, right, top = plan.text
    wide = (right - left - BETWEEN_PAIR_MM * (plan.columns - 1)) / plan.columns
    for i, column in enumerate(columns_of(_units(sheet, wide, plan.small_pt, plan.kept), plan.cuts)):
        room = top - low if plan.columns == 1 else None
        draw_column(paper, column, left + i * (wide + BETWEEN_PAIR_MM), top, room)


# --- one map ---------------------------------------------------------------------------------------------------------


def _caption_lines(panel: Panel, wide_mm: float) -> list[str]:
    return [line for words in panel.lines for line in wrap(words, wide_mm, DETAIL, LINES)]


def _caption_mm(sheet: Sheet, wide_mm: float) -> float:
    """The room beneath every map for the longest of their words."""
    most = max(len(_caption_lines(panel, wide_mm)) for panel in sheet.panels)
    return HEADING.line_mm + most * DETAIL.line_mm + 1.0


def _draw_panel(paper: Paper, sheet: Sheet, plan: _Plan, outline: BaseGeometry, panel: Panel, cell: Box) -> float:
    """One map with its words beneath; returns how far a cross was moved, in millimetres."""
    left, low, right, top = cell
    frame = (left, low + _caption_mm(sheet, right - left), right, top)
    west, south, east, north = outline.bounds
    middle_mm = ((left + right) / 2, (frame[1] + top) / 2)
    view = View(((west + east) / 2, (south + north) / 2), middle_mm, plan.metres_per_mm)
    draw_ground(paper, sheet, view, frame, outline)
    moved_mm = _draw_losses(paper, sheet, panel, view, outline, frame)
    under = paper.lines(left, frame[1] - 1.0, [f"End of {panel.year}"], HEADING)
    paper.lines(left, under, _caption_lines(panel, right - left), DETAIL)
    return moved_mm


def _draw_losses(paper: Paper, sheet: Sheet, panel: Panel, view: View, outline: BaseGeometry, frame: Box) -> float:
    by_then = _closed_by(sheet, panel.year)
    marks = marks_of(by_then, view, view.shape_mm([outline])[0].area)
    marks = make_room(marks.assign(radius_mm=PANEL_MARK_MM))
    new = [panel.since is not None and int(year_of(date)) > panel.since for date in by_then.gone_drawn["closed_on"]]
    fresh = np.array(new, dtype=bool)[marks["number"].to_numpy(dtype=int) - 1]
    for flags, colour, radius_mm in ((~fresh, look.QUIET, EARLIER_MM), (fresh, look.INK, PANEL_MARK_MM)):
        xy_mm = marks.loc[flags, ["x_mm", "y_mm"]].to_numpy(dtype=np.float64)
        paper.stamps(coats_of(look.LOST.shape, colour), xy_mm, radius_mm, z=4 + radius_mm)
    corner = _draw_scale(paper, sheet, panel, view, outline, frame)
    if len(sheet.gone_drawn) <= NAMED_LOSSES:
        named = marks.assign(label=fresh)
        draw_names(paper, by_then, view, named, np.empty((0, 2)), frame, corner)
    return float(marks["moved_mm"].max()) if len(marks) else 0.0


def _draw_scale(
    paper: Paper, sheet: Sheet, panel: Panel, view: View, outline: BaseGeometry, frame: Box
) -> Sequence[Box]:
    """Scale bar and north arrow on the first map alone: the others are of its scale."""
    if panel is not sheet.panels[0]:
        return ()
    x_mm, y_mm = quiet_corner(frame, view.shape_mm([outline])[0])
    draw_corner(paper, view, (x_mm, y_mm))
    return ((x_mm, y_mm, x_mm + CORNER_MM[0], y_mm + CORNER_MM[1]),)


def _closed_by(sheet: Sheet, year: int) -> Sheet:
    """The same sheet with what had closed by the end of a year, and no names of the parts of the place."""
    gone = sheet.gone
    closed = [bool(known := year_of(date)) and int(known) <= year for date in gone["closed_on"]]
    then = gone[np.array(closed, dtype=bool)]
    return replace(sheet, lost=then, panels=(), areas=sheet.areas.assign(locality=None))
