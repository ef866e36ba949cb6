"""Workbooks: which sheet is read, where its header is, what its cells become, and what is said of bad ones."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from assetmap.errors import SourceError
from assetmap.readers import ReadSpec, read
from assetmap.tables import RawFrame

Cells = Sequence[Sequence[Any]]

REGISTER: Cells = [
    ["Asset Name", "UPRN", "Easting", "Northing", "Acquired"],
    ["Old Yard", 100012345678, 429500, 433500.5, dt.date(2019, 3, 31)],
    ["Café Kiosk", "000100012345679", 430100, 434100, "TBC"],
]


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(change: Callable[[openpyxl.Workbook], None] | None = None, **sheets: Cells) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (sheets or {"Assets": REGISTER}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(book)
    return saved(book)


def open_document(rows: str) -> bytes:
    """The least that an ``.ods`` can be."""
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="/" '
        'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>'
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
    }
    return zipped({name: part.encode() for name, part in parts.items()})


def ods_row(*cells: str, repeated: int = 1) -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inside}</table:table-row>'


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Assets")
    for row, cells in enumerate(REGISTER):
        for column, cell in enumerate(cells):
            style = xlwt.easyxf(num_format_str="DD/MM/YYYY") if isinstance(cell, dt.date) else xlwt.XFStyle()
            sheet.write(row, column, cell, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[..., RawFrame]:
    def read_it(content: bytes, name: str = "assets.xlsx", **more: Any) -> RawFrame:
        path = tmp_path / name
        path.write_bytes(content)
        return read(ReadSpec("excel", path, **more))

    return read_it


Read = Callable[..., RawFrame]

YARD = {"Asset Name": "Old Yard", "UPRN": "100012345678", "Easting": "429500", "Northing": "433500.5"}


def test_numbers_keep_their_figures_and_dates_are_dates(read_bytes: Read) -> None:
    rows = read_bytes(workbook()).rows.to_dict("records")
    assert rows == [
        {**YARD, "Acquired": "2019-03-31"},
        {
            "Asset Name": "Café Kiosk",
            "UPRN": "000100012345679",
            "Easting": "430100",
            "Northing": "434100",
            "Acquired": "TBC",
        },
    ]


def test_the_old_format_gives_the_same(read_bytes: Read) -> None:
    new, old = read_bytes(workbook()), read_bytes(old_workbook(), "assets.xls")
    assert old.rows.to_dict("records") == new.rows.to_dict("records")


def test_an_open_document_is_read(read_bytes: Read) -> None:
    blank_end = ods_row(repeated=1_048_000)
    content = open_document(ods_row("Name", "Ward", "Use") + ods_row("Hut", "West", "Scouts") + blank_end)
    assert read_bytes(content, "assets.ods").rows.to_dict("records") == [
        {"Name": "Hut", "Ward": "West", "Use": "Scouts"}
    ]


@pytest.mark.parametrize("pack", [lambda book: zipped({"in/assets.xlsx": book, "readme.txt": b"x"}), gzip.compress])
def test_a_packed_workbook_is_unpacked(read_bytes: Read, pack: Callable[[bytes], bytes]) -> None:
    assert read_bytes(pack(workbook()), "assets.packed").rows["Asset Name"].tolist() == ["Old Yard", "Café Kiosk"]


def test_the_header_stands_below_titles_and_names_of_groups_of_columns(read_bytes: Read) -> None:
    titles = [["Leeds City Council"], ["Published", dt.date(2024, 4, 1)], [], ["", "Where", "", "", "When"]]
    found = read_bytes(workbook(Assets=[*titles, *REGISTER]))
    assert found.rows.loc[0].to_dict() == {**YARD, "Acquired": "2019-03-31"}
    assert found.row_numbers.tolist() == [1, 2]
    assert "A line above the header was left out: Published 2024-04-01" in found.notes


def test_a_merged_cell_stands_in_each_of_its_rows(read_bytes: Read) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        sheet = book["S"]
        sheet.insert_cols(1, 2)
        sheet.merge_cells("C2:C3")

    found = read_bytes(workbook(merge, S=[["Ward", "Name", "Use"], ["West", "Hut", "a"], ["", "Hall", "b"]]))
    assert found.rows["Ward"].tolist() == ["West", "West"]


def test_the_only_sheet_with_a_table_is_read_and_the_others_are_named(read_bytes: Read) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["Lookups"].sheet_state = "hidden"

    sheets = {"Notes": [["How to read this"], ["Ask us"]], "Assets": REGISTER, "Lookups": REGISTER}
    found = read_bytes(workbook(hide, **sheets))
    assert found.notes == ("The sheet 'Assets' was read, and not 'Notes', 'Lookups'.",)


def test_of_several_tables_one_must_be_named(read_bytes: Read) -> None:
    book = workbook(North=REGISTER, South=[*REGISTER, ["Hut"]])
    with pytest.raises(SourceError, match=r"has 2 sheets with tables \(North, South\)\. Say which with 'sublayer'"):
        read_bytes(book)
    assert len(read_bytes(book, sublayer="South").rows) == 3
    with pytest.raises(SourceError, match=r"no sheet called 'East'\. It has: North, South"):
        read_bytes(book, sublayer="East")


def test_lost_cells_are_told(read_bytes: Read) -> None:
    rows = [["Name", "Sum", "Ref", "Use"], ["Hut", "=1+1", "#REF!", "Scouts"]]
    found = read_bytes(workbook(Assets=rows))
    assert found.rows.loc[0].to_dict() == {"Name": "Hut", "Sum": "", "Ref": "", "Use": "Scouts"}
    assert any("an error such as #REF!, and were taken as blank: 1" in note for note in found.notes)
    assert any("never worked out, and were taken as blank: 1" in note for note in found.notes)


def test_what_a_formula_came_to_is_read(read_bytes: Read) -> None:
    book = workbook(Assets=[["Name", "Sum", "Use"], ["Hut", "=1+1", "x"]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    worked = {name: re.sub(rb"(?<=</f>)<v ?(?:/>|></v>)", b"<v>2</v>", part) for name, part in parts.items()}
    found = read_bytes(zipped(worked))
    assert found.rows["Sum"].tolist() == ["2"]
    assert not found.notes


def _stray(rows: int, columns: int) -> bytes:
    def add(book: openpyxl.Workbook) -> None:
        book["Assets"].cell(rows, columns).value = "."

    return workbook(add)


BAD = {
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "not a workbook in the old wrapping": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot|can be read"),
    "cut off": (workbook()[:3000], "damaged or breaks off"),
    "text": (b"a,b\n1,2\n", "is not a workbook. Use the reader 'csv'"),
    "web page": (b"<html><table><tr><td>1</td></tr></table></html>", "looks like a web page"),
    "zip of something else": (zipped({"a.txt": b"x"}), "holds nothing that the reader 'excel' reads"),
    "parts missing": (zipped({"xl/workbook.xml": b"<workbook/>"}), "not a workbook that can be read"),
    "broken part": (zipped({"xl/workbook.xml": b"<workbook", "_rels/.rels": b"<"}), "not a workbook that can be read"),
    "two workbooks": (zipped({"a.xlsx": workbook(), "b.xlsx": workbook()}), r"holds 2 workbooks \(a.xlsx, b.xlsx\)"),
    "blank": (workbook(Assets=[]), "has no text in it"),
    "stray cell": (_stray(1_048_576, 16_384), "row 1,048,576 and one in column 16,384, which is too far"),
    "stray cell of an open document": (
        open_document(ods_row("Name") + ods_row(repeated=1_000_000) + ods_row(*["x"] * 100)),
        "row 1,000,002 and one in column 100, which is too far",
    ),
}


@pytest.mark.parametrize(("content", "told"), BAD.values(), ids=BAD)
def test_a_bad_workbook_is_told(read_bytes: Read, content: bytes, told: str) -> None:
    with pytest.raises(SourceError, match=rf"^assets\.xlsx .*({told})"):
        read_bytes(content)


def test_a_million_blank_rows_are_passed_over(read_bytes: Read) -> None:
    found = read_bytes(_stray(1_048_576, 1))
    assert found.rows["Asset Name"].tolist() == ["Old Yard", "Café Kiosk", "."]
