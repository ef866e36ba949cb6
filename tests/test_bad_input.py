"""Malformed inputs at the real door: each gives one clear message or an issue, and nothing stored before is harmed.

Every case starts from a store that already holds the good place of :mod:`bad_inputs` with what people added to it.
Then files of one source are replaced and the source is loaded again. A file that is refused changes nothing at all; of
a file that is taken, every row is counted, each bad one has its issue, and the good ones are as they were.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import os
import re
import shutil
import sqlite3
import struct
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import psycopg
import pytest
import shapely
import yaml

import bad_inputs as given
from assetmap import cli
from assetmap.cli import common
from assetmap.contributing import Offer, record_of
from assetmap.errors import AssetmapError
from assetmap.layers import Layer, read_layers
from assetmap.loading import Outcome, load_place
from assetmap.places import find_place
from assetmap.placeview import PlaceView
from assetmap.store import Store, open_store, opening
from bad_inputs import (
    AREAS,
    BUILDINGS,
    DEPRIVATION,
    LAND,
    PARKS,
    PLACE,
    POSTCODES,
    area_shape,
    areas_with,
    buildings_with,
    geojson,
    held,
    land_with,
    park_shape,
    parks_with,
    polygon,
    ring,
    rows_of,
    table,
    without,
    zipped,
)
from conftest import Server

GOOD = {"areas": list(given.CODES), "postcodes": ["ZZ1 1AA", "ZZ1 1AB", "ZZ1 1AD"], "land": ["P1", "P2", "P3"],
        "buildings": ["B1", "B2", "B3"], "parks": ["G1", "G2", "G3"], "streets": ["way/10", "way/11"]}  # fmt: skip

# --- the cases --------------------------------------------------------------------------------------------------------

Files = Mapping[str, bytes | str | None]


class Said(NamedTuple):
    """An issue, as a case expects it."""

    row: int | None
    field: str
    kind: str
    effect: str


@dataclass(frozen=True)
class Refused:
    """A source that cannot be taken: every one of ``says`` is in the message."""

    source: str
    files: Files
    says: tuple[str, ...]
    declare: given.Change | None = None


@dataclass(frozen=True)
class Taken:
    """A source of which the good rows are taken.

    ``counts`` are the rows in, stored, set aside and dropped. ``kept`` are the ids of good rows that must be as they
    were (all of them when not given), ``new`` are others with what must be stored of them, ``says`` is in the messages.
    """

    source: str
    files: Files
    counts: tuple[int, int, int, int]
    issues: tuple[Said, ...] = ()
    says: tuple[str, ...] = ()
    new: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kept: tuple[str, ...] | None = None
    declare: given.Change | None = None


def source_with(source: str, **changes: Any) -> given.Change:
    """The place file with some keys of one source changed, or (``None``) taken out."""

    def change(place: dict[str, Any]) -> None:
        place["sources"][source].update(changes)
        for key in [key for key, value in changes.items() if value is None]:
            del place["sources"][source][key]

    return change


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
HTML = "<!DOCTYPE html><html><body>404 Not Found</body></html>"


# --- the cases: files that are refused --------------------------------------------------------------------------------

BUILDINGS_CSV = given.FILES["buildings.csv"]
PARKS_GEOJSON = given.FILES["parks.geojson"]
KEPT_WORDS = "nothing was changed"


def _lying_size(content: str, size: int) -> bytes:
    """A zip whose directory says another size of what it holds."""
    packed = bytearray(zipped({"buildings.csv": content}))
    at = packed.find(b"PK\x01\x02") + 24
    packed[at : at + 4] = struct.pack("<I", size)
    return bytes(packed)


def _named_crs(name: str) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def buildings(content: bytes | str | None, *says: str, **changes: Any) -> Refused:
    """A file of buildings that is refused."""
    return Refused("buildings", {"buildings.csv": content}, says, source_with("buildings", **changes))


def parks(name: str, content: bytes | str, *says: str, **changes: Any) -> Refused:
    """A file of parks that is refused."""
    return Refused("parks", {name: content}, says, source_with("parks", path=f"./{name}", **changes))


def declared(source: str, *says: str, **changes: Any) -> Refused:
    """Good files under a place file that declares one source wrongly."""
    return Refused(source, {}, says, source_with(source, **changes))


COLUMNS_3000 = table([{**row, **{f"c{n}": "x" for n in range(3_000)}} for row in BUILDINGS])

REFUSED: dict[str, Refused] = {
    # files that are not what they should be
    "empty file": buildings("", "buildings.csv is empty", "Download it again"),
    "header only": buildings(BUILDINGS_CSV.splitlines()[0], "buildings.csv has a header but no rows"),
    "blank lines only": buildings("\n \n\n", "buildings.csv has no text in it"),
    "no header": buildings(BUILDINGS_CSV.split("\n", 1)[1], "buildings.csv: there is no column 'lon'", "'B1'"),
    "delimiter nobody uses": buildings(table(BUILDINGS, "~"), "buildings.csv: there is no column 'lon'", "id~name"),
    "wrong delimiter declared": declared("buildings", "there is no column 'lon'", delimiter=";"),
    "delimiter of two characters": declared("buildings", "cannot be split at '::'", delimiter="::"),
    "quotation mark never closed": buildings(
        BUILDINGS_CSV + 'X4,"Hut,hall,open,,,,,-2.334,53.414\n', "never closed", "begins on line 5"
    ),
    "NUL bytes": buildings(BUILDINGS_CSV + "X4,Ha\0ll,hall\n", "buildings.csv is not a table of text"),
    "picture": buildings(PNG, "buildings.csv is a picture"),
    "Excel workbook": buildings(
        zipped({"[Content_Types].xml": "", "xl/workbook.xml": "<w/>"}), "is an Excel workbook", "Use the reader 'excel'"
    ),
    "old Excel workbook": buildings(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "is an old Excel workbook"),
    "error page as a table": buildings(HTML, "buildings.csv looks like a web page", "download the data"),
    "error page as shapes": parks("parks.geojson", HTML, "parks.geojson looks like a web page"),
    "error page as streets": Refused("streets", {"streets.osm": HTML}, ("streets.osm looks like a web page",)),
    "3,000 columns": buildings(COLUMNS_3000, "buildings.csv has 3,010 columns", "2,000 is the most"),
    "cell of two million letters": buildings(BUILDINGS_CSV + f"X4,{'x' * 2_000_000},hall\n", "more than 1,000,000"),
    "encoding that is none": declared("buildings", "no encoding of text called 'klingon'", encoding="klingon"),
    "encoding that is another": declared("land", "land.csv is not in the encoding ascii", encoding="ascii"),
    "table read as shapes": declared("buildings", "holds no shapes, only a table", reader="vector"),
    "table read as JSON": declared("buildings", "buildings.csv is not JSON", reader="json"),
    "shapes read as a table": declared("parks", "parks.geojson is JSON, not a table", reader="csv"),
    "shapes read as OpenStreetMap": declared("parks", "is not an OpenStreetMap extract", reader="osm"),
    "JSON of no list": Refused(
        "buildings",
        {"buildings.json": '{"a": {"b": 1}}'},
        ("buildings.json holds no list of objects",),
        source_with("buildings", path="./buildings.json", reader="json"),
    ),
    "JSON too deep": Refused(
        "buildings",
        {"buildings.json": "[" * 100_000},
        ("buildings.json has lists within lists too deep",),
        source_with("buildings", path="./buildings.json", reader="json"),
    ),
    # packed files
    "zip in a zip": buildings(
        zipped({"inner.zip": zipped({"a.csv": BUILDINGS_CSV})}), "buildings.csv holds a zip inside a zip"
    ),
    "zip bomb": buildings(_lying_size(BUILDINGS_CSV, 0xFFFFFFF0), "buildings.csv unpacks to more than 4 GB"),
    "zip that lies about its size": buildings(_lying_size(BUILDINGS_CSV, 10), "buildings.csv is damaged"),
    "zip of many tables": buildings(
        zipped({f"{n}.csv": BUILDINGS_CSV for n in range(300)}), "holds 300 tables", "Say which with 'sublayer'"
    ),
    "zip with codes for the terminal in its names": buildings(
        zipped({"\x1b[31ma.csv": "a", "b\n\u202e.csv": "b"}), "holds 2 tables (?[31ma.csv, b??.csv)"
    ),
    "zip with a wrong directory": buildings(
        zipped({"a.csv": BUILDINGS_CSV}).replace(b"PK\x05\x06", b"PK\x05\x07"), "buildings.csv is damaged"
    ),
    "zip with its middle overwritten": buildings(
        zipped({"a.csv": BUILDINGS_CSV})[:60] + b"\xff" * 30 + zipped({"a.csv": BUILDINGS_CSV})[90:],
        "buildings.csv is damaged",
    ),
    "gzip cut off": buildings(gzip.compress(BUILDINGS_CSV.encode())[:60], "is damaged or breaks off part way"),
    "gzip of shapes cut off": parks(
        "parks.geojson", gzip.compress(PARKS_GEOJSON.encode())[:60], "parks.geojson is damaged or breaks off"
    ),
    # shapes
    "GeoPackage that is text": parks("parks.gpkg", "hello", "parks.gpkg could not be read to its end"),
    "GeoPackage that is a database of something else": parks(
        "parks.gpkg", b"SQLite format 3\0" + bytes(4_000), "parks.gpkg could not be read"
    ),
    "GeoJSON cut off": parks("parks.geojson", PARKS_GEOJSON[:300], "parks.geojson could not be read to its end"),
    "GeoJSON of no features": parks("parks.geojson", geojson([], []), "parks.geojson has a header but no rows"),
    "GeoJSON in a system that does not exist": parks(
        "parks.geojson", parks_with(crs=_named_crs("urn:ogc:def:crs:EPSG::99999")), "parks.geojson has", "EPSG::99999"
    ),
    "GeoJSON with a layer of another name": declared(
        "parks", "parks.geojson has no layer called 'woods'. It has: parks", sublayer="woods"
    ),
    "GeoJSON that points elsewhere": parks(
        "parks.geojson", '<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>', "only points to data elsewhere"
    ),
    "shapes that are all missing": parks(
        "parks.geojson", geojson(PARKS, [None] * 3), "none of its 3 rows can be used", KEPT_WORDS
    ),
    "OpenStreetMap extract of garbage": Refused(
        "streets",
        {"streets.osm.pbf": b"garbage" * 100},
        ("streets.osm.pbf is not an OpenStreetMap extract",),
        source_with("streets", path="./streets.osm.pbf"),
    ),
    "OpenStreetMap extract cut off": Refused(
        "streets", {"streets.osm": given.OSM[:300]}, ("streets.osm could not be read to its end",)
    ),
    "OpenStreetMap extract that laughs a billion times": Refused(
        "streets", {"streets.osm": given.laughing_osm()}, ("streets.osm could not be read to its end",)
    ),
    "OpenStreetMap extract without such tags": declared(
        "streets", "streets.osm has nothing that the tags under 'where' choose", where={"highway": "motorway"}
    ),
    # files that are not there
    "missing file": buildings(None, "There is no file buildings.csv", "Check its name and folder"),
    "missing file to join": Refused("areas", {"deprivation.csv": None}, ("There is no file deprivation.csv",)),
    "path that climbs out": declared("buildings", "leaves the folder", path="./../../etc/hostname"),
    "absolute path": declared("buildings", "/etc/hostname lies under the data folder", path="/etc/hostname"),
    "path through a file": declared("buildings", "There is no file x.csv", path="./land.csv/x.csv"),
    "path with a NUL": declared("buildings", "cannot be followed", path="./a\0b.csv"),
    "name too long for a disk": declared("buildings", "could not be looked for", path=f"./{'a' * 300}.csv"),
    # columns, rules, joins and places that do not fit
    "column that is not there": declared(
        "buildings", "there is no column 'nmae'. Did you mean 'name'?", columns={"name": "nmae"}
    ),
    "field that the layer does not have": declared(
        "buildings", "colour cannot be filled", "community_buildings has the fields name", columns={"colour": "name"}
    ),
    "rule on an absent column": declared(
        "buildings",
        "there is no column 'colour'",
        set_aside=[{"column": "colour", "is": "red", "why": "it is red"}],
    ),
    "rule that keeps nothing": declared(
        "buildings",
        "none of its 3 rows belong here (3 not a ship)",
        KEPT_WORDS,
        keep=[{"column": "name", "is": "ship", "why": "not a ship"}],
    ),
    "join with a key twice": Refused(
        "areas",
        {"deprivation.csv": table([*DEPRIVATION, DEPRIVATION[0]])},
        ("deprivation.csv: 'E01999001' stands in column 'LSOA code (2021)' more than once",),
    ),
    "join in which nothing matches": Refused(
        "areas",
        {"deprivation.csv": table([{**row, "LSOA code (2021)": f"W{n}"} for n, row in enumerate(DEPRIVATION)])},
        ("deprivation.csv: not one of its rows matches",),
    ),
    "join without its column": Refused(
        "areas", {"deprivation.csv": "code,decile\nE01999001,1\n"}, ("there is no column 'LSOA code (2021)'",)
    ),
    "neighbourhoods that are all points": Refused(
        "areas",
        {"areas.geojson": geojson(AREAS, [{"type": "Point", "coordinates": [-2.33, 53.415]}] * 3)},
        ("areas.geojson: none of its 3 rows can be used", "A neighbourhood needs an outline"),
    ),
    "neighbourhoods of another country": Refused(
        "areas",
        {"areas.geojson": geojson(AREAS, [polygon(ring(10 + n, 0)) for n in range(3)])},
        ("none of its 3 rows can be used", "does not lie in England"),
    ),
    "every row outside the place": buildings(
        table([{**row, "lon": -0.1, "lat": 51.5} for row in BUILDINGS]), "none of its 3 rows can be used", "260.6 km"
    ),
    "every row in words": buildings(
        table([{**row, "lon": "west", "lat": "north", "postcode": ""} for row in BUILDINGS]), "not two numbers"
    ),
    "streets that are outlines": Refused(
        "parks", {}, ("none of its 3 rows can be used", "A street needs a line"), source_with("parks", layer="streets")
    ),
}


# --- the cases: files of which the good rows are taken ----------------------------------------------------------------

DECILE = "Index of Multiple Deprivation (IMD) Decile"
WHOLE_FILE = "the whole file"
SQUARE = ring(-2.334, 53.414, 0.002, 0.002)
FORMULA, SCRIPT = '=HYPERLINK("http://x.example","y")', "<script>alert(1)</script>"
INJECTION, JSON_BREAKER = "Robert'); DROP TABLE asset;--", '"},{"name": "x\\'
EMOJI = "🎪 Fête 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿"


def halls(*rows: Mapping[str, Any], dropped: int = 0, **expected: Any) -> Taken:
    """The good buildings and some bad ones, of which all but ``dropped`` are stored."""
    return Taken(
        "buildings", {"buildings.csv": buildings_with(*rows)}, _counts("buildings", len(rows), dropped), **expected
    )


def plots(*rows: Mapping[str, Any], dropped: int = 0, **expected: Any) -> Taken:
    return Taken("land", {"land.csv": land_with(*rows)}, _counts("land", len(rows), dropped), **expected)


def odd_parks(*shapes: Any, dropped: int = 0, **expected: Any) -> Taken:
    return Taken("parks", {"parks.geojson": parks_with(*shapes)}, _counts("parks", len(shapes), dropped), **expected)


def odd_area(row: Mapping[str, Any], shape: Any, **expected: Any) -> Taken:
    """The good neighbourhoods and one that is dropped."""
    odd = {**AREAS[0], "LSOA21CD": "E01999004", **row}
    return Taken("areas", {"areas.geojson": areas_with((odd, shape))}, (4, 3, 0, 1), **expected)


def deciles(*texts: object, **expected: Any) -> Taken:
    rows = [{**row, DECILE: text} for row, text in zip(DEPRIVATION, texts, strict=True)]
    return Taken("areas", {"deprivation.csv": table(rows)}, (3, 3, 0, 0), **expected)


def _counts(source: str, more: int, dropped: int) -> tuple[int, int, int, int]:
    good = len(GOOD[source])
    return good + more, good + more - dropped, 0, dropped


def noted(row: int | None, field_: str, kind: str) -> Said:
    return Said(row, field_, kind, "noted")


def put_right(row: int | None, field_: str, kind: str) -> Said:
    return Said(row, field_, kind, "put_right")


def lost(row: int | None, field_: str, kind: str) -> Said:
    return Said(row, field_, kind, "dropped")


READ = noted(None, WHOLE_FILE, "how_it_was_read")

TAKEN: dict[str, Taken] = {
    # numbers and places
    "eastings where degrees are declared": halls(
        {"lon": 377800, "lat": 391000},
        issues=(put_right(4, "coordinates", "other_system"),),
        says=("The file says EPSG:4326 but the numbers are eastings and northings",),
        new={"X4": {"area_code": "E01999002"}},
    ),
    "several systems in one undeclared file": plots(
        {"GeoX": -2.334, "GeoY": 53.414},
        {"GeoX": -259_815, "GeoY": 7_060_000},
        {"GeoX": 391_000, "GeoY": 377_800},
        issues=(put_right(6, "coordinates", "swapped_coordinates"),),
        new={key: {"area_code": "E01999002"} for key in ("X4", "X5", "X6")},
        kept=(),
        declare=source_with("land", locate={"x": "GeoX", "y": "GeoY"}),
    ),
    "longitude and latitude swapped": halls(
        {"lon": 53.414, "lat": -2.334},
        issues=(put_right(4, "coordinates", "swapped_coordinates"),),
        new={"X4": {"area_code": "E01999002"}},
    ),
    "noughts for coordinates": halls({"lon": 0, "lat": 0}, dropped=1, issues=(lost(4, "postcode", "no_location"),)),
    "NaN, infinity and words for coordinates": halls(
        {"lon": "NaN", "lat": "NaN"},
        {"lon": "inf", "lat": "-inf"},
        {"lon": "west a bit", "lat": "north"},
        dropped=3,
        issues=(
            lost(4, "postcode", "no_location"),
            lost(5, "coordinates", "not_a_number"),
            lost(6, "coordinates", "not_a_number"),
        ),
        says=("'inf, -inf' are not two numbers", "Write them as figures"),
    ),
    "numbers without measure": halls(
        {"lon": "1e308", "lat": "1e308"},
        {"hours_per_week": "1e308"},
        {"hours_per_week": "-5"},
        {"hours_per_week": "168.5"},
        dropped=1,
        issues=(
            lost(4, "coordinates", "unknown_coordinates"),
            noted(5, "hours_per_week", "out_of_range"),
            noted(6, "hours_per_week", "out_of_range"),
            noted(7, "hours_per_week", "out_of_range"),
        ),
        says=("This must lie between 0 and 168; it is left out.",),
        new={key: {"hours_per_week": None} for key in ("X5", "X6", "X7")},
    ),
    "words for numbers": halls(
        {"hours_per_week": "forty"},
        {"hours_per_week": "1,0"},
        issues=(noted(4, "hours_per_week", "not_a_number"), noted(5, "hours_per_week", "not_a_number")),
        new={"X4": {"hours_per_week": None}, "X5": {"hours_per_week": None}},
    ),
    "thousands with commas": Taken(
        "areas",
        {"areas.geojson": geojson([*AREAS[:2], {**AREAS[2], "population": "1,700"}], [*map(area_shape, range(3))])},
        (3, 3, 0, 0),
    ),
    "fewer people than none": Taken(
        "areas",
        {"areas.geojson": geojson([*AREAS[:2], {**AREAS[2], "population": -5}], [*map(area_shape, range(3))])},
        (3, 3, 0, 0),
        (noted(3, "population", "no_population"), noted(3, "population", "out_of_range")),
        kept=given.CODES[:2],
        new={"E01999003": {"population": None}},
    ),
    "tenths that are none": deciles(
        0,
        11,
        "2.5",
        issues=(
            noted(1, "imd_decile", "no_deprivation"),
            noted(1, "imd_decile", "out_of_range"),
            noted(2, "imd_decile", "no_deprivation"),
            noted(2, "imd_decile", "out_of_range"),
            put_right(3, DECILE, "rounded"),
        ),
        says=("This must lie between 1 and 10; it is left out.", "was rounded to 2"),
        kept=(),
        new={"E01999001": {"imd_decile": None}, "E01999002": {"imd_decile": None}, "E01999003": {"imd_decile": 2}},
    ),
    # neighbourhoods
    "neighbourhood listed twice": odd_area(
        {"LSOA21CD": "E01999001"}, area_shape(3), issues=(lost(4, "area_code", "repeated_id"),)
    ),
    "neighbourhood that is a point": odd_area(
        {}, {"type": "Point", "coordinates": [-2.32, 53.41]}, issues=(READ, lost(4, "geometry", "not_an_area"))
    ),
    "neighbourhood without a code": odd_area(
        {"LSOA21CD": ""}, area_shape(3), issues=(READ, lost(4, "LSOA21CD", "no_code"))
    ),
    "neighbourhood off the globe": odd_area(
        {}, polygon(ring(200, 95)), issues=(READ, lost(4, "geometry", "unknown_coordinates"))
    ),
    "neighbourhood in the sea off Africa": odd_area(
        {}, polygon(ring(0, 0)), issues=(READ, lost(4, "coordinates", "outside_england"))
    ),
    "neighbourhood of no size": odd_area(
        {},
        polygon([[-2.32, 53.41]] * 4),
        issues=(READ, lost(4, "geometry", "not_an_area"), put_right(4, "geometry", "broken_outline")),
    ),
    "neighbourhoods with latitude first": Taken(
        "areas",
        {"areas.geojson": geojson(AREAS, [polygon([[y, x] for x, y in given.square(n)]) for n in range(3)])},
        (3, 3, 0, 0),
        tuple(put_right(row, "coordinates", "swapped_coordinates") for row in (1, 2, 3)),
    ),
    "degrees under the name of the National Grid": Taken(
        "areas",
        {"areas.geojson": geojson(AREAS, [*map(area_shape, range(3))], crs=_named_crs("EPSG:27700"))},
        (3, 3, 0, 0),
        tuple(put_right(row, "coordinates", "other_system") for row in (1, 2, 3)),
    ),
    "join in which one matches": Taken(
        "areas",
        {"deprivation.csv": table(DEPRIVATION[:1])},
        (3, 3, 0, 0),
        (READ, noted(2, "imd_decile", "no_deprivation"), noted(3, "imd_decile", "no_deprivation")),
        ("./deprivation.csv: 2 of 3 rows have no match in it",),
        kept=given.CODES[:1],
        new={"E01999002": {"imd_decile": None}},
    ),
    # shapes
    "outlines that touch and cross themselves": odd_parks(
        polygon(given.TOUCHING),
        polygon(given.BOW_TIE),
        issues=(put_right(4, "geometry", "broken_outline"), put_right(5, "geometry", "broken_outline")),
        says=("crossed or touched itself",),
        new={"X4": {}, "X5": {}},
    ),
    "outline whose ring does not close": odd_parks(
        polygon(SQUARE[:4]), issues=(READ, READ), says=("A ring does not close and was closed: row 4.",), new={"X4": {}}
    ),
    "shapes that are missing, empty or of no kind": odd_parks(
        None,
        polygon(),
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Nonsense", "coordinates": [1]},
        {"type": "Point", "coordinates": []},
        dropped=5,
        issues=(READ, READ, *(lost(row, "postcode", "no_location") for row in range(4, 9))),
    ),
    "shapes with heights and shapes of several sorts": odd_parks(
        {"type": "Polygon", "coordinates": [[[*point, 12.5] for point in SQUARE]]},
        {"type": "GeometryCollection", "geometries": [polygon(SQUARE), {"type": "Point", "coordinates": SQUARE[0]}]},
        new={"X4": {}, "X5": {}},
    ),
    "coordinates beyond all measure": odd_parks(
        polygon([[x * 1e300, y * 1e300] for x, y in SQUARE]),
        {"type": "Point", "coordinates": [1e308, 1e308]},
        {"type": "Point", "coordinates": [88, 0]},
        dropped=3,
        issues=(
            lost(4, "geometry", "unknown_coordinates"),
            lost(5, "geometry", "unknown_coordinates"),
            lost(6, "coordinates", "outside_place"),
        ),
        says=("nowhere on the globe", "It lies thousands of kilometres outside Littleham"),
    ),
    # how a table is written
    "ragged rows": Taken(
        "buildings",
        {"buildings.csv": BUILDINGS_CSV + "X4,Short\nX5,Long,hall,open,,,,,-2.334,53.414,extra,cells\n"},
        (5, 3, 0, 2),
        (READ, lost(4, "postcode", "no_location"), lost(5, "the whole row", "unreadable_row")),
        ("The row has 12 cells, but the header has 10",),
    ),
    "quotation mark that swallows a row": Taken(
        "buildings",
        {"buildings.csv": BUILDINGS_CSV + 'X4,"Hut,hall,open,,,,,-2.334,53.414\nX5,Shed",hall,,,,,,-2.334,53.414\n'},
        (4, 4, 0, 0),
        (READ,),
        ("A cell in row 4 seems to hold whole rows",),
        new={"X4": {}},
    ),
    "UTF-16": Taken("land", {"land.csv": table(LAND).encode("utf-16")}, (3, 3, 0, 0)),
    "Windows-1252": Taken(
        "land", {"land.csv": table(LAND).encode("cp1252")}, (3, 3, 0, 0), (READ,), ("Windows-1252, not UTF-8",)
    ),
    "mojibake": Taken(
        "land",
        {"land.csv": table(LAND).encode().decode("cp1252")},
        (3, 3, 0, 0),
        (noted(2, "name", "garbled_text"),),
        ("The name looks garbled",),
        kept=("P1", "P3"),
        new={"P2": {"name": "CafÃ© Kiosk"}},
    ),
    "300 columns": Taken(
        "buildings",
        {"buildings.csv": table([{**row, **{f"c{n}": "x" for n in range(300)}} for row in BUILDINGS])},
        (3, 3, 0, 0),
    ),
    "headers given twice": Taken(
        "buildings",
        {"buildings.csv": BUILDINGS_CSV.replace("opened,closed", "name,name")},
        (3, 3, 0, 0),
        (READ,),
        ("3 columns are called 'name': the first of them is used",),
        kept=("B3",),
        new={"B1": {"name": "Littleham Library", "opened_on": None}},
    ),
    "blank headers": Taken(
        "buildings",
        {"buildings.csv": BUILDINGS_CSV.replace("opened,closed", ",")},
        (3, 3, 0, 0),
        kept=("B3",),
        new={"B1": {"opened_on": None}},
    ),
    "zip that points outside its folder": Taken(
        "parks", {"parks.geojson": zipped({"../../../evil.geojson": PARKS_GEOJSON, "/evil.prj": "x"})}, (3, 3, 0, 0)
    ),
    # text
    "formula and script for names": halls(
        {"name": FORMULA},
        {"name": SCRIPT},
        issues=(noted(4, "name", "suspect_text"), noted(5, "name", "suspect_text")),
        new={"X4": {"name": FORMULA}, "X5": {"name": SCRIPT}},
    ),
    "SQL and JSON for names, ids and kinds": halls(
        {"name": INJECTION, "id": INJECTION},
        {"name": JSON_BREAKER, "id": JSON_BREAKER},
        {"kind": INJECTION, "status": SCRIPT},
        issues=(noted(6, "kind", "unknown_kind"), noted(6, "status", "unknown_word")),
        new={
            INJECTION: {"name": INJECTION},
            JSON_BREAKER: {"name": JSON_BREAKER},
            "X6": {"kind": "other", "status": "unknown"},
        },
    ),
    "emoji": halls({"name": EMOJI}, new={"X4": {"name": EMOJI}}),
    "characters that do not show": halls(
        {"name": "Hall \u202egnp.exe"},
        {"name": "Ha\u200bll\ufeff"},
        {"name": "Hall\x1b[31m\x07"},
        {"name": "\u200b"},
        {"name": "St Mary\x92s"},
        issues=tuple(put_right(row, "name", "hidden_characters") for row in range(4, 9)),
        says=("held characters that do not show",),
        new={
            "X4": {"name": "Hall gnp.exe"},
            "X5": {"name": "Hall"},
            "X6": {"name": "Hall[31m"},
            "X7": {"name": "Hall (no name given)"},
            "X8": {"name": "St Mary’s"},
        },
    ),
    "name of 10,000 letters": halls(
        {"name": "x" * 10_000}, issues=(noted(4, "name", "long_name"),), new={"X4": {"name": "x" * 10_000}}
    ),
    "half a pair of characters": Taken(
        "parks",
        {"parks.geojson": parks_with(park_shape(1)).replace('"Odd Park"', '"Odd\\ud800Park"')},
        (4, 4, 0, 0),
        (noted(4, "name", "garbled_text"),),
        new={"X4": {"name": "Odd\ufffdPark"}},
    ),
    # dates, postcodes, property numbers, ids
    "dates that are none": halls(
        {"opened": "2013-02-30"},
        {"opened": "0000"},
        {"opened": "2013/14"},
        {"opened": "today"},
        issues=tuple(noted(row, "opened", "not_a_date") for row in range(4, 8)),
        new={key: {"opened_on": None} for key in ("X4", "X5", "X6", "X7")},
    ),
    "closed before it opened": halls(
        {"opened": "2020", "closed": "2019", "status": "closed"},
        {"opened": "2019-06", "closed": "2019", "status": "closed"},
        issues=(noted(4, "closed_on", "closed_before_opened"),),
        new={"X4": {"opened_on": "2020", "closed_on": "2019"}, "X5": {"opened_on": "2019-06", "closed_on": "2019"}},
    ),
    "dates still to come": halls(
        {"opened": "2990"},
        {"closed": "2990-01-01", "status": "closed"},
        issues=(noted(4, "opened_on", "opens_later"), noted(5, "closed_on", "closes_later")),
        new={"X4": {"status": "open"}, "X5": {"status": "open"}},
    ),
    "postcodes that are half, old or none": halls(
        *({"postcode": text, "lon": "", "lat": ""} for text in ("ZZ1", "ZZ1 1ZZ", "QQ", "zz11aa")),
        dropped=3,
        issues=(
            lost(4, "postcode", "part_of_postcode"),
            lost(5, "postcode", "unknown_postcode"),
            lost(6, "postcode", "no_location"),
        ),
        new={"X7": {"postcode": "ZZ1 1AA", "located_by": "postcode"}},
    ),
    "postcode file with rows for nowhere": Taken(
        "postcodes",
        {
            "postcodes.csv": table(
                [
                    *POSTCODES,
                    {"postcode": "ZZ1", "lon": -2.33, "lat": 53.415},
                    {"postcode": "ZZ1 1AA", "lon": -2.33, "lat": 53.415},
                    {"postcode": "ZZ1 1AX", "lon": -0.33, "lat": 51.415},
                    {"postcode": "ZZ1 1AY", "lon": 0, "lat": 99.999999},
                ]
            )
        },
        (7, 3, 2, 2),
        (lost(4, "reference", "not_a_postcode"), lost(7, "coordinates", "unknown_coordinates")),
        ("This is not a full postcode, such as M31 4FA",),
    ),
    "property numbers that a spreadsheet rounded": plots(
        {"UPRN": "1.00013E+11"},
        {"UPRN": "-5"},
        {"UPRN": "1234567890123"},
        issues=tuple(noted(row, "UPRN", "not_a_uprn") for row in (4, 5, 6)),
        says=("A spreadsheet may have rounded it",),
        new={key: {"uprn": None} for key in ("X4", "X5", "X6")},
    ),
    "ids that stand more than once": halls(
        {"id": "B1"},
        {"id": "B1"},
        dropped=1,
        issues=(noted(4, "id", "repeated_id"), lost(5, "id", "repeated_row")),
        new={"B1#2": {"name": "Odd Hall"}},
    ),
}


# --- the store that stands --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def layers() -> dict[str, Layer]:
    return read_layers(Path(__file__).parents[1] / "layers")


@dataclass(frozen=True)
class Standing:
    """A store that holds the good place, the folder of its files, and what the store held at first."""

    folder: Path
    store_url: str
    store: Store
    layers: Mapping[str, Layer]
    now: Callable[[], given.Held]
    before: given.Held

    def load(self, source: str, change: given.Change | None = None, files: Files | None = None) -> Outcome | str:
        """Load one source from bad files through the real door; what is refused gives its message."""
        self.write(change, files)
        return self.load_again(source)

    def load_again(self, source: str) -> Outcome | str:
        """Load one source from the files as they are."""
        try:
            place = find_place(str(self.place_file), ())
            (outcome,) = load_place(self.store, place, self.layers, None, frozenset({source}))
        except AssetmapError as fault:
            return str(fault)
        return outcome.fault or outcome

    @property
    def place_file(self) -> Path:
        return self.folder / f"{PLACE}.yaml"

    def write(self, change: given.Change | None = None, files: Files | None = None) -> None:
        """The good files and, in place of some of them, bad ones."""
        given.write_place(self.folder, change)
        for name, content in (files or {}).items():
            if content is None:
                (self.folder / name).unlink()
            else:
                (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def fill(store: Store, folder: Path, layers: Mapping[str, Layer]) -> None:
    """Load the good place, and add to it what three people know."""
    place = find_place(str(given.write_place(folder)), ())
    outcomes = load_place(store, place, layers, None)
    assert [outcome.fault or outcome.issues for outcome in outcomes] == [0] * 6
    view = PlaceView(store, PLACE, layers)
    for name, state in (("Scout Hut", None), ("Lunch Club", "published"), ("Old Joke", "hidden")):
        record = record_of(view, Offer("community_buildings", "hall", name, -2.336, 53.414, says="Ask at No. 9"))
        store.add_contribution(record)
        if state:
            store.review_contribution(record.contribution_id, state)


@pytest.fixture(scope="module")
def filled_gpkg(tmp_path_factory: pytest.TempPathFactory, layers: dict[str, Layer]) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    with open_store(folder / "store.gpkg") as store:
        fill(store, folder, layers)
    return folder / "store.gpkg"


class Filled(NamedTuple):
    """A filled PostGIS store, a connection of the test's own to it, and its rows to put back."""

    url: str
    store: Store
    connection: psycopg.Connection[Any]
    rows: Mapping[str, bytes]


