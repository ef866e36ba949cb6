"""How far the cells of a workbook's sheet reach, and what in them was lost, before a library lays them out.

A library that lays a sheet out as a grid asks for a terabyte when somebody left a full stop in the last cell there is;
so the reach is read first, cell by cell, from the XML that ``.xlsx`` and ``.ods`` are made of.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse

MAX_CELLS: Final = 30_000_000
"""More than this from corner to corner is no register; a sheet of a million rows may have 28 columns."""

_CELL: Final = re.compile(r"([A-Z]{1,3})(\d+)")
_CONTENT: Final = "content.xml"
_OLD_REACH: Final = (65_536, 256)  # what the old format can hold at all


@dataclass
class Extent:
    """The reach of a sheet's filled cells.

    Attributes
    ----------
    rows, columns
        The last row and the last column that hold anything, counted from 1.
    errors
        How many cells hold an error.
    unworked
        How many hold a formula without what it came to.
    """

    rows: int = 0
    columns: int = 0
    errors: int = 0
    unworked: int = 0

    def reach(self, row: int, column: int) -> None:
        """Take in a filled cell."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def is_open_document(path: Path) -> bool:
    """Whether a workbook is an ``.ods``, which the library lays out whole as soon as it is opened."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return _CONTENT in archive.namelist()


def extent_of(path: Path, name: str | None) -> Extent:
    """The reach of a sheet of a workbook; of an ``.ods``, with no name, that of all its sheets laid over each other.

    Raises
    ------
    ValueError
        If the workbook is not put together as its kind is.
    """
    if not zipfile.is_zipfile(path):
        return Extent(*_OLD_REACH)
    with zipfile.ZipFile(path) as archive:
        try:
            if _CONTENT in archive.namelist():
                with archive.open(_CONTENT) as stream:
                    return _open_document(stream, name)
            with archive.open(_part_of(archive, name)) as stream:
                return _office(stream)
        except ParseError as fault:
            raise ValueError(f"the sheet {name!r} is broken") from fault


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str | None:
    """An attribute whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _part_of(archive: zipfile.ZipFile, name: str | None) -> str:
    """The part of an ``.xlsx`` that holds a sheet, by way of the workbook's list and its relationships."""
    with archive.open("xl/workbook.xml") as stream:
        listed = [element for _, element in iterparse(stream) if _local(element) == "sheet"]
    with archive.open("xl/_rels/workbook.xml.rels") as stream:
        targets = {element.get("Id"): element.get("Target") for _, element in iterparse(stream) if element.get("Id")}
    for sheet in listed:
        target = targets.get(_attribute(sheet, "id"))
        if sheet.get("name") == name and target is not None:
            return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    raise ValueError(f"the workbook has no part for the sheet {name!r}")


def _office(stream: IO[bytes]) -> Extent:
    extent, row, column = Extent(), 0, 0
    for event, element in iterparse(stream, ("start", "end")):
        kind = _local(element)
        if event == "start" and kind == "row":
            row, column = int(element.get("r") or row + 1), 0
        elif event == "end" and kind == "c":
            place = _CELL.fullmatch(element.get("r") or "")
            column = _column_number(place[1]) if place else column + 1
            _take_in(extent, element, int(place[2]) if place else row, column)
        elif event == "end" and kind == "row":
            element.clear()
    return extent


def _take_in(extent: Extent, cell: Element, row: int, column: int) -> None:
    kinds = {_local(child) for child in cell if child.text or len(child)}
    if kinds & {"v", "is"}:
        extent.reach(row, column)
        extent.errors += cell.get("t") == "e"
    elif any(_local(child) == "f" for child in cell):
        extent.unworked += 1


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _open_document(stream: IO[bytes], name: str | None) -> Extent:
    extent, row, column, repeats, wanted = Extent(), 0, 0, 1, False
    for event, element in iterparse(stream, ("start", "end")):
        kind = _local(element)
        if event == "start" and kind == "table":
            row, wanted = 0, name in (None, _attribute(element, "name"))
        elif event == "start" and kind == "table-row":
            column, repeats = 0, int(_attribute(element, "number-rows-repeated") or 1)
            row += repeats
        elif event == "end" and kind in ("table-cell", "covered-table-cell"):
            column += int(_attribute(element, "number-columns-repeated") or 1)
            if wanted and len(element):
                extent.reach(row, column)
        elif event == "end" and kind == "table-row":
            element.clear()
    return extent
