"""The examples in a layer's file, run: given this row, it becomes that."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd

from assetmap import space
from assetmap.checks import Checked, check
from assetmap.conform import Context, conform
from assetmap.ground import Ground
from assetmap.layers import Example, Layer
from assetmap.places import Place
from assetmap.sources import Source
from assetmap.tables import RawFrame

_FILE = {
    "id": "example",
    "path": "./example",
    "reader": "csv",
    "title": "Example",
    "publisher": "Example publisher",
    "licence": "CC0-1.0",
    "attribution": ["None needed."],
    "source_date": "2025",
}


def run_example(layer: Layer, example: Example) -> Checked:
    """One example row, taken through conforming and the checks as any source is."""
    source = Source.model_validate({**_FILE, "layer": layer.id, **example.source})
    place = Place(id="example", name="Example", sources={"example": source}, folder=Path())
    rows = pd.DataFrame([example.given], dtype=object)
    shapes = gpd.GeoSeries.from_wkt([example.shape], crs=space.STORED_CRS) if example.shape else None
    raw = RawFrame(rows, pd.Series([1]), shapes)
    context = Context(place, dt.date.today().isoformat())
    return check(conform(raw, source, layer, context), source, layer, context, Ground(None))


def faults_of(layer: Layer) -> list[str]:
    """What the examples of a layer's file promise and do not keep; empty when they all hold."""
    return [f"{layer.id}: {example.says} {fault}" for example in layer.examples for fault in _faults(layer, example)]


def _faults(layer: Layer, example: Example) -> list[str]:
    checked = run_example(layer, example)
    faults = []
    raised = set(zip(checked.issues["field"], checked.issues["kind"], strict=True))
    if example.raises and (example.raises.field, example.raises.kind) not in raised:
        faults.append(f"It raised {sorted(raised)}, not {(example.raises.field, example.raises.kind)}.")
    if not example.raises and raised:
        faults.append(f"It raised {sorted(raised)}.")
    if example.set_aside is not None and dict(checked.set_aside) != {example.set_aside: 1}:
        faults.append(f"It was not set aside by that rule, but {dict(checked.set_aside)}.")
    if example.becomes is not None:
        faults.extend(_differences(checked, example.becomes))
    elif checked.stored:
        faults.append("It was stored.")
    return faults


def _differences(checked: Checked, becomes: dict[str, str]) -> list[str]:
    if checked.stored != 1:
        return ["It was not stored."]
    row = checked.rows.iloc[0]
    shown = {name: "" if pd.isna(row[name]) else str(row[name]) for name in becomes}
    wrong = {name: wanted for name, wanted in becomes.items() if shown[name] != wanted}
    return [f"{name} became {shown[name]!r}, not {wanted!r}." for name, wanted in wrong.items()]
