"""Which column fills which of our fields, which rows a source's rules set aside, and its words turned into ours."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

import numpy as np
import pandas as pd

from assetmap import values
from assetmap.declarations import Rule
from assetmap.errors import SourceError
from assetmap.layers import Layer
from assetmap.locating import Flags
from assetmap.sources import Column, Source

LOCATION_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "x": (
        *("GeoX", "Easting", "Eastings", "X", "X Coordinate", "X Coord", "GEOMETRY_X", "oseast1m", "BNG_E"),
        *("lon", "lng", "long", "longitude"),
    ),
    "y": (
        *("GeoY", "Northing", "Northings", "Y", "Y Coordinate", "Y Coord", "GEOMETRY_Y", "osnrth1m", "BNG_N"),
        *("lat", "lat", "lat", "latitude"),
    ),
    "uprn": ("UPRN", "Unique Property Reference Number", "os_addressbase_uprn", "Property UPRN"),
    "postcode": (
        "PostCode",
        "Post Code",
        "Postal Code",
        "Property Postcode",
        "UK Postcode",
        "United Kingdom postcode",
        "pcds",
        "pcd2",
        "pcd",
    ),
}
"""Headers under which registers publish where a thing is, ``x`` and ``y`` pair by pair; used where a source says
nothing of it."""


def find_header(name: str, headers: list[str]) -> str | None:
    """The header that is this name, or differs from it in case, spaces and punctuation only; ``None`` if none is.

    A key inside keys, as JSON has them, may go by its last part: ``name`` is ``attributes.NAME``.
    """
    if name in headers:
        return name
    plain = values.plain_header(name)
    alike = (header for header in headers if values.plain_header(header) == plain)
    last = (header for header in headers if "." in header and values.plain_header(header.rpartition(".")[2]) == plain)
    return next(chain(alike, last), None) if plain else None


def exact_header(name: str, headers: list[str], where: str) -> str:
    """The header for a name that a place file gives.

    Raises
    ------
    SourceError
        If the file has none, listing those it has.
    """
    found = find_header(name, headers)
    if found is None:
        near = difflib.get_close_matches(name, headers, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise SourceError(f"{where}: there is no column {name!r}.{hint} The file has {listed(headers)}.")
    return found


def listed(headers: list[str]) -> str:
    """Headers as a message names them, the first 25 of them."""
    shown = ", ".join(repr(header) for header in headers[:25]) + (", ..." if len(headers) > 25 else "")
    return shown or "no columns"


def columns_of(source: Source, layer: Layer, rows: pd.DataFrame) -> dict[str, Column]:
    """How each field of the layer is filled from a file with these rows.

    What the place file names must be there; what it does not name is looked for under the headers its layer lists, and
    a column with nothing in it makes way for one that has something.

    Raises
    ------
    SourceError
        If the place file names a field the layer does not have, or a column the file does not have.
    """
    strange = sorted(set(source.columns) - set(layer.fields))
    if strange:
        raise SourceError(
            f"{source.id}: {', '.join(strange)} cannot be filled: the layer {layer.id} has the fields "
            f"{', '.join(layer.fields)}."
        )
    headers = list(rows.columns)
    filled = [header for header in headers if bool((rows[header] != "").any())]
    found: dict[str, Column] = {}
    for name, spec in layer.fields.items():
        if name in source.columns:
            column = source.columns[name]
            exact = tuple(exact_header(header, headers, source.named) for header in column.column)
        else:
            exact = tuple(h for h in (find_header(c, filled) for c in spec.called) if h)[:1]
            column = Column(column=exact) if exact else Column(always="")
        words = spec.values if column.values is None and column.contains is None and spec.values else column.values
        if exact or column.always:
            found[name] = column.model_copy(update={"column": exact, "values": words})
    return found


def text_of(column: Column, rows: pd.DataFrame) -> pd.Series[str]:
    """The text that a field gets from each row, the source's words turned into ours; blank is the empty string."""
    if column.always is not None:
        return pd.Series(column.always, index=rows.index, dtype=object)
    if column.join is not None:
        between = column.join
        parts = rows[list(column.column)].itertuples(index=False, name=None)
        text = pd.Series([between.join(p for p in line if p) for line in parts], index=rows.index, dtype=object)
    else:
        text = rows[column.column[0]].astype(object)
        for header in column.column[1:]:
            text = text.where(text != "", rows[header].astype(object))
    return _in_our_words(column, text)


