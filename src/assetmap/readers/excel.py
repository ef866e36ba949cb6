"""Workbooks of spreadsheets (``.xlsx``, ``.xls``, ``.ods``): one sheet as a table of text.

Cells are read as they were saved: what a formula came to, dates as dates, numbers as exactly as they are kept whatever
their format shows. python-calamine reads all three formats.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from assetmap.errors import SourceError
from assetmap.readers.records import Record, filled_cells, frame_of
from assetmap.readers.sheets import MAX_CELLS, Extent, extent_of, is_open_document
from assetmap.readers.spec import ReadSpec, value_text
from assetmap.readers.unpacking import head_of, refuse_kind, refuse_large_zip, unpacked
from assetmap.tables import RawFrame

WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})

_OLD: Final = b"\xd0\xcf\x11\xe0"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = b"PK"
_PARTS: Final = frozenset({"xl/workbook.xml", "content.xml"})
_TABLE_CELLS: Final = 3
_UNREADABLE: Final = (
    "is not a workbook that can be read",
    "It may be damaged: download it again, or open it in a spreadsheet and save it as .xlsx or CSV.",
)


def read_workbook(spec: ReadSpec) -> RawFrame:
    """The rows of one sheet; see :func:`assetmap.readers.read`.

    The sheet is the one that ``sublayer`` names, or else the only one that can be seen and holds a table. Its header is
    found below titles; a cell merged over several rows stands in each of them.
    """
    with _workbook(spec) as path, _told(spec), _book(spec, path) as book:
        name, chosen = _sheet(spec, path, book)
        extent = _bounded(spec, path, name)
        sheet = book.get_sheet_by_name(name)
        notes = [*chosen, *_notes(extent)]
        return frame_of(spec, _records(sheet), "; ", notes)


@contextmanager
def _workbook(spec: ReadSpec) -> Iterator[Path]:
    """The workbook itself, or the one that is packed in a zip or gzip."""
    head = head_of(spec)
    if head.startswith(_ZIP) and _is_workbook(spec.path):
        refuse_large_zip(spec, spec.path)
        yield spec.path
        return
    with unpacked(spec, WORKBOOK_SUFFIXES, frozenset()) as paths:
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths[:10])
            raise spec.fault(f"holds {len(paths)} workbooks ({names})", "Say which with 'sublayer', or give one.")
        with paths[0].open("rb") as stream:
            _refuse_others(spec, stream.read())
        yield paths[0]


def _book(spec: ReadSpec, path: Path) -> calamine.CalamineWorkbook:
    if is_open_document(path):
        _bounded(spec, path, None)
    return calamine.CalamineWorkbook.from_path(str(path))


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return not _PARTS.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError):
        return False


def _refuse_others(spec: ReadSpec, content: bytes) -> None:
    if not content.startswith((_OLD, _ZIP)):
        refuse_kind(spec, content)
        raise spec.fault("is not a workbook", "Use the reader 'csv' for a table of text, 'vector' for a map file.")
    if content.startswith(_OLD) and _LOCKED in content:
        raise _locked(spec)


def _locked(spec: ReadSpec) -> Exception:
    return spec.fault("is locked with a password", "Open it with the password and save it without one.")


@contextmanager
def _told(spec: ReadSpec) -> Iterator[None]:
    """The library's faults as errors that name the file."""
    try:
        yield
    except SourceError:
        raise
    except calamine.PasswordError as fault:
        raise _locked(spec) from fault
    except (calamine.CalamineError, OSError, zipfile.BadZipFile, KeyError, ValueError) as fault:
        raise spec.fault(*_UNREADABLE) from fault


def _sheet(spec: ReadSpec, path: Path, book: calamine.CalamineWorkbook) -> tuple[str, list[str]]:
    """The name of the sheet to read, and what to say of the choice."""
    kinds = calamine.SheetTypeEnum.WorkSheet, calamine.SheetVisibleEnum.Visible
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == kinds[0]]
    names = [sheet.name for sheet in sheets]
    if spec.sublayer is not None and (spec.sublayer in names or len(names) > 1):
        if spec.sublayer not in names:
            raise spec.fault(f"has no sheet called {spec.sublayer!r}", f"It has: {', '.join(names)}.")
        return spec.sublayer, []
    seen = [sheet.name for sheet in sheets if sheet.visible == kinds[1]] or names
    tables = seen if len(seen) < 2 else [name for name in seen if _holds_table(spec, path, book, name)]
    if len(tables) > 1:
        raise spec.fault(f"has {len(tables)} sheets with tables ({', '.join(tables)})", "Say which with 'sublayer'.")
    if not seen:
        raise spec.fault("has no sheet with cells", "Check that it is the file you meant.")
    chosen = (tables or seen)[0]
    others = [name for name in names if name != chosen]
    return chosen, [f"The sheet {chosen!r} was read, and not {', '.join(map(repr, others))}."] if others else []


def _holds_table(spec: ReadSpec, path: Path, book: calamine.CalamineWorkbook, name: str) -> bool:
    """Whether a sheet has two rows of several cells; notes beside a table have one cell a row."""
    _bounded(spec, path, name)
    wide = 0
    for record in _records(book.get_sheet_by_name(name)):
        wide += filled_cells(record) >= _TABLE_CELLS
        if wide > 1:
            return True
    return False


def _bounded(spec: ReadSpec, path: Path, name: str | None) -> Extent:
    """How far a sheet's cells reach; a stray cell far from the table would ask for more memory than there is."""
    extent = extent_of(path, name)
    if extent.rows * extent.columns > MAX_CELLS:
        raise spec.fault(
            f"has a cell in row {extent.rows:,} and one in column {extent.columns:,}, which is too far for a table",
            "Delete what stands outside the table, or save the table as CSV.",
        )
    return extent


def _notes(extent: Extent) -> Iterator[str]:
    if extent.errors:
        yield f"Cells that hold an error such as #REF!, and were taken as blank: {extent.errors:,}."
    if extent.unworked:
        yield (
            f"Cells with a formula that was never worked out, and were taken as blank: {extent.unworked:,}. "
            "Open the workbook in a spreadsheet and save it."
        )


def _records(sheet: calamine.CalamineSheet) -> Iterator[Record]:
    """The rows as texts; a cell merged over rows stands in each, one merged over columns in its first alone."""
    left = (sheet.start or (0, 0))[1]
    merged = sheet.merged_cell_ranges or ()
    ends = {(top, column - left): bottom for (top, column), (bottom, _) in merged if bottom > top}
    standing: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(sheet.iter_rows()):
        standing = {column: cell for column, cell in standing.items() if cell[0] >= number}
        record = [standing[column][1] if column in standing else _text(cell) for column, cell in enumerate(row)]
        for column in [column for column in range(len(record)) if (number, column) in ends] if ends else ():
            standing[column] = (ends[number, column], record[column])
        yield record


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return value_text(cell)
