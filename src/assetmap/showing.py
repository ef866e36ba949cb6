"""An answer as text on standard output: a table to read, JSON, CSV or GeoJSON."""

from __future__ import annotations

import json
import math
import numbers
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from rich.console import Console
from rich.table import Table

from assetmap.errors import SettingError
from assetmap.exports import csv_text, geojson_text, listed

WIDTH_OF_A_PIPE = 200
"""Columns of a table or of prose that goes to a file or another program."""

DIGITS: Final = 12
"""Significant digits of figures in a CSV: a count that stands in a column of shares is written as a count."""

_COORDINATES: Final = frozenset({"longitude", "latitude"})
_JSON_TEXT: Final = "details"
"""The column that the store keeps as JSON."""


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    geojson = "geojson"


def shown(rows: pd.DataFrame, shapes: gpd.GeoDataFrame | None, form: Format) -> str:
    """Rows as text.

    Parameters
    ----------
    shapes
        The same rows with their geometry, for GeoJSON.

    Raises
    ------
    SettingError
        If GeoJSON is asked for and the rows have no place.
    """
    if form is Format.json:
        return as_json(rows)
    if form is Format.csv:
        return csv_text(rows, DIGITS).rstrip("\n")
    if form is Format.geojson:
        if shapes is None:
            raise SettingError("These rows have no place on the map. Use --format table, json or csv.")
        lists = {name: shapes[name].map(listed) for name in _lists(shapes)}
        return geojson_text(shapes.assign(**lists, **_details(shapes)))
    return _as_table(rows)


def prose(text: str) -> str:
    """Text for a reader in lines no longer than tables are wide, its own line breaks kept."""
    width = _console().width
    lines = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join("\n".join(line) for line in lines)


def as_json(rows: pd.DataFrame) -> str:
    """Rows as :func:`objects`, in JSON."""
    return written(objects(rows))


def written(told: object) -> str:
    """What :func:`objects` and the like hold, as JSON."""
    return json.dumps(told, ensure_ascii=False, indent=1)


def objects(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """An object a row of plain values; blanks are ``None``, whole numbers whole, details an object of their own."""
    rows = rows.assign(**_details(rows))
    return [dict(zip(rows.columns, map(_plain, row), strict=True)) for row in rows.itertuples(index=False)]


def _details(rows: pd.DataFrame) -> dict[str, pd.Series]:
    if _JSON_TEXT not in rows:
        return {}
    objects = [json.loads(text) if isinstance(text, str) else None for text in rows[_JSON_TEXT]]
    return {_JSON_TEXT: pd.Series(objects, index=rows.index, dtype=object)}


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(part) for name, part in asdict(value).items()}
    return [_plain(part) for part in value] if isinstance(value, Iterable) else bool(value)


def _lists(rows: pd.DataFrame) -> list[str]:
    return [name for name in rows.columns if any(isinstance(cell, list) for cell in rows[name])]


def _as_table(rows: pd.DataFrame) -> str:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows.columns:
        is_number = pd.api.types.is_numeric_dtype(rows[name])
        table.add_column(str(name), justify="right" if is_number else "left", overflow="fold")
    for row in rows.itertuples(index=False):
        table.add_row(*(_cell(name, value) for name, value in zip(rows.columns, row, strict=True)))
    console = _console()
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _console() -> Console:
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDTH_OF_A_PIPE)


def _cell(name: object, value: Any) -> str:
    plain = _plain(listed(value))
    if isinstance(plain, float) and name in _COORDINATES:
        return f"{plain:.5f}"
    if plain is None:
        return "–"
    if isinstance(plain, float):
        return f"{plain:,.0f}" if abs(plain) >= 100 or (plain.is_integer() and abs(plain) >= 1) else f"{plain:,.3g}"
    text = f"{plain:,}" if isinstance(plain, int) and not isinstance(plain, bool) else str(plain)
    return "".join(char if char.isprintable() else " " for char in text)
