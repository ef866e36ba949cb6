"""Shapes and their attributes, by GDAL: GeoPackage, GeoJSON, shapefile, GML, FlatGeobuf, KML and the like."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from assetmap.errors import SourceError
from assetmap.readers.spec import ReadSpec, numbered, text_frame, unique_names, value_text
from assetmap.readers.unpacking import head_of, refuse_kind, unpacked
from assetmap.space import Shapes, flat, parse_crs
from assetmap.tables import RawFrame

VECTOR_SUFFIXES: Final = frozenset(
    {".gpkg", ".geojson", ".geojsonl", ".json", ".shp", ".gml", ".fgb", ".kml", ".gpx", ".tab", ".mif"}
)
SHAPEFILE_PARTS: Final = frozenset({".shx", ".dbf", ".prj", ".cpg", ".gfs", ".xsd", ".dat", ".id", ".map", ".mid"})
TABLE_DRIVERS: Final = frozenset({"CSV", "XLSX", "ODS", "XLS"})
MOST_NOTES: Final = 10

GDAL_FAULTS: Final = (DataSourceError, DataLayerError, OSError)  # OSError is how Arrow reports a damaged stream

_POINTS_ELSEWHERE: Final = (b"<OGRVRT", b"<VRTDataset", b"<OGRWFS", b"<GDAL_WMS", b"gdal_streamed_alg")
_NAMED_CRS: Final = re.compile(rb'"crs"\s*:\s*\{[^{}]*"properties"\s*:\s*\{[^{}]*?"(?:name|code)"\s*:\s*"?([^",}]+)')
_FOLDERS: Final = re.compile(r"(?:/[^\s/']+)+/([^\s/']+)")
_ADVICE: Final = re.compile(r";? It might help|[;.] To avoid|[;.] Set [A-Z_]+ config")

_TABLE_REMEDY: Final = "Use the reader 'csv' and say which columns hold the coordinates."


@dataclass(frozen=True)
class _Layer:
    """One layer of one file."""

    path: Path
    name: str
    spatial: bool


def read_vector(spec: ReadSpec) -> RawFrame:
    """The features of one layer; see :func:`assetmap.readers.read`.

    A feature without a shape keeps its row, with a shape of ``None``. Heights are left out.
    """
    notes: list[str] = []
    with unpacked(spec, VECTOR_SUFFIXES, SHAPEFILE_PARTS) as paths, gdal_notes(spec, notes):
        refuse_pointers(spec, paths)
        layer = _one_layer(spec, [layer for path in paths for layer in _layers(path)])
        info = pyogrio.read_info(layer.path, layer=layer.name, force_feature_count=True)
        crs = _crs(spec, layer, info)
        wanted = [name for name in info["fields"] if spec.wants(name)]
        table, shape_column = _read_layer(spec, layer, wanted)
    _require_all(spec, info["features"], table.num_rows)
    columns = {ours: _texts(table.column(name)) for ours, name in zip(unique_names(wanted), wanted, strict=True)}
    return RawFrame(
        rows=text_frame(columns, table.num_rows),
        row_numbers=numbered(table.num_rows),
        shapes=gpd.GeoSeries(_shapes(table.column(shape_column), notes), crs=crs),
        notes=tuple(notes),
    )


def _read_layer(spec: ReadSpec, layer: _Layer, columns: list[str]) -> tuple[Any, str]:
    """A layer as an Arrow table, and the name of its column of shapes."""
    meta, table = pyogrio.read_arrow(
        layer.path, layer=layer.name, encoding=spec.encoding, columns=columns, datetime_as_string=True
    )
    return table, meta["geometry_name"] or "wkb_geometry"


def refuse_pointers(spec: ReadSpec, paths: list[Path]) -> None:
    """Refuse files that only tell GDAL to open other files or addresses (SourceError)."""
    heads = (head_of(replace(spec, path=path)) for path in paths)
    if any(mark in head for head in heads for mark in _POINTS_ELSEWHERE):
        raise spec.fault("only points to data elsewhere", "Give the data itself.")


@contextmanager
def gdal_notes(spec: ReadSpec, notes: list[str]) -> Iterator[None]:
    """GDAL's faults as errors that name the file, and its warnings added to ``notes`` instead of printed."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        try:
            yield
        except UnicodeDecodeError as fault:
            raise spec.fault("has names of columns that are not UTF-8", "Save it as UTF-8.") from fault
        except GDAL_FAULTS as fault:
            refuse_kind(spec, head_of(spec))
            raise spec.fault(
                f"could not be read to its end: {_plain(fault)}",
                "It may be damaged or cut off (download it again), or not be of the kind its name says.",
            ) from fault
    said = dict.fromkeys(_plain(warning.message) for warning in caught if warning.category is RuntimeWarning)
    notes.extend(f"GDAL says: {message}" for message in list(said)[:MOST_NOTES])


