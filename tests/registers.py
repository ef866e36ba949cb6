"""Registers for tests: a source, its rows and its place in a few words, and the way in up to the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import yaml

from assetmap.checks import Checked, check
from assetmap.conform import Conformed, Context, conform
from assetmap.ground import Ground
from assetmap.layers import Layer, read_layers
from assetmap.places import Place
from assetmap.sources import Source
from assetmap.space import STORED_CRS
from assetmap.tables import Areas, Locators, RawFrame

ROOT = Path(__file__).parents[1]
LAYERS = read_layers(ROOT / "layers")
TODAY = "2026-03-15"

FILE = {
    "path": "./register.csv",
    "reader": "csv",
    "title": "A register",
    "publisher": "Hand Town Council",
    "licence": "OGL-UK-3.0",
    "attribution": ["Contains public sector information licensed under the Open Government Licence v3.0."],
    "source_date": "2025",
}

Row = Mapping[str, str]


def source(layer: str = "community_buildings", **keys: Any) -> Source:
    """A source of a layer, with these keys of a place file."""
    return Source.model_validate({"id": "register", **FILE, "layer": layer, **keys})


def raw(
    rows: Sequence[Row], shapes: Sequence[shapely.Geometry | None] | None = None, crs: str = STORED_CRS
) -> RawFrame:
    """Rows as a reader gives them: every value text, blank where a row says nothing."""
    frame = pd.DataFrame(list(rows), dtype="str").fillna("")
    numbers = pd.Series(range(1, len(frame) + 1), dtype="int64")
    return RawFrame(frame, numbers, gpd.GeoSeries(list(shapes), crs=crs) if shapes is not None else None)


def context(ground: Ground, locators: Locators | None = None, **place: Any) -> Context:
    """The context of a place called Hand Town."""
    sources = {"register": {**FILE, "layer": "community_buildings"}}
    whole = Place.model_validate({"id": "handtown", "name": "Hand Town", "sources": sources, "folder": ".", **place})
    return Context(whole, TODAY, ground.box, locators)


def conformed(
    given: RawFrame,
    of: Source,
    areas: Areas | None = None,
    locators: Locators | None = None,
    layer: Layer | None = None,
) -> Conformed:
    """A register taken as far as conforming."""
    return conform(given, of, layer or LAYERS[of.layer], context(Ground(areas), locators))


def judged(
    given: RawFrame,
    of: Source,
    areas: Areas | None = None,
    locators: Locators | None = None,
    layer: Layer | None = None,
) -> Checked:
    """A register taken through conforming and the checks."""
    layer, ground = layer or LAYERS[of.layer], Ground(areas)
    around = context(ground, locators)
    return check(conform(given, of, layer, around), of, layer, around, ground)


def raised(checked: Checked) -> list[tuple[int | None, str, str, str]]:
    """Row, field, kind and effect of every issue, in the order they were raised."""
    rows = [None if pd.isna(row) else int(row) for row in checked.issues["row"]]
    rest = checked.issues[["field", "kind", "effect"]].itertuples(index=False, name=None)
    return [(row, *words) for row, words in zip(rows, rest, strict=True)]


def write_place(
    folder: Path, sources: Mapping[str, Mapping[str, Any]], /, place_id: str = "handtown", **keys: Any
) -> Path:
    """A place file in a folder, each source having all that a source needs."""
    whole = {name: {**FILE, **given} for name, given in sources.items()}
    path = folder / f"{place_id}.yaml"
    content = {"name": "Hand Town", **keys, "sources": whole}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path
