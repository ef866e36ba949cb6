"""A source as it was read -> our columns, stable ids and geometry. Pure: it judges nothing and loses nothing.

Each row of the source ends in exactly one of three heaps: conformed rows, rows set aside by a stated rule, and rows
that nothing can be made of, each with its issue. :mod:`assetmap.checks` then decides which conformed rows are sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import locating, space, values
from assetmap.layers import Layer
from assetmap.locating import Located
from assetmap.mapping import (
    apply_rules,
    blank_missing,
    columns_of,
    exact_header,
    find_header,
    text_of,
    with_absent_tags,
)
from assetmap.places import LOCATION_HEADERS, Locate, Place, Source
from assetmap.rowvalues import (
    VALUE_SHOWN,
    Reporter,
    hidden_issues,
    mapped,
    none_for_blank,
    read_values,
    without_hidden,
)
from assetmap.tables import Holds, Issue, Locators, RawFrame


@dataclass(frozen=True)
class Conformed:
    """A source in our columns, not yet judged.

    Attributes
    ----------
    frame
        One row a row of the source that no rule set aside, in EPSG:4326; the layer's fields as columns (``None`` where
        blank), with ``row_id``, ``source_row``, ``located_by``, ``location_accuracy_m`` and ``location_note``.
    problems
        Issues found while reading values; the row they are about is in the frame all the same.
    unplaced
        For rows without geometry: their position in the frame, and the issue that says why.
    unreadable
        Issues about rows that could not be read as rows at all.
    set_aside
        Each rule's words, and how many rows it set aside.
    rows_in
        How many rows the source has.
    reporter
        To write further issues about rows of ``frame``.
    """

    frame: gpd.GeoDataFrame
    problems: tuple[Issue, ...]
    unplaced: Mapping[int, Issue]
    unreadable: tuple[Issue, ...]
    set_aside: Mapping[str, int]
    rows_in: int
    reporter: Reporter


@dataclass(frozen=True)
class Context:
    """What conforming needs to know beside the rows themselves.

    Attributes
    ----------
    box
        The place's surroundings as west, south, east, north in degrees, to tell which way round coordinates stand.
    locators
        The place's postcodes and UPRNs.
    today
        The date on which a closing date counts as past, as ISO 8601.
    """

    place: Place
    today: str
    box: tuple[float, float, float, float] | None = None
    locators: Locators | None = None


def conform(raw: RawFrame, source: Source, layer: Layer, context: Context) -> Conformed:
    """A source's rows in our columns.

    Parameters
    ----------
    raw
        From a reader, joined files already added (:mod:`assetmap.joining`).

    Raises
    ------
    SourceError
        If a column that the place file names is not in the file.
    """
    given, hidden = without_hidden(with_absent_tags(raw.rows, source))
    headers = list(given.columns)
    mapping = columns_of(source, layer, headers)
    blanked = blank_missing(given, source.missing)
    kept, set_aside = apply_rules(blanked, source, layer)
    rows = blanked[kept].reset_index(drop=True)
    numbers = raw.row_numbers[kept].reset_index(drop=True)
    names = text_of(mapping["name"], rows) if "name" in mapping else pd.Series("", index=rows.index, dtype=object)
    reporter = Reporter(context.place.source_key(source), source.publisher, numbers, names, layer.blur_m > 0)
    reading = read_values(mapping, rows, layer, reporter)
    shapes = gpd.GeoSeries(raw.shapes[kept].reset_index(drop=True)) if raw.shapes is not None else None
    located, geometry = _nowhere(rows) if layer.holds == "figures" else _locate(rows, shapes, source, headers, context)
    frame = gpd.GeoDataFrame(reading.columns, geometry=geometry, crs=space.STORED_CRS, index=rows.index)
    frame["source_row"] = numbers.to_numpy()
    # figures are known by their codes, except in a layer where those repeat
    by_code = layer.holds == "figures" and not layer.codes_repeat
    frame["row_id"] = frame["code"] if by_code else _row_ids(rows, shapes, source, headers, layer.holds)
    frame["located_by"], frame["location_accuracy_m"] = located.by, located.accuracy_m
    frame["location_note"] = none_for_blank(pd.Series(located.note, index=rows.index))
    placing, unplaced = _location_issues(located, frame, reporter)
    return Conformed(
        frame,
        (*hidden_issues(hidden, kept, reporter), *reading.problems, *placing),
        unplaced,
        tuple(_unreadable(raw, reporter)),
        set_aside,
        raw.rows_in,
        reporter,
    )


def _row_ids(
    rows: pd.DataFrame, shapes: gpd.GeoSeries | None, source: Source, headers: list[str], holds: Holds
) -> pd.Series:
    if source.row_id:
        parts = [rows[exact_header(name, headers, source.path)].str.strip() for name in source.row_id]
        text = parts[0].astype(object)
        for part in parts[1:]:
            text = text + "/" + part.astype(object)
        # nothing can stand in for the official code of a neighbourhood
        if holds == "areas" or bool((text.str.strip("/") != "").all()):
            return text
        # a row that the register left without its own number is known by its content instead
        return text.where(text.str.strip("/") != "", _fingerprints(rows, shapes))
    return _fingerprints(rows, shapes)


def _fingerprints(rows: pd.DataFrame, shapes: gpd.GeoSeries | None) -> pd.Series:
    lines = ["\x1f".join(line).encode() for line in rows.astype(object).itertuples(index=False, name=None)]
    if shapes is not None:
        # two parks without a name are two parks
        drawn = [outline or b"" for outline in shapes.to_wkb()]
        lines = [line + b"\x1f" + outline for line, outline in zip(lines, drawn, strict=True)]
    return pd.Series([hashlib.sha256(line).hexdigest()[:16] for line in lines], index=rows.index, dtype=object)


def _nowhere(rows: pd.DataFrame) -> tuple[Located, gpd.GeoSeries]:
    """For figures, which have no place of their own but an area's code."""
    return Located.nowhere(len(rows)), gpd.GeoSeries(np.full(len(rows), None), crs=space.STORED_CRS, index=rows.index)


