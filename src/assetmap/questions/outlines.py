"""Areas that somebody drew, such as wards, out of any file of shapes: names and polygons in EPSG:4326."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from assetmap import space
from assetmap.errors import QuestionError
from assetmap.mapping import exact_header
from assetmap.readers import ReadSpec, read


def read_outlines(path: Path, name: str, crs: str | None = None) -> gpd.GeoDataFrame:
    """The areas in a file, one row a name; shapes that share a name are one area.

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
    names = raw.rows[exact_header(name, list(raw.rows.columns), path.name)].str.strip()
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


def _refuse(which: np.ndarray[tuple[int], np.dtype[np.bool_]], says: str) -> None:
    rows = [str(row) for row in np.flatnonzero(which) + 1]
    if rows:
        raise QuestionError(f"{says}: row {', '.join(rows[:10])}{' and others' if len(rows) > 10 else ''}.")