@pytest.fixture(scope="module")
def filled_database(
    server: Server, tmp_path_factory: pytest.TempPathFactory, layers: dict[str, Layer]
) -> Iterator[Filled]:
    name = server.create(server.bare)
    url = server.url_of(name)
    with open_store(url) as store, psycopg.connect(url, autocommit=True) as connection:
        fill(store, tmp_path_factory.mktemp("filled"), layers)
        yield Filled(url, store, connection, given.copied(connection))
    server.drop(name)


@pytest.fixture
def standing(
    request: pytest.FixtureRequest, engine: str, tmp_path: Path, layers: dict[str, Layer]
) -> Iterator[Standing]:
    """The filled store, on each engine."""
    if engine == "gpkg":
        path = tmp_path / "store.gpkg"
        shutil.copy(request.getfixturevalue("filled_gpkg"), path)
        with open_store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield Standing(tmp_path, str(path), store, layers, lambda: held(connection), held(connection))
        return
    filled: Filled = request.getfixturevalue("filled_database")
    before = held(filled.connection)
    yield Standing(tmp_path, filled.url, filled.store, layers, lambda: held(filled.connection), before)
    if held(filled.connection) != before:
        given.put_back(filled.connection, filled.rows)


# --- the tests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_taken_is_refused_and_nothing_changes(standing: Standing, case: Refused) -> None:
    message = standing.load(case.source, case.declare, case.files)
    assert isinstance(message, str), "it was taken"
    for words in case.says:
        assert words in message
    assert_plain(message)
    assert standing.now() == standing.before


