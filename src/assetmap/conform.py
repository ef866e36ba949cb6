"""A source as it was read -> our columns, stable ids and geometry. Pure: it judges nothing and loses nothing.

Each row of the source ends in exactly one of three heaps: conformed rows, rows set aside by a stated rule, and rows
that nothing can be made of, each with its issue. :mod:`assetmap.checks` then decides which conformed rows are sound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import space
from assetmap.layers import Layer
from assetmap.locating import Located
from assetmap.mapping import (
    apply_rules,
    blank_missing,
    columns_of,
    exact_header,
    text_of,
    with_absent_tags,
)
from assetmap.places import Place
from assetmap.placing import placed
from assetmap.rowvalues import (
    VALUE_SHOWN,
    Reporter,
    hidden_issues,
    none_for_blank,
    read_values,
    without_hidden,
)
from assetmap.sources import Source
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
    mapping = columns_of(source, layer, given)
    blanked = blank_missing(given, source.missing)
    kept, set_aside = apply_rules(blanked, source, layer)
    rows = blanked[kept].reset_index(drop=True)
    numbers = raw.row_numbers[kept].reset_index(drop=True)
    names = text_of(mapping["name"], rows) if "name" in mapping else pd.Series("", index=rows.index, dtype=object)
    reporter = Reporter(context.place.source_key(source), source.publisher, numbers, names, layer.blur_m > 0)
    reading = read_values(mapping, rows, layer, reporter)
    shapes = gpd.GeoSeries(raw.shapes[kept].reset_index(drop=True)) if raw.shapes is not None else None
    located, geometry = (
        _nowhere(rows) if layer.holds == "figures" else placed(rows, shapes, source, context.box, context.locators)
    )
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
        parts = [rows[exact_header(name, headers, source.named)].str.strip() for name in source.row_id]
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
