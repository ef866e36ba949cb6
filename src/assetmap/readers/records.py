"""Records of cells -> a frame: the header row found below titles, rows counted, unreadable ones told.

Shared by the readers of tables; a record is a list of texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

import pandas as pd

from assetmap.readers.spec import MAX_COLUMNS, MAX_VALUE_SHOWN, ReadSpec, clean_name, text_frame, unique_names
from assetmap.tables import RawFrame
from assetmap.wording import count_words

_HEADER_SOUGHT_IN: Final = 25
_TITLE_BELOW_CELLS: Final = 3
_MOST_TITLES_NOTED: Final = 5
_FIGURES: Final = re.compile(r"[£$€]?\s*[+-]?[\d.,:/%-]*\d[\d.,:/%-]*")

Record = list[str]


def frame_of(spec: ReadSpec, records: Iterator[Record], delimiter: str, notes: Sequence[str]) -> RawFrame:
    """The rows of a table as a frame; blank records are not rows, and row 1 is the first record of data.

    Parameters
    ----------
    delimiter
        What stood between the cells, to show a row that cannot be read and to find rows swallowed by a cell.
    notes
        What the reader has to say of the file already.

    Raises
    ------
    SourceError
        If the table has no cell with anything in it, too many columns, or not as many as are declared.
    """
    filled = (record for record in records if "".join(record).strip())
    first = next(filled, None)
    if first is None:
        raise spec.fault("has no text in it", "Download it again, or ask its publisher.")
    every = chain([first], filled)
    table = _header(spec, every) if spec.header is None else _headless(spec, spec.header, every)
    return _frame(spec, table, delimiter, notes)


@dataclass(frozen=True)
class _Table:
    """Where a table's header is, and what follows it."""

    names: list[str]
    unnamed: frozenset[str]
    records: Iterator[Record]
    notes: tuple[str, ...]


def _header(spec: ReadSpec, records: Iterator[Record]) -> _Table:
    """The header row, below any lines of title."""
    first = list(islice(records, _HEADER_SOUGHT_IN))
    titles = _titles(first)
    header = first[titles]
    if len(header) > MAX_COLUMNS:
        raise spec.fault(
            f"has {len(header):,} columns", f"Leave out what you do not need: {MAX_COLUMNS:,} is the most."
        )
    names = unique_names(header)
    unnamed = frozenset(name for name, cell in zip(names, header, strict=True) if not clean_name(cell))
    skipped = [f"A line above the header was left out: {_shown(record)}" for record in first[:titles]]
    return _Table(
        names,
        unnamed,
        chain(first[titles + 1 :], records),
        (*skipped[:_MOST_TITLES_NOTED], *_repeated(header)),
    )


def _shown(record: Record) -> str:
    return " ".join(cell.strip() for cell in record if cell.strip())[:MAX_VALUE_SHOWN]


def _titles(first: Sequence[Record]) -> int:
    """How many lines stand above the header: spreadsheets put titles, dates and names of groups of columns there.

    A title has one filled cell, or fills less than half of what the fullest line does. When what would be the header
    after lines of the second sort is a row of data, as its figures tell, the lines were none.
    """
    widest = max(map(filled_cells, first))
    if widest < _TITLE_BELOW_CELLS:
        return 0
    alone = next(place for place, record in enumerate(first) if filled_cells(record) > 1)
    sparse = next(place for place, record in enumerate(first) if filled_cells(record) * 2 >= widest)
    return max(alone, sparse) if not _has_figures(first[max(alone, sparse)]) else alone


def _has_figures(record: Record) -> bool:
    return any(_FIGURES.fullmatch(cell.strip()) for cell in record)


def _repeated(header: Record) -> Iterator[str]:
    counts = Counter(name for name in map(clean_name, header) if name)
    for name, count in counts.items():
        if count > 1:
            yield f"{count} columns are called {name!r}: the first of them is used, and the next is {f'{name} (2)'!r}."


def filled_cells(record: Record) -> int:
    """How many cells of a record hold something."""
    return sum(1 for cell in record if cell.strip())