def assert_plain(message: str) -> None:
    """A message is for a person: short, nothing that a terminal obeys, no words of the programming."""
    assert len(message) < 1_500
    assert all(char.isprintable() or char == "\n" for char in message)
    assert not re.search(r"Traceback|Error\b|Exception|<class|0x[0-9a-f]{6}|None\b|\bnan\b|\.\.( |$)", message)


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_bad_rows_are_told_and_good_rows_are_taken(standing: Standing, case: Taken) -> None:
    outcome = standing.load(case.source, case.declare, case.files)
    assert isinstance(outcome, Outcome), outcome
    record, after = outcome.record, standing.now()
    assert record is not None
    assert (record.rows_in, record.stored, record.set_aside, record.dropped) == case.counts
    told = [row for row in after["issue"] if row["source"] == outcome.source]
    assert sorted(map(said, told), key=repr) == sorted(case.issues, key=repr)
    assert outcome.issues == len(told)
    messages = "\n".join(row["message"] for row in told)
    for words in case.says:
        assert words in messages
    assert_rows(case, rows_of(standing.before, outcome.source), rows_of(after, outcome.source))
    assert_others_unharmed(standing.before, after, outcome.source)
    assert_every_row_counted(after)


def said(issue: Mapping[str, Any]) -> Said:
    assert_plain(issue["message"])
    assert issue["who_can_mend"] == "Littleham Council"
    return Said(issue["row"], issue["field"], issue["kind"], issue["effect"])


