"""Littleham: a made-up place of eight good files, and the ways in which each of them can be bad.

Three neighbourhoods stand side by side, each a hundredth of a degree wide::

    -2.35     -2.34     -2.33     -2.32
      +---------+---------+---------+ 53.42
      | E..001  | E..002  | E..003  |
      +---------+---------+---------+ 53.41
"""

from __future__ import annotations

import copy
import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import yaml

from assetmap.store.schema import METADATA

PLACE = "littleham"
WEST, SOUTH = -2.35, 53.41
CODES = ("E01999001", "E01999002", "E01999003")

Rows = Sequence[Mapping[str, Any]]
Change = Callable[[dict[str, Any]], None]

AREAS: Rows = [
    {"LSOA21CD": code, "LSOA21NM": f"Littleham 001{letter}", "population": people}
    for code, letter, people in zip(CODES, "ABC", (1500, 1600, 1700), strict=True)
]
DEPRIVATION: Rows = [
    {"LSOA code (2021)": code, "Index of Multiple Deprivation (IMD) Decile": decile}
    for code, decile in zip(CODES, (1, 5, 10), strict=True)
]
POSTCODES: Rows = [
    {"postcode": "ZZ1 1AA", "lon": -2.345, "lat": 53.415},
    {"postcode": "ZZ1 1AB", "lon": -2.335, "lat": 53.415},
    {"postcode": "ZZ1 1AD", "lon": -2.325, "lat": 53.415},
]
LAND: Rows = [
    {"AssetCode": "P1", "PropertyName": "Old Depot", "HoldingType": "Land", "LandArea": 0.5, "UPRN": 100012345678,
     "PostCode": "ZZ1 1AA", "GeoX": 377130, "GeoY": 391130},
    {"AssetCode": "P2", "PropertyName": "Café Kiosk", "HoldingType": "Building", "LandArea": "", "UPRN": 100012345679,
     "PostCode": "ZZ1 1AB", "GeoX": 377800, "GeoY": 391120},
    {"AssetCode": "P3", "PropertyName": "The Verge", "HoldingType": "Land", "LandArea": 1.25, "UPRN": "",
     "PostCode": "ZZ1 1AD", "GeoX": 378460, "GeoY": 391120},
]  # fmt: skip
BUILDINGS: Rows = [
    {"id": "B1", "name": "Littleham Library", "kind": "library", "status": "open", "opened": "1934", "closed": "",
     "hours_per_week": 40, "postcode": "ZZ1 1AA", "lon": -2.346, "lat": 53.416},
    {"id": "B2", "name": "Church Hall", "kind": "hall", "status": "", "opened": "1960-05", "closed": "2019-03-31",
     "hours_per_week": "", "postcode": "ZZ1 1AB", "lon": -2.336, "lat": 53.416},
    {"id": "B3", "name": "The Hub", "kind": "community_hub", "status": "open", "opened": "", "closed": "",
     "hours_per_week": 25.5, "postcode": "ZZ1 1AD", "lon": "", "lat": ""},
]  # fmt: skip
PARKS: Rows = [
    {"id": "G1", "name": "West Park", "kind": "park"},
    {"id": "G2", "name": "Mid Park", "kind": "park"},
    {"id": "G3", "name": "East Park", "kind": "park"},
]
OSM = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
  <node id="1" lat="53.414" lon="-2.349"/><node id="2" lat="53.414" lon="-2.335"/>
  <node id="3" lat="53.414" lon="-2.321"/>
  <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="High Street"/></way>
  <way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="footway"/></way>
</osm>"""

TOUCHING = [
    *([-2.334, 53.414], [-2.332, 53.414], [-2.332, 53.416], [-2.333, 53.415]),
    *([-2.3325, 53.414], [-2.3335, 53.414], [-2.334, 53.414]),
]
BOW_TIE = [[-2.334, 53.414], [-2.332, 53.416], [-2.332, 53.414], [-2.334, 53.416], [-2.334, 53.414]]


def laughing_osm() -> str:
    """An extract whose one name is made of a name made of names, ten times over."""
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    head = f"<!DOCTYPE osm [<!ENTITY a0 'ha'>{entities}]><osm "
    return OSM.replace("<osm ", head).replace("High Street", "&a9;")


# --- writing files ----------------------------------------------------------------------------------------------------


def table(rows: Rows, delimiter: str = ",") -> str:
    """Rows as CSV, the columns in the order in which they first come."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def ring(west: float, south: float, width: float = 0.01, height: float = 0.01) -> list[list[float]]:
    """A closed ring round a rectangle, in degrees."""
    east, north = round(west + width, 6), round(south + height, 6)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def square(number: int) -> list[list[float]]:
    """The ring round the neighbourhood at a position, from west to east."""
    return ring(round(WEST + number / 100, 6), SOUTH)


def area_shape(number: int) -> dict[str, Any]:
    """The outline of the neighbourhood at a position, from west to east."""
    return polygon(square(number))


def park_shape(number: int) -> dict[str, Any]:
    """The outline of the park in the neighbourhood at a position."""
    return polygon(ring(round(WEST + number / 100 + 0.002, 6), SOUTH + 0.002, 0.002, 0.002))


