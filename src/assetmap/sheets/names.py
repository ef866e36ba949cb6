"""The names written on the map: what was lost with its year, the parts of the place, and the layers that are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from assetmap import look
from assetmap.sheets.ground import DISC_MM, Box
from assetmap.sheets.labels import REFUSED, Name, Spot, place_names
from assetmap.sheets.marks import View
from assetmap.sheets.model import Sheet
from assetmap.sheets.paper import LABEL, LABEL_NOTE, PLACE, TIMES, Paper, Type, balanced, width_mm
from assetmap.sheets.shapes import half_way, placed
from assetmap.space import Floats

MEASURE_MM: Final = 34.0
"""Names longer than this are set in lines."""

GROUND_MEASURE_MM: Final = 29.0
"""The same for parts of the place, which are named in the little room between marks."""

MOST_NAMES: Final = 150
"""More names than this make a map that nobody reads."""

NAMED: Final = 2
"""The priority of the names of a layer's marks: after what was lost and the parts of the place."""

ALONE_MM: Final = 12.0
MOST_NEAR: Final = 2
"""A loss that has a number is named on the map too where no more than this many others are within that distance."""

CLEAR_MM: Final = 1.5
"""So far from the map's frame a name stands."""

MINOR_COST: Final = 2.0
"""What it costs a name to cover a small mark."""


@dataclass(frozen=True)
class Caption:
    """Lines of text in the styles they are set in, and the name to place."""

    lines: tuple[tuple[str, Type], ...]
    name: Name
    number: int = 0


def draw_names(
    paper: Paper,
    sheet: Sheet,
    view: View,
    marks: pd.DataFrame,
    discs_mm: Floats,
    frame: Box,
    furniture: Sequence[Box],
) -> int:
    """Writes the names there is room for; returns how many there was none for.

    Parameters
    ----------
    discs_mm
        Where the numbers of neighbourhoods stand, ``(n, 2)``.
    furniture
        Where scale bar and the like stand.
    """
    boxes, costs = _obstacles(marks, discs_mm, furniture)
    left, low, right, top = frame
    frame = (left + CLEAR_MM, low + CLEAR_MM, right - CLEAR_MM, top - CLEAR_MM)
    losses = _named_losses(marks) if sheet.numbers_losses else []
    taken = _place(paper, losses, boxes, costs, frame)
    named = {caption.number for caption, spot in zip(losses, taken, strict=True) if spot is not None}
    boxes = np.vstack([boxes, *(_box(caption, spot) for caption, spot in zip(losses, taken, strict=True) if spot)])
    costs = np.append(costs, np.full(len(boxes) - len(costs), REFUSED * 4))
    captions = [*_mark_captions(sheet, marks, named), *_place_captions(sheet, view, frame)]
    spots = _place(paper, captions, boxes, costs, frame)
    asked = [spot for caption, spot in zip(captions, spots, strict=True) if caption.name.priority == NAMED]
    wanted = int((marks["label"] & ~marks["lost"] & (marks["name"] != "")).sum())
    return wanted - sum(spot is not None for spot in asked)


def _place(paper: Paper, captions: list[Caption], boxes: Floats, costs: Floats, frame: Box) -> list[Spot | None]:
    spots = place_names([caption.name for caption in captions], boxes, costs, frame)
    for caption, spot in zip(captions, spots, strict=True):
        if spot is not None:
            _write(paper, caption, spot)
    return spots


def _box(caption: Caption, spot: Spot) -> Floats:
    name = caption.name
    return np.array([[spot.x_mm, spot.y_mm, spot.x_mm + name.width_mm, spot.y_mm + name.height_mm]])


def _named_losses(marks: pd.DataFrame) -> list[Caption]:
    """Losses that have a number and stand alone enough to be named on the map too, those most alone first."""
    lost = marks[marks["lost"]]
    xy = lost[["x_mm", "y_mm"]].to_numpy(dtype=np.float64)
    near = [int((np.hypot(*(xy - at).T) < ALONE_MM).sum()) - 1 for at in xy]
    return [_numbered(row, priority=n) for row, n in zip(lost.itertuples(), near, strict=True) if n <= MOST_NEAR]


def _numbered(row: object, priority: int) -> Caption:
    name, number = str(row.name), int(row.number)  # type: ignore[attr-defined]
    lines = [(line, LABEL) for line in balanced(f"{number} {name}", MEASURE_MM, LABEL, 3)]
    caption = _set([*lines, (str(row.when), LABEL_NOTE)], row, priority=priority, reach_mm=0.0)  # type: ignore[attr-defined]
    return replace(caption, number=number)


def _mark_captions(sheet: Sheet, marks: pd.DataFrame, named: set[int]) -> list[Caption]:
    stacked = [_stack_caption(row) for row in marks[marks["count"] > 1].itertuples()]
    if sheet.numbers_losses:
        rest = marks[marks["lost"] & ~marks["number"].isin(named)]
        numbers = [_number_caption(row) for row in rest.itertuples()]
        return [*stacked, *numbers, *_layer_captions(marks[~marks["lost"]])]
    return [*stacked, *_layer_captions(marks)]


