"""Reading: what comes out of good files, and what is said of bad ones."""

import bz2
import csv
import gc
import gzip
import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import SourceError
from assetmap.readers import ReadSpec, read, sha256_of, unpacking
from assetmap.readers.spec import unique_names, value_text
from assetmap.space import MEASURED_CRS, STORED_CRS

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
HALL = {"type": "Point", "coordinates": [-2.31, 53.44]}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    def write_file(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write_file


def rows_of(path: Path, reader: str = "csv", **more: object) -> list[dict[str, str]]:
    return read(ReadSpec(reader, path, **more)).rows.to_dict("records")  # type: ignore[arg-type]


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def locked(archive: bytes) -> bytes:
    """The same zip with the flag of a password on its members, in the local and the central header."""
    content = bytearray(archive)
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), archive):
            content[found.start() + flags_at] |= 1
    return bytes(content)


def feature(shape: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": shape}


def geojson(*features: object, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": features})


def named_crs(name: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


def shapefile(folder: Path, name: str = "halls", has_crs: bool = True) -> dict[str, bytes]:
    """The parts of a shapefile with one point, by file name."""
    frame = gpd.GeoDataFrame({"name": ["Café Hall"]}, geometry=[shapely.Point(379_000, 394_000)], crs=MEASURED_CRS)
    path = folder / f"{name}.shp"
    pyogrio.write_dataframe(frame, path)
    if not has_crs:
        path.with_suffix(".prj").unlink()
    return {part.name: part.read_bytes() for part in folder.glob(f"{name}.*")}


# ---------------------------------------------------------------- tables of text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("name,n\nHall,1\n", [{"name": "Hall", "n": "1"}], id="plain"),
        pytest.param("\ufeffname,n\nHall,1\n", [{"name": "Hall", "n": "1"}], id="byte order mark"),
        pytest.param("name,n\nCafé,1\n".encode("utf-16"), [{"name": "Café", "n": "1"}], id="UTF-16"),
        pytest.param("name,n\nCafé,1\n".encode("utf-16-le"), [{"name": "Café", "n": "1"}], id="UTF-16 without mark"),
        pytest.param("name,n\nCafé,1\n".encode("utf-32"), [{"name": "Café", "n": "1"}], id="UTF-32"),
        pytest.param("name,n\nCafé \u2013 A,1\n".encode("cp1252"), [{"name": "Café \u2013 A", "n": "1"}], id="cp1252"),
        pytest.param("name\tn\r\nHall\t1\r\n", [{"name": "Hall", "n": "1"}], id="tabs and CRLF"),
        pytest.param(
            "name;n\nHall;1,5\nHut;2,5\n", [{"name": "Hall", "n": "1,5"}, {"name": "Hut", "n": "2,5"}], id=";"
        ),
        pytest.param("name|n\nHall|1\n", [{"name": "Hall", "n": "1"}], id="bars"),
        pytest.param("sep=;\nname;n\nHall;1\n", [{"name": "Hall", "n": "1"}], id="first line names the delimiter"),
        pytest.param("name,n\rHall,1\rHut,2", [{"name": "Hall", "n": "1"}, {"name": "Hut", "n": "2"}], id="old Mac"),
        pytest.param(
            'name,n\n"The ""Hall""\nUpper",1\n', [{"name": 'The "Hall"\nUpper', "n": "1"}], id="newline inside"
        ),
        pytest.param('name,n\nA, "b, c"\n', [{"name": "A", "n": "b, c"}], id="space before a quotation mark"),
        pytest.param("name,n\n\xa0Hall\xa0, 1 \n", [{"name": "Hall", "n": "1"}], id="space around cells"),
        pytest.param("name,n,\nHall,1,\n", [{"name": "Hall", "n": "1"}], id="empty column without a header"),
        pytest.param("name,n,\nHall,1,x\n", [{"name": "Hall", "n": "1", "column 3": "x"}], id="blank header"),
        pytest.param("a,a,a\n1,2,3\n", [{"a": "1", "a (2)": "2", "a (3)": "3"}], id="duplicate headers"),
        pytest.param(
            "Site\u00a0\n Ref ,b\n1,2\n".replace("\n R", " R"), [{"Site Ref": "1", "b": "2"}], id="nbsp in header"
        ),
        pytest.param('"Site\nRef",b\n1,2\n', [{"Site Ref": "1", "b": "2"}], id="newline in header"),
        pytest.param("name\nHall\nHut\n", [{"name": "Hall"}, {"name": "Hut"}], id="one column"),
        pytest.param("name,n\n", [], id="header only"),
        pytest.param("name,n\nNA,007\n", [{"name": "NA", "n": "007"}], id="nothing is taken for a number or a null"),
        pytest.param(gzip.compress(b"name,n\nHall,1\n"), [{"name": "Hall", "n": "1"}], id="gzip under any name"),
        pytest.param(bz2.compress(b"name,n\nHall,1\n"), [{"name": "Hall", "n": "1"}], id="bzip2"),
        pytest.param(
            zipped({"a/halls.csv": b"name,n\nHall,1\n", "a/readme.md": b"x", "__MACOSX/a/._halls.csv": b"x"}),
            [{"name": "Hall", "n": "1"}],
            id="zip",
        ),
        pytest.param(
            zipped({"../../../evil.csv": b"name,n\nHall,1\n"}),
            [{"name": "Hall", "n": "1"}],
            id="zip that points outside",
        ),
    ],
)
def test_a_table_is_read_as_it_stands(
    content: bytes | str, expected: list[dict[str, str]], write: Callable[[str, bytes | str], Path]
) -> None:
    assert rows_of(write("halls.csv", content)) == expected


REFUSED_TABLES = {
    "empty": (b"", "is empty"),
    "blank lines only": (b"\n\n  \n", "has no text in it"),
    "picture": (PNG, "is a picture"),
    "PDF": (b"%PDF-1.7 ...", "PDF document"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "is an old Excel workbook. Use the reader 'excel'"),
    "Excel": (
        zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b"<w/>"}),
        "is an Excel workbook. Use the reader 'excel'",
    ),
    "OpenDocument": (zipped({"mimetype": b"x", "content.xml": b"<w/>"}), "OpenDocument"),
    "web page": (b"\xef\xbb\xbf  <!DOCTYPE html><html><body>Not found</body></html>", "looks like a web page"),
    "XHTML page": (b"<?xml version='1.0'?>\n<!DOCTYPE html><html></html>", "looks like a web page"),
    "XML": (b"<?xml version='1.0'?><kml></kml>", "is XML, not a table"),
    "JSON": (b'\n[\n {"name": "Hall"}]', "is JSON, not a table"),
    "GeoPackage": (b"SQLite format 3\0" + bytes(500), "reader 'vector'"),
    "Parquet": (b"PAR1" + bytes(50), "Parquet"),
    "7z": (b"7z\xbc\xaf'\x1c" + bytes(50), "7z archive"),
    "NUL in a table": (b"name,n\nHa\0ll,1\n", "is not a table of text"),
    "NUL past the first block": (b"name,n\n" + b"Hall,1\n" * 20_000 + b"\0\n", "is not a table of text"),
    "control characters": (bytes(range(1, 32)) * 20, "is not a table of text"),
    "3,000 columns": (",".join(f"c{n}" for n in range(3_000)).encode(), "has 3,000 columns"),
    "huge cell": (b"name,n\n" + b"x" * 1_500_000 + b",1\n", "has a cell of more than 1,000,000 characters"),
    "unclosed quotation mark": (b'name,n\nHall,1\n"Hut,2\nShed,3\n', "record that begins on line 3"),
    "zip in a zip": (zipped({"inner.zip": zipped({"a.csv": b"a\n1\n"})}), "a zip inside a zip"),
    "zip with two tables": (zipped({"a.csv": b"a\n1\n", "b.csv": b"a\n1\n"}), "holds 2 tables (a.csv, b.csv)"),
    "zip with no table": (zipped({"a.exe": b"MZ"}), "holds nothing that the reader 'csv' reads (it holds a.exe)"),
    "empty zip": (zipped({}), "it is an empty zip"),
    "locked zip": (locked(zipped({"a.csv": b"a\n1\n"})), "is locked with a password"),
    "zip cut in half": (zipped({"a.csv": bytes(range(65, 90)) * 99})[:60], "is damaged or breaks off"),
    "zip with a wrong directory": (
        zipped({"a.csv": b"a\n1\n"}).replace(b"PK\x05\x06", b"PK\x05\x06\0\0\0\0")[:-4],
        "damaged",
    ),
    "zip of a later kind": (
        zipped({"a.csv": b"a\n1\n"}).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xa5"),
        "damaged",
    ),
    "gzip cut in half": (gzip.compress(b"name,n\n" + b"Hall,1\n" * 999)[:40], "is damaged or breaks off"),
    "gzip with a wrong checksum": (gzip.compress(b"name,n\nHall,1\n")[:-8] + bytes(8), "is damaged or breaks off"),
    "half a UTF-16 character": ("name,n\nHall,1\n".encode("utf-16")[:-1], "is not in the encoding utf-16"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED_TABLES.values(), ids=REFUSED_TABLES)