def assert_rows(case: Taken, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    kept = GOOD[case.source] if case.kept is None else case.kept
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    assert set(after) == set(GOOD[case.source]) | set(case.new)
    for key, wanted in case.new.items():
        assert {name: after[key][name] for name in wanted} == dict(wanted)


def assert_others_unharmed(before: given.Held, after: given.Held, source: str) -> None:
    """All that other sources and people gave is as it was, to the byte; only neighbourhoods may redraw the place."""
    places = [{**row, "geometry": None} for row in before["place"]]
    assert [{**row, "geometry": None} for row in after["place"]] == places
    if not source.endswith("/areas"):
        assert after["place"] == before["place"]
    assert {**without(after, source), "place": []} == {**without(before, source), "place": []}


def assert_every_row_counted(found: given.Held) -> None:
    current = [load for load in found["load"] if load["current"]]
    assert len(current) == 6
    for load in current:
        assert load["rows_in"] == load["stored"] + load["set_aside"] + load["dropped"]
        assert len(rows_of(found, load["source"])) == load["stored"]


def test_one_load_with_three_bad_files_takes_the_others(standing: Standing) -> None:
    standing.write(None, {"land.csv": PNG, "buildings.csv": "", "parks.geojson": PARKS_GEOJSON[:300]})
    outcomes = load_place(standing.store, find_place(str(standing.place_file), ()), standing.layers, None)
    faults = {outcome.source.split("/")[1]: outcome.fault for outcome in outcomes}
    assert [source for source, fault in faults.items() if fault] == ["land", "buildings", "parks"]
    after = standing.now()
    for source in GOOD:
        assert rows_of(after, f"{PLACE}/{source}") == rows_of(standing.before, f"{PLACE}/{source}")
    for name in ("place", "contribution", "review", "issue"):
        assert after[name] == standing.before[name]
    assert_every_row_counted(after)


# --- a place file or a layer file that cannot be used -----------------------------------------------------------------

GOOD_YAML = yaml.safe_dump(given.DECLARATION, sort_keys=False)
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)

