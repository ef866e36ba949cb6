"""Areas that somebody drew: wards and the like out of a file, or corners by hand; polygons in EPSG:4326."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from assetmap import space
from assetmap.errors import CrossedOutlineError, QuestionError
from assetmap.mapping import exact_header
from assetmap.readers import ReadSpec, read

CORNERS_AT_MOST: Final = 100
"""So many corners of an outline go into the address of a page."""

CORNER_DECIMALS: Final = 5
"""Of a degree; the last is about a metre."""

MOVED_AT_MOST: Final = 0.02
"""So much of its area an outline may gain and lose when its corners are made few enough."""

CROSSED: Final = 0.001
"""An outline that crosses itself, and would change by more of its area than this when mended, is refused: which of its
loops somebody meant, nobody here knows. Corners rounded to a metre change less."""

LonLat = tuple[float, float]
"""Longitude and latitude in degrees."""


def read_corners(text: str, at_most: int | None = None) -> Polygon:
    """The outline whose corners somebody wrote as ``LON,LAT LON,LAT LON,LAT``.

    Parameters
    ----------
    at_most
        Refuse more corners than this.

    Raises
    ------
    QuestionError
        If it is not three corners or more, in degrees on the Earth, or they are too many.
    CrossedOutlineError
        If its edges cross.
    """
    try:
        corners = [_corner(word) for word in text.split()]
        if len(corners) < 3:
            raise ValueError(text)
    except ValueError as fault:
        raise QuestionError(
            f"The outline {text[:60]!r} cannot be read. Write three or more corners as 'LON,LAT LON,LAT LON,LAT', "
            "longitude first, in degrees."
        ) from fault
    if at_most is not None and len(corners) > at_most:
        raise QuestionError(f"The outline has {len(corners):,} corners; here it may have {at_most}.")
    outline = Polygon(corners)
    mended = shapely.make_valid(outline)
    if abs(mended.area - outline.area) > CROSSED * mended.area:
        raise CrossedOutlineError("The outline crosses itself. Give its corners in their order along the edge.")
    return outline


def _corner(word: str) -> LonLat:
    lon, lat = (float(number) for number in word.split(","))
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError(word)
    return lon, lat


def written_corners(corners: Iterable[LonLat]) -> str:
    """Corners as :func:`read_corners` reads them, right to about a metre."""
    return " ".join(f"{lon:.{CORNER_DECIMALS}f},{lat:.{CORNER_DECIMALS}f}" for lon, lat in corners)


def few_corners(shape: BaseGeometry) -> list[LonLat]:
    """The corners of a polygon in EPSG:4326, no more than :data:`CORNERS_AT_MOST`.

    Raises
    ------
    QuestionError
        If one ring of so few corners would differ from it by more than :data:`MOVED_AT_MOST` of its area, as when it
        has holes or several parts.
    """
    shape_m = space.to_measured(gpd.GeoSeries([shape], crs=space.STORED_CRS)).iloc[0]
    ring_m = Polygon(max(shapely.get_parts(shape_m), key=lambda part: part.area).exterior)
    tolerance_m = 1.0
    few: BaseGeometry = ring_m
    while shapely.get_num_coordinates(few) - 1 > CORNERS_AT_MOST:
        few, tolerance_m = ring_m.simplify(tolerance_m), tolerance_m * 1.3
    if few.symmetric_difference(shape_m).area > MOVED_AT_MOST * shape_m.area:
        raise QuestionError(
            f"This area is in several parts, has holes, or is too winding for {CORNERS_AT_MOST} corners. Choose "
            "another, or ask about it on the command line: 'assetmap ask deprivation --areas'."
        )
    drawn = space.to_stored(gpd.GeoSeries([few], crs=space.MEASURED_CRS)).iloc[0]
    return [(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(drawn)[:-1]]


def read_outlines(path: Path, name: str | None, crs: str | None = None) -> gpd.GeoDataFrame:
    """The areas in a file, one row a name; shapes that share a name are one area.

    Without a column of names, each is called by the first of its columns that tell all of them apart, or by its number.

    Parameters
    ----------
    path
        Any file of shapes that :func:`assetmap.readers.read` reads.
    name
        The column with their names; case, spaces and punctuation do not matter.
    crs
        The file's coordinate system, where it does not say its own.

    Returns
    -------
    geopandas.GeoDataFrame
        ``name`` and ``geometry`` (EPSG:4326), in the order of the file.

    Raises
    ------
    SourceError
        If the file cannot be read, or has no such column.
    QuestionError
        If a row has no name, or a shape that is no polygon.
    """
    raw = read(ReadSpec("vector", path, crs=crs))
    header = _telling_apart(raw.rows) if name is None else exact_header(name, list(raw.rows.columns), path.name)
    names = raw.rows[header].str.strip() if header else pd.Series(_numbered(len(raw.rows)), dtype=str)
    if not len(names) or raw.shapes is None:
        raise QuestionError(f"{path.name} holds no areas.")
    _refuse((names == "").to_numpy(), f"{path.name} has areas without a name in the column {name!r}")
    stored = space.to_stored(raw.shapes)
    # a mended bow-tie may else leave lines beside its polygons
    shapes = shapely.make_valid(np.asarray(stored.array, dtype=object), method="structure", keep_collapsed=False)
    polygons = np.isin(shapely.get_type_id(shapes), [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    _refuse(~polygons | shapely.is_empty(shapes), f"{path.name} has shapes that are no polygon")
    drawn = gpd.GeoDataFrame({"name": names.to_numpy()}, geometry=shapes, crs=space.STORED_CRS)
    whole = drawn.dissolve(by="name", sort=False).reset_index()
    return whole[["name", "geometry"]]


def _telling_apart(rows: pd.DataFrame) -> str:
    """The first column that gives every row a name of its own, made of letters where there is one; else none."""
    own = [str(name) for name in rows if rows[name].str.strip().ne("").all() and rows[name].is_unique]
    lettered = [name for name in own if rows[name].str.contains(r"[A-Za-z]{3}").all()]
    return next(iter([*lettered, *own]), "")


def _numbered(count: int) -> list[str]:
    return [f"Area {number}" for number in range(1, count + 1)]


def _refuse(which: np.ndarray[tuple[int], np.dtype[np.bool_]], says: str) -> None:
    rows = [str(row) for row in np.flatnonzero(which) + 1]
    if rows:
        raise QuestionError(f"{says}: row {', '.join(rows[:10])}{' and others' if len(rows) > 10 else ''}.")
