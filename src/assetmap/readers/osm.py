"""OpenStreetMap extracts (``.osm``, ``.osm.pbf``): the features that have the tags asked for.

GDAL reads them layer by layer. A node becomes a row of ``points``, an open way one of ``lines``, a closed way or a
multipolygon relation one of ``multipolygons``, and one thing may be both a node and an outline: both come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from assetmap.readers.spec import ReadSpec, numbered, text_frame
from assetmap.readers.unpacking import head_of, refuse_kind, unpacked
from assetmap.readers.vector import gdal_notes, known_crs, refuse_pointers
from assetmap.space import STORED_CRS
from assetmap.tables import RawFrame

OSM_SUFFIXES: Final = frozenset({".pbf", ".osm"})
LAYERS: Final = ("points", "lines", "multilinestrings", "multipolygons", "other_relations")
DEFAULT_LAYERS: Final = ("points", "lines", "multipolygons")
ANY_VALUE: Final = "*"
ID_COLUMN: Final = "osm_id"

OUTLINE_KEYS: Final = (
    *("aeroway", "amenity", "boundary", "building", "club", "craft", "geological", "healthcare", "historic"),
    *("landuse", "leisure", "military", "natural", "office", "place", "playground", "shop", "social_facility"),
    *("sport", "tourism", "highway=platform", "public_transport=platform"),
)
"""A closed way with one of these keys is an outline, as the OpenStreetMap wiki has it; a closed road stays a line."""

_WAY_KEYS: Final = frozenset({"highway", "railway", "waterway", "barrier", "route", "power", "aerialway"})
_KEY: Final = re.compile(r"[\w:.\-]+")
_MARKS: Final = (b"OSMHeader", b"<osm")
"""What GDAL knows an extract by, packed or as XML."""

_MOST_ROOM_MB: Final = 100
_ROOM_FOR_EACH: Final = 10
_FIELDS: Final = ("osm_id", "osm_way_id", "all_tags")
_KIND_OF: Final = {"points": "node", "lines": "way"}


def read_osm(spec: ReadSpec) -> RawFrame:
    """The chosen features with their tags as columns; see :func:`assetmap.readers.read`.

    The first column is ``osm_id`` (``node/1``, ``way/2``, ``relation/3``); the tags follow in alphabetical order.
    Points come first, then lines, then outlines; rows are numbered in the order in which they come.
    """
    layers = _layers(spec)
    where = _where(spec)
    crs = known_crs(spec, spec.crs or STORED_CRS)  # OpenStreetMap has no other
    notes: list[str] = []
    ids, tags, shapes = list[str](), list[str](), list[Any]()
    with unpacked(spec, OSM_SUFFIXES, frozenset()) as paths, TemporaryDirectory(prefix="assetmap-") as folder:
        config = Path(folder) / "osm.ini"
        config.write_text(_config(spec.where or {}), encoding="utf-8")
        refuse_pointers(spec, paths)
        _require_osm(spec, paths)
        room = _room_mb(paths[0])
        for layer in layers:
            with gdal_notes(spec, notes):
                # the slower reader, because the fast one says nothing when a file breaks off
                meta, _, wkb, fields = pyogrio.raw.read(
                    paths[0], layer=layer, where=where, columns=_FIELDS, CONFIG_FILE=str(config),
                    MAX_TMPFILE_SIZE=str(room),
                )  # fmt: skip
            column = dict(zip(meta["fields"], fields, strict=True))
            ids.extend(_ids(layer, column))
            tags.extend(column["all_tags"])
            shapes.extend(shapely.from_wkb(wkb, on_invalid="ignore"))
    return RawFrame(
        rows=text_frame(_columns(spec, ids, tags), len(ids)),
        row_numbers=numbered(len(ids)),
        shapes=gpd.GeoSeries(np.array(shapes, dtype=object), crs=crs),
        notes=tuple(notes),
    )


def _layers(spec: ReadSpec) -> Sequence[str]:
    if spec.sublayer is None:
        return DEFAULT_LAYERS
    asked = [name.strip() for name in spec.sublayer.split(",")]
    unknown = [name for name in asked if name not in LAYERS]
    if unknown:
        raise spec.fault(f"has no layer called {unknown[0]!r}", f"OpenStreetMap files have: {', '.join(LAYERS)}.")
    return asked


def chosen_tags(spec: ReadSpec) -> Mapping[str, tuple[str, ...]]:
    """The tags asked for; keys that no tag can have and keys without values are refused (SourceError)."""
    for key, values in (spec.where or {}).items():
        if not _KEY.fullmatch(key):
            raise spec.fault(f"cannot be searched for the tag {key!r}", "A key has letters, digits and : . _ - only.")
        if not values:
            raise spec.fault(f"cannot be searched for the tag {key!r} without values", 'Use "*" for any value.')
    return spec.where or {}


def _where(spec: ReadSpec) -> str | None:
    """The tags asked for, as a condition in GDAL's SQL."""
    return " OR ".join(_condition(key, values) for key, values in chosen_tags(spec).items()) or None