def _headless(spec: ReadSpec, header: tuple[str, ...], records: Iterator[Record]) -> _Table:
    first = list(islice(records, _HEADER_SOUGHT_IN))
    cells = Counter(map(len, first)).most_common(1)[0][0]
    if cells > len(header) and any(cell.strip() for record in first for cell in record[len(header) :]):
        raise spec.fault(
            f"has {cells} columns, but {len(header)} names are declared for them", "Declare a name for each column."
        )
    return _Table(unique_names(header), frozenset(), chain(first, records), ())


@dataclass
class _Rows:
    """What a table's records came to; ``columns`` are the cells of each column that is kept."""

    columns: list[list[str]]
    numbers: list[int] = field(default_factory=list)
    unreadable: list[tuple[int, str, str]] = field(default_factory=list)
    short: int = 0
    swollen: list[int] = field(default_factory=list)

    @property
    def notes(self) -> Iterator[str]:
        if self.short:
            short = count_words(self.short, "row has", "rows have")
            yield f"{short} fewer cells than the header; the missing cells were taken as blank."
        if self.swollen:
            listed = ", ".join(map(str, self.swollen[:10]))
            yield f"A cell in row {listed} seems to hold whole rows: look for a quotation mark that is never closed."


def _frame(spec: ReadSpec, table: _Table, delimiter: str, notes: Sequence[str]) -> RawFrame:
    kept = [place for place, name in enumerate(table.names) if spec.wants(name)]
    rows = _gathered(table, kept, delimiter)
    return RawFrame(
        rows=text_frame(_named(table, kept, rows.columns), len(rows.numbers)),
        row_numbers=pd.Series(rows.numbers, dtype="int64"),
        unreadable=tuple(rows.unreadable),
        notes=(*notes, *table.notes, *rows.notes),
    )


def _gathered(table: _Table, kept: list[int], delimiter: str) -> _Rows:
    width, rows = len(table.names), _Rows([[] for _ in kept])
    # column by column from the start: a list a row is an object a row, and Python searches through them all for cycles
    columns = list(zip(kept, rows.columns, strict=True))
    for number, record in enumerate(table.records, 1):
        if len(record) > width and any(cell.strip() for cell in record[width:]):
            rows.unreadable.append((number, delimiter.join(record)[:MAX_VALUE_SHOWN], _too_wide(len(record), width)))
            continue
        if len(record) < width:
            rows.short += 1
            record += [""] * (width - len(record))
        swallowed = _swallowed(record, delimiter, width)
        if swallowed:
            told = _run_together(len(swallowed))
            rows.unreadable += [(number, line[:MAX_VALUE_SHOWN], told) for line in (delimiter.join(record), *swallowed)]
            continue
        if _holds_rows(record, delimiter, width):
            rows.swollen.append(number)
        for place, column in columns:
            column.append(record[place].strip())
        rows.numbers.append(number)
    return rows


def _named(table: _Table, kept: list[int], columns: list[list[str]]) -> dict[str, list[str]]:
    """The columns by name; a column without a header and without a cell is not one."""
    named = {table.names[place]: column for place, column in zip(kept, columns, strict=True)}
    return {name: column for name, column in named.items() if name not in table.unnamed or any(column)}


def _holds_rows(record: Record, delimiter: str, width: int) -> bool:
    """Whether a cell of several lines has as many delimiters as a row: an open quotation mark swallowed rows."""
    return (
        width >= _TITLE_BELOW_CELLS
        and "\n" in "".join(record)
        and any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in record)
    )


def _swallowed(record: Record, delimiter: str, width: int) -> list[str]:
    """The lines within a record's cells that are whole rows themselves, as an open quotation mark leaves them."""
    if width < _TITLE_BELOW_CELLS or "\n" not in "".join(record):
        return []
    inner = [line for cell in record for line in cell.splitlines()[1:-1]]
    return [line for line in inner if line.count(delimiter) == width - 1]


def _run_together(swallowed: int) -> str:
    return (
        f"A quotation mark that is never closed ran this row and {swallowed:,} more together, and none can be read. "
        "Close it, or double it if it belongs to the text."
    )


def _too_wide(cells: int, width: int) -> str:
    return f"The row has {cells} cells, but the header has {width}: look for a comma or quotation mark out of place."
