"""Tables of text: any of four delimiters, any encoding that is declared or can be found out.

The only mechanism is Python's ``csv``, fed one bounded line at a time, so that a file that is not a table is refused
before it fills the memory.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from assetmap.readers.encodings import MAX_LINE_CHARACTERS, Encoding, find_encoding, lines_of
from assetmap.readers.records import Record, frame_of
from assetmap.readers.spec import ReadSpec
from assetmap.readers.unpacking import opened
from assetmap.tables import RawFrame

DELIMITERS: Final = (",", "\t", ";", "|")
MAX_FIELD_CHARACTERS: Final = 1_000_000
TABLE_SUFFIXES: Final = frozenset({".csv", ".tsv", ".tab", ".psv", ".txt"})

_SAMPLE_LINES: Final = 200
_END: Final = "\0"  # cannot stand in a table, because a line that holds it is refused
_DECLARES_DELIMITER = re.compile(r"sep=(.)\s*", re.IGNORECASE)


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


def _read_lines(spec: ReadSpec, lines: Iterator[str], encoding: Encoding) -> RawFrame:
    sample = _sample(lines)
    if not any(line.strip() for line in sample):
        raise spec.fault("has no text in it", "Download it again, or ask its publisher.")
    delimiter, sample = _delimiter(spec, sample)
    return frame_of(spec, _records(spec, chain(sample, lines), delimiter), delimiter, encoding.notes)


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


def _evenness(sample: Sequence[str], delimiter: str) -> tuple[bool, float]:
    """How well a delimiter splits: the first record like most, and the cuts in most records times their share.

    One record of many out of place must not make way for a delimiter that stands once in a cell of each.
    """
    try:
        records = csv.reader(sample, delimiter=delimiter, skipinitialspace=True)
        widths = [len(record) for record in records if any(record)]
    except csv.Error:
        return (False, 0.0)
    cells, alike = Counter(widths).most_common(1)[0] if widths else (1, 0)
    if cells == 1:
        return (False, 0.0)
    return (widths[0] == cells, (cells - 1) * alike / len(widths))


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