def test_what_is_not_a_table_is_refused_by_name(
    content: bytes, said: str, write: Callable[[str, bytes | str], Path]
) -> None:
    with pytest.raises(SourceError, match=re.escape(said)) as refusal:
        rows_of(write("halls.csv", content))
    assert str(refusal.value).startswith("halls.csv ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"encoding": "klingon"}, "no encoding of text called 'klingon'"),
        ({"encoding": "base64"}, "no encoding of text called 'base64'"),
        ({"encoding": "ascii"}, "is not in the encoding ascii"),
        ({"delimiter": "::"}, "cannot be split at '::'"),
        ({"header": ("name",)}, "has 2 columns, but 1 names are declared"),
        ({"reader": "access"}, "Use one of: csv, excel, heights, json, osm, vector, xml"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(
    more: dict[str, object], said: str, write: Callable[[str, bytes | str], Path]
) -> None:
    path = write("halls.csv", "name,n\nCafé,1\n")
    with pytest.raises(SourceError, match=re.escape(said)):
        read(ReadSpec(**{"reader": "csv", "path": path, **more}))  # type: ignore[arg-type]


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=re.escape(f"looked for {tmp_path}/no/halls.csv")):
        rows_of(tmp_path / "no" / "halls.csv")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder"):
        rows_of(tmp_path)


def test_an_address_of_gdal_is_not_a_file() -> None:
    with pytest.raises(SourceError, match="There is no file"):
        rows_of(Path("/vsicurl/http://localhost/halls.geojson"), "vector")


def test_a_line_without_end_is_refused_in_bounded_memory(write: Callable[[str, bytes | str], Path]) -> None:
    block = gzip.compress(b"x" * 20_000_000, compresslevel=1)
    path = write("halls.csv.gz", block * 10)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="is too long to be a table: line 1 "):
            rows_of(path)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_a_header_may_be_declared(write: Callable[[str, bytes | str], Path]) -> None:
    path = write("halls.csv", "Hall,1\nHut,2\n")
    assert rows_of(path, header=("name", "n")) == [{"name": "Hall", "n": "1"}, {"name": "Hut", "n": "2"}]


