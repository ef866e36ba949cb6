"""Where each row is, from whichever of its source's columns say it: shape, coordinates, property number, postcode."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space, values
from assetmap.headers import coordinate_pairs, position_headers
from assetmap.locating import Fit, Located, by_reference, fits, from_coordinates, rows_inside
from assetmap.mapping import LOCATION_HEADERS, exact_header, find_header, listed
from assetmap.positions import from_positions, holds_positions
from assetmap.rowvalues import mapped
from assetmap.sources import Locate, Source
from assetmap.tables import Locators

Box = tuple[float, float, float, float]

_POINTS: Final = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)


def placed(
    rows: pd.DataFrame, shapes: gpd.GeoSeries | None, source: Source, box: Box | None, locators: Locators | None
) -> tuple[Located, gpd.GeoSeries]:
    """Where rows are, and their shapes in EPSG:4326 (``None`` where nothing says it).

    Its own shape or coordinates come first, then a column that holds a place as text, then the property number, then
    the postcode. What the source does not name is looked for under the usual headers; of several pairs of coordinates
    the one that places most rows is taken.

    Parameters
    ----------
    box
        West, south, east, north of the place in degrees, where it is known.

    Raises
    ------
    SourceError
        If a column that the source names is not in the file.
    """
    place = _location_columns(source, rows, shapes is not None, box)
    if shapes is not None and place.x is None and place.position is None:
        return _from_shapes(shapes, place, rows, locators)
    located = Located.nowhere(len(rows))
    drawn = np.full(len(rows), None, dtype=object)
    if place.x is not None and place.y is not None:
        located = from_coordinates(rows[place.x], rows[place.y], place.crs, place.accuracy_m, fits(place.crs, box))
    positions = _positions_of(source.locate, place, rows)
    for header in positions:
        _add_positions(located, drawn, rows[header], place, box)
    says_where = bool(place.x or positions or place.uprn or place.postcode)
    _by_references(located, place, rows, locators, "" if says_where else _no_column(rows))
    alone = np.asarray(pd.isna(drawn))
    drawn[alone] = space.stored_points(located.lon[alone], located.lat[alone])
    return located, gpd.GeoSeries(drawn, crs=space.STORED_CRS, index=rows.index)


def _location_columns(source: Source, rows: pd.DataFrame, has_shapes: bool, box: Box | None) -> Locate:
    place, where, headers = source.locate, source.named, list(rows.columns)

    def usual(field_: str) -> str | None:
        return next((h for h in (find_header(n, headers) for n in LOCATION_HEADERS[field_]) if h), None)

    x = exact_header(place.x, headers, where) if place.x else None
    y = exact_header(place.y, headers, where) if place.y else None
    position = exact_header(place.position, headers, where) if place.position else None
    if x is None and position is None and not has_shapes:
        x, y = _usual_pair(rows, place, box)
    uprn = exact_header(place.uprn, headers, where) if place.uprn else usual("uprn")
    given = tuple(exact_header(name, headers, where) for name in place.postcode)
    usual_postcode = usual("postcode")
    postcode = given or ((usual_postcode,) if usual_postcode else ())
    return place.model_copy(update={"x": x, "y": y, "position": position, "uprn": uprn, "postcode": postcode})


def _usual_pair(rows: pd.DataFrame, place: Locate, box: Box | None) -> tuple[str | None, str | None]:
    """The columns of the coordinates: of the pairs whose headers say so, the one that places most rows."""
    tries = fits(place.crs, box)
    placing = [(pair, rows_inside(rows[pair.x], rows[pair.y], tries)) for pair in coordinate_pairs(list(rows.columns))]
    # a pair under usual headers is taken though nothing in it can be used, so that this is said of every row
    known = [(pair, count) for pair, count in placing if count or pair.is_usual]
    if not known:
        return None, None
    best, _ = max(known, key=lambda entry: entry[1])
    return best.x, best.y


def _positions_of(declared: Locate, place: Locate, rows: pd.DataFrame) -> list[str]:
    """The columns that hold places as text: the declared one, or else, unless others are declared, those found."""
    if place.position is not None:
        return [place.position]
    if declared.x is not None:
        return []
    return [name for name in position_headers(list(rows.columns)) if holds_positions(rows[name])]


def _add_positions(located: Located, drawn: space.Shapes, text: pd.Series[str], place: Locate, box: Box | None) -> None:
    """Place the rows that have no place yet by a column of places as text."""
    found, shapes = from_positions(text, place.crs, place.accuracy_m, fits(place.crs, box))
    take = found.found & ~located.found
    located.take(found, take)
    drawn[take] = shapes[take]
    for index in np.flatnonzero(~take & ~located.found):
        located.fault[index] = located.fault[index] or found.fault[index]


def _by_references(
    located: Located, place: Locate, rows: pd.DataFrame, locators: Locators | None, no_column: str = ""
) -> None:
    if located.found.all():
        return
    if place.uprn is not None:
        numbers = mapped(rows[place.uprn], lambda text: values.uprn(text) or "")
        by_reference(located, numbers, locators, "uprn")
    texts = [rows[name] for name in place.postcode]
    known = (
        set(locators.loc[locators["scheme"] == "postcode", "reference"])
        if (locators is not None and len(locators))
        else set()
    )
    chosen = [_best_postcode(list(parts), known) for parts in zip(*texts, strict=True)] if texts else [""] * len(rows)
    codes = pd.Series(chosen, index=rows.index, dtype=object)
    by_reference(located, codes, locators, "postcode")
    header = " / ".join(place.postcode) or "postcode"
    for index in np.flatnonzero(~located.found):
        if located.fault[index] is None:
            given = next((text.iloc[index] for text in texts if text.iloc[index]), "")
            located.fault[index] = _why_unplaced(header, codes.iloc[index], given, no_column)


def _best_postcode(texts: list[str], known: set[str]) -> str:
    every = [code for text in texts for code in values.postcodes_in(text)]
    return next((code for code in every if code in known), every[0] if every else "")


def _no_column(rows: pd.DataFrame) -> str:
    """What to do where a file has no column that could say where its rows are."""
    return (
        "No column of coordinates, property numbers or postcodes was found. Name it under 'locate' in the place file, "
        f"or the columns under 'header' if its first line is not one. The file has {listed(list(rows.columns))}."
    )


def _why_unplaced(header: str, code: str, given: str, no_column: str) -> tuple[str, str, str, str]:
    if code:
        message = (
            f"No coordinates, and the postcode {code} is in none of the postcode files loaded for this place. "
            "It may be old, new or mistyped: check it, or load a fuller postcode file."
        )
        return (header, code, "unknown_postcode", message)
    if values.is_part_of_postcode(given):
        message = (
            f"No coordinates, and only the first part of a postcode ({given}), which covers thousands of homes. "
            "Give the full postcode or coordinates."
        )
        return (header, given, "part_of_postcode", message)
    message = "No coordinates, no property number that is loaded and no postcode, so it cannot be put on the map."
    return (header, given, "no_location", no_column or message)


def _from_shapes(
    shapes: gpd.GeoSeries, place: Locate, rows: pd.DataFrame, locators: Locators | None
) -> tuple[Located, gpd.GeoSeries]:
    located = Located.nowhere(len(rows))
    declared, note, kind = _true_crs(_without_noughts(shapes))
    stored = _drawn_only(space.to_stored(declared))
    usable = stored.notna().to_numpy()
    # roughly where will do: what has a shape keeps it, and a point on each of all a country's shapes takes long to find
    bounds = shapely.bounds(np.asarray(stored[usable].array, dtype=object))
    located.lon[usable], located.lat[usable] = bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)
    is_point = np.isin(shapely.get_type_id(np.asarray(stored.array, dtype=object)), _POINTS)
    located.by[usable] = np.where(is_point, "coordinates", "outline")[usable]
    located.accuracy_m[usable] = place.accuracy_m
    located.note[usable] = note
    for index in np.flatnonzero(usable & (note != "")):
        words = f"{note[0].upper()}{note[1:]}. Put right here; the publisher can put it right at the source."
        located.fault[index] = ("coordinates", "", kind, words)
    for index in np.flatnonzero(~usable & ~(declared.is_empty | declared.isna()).to_numpy()):
        located.fault[index] = _OFF_THE_GLOBE
    _by_references(located, place, rows, locators)
    geometry = np.array(stored.array, dtype=object)
    geometry[~usable] = space.stored_points(located.lon[~usable], located.lat[~usable])
    return located, gpd.GeoSeries(geometry, crs=space.STORED_CRS, index=rows.index)


def _without_noughts(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes with ``None`` for points at nought, nought: registers write them where they know no place."""
    drawn = np.array(shapes.array, dtype=object)
    drawn[(shapely.bounds(drawn) == 0).all(axis=1)] = None
    return gpd.GeoSeries(drawn, index=shapes.index, crs=shapes.crs)