DECLARATIONS: dict[str, tuple[bytes | str, tuple[str, ...]]] = {
    "unknown key": (GOOD_YAML + "colour: red\n", ("colour: this key is not known here; is it misspelt?",)),
    "key given twice": (GOOD_YAML + "name: again\n", ("the key 'name' is given twice", "line 90")),
    "tab": (GOOD_YAML.replace("sources:\n", "sources:\n\t"), ("a tab stands here: use spaces", "line 4")),
    "billion laughs": (GOOD_YAML + LAUGHS, ("a8: this key is not known here",)),
    "billion laughs in a name": (
        LAUGHS + GOOD_YAML.replace("name: Littleham", "name: *a8", 1),
        ("name: this must be one text",),
    ),
    "anchor that holds itself": ("a: &a [*a]\n" + GOOD_YAML, ("it is not YAML", "recursive")),
    "list": ("- a\n- b\n", ("it holds no 'key: value' lines",)),
    "word": ("hello", ("it holds no 'key: value' lines",)),
    "empty": ("", ("it holds no 'key: value' lines",)),
    "wrong types": (
        GOOD_YAML.replace("fictional: 'yes'", "fictional: perhaps\nmargin_m: [1]").replace(": 2025\n", ": soon\n"),
        (
            "fictional: write yes or no",
            "margin_m: this must be a number",
            "sources.areas.imd_edition: this must be a whole number",
        ),
    ),
    "number without end": ("margin_m: inf\n" + GOOD_YAML, ("margin_m: this must be a number that ends",)),
    "unknown layer": (
        GOOD_YAML.replace("layer: community_buildings", "layer: comunity_buildings"),
        ("There is no layer called 'comunity_buildings'", "community_buildings"),
    ),
    "unknown licence": (
        GOOD_YAML.replace("CC0-1.0", "ALL-MINE", 1),
        ("sources.areas.licence: 'ALL-MINE' is not a licence known here", "OGL-UK-3.0"),
    ),
    "unknown coordinate system": (
        GOOD_YAML.replace("EPSG:27700", "EPSG:99999"),
        ("sources.land.locate.crs: 'EPSG:99999' is not a coordinate system",),
    ),
    "date that is none": (
        GOOD_YAML.replace("2025-06", "2025-99", 1),
        ("sources.areas.source_date: '2025-99' is no date",),
    ),
    "rule that every row meets": (
        GOOD_YAML.replace("    layer: public_land\n", "    layer: public_land\n    set_aside:\n"
                          "    - {column: PropertyName, contains: '', why: all of them}\n"),
        ("sources.land.set_aside.0: every text contains a blank",),
    ),
    "Python in a tag": (
        GOOD_YAML.replace("name: Littleham", "name: !!python/object/apply:os.mkdir [pwned]", 1),
        ("name: this must be one text",),
    ),
    "more than a million bytes": (GOOD_YAML + "# " + "x" * 1_000_000, ("it is larger than 1,000,000 bytes",)),
    "picture": (PNG, ("it is not UTF-8 text",)),
    "Windows-1252": (GOOD_YAML.replace("Littleham", "Café", 1).encode("cp1252"), ("it is not UTF-8 text",)),
    "two documents": (GOOD_YAML + "---\na: b\n", ("it is not YAML", "another document", "line 90")),
    "nested without end": ("a: " + "[" * 1_000, ("it is not YAML",)),
    "source named like a path": (
        GOOD_YAML.replace("  buildings:", '  "../buildings":'),
        ("'../buildings': a source is named in letters",),
    ),
    "codes for the terminal": (GOOD_YAML + '"\\e[31mkey\\u202e": 1\n', ("?[31mkey?: this key is not known here",)),
}  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], layers: dict[str, Layer]) -> Run:
    """The command line, as a person calls it: its exit code, and what it said on standard error."""
    # the good layer files are read once for all: that takes longer than the load of a small file
    monkeypatch.setattr(common, "read_layers", lambda _: layers)

    def call(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assetmap", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ran(int(ended.value.code or 0), capsys.readouterr().err)

    return call


class Ran(NamedTuple):
    code: int
    err: str


Run = Callable[..., Ran]


def assert_one_message(ran: Ran, *says: str) -> None:
    """Exit code 1, and one message that begins with the program's name and that a person can act on."""
    assert ran.code == 1
    assert ran.err.count("assetmap: ") == 1
    message = ran.err[ran.err.index("assetmap: ") :]
    assert "should not have happened" not in message
    for words in says:
        assert words in message
    assert_plain(message)


@pytest.mark.parametrize(("content", "says"), DECLARATIONS.values(), ids=DECLARATIONS)
def test_a_place_file_that_cannot_be_used_is_refused_whole(
    standing: Standing, run: Run, content: bytes | str, says: tuple[str, ...]
) -> None:
    standing.write(None, {f"{PLACE}.yaml": content})
    assert_one_message(run("load", standing.place_file, "--store", standing.store_url), *says)
    assert standing.now() == standing.before
    assert not Path("pwned").exists()


def test_twenty_faults_are_told_at_once(standing: Standing, run: Run) -> None:
    def spoil(place: dict[str, Any]) -> None:
        for source in place["sources"].values():
            source.update(licence="mine", source_date="soon", reader="telepathy", colour="red")

    standing.write(spoil)
    ran = run("load", standing.place_file, "--store", standing.store_url)
    faults = [line for line in ran.err.splitlines() if line.startswith("  - sources.")]
    assert ran.code == 1
    assert len(faults) == 24
    for source in GOOD:
        for key in ("licence", "source_date", "reader", "colour"):
            assert sum(line.startswith(f"  - sources.{source}.{key}: ") for line in faults) == 1
    assert standing.now() == standing.before


LAYER_FAULTS: dict[str, tuple[str, str]] = {
    "unknown key": ("gaps: 7\n", "green_space.yaml: gaps: this key is not known here"),
    "unknown theme": ("theme: gold\n", "'gold' is not a theme of the look"),
    "field of ours": ("fields: {geometry: {says: Where}}\n", "fields geometry are set by assetmap"),
    "SQL for a field": ("fields: {'x\"; DROP TABLE asset': {says: Boo}}\n", "names of layers, kinds and fields are of"),
    "not YAML": ("a: [\n", "green_space.yaml: it is not YAML"),
}


@pytest.mark.parametrize(("change", "says"), LAYER_FAULTS.values(), ids=LAYER_FAULTS)
def test_a_layer_file_that_cannot_be_used_stops_everything_before_the_store(
    standing: Standing, run: Run, monkeypatch: pytest.MonkeyPatch, change: str, says: str
) -> None:
    home = standing.folder / "home"
    shutil.copytree(Path(__file__).parents[1] / "layers", home / "layers")
    (home / "data" / "places").mkdir(parents=True)
    path = home / "layers" / "green_space.yaml"
    key = change.split(":")[0]
    kept = re.sub(rf"(?m)^{key}:.*\n(?:[ -].*\n)*", "", path.read_text(encoding="utf-8"))
    path.write_text(kept + change, encoding="utf-8")
    standing.write()
    monkeypatch.setenv("ASSETMAP_HOME", str(home))
    monkeypatch.setattr(common, "read_layers", read_layers)
    assert_one_message(run("load", standing.place_file, "--store", standing.store_url), says)
    assert standing.now() == standing.before


CLI_CASES = (
    *("empty file", "no header", "picture", "error page as shapes", "zip in a zip", "zip bomb", "gzip cut off"),
    *("GeoJSON cut off", "missing file", "path with a NUL", "join with a key twice", "every row outside the place"),
    "zip with codes for the terminal in its names",
)


@pytest.mark.parametrize("name", CLI_CASES)
def test_the_command_says_why_a_file_was_refused(standing: Standing, run: Run, name: str) -> None:
    case = REFUSED[name]
    standing.write(case.declare, case.files)
    ran = run("load", standing.place_file, "--source", case.source, "--store", standing.store_url)
    assert_one_message(ran, "1 of 1 sources were not loaded", f"{PLACE}/{case.source}: ", *case.says)
    assert standing.now() == standing.before


@pytest.mark.parametrize("name", ["characters that do not show", "ragged rows", "formula and script for names"])
def test_the_command_takes_good_rows_and_points_to_the_issues(standing: Standing, run: Run, name: str) -> None:
    case = TAKEN[name]
    standing.write(case.declare, case.files)
    ran = run("load", standing.place_file, "--source", case.source, "--store", standing.store_url)
    assert ran.code == 0
    assert f"{case.counts[1]:,} rows stored, {len(case.issues)} issues." in ran.err
    shown = run("issues", "--store", standing.store_url)
    assert shown.code == 0
    assert_every_row_counted(standing.now())


# --- files that the disk makes strange --------------------------------------------------------------------------------


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "moved.csv")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_folder, "buildings.csv is a folder, not a file"),
        (_link_to_itself, "cannot be followed"),
        (_link_to_nothing, "buildings.csv is a link to moved.csv, which is not there"),
        (_pipe, "buildings.csv is not an ordinary file"),
    ],
)
def test_what_is_no_file_is_refused(standing: Standing, make: Callable[[Path], None], says: str) -> None:
    standing.write()
    make(standing.folder / "buildings.csv")
    message = standing.load_again("buildings")
    assert isinstance(message, str)
    assert says in message
    assert_plain(message)
    assert standing.now() == standing.before


