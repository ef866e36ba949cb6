"""The only room that names coordinate systems: rows are stored in WGS 84 and measured on the British National Grid."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import CRSError

from assetmap.errors import SourceError

STORED_CRS: Final = "EPSG:4326"
"""Longitude and latitude on WGS 84: what the store keeps and the browser draws."""

STORED_SRID: Final = 4326

MEASURED_CRS: Final = "EPSG:27700"
"""The British National Grid, in metres: the only system in which lengths and areas are taken."""

MEASURED_NAME: Final = "British National Grid (EPSG:27700)"

WEB_MERCATOR_CRS: Final = "EPSG:3857"

ENGLAND_LON_LAT: Final = (-6.5, 49.8, 2.2, 55.9)
"""West, south, east, north in degrees: everything in England, with a margin of sea."""

ENGLAND_GRID_M: Final = (80_000.0, 5_000.0, 657_000.0, 660_000.0)
"""West, south, east, north in metres on the British National Grid."""

ENGLAND_MERCATOR_M: Final = (-724_000.0, 6_400_000.0, 245_000.0, 7_530_000.0)
"""West, south, east, north in web Mercator metres."""

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]


def parse_crs(text: str) -> pyproj.CRS:
    """The coordinate system that a declaration names, such as ``EPSG:27700``.

    Raises
    ------
    SourceError
        If PROJ knows no such system.
    """
    try:
        return pyproj.CRS.from_user_input(text)
    except CRSError as fault:
        raise SourceError(
            f"{text!r} is not a coordinate system. Use an EPSG code such as EPSG:4326 (longitude and latitude) "
            "or EPSG:27700 (eastings and northings)."
        ) from fault


def crs_of_srid(number: str | None) -> str | None:
    """The name of the system that a shape's own number means, such as 27700; ``None`` where there is none such."""
    if number is None:
        return None
    try:
        return pyproj.CRS.from_epsg(int(number)).to_string()
    except CRSError:
        return None


def flat(shapes: Shapes) -> Shapes:
    """Shapes without heights; they are only copied where there are any."""
    return shapely.force_2d(shapes) if (shapely.get_coordinate_dimension(shapes) > 2).any() else shapes


def to_stored(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in any declared system, as longitude and latitude (EPSG:4326)."""
    return shapes.to_crs(STORED_CRS)


def to_measured(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in any declared system, in metres on the British National Grid (EPSG:27700)."""
    return shapes.to_crs(MEASURED_CRS)


@lru_cache(maxsize=32)
def _transformer(source: pyproj.CRS | str, target: pyproj.CRS | str) -> pyproj.Transformer:
    # making one takes longer than turning thousands of points
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def points_to_stored(x: Floats, y: Floats, crs: pyproj.CRS | str) -> tuple[Floats, Floats]:
    """Coordinates in ``crs`` (x east, y north) as longitude and latitude in degrees; NaN stays NaN."""
    turn = _transformer(crs, STORED_CRS)
    lon, lat = turn.transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def stored_points(lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
    """Points of longitudes and latitudes (EPSG:4326); ``None`` where either is NaN."""
    points: npt.NDArray[np.object_] = np.full(len(lon), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    points[known] = shapely.points(np.column_stack([lon[known], lat[known]]))
    return points


def points_to_measured(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Longitudes and latitudes (EPSG:4326) as eastings and northings in metres (EPSG:27700)."""
    turn = _transformer(STORED_CRS, MEASURED_CRS)
    x, y = turn.transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def grid_middles(lon: Floats, lat: Floats, grid_m: float) -> tuple[Floats, Floats]:
    """Degrees moved to the middle of their square of the National Grid, ``grid_m`` metres wide; NaN stays NaN."""
    x, y = points_to_measured(lon, lat)
    middle_x, middle_y = (np.floor(x / grid_m) + 0.5) * grid_m, (np.floor(y / grid_m) + 0.5) * grid_m
    return points_to_stored(middle_x, middle_y, MEASURED_CRS)


def coordinates_m(shapes: gpd.GeoSeries) -> Floats:
    """An ``(n, 2)`` array of eastings and northings in metres, of each shape's representative point.

    Parameters
    ----------
    shapes
        In any declared system. Empty and missing shapes give NaN.
    """
    points = shapely.point_on_surface(np.asarray(to_measured(shapes).array, dtype=object))
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def box_to_measured(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box in metres on the British National Grid that holds a box (west, south, east, north) in degrees."""
    return _transformer(STORED_CRS, MEASURED_CRS).transform_bounds(*box)


def box_in(box_m: tuple[float, float, float, float], crs: pyproj.CRS) -> tuple[float, float, float, float]:
    """The box in another system that holds a box on the British National Grid."""
    return _transformer(MEASURED_CRS, crs).transform_bounds(*box_m)


def areas_m2(shapes: gpd.GeoSeries) -> Floats:
    """The area of each shape in square metres, taken on the British National Grid."""
    return np.asarray(to_measured(shapes).area, dtype=np.float64)


def lengths_m(shapes: gpd.GeoSeries) -> Floats:
    """The length of each shape in metres, taken on the British National Grid."""
    return np.asarray(to_measured(shapes).length, dtype=np.float64)