def _locate(
    rows: pd.DataFrame, shapes: gpd.GeoSeries | None, source: Source, headers: list[str], context: Context
) -> tuple[Located, gpd.GeoSeries]:
    place = _location_columns(source.locate, headers, source.path, shapes is not None)
    if shapes is not None and place.x is None:
        return _from_shapes(shapes, place, rows, context)
    located = Located.nowhere(len(rows))
    if place.x is not None and place.y is not None:
        tries = locating.fits(place.crs, context.box)
        located = locating.from_coordinates(rows[place.x], rows[place.y], place.crs, place.accuracy_m, tries)
    _by_references(located, place, rows, context)
    points = space.stored_points(located.lon, located.lat)
    return located, gpd.GeoSeries(points, crs=space.STORED_CRS, index=rows.index)


def _location_columns(place: Locate, headers: list[str], where: str, has_shapes: bool) -> Locate:
    def usual(field_: str) -> str | None:
        return next((h for h in (find_header(n, headers) for n in LOCATION_HEADERS[field_]) if h), None)

    x = exact_header(place.x, headers, where) if place.x else None
    y = exact_header(place.y, headers, where) if place.y else None
    if x is None and not has_shapes:
        x, y = _usual_pair(headers)
    uprn = exact_header(place.uprn, headers, where) if place.uprn else usual("uprn")
    given = tuple(exact_header(name, headers, where) for name in place.postcode)
    usual_postcode = usual("postcode")
    postcode = given or ((usual_postcode,) if usual_postcode else ())
    return place.model_copy(update={"x": x, "y": y, "uprn": uprn, "postcode": postcode})


def _usual_pair(headers: list[str]) -> tuple[str | None, str | None]:
    """The columns of the coordinates; an easting is never taken with a latitude."""
    names = zip(LOCATION_HEADERS["x"], LOCATION_HEADERS["y"], strict=True)
    pairs = ((find_header(x, headers), find_header(y, headers)) for x, y in names)
    return next(((x, y) for x, y in pairs if x is not None and y is not None), (None, None))


def _by_references(located: Located, place: Locate, rows: pd.DataFrame, context: Context) -> None:
    if located.found.all():
        return
    if place.uprn is not None:
        numbers = mapped(rows[place.uprn], lambda text: values.uprn(text) or "")
        locating.by_reference(located, numbers, context.locators, "uprn")
    texts = [rows[name] for name in place.postcode]
    known = (
        set(context.locators.loc[context.locators["scheme"] == "postcode", "reference"])
        if (context.locators is not None and len(context.locators))
        else set()
    )
    chosen = [_best_postcode(list(parts), known) for parts in zip(*texts, strict=True)] if texts else [""] * len(rows)
    codes = pd.Series(chosen, index=rows.index, dtype=object)
    locating.by_reference(located, codes, context.locators, "postcode")
    header = " / ".join(place.postcode) or "postcode"
    for index in np.flatnonzero(~located.found):
        if located.fault[index] is None:
            given = next((text.iloc[index] for text in texts if text.iloc[index]), "")
            located.fault[index] = _why_unplaced(header, codes.iloc[index], given)