def test_only_the_columns_asked_for_are_read(write: Callable[[str, bytes | str], Path]) -> None:
    path = write("halls.csv", "name,Site\u00a0Ref,n\nHall,x,1\n")
    assert rows_of(path, columns=("Site Ref", "n", "unheard of")) == [{"Site Ref": "x", "n": "1"}]
    frame = read(ReadSpec("csv", path, columns=("unheard of",)))
    assert (frame.rows_in, list(frame.rows.columns)) == (1, [])


def test_a_table_in_a_zip_of_several_is_found_by_name(write: Callable[[str, bytes | str], Path]) -> None:
    path = write("all.zip", zipped({"x/a.csv": b"a\n1\n", "x/b.csv": b"b\n2\n"}))
    assert rows_of(path, sublayer="b.csv") == rows_of(path, sublayer="x/b.csv") == rows_of(path, sublayer="b")
    assert rows_of(path, sublayer="b") == [{"b": "2"}]


def test_blank_records_are_not_rows_and_ragged_ones_are_told(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", "a,b,c\n1,2,3\n,,\n\n4,5\n6,7,8,,\n9,9,9,9\n1,1,1\n")))
    assert frame.rows.to_numpy().tolist() == [["1", "2", "3"], ["4", "5", ""], ["6", "7", "8"], ["1", "1", "1"]]
    assert frame.row_numbers.tolist() == [1, 2, 3, 5]
    assert [(number, value) for number, value, _ in frame.unreadable] == [(4, "9,9,9,9")]
    assert "4 cells, but the header has 3" in frame.unreadable[0][2]
    assert frame.rows_in == 5
    assert frame.notes == ("1 row has fewer cells than the header; the missing cells were taken as blank.",)


def test_titles_above_the_header_are_left_out_and_told(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", "Halls of the borough,,\n\nApril 2024\na,b,c\n1,2,3\n")))
    assert frame.rows.to_dict("records") == [{"a": "1", "b": "2", "c": "3"}]
    assert frame.row_numbers.tolist() == [1]
    assert [note.split(": ")[1] for note in frame.notes] == ["Halls of the borough", "April 2024"]


def test_rows_swallowed_by_a_quotation_mark_are_each_told(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", 'a,b,c\n1,"Hall,3\n2,Hut,3\n3,Shed",3\n4,Barn,3\n')))
    assert frame.rows["b"].tolist() == ["Barn"]
    assert [(row, value) for row, value, _ in frame.unreadable] == [(1, "1,Hall,3\n2,Hut,3\n3,Shed,3"), (1, "2,Hut,3")]
    assert frame.rows_in == 3
    assert "ran this row and 1 more together" in frame.unreadable[0][2]


def test_a_line_swallowed_in_part_is_told(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", 'a,b,c\n1,"Hall,3,x\n3,Shed",3\n4,Barn,3\n')))
    assert frame.rows["b"].tolist() == ["Hall,3,x\n3,Shed", "Barn"]
    assert "row 1 seems to hold whole rows" in frame.notes[0]


def test_lines_in_a_cell_that_are_no_rows_stay(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", 'a,b,c\n1,"Hall\nThe Lane\nTown",3\n')))
    assert frame.rows["b"].tolist() == ["Hall\nThe Lane\nTown"]
    assert not frame.notes


def test_a_table_of_nothing_but_delimiters_is_refused(write: Callable[[str, bytes | str], Path]) -> None:
    for more in ({}, {"header": ("a", "b", "c")}):
        with pytest.raises(SourceError, match=r"halls\.csv has no text in it"):
            read(ReadSpec("csv", write("halls.csv", ",,\n,,\n"), **more))  # type: ignore[arg-type]


def test_objects_may_stand_one_a_line(write: Callable[[str, bytes | str], Path]) -> None:
    path = write("halls.jsonl", '{"name": "Hut", "x": 1.50}\n\n{"name": "Hall"}\n')
    assert rows_of(path, "json") == [{"name": "Hut", "x": "1.50"}, {"name": "Hall", "x": ""}]
    with pytest.raises(SourceError, match="is not JSON: extra data at line 2"):
        rows_of(write("halls.json", '{"name": "Hut"}\n[1]\n'), "json")
    with pytest.raises(SourceError, match="is not JSON: extra data at line 2"):
        rows_of(write("halls.json", '{"name": "Hut"}\n{"name"'), "json")


GROUPED = "Borough Council,,,,\nDate,1 May,,,\n,Site,,Where,\nRef,Name,Use,X,Y\n1,Hut,Scouts,1.5,52\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (GROUPED, ["Ref", "Name", "Use", "X", "Y"]),
        ("a,b,c\n1,,\n2,3,4\n", ["a", "b", "c"]),
        # half the names are missing, but what follows is data
        ("Name,,,,\nHut,1,2,3,4\nHall,1,2,3,4\n", ["Hut", "1", "2", "3", "4"]),
        ("Name,Use,,,,\nHut,1,2,3,4,5\n", ["Name", "Use", "column 3", "column 4", "column 5", "column 6"]),
    ],
)
def test_the_header_is_the_first_line_that_fills_half_the_width(
    text: str, names: list[str], write: Callable[[str, bytes | str], Path]
) -> None:
    assert list(read(ReadSpec("csv", write("halls.csv", text))).rows.columns) == names


def test_one_row_out_of_place_does_not_hide_the_delimiter(write: Callable[[str, bytes | str], Path]) -> None:
    lines = [f"Monday,10:00,Stop {number},FREQ=1;INTERVAL=2" for number in range(30)]
    text = "\n".join(["day,time,name,rule;every", *lines, "Monday,,10:00,Stop,FREQ=1;INTERVAL=2"])
    assert list(read(ReadSpec("csv", write("stops.csv", text))).rows.columns) == ["day", "time", "name", "rule;every"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", ["id,name\n1,Caf\u00e9\n", 'id,name\n1,"Caf\u00e9\n'])
def test_a_table_is_closed_whether_it_can_be_read_or_not(text: str, write: Callable[[str, bytes | str], Path]) -> None:
    with suppress(SourceError):
        read(ReadSpec("csv", write("cafes.csv", text)))
    gc.collect()


def test_a_file_pasted_from_two_encodings_keeps_both(write: Callable[[str, bytes | str], Path]) -> None:
    content = "name\nCafé\nPâtisserie \u201cX\u201d\n".encode() + "Crèche\x99\n".encode("latin-1")
    frame = read(ReadSpec("csv", write("halls.csv", content)))
    assert frame.rows["name"].tolist() == ["Café", "Pâtisserie \u201cX\u201d", "Crèche\u2122"]
    assert "1 of its lines are not (line 4 is the first)" in frame.notes[0]


def test_windows_1252_is_told(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", "name\nHall\nCafé\n".encode("cp1252"))))
    assert frame.notes == ("Its text is Windows-1252, not UTF-8 (line 3 tells).",)


def test_long_outlines_in_a_cell_do_not_hide_the_delimiter(write: Callable[[str, bytes | str], Path]) -> None:
    outline = f"POLYGON(({'1 2,' * 50_000}1 2))"
    assert rows_of(write("halls.tsv", f"name\tshape\nHall\t{outline}\n")) == [{"name": "Hall", "shape": outline}]


def test_300_columns_are_fine(write: Callable[[str, bytes | str], Path]) -> None:
    names = [f"c{n}" for n in range(300)]
    frame = read(ReadSpec("csv", write("halls.csv", f"{','.join(names)}\n{','.join('x' * 300)}\n")))
    assert frame.rows.shape == (1, 300)


def test_an_empty_frame_has_its_columns_as_text(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("csv", write("halls.csv", "name,n\n")))
    assert (list(frame.rows.columns), frame.rows_in, frame.shapes) == (["name", "n"], 0, None)
    assert frame.row_numbers.dtype == "int64"


def test_a_packed_file_past_the_bound_is_refused(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[str, bytes | str], Path]
) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", 1_000)
    bomb = b"x" * 5_000_000
    for name, content, reader in [
        ("a.csv.zip", zipped({"a.csv": bomb}), "csv"),
        ("a.gpkg.zip", zipped({"a.gpkg": bomb}), "vector"),
        ("a.geojson.gz", gzip.compress(bomb), "vector"),
    ]:
        with pytest.raises(SourceError, match="unpacks to more than"):
            rows_of(write(name, content), reader)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8)
PLAIN_CELL = st.text(st.sampled_from("abc \"'\r\n\xe9\u2013"), max_size=6)


@st.composite
def tables(draw: st.DrawFn, cell: st.SearchStrategy[str]) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), max_size=6))