_OFF_THE_GLOBE: Final = (
    "geometry",
    "",
    "unknown_coordinates",
    "The shape has a coordinate that is nowhere on the globe. Check which coordinate system the file is in.",
)


def _drawn_only(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in degrees, with ``None`` for those that are empty or have a coordinate that is nowhere on the globe."""
    drawn = np.array(shapes.array, dtype=object)
    coordinates, owner = shapely.get_coordinates(drawn, return_index=True)
    off = ~(np.abs(coordinates) <= (180.0, 90.0))
    if off.any():
        drawn[owner[off.any(axis=1)]] = None
    drawn[shapely.is_empty(drawn)] = None
    return gpd.GeoSeries(drawn, index=shapes.index, crs=shapes.crs)


def _true_crs(shapes: gpd.GeoSeries) -> tuple[gpd.GeoSeries, str, str]:
    """Shapes in the system their numbers are in: GeoJSON always claims degrees, whatever was written into it.

    Latitudes that stand before longitudes, as some writers of GML and GeoJSON have it, are turned round. Beside the
    shapes: what was put right, in words and as the kind of issue it is; both empty when nothing was.
    """
    if not len(shapes) or shapes.crs is None:
        return shapes, "", ""
    corners = shapely.bounds(np.asarray(shapes.array, dtype=object))[:, :2]
    drawn = corners[np.isfinite(corners).all(axis=1)]
    if not len(drawn):
        return shapes, "", ""
    middle = np.median(drawn, axis=0)
    # metres can be of a great many systems, but numbers as small as England's degrees are degrees
    tries = fits(None, None)[: None if shapes.crs.is_geographic else 2]
    for fit in tries:
        west, south, east, north = fit.box
        x, y = middle[::-1] if fit.swapped else middle
        if west <= x <= east and south <= y <= north:
            return _read_as(shapes, fit)
    return shapes, "", ""


def _read_as(shapes: gpd.GeoSeries, fit: Fit) -> tuple[gpd.GeoSeries, str, str]:
    if fit.swapped:
        turned = shapely.transform(np.asarray(shapes.array, dtype=object), lambda points: points[:, ::-1])
        note = f"X and Y stood the wrong way round; read as {fit.words}"
        return gpd.GeoSeries(turned, index=shapes.index, crs=fit.crs), note, "swapped_coordinates"
    if shapes.crs is not None and shapes.crs.is_geographic and space.parse_crs(fit.crs).is_geographic:
        return shapes, "", ""
    note = f"read as {fit.words}, from the range of the numbers"
    return shapes.set_crs(fit.crs, allow_override=True), note, "other_system"
