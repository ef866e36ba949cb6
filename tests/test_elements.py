"""XML files: rows found, flattened and streamed; what would harm, and what is broken, refused in words."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import SourceError
from assetmap.readers import ReadSpec, elements, read
from registers import judged, source
from town import town_areas

FHRS = """<?xml version="1.0" encoding="utf-8"?>
<FHRSEstablishment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Header><ExtractDate>2025-11-01</ExtractDate><ItemCount>2</ItemCount></Header>
  <EstablishmentCollection>
    <EstablishmentDetail>
      <FHRSID>101</FHRSID>
      <BusinessName>The Eyot &amp; Anchor</BusinessName>
      <BusinessType>Pub/bar/nightclub</BusinessType>
      <PostCode>ZZ1 1AA</PostCode>
      <RatingDate xsi:nil="true"/>
      <Scores><Hygiene>5</Hygiene><Structural>0</Structural></Scores>
      <Geocode><Longitude>{lon}</Longitude><Latitude>{lat}</Latitude></Geocode>
    </EstablishmentDetail>
    <EstablishmentDetail>
      <FHRSID>102</FHRSID>
      <BusinessName>Mill Street Caf\u00e9</BusinessName>
      <BusinessType>Restaurant/Cafe/Canteen</BusinessType>
      <RatingDate>2024-03-05</RatingDate>
      <Scores/>
      <Geocode/>
    </EstablishmentDetail>
  </EstablishmentCollection>
