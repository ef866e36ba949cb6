"""The ground a sheet's marks stand on: neighbourhoods in greys, water, green and streets, and the place's outline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.path import Path as Curve
from shapely.geometry.base import BaseGeometry

from assetmap import look, space
from assetmap.sheets.marks import View
from assetmap.sheets.model import Sheet, SheetLayer
from assetmap.sheets.paper import Paper
from assetmap.sheets.shapes import LINES, POLYGONS, placed
from assetmap.sheets.told import Outlined
from assetmap.space import Floats

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in millimetres."""

FINEST_MM: Final = 0.03
"""Bends of backdrop shapes smaller than this on paper are left out."""

OUTLINE_PT: Final = 0.9
HAIRLINE_PT: Final = 0.4
FRAME_PT: Final = 0.6
GAP_PT: Final = 1.2
"""The outline of a neighbourhood where more could be opened up."""

ROOMY_SHARE: Final = 0.35
"""A number leaves the middle of its neighbourhood for a spot free of marks where that is at least so roomy."""

DISC_MM: Final = 1.9
"""The radius of the disc that a number stands on, on the map and in the list."""

BESIDE_MM: Final = 0.2
"""Between a mark and its number."""

BESIDE_TURNS: Final = (45, 0, -45, 90, -90, 135, 180, -135)
"""Where a number may stand beside its mark, in degrees from the east, the easiest to read first."""

SMALLEST_GROUND_MM: Final = 0.42
"""Ground that would reach less than this on paper is drawn as a dot of this radius, so that it can be seen."""


def outline_of(areas: gpd.GeoDataFrame) -> BaseGeometry:
    """The place as one shape in metres; empty when there are no neighbourhoods."""
    rows = placed(areas)
    if not len(rows):
        return shapely.MultiPolygon()
    shapes = shapely.make_valid(np.asarray(rows.geometry.array, dtype=object))
    # Boundaries drawn for small maps leave slivers between neighbours; closing them by a few metres mends the outline.
    joined: BaseGeometry = shapely.buffer(shapely.buffer(shapely.union_all(shapes), 8.0), -8.0)
    return joined