def _in_our_words(column: Column, text: pd.Series[str]) -> pd.Series[str]:
    """Each text in our words; equal ones are turned once, as most columns repeat a few."""
    meaning = {theirs.casefold(): ours for theirs, ours in (column.values or {}).items()}
    phrases = [(phrase.casefold(), ours) for phrase, ours in (column.contains or {}).items()]

    def ours(theirs: str) -> str:
        plain = theirs.strip().casefold() if meaning or phrases else theirs
        settled = meaning.get(plain, next((ours for phrase, ours in phrases if phrase in plain), None))
        if not theirs and settled is None:
            return column.blank or ""
        told = settled if settled is not None else theirs if column.otherwise is None else column.otherwise
        return column.write.replace("{}", told) if column.write is not None and told else told

    code, texts = pd.factorize(text)
    return pd.Series(np.array([ours(each) for each in texts], dtype=object)[code], index=text.index, dtype=object)


def with_absent_tags(rows: pd.DataFrame, source: Source) -> pd.DataFrame:
    """A tag that no feature out of OpenStreetMap happens to carry is a blank column, not a mistake."""
    if source.reader not in ("osm", "osm_live"):
        return rows
    asked = [header for column in source.columns.values() for header in column.column]
    asked += [header for rule in (*source.keep, *source.set_aside) for header in rule.columns]
    return rows.assign(**{header: "" for header in asked if find_header(header, list(rows.columns)) is None})


def wanted_columns(source: Source, layer: Layer) -> tuple[str, ...]:
    """Every header of the source's own file that conforming may ask for."""
    named = [header for column in source.columns.values() for header in column.column]
    named += [header for column in layer.fields.values() for header in column.called]
    named += [header for headers in LOCATION_HEADERS.values() for header in headers]
    place = source.locate
    named += [header for header in (place.x, place.y, place.position, place.uprn, *place.postcode) if header]
    named += [header for rule in (*source.keep, *source.set_aside, *layer.set_aside) for header in rule.columns]
    named += [*source.row_id, *(ours for join in source.joins for ours in join.match)]
    return tuple(dict.fromkeys(named))


NOTHING: Final = ("NA", "N/A", "#N/A", "NULL", "NaN")
"""What spreadsheets, R, databases and Python write where there is nothing."""


def blank_missing(rows: pd.DataFrame, missing: Iterable[str]) -> pd.DataFrame:
    """Rows with the texts that mean "nothing" made blank, whatever their case: :data:`NOTHING`, and ``missing``."""
    words = {word.casefold() for word in (*NOTHING, *missing)}
    longest = max(len(word) for word in words)  # folding its case makes no text shorter
    said = {text for name in rows for text in set(rows[name].to_numpy(dtype=object)) if len(text) <= longest}
    spelt = {text for text in said if text.casefold() in words}
    return rows.mask(rows.isin(list(spelt)), "") if spelt else rows


def apply_rules(rows: pd.DataFrame, source: Source, layer: Layer) -> tuple[Flags, dict[str, int]]:
    """Which rows pass every rule, and how many each rule set aside; a row is counted under the first that does."""
    headers = list(rows.columns)
    kept = np.ones(len(rows), dtype=bool)
    counts: dict[str, int] = {}
    for rule in (*source.keep, *source.set_aside):
        for name in rule.columns:
            exact_header(name, headers, source.named)
    # a layer's rules are for every source, whichever of their columns it has
    shared = [rule for rule in layer.set_aside if find_header(rule.column, headers)]
    keeps = [(rule, True) for rule in source.keep]
    for rule, must in (*keeps, *((rule, False) for rule in (*source.set_aside, *shared))):
        out = kept & (_meets(rule, rows) != must)
        if out.any():
            counts[rule.why] = counts.get(rule.why, 0) + int(out.sum())
        kept &= ~out
    return kept, counts


def kept_rows(rows: pd.DataFrame, rules: Iterable[Rule], where: str) -> Flags:
    """Which rows meet every rule; an error where a rule's column is not in the file."""
    kept = np.ones(len(rows), dtype=bool)
    for rule in rules:
        for name in rule.columns:
            exact_header(name, list(rows.columns), where)
        kept &= _meets(rule, rows)
    return kept


def _meets(rule: Rule, rows: pd.DataFrame) -> Flags:
    met = _said(rule.column, rows, (*rule.is_, *([""] if rule.blank else [])), rule.contains)
    for name, words in rule.unless.items():
        met &= ~_said(name, rows, words)
    return met


def _said(name: str, rows: pd.DataFrame, words: Iterable[str], phrases: Iterable[str] = ()) -> Flags:
    """In which rows a column's text is one of some words or holds a phrase; blank if the file has no such column."""
    header = find_header(name, list(rows.columns))
    # a column has few distinct texts, as a rule
    code, texts = pd.factorize(rows[header]) if header else (np.zeros(len(rows), dtype=np.int64), [""])
    folded, parts = {word.casefold() for word in words}, [phrase.casefold() for phrase in phrases]
    plain = [str(text).strip().casefold() for text in texts]
    return np.array([text in folded or any(part in text for part in parts) for text in plain], dtype=bool)[code]