def _condition(key: str, values: tuple[str, ...]) -> str:
    if ANY_VALUE in values:
        return f'"{key}" IS NOT NULL'
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f'"{key}" IN ({listed})'


def _config(keys: Mapping[str, tuple[str, ...]]) -> str:
    """What GDAL is told of the file: which closed ways are outlines, and which keys the condition needs as columns."""
    outlines = [*OUTLINE_KEYS, *(key for key in keys if key not in _WAY_KEYS and key not in OUTLINE_KEYS)]
    lines = [
        f"closed_ways_are_polygons={','.join(outlines)}",
        "attribute_name_laundering=no",
        "tags_format=json",
    ]
    for layer in LAYERS:
        lines += [f"[{layer}]", "osm_id=yes", f"attributes={','.join(keys)}", "all_tags=yes"]
        if layer == "multipolygons":
            lines.append("osm_way_id=yes")
    return "\n".join(lines)


def _require_osm(spec: ReadSpec, paths: list[Path]) -> None:
    if len(paths) > 1:
        raise spec.fault(f"holds {len(paths)} files ({', '.join(path.name for path in paths)})", "Give one of them.")
    head = head_of(replace(spec, path=paths[0]))
    refuse_kind(spec, head)
    if not any(mark in head for mark in _MARKS):
        raise spec.fault("is not an OpenStreetMap extract", "Give an .osm or .osm.pbf file.")


def _room_mb(path: Path) -> int:
    """How many megabytes GDAL may hold of a file's positions before it writes them to disk; its own limit is the most.

    It clears all of them at every start, which for the extract of a town takes longer than reading.
    """
    return min(_MOST_ROOM_MB, 1 + _ROOM_FOR_EACH * path.stat().st_size // 1_000_000)


def _ids(layer: str, column: Mapping[str, Any]) -> Iterator[str]:
    if layer != "multipolygons":
        kind = _KIND_OF.get(layer, "relation")
        return (f"{kind}/{number}" for number in column["osm_id"])
    # an outline made of one closed way has that way's number, one made of several has its relation's
    pairs = zip(column["osm_way_id"], column["osm_id"], strict=True)
    return (f"way/{way}" if way is not None else f"relation/{relation}" for way, relation in pairs)


class _Columns(dict[str, list[str] | None]):
    """A column for each key asked for, made when it first occurs; ``None`` for every other key."""

    def __init__(self, spec: ReadSpec, rows: int) -> None:
        self._spec, self._rows = spec, rows

    def __missing__(self, key: str) -> list[str] | None:
        wanted = self._spec.wants(key) and key != ID_COLUMN
        self[key] = column = [""] * self._rows if wanted else None
        return column


def _columns(spec: ReadSpec, ids: list[str], tags: list[str]) -> dict[str, list[str]]:
    """The columns of features with these ids, and their tags as JSON objects."""
    columns, places = _Columns(spec, len(ids)), count()

    def fill(pairs: list[tuple[str, str]]) -> None:
        # a mapping kept for each feature would take more memory, and time of the garbage collector, than all the rest
        place = next(places)
        for key, value in pairs:
            if (column := columns[key]) is not None:
                column[place] = value.strip()

    json.loads(f"[{','.join(tags)}]", object_pairs_hook=fill)
    return {ID_COLUMN: ids} | {key: column for key, column in sorted(columns.items()) if column is not None}