def curve_of(shapes: Iterable[BaseGeometry]) -> Curve | None:
    """Lines and outlines in millimetres as one path, holes left open; ``None`` when there are none."""
    parts = shapely.get_parts(shapely.get_parts(np.asarray(list(shapes), dtype=object)))
    parts = parts[~shapely.is_empty(parts)]
    polygons = shapely.orient_polygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    lines = parts[np.isin(shapely.get_type_id(parts), (shapely.GeometryType.LINESTRING, 2))]
    runs = [shapely.get_coordinates(ring) for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    curves = [Curve(run, closed=True) for run in runs]
    curves += [Curve(shapely.get_coordinates(line)) for line in lines]
    return Curve.make_compound_path(*curves) if curves else None


def draw_ground(paper: Paper, sheet: Sheet, view: View, frame: Box, outline: BaseGeometry) -> None:
    """Neighbourhoods, backdrop, the map's frame and the outline, in that order from the paper up."""
    _draw_areas(paper, sheet, view)
    _draw_backdrop(paper, sheet, view, outline, frame)
    left, low, right, top = frame
    paper.maps_mm.append(frame)
    paper.box(left, low, right - left, top - low, line=look.LINE, line_pt=FRAME_PT, z=4.4)
    edge = curve_of([*view.shape_mm([outline])])
    if edge is not None:
        paper.path(edge, line=look.INK, line_pt=OUTLINE_PT, z=4)


def need_groups(sheet: Sheet) -> dict[int | None, int]:
    """How many neighbourhoods are in each fifth (1 the most deprived), and under ``None`` those with no data."""
    fifths = _fifths(sheet, sheet.areas)
    counts: dict[int | None, int] = {fifth: int((fifths == fifth).sum()) for fifth in range(1, 6)}
    return counts | {None: int(fifths.isna().sum())}


def _fifths(sheet: Sheet, areas: gpd.GeoDataFrame) -> pd.Series[float]:
    if sheet.need is None or sheet.need not in areas.columns:
        return pd.Series(np.nan, index=areas.index)
    return pd.to_numeric(areas[sheet.need], errors="coerce")


def _draw_areas(paper: Paper, sheet: Sheet, view: View) -> None:
    rows = placed(sheet.areas)
    if not len(rows):
        return
    fifths = _fifths(sheet, rows)
    for fifth in (*range(1, 6), None):
        chosen = fifths.isna() if fifth is None else fifths == fifth
        shape = curve_of(view.shape_mm(shapely.make_valid(np.asarray(rows.geometry[chosen].array, dtype=object))))
        if shape is not None:
            _draw_fifth(paper, shape, fifth, has_need=sheet.need is not None)


def _draw_fifth(paper: Paper, shape: Curve, fifth: int | None, *, has_need: bool) -> None:
    if fifth is not None:
        paper.path(shape, fill=look.need_colour(fifth), line=look.PAGE, line_pt=HAIRLINE_PT, z=1)
    elif not has_need:
        paper.path(shape, fill=look.NEED_FIFTHS[0], line=look.LINE, line_pt=HAIRLINE_PT, z=1)
    else:
        paper.path(shape, fill=look.NO_DATA_FILL, line=look.NO_DATA_LINE, hatch=look.NO_DATA_HATCH, z=1)
        paper.path(shape, line=look.NO_DATA_LINE, line_pt=HAIRLINE_PT, z=1)


def _draw_backdrop(paper: Paper, sheet: Sheet, view: View, outline: BaseGeometry, frame: Box) -> None:
    window = shapely.box(*frame)
    place = window if outline.is_empty else view.shape_mm([outline])[0]
    faint = 0.6 if sheet.about_losses else 1.0
    paints: dict[str, dict[str, Any]] = {
        "green": {"fill": look.THEMES["green"].fill, "line": look.GREEN_LINE, "line_pt": 0.3, "alpha": faint, "z": 2.0},
        "water": {"fill": look.WATER_FILL, "line": look.WATER_LINE, "line_pt": 0.5, "z": 2.1},
        "streets": {"line": look.STREET_LINE, "line_pt": 0.35, "alpha": 0.6 * faint, "z": 2.2},
    }
    for name, paint in paints.items():
        rows = placed(sheet.backdrop.get(name, gpd.GeoDataFrame()))
        if not len(rows):
            continue
        shapes = view.shape_mm(shapely.make_valid(np.asarray(rows.geometry.array)))
        # the sea a town looks out on lies beyond it; of green and streets out there a sheet knows nothing
        within = window if name == "water" else place
        _draw_shapes(paper, _clipped(shapely.simplify(shapes, FINEST_MM), within), paint)


def _clipped(shapes: np.ndarray, within: BaseGeometry) -> np.ndarray:
    """What lies within a shape."""
    shapely.prepare(within)
    whole = shapely.contains_properly(within, shapes)
    partly = ~whole & shapely.intersects(within, shapes)
    mended = shapely.make_valid(shapes[partly])
    return np.concatenate([shapes[whole], shapely.intersection(within, mended)])


def _draw_shapes(paper: Paper, shapes: np.ndarray, paint: dict[str, Any]) -> None:
    """Outlines filled, lines only stroked: a line that bends back must not be filled as if it were a field."""
    kinds = np.array([shape.geom_type for shape in shapes])
    outlines = curve_of(shapes[np.isin(kinds, [*POLYGONS, "GeometryCollection"])])
    lines = curve_of(shapes[np.isin(kinds, [*LINES])])
    if outlines is not None:
        paper.path(outlines, **paint)
    if lines is not None:
        paper.path(lines, **{**paint, "fill": "none"})


def draw_extents(paper: Paper, sheet: Sheet, view: View) -> None:
    """Lines and outlines of layers, beneath their marks; what could be opened up is outlined and not filled."""
    for layer in sheet.layers:
        _draw_extent(paper, layer, view, hollow=False)
    for layer in sheet.hollow:
        _draw_extent(paper, layer, view, hollow=True)


def _draw_extent(paper: Paper, layer: SheetLayer, view: View, *, hollow: bool) -> None:
    rows = layer.drawn
    if not len(rows):
        return
    theme, kinds = look.theme(layer.theme), rows.geometry.geom_type
    if layer.ground:
        _draw_fills(paper, rows, theme, view)
        rows, kinds = layer.marked, layer.marked.geometry.geom_type
    ground = curve_of(view.shape_mm(rows.geometry[kinds.isin(POLYGONS)]))
    lines = curve_of(view.shape_mm(rows.geometry[kinds.isin(LINES)]))
    if ground is not None and hollow:
        paper.path(ground, line=look.PAGE, line_pt=2.6, z=4.2)
        paper.path(ground, line=theme.colour, line_pt=1.4, z=4.3)
    elif ground is not None:
        paper.path(ground, fill=theme.fill or theme.colour, alpha=None if theme.fill else 0.35, z=2.5)
    if lines is not None:
        paper.path(lines, line=look.PAGE, line_pt=3.0, z=4.2)
        paper.path(lines, line=theme.colour, line_pt=1.6, z=4.3)


def _draw_fills(paper: Paper, rows: gpd.GeoDataFrame, theme: look.Theme, view: View) -> None:
    """Outlines filled as ground, the smallest as dots."""
    shapes = view.shape_mm(rows.geometry[rows.geometry.geom_type.isin(POLYGONS)])
    if len(shapes):
        tiny = shapely.area(shapes) < np.pi * SMALLEST_GROUND_MM**2
        shapes[tiny] = shapely.buffer(shapely.point_on_surface(shapes[tiny]), SMALLEST_GROUND_MM)
        paint = {"fill": theme.fill or theme.colour, "line": look.GREEN_LINE, "line_pt": 0.35, "z": 2.0}
        _draw_shapes(paper, shapely.simplify(shapely.make_valid(shapes), FINEST_MM), paint)


def draw_outlined(paper: Paper, sheet: Sheet, view: View) -> None:
    """Neighbourhoods that the sheet is about, outlined over a white edge; neighbours share one line."""
    if sheet.outlined is None or not len(sheet.areas):
        return
    inked, coloured = (_edges_of(sheet, view, codes) for codes in (sheet.outlined.codes, sheet.outlined.coloured))
    if coloured is not None:
        _draw_edges(paper, coloured, look.theme(sheet.outlined.theme).colour, z=4.05)
    if inked is not None:
        paper.path(inked, line=look.QUIET, hatch=look.GAP_DOTS, z=1.5)
        _draw_edges(paper, inked, look.INK, z=4.1)
    area = placed(sheet.backdrop["area"]) if "area" in sheet.backdrop else None
    edge = None if area is None else curve_of(view.shape_mm(np.asarray(area.geometry.array, dtype=object)))
    if edge is not None:
        _draw_edges(paper, edge, look.INK, z=4.1)


def _edges_of(sheet: Sheet, view: View, codes: frozenset[str]) -> Curve | None:
    rows = placed(sheet.areas)
    chosen = rows.geometry[rows["area_code"].isin(codes)]
    return curve_of(view.shape_mm(shapely.make_valid(np.asarray(chosen.array, dtype=object))))


def _draw_edges(paper: Paper, edges: Curve, colour: str, *, z: float) -> None:
    paper.path(edges, line=look.PAGE, line_pt=GAP_PT + 1.6, z=z)
    paper.path(edges, line=colour, line_pt=GAP_PT, z=z + 0.02)


def number_spots(sheet: Sheet, view: View, marks_mm: Floats) -> Floats:
    """Where each number of the list stands on the paper, ``(n, 2)``.

    That of a neighbourhood stands in its widest part free of marks, that of a building or a street beside its mark.

    Parameters
    ----------
    marks_mm
        ``(m, 3)``: the middle and the radius of each mark.
    """
    if sheet.outlined is None or not sheet.outlined.standouts:
        return np.empty((0, 2))
    spots = [each.spot for each in sheet.outlined.standouts if each.spot is not None]
    return _beside(view, spots, marks_mm) if spots else _within(sheet, sheet.outlined, view, marks_mm)


def _beside(view: View, spots: Sequence[tuple[float, float]], marks_mm: Floats) -> Floats:
    """Beside the mark of each spot, on the side where a number hides least of other marks and numbers."""
    homes = view.to_mm(space.coordinates_m(gpd.GeoSeries(shapely.points(spots), crs=space.STORED_CRS)))
    others, found = marks_mm, []
    turns = np.radians(BESIDE_TURNS)
    for home in homes:
        away = np.hypot(*(marks_mm[:, :2] - home).T)
        x_mm, y_mm, radius_mm = marks_mm[int(away.argmin())]
        reach = radius_mm + DISC_MM + BESIDE_MM
        tried = np.column_stack([x_mm + reach * np.cos(turns), y_mm + reach * np.sin(turns)])
        apart = np.hypot(*(tried[:, None, :] - others[None, :, :2]).transpose(2, 0, 1))
        hidden = np.clip(others[:, 2] + DISC_MM - apart, 0.0, None).sum(axis=1)
        found.append(tried[int(hidden.round(3).argmin())])
        others = np.vstack([others, [*found[-1], DISC_MM]])
    return np.array(found)


def _within(sheet: Sheet, told: Outlined, view: View, marks_mm: Floats) -> Floats:
    """In each neighbourhood, in its widest part free of marks."""
    rows = placed(sheet.areas).set_index("area_code").geometry
    shapes = view.shape_mm(shapely.make_valid([rows[each.area_code] for each in told.standouts]))
    marks = shapely.union_all(shapely.buffer(shapely.points(marks_mm[:, :2]), marks_mm[:, 2]))
    free = shapely.maximum_inscribed_circle(shapely.difference(shapes, marks), 0.2)
    whole = shapely.maximum_inscribed_circle(shapes, 0.2)
    cramped = shapely.length(free) < ROOMY_SHARE * shapely.length(whole)
    return np.asarray(shapely.get_coordinates(shapely.get_point(np.where(cramped, whole, free), 0)), dtype=np.float64)
