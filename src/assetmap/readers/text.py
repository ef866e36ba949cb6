"""Tables of text: any of four delimiters, any encoding that is declared or can be found out.

The only mechanism is Python's ``csv``, fed one bounded line at a time, so that a file that is not a table is refused
before it fills the memory.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

import pandas as pd

from assetmap.readers.encodings import MAX_LINE_CHARACTERS, Encoding, find_encoding, lines_of
from assetmap.readers.spec import MAX_COLUMNS, MAX_VALUE_SHOWN, ReadSpec, clean_name, text_frame, unique_names
from assetmap.readers.unpacking import opened
from assetmap.tables import RawFrame

DELIMITERS: Final = (",", "\t", ";", "|")
MAX_FIELD_CHARACTERS: Final = 1_000_000
TABLE_SUFFIXES: Final = frozenset({".csv", ".tsv", ".tab", ".psv", ".txt"})

_SAMPLE_LINES: Final = 200
_HEADER_SOUGHT_IN: Final = 25
_TITLE_BELOW_CELLS: Final = 3
_END: Final = "\0"  # cannot stand in a table, because a line that holds it is refused
_DECLARES_DELIMITER = re.compile(r"sep=(.)\s*", re.IGNORECASE)

Record = list[str]


def read_text(spec: ReadSpec) -> RawFrame:
    """The rows of a delimited table; see :func:`assetmap.readers.read`.

    Row 1 is the first record of data; blank records are not rows. A record with fewer cells than the header is
    filled up with blanks; one with more (blanks apart) is unreadable. Cells keep their text without the space around
    it.
    """
    csv.field_size_limit(MAX_FIELD_CHARACTERS)  # of the whole process; outlines as text are longer than its default
    with opened(spec, TABLE_SUFFIXES) as stream:
        encoding = find_encoding(spec, stream)
    with opened(spec, TABLE_SUFFIXES) as stream:
        return _read_lines(spec, lines_of(spec, stream, encoding), encoding)


@dataclass(frozen=True)
class _Table:
    """Where a table's header is, and what follows it."""

    names: list[str]
    unnamed: frozenset[str]
    records: Iterator[Record]
    notes: tuple[str, ...]


def _read_lines(spec: ReadSpec, lines: Iterator[str], encoding: Encoding) -> RawFrame:
    sample = _sample(lines)
    if not any(line.strip() for line in sample):
        raise spec.fault("has no text in it", "Download it again, or ask its publisher.")
    delimiter, sample = _delimiter(spec, sample)
    records = _filled(_records(spec, chain(sample, lines), delimiter))
    table = _header(spec, records) if spec.header is None else _headless(spec, spec.header, records)
    return _frame(spec, table, delimiter, encoding.notes)


def _sample(lines: Iterator[str]) -> list[str]:
    """The first lines: at most 200, and at most the length of one line that is let through."""
    sample, characters = list[str](), 0
    for line in lines:
        sample.append(line)
        characters += len(line)
        if len(sample) == _SAMPLE_LINES or characters > MAX_LINE_CHARACTERS:
            break
    return sample


def _delimiter(spec: ReadSpec, sample: list[str]) -> tuple[str, list[str]]:
    """The declared delimiter, the one a first line ``sep=;`` names, or the one that splits the sample most evenly."""
    named = _DECLARES_DELIMITER.fullmatch(sample[0])
    if named:
        return spec.delimiter or named[1], sample[1:]
    if spec.delimiter is not None:
        if len(spec.delimiter) != 1 or spec.delimiter in '"\r\n':
            raise spec.fault(f"cannot be split at {spec.delimiter!r}", "Declare one character as its delimiter.")
        return spec.delimiter, sample
    return max(DELIMITERS, key=lambda candidate: _evenness(sample, candidate)), sample


def _evenness(sample: Sequence[str], delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter splits: the first record like most, the share of records like most, their cells."""
    try:
        records = csv.reader(sample, delimiter=delimiter, skipinitialspace=True)
        widths = [len(record) for record in records if any(record)]
    except csv.Error:
        return (False, 0.0, 0)
    cells, alike = Counter(widths).most_common(1)[0] if widths else (1, 0)
    if cells == 1:
        return (False, 0.0, 1)
    return (widths[0] == cells, alike / len(widths), cells)


def _records(spec: ReadSpec, lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter, skipinitialspace=True)
    begins = 1
    try:
        for record in reader:
            if record and record[-1].endswith(_END):
                if record == [_END]:
                    return
                raise _unclosed(spec, begins)
            yield record
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise spec.fault(
            f"has a cell of more than {MAX_FIELD_CHARACTERS:,} characters, or a quotation mark that is never closed, "
            f"in the record that begins on line {begins:,}",
            "Mend that record, or leave that column out.",
        ) from fault


def _unclosed(spec: ReadSpec, line: int) -> Exception:
    return spec.fault(
        f"has a quotation mark that is never closed, in the record that begins on line {line:,}",
        "Close the quotation mark, or double it if it belongs to the text.",
    )


def _filled(records: Iterator[Record]) -> Iterator[Record]:
    return (record for record in records if "".join(record).strip())


def _header(spec: ReadSpec, records: Iterator[Record]) -> _Table:
    """The header row, below any lines of title.

    A title is a line with one filled cell above lines with three or more; spreadsheets put them there.
    """
    first = list(islice(records, _HEADER_SOUGHT_IN))
    titles = 0
    if max(map(_filled_cells, first)) >= _TITLE_BELOW_CELLS:
        while _filled_cells(first[titles]) == 1:
            titles += 1
    header = first[titles]
    if len(header) > MAX_COLUMNS:
        raise spec.fault(
            f"has {len(header):,} columns", f"Leave out what you do not need: {MAX_COLUMNS:,} is the most."
        )
    names = unique_names(header)
    unnamed = frozenset(name for name, cell in zip(names, header, strict=True) if not clean_name(cell))
    skipped = tuple(f"A line above the header was left out: {' '.join(record).strip()}" for record in first[:titles])
    return _Table(names, unnamed, chain(first[titles + 1 :], records), (*skipped, *_repeated(header)))


def _repeated(header: Record) -> Iterator[str]:
    counts = Counter(name for name in map(clean_name, header) if name)
    for name, count in counts.items():
        if count > 1:
            yield f"{count} columns are called {name!r}: the first of them is used, and the next is {f'{name} (2)'!r}."


def _filled_cells(record: Record) -> int:
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
            yield f"{self.short:,} rows have fewer cells than the header; the missing cells were taken as blank."
        if self.swollen:
            listed = ", ".join(map(str, self.swollen[:10]))
            yield f"A cell in row {listed} seems to hold whole rows: look for a quotation mark that is never closed."


def _frame(spec: ReadSpec, table: _Table, delimiter: str, notes: tuple[str, ...]) -> RawFrame:
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


def _too_wide(cells: int, width: int) -> str:
    return f"The row has {cells} cells, but the header has {width}: look for a comma or quotation mark out of place."