def _plain(message: Warning | Exception | str) -> str:
    """GDAL's words without folders and without its advice to programmers."""
    return _FOLDERS.sub(r"\1", _ADVICE.split(str(message))[0]).strip().rstrip(".")


def _layers(path: Path) -> list[_Layer]:
    return [_Layer(path, str(name), kind is not None) for name, kind in pyogrio.list_layers(path)]


def _one_layer(spec: ReadSpec, layers: list[_Layer]) -> _Layer:
    if spec.sublayer is not None:
        chosen = [layer for layer in layers if spec.sublayer in (layer.name, layer.path.name, layer.path.stem)]
        if not chosen:
            raise spec.fault(f"has no layer called {spec.sublayer!r}", f"It has: {_listed(layers)}.")
        return chosen[0]
    spatial = [layer for layer in layers if layer.spatial]
    filled = [layer for layer in spatial if len(spatial) == 1 or _count(layer) != 0]
    if len(filled) > 1:
        raise spec.fault(
            f"holds {len(filled)} layers ({_listed(filled)})",
            "Say which with 'sublayer', or declare a source for each.",
        )
    if not layers:
        raise spec.fault("could not be read: no layer was found in it", "It may be damaged; download it again.")
    if not spatial:
        raise spec.fault("holds no shapes, only a table", _TABLE_REMEDY)
    return (filled or spatial)[0]


def _count(layer: _Layer) -> int:
    return int(pyogrio.read_info(layer.path, layer=layer.name, force_feature_count=True)["features"])


def _listed(layers: list[_Layer]) -> str:
    names = list(dict.fromkeys(layer.name for layer in layers))
    return ", ".join(names[:30]) + (", ..." if len(names) > 30 else "")


def _crs(spec: ReadSpec, layer: _Layer, info: dict[str, Any]) -> pyproj.CRS:
    if info["driver"] in TABLE_DRIVERS or info["geometry_type"] is None:
        raise spec.fault("holds no shapes, only a table", _TABLE_REMEDY)
    if spec.crs is not None:
        return known_crs(spec, spec.crs)
    if info["driver"] == "GeoJSON":
        _require_known_crs(spec, layer.path)
    if info["crs"] is None:
        raise spec.fault(
            "does not say its coordinate system",
            "Declare it as 'crs': that of eastings and northings, or of longitude and latitude.",
        )
    return known_crs(spec, info["crs"])


def known_crs(spec: ReadSpec, name: str) -> pyproj.CRS:
    """The coordinate system of a name, or an error that also names the file (SourceError)."""
    try:
        return parse_crs(name)
    except SourceError as fault:
        says = str(fault).rstrip(".")
        raise spec.fault(f"has a coordinate system that is not known: {says}", "Declare it as 'crs'.") from fault


def _require_known_crs(spec: ReadSpec, path: Path) -> None:
    """Refuse a GeoJSON file that names a system nobody knows; GDAL would take it for longitude and latitude."""
    named = _NAMED_CRS.search(path.read_bytes())
    if named:
        known_crs(spec, named[1].decode("utf-8", "replace"))


def _require_all(spec: ReadSpec, declared: int, read: int) -> None:
    """Refuse a file of which a part was lost on the way: GDAL's fast reader says nothing when it breaks off."""
    if read < declared:
        raise spec.fault(f"holds {declared:,} features, but only {read:,} could be read", "Download it again.")


def _shapes(column: Any, notes: list[str]) -> Shapes:
    """Geometries out of their binary form; a broken ring is closed or its row has no shape, and a note says so."""
    binary = np.array(column.to_pylist(), dtype=object)
    try:
        return flat(shapely.from_wkb(binary))
    except shapely.errors.GEOSException:
        shapes = flat(shapely.from_wkb(binary, on_invalid="fix"))
    broken = np.array([item is not None for item in binary]) & shapely.is_missing(
        shapely.from_wkb(binary, on_invalid="ignore")
    )
    lost = broken & shapely.is_missing(shapes)
    notes.extend(_row_list("A ring does not close and was closed", broken & ~lost))
    notes.extend(_row_list("A shape is broken and was left out", lost))
    return shapes


def _row_list(what: str, which: np.ndarray[Any, np.dtype[np.bool_]]) -> Iterator[str]:
    rows = np.flatnonzero(which) + 1
    if rows.size:
        yield f"{what}: row {', '.join(map(str, rows[:20]))}{' and others' if rows.size > 20 else ''}."


def _texts(column: Any) -> list[str]:
    try:
        return [value.strip() if type(value) is str else value_text(value) for value in column.to_pylist()]
    except UnicodeDecodeError:
        return [_decoded(value) for value in column.cast("binary").to_pylist()]


def _decoded(value: bytes | None) -> str:
    if value is None:
        return ""
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace").strip()
