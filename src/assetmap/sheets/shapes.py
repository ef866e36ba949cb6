"""Shapes as a sheet needs them: on the grid, with one spot for a mark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap.space import Floats, to_measured

LINES: Final = frozenset({"LineString", "MultiLineString"})
POLYGONS: Final = frozenset({"Polygon", "MultiPolygon"})


def placed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows that have somewhere to be drawn, in metres on the British National Grid."""
    if not len(frame):
        return frame
    there = frame.geometry.notna() & ~frame.geometry.is_empty
    rows = frame[there].reset_index(drop=True)
    return rows.set_geometry(to_measured(rows.geometry)) if len(rows) else rows


def half_way(shapes: Iterable[BaseGeometry]) -> Floats:
    """Where the mark of each shape stands: half way along a line, inside an outline, at a point."""
    found = [_half_way(shape) for shape in shapes]
    return np.asarray(shapely.get_coordinates(found), dtype=np.float64)


def _half_way(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type in LINES:
        line = max(shapely.get_parts(shape), key=shapely.length)
        middle: BaseGeometry = shapely.line_interpolate_point(line, 0.5, normalized=True)
        return middle
    return shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)


def are_contributed(rows: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Which rows local people added."""
    flags: npt.NDArray[np.bool_] = pd.to_numeric(rows["contributed"], errors="coerce").fillna(0).to_numpy() > 0
    return flags
