"""Rows for tests: each builder gives whole valid rows, so that a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from assetmap.records import ContributionRecord, LoadRecord
from assetmap.tables import (
    ACCESS_COLUMNS,
    AREA_COLUMNS,
    ASSET_COLUMNS,
    FIGURE_COLUMNS,
    HEIGHT_COLUMNS,
    ISSUE_COLUMNS,
    LOCATOR_COLUMNS,
    STREET_COLUMNS,
    Areas,
    Assets,
    Figures,
    Heights,
    Issues,
    Locators,
    Streets,
)

PLACE = "seaford"
HALL = shapely.Point(-1.5, 52.5)
SQUARE = shapely.MultiPolygon([shapely.box(-1.6, 52.4, -1.4, 52.6)])

Rows = Sequence[Mapping[str, Any]]

_WHOLE = {
    "easting_m",
    "northing_m",
    "population",
    "imd_rank",
    "imd_decile",
    "imd_edition",
    "edition",
    "source_row",
    "contributed",
    "row",
}
_NUMBER = {"imd_score", "hours_per_week", "staffed_hours_per_week", "location_accuracy_m", "accuracy_m", "homes"}


def _column(name: str, values: list[Any]) -> pd.Series[Any]:
    kind = "Int64" if name in _WHOLE else "float64" if name in _NUMBER else "object"
    return pd.Series(values, dtype=kind)


def _table(columns: Sequence[str], defaults: Mapping[str, Any], rows: Rows, key: str | None) -> pd.DataFrame:
    whole = [{"source_row": number, **defaults, **row} for number, row in enumerate(rows, 1)]
    for number, row in enumerate(whole, 1):
        if key is not None:
            row.setdefault(key, f"{row.get('source', PLACE)}:{number}")
    return pd.DataFrame({name: _column(name, [row.get(name) for row in whole]) for name in columns})


def _shapes(columns: Sequence[str], defaults: Mapping[str, Any], rows: Rows, key: str) -> gpd.GeoDataFrame:
    frame = _table(columns, {"place_id": PLACE, "source": f"{PLACE}/register", **defaults}, rows, key)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=4326)


def assets(*rows: Mapping[str, Any]) -> Assets:
    defaults = {
        "layer": "halls",
        "kind": "hall",
        "name": "Hall",
        "status": "open",
        "located_by": "coordinates",
        "contributed": 0,
        "details": "{}",
        "geometry": HALL,
    }
    return Assets(_shapes(ASSET_COLUMNS, defaults, rows, "asset_id"))


def areas(*rows: Mapping[str, Any]) -> Areas:
    return Areas(_shapes(AREA_COLUMNS, {"geography": "LSOA 2021", "geometry": SQUARE}, rows, "area_code"))


def streets(*rows: Mapping[str, Any]) -> Streets:
    line = shapely.LineString([(-1.5, 52.5), (-1.49, 52.5)])
    defaults = {"kind": "residential", "details": "{}", "geometry": line}
    return Streets(_shapes(STREET_COLUMNS, defaults, rows, "street_id"))


def figures(*rows: Mapping[str, Any]) -> Figures:
    defaults = {
        "place_id": PLACE,
        "source": f"{PLACE}/register",
        "layer": "hardship",
        "code": "E01000001",
        "geography": "LSOA 2021",
        "details": "{}",
    }
    return Figures(_table(FIGURE_COLUMNS, defaults, rows, "figure_id"))


def heights(*rows: Mapping[str, Any]) -> Heights:
    known = f"[{', '.join(['12.5'] * 399)}, null]"
    defaults = {
        "place_id": PLACE,
        "source": f"{PLACE}/register",
        "easting_m": 1000,
        "northing_m": 0,
        "heights_m": known,
    }
    return Heights(_table(HEIGHT_COLUMNS, defaults, rows, "height_id"))


def locators(*rows: Mapping[str, Any]) -> Locators:
    defaults = {"scheme": "postcode", "reference": "SF1 1AA", "accuracy_m": 100.0, "details": "{}", "geometry": HALL}
    return Locators(_shapes(LOCATOR_COLUMNS, defaults, rows, "locator_id"))


def doors(*rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    defaults = {"place_id": PLACE, "kind": "gate", "geometry": HALL}
    return gpd.GeoDataFrame(_table(ACCESS_COLUMNS, defaults, rows, "access_id"), geometry="geometry", crs=4326)


def issues(*rows: Mapping[str, Any]) -> Issues:
    defaults = {
        "source": f"{PLACE}/register",
        "kind": "no_location",
        "effect": "dropped",
        "message": "No postcode. Add one.",
    }
    return Issues(_table(ISSUE_COLUMNS, defaults, rows, None))


def load(stored: int, **changed: Any) -> LoadRecord:
    counts = {"set_aside": changed.pop("set_aside", 0), "dropped": changed.pop("dropped", 0)}
    given: dict[str, Any] = {
        "place_id": PLACE,
        "source": f"{PLACE}/register",
        "layer": "halls",
        "title": "Register of halls",
        "publisher": "Seaford Council",
        "licence": "OGL-3.0",
        "attribution": "Contains public sector information",
        "path": "halls.csv",
        "sha256": "0" * 64,
        "stored": stored,
        "rows_in": stored + sum(counts.values()),
        "loaded_at": "2026-01-31T09:30:00Z",
        **counts,
        **changed,
    }
    return LoadRecord(**given)


def contribution(**changed: Any) -> ContributionRecord:
    given: dict[str, Any] = {
        "place_id": PLACE,
        "layer": "halls",
        "kind": "hall",
        "name": "Scout hut",
        "geometry": HALL,
        "created_at": "2026-02-01T10:00:00Z",
        **changed,
    }
    return ContributionRecord(**given)