def written(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([f"c{place}" for place in range(len(rows[0]) if rows else 2)])
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_read(rows: list[list[str]]) -> list[list[str]]:
    cells = [[cell.strip() for cell in row] for row in rows]
    return [row for row in cells if any(row)]


@settings(max_examples=60)
@given(tables(CELL), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(written(rows, delimiter, encoding))
    spec = ReadSpec("csv", path, encoding=encoding, delimiter=delimiter)
    assert read(spec).rows.to_numpy().tolist() == as_read(rows)


@settings(max_examples=60)
@given(tables(PLAIN_CELL), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_delimiter_and_encoding_are_found(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(written(rows, delimiter, encoding))
    assert read(ReadSpec("csv", path)).rows.to_numpy().tolist() == as_read(rows)


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", "", "column 2", " a\u00a0"]), max_size=9))
def test_names_are_all_different_and_keep_their_first_owner(headers: list[str]) -> None:
    names = unique_names(headers)
    assert len(set(names)) == len(names) == len(headers)
    assert all(names[headers.index(header)] == header for header in set(headers) & {"a (2)", "a (3)"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (100012797623.0, "100012797623"),
        (1.5, "1.5"),
        (0, "0"),
        (True, "true"),
        (["a", 2], "a; 2"),
        (b"\x01\xff", "01ff"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
    ],
)
def test_a_value_as_text(value: object, text: str) -> None:
    assert value_text(value) == text


# ---------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[{"a": 51.30, "b": {"c": null, "d": true}}]', [{"a": "51.30", "b.c": "", "b.d": "true"}]),
        ('{"count": 1, "entities": [{"a": 1}], "other": [{"z": 1}]}', [{"a": "1"}]),
        (
            '{"results": [{"a": ["x", 1]}, {"b": [{"c": "é"}]}]}',
            [{"a": "x; 1", "b": ""}, {"a": "", "b": '[{"c": "é"}]'}],
        ),
        ('{"result": {"total": 9, "records": [{"a": 12345678901234567890}]}}', [{"a": "12345678901234567890"}]),
        ('{"features": [{"attributes": {"NAME": " Hall "}}]}', [{"attributes.NAME": "Hall"}]),
        ("[]", []),
        ('[{"a": "\\ud800"}]', [{"a": "?"}]),
        ('[{"a": "é"}]'.encode("utf-16"), [{"a": "é"}]),
        ('[{"a": "é"}]'.encode("utf-16-le"), [{"a": "é"}]),
        ('[{"a": "é"}]'.encode("cp1252"), [{"a": "é"}]),
        pytest.param(gzip.compress(b'[{"a": "1"}]'), [{"a": "1"}], id="gzip"),
    ],
)
def test_objects_become_rows(
    content: bytes | str, expected: list[dict[str, str]], write: Callable[[str, bytes | str], Path]
) -> None:
    assert rows_of(write("halls.json", content), "json") == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"a": 1}, {"a"', "is not JSON"),
        ('{"name": "x"}', "holds no list of objects"),
        ('"x"', "holds no list of objects"),
        ('{"a": [{"x": 1}], "b": [{"y": 1}]}', "holds several lists (a, b)"),
        ("[" * 100_000, "too deep"),
        ("<html></html>", "looks like a web page"),
        (b"\xff\xfe[\x00", "is not JSON"),
    ],
)
def test_what_is_not_a_list_of_objects_is_refused(
    content: bytes | str, said: str, write: Callable[[str, bytes | str], Path]
) -> None:
    with pytest.raises(SourceError, match=re.escape(said)):
        rows_of(write("halls.json", content), "json")


def test_an_item_that_is_not_an_object_is_unreadable(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("json", write("halls.json", '[{"a": 1}, 7, {"a": 2}]')))
    assert frame.row_numbers.tolist() == [1, 3]
    assert frame.unreadable[0][:2] == (2, '"7"')


def test_a_list_is_chosen_by_name(write: Callable[[str, bytes | str], Path]) -> None:
    path = write("halls.json", '{"a": [{"x": 1}], "b": [{"y": 2}]}')
    assert rows_of(path, "json", sublayer="b") == [{"y": "2"}]


# ---------------------------------------------------------------- shapes


KML = "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Placemark><name>Hut</name><Point><coordinates>-2.31,53.44"
KML += "</coordinates></Point></Placemark></Document></kml>"
GPX = "<gpx version='1.1' creator='x' xmlns='http://www.topografix.com/GPX/1/1'><wpt lat='53.44' lon='-2.31'>"
GPX += "<name>Hut</name></wpt></gpx>"


@pytest.mark.parametrize(("name", "content"), [("a.kml", KML), ("a.gpx", GPX)])
def test_points_of_mapping_programs_are_read(
    name: str, content: str, write: Callable[[str, bytes | str], Path]
) -> None:
    frame = read(ReadSpec("vector", write(name, f"<?xml version='1.0'?>{content}")))
    row = {header.casefold(): text for header, text in frame.rows.iloc[0].items()}
    assert (row["name"], frame.shapes.iloc[0].coords[0]) == ("Hut", (-2.31, 53.44))


def test_attributes_are_text_and_shapes_have_their_system(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(
        ReadSpec(
            "vector",
            write(
                "halls.geojson",
                geojson(
                    feature(
                        HALL, name=" Hall ", uprn=100012797623, d="2021-05-03", t="2021-05-03T10:00:00Z", open=True
                    ),
                    feature(None, name=None, uprn=None, d=None, t=None, open=None, n=2.0, tags=["a", "b"]),
                ),
            ),
        )
    )
    assert frame.rows.to_dict("records") == [
        {
            "name": "Hall",
            "uprn": "100012797623",
            "d": "2021-05-03",
            "t": "2021-05-03T10:00:00Z",
            "open": "true",
            "n": "",
            "tags": "",
        },
        {"name": "", "uprn": "", "d": "", "t": "", "open": "", "n": "2", "tags": "a; b"},
    ]
    assert frame.shapes is not None
    assert frame.shapes.crs == STORED_CRS
    assert frame.shapes.isna().tolist() == [False, True]
    assert frame.row_numbers.tolist() == [1, 2]


REFUSED_SHAPES = {
    "GeoJSON cut in half": ("a.geojson", geojson(feature(HALL, name="Hall"))[:90], "could not be read to its end"),
    "unknown system": ("a.geojson", geojson(feature(HALL), crs=named_crs("urn:ogc:def:crs:EPSG::99999")), "99999"),
    "no such system": ("a.geojson", geojson(feature(HALL), crs=named_crs("banana")), "'banana' is not a coordinate"),
    "text": ("a.gpkg", "hello, this is text", "could not be read to its end"),
    "web page": ("a.geojson", "<html><body>404</body></html>", "looks like a web page"),
    "table": ("a.csv", "name,n\nHall,1\n", "holds no shapes, only a table"),
    "GeoJSON in UTF-16": ("a.geojson", geojson(feature(HALL)).encode("utf-16"), "could not be read"),
    "pointer to other files": ("a.geojson", "<OGRVRTDataSource></OGRVRTDataSource>", "only points to data elsewhere"),
    "pointer in a zip": ("a.zip", zipped({"a.geojson": b"<OGRVRTDataSource/>"}), "only points to data elsewhere"),
    "pipeline": ("a.json", '{"type": "gdal_streamed_alg", "command_line": "x"}', "only points to data elsewhere"),
    "column in another encoding": (
        "a.geojson",
        geojson(feature(HALL, NAME=1)).encode().replace(b"NAME", b"N\xe9e"),
        "has names of columns that are not UTF-8",
    ),
    "zip without a map file": ("a.zip", zipped({"a.csv": b"a\n1\n"}), "holds nothing that the reader 'vector' reads"),
    "truncated zip": ("a.zip", zipped({"a.gpkg": PNG * 50})[:200], "is damaged or breaks off"),
    "FlatGeobuf that is garbage": ("a.fgb", b"fgb\x03fgb\x00" + b"\xff" * 400, "could not be read"),
}


@pytest.mark.parametrize(("name", "content", "said"), REFUSED_SHAPES.values(), ids=REFUSED_SHAPES)
def test_what_holds_no_shapes_is_refused_by_name(
    name: str,
    content: bytes | str,
    said: str,
    write: Callable[[str, bytes | str], Path],
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SourceError, match=re.escape(said)) as refusal:
        rows_of(write(name, content), "vector")
    assert str(refusal.value).startswith(f"{name} ")
    assert "/tmp" not in str(refusal.value)
    assert capfd.readouterr().err == ""


def test_a_system_is_read_or_declared(tmp_path: Path, write: Callable[[str, bytes | str], Path]) -> None:
    grid = write("a.geojson", geojson(feature(HALL), crs=named_crs("urn:ogc:def:crs:EPSG::27700")))
    bare = write("bare.zip", zipped(shapefile(tmp_path, has_crs=False)))
    unknown = write("b.geojson", geojson(feature(HALL), crs=named_crs("banana")))
    assert read(ReadSpec("vector", grid)).shapes.crs == MEASURED_CRS
    assert read(ReadSpec("vector", grid, crs=STORED_CRS)).shapes.crs == STORED_CRS
    assert read(ReadSpec("vector", bare, crs=MEASURED_CRS)).shapes.crs == MEASURED_CRS
    assert read(ReadSpec("vector", unknown, crs=STORED_CRS)).shapes.crs == STORED_CRS
    with pytest.raises(SourceError, match=r"bare.zip does not say its coordinate system\. Declare it as 'crs'"):
        read(ReadSpec("vector", bare))
    with pytest.raises(SourceError, match=r"a.geojson has a coordinate system that is not known: 'banana'"):
        read(ReadSpec("vector", grid, crs="banana"))


def test_a_zipped_shapefile_is_read_wherever_it_lies(tmp_path: Path, write: Callable[[str, bytes | str], Path]) -> None:
    parts = {f"../odd/{name}": content for name, content in shapefile(tmp_path).items()}
    assert rows_of(write("halls.zip", zipped(parts)), "vector") == [{"name": "Café Hall"}]
    assert not (tmp_path.parent / "odd").exists()


def test_one_of_several_layers_must_be_named(tmp_path: Path, write: Callable[[str, bytes | str], Path]) -> None:
    path = write("two.zip", zipped(shapefile(tmp_path, "halls") | shapefile(tmp_path, "huts")))
    with pytest.raises(SourceError, match=re.escape("two.zip holds 2 layers (halls, huts). Say which with 'sublayer'")):
        read(ReadSpec("vector", path))
    with pytest.raises(SourceError, match=re.escape("has no layer called 'sheds'. It has: halls, huts.")):
        read(ReadSpec("vector", path, sublayer="sheds"))
    assert read(ReadSpec("vector", path, sublayer="huts")).rows_in == 1


def test_the_only_layer_with_shapes_is_the_one(tmp_path: Path) -> None:
    path = tmp_path / "halls.gpkg"
    frame = gpd.GeoDataFrame({"name": ["Hall"]}, geometry=[shapely.Point(1, 2, 3)], crs=MEASURED_CRS)
    pyogrio.write_dataframe(frame.drop(columns="geometry"), path, layer="layer_styles")
    pyogrio.write_dataframe(frame.iloc[:0], path, layer="nothing", append=True, geometry_type="Point")
    pyogrio.write_dataframe(frame, path, layer="halls", append=True)
    halls = read(ReadSpec("vector", path))
    assert halls.rows.to_dict("records") == [{"name": "Hall"}]
    assert halls.shapes.to_wkt().tolist() == ["POINT (1 2)"]
    with pytest.raises(SourceError, match="holds no shapes, only a table"):
        read(ReadSpec("vector", path, sublayer="layer_styles"))


def test_a_broken_ring_loses_no_other_row(write: Callable[[str, bytes | str], Path]) -> None:
    square = [[0, 0], [0, 1], [1, 1], [0, 0]]
    shapes = [
        {"type": "Polygon", "coordinates": [square]},
        {"type": "Polygon", "coordinates": [square[:3]]},
        {"type": "Point", "coordinates": ["x", "y"]},
        {"type": "Polygon", "coordinates": []},
        HALL,
    ]
    path = write("a.geojson", geojson(*(feature(shape, n=n) for n, shape in enumerate(shapes))))
    frame = read(ReadSpec("vector", path))
    assert frame.rows["n"].tolist() == ["0", "1", "2", "3", "4"]
    assert frame.shapes.isna().tolist() == [False, False, True, False, False]
    assert frame.shapes.iloc[1].equals(frame.shapes.iloc[0])
    assert "A ring does not close and was closed: row 2." in frame.notes
    assert any(note.startswith("GDAL says: ") for note in frame.notes)


def test_a_geopackage_broken_in_the_middle_is_refused_not_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "halls.gpkg"
    shapes = shapely.points([[n, n] for n in range(5_000)])
    frame = gpd.GeoDataFrame({"name": ["A hall of some name"] * 5_000}, geometry=shapes, crs=MEASURED_CRS)
    pyogrio.write_dataframe(frame, path)
    content = bytearray(path.read_bytes())
    start = content.find(b"A hall of some name", len(content) // 4)
    content[start : start + 60_000] = b"\xff" * 60_000
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"holds 5,000 features, but only [\d,]+ could be read|could not be read"):
        read(ReadSpec("vector", path))


def test_words_that_are_not_utf8_are_read_as_windows_1252(write: Callable[[str, bytes | str], Path]) -> None:
    content = geojson(feature(HALL, name="CAFE")).encode().replace(b"CAFE", b"Caf\xe9")
    assert rows_of(write("a.geojson", content), "vector") == [{"name": "Café"}]


def test_only_the_attributes_asked_for_are_read(write: Callable[[str, bytes | str], Path]) -> None:
    path = write("a.geojson.gz", gzip.compress(geojson(feature(HALL, a=1, b=2)).encode()))
    assert rows_of(path, "vector", columns=("b", "z")) == [{"b": "2"}]


def test_an_empty_layer_is_an_empty_frame(write: Callable[[str, bytes | str], Path]) -> None:
    frame = read(ReadSpec("vector", write("a.geojson", geojson())))
    assert (frame.rows_in, len(frame.shapes)) == (0, 0)


# ---------------------------------------------------------------- OpenStreetMap


OSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
  <node id="1" lat="53.0" lon="-2.0"><tag k="amenity" v="library"/>
    <tag k="name" v="A &quot;quoted&quot; \\ =&gt; name"/>
    <tag k="addr:city" v="Town"/></node>
  <node id="2" lat="53.0" lon="-2.1"/><node id="3" lat="53.1" lon="-2.1"/><node id="4" lat="53.1" lon="-2.0"/>
  <node id="5" lat="53.2" lon="-2.0"><tag k="shop" v="baker's"/></node>
  <node id="6" lat="53.02" lon="-2.08"/><node id="7" lat="53.05" lon="-2.08"/><node id="8" lat="53.05" lon="-2.05"/>
  <way id="10"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/><tag k="amenity" v="community_centre"/></way>
  <way id="11"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/><tag k="highway" v="residential"/></way>
  <way id="12"><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/><tag k="name" v="Snicket"/></way>
  <way id="13"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/></way>
  <way id="14"><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="6"/></way>
  <way id="15"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/><tag k="odd_key" v="yes"/></way>
  <relation id="20"><member type="way" ref="13" role="outer"/><member type="way" ref="14" role="inner"/>
    <tag k="type" v="multipolygon"/><tag k="leisure" v="park"/></relation>
</osm>"""


@pytest.fixture
def osm(write: Callable[[str, bytes | str], Path]) -> Path:
    return write("town.osm", OSM)


def test_features_are_chosen_by_any_of_their_tags(osm: Path) -> None:
    frame = read(ReadSpec("osm", osm, where={"amenity": ("library", "community_centre"), "leisure": ("*",)}))
    assert frame.rows["osm_id"].tolist() == ["node/1", "relation/20", "way/10"]
    assert frame.rows["amenity"].tolist() == ["library", "", "community_centre"]
    assert frame.rows["name"].tolist() == ['A "quoted" \\ => name', "", ""]
    assert list(frame.rows.columns) == ["osm_id", "addr:city", "amenity", "leisure", "name", "type"]
    assert frame.shapes.geom_type.tolist() == ["Point", "MultiPolygon", "MultiPolygon"]
    assert frame.shapes.crs == STORED_CRS
    assert frame.row_numbers.tolist() == [1, 2, 3]


def test_streets_are_lines_even_when_they_close(osm: Path) -> None:
    frame = read(ReadSpec("osm", osm, where={"highway": ("*",)}, sublayer="lines", columns=("highway",)))
    assert frame.rows.to_dict("records") == [
        {"osm_id": "way/11", "highway": "residential"},
        {"osm_id": "way/12", "highway": "footway"},
    ]
    assert frame.shapes.geom_type.tolist() == ["LineString", "LineString"]


def test_a_tag_may_be_asked_for_in_other_punctuation_and_the_rest_is_not_read(osm: Path) -> None:
    frame = read(ReadSpec("osm", osm, where={"amenity": ("library",)}, columns=("Addr City", "unheard of")))
    assert frame.rows.to_dict("records") == [{"osm_id": "node/1", "addr:city": "Town"}]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"shop": ("baker's",)}, ["node/5"]),
        ({"addr:city": ("Town",)}, ["node/1"]),
        ({"odd_key": ("yes",)}, ["way/15"]),
        ({"amenity": ("x' OR '1'='1",)}, []),
        (None, ["node/1", "node/5", "way/11", "way/12", "way/15", "relation/20", "way/10"]),
    ],
)
def test_tags_are_compared_word_for_word(osm: Path, where: dict[str, tuple[str, ...]] | None, ids: list[str]) -> None:
    assert read(ReadSpec("osm", osm, where=where)).rows["osm_id"].tolist() == ids


def test_an_extract_may_be_packed(write: Callable[[str, bytes | str], Path]) -> None:
    for name, content in [
        ("town.osm.bz2", bz2.compress(OSM.encode())),
        ("town.osm.gz", gzip.compress(OSM.encode())),
        ("town.zip", zipped({"town.osm": OSM.encode()})),
    ]:
        assert read(ReadSpec("osm", write(name, content), where={"amenity": ("*",)})).rows_in == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.osm.pbf", b"garbage" * 100, "is not an OpenStreetMap extract"),
        ("a.osm", OSM[:800], "could not be read to its end"),
        ("a.osm", "<html></html>", "looks like a web page"),
        ("a.zip", zipped({"a.osm": OSM.encode(), "b.osm": OSM.encode()}), r"holds 2 files \(a.osm, b.osm\)"),
        ("a.osm", geojson(feature(HALL)), "is not an OpenStreetMap extract"),
    ],
)
def test_what_is_not_an_extract_is_refused(
    name: str, content: bytes | str, said: str, write: Callable[[str, bytes | str], Path]
) -> None:
    with pytest.raises(SourceError, match=said):
        read(ReadSpec("osm", write(name, content), where={"amenity": ("*",)}))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"where": {'a" OR 1': ("*",)}}, "cannot be searched for the tag"),
        ({"where": {"amenity": ()}}, 'Use "\\*" for any value'),
        ({"sublayer": "roads"}, "OpenStreetMap files have: points, lines"),
        ({"crs": "banana"}, "town.osm has a coordinate system that is not known"),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(osm: Path, more: dict[str, object], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read(ReadSpec("osm", osm, **more))  # type: ignore[arg-type]


def test_a_file_is_known_by_its_sha256(write: Callable[[str, bytes | str], Path]) -> None:
    assert sha256_of(write("a", b"abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
