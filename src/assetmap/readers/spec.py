"""What to read and how, and the small things that every reader needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from assetmap.errors import SourceError
from assetmap.values import plain_header

MAX_COLUMNS: Final = 2_000
MAX_VALUE_SHOWN: Final = 200

_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff]+")
_WHOLE_NUMBERS_END: Final = 1e15


@dataclass(frozen=True)
class ReadSpec:
    """One file, and what is known of it before it is opened; ``None`` means "find out" or "all".

    Attributes
    ----------
    reader
        ``csv``, ``excel``, ``heights``, ``json``, ``osm``, ``vector`` or ``xml``.
    path
        The file; it may be gzipped, bzipped or zipped.
    sublayer
        The layer or sheet of a file that holds several, or the file wanted inside a zip. For ``xml``, the element that
        is a row. For ``osm``, which of GDAL's layers to read (``points``, ``lines``, ``multilinestrings``,
        ``multipolygons``, ``other_relations``), with commas between; points, lines and multipolygons when left out.
    header
        The columns' names, for a table without a header row.
    encoding
        Of the file's text, as Python names it.
    delimiter
        What stands between the cells of a table.
    where
        For ``osm``: a feature is chosen when it has any of these tags, with one of the values listed or, for
        ``("*",)``, with any value.
    columns
        When given, only these need be read (a speed-up for wide files); names that the file lacks are ignored, and
        case, spaces and punctuation do not matter.
    crs
        The coordinate system of the shapes: supplies one that is missing and overrules one that is there.
    around
        For ``heights``: what is wanted of the file, as west, south, east, north in degrees.
    """

    reader: Literal["csv", "excel", "heights", "json", "osm", "vector", "xml"]
    path: Path
    sublayer: str | None = None
    header: tuple[str, ...] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    columns: tuple[str, ...] | None = None
    crs: str | None = None
    around: tuple[float, float, float, float] | None = None

    def fault(self, wrong: str, remedy: str) -> SourceError:
        """An error that names the file, what is wrong with it, and what to do."""
        message = f"{self.path.name} {wrong}. {remedy}"
        # names inside a file may hold line breaks, and codes that a terminal would obey
        return SourceError("".join(char if char.isprintable() else "?" for char in message))

    def wants(self, column: str) -> bool:
        """Whether a column of the file is asked for, if need be under a name of other case, spaces or punctuation."""
        return self.columns is None or column in self._wanted or plain_header(column) in self._wanted

    @cached_property
    def _wanted(self) -> frozenset[str]:
        names = self.columns or ()
        return frozenset(form for name in names for form in (clean_name(name), plain_header(name)) if form)


def clean_name(header: str) -> str:
    """A header as a name: runs of space, line breaks and characters that do not show become one space."""
    return _INVISIBLE.sub(" ", header).strip()


def unique_names(headers: Sequence[str]) -> list[str]:
    """Headers as column names that are all different, in their order.

    A blank header is ``column 7`` after its place, counted from 1; the second ``Organisation`` is
    ``Organisation (2)``. A name that the file itself uses is never given to another column.
    """
    cleaned = [clean_name(header) or f"column {place}" for place, header in enumerate(headers, 1)]
    taken, names = set(cleaned), list[str]()
    seen = set[str]()
    for name in cleaned:
        chosen, copy = name, 1
        while chosen in seen or (copy > 1 and chosen in taken):
            copy += 1
            chosen = f"{name} ({copy})"
        seen.add(chosen)
        names.append(chosen)
    return names


def value_text(value: Any) -> str:
    """A value of any type as text: nothing is ``""``, whole numbers have no ``.0``, dates are ISO 8601."""
    if value is None or value != value:  # NaN and NaT are the values that differ from themselves
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE_NUMBERS_END else repr(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return "; ".join(value_text(item) for item in value)
    return str(value)


def text_frame(columns: Mapping[str, Iterable[str]], rows: int) -> pd.DataFrame:
    """Columns of text as a frame with a ``RangeIndex``; with no columns it still has its rows."""
    return pd.DataFrame(dict(columns), index=pd.RangeIndex(rows), dtype="str")


def numbered(rows: int) -> pd.Series[int]:
    """Row numbers 1, 2, 3 ... for a file in which every row could be read."""
    return pd.Series(range(1, rows + 1), dtype="int64")
