"""Values and shapes as text that is safe inside a script, and small enough for a slow connection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from assetmap import space

SHAPE_TOLERANCE_M: Final = 2.0
"""How far a simplified line may stray, in metres: below what a screen shows."""

DECIMALS: Final = 5
"""Of a degree: about a metre."""

Shapes = npt.NDArray[np.object_]


def to_json(value: Any) -> str:
    """A value as JSON that cannot end the script it stands in, whatever a row says."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def geometry_json(geometry: shapely.Geometry) -> str:
    """One shape as GeoJSON."""
    return str(shapely.to_geojson(geometry))


def features_json(properties: Sequence[Mapping[str, Any]], shapes: Shapes) -> str:
    """A GeoJSON feature collection: ``properties`` and ``shapes`` run side by side."""
    rows = (
        f'{{"type":"Feature","properties":{to_json(words)},"geometry":{geometry}}}'
        for words, geometry in zip(properties, shapely.to_geojson(shapes), strict=True)
    )
    return '{"type":"FeatureCollection","features":[' + ",".join(rows) + "]}"


def text(value: Any) -> str:
    """A cell as text; missing is empty."""
    return "" if value is None or value is pd.NA or value != value else str(value).strip()


def simplified(shapes: gpd.GeoSeries) -> Shapes:
    """Shapes for the screen alone, in degrees with five decimals; points stay where they are."""
    measured = space.to_measured(shapes)
    return rounded(measured.simplify(SHAPE_TOLERANCE_M))


def rounded(shapes: gpd.GeoSeries) -> Shapes:
    """Shapes in any declared CRS as longitude and latitude with five decimals."""
    lon_lat = np.asarray(space.to_stored(shapes).array, dtype=object)
    return np.asarray(shapely.transform(lon_lat, lambda xy: np.round(xy, DECIMALS)), dtype=object)