def _layer_captions(marks: pd.DataFrame) -> list[Caption]:
    named = marks[marks["label"] & ((marks["name"] != "") | marks["lost"])]
    named = named.sort_values("rank", ascending=False, kind="stable").head(MOST_NAMES)
    return [_caption(row) for row in named.itertuples()]


def _number_caption(row: object) -> Caption:
    lines = [(str(row.number), LABEL)]  # type: ignore[attr-defined]
    return _set(lines, row, priority=0, reach_mm=2.2, must=True)


def _stack_caption(row: object) -> Caption:
    return _set([(f"{TIMES}{row.count}", LABEL_NOTE)], row, priority=0, reach_mm=0.0)  # type: ignore[attr-defined]


def _caption(row: object) -> Caption:
    lost = bool(row.lost)  # type: ignore[attr-defined]
    style = LABEL if row.bold else LABEL_NOTE  # type: ignore[attr-defined]
    lines = [(line, style) for line in balanced(row.name, MEASURE_MM, style, 3)]  # type: ignore[attr-defined]
    if not lost:
        return _set(lines, row, priority=NAMED, reach_mm=7.5)
    return _set([*lines, (str(row.when), LABEL_NOTE)], row, priority=0, reach_mm=26.0, must=True)  # type: ignore[attr-defined]


def _set(lines: list[tuple[str, Type]], row: object, *, priority: int, reach_mm: float, must: bool = False) -> Caption:
    wide, high = _size(lines)
    at = (float(row.x_mm), float(row.y_mm), float(row.radius_mm))  # type: ignore[attr-defined]
    return Caption(tuple(lines), Name(*at, wide, high, priority=priority, reach_mm=reach_mm, must=must))


def _size(lines: list[tuple[str, Type]]) -> tuple[float, float]:
    wide = max(width_mm(text, style.size_pt, style.weight) for text, style in lines)
    return wide, sum(style.line_mm for _, style in lines)


def _place_captions(sheet: Sheet, view: View, frame: Box) -> list[Caption]:
    """Names of the parts of the place: points given for them, or the middles of the neighbourhoods' localities."""
    names, xy_mm = _parts(sheet, view)
    captions = []
    for name, (x_mm, y_mm) in zip(names, xy_mm, strict=True):
        if frame[0] < x_mm < frame[2] and frame[1] < y_mm < frame[3]:
            lines = [(line, PLACE) for line in balanced(name, GROUND_MEASURE_MM, PLACE, 3)]
            wide, high = _size(lines)
            captions.append(Caption(tuple(lines), Name(x_mm, y_mm, 0.0, wide, high, priority=1, reach_mm=7.5)))
    return captions


def _parts(sheet: Sheet, view: View) -> tuple[list[str], Floats]:
    if len(sheet.backdrop.get("names", ())):
        rows = placed(sheet.backdrop["names"])
        rows = rows[rows["name"].fillna("") != ""]
    elif len(sheet.areas) and "locality" in sheet.areas.columns and sheet.areas["locality"].notna().any():
        local = sheet.areas.loc[sheet.areas["locality"].notna(), ["locality", "geometry"]]
        rows = placed(local.dissolve("locality").reset_index(names="name"))
    else:
        return [], np.empty((0, 2))
    return rows["name"].astype(str).tolist(), view.to_mm(half_way(rows.geometry))


def _obstacles(marks: pd.DataFrame, discs_mm: Floats, furniture: Sequence[Box]) -> tuple[Floats, Floats]:
    xy, reach = marks[["x_mm", "y_mm"]].to_numpy(dtype=np.float64), marks[["radius_mm"]].to_numpy(dtype=np.float64)
    boxes = np.hstack([xy - reach, xy + reach])
    costs = np.where(marks["minor"], MINOR_COST, np.where(marks["lost"] | marks["bold"], REFUSED * 4, REFUSED))
    discs = np.hstack([discs_mm - DISC_MM, discs_mm + DISC_MM])
    solid = np.append(np.full(len(discs), REFUSED * 4), np.full(len(furniture), REFUSED * 400))
    return np.vstack([boxes, discs, np.array(furniture, dtype=np.float64).reshape(-1, 4)]), np.append(
        costs.astype(np.float64), solid
    )


def _write(paper: Paper, caption: Caption, spot: Spot) -> None:
    name = caption.name
    if spot.leader is not None:
        (x0, y0), (x1, y1) = spot.leader
        _leader(paper, x0, y0, x1, y1)
    left_of_mark = spot.x_mm + name.width_mm <= name.x_mm
    centred = not left_of_mark and spot.x_mm < name.x_mm
    align = "right" if left_of_mark else "center" if centred else "left"
    x_mm = spot.x_mm + name.width_mm * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    top_mm = spot.y_mm + name.height_mm
    for text, style in caption.lines:
        baseline = top_mm - style.line_mm / 2 - style.cap_mm / 2
        paper.text(x_mm, baseline, text, style, align=align, halo_pt=2.2, z=9)  # type: ignore[arg-type]
        top_mm -= style.line_mm


def _leader(paper: Paper, x0: float, y0: float, x1: float, y1: float) -> None:
    paper.line((x0, y0), (x1, y1), line=look.PAGE, line_pt=1.6, z=7.9)
    paper.line((x0, y0), (x1, y1), line=look.INK, line_pt=0.5, z=8)