def geojson(rows: Rows, shapes: Sequence[Any], **more: Any) -> str:
    features = [
        {"type": "Feature", "properties": dict(row), "geometry": shape} for row, shape in zip(rows, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", **more, "features": features})


def areas_with(*more: tuple[Mapping[str, Any], Any]) -> str:
    """The good neighbourhoods, and more."""
    rows = [*AREAS, *(row for row, _ in more)]
    return geojson(rows, [*map(area_shape, range(3)), *(shape for _, shape in more)])


def parks_with(*shapes: Any, **more: Any) -> str:
    """The good parks, and one more called ``X4``, ``X5`` ... for each shape."""
    odd = [{"id": f"X{number}", "name": "Odd Park", "kind": "park"} for number in range(4, 4 + len(shapes))]
    return geojson([*PARKS, *odd], [*map(park_shape, range(3)), *shapes], **more)


def buildings_with(*more: Mapping[str, Any]) -> str:
    """The good buildings, and more of them; each is a hall in the middle of the place unless it says otherwise."""
    return table([*BUILDINGS, *({"id": f"X{n}", "name": "Odd Hall", **HALL, **row} for n, row in enumerate(more, 4))])


def land_with(*more: Mapping[str, Any]) -> str:
    return table(
        [*LAND, *({"AssetCode": f"X{n}", "PropertyName": "Odd Land", **PLOT, **row} for n, row in enumerate(more, 4))]
    )


HALL = {"kind": "hall", "status": "open", "lon": -2.334, "lat": 53.414}
PLOT = {"HoldingType": "Land", "GeoX": 377800, "GeoY": 391000}


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _file(path: str, reader: str, **more: Any) -> dict[str, Any]:
    return {
        "title": f"Register in {path}",
        "publisher": "Littleham Council",
        "licence": "CC0-1.0",
        "attribution": "Littleham is made up.",
        "source_date": "2025-06",
        "path": f"./{path}",
        "reader": reader,
        **more,
    }


DECLARATION: dict[str, Any] = {
    "name": "Littleham",
    "fictional": "yes",
    "sources": {
        "areas": {
            **_file("areas.geojson", "vector", layer="neighbourhoods", row_id="LSOA21CD", geography="LSOA 2021"),
            "imd_edition": 2025,
            "joins": [_file("deprivation.csv", "csv", match={"LSOA21CD": "LSOA code (2021)"})],
        },
        "postcodes": _file(
            "postcodes.csv", "csv", layer="postcodes", locate={"x": "lon", "y": "lat", "crs": "EPSG:4326"}
        ),
        "streets": _file("streets.osm", "osm", layer="streets", row_id="osm_id", where={"highway": "*"}),
        "land": _file(
            "land.csv", "csv", layer="public_land", row_id="AssetCode",
            locate={"x": "GeoX", "y": "GeoY", "crs": "EPSG:27700"},
        ),
        "buildings": _file(
            "buildings.csv", "csv", layer="community_buildings", row_id="id",
            locate={"x": "lon", "y": "lat", "crs": "EPSG:4326", "postcode": "postcode"},
        ),
        "parks": _file("parks.geojson", "vector", layer="green_space", row_id="id"),
    },
}  # fmt: skip

FILES: Mapping[str, str] = {
    "areas.geojson": areas_with(),
    "deprivation.csv": table(DEPRIVATION),
    "postcodes.csv": table(POSTCODES),
    "streets.osm": OSM,
    "land.csv": land_with(),
    "buildings.csv": buildings_with(),
    "parks.geojson": parks_with(),
}


def write_place(folder: Path, change: Change | None = None) -> Path:
    """Write the place file and every good file into a folder; returns the place file's path."""
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    declaration = copy.deepcopy(DECLARATION)
    if change is not None:
        change(declaration)
    path = folder / f"{PLACE}.yaml"
    path.write_text(yaml.safe_dump(declaration, sort_keys=False), encoding="utf-8")
    return path


# --- what a store holds -----------------------------------------------------------------------------------------------

Held = dict[str, list[dict[str, Any]]]


def held(connection: sqlite3.Connection | psycopg.Connection[Any]) -> Held:
    """Every row of every table of a store, column by column, as the database itself gives them."""
    return {name: _rows(connection.execute(f'SELECT * FROM "{name}"')) for name in METADATA.tables}


def _rows(cursor: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return sorted((dict(zip(names, row, strict=True)) for row in cursor.fetchall()), key=repr)


def copied(connection: psycopg.Connection[Any]) -> dict[str, bytes]:
    """The rows of every table of a PostGIS store, in the form in which :func:`put_back` takes them."""
    return {table.name: _copy_of(connection, table.name) for table in METADATA.sorted_tables}


def _copy_of(connection: psycopg.Connection[Any], name: str) -> bytes:
    with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT BINARY)') as copy:
        return b"".join(copy)


def put_back(connection: psycopg.Connection[Any], rows: Mapping[str, bytes]) -> None:
    """Make a PostGIS store hold these rows and no others: a tenth of the time that a copy of the database takes."""
    connection.execute(f"TRUNCATE {', '.join(rows)}")
    for name, content in rows.items():
        with connection.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT BINARY)') as copy:
            copy.write(content)


def without(found: Held, source: str) -> Held:
    """What a store holds beside one source's rows, loads and issues."""
    loads = {row["load_id"] for row in found["load"] if row["source"] == source}
    return {
        name: [row for row in rows if row.get("source") != source and row.get("load_id") not in loads]
        for name, rows in found.items()
    }


def rows_of(found: Held, source: str) -> dict[str, dict[str, Any]]:
    """A source's own rows by their id, without what a reload may change: the database's own numbers."""
    keys = {"asset": "asset_id", "area": "area_code", "street": "street_id", "locator": "locator_id"}
    return {
        row[key].removeprefix(f"{source}:"): {name: value for name, value in row.items() if name != "fid"}
        for table_name, key in keys.items()
        for row in found[table_name]
        if row["source"] == source
    }
