"""Where everything on a sheet goes, and the order it is drawn in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from assetmap import look
from assetmap.sheets.furniture import (
    FOOT_MM,
    MARGIN_MM,
    draw_corner,
    draw_foot,
    draw_header,
    header_mm,
    quiet_corner,
)
from assetmap.sheets.ground import Box, draw_extents, draw_ground, outline_of
from assetmap.sheets.legend import Block, draw_blocks, height_of, legend_blocks, note_block
from assetmap.sheets.marks import View, marks_of
from assetmap.sheets.model import Sheet, half_way, not_placed
from assetmap.sheets.names import draw_names
from assetmap.sheets.paper import A4_MM, ENTRY, Paper, coats_of, wrap

COLUMNS_MM: Final = (60.0, 66.0, 72.0, 78.0, 84.0, 90.0, 96.0)
"""How wide the column beside a map may be; a wider one needs less height for the small print."""

GUTTER_MM: Final = 7.0
PADDING_MM: Final = 2.5
PORTRAIT_GAIN: Final = 1.2
"""How much larger the map must come out for the sheet to be set upright: screens and slides are wide."""

SMALLEST_EXTENT_M: Final = 400.0
FOOT_TOP_MM: Final = MARGIN_MM - 3 + FOOT_MM + 2
LEAST_MAP_MM: Final = 95.0
CARE: Final = "Read with care"
SOURCES: Final = "Sources and licences"


@dataclass(frozen=True)
class Plan:
    """A page, the frame its map has, and how its legend is set."""

    portrait: bool
    column_mm: float
    frame: Box
    columns: tuple[tuple[Block, ...], ...]
    small_print: tuple[Block, ...]
    metres_per_mm: float


def compose(sheet: Sheet) -> Paper:
    """The finished page."""
    outline = outline_of(sheet.areas)
    extent = _extent_m(sheet, outline)
    plan = _plan(sheet, extent)
    paper = Paper(portrait=plan.portrait)
    draw_header(paper, sheet)
    if extent is None:
        _draw_nothing(paper, sheet, plan.frame)
        draw_foot(paper, sheet, None, [])
        _draw_legend(paper, sheet, plan, 1.0)
        return paper
    view = _view(plan, extent)
    draw_ground(paper, sheet, view, plan.frame, outline)
    draw_extents(paper, sheet, view)
    _draw_map_marks(paper, sheet, plan, view, outline)
    return paper


def _draw_map_marks(paper: Paper, sheet: Sheet, plan: Plan, view: View, outline: BaseGeometry) -> None:
    outline_mm = view.shape_mm([outline])[0]
    every = marks_of(sheet, view, outline_mm.area or _box_area(plan.frame))
    marks = every[_inside(every, plan.frame)].reset_index(drop=True)
    _draw_marks(paper, marks)
    corner = quiet_corner(plan.frame, outline_mm)
    draw_corner(paper, view, corner)
    unnamed = draw_names(paper, sheet, view, marks, plan.frame, corner)
    moved_m = float(marks["moved_mm"].max() if len(marks) else 0.0) * view.metres_per_mm
    draw_foot(paper, sheet, view, _notes(moved_m, len(every) - len(marks), unnamed))
    _draw_legend(paper, sheet, plan, _mark_scale(marks))


def _notes(moved_m: float, outside: int, unnamed: int) -> list[str]:
    notes = []
    if moved_m >= 10:
        notes.append(f"Marks that would hide one another are moved apart, by {moved_m:,.0f} m at most.")
    if unnamed:
        notes.append(f"No room for {unnamed:,} of the names; they are in the table.")
    if outside:
        notes.append(f"Beyond the edge of the map and not drawn: {outside:,}.")
    return notes


def _extent_m(sheet: Sheet, outline: BaseGeometry) -> Box | None:
    """Left, bottom, right and top in metres of what the map must show; ``None`` when there is nothing to show."""
    if not outline.is_empty:
        left, low, right, top = outline.bounds
        return left, low, right, top
    rows = [sheet.gone_drawn, *(layer.drawn for layer in (*sheet.layers, *sheet.opportunities))]
    spots = [half_way(frame.geometry) for frame in rows if len(frame)]
    if not spots:
        return None
    xy = np.vstack(spots)
    west, south = xy.min(axis=0)
    east, north = xy.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _view(plan: Plan, extent: Box) -> View:
    left, low, right, top = plan.frame
    centre_m = ((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)
    return View(centre_m, ((left + right) / 2, (low + top) / 2), plan.metres_per_mm)


def _metres_per_mm(frame: Box, extent: Box | None) -> float:
    """The largest round scale at which the place fits its frame."""
    if extent is None:
        return 1.0
    wide_m = max(extent[2] - extent[0], SMALLEST_EXTENT_M)
    high_m = max(extent[3] - extent[1], SMALLEST_EXTENT_M)
    wide_mm, high_mm = frame[2] - frame[0] - 2 * PADDING_MM, frame[3] - frame[1] - 2 * PADDING_MM
    exact = max(wide_m / wide_mm, high_m / high_mm)
    step = 0.5 if exact < 200 else 5.0
    return float(np.ceil(exact / step) * step)


def _plan(sheet: Sheet, extent: Box | None) -> Plan:
    wide, tall = _landscape(sheet, extent), _portrait(sheet, extent)
    return tall if wide.metres_per_mm > PORTRAIT_GAIN * tall.metres_per_mm else wide


def _small_print(sheet: Sheet, column_mm: float, max_lines: int = 99) -> tuple[Block, ...]:
    care = note_block(CARE, [*sheet.caveats, *not_placed(sheet)], column_mm, max_lines)
    sources = note_block(SOURCES, sheet.sources, column_mm, max_lines)
    return tuple(block for block in (care, sources) if block)


def _landscape(sheet: Sheet, extent: Box | None) -> Plan:
    """The map on the left, legend and small print in one column on the right, as wide as gives the largest map."""
    page_high, page_wide = A4_MM
    low, top = FOOT_TOP_MM, page_high - header_mm(sheet, page_wide)
    plans = []
    for column_mm in COLUMNS_MM:
        legend, small = tuple(legend_blocks(sheet, column_mm)), _small_print(sheet, column_mm)
        frame = (MARGIN_MM, low, page_wide - MARGIN_MM - column_mm - GUTTER_MM, top)
        if height_of((*legend, *small)) <= top - low:
            plans.append(Plan(False, column_mm, frame, (legend,), small, _metres_per_mm(frame, extent)))
    if not plans:
        return _landscape_with_strip(sheet, extent, low, top)
    return min(plans, key=lambda plan: plan.metres_per_mm)


def _landscape_with_strip(sheet: Sheet, extent: Box | None, low: float, top: float) -> Plan:
    """The small print under the map, where it is too long for any column."""
    page_wide, column_mm = A4_MM[1], COLUMNS_MM[1]
    strip, below = _strip(sheet, page_wide, low, top)
    frame = (MARGIN_MM, low + below, page_wide - MARGIN_MM - column_mm - GUTTER_MM, top)
    legend = tuple(legend_blocks(sheet, column_mm))
    return Plan(False, column_mm, frame, (legend,), strip, _metres_per_mm(frame, extent))


def _strip(sheet: Sheet, page_wide: float, low: float, top: float) -> tuple[tuple[Block, ...], float]:
    """Small print too long for the column, in two columns under the map; and the height it takes."""
    column_mm = (page_wide - 2 * MARGIN_MM - GUTTER_MM) / 2
    room_mm = top - low - LEAST_MAP_MM
    strip = _small_print(sheet, column_mm, max_lines=max(4, int(room_mm / 3.4) - 2))
    return strip, min(room_mm, max(height_of([block]) for block in strip)) + 3


def _portrait(sheet: Sheet, extent: Box | None) -> Plan:
    """The map across the page, legend and small print in three columns beneath it."""
    page_wide, page_high = A4_MM
    low, top = FOOT_TOP_MM, page_high - header_mm(sheet, page_wide)
    column_mm = (page_wide - 2 * MARGIN_MM - 2 * GUTTER_MM) / 3
    lines = int((top - low - LEAST_MAP_MM) / 3.4)
    blocks = (*legend_blocks(sheet, column_mm), *_small_print(sheet, column_mm, max_lines=max(4, lines)))
    columns = _balanced(blocks, 3)
    below = max(height_of(column) for column in columns) + 4
    frame = (MARGIN_MM, low + below, page_wide - MARGIN_MM, top)
    return Plan(True, column_mm, frame, columns, (), _metres_per_mm(frame, extent))


def _balanced(blocks: Sequence[Block], columns: int) -> tuple[tuple[Block, ...], ...]:
    """Blocks in reading order over columns, so that the tallest column is as short as can be."""

    def split(cuts: tuple[int, ...]) -> tuple[tuple[Block, ...], ...]:
        edges = (0, *cuts, len(blocks))
        return tuple(tuple(blocks[a:b]) for a, b in pairwise(edges))

    choices = (split(cuts) for cuts in combinations(range(len(blocks) + 1), columns - 1))
    return min(choices, key=lambda chosen: max(height_of(column) for column in chosen))


def _draw_legend(paper: Paper, sheet: Sheet, plan: Plan, mark_scale: float) -> None:
    if plan.portrait:
        blocks = [block for column in plan.columns for block in column]
        scaled = legend_blocks(sheet, plan.column_mm, mark_scale)
        left_over = iter([*scaled, *blocks[len(scaled) :]])
        for i, column in enumerate(plan.columns):
            left = MARGIN_MM + i * (plan.column_mm + GUTTER_MM)
            draw_blocks(paper, [next(left_over) for _ in column], left, plan.frame[1] - 4)
        return
    left, top = paper.width_mm - MARGIN_MM - plan.column_mm, plan.frame[3]
    draw_blocks(paper, legend_blocks(sheet, plan.column_mm, mark_scale), left, top)
    _draw_small_print(paper, plan, left)


def _draw_small_print(paper: Paper, plan: Plan, left_mm: float) -> None:
    in_column = plan.frame[1] == FOOT_TOP_MM
    if in_column:
        draw_blocks(paper, plan.small_print, left_mm, plan.frame[1] + height_of(plan.small_print))
        return
    column_mm = (paper.width_mm - 2 * MARGIN_MM - GUTTER_MM) / 2
    for i, block in enumerate(plan.small_print):
        draw_blocks(paper, [block], MARGIN_MM + i * (column_mm + GUTTER_MM), plan.frame[1] - 3)


def _draw_nothing(paper: Paper, sheet: Sheet, frame: Box) -> None:
    left, low, right, top = frame
    paper.box(left, low, right - left, top - low, fill=look.PANEL, line=look.LINE, line_pt=0.6)
    lines = wrap(f"Nothing to draw yet: no neighbourhoods or places are loaded for {sheet.place_name}.", 90, ENTRY)
    paper.lines((left + right) / 2 - 45, (low + top) / 2, lines, ENTRY)


def _inside(marks: pd.DataFrame, frame: Box) -> pd.Series[bool]:
    left, low, right, top = frame
    inside: pd.Series[bool] = marks["x_mm"].between(left, right) & marks["y_mm"].between(low, top)
    return inside


def _box_area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _mark_scale(marks: pd.DataFrame) -> float:
    for minor, size in ((False, "major"), (True, "minor")):
        sized = marks[~marks["lost"] & (marks["minor"] == minor)]
        if len(sized):
            return float(sized["radius_mm"].max()) / look.MARKER_RADIUS_MM[size]
    return 1.0


def _draw_marks(paper: Paper, marks: pd.DataFrame) -> None:
    sort = ["rank", "theme", "radius_mm", "hollow", "contributed"]
    for z, (key, rows) in enumerate(_runs(marks, sort)):
        _, theme_id, radius_mm, hollow, contributed = key
        theme = look.LOST if theme_id == look.LOST.id else look.theme(str(theme_id))
        coats = coats_of(theme.shape, theme.colour, contributed=bool(contributed), hollow=bool(hollow))
        paper.stamps(coats, rows[["x_mm", "y_mm"]].to_numpy(dtype=np.float64), float(str(radius_mm)), z=5 + z / 1000)


def _runs(marks: pd.DataFrame, sort: list[str]) -> Iterator[tuple[tuple[object, ...], pd.DataFrame]]:
    """Rows that look alike, in the order they are drawn in."""
    for key, rows in marks.groupby(sort, sort=False):
        yield tuple(key), rows
