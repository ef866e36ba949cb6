"""One column of text that says where a row is: WKT, GeoJSON, two numbers, or a National Grid reference.

Portals export places in one cell: ``POINT (-1.55 53.8)``, ``53.8, -1.55``, ``{"type": "Point", ...}``, an address that
ends in ``(53.8, -1.55)``; registers of land write ``SP 071 868``. Each cell is read by what it holds, in whatever
system its numbers fit.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space, values
from assetmap.locating import Fit, Located, what_was_put_right
from assetmap.space import Shapes

_WKT: Final = re.compile(
    r"(?:SRID=(\d+);)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b.*)", re.IGNORECASE | re.DOTALL
)
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?![\d.])")
_IN_BRACKETS: Final = re.compile(r"\(([^()]*)\)\s*$")
_BESIDE_NUMBERS: Final = frozenset(
    {"", "n", "s", "e", "w", "x", "y", "lat", "latitude", "lon", "long", "lng", "longitude"}
    | {"easting", "eastings", "northing", "northings"}
)
_SAMPLE: Final = 200
_LIKE_LATITUDE: Final = (49.0, 61.0)


class Position(NamedTuple):
    """A place read from text: a shape, the system that the text names or means, and its square's side in metres."""

    shape: shapely.Geometry
    crs: str | None = None
    square_m: float = 0.0


def position_in(text: str) -> Position | None:
    """The place that a text is; ``None`` when it is none.

    A pair of numbers may stand in brackets after an address. Latitude before longitude, as people write it, is turned
    round; a grid reference is the middle of its square.
    """
    if found := _WKT.fullmatch(text):
        shape = shapely.from_wkt(found[2], on_invalid="ignore")
        return Position(shape, space.crs_of_srid(found[1])) if _is_drawn(shape) else None
    if text.startswith("{"):
        shape = shapely.from_geojson(text, on_invalid="ignore")
        return Position(shape) if _is_drawn(shape) else None
    if square := values.grid_square(text):
        easting, northing, side_m = square
        return Position(shapely.Point(easting + side_m / 2, northing + side_m / 2), space.MEASURED_CRS, side_m)
    bracketed = _IN_BRACKETS.search(text)
    return _pair_in(bracketed[1] if bracketed else text)


def _is_drawn(shape: shapely.Geometry | None) -> bool:
    return shape is not None and not bool(shapely.is_empty(shape))


def _pair_in(text: str) -> Position | None:
    """Two numbers with nothing beside them but letters that say which is which."""
    numbers = [float(number) for number in _NUMBER.findall(text)]
    words = re.split(r"[^a-z]+", _NUMBER.sub(" ", text).lower())
    if len(numbers) != 2 or not _BESIDE_NUMBERS.issuperset(words):
        return None
    first, second = numbers
    if _lies_in(first, _LIKE_LATITUDE) and _lies_in(abs(second), (0.0, 9.0)):
        first, second = second, first
    if "w" in words and _lies_in(second, _LIKE_LATITUDE):
        first = -abs(first)
    return Position(shapely.Point(first, second))


def _lies_in(number: float, between: tuple[float, float]) -> bool:
    return between[0] <= number <= between[1]


def holds_positions(text: pd.Series[str]) -> bool:
    """Whether most of a column's first filled cells are places."""
    filled = text[text != ""].iloc[:_SAMPLE]
    return bool(len(filled)) and sum(position_in(cell) is not None for cell in filled) * 2 > len(filled)


def from_positions(
    text: pd.Series[str], crs: str | None, accuracy_m: float, tries: list[Fit]
) -> tuple[Located, Shapes]:
    """Rows located by one column, and their shapes in degrees (``None`` where a cell is blank or holds no place).

    Parameters
    ----------
    text
        The column; blank is no place.
    crs
        The declared system of its numbers; ``None`` to find it out from them.
    accuracy_m
        How far off a place may be, where its own coarseness is not more.
    tries
        The systems to try, from :func:`assetmap.locating.fits`.

    Returns
    -------
    (Located, Shapes)
        With a fault (``not_a_place``, ``unknown_coordinates``) where a cell is filled and no place comes of it.
    """
    located = Located.nowhere(len(text))
    read = [position_in(cell) if cell else None for cell in text]
    shapes = np.array([position.shape if position else None for position in read], dtype=object)
    own = np.array([position.crs if position and position.crs else "" for position in read], dtype=object)
    square_m = np.array([position.square_m if position else 0.0 for position in read])
    drawn: Shapes = np.full(len(text), None, dtype=object)
    for name in dict.fromkeys(own[own != ""]):
        _turn(drawn, shapes, own == name, str(name))
    for fit in tries:
        west, south, east, north = fit.box
        x0, y0, x1, y1 = shapely.bounds(shapes).T
        if fit.swapped:
            x0, y0, x1, y1 = y0, x0, y1, x1
        inside = (x0 >= west) & (x1 <= east) & (y0 >= south) & (y1 <= north)
        take = inside & (own == "") & shapely.is_missing(drawn)
        _turn(drawn, shapes, take, fit.crs, fit.swapped)
        note, fault = what_was_put_right(fit, crs)
        located.note[take] = note
        if fault is not None:
            for index in np.flatnonzero(take):
                located.fault[index] = ("coordinates", str(text.iloc[index]), *fault)
    _settle(located, drawn, text, shapes, np.maximum(square_m, accuracy_m))
    located.note[square_m > 0] = [
        f"the middle of its grid square, {side:,.0f} m wide" for side in square_m[square_m > 0]
    ]
    return located, drawn


def _turn(drawn: Shapes, shapes: Shapes, which: np.ndarray, crs: str, swapped: bool = False) -> None:
    if not which.any():
        return
    chosen = shapely.force_2d(shapes[which])
    if swapped:
        chosen = shapely.transform(chosen, lambda points: points[:, ::-1])
    drawn[which] = np.asarray(space.to_stored(gpd.GeoSeries(chosen, crs=space.parse_crs(crs))).array, dtype=object)


def _settle(located: Located, drawn: Shapes, text: pd.Series[str], shapes: Shapes, accuracy_m: space.Floats) -> None:
    """Fill in what is known of the rows drawn, and say of the others why nothing came of what their cell holds."""
    found = ~shapely.is_missing(drawn)
    spots = shapely.point_on_surface(drawn[found])
    located.lon[found], located.lat[found] = shapely.get_x(spots), shapely.get_y(spots)
    located.accuracy_m[found] = accuracy_m[found]
    is_point = np.isin(shapely.get_type_id(drawn), (0, 4))
    located.by[found] = np.where(is_point, "coordinates", "outline")[found]
    for index in np.flatnonzero(~found & (text != "").to_numpy()):
        cell = str(text.iloc[index])
        located.fault[index] = _nowhere(cell) if shapes[index] is not None else _no_place(cell)


def _nowhere(cell: str) -> tuple[str, str, str, str]:
    words = "This lies nowhere in England in any system a register here uses. Check it, or give a postcode."
    return ("coordinates", cell, "unknown_coordinates", words)


def _no_place(cell: str) -> tuple[str, str, str, str]:
    words = "This is no place that can be read. Write two numbers, a grid reference such as SP 071 868, or WKT."
    return ("coordinates", cell, "not_a_place", words)