def test_a_link_that_somebody_put_in_the_folder_is_followed_wherever_it_leads(
    standing: Standing, tmp_path_factory: pytest.TempPathFactory
) -> None:
    standing.write()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "register of 2025.csv"
    usual = standing.load_again("buildings")
    (standing.folder / "buildings.csv").rename(elsewhere)
    (standing.folder / "buildings.csv").symlink_to(elsewhere)
    linked = standing.load_again("buildings")
    assert isinstance(linked, Outcome)
    assert isinstance(usual, Outcome)
    assert linked.record is not None
    assert usual.record is not None
    assert replace(linked.record, loaded_at="") == replace(usual.record, loaded_at="")


@contextmanager
def as_somebody() -> Iterator[None]:
    """As a user whom the permissions of files hold back: root reads and writes everything."""
    if os.geteuid():
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own may not be."""
    folder = Path(tempfile.mkdtemp(prefix="assetmap-"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("what", "mode", "says"),
    [("buildings.csv", 0o000, "could not be opened (Permission denied)"), ("locked", 0o000, "could not be looked for")],
    ids=["file", "folder"],
)
def test_what_may_not_be_read_is_refused(
    filled_gpkg: Path, layers: dict[str, Layer], open_folder: Path, what: str, mode: int, says: str
) -> None:
    (open_folder / "locked").mkdir()
    change = source_with("buildings", path="./locked/buildings.csv") if what == "locked" else None
    given.write_place(open_folder, change)
    shutil.copy(filled_gpkg, open_folder / "store.gpkg")
    for path in (open_folder, open_folder / "store.gpkg"):
        path.chmod(0o777)
    (open_folder / what).chmod(mode)
    path = open_folder / "store.gpkg"
    with closing(sqlite3.connect(path)) as connection, open_store(path) as store:
        before = held(connection)
        with as_somebody():
            place = find_place(str(open_folder / f"{PLACE}.yaml"), ())
            (outcome,) = load_place(store, place, layers, None, frozenset({"buildings"}))
        assert held(connection) == before
    assert says in str(outcome.fault)
    assert_plain(str(outcome.fault))


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        (".shx", "parks.shp could not be read to its end"),
        (".dbf", "parks.shp: there is no column 'id'"),
        (".prj", "parks.shp does not say its coordinate system. Declare it as 'crs'"),
        (".shp", "There is no file parks.shp"),
    ],
)
def test_a_shapefile_without_one_of_its_parts_is_refused(standing: Standing, missing: str, says: str) -> None:
    shapes = gpd.GeoDataFrame(
        [dict(row) for row in PARKS], geometry=[shapely.Polygon(given.BOW_TIE)] * len(PARKS), crs="EPSG:4326"
    )
    shapes.to_file(standing.folder / "parks.shp")
    (standing.folder / "parks").with_suffix(missing).unlink()
    message = standing.load("parks", source_with("parks", path="./parks.shp"))
    assert isinstance(message, str)
    assert says in message
    assert_plain(message)
    assert standing.now() == standing.before


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_line_of_200_megabytes_is_refused_in_bounded_memory(standing: Standing, packed: bool) -> None:
    block = b"x" * 20_000_000
    standing.write()
    with (standing.folder / "buildings.csv").open("wb") as file:
        part = gzip.compress(block, compresslevel=1) if packed else block
        for _ in range(10):
            file.write(part)
    tracemalloc.start()
    try:
        message = standing.load_again("buildings")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(message, str)
    assert "buildings.csv is too long to be a table: line 1 goes past 5,000,000 characters" in message
    assert peak < 60_000_000
    assert standing.now() == standing.before


# --- stores that cannot be used ---------------------------------------------------------------------------------------


def test_a_store_that_another_program_writes_to_is_left_as_it_is(
    filled_gpkg: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT_S", 0.01)
    path = shutil.copy(filled_gpkg, tmp_path / "store.gpkg")
    place_file = given.write_place(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        before = held(other)
        other.execute("BEGIN IMMEDIATE")
        ran = run("load", place_file, "--source", "buildings", "--store", path)
        other.execute("ROLLBACK")
        assert_one_message(ran, "another program is writing to it", "Save or close there, then try again")
        assert held(other) == before


def test_a_store_that_may_only_be_read_is_left_as_it_is(filled_gpkg: Path, open_folder: Path, run: Run) -> None:
    path = Path(shutil.copy(filled_gpkg, open_folder / "store.gpkg"))
    place_file = given.write_place(open_folder)
    path.chmod(0o444)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with as_somebody():
        ran = run("load", place_file, "--source", "buildings", "--store", path)
    assert_one_message(ran, "it may only be read")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_a_database_that_may_only_be_read_is_left_as_it_is(
    filled_database: Filled, tmp_path: Path, run: Run, server: Server
) -> None:
    place_file, before = given.write_place(tmp_path), held(filled_database.connection)
    read_only = f"{filled_database.url}&options=-c%20default_transaction_read_only%3Don"
    ran = run("load", place_file, "--source", "buildings", "--store", read_only)
    assert_one_message(ran, "read-only transaction")
    assert held(filled_database.connection) == before


def _text_file(path: Path) -> None:
    path.write_text("not a database\n" * 100, encoding="utf-8")


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE asset (name TEXT)")
        connection.commit()


def _newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE {opening.VERSION_TABLE} SET version_num = '9999'")
        connection.commit()


def _cut_off(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_text_file, "was not made by assetmap, so it is left as it is"),
        (_other_database, "was not made by assetmap, so it is left as it is"),
        (_newer_version, "was made by a newer version of assetmap"),
        (_cut_off, "the file is damaged"),
    ],
)
def test_a_file_that_is_no_store_of_ours_is_left_as_it_is(
    filled_gpkg: Path, tmp_path: Path, run: Run, spoil: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "store.gpkg"
    if spoil in (_newer_version, _cut_off):
        shutil.copy(filled_gpkg, path)
    spoil(path)
    before = path.read_bytes()
    assert_one_message(run("load", given.write_place(tmp_path), "--store", path), says)
    assert path.read_bytes() == before


def test_a_store_in_a_folder_that_is_not_there_is_refused(tmp_path: Path, run: Run) -> None:
    place_file = given.write_place(tmp_path)
    assert_one_message(run("load", place_file, "--store", tmp_path / "gone" / "store.gpkg"), "There is no folder")
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://keeper:s3cret@127.0.0.1:1/assetmap",
        "postgres://keeper:s3cret@127.0.0.1:1/assetmap?sslmode=bad",
        "postgresql+psycopg2://keeper:s3cret@nohost.invalid/assetmap",
        "mysql://keeper:s3cret@127.0.0.1/assetmap",
    ],
)
@pytest.mark.parametrize("words", [("layers",), ("load", "town"), ("issues",)], ids=" ".join)
def test_a_password_is_never_repeated(run: Run, address: str, words: tuple[str, ...]) -> None:
    ran = run(*words, "--store", address)
    assert_one_message(ran, "keeper:***@")
    assert "s3cret" not in ran.err
    assert "+psycopg" not in ran.err, "the driver is nothing that a person wrote"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://127.0.0.1:1/assetmap?user=keeper&password=s3cret",
        "postgresql://keeper:pa@s3cret#@127.0.0.1:1/assetmap",
        "postgresql://keeper:s3cret@127.0.0.1:port/assetmap",
    ],
)
def test_a_password_in_an_unusual_place_is_not_repeated_either(run: Run, address: str) -> None:
    assert "s3cret" not in run("layers", "--store", address).err


# --- what people add --------------------------------------------------------------------------------------------------

ADDED = Offer("community_buildings", "hall", "Tea Room", -2.336, 53.414)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Give it a name"),
        ({"name": " \u200b\u202e\x07 "}, "Give it a name"),
        ({"name": "x" * 10_000}, "The name is longer than 120 letters"),
        ({"says": "x" * 1_000_000}, "The text about what people should know is longer than 2,000 letters"),
        ({"says": "Ring Mary, 07700 900123"}, "“07700 900123” looks like a phone number"),
        ({"how_known": "Ask on +44 (0)161\n496 0123."}, "“\\+44 \\(0\\)161 496 0123” looks like a phone number"),
        ({"name": "Tea Room (0161-496-0123)"}, "“0161-496-0123” looks like a phone number"),
        (
            {"who_for": "Write to mary.o+tea@tea-room.example.org"},
            "“mary.o\\+tea@tea-room.example.org” looks like an email",
        ),
        ({"longitude": -0.1, "latitude": 51.5}, "outside Littleham"),
        ({"longitude": 53.414, "latitude": -2.336}, "outside Littleham"),
        ({"longitude": 1e308, "latitude": 1e308}, "must be degrees"),
        ({"longitude": float("nan")}, "must be degrees"),
        ({"latitude": float("inf")}, "must be degrees"),
        ({"longitude": 88.0, "latitude": 0.0}, "outside Littleham"),
        ({"kind": SCRIPT}, "is not a kind of places to meet"),
        ({"layer": "streets"}, "is not a layer people add to here"),
        ({"layer": INJECTION}, "There is no layer called"),
        ({"seen_on": "2025-02-30"}, "'2025-02-30' is not a date"),
        ({"seen_on": "recently"}, "'recently' is not a date"),
        ({"seen_on": "2999"}, "'2999' lies in the future"),
        ({"seen_on": (dt.date.today() + dt.timedelta(days=2)).isoformat()}, "lies in the future"),
    ],
)
def test_what_cannot_be_added_says_why(standing: Standing, change: Mapping[str, Any], says: str) -> None:
    view = PlaceView(standing.store, PLACE, standing.layers)
    with pytest.raises(AssetmapError, match=says) as refused:
        standing.store.add_contribution(record_of(view, replace(ADDED, **change)))
    assert_plain(str(refused.value))
    assert standing.now() == standing.before


@pytest.mark.parametrize(
    "says",
    [
        "Mon 0900-1700, Tue 0900-1130",
        "Since 01/02/2019-2024",
        "Charity 1123456, UPRN 010090000001",
        "09:00-17:00 @ the hall",
        "£0.50 a cup, 2025-06-30 to 2026-01-01",
    ],
)
def test_hours_dates_and_numbers_of_registers_are_no_phone_numbers(standing: Standing, says: str) -> None:
    assert record_of(PlaceView(standing.store, PLACE, standing.layers), replace(ADDED, says=says)).says == says


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (SCRIPT, SCRIPT),
        (FORMULA, FORMULA),
        (INJECTION, INJECTION),
        (JSON_BREAKER, JSON_BREAKER),
        ("Tea\u202e Room\n\x1b[31m", "Tea Room [31m"),
    ],
    ids=["script", "formula", "SQL", "JSON", "characters that do not show"],
)
def test_what_people_write_is_kept_as_text(standing: Standing, name: str, kept: str) -> None:
    view = PlaceView(standing.store, PLACE, standing.layers)
    standing.store.add_contribution(record_of(view, replace(ADDED, name=name, says=name)))
    after = standing.now()
    (added,) = [row for row in after["contribution"] if row not in standing.before["contribution"]]
    assert (added["name"], added["says"]) == (kept, kept)
    assert {**after, "contribution": []} == {**standing.before, "contribution": []}
    assets = standing.store.assets(PLACE)
    assert kept in assets["name"].tolist()
    assert len(assets) == 9 + 3