def _best_postcode(texts: list[str], known: set[str]) -> str:
    every = [code for text in texts for code in values.postcodes_in(text)]
    return next((code for code in every if code in known), every[0] if every else "")


def _why_unplaced(header: str, code: str, given: str) -> tuple[str, str, str, str]:
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
    return (header, given, "no_location", message)


def _from_shapes(
    shapes: gpd.GeoSeries, place: Locate, rows: pd.DataFrame, context: Context
) -> tuple[Located, gpd.GeoSeries]:
    located = Located.nowhere(len(rows))
    declared, note, kind = _true_crs(shapes)
    stored = _drawn_only(space.to_stored(declared))
    usable = stored.notna().to_numpy()
    anywhere = gpd.GeoSeries(stored[usable]).representative_point()
    located.lon[usable], located.lat[usable] = anywhere.x, anywhere.y
    is_point = stored.geom_type.isin(["Point", "MultiPoint"]).to_numpy()
    located.by[usable] = np.where(is_point, "coordinates", "outline")[usable]
    located.accuracy_m[usable] = place.accuracy_m
    located.note[usable] = note
    for index in np.flatnonzero(usable & (note != "")):
        words = f"{note[0].upper()}{note[1:]}. Put right here; the publisher can put it right at the source."
        located.fault[index] = ("coordinates", "", kind, words)
    for index in np.flatnonzero(~usable & ~(declared.is_empty | declared.isna()).to_numpy()):
        located.fault[index] = _OFF_THE_GLOBE
    _by_references(located, place, rows, context)
    geometry = np.array(stored.array, dtype=object)
    geometry[~usable] = space.stored_points(located.lon[~usable], located.lat[~usable])
    return located, gpd.GeoSeries(geometry, crs=space.STORED_CRS, index=rows.index)


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
    bounds = shapes.bounds
    middle = bounds[["minx", "miny"]].median().to_numpy()
    # metres can be of a great many systems, but numbers as small as England's degrees are degrees
    tries = locating.fits(None, None)[: None if shapes.crs.is_geographic else 2]
    for fit in tries:
        west, south, east, north = fit.box
        x, y = middle[::-1] if fit.swapped else middle
        if west <= x <= east and south <= y <= north:
            return _read_as(shapes, fit)
    return shapes, "", ""


def _read_as(shapes: gpd.GeoSeries, fit: locating.Fit) -> tuple[gpd.GeoSeries, str, str]:
    if fit.swapped:
        turned = shapely.transform(np.asarray(shapes.array, dtype=object), lambda points: points[:, ::-1])
        note = f"X and Y stood the wrong way round; read as {fit.words}"
        return gpd.GeoSeries(turned, index=shapes.index, crs=fit.crs), note, "swapped_coordinates"
    if shapes.crs is not None and shapes.crs.is_geographic and space.parse_crs(fit.crs).is_geographic:
        return shapes, "", ""
    note = f"read as {fit.words}, from the range of the numbers"
    return shapes.set_crs(fit.crs, allow_override=True), note, "other_system"


def _location_issues(
    located: Located, frame: gpd.GeoDataFrame, reporter: Reporter
) -> tuple[list[Issue], dict[int, Issue]]:
    placing: list[Issue] = []
    unplaced: dict[int, Issue] = {}
    for index in np.flatnonzero([fault is not None for fault in located.fault]):
        field_, value, kind, message = located.fault[index]
        if located.found[index]:
            placing.append(reporter.about_location(int(index), field_, value, kind, "put_right", message))
        else:
            unplaced[int(index)] = reporter.about_location(int(index), field_, value, kind, "dropped", message)
    return placing, unplaced


def _unreadable(raw: RawFrame, reporter: Reporter) -> Iterable[Issue]:
    for row, value, message in raw.unreadable:
        yield Issue(
            reporter.source,
            row,
            "the whole row",
            value[:VALUE_SHOWN],
            "unreadable_row",
            "dropped",
            "",
            message,
            reporter.publisher,
        )