</FHRSEstablishment>
"""
ADDRESSES = "<Halls><Hall name='Hut' id='1'><Phone>1</Phone><Phone>2</Phone>Open</Hall><Hall name='Ark'/></Halls>"
LISTS = "<all><x><a><n>1</n></a><a><n>2</n></a></x><y><b><n>3</n></b><b><n>4</n></b></y></all>"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><l><r><n>&j;</n></r><r><n>&j;</n></r></l>"
)
ELSEWHERE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><l><r><n>&a;</n></r><r><n>1</n></r></l>'

Write = Callable[[bytes | str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: bytes | str) -> Path:
        path = tmp_path / "register.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write_file


def rows_of(path: Path, **more: object) -> list[dict[str, str]]:
    return read(ReadSpec("xml", path, **more)).rows.to_dict("records")  # type: ignore[arg-type]


def test_a_register_of_food_hygiene_is_read_and_its_parts_are_columns(write: Write) -> None:
    rows = rows_of(write(FHRS.format(lon=-1.27, lat=52.15)))
    assert [row["BusinessName"] for row in rows] == ["The Eyot & Anchor", "Mill Street Café"]
    assert [row["RatingDate"] for row in rows] == ["", "2024-03-05"]
    assert (rows[0]["Scores.Hygiene"], rows[0]["Geocode.Longitude"], rows[1]["Geocode.Longitude"]) == ("5", "-1.27", "")
    assert not any("nil" in name or name.startswith("Header") for name in rows[0])


def test_its_places_are_put_on_the_map_by_the_layers_own_headers(write: Write) -> None:
    (lon, lat) = town_areas().to_crs(4326).geometry.iloc[0].representative_point().coords[0]
    raw = read(ReadSpec("xml", write(FHRS.format(lon=lon, lat=lat))))
    kinds = {"Pub/bar/nightclub": "food_and_drink", "Restaurant/Cafe/Canteen": "food_and_drink"}
    columns = {"name": "BusinessName", "kind": {"column": "BusinessType", "values": kinds}}
    checked = judged(raw, source("fronts", reader="xml", row_id="FHRSID", columns=columns), town_areas())
    assert checked.rows["name"].tolist() == ["The Eyot & Anchor"]
    assert checked.rows["asset_id"].tolist() == ["handtown/register:101"]
    assert (checked.rows_in, checked.dropped) == (2, 1)  # the other says nowhere where it is


@pytest.mark.parametrize(
    ("content", "sublayer", "expected"),
    [
        (
            ADDRESSES,
            None,
            [
                {"name": "Hut", "id": "1", "Phone": "1; 2", "Hall": "Open"},
                {"name": "Ark", "id": "", "Phone": "", "Hall": ""},
            ],
        ),
        (LISTS, "b", [{"n": "3"}, {"n": "4"}]),
        (LISTS, "y/b", [{"n": "3"}, {"n": "4"}]),
        ("<l><r><n>1</n></r></l>", "r", [{"n": "1"}]),
        ("<l><v>1</v><v>2</v><w><r a='1'/><r a='2'/></w></l>", None, [{"a": "1"}, {"a": "2"}]),
        ("<g:l xmlns:g='u'><g:r><g:n>1</g:n></g:r><g:r/></g:l>", None, [{"n": "1"}, {"n": ""}]),
        ("<l><r><d><![CDATA[<b>x</b>]]></d></r><r><d>a\n   b</d></r></l>", None, [{"d": "<b>x</b>"}, {"d": "a b"}]),
        ("<l><r><n u='m'>1</n></r><r><n u='m'>2</n></r></l>", None, [{"n.u": "m", "n": "1"}, {"n.u": "m", "n": "2"}]),
        ("<!DOCTYPE l><l><r><n>1</n></r><r><n>2</n></r></l>", None, [{"n": "1"}, {"n": "2"}]),
    ],
)  # fmt: skip
def test_elements_become_rows(content: str, sublayer: str | None, expected: list[dict[str, str]], write: Write) -> None:
    assert rows_of(write(content), sublayer=sublayer) == expected


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(ADDRESSES.encode()),
        ADDRESSES.encode("utf-16"),
        b"\xef\xbb\xbf" + ADDRESSES.encode(),
        f'<?xml version="1.0" encoding="windows-1252"?>{ADDRESSES}'.encode("cp1252"),
    ],
    ids=["gzip", "UTF-16", "UTF-8 with its mark", "its own words"],
)
def test_packed_files_and_other_encodings_are_read(content: bytes, write: Write) -> None:
    assert [row["name"] for row in rows_of(write(content))] == ["Hut", "Ark"]


def test_an_encoding_that_a_file_does_not_say_is_declared(write: Write) -> None:
    path = write(ADDRESSES.replace("Hut", "Café").encode("cp1252"))
    with pytest.raises(SourceError, match=r"not well-formed .* line 1, column 23.* another encoding"):
        rows_of(path)
    assert rows_of(path, encoding="cp1252")[0]["name"] == "Café"
    with pytest.raises(SourceError, match="cannot be read as XML"):
        rows_of(path, encoding="klingon")


def test_a_zip_of_several_files_names_the_one(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.xml", ADDRESSES)
        archive.writestr("b.xml", LISTS)
    path = tmp_path / "halls.zip"
    path.write_bytes(content.getvalue())
    assert len(rows_of(path, sublayer="a.xml")) == 2
    with pytest.raises(SourceError, match="holds 2 tables"):
        rows_of(path)


@pytest.mark.parametrize(
    ("content", "sublayer", "said"),
    [
        (LAUGHS, None, "register.xml declares entities of its own"),
        (ELSEWHERE, None, "register.xml declares entities of its own"),
        ("<l>\n<r><n>1</n></r>\n<r><n>2</m></r></l>", None, "register.xml is not XML: mismatched tag at line 3,"),
        ("<l><r><n>1</n></r><r><n>2", None, "is not XML: no element found at line 1"),
        ("name,x\nHut,1\n", None, "is not XML: syntax error at line 1, column 1"),
        ("<html><body/></html>", None, "looks like a web page"),
        ("<l><r>1</r><r>2</r></l>", None, "holds no element that repeats and has others in it"),
        (LISTS, None, "holds several sorts of row (all/x/a, all/y/b). Say which with 'sublayer'"),
        (LISTS, "n", "holds several sorts of row (all/x/a/n, all/y/b/n). Say what stands around it"),
        (LISTS, "c", "has no element 'c'. It has: all, all/x, all/x/a, all/x/a/n"),
        ("<a>" * 60, None, "elements within elements too deep"),
        ("".join(["<l>", *(f"<r><n{n}/></r>" for n in range(2_001)), "</l>"]), None, "has more than 2,000 different"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(content: str, sublayer: str | None, said: str, write: Write) -> None:
    with pytest.raises(SourceError) as refused:
        rows_of(write(content), sublayer=sublayer)
    assert said in str(refused.value)


def test_a_file_past_the_bound_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MAX_XML_BYTES", 1_000_000)
    path = write(gzip.compress(f"<l>{' ' * 5_000_000}</l>".encode()))
    with pytest.raises(SourceError, match="is larger than 1 MB"):
        rows_of(path)


def test_what_is_not_a_row_takes_no_memory(write: Write) -> None:
    path = write(f"<l><skip>{'<s>0123456789</s>' * 300_000}</skip><r a='1'/><r a='2'/></l>")
    tracemalloc.start()
    assert rows_of(path, sublayer="r") == [{"a": "1"}, {"a": "2"}]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 5_000_000 > 2 * peak


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
TEXT = st.text(LETTERS, max_size=9)


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=2, max_size=6))
def test_what_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("xml") / "register.xml"
    written = [f"<r c={quoteattr(c)}><a>{escape(a)}</a><b><d>{escape(d)}</d></b></r>" for a, c, d in rows]
    path.write_text(f"<l>{''.join(written)}</l>", encoding="utf-8")
    plain = [[" ".join(text.split()) for text in (c, a, d)] for a, c, d in rows]
    assert [[" ".join(text.split()) for text in row.values()] for row in rows_of(path)] == plain
