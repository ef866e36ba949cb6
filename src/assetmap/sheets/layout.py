"""A sheet put together: ground, marks, names and text, each in its place and in the order it is drawn in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path as Curve
from shapely.geometry.base import BaseGeometry

from assetmap import look
from assetmap.sheets.furniture import (
    CORNER_MM,
    LOCATOR_MM,
    draw_corner,
    draw_foot,
    draw_header,
    draw_locator,
    quiet_corner,
)
from assetmap.sheets.ground import DISC_MM, Box, draw_extents, draw_ground, draw_outlined, number_spots, outline_of
from assetmap.sheets.lists import draw_number
from assetmap.sheets.marks import View, make_room, marks_of
from assetmap.sheets.model import Sheet
from assetmap.sheets.names import draw_names
from assetmap.sheets.paper import ENTRY, Paper, coats_of, wrap
from assetmap.sheets.plan import Plan, draw_regions, plan_of
from assetmap.sheets.shapes import half_way, placed
from assetmap.space import Floats
from assetmap.wording import count_words

BUSY_MM: Final = 5.0
"""So far round a mark, scale bar and small map keep away from it where they can."""


def compose(sheet: Sheet) -> Paper:
    """The finished page.

    Raises
    ------
    QuestionError
        If the text leaves no room for a map.
    """
    outline = outline_of(sheet.areas)
    extent = _extent_m(sheet, outline)
    plan = plan_of(sheet, extent)
    paper = Paper(portrait=plan.portrait)
    paper.cut_short = plan.kept != "all"
    draw_header(paper, sheet)
    if extent is None:
        _draw_nothing(paper, sheet, plan.frame)
        draw_foot(paper, sheet, None, [])
        draw_regions(paper, sheet, plan, 1.0)
        return paper
    view = _view(plan, extent)
    if sheet.focus_m is not None:
        left, low, right, top = plan.frame
        paper.window = Curve([(left, low), (right, low), (right, top), (left, top), (left, low)], closed=True)
    draw_ground(paper, sheet, view, plan.frame, outline)
    draw_extents(paper, sheet, view)
    draw_outlined(paper, sheet, view)
    paper.window = None
    _draw_map_marks(paper, sheet, plan, view, outline)
    return paper


def _draw_map_marks(paper: Paper, sheet: Sheet, plan: Plan, view: View, outline: BaseGeometry) -> None:
    outline_mm = view.shape_mm([outline])[0]
    every = marks_of(sheet, view, outline_mm.area or _box_area(plan.frame))
    marks = every[_inside(every, plan.frame)].reset_index(drop=True)
    _draw_marks(paper, marks)
    discs_mm = _draw_numbers(paper, sheet, view, marks)
    furniture = _draw_furniture(paper, sheet, plan, view, outline, marks)
    unnamed = draw_names(paper, sheet, view, marks, discs_mm, plan.frame, furniture)
    moved_m = float(marks["moved_mm"].max() if len(marks) else 0.0) * view.metres_per_mm
    draw_foot(paper, sheet, view, _notes(moved_m, len(every) - len(marks), unnamed))
    draw_regions(paper, sheet, plan, _mark_scale(marks))


def _draw_furniture(
    paper: Paper, sheet: Sheet, plan: Plan, view: View, outline: BaseGeometry, marks: pd.DataFrame
) -> list[Box]:
    """Scale bar and north arrow, and where only a part of the place is drawn, where that lies; returns their boxes."""
    if sheet.focus_m is None:
        busy = view.shape_mm([outline])[0]
    else:
        spots = shapely.multipoints(marks[["x_mm", "y_mm"]].to_numpy(dtype=np.float64))
        busy = shapely.union_all([shapely.buffer(spots, BUSY_MM), *_outlined_mm(sheet, view)])
    corner = quiet_corner(plan.frame, busy)
    draw_corner(paper, view, corner)
    boxes = [(*corner, corner[0] + CORNER_MM[0], corner[1] + CORNER_MM[1])]
    if sheet.focus_m is not None:
        left, low, right, top = plan.frame
        drawn_m = view.to_metres(np.array([(left, low), (right, top)])).ravel()
        where = quiet_corner(plan.frame, shapely.union(busy, shapely.box(*boxes[0])), LOCATOR_MM)
        draw_locator(paper, outline, (drawn_m[0], drawn_m[1], drawn_m[2], drawn_m[3]), where)
        boxes.append((*where, where[0] + LOCATOR_MM[0], where[1] + LOCATOR_MM[1]))
    return boxes


def _outlined_mm(sheet: Sheet, view: View) -> np.ndarray:
    codes = sheet.outlined.codes | sheet.outlined.coloured if sheet.outlined is not None else frozenset()
    rows = placed(sheet.areas[sheet.areas["area_code"].isin(codes)])
    return view.shape_mm(shapely.make_valid(np.asarray(rows.geometry.array, dtype=object)))


def _draw_numbers(paper: Paper, sheet: Sheet, view: View, marks: pd.DataFrame) -> Floats:
    """The numbers of the neighbourhoods listed; returns where they stand."""
    spots = number_spots(sheet, view, marks[["x_mm", "y_mm", "radius_mm"]].to_numpy(dtype=np.float64))
    discs = make_room(pd.DataFrame({"x_mm": spots[:, 0], "y_mm": spots[:, 1], "radius_mm": DISC_MM * 1.25}))
    for number, (x_mm, y_mm) in enumerate(zip(discs["x_mm"], discs["y_mm"], strict=True), start=1):
        draw_number(paper, x_mm, y_mm, number, z=8.2 + number / 1000)
    return discs[["x_mm", "y_mm"]].to_numpy(dtype=np.float64)


def _notes(moved_m: float, outside: int, unnamed: int) -> list[str]:
    notes = []
    if moved_m >= 10:
        notes.append(f"Marks that would hide one another are moved apart, by {moved_m:,.0f} m at most.")
    if unnamed:
        notes.append(f"No room on the map for {count_words(unnamed, 'name', 'names')}.")
    if outside:
        notes.append(f"{count_words(outside, 'place lies', 'places lie')} beyond the map.")
    return notes


def _extent_m(sheet: Sheet, outline: BaseGeometry) -> Box | None:
    """Left, bottom, right and top in metres of what the map must show; ``None`` when there is nothing to show."""
    if sheet.focus_m is not None:
        return sheet.focus_m
    if not outline.is_empty:
        left, low, right, top = outline.bounds
        return left, low, right, top
    rows = [sheet.gone_drawn, *(layer.drawn for layer in sheet.every_layer)]
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


def _draw_nothing(paper: Paper, sheet: Sheet, frame: Box) -> None:
    left, low, right, top = frame
    paper.box(left, low, right - left, top - low, fill=look.PANEL, line=look.LINE, line_pt=0.6)
    lines = wrap(f"Nothing to draw yet: no neighbourhoods or places are loaded for {sheet.place_name}.", 90, ENTRY)
    paper.lines((left + right) / 2 - 45, (low + top) / 2, lines, ENTRY)


def _inside(marks: pd.DataFrame, frame: Box) -> pd.Series[bool]:
    left, low, right, top = frame
    reach = marks["radius_mm"]
    across = (marks["x_mm"] - reach >= left) & (marks["x_mm"] + reach <= right)
    inside: pd.Series[bool] = across & (marks["y_mm"] - reach >= low) & (marks["y_mm"] + reach <= top)
    return inside


def _box_area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _mark_scale(marks: pd.DataFrame) -> float:
    """How much smaller than its layer would have it a mark is drawn: the same for every mark that stands today."""
    shrunk = marks.loc[~marks["lost"], "shrunk"]
    return float(shrunk.max()) if len(shrunk) else 1.0


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
