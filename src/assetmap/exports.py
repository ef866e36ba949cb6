"""Frames -> files that others can use, each with its sources and licences beside it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from assetmap.errors import SettingError
from assetmap.space import STORED_CRS
from assetmap.store import is_store

ExportFormat = Literal["gpkg", "geojson", "csv"]
FORMATS: Final[tuple[ExportFormat, ...]] = ("gpkg", "geojson", "csv")

SOURCES_NAME: Final = "sources.csv"
LICENCES_NAME: Final = "LICENCES.txt"

TERMS_TITLE: Final = "the terms of these files"
"""How the first line of the licences ends; with :data:`_MARK`, how an earlier export is known for ours."""

_MARK: Final = {"DESCRIPTION": "Exported by assetmap"}
"""Among what a GeoPackage says of each of its layers."""

_CLOCK: Final = "OGR_CURRENT_DATE"
"""GDAL's setting for what a GeoPackage says of when it was written; without it, now."""

GDAL_FAULTS: Final = (DataLayerError, DataSourceError)
"""How GDAL says that it could not read or write."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Part:
    """Rows of one layer under one licence: a share-alike licence must not spread to rows of another.

    Attributes
    ----------
    name
        The file's or the layer's name, such as ``green_space`` or ``green_space_ODbL-1.0``.
    rows
        In EPSG:4326.
    """

    name: str
    rows: gpd.GeoDataFrame


def by_licence(layer_id: str, rows: gpd.GeoDataFrame, licences: Mapping[str, str]) -> Iterator[Part]:
    """A layer's rows, those of each licence apart; the open government ones keep the plain name.

    Parameters
    ----------
    rows
        With a ``source`` column.
    licences
        The licence of each source; one that is not listed is what people added here.
    """
    terms = rows["source"].map(dict(licences)).fillna("contributed")
    for licence, part in rows.groupby(terms.to_numpy(dtype=object), sort=True):
        plain = "OGL-UK-3.0" in str(licence) or len(set(terms)) == 1
        name = layer_id if plain else f"{layer_id}_{str(licence).replace('; ', '_')}"
        yield Part(name, gpd.GeoDataFrame(part.reset_index(drop=True), crs=STORED_CRS))


def open_details(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Rows whose ``details`` have become columns; ``access`` is left out, as it is a second geometry."""
    if "details" not in rows:
        return rows
    details = pd.DataFrame([json.loads(text) if text else {} for text in rows["details"]], index=rows.index)
    plain = rows.drop(columns=[name for name in ("details", "access") if name in rows])
    fresh = details[[name for name in details if name not in plain]]
    joined = pd.concat([plain.drop(columns="geometry"), fresh], axis=1)
    return gpd.GeoDataFrame(joined, geometry=plain.geometry, crs=plain.crs)


def write(parts: list[Part], sources: pd.DataFrame, licence_text: str, target: Path, kind: ExportFormat) -> list[Path]:
    """Write the parts, and beside them a table of sources and the licences' own words.

    Files that are there already give way only to a whole export, and only if they are an earlier one.

    Parameters
    ----------
    target
        For ``gpkg`` a file; for ``geojson`` and ``csv`` a folder, made if need be.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    SettingError
        If the folder cannot be written to, or what is there already is no earlier export. Nothing was changed then.
    """
    _refuse_wrong_sort(target, kind)
    folder, prefix = (target.parent, f"{target.stem}_") if kind == "gpkg" else (target, "")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".assetmap-", dir=folder) as draft:
            made = _WRITERS[kind](parts, Path(draft) / target.name if kind == "gpkg" else Path(draft))
            beside, terms = (Path(draft) / f"{prefix}{name}" for name in (SOURCES_NAME, LICENCES_NAME))
            beside.write_text(csv_text(sources), encoding="utf-8-sig")
            terms.write_text(licence_text, encoding="utf-8")
            made += [beside, terms]
            _refuse_to_replace([folder / path.name for path in made], folder / terms.name)
            return [path.replace(folder / path.name) for path in made]
    except OSError as fault:
        raise _not_written(folder, fault.strerror or str(fault)) from fault
    except GDAL_FAULTS as fault:
        why = f"see whether the disk is full (GDAL says: {str(fault).rstrip('.')})"
        raise _not_written(folder, why) from fault


def _not_written(folder: Path, why: str) -> SettingError:
    return SettingError(f"{folder} cannot be written to: {why}. Nothing was changed. Choose another place.")


def _refuse_wrong_sort(target: Path, kind: ExportFormat) -> None:
    if kind == "gpkg" and target.is_dir():
        raise SettingError(f"{target} is a folder. Name a file in it, such as {target / 'export.gpkg'}.")
    if kind == "gpkg" and target.suffix.lower() != ".gpkg":
        raise SettingError(f"{target} must end .gpkg.")
    if kind != "gpkg" and target.exists() and not target.is_dir():
        raise SettingError(f"{target} is a file, and {kind} files go to a folder. Name a folder.")


def _refuse_to_replace(paths: list[Path], terms: Path) -> None:
    """Refuse where a file stands already that is no part of an earlier export; a store least of all."""
    for path in (each for each in paths if each.exists()):
        if is_store(path):
            raise SettingError(
                f"{path} is a store of assetmap, with all that was loaded and added; an export would take its place. "
                "Choose another name."
            )
        if not (_is_marked(path) if path.suffix.lower() == ".gpkg" else _are_terms(terms)):
            raise SettingError(
                f"{path} is there already and is no earlier export of assetmap's, so it is left as it is. "
                "Choose another name."
            )


