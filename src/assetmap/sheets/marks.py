"""The marks of a map: where each stands on the paper, how large it is, and what happens in a crowd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from assetmap import look
from assetmap.sheets.losses import year_of
from assetmap.sheets.model import STACK_AT, STACK_M, Sheet, SheetLayer
from assetmap.sheets.paper import printable
from assetmap.sheets.shapes import are_contributed, half_way
from assetmap.space import Floats

SHIFT_LIMIT_MM: Final = 2.6
"""A mark is never moved further than this, nor than 1.4 times its radius, to make room for its neighbours."""

INK_SHARE: Final = 0.09
"""How much of the place's own area its marks may cover before all of them are drawn smaller."""

SMALLEST: Final = 0.55
"""The smallest that a crowd may make its marks, as a share of their usual size."""

SMALLEST_LOSS: Final = 0.8
"""The same for what was lost, which must not be lost again."""

FULL_SIZE: Final = 60
"""A layer of more marks than this draws each of them smaller."""

WOULD_CLOSE: Final = "would close"
NO_YEAR: Final = "year not known"

COLUMNS: Final = (
    "x_mm", "y_mm", "radius_mm", "theme", "minor", "lost", "hollow", "contributed", "name", "when", "label", "bold",
    "count", "number", "share",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """How metres on the grid become millimetres on the paper: a true scale, the same in both directions."""

    centre_m: tuple[float, float]
    centre_mm: tuple[float, float]
    metres_per_mm: float

    def to_mm(self, xy_m: Floats) -> Floats:
        """Eastings and northings in metres as positions on the paper in millimetres."""
        return (np.asarray(xy_m, dtype=np.float64) - self.centre_m) / self.metres_per_mm + self.centre_mm

    def to_metres(self, xy_mm: Floats) -> Floats:
        """Positions on the paper as eastings and northings in metres."""
        return (xy_mm - self.centre_mm) * self.metres_per_mm + self.centre_m

    def shape_mm(self, shapes: Iterable[BaseGeometry]) -> np.ndarray:
        """Geometries in metres as geometries on the paper."""
        return np.asarray(shapely.transform(np.asarray(list(shapes), dtype=object), self.to_mm), dtype=object)

    @property
    def scale(self) -> int:
        """The denominator of the scale when printed at its own size."""
        return round(self.metres_per_mm * 1000)


def marks_of(sheet: Sheet, view: View, paper_area_mm2: float) -> pd.DataFrame:
    """One row a mark, the least important first, which is the order they are drawn in.

    Parameters
    ----------
    paper_area_mm2
        The area of the place on the paper, which says how crowded its marks are.
    """
    parts = [_layer_marks(layer, view, hollow=False) for layer in reversed(sheet.layers)]
    parts += [_layer_marks(layer, view, hollow=True) for layer in sheet.hollow]
    parts.append(_lost_marks(sheet.gone_drawn, view, would_close=bool(sheet.changes)))
    marks = pd.concat([part for part in parts if len(part)] or [_none()], ignore_index=True)
    marks["rank"] = np.select([marks["lost"], marks["minor"]], [2, 0], 1)
    marks = marks.sort_values("rank", kind="stable", ignore_index=True)
    return make_room(_smaller_in_a_crowd(_stacked(marks, view), paper_area_mm2))


def _none() -> pd.DataFrame:
    kinds: dict[str, type] = {
        "x_mm": float,
        "y_mm": float,
        "radius_mm": float,
        "minor": bool,
        "lost": bool,
        "hollow": bool,
    }
    kinds |= {"contributed": bool, "label": bool, "bold": bool, "count": int, "number": int, "share": float}
    return pd.DataFrame({column: pd.Series(dtype=kinds.get(column, object)) for column in COLUMNS})


def _layer_marks(layer: SheetLayer, view: View, *, hollow: bool) -> pd.DataFrame:
    rows = layer.marked
    if not len(rows):
        return _none()
    lesser = rows["kind"].isin(layer.minor_kinds).to_numpy(dtype=bool) | layer.ground
    minor = lesser | layer.small
    sizes = look.MARKER_RADIUS_MM
    return _frame(
        view, rows, layer.spots_m, theme=layer.theme, minor=minor, lost=False, hollow=hollow, number=0, when="",
        radius_mm=np.where(minor, sizes["minor"], sizes["major"] * crowd_share(layer)), label=layer.labels & ~lesser,
        bold=layer.bold, share=np.where(minor, 1.0, crowd_share(layer)),
    )  # fmt: skip


def crowd_share(layer: SheetLayer) -> float:
    """How much of their usual size the marks of a layer have: the more there are, the smaller each."""
    major = len(layer.marked) - sum(layer.minor_counts.values())
    return 1.0 if major <= FULL_SIZE else max(SMALLEST, (FULL_SIZE / major) ** 0.3)


def _lost_marks(rows: gpd.GeoDataFrame, view: View, *, would_close: bool) -> pd.DataFrame:
    if not len(rows):
        return _none()
    return _frame(
        view, rows, half_way(rows.geometry), theme=look.LOST.id, minor=False, lost=True, hollow=False,
        radius_mm=look.MARKER_RADIUS_MM["lost"], label=True, bold=True,
        when=[WOULD_CLOSE if would_close else _closed(closed_on) for closed_on in rows["closed_on"]],
        number=np.arange(1, len(rows) + 1), share=1.0,
    )  # fmt: skip


def _closed(closed_on: str | None) -> str:
    year = year_of(closed_on)
    return f"closed {year}" if year else f"closed, {NO_YEAR}"


def _frame(view: View, rows: gpd.GeoDataFrame, spots_m: Floats, **columns: Any) -> pd.DataFrame:
    xy_mm = view.to_mm(spots_m)
    contributed = are_contributed(rows)
    names = rows["name"].fillna("").astype(str).map(printable).to_numpy()
    frame = pd.DataFrame({"x_mm": xy_mm[:, 0], "y_mm": xy_mm[:, 1], "contributed": contributed, "name": names})
    return frame.assign(count=1, **columns)[list(COLUMNS)]


def _stacked(marks: pd.DataFrame, view: View) -> pd.DataFrame:
    """Many marks of one sort at one point become one that carries their number."""
    home = view.to_metres(marks[["x_mm", "y_mm"]].to_numpy(dtype=np.float64))
    spot = pd.DataFrame(np.round(home / STACK_M), columns=["x_mm", "y_mm"], index=marks.index)
    sort = [spot["x_mm"], spot["y_mm"], *(marks[c] for c in ("theme", "minor", "lost", "hollow", "contributed"))]
    groups = marks.groupby(sort, sort=False)["count"]
    size, place = groups.transform("size"), groups.cumcount()
    kept = marks.assign(count=np.where(size >= STACK_AT, size, 1))[(size < STACK_AT) | (place == 0)]
    return kept.assign(label=kept["label"] & (kept["count"] == 1)).reset_index(drop=True)


def _smaller_in_a_crowd(marks: pd.DataFrame, paper_area_mm2: float) -> pd.DataFrame:
    ink_mm2 = float(np.pi * (marks["radius_mm"] ** 2).sum())
    if ink_mm2 <= 0:
        return marks.assign(shrunk=1.0)
    factor = float(np.sqrt(INK_SHARE * paper_area_mm2 / ink_mm2))
    least = np.where(marks["lost"], SMALLEST_LOSS, SMALLEST / marks["share"])
    shrunk = np.clip(factor, least, 1.0)
    return marks.assign(radius_mm=(marks["radius_mm"] * shrunk).round(3), shrunk=shrunk)


def make_room(marks: pd.DataFrame) -> pd.DataFrame:
    """Marks that would hide one another are pushed apart a little, the smaller giving way the more.

    Takes ``x_mm``, ``y_mm`` and ``radius_mm``, moves the first two and adds ``moved_mm``.
    """
    home = marks[["x_mm", "y_mm"]].to_numpy(dtype=np.float64)
    radius = marks["radius_mm"].to_numpy(dtype=np.float64)
    if len(marks) < 2:
        return marks.assign(moved_mm=0.0)
    # Marks at one point have no direction to part in: each starts off on its own turn of a spiral.
    turn = np.arange(len(marks)) * 2.399963
    xy = home + 0.01 * np.column_stack([np.cos(turn), np.sin(turn)])
    limit = np.minimum(SHIFT_LIMIT_MM, 1.4 * radius)
    for _ in range(24):
        pairs = cKDTree(xy).query_pairs(2.1 * radius.max(), output_type="ndarray")
        step = _push(xy, radius, pairs)
        if not np.any(step):
            break
        away = xy + step - home
        length = np.hypot(away[:, 0], away[:, 1])
        xy = home + away * np.minimum(1.0, limit / np.maximum(length, 1e-9))[:, None]
    moved_mm = np.hypot(*(xy - home).T)
    return marks.assign(x_mm=np.round(xy[:, 0], 3), y_mm=np.round(xy[:, 1], 3), moved_mm=moved_mm)


def _push(xy: Floats, radius: Floats, pairs: np.ndarray) -> Floats:
    """How far each mark is pushed by those that overlap it, in one step."""
    step = np.zeros_like(xy)
    first, second = pairs[:, 0], pairs[:, 1]
    between = xy[second] - xy[first]
    apart = np.hypot(between[:, 0], between[:, 1])
    lack = 1.02 * (radius[first] + radius[second]) - apart
    close = lack > 0.02
    first, second = first[close], second[close]
    push = between[close] * (0.5 * lack[close] / np.maximum(apart[close], 1e-9))[:, None]
    share = radius[second] ** 2 / (radius[first] ** 2 + radius[second] ** 2)
    np.add.at(step, first, -push * 2 * share[:, None])
    np.add.at(step, second, push * 2 * (1 - share)[:, None])
    return step * 0.7