def _is_marked(path: Path) -> bool:
    """Whether every layer of a GeoPackage is our own: somebody may have drawn theirs beside ours."""
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        told = [pyogrio.read_info(path, layer=name)["layer_metadata"] for name in names]
    except GDAL_FAULTS:
        return False
    return bool(told) and all(_MARK.items() <= (each or {}).items() for each in told)


def _are_terms(path: Path) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return text.partition("\n")[0].endswith(TERMS_TITLE)


def csv_text(rows: pd.DataFrame, digits: int | None = None) -> str:
    """A table as CSV, a list in one cell, in which no cell can act as a formula when a spreadsheet opens it.

    Parameters
    ----------
    digits
        How many significant digits numbers are written with; without it, all.
    """
    form = None if digits is None else f"%.{digits}g"
    return _disarmed(rows).to_csv(index=False, lineterminator="\n", float_format=form)


def listed(cell: Any) -> Any:
    """A list as one text, ``a; b``; anything else as it is."""
    return "; ".join(map(str, cell)) if isinstance(cell, list | tuple) else cell


def _disarmed(rows: pd.DataFrame) -> pd.DataFrame:
    safe = rows.copy()
    for name in safe.select_dtypes(include=["object", "str"]).columns:
        cells = [listed(cell) for cell in safe[name]]
        safe[name] = pd.Series([f"'{cell}" if _is_armed(cell) else cell for cell in cells], safe.index, dtype=object)
    return safe


def _is_armed(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(_FORMULA_STARTS)


def _write_gpkg(parts: list[Part], target: Path) -> list[Path]:
    for part in parts:
        pyogrio.write_dataframe(
            part.rows, target, layer=part.name, driver="GPKG", promote_to_multi=False, layer_options=_MARK
        )
    return [target]


def gpkg_rows(content: bytes) -> dict[str, pd.DataFrame]:
    """Each layer of a GeoPackage by its name, every cell as text; a shape is told to a centimetre, in ``where``.

    What is no GeoPackage that can be read has no layers.
    """
    with TemporaryDirectory(prefix="assetmap-") as draft:
        path = Path(draft) / "layers.gpkg"
        path.write_bytes(content)
        try:
            layers = [str(layer) for layer in pyogrio.list_layers(path)[:, 0]]
        except DataSourceError:
            return {}
        return {layer: _in_words(pyogrio.read_dataframe(path, layer=layer)) for layer in layers}


def _in_words(rows: gpd.GeoDataFrame) -> pd.DataFrame:
    words = pd.DataFrame(rows.drop(columns="geometry")).astype(object)
    return words.where(words.notna(), "").astype(str).assign(where=rows.geometry.to_wkt(rounding_precision=7))


def gpkg_bytes(parts: list[Part], day: dt.date) -> bytes:
    """A GeoPackage of the parts that says it was written on a day: the same parts give the same bytes.

    Raises
    ------
    SettingError
        If there is no room for it where temporary files go.
    """
    before = pyogrio.get_gdal_config_option(_CLOCK)
    try:
        pyogrio.set_gdal_config_options({_CLOCK: f"{day.isoformat()}T00:00:00.000Z"})
        with TemporaryDirectory(prefix="assetmap-") as draft:
            (path,) = _write_gpkg(parts, Path(draft) / "layers.gpkg")
            return path.read_bytes()
    except OSError as fault:
        raise _no_room(fault.strerror or str(fault)) from fault
    except GDAL_FAULTS as fault:
        raise _no_room(f"GDAL says: {str(fault).rstrip('.')}") from fault
    finally:
        pyogrio.set_gdal_config_options({_CLOCK: before})


def _no_room(why: str) -> SettingError:
    return SettingError(
        f"Nothing can be written to {gettempdir()}, where temporary files go ({why}). Nothing was changed. See whether "
        "its disk is full, and make room there or have TMPDIR name another folder."
    )


def _write_geojson(parts: list[Part], target: Path) -> list[Path]:
    written = []
    for part in parts:
        path = target / f"{part.name}.geojson"
        path.write_text(geojson_text(part.rows), encoding="utf-8")
        written.append(path)
    return written


def geojson_text(rows: gpd.GeoDataFrame) -> str:
    """Rows as GeoJSON (RFC 7946: longitude and latitude, seven decimals), blanks as ``null``."""
    plain = rows.copy()
    plain["geometry"] = plain.geometry.set_precision(1e-7, mode="pointwise")
    for name in plain.columns.drop("geometry"):
        column = plain[name].astype(object)
        plain[name] = pd.Series([None if _is_blank(cell) else cell for cell in column], index=plain.index, dtype=object)
    return str(plain.to_json(na="null", drop_id=True, ensure_ascii=False))


def _is_blank(cell: object) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and cell != cell)


def _write_csv(parts: list[Part], target: Path) -> list[Path]:
    written = []
    for part in parts:
        path = target / f"{part.name}.csv"
        points = part.rows.geometry.representative_point()
        table = part.rows.drop(columns="geometry").assign(
            longitude=points.x.round(6), latitude=points.y.round(6), geometry_wkt=part.rows.geometry.to_wkt()
        )
        path.write_text(csv_text(pd.DataFrame(table)), encoding="utf-8-sig")
        written.append(path)
    return written


_WRITERS: Final = {"gpkg": _write_gpkg, "geojson": _write_geojson, "csv": _write_csv}
