"""Layers as files for others, and the sources and licences that must travel with any figure or file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.exports import TERMS_TITLE, ExportFormat, Part, by_licence, open_details, write
from assetmap.layers import Layer, find_layer
from assetmap.placeview import PlaceView, Provenance
from assetmap.records import SourceFile
from assetmap.sources import LICENCES
from assetmap.wording import and_words, count_words, day_words


def source_line(source: Provenance) -> str:
    """One sentence on a source: of each of its files title, publisher, date and licence; how many issues it raised."""
    issues = count_words(source.issues, "issue", "issues") if source.issues else "no issues"
    return f"{'; '.join(map(_file_words, source.files))}; {issues}."


def _file_words(file: SourceFile) -> str:
    """``Libraries (Trafford Council, 31 December 2023; Open Government Licence v3.0)``."""
    licences = ", ".join(LICENCES.get(each, each) for each in file.licence.split("; "))
    return f"{file.title} ({', '.join(filter(None, [file.publisher, day_words(file.source_date)]))}; {licences})"


def sources_table(sources: Iterable[Provenance]) -> pd.DataFrame:
    """The sources as a table: what must travel with any figure or file."""
    return pd.DataFrame(
        [
            {
                "layer": source.layer,
                "source": source.source,
                "title": source.title,
                "publisher": source.publisher,
                "date": source.dates,
                "licence": source.licence,
                "attribution": source.attribution.replace("\n", " "),
                "loaded_at": source.loaded_at,
                "rows": source.rows,
                "issues": source.issues,
            }
            for source in sources
        ]
    )


def layers_to_export(view: PlaceView, names: Sequence[str] = ()) -> tuple[list[Layer], list[Layer]]:
    """The layers that words from a person mean; with no words, all of what is here and of what was lost.

    Returns
    -------
    (list of Layer, list of Layer)
        Those that have rows, and those that have none.

    Raises
    ------
    UnknownNameError
        If a word is no layer.
    QuestionError
        If a layer that was named has no rows, or none with shapes.
    """
    usual = [layer for layer in view.layers.values() if layer.holds == "assets" and layer.tells in ("here", "lost")]
    asked = [find_layer(view.layers, name) for name in names] or usual
    shapeless = [layer.id for layer in asked if layer.holds not in ("assets", "streets", "areas")]
    if shapeless:
        raise QuestionError(f"{and_words(shapeless)} cannot be exported: only places, areas and streets are.")
    filled = [layer for layer in asked if len(_to_export(view, layer))]
    empty = [layer for layer in asked if layer not in filled]
    if names and empty:
        missing = and_words([layer.id for layer in empty])
        raise QuestionError(f"Nothing of {missing} is loaded for {view.name}, so nothing was written.")
    return filled, empty


def _to_export(view: PlaceView, layer: Layer) -> gpd.GeoDataFrame:
    if layer.holds == "areas":
        return gpd.GeoDataFrame(view.areas)
    if layer.holds == "streets":
        return gpd.GeoDataFrame(view.streets)
    return gpd.GeoDataFrame(view.published[view.published["layer"] == layer.id])


def export_layers(view: PlaceView, layers: Sequence[Layer], target: Path, kind: ExportFormat) -> list[Path]:
    """Write layers to files, the rows of each licence apart, with sources and licences beside them.

    Parameters
    ----------
    layers
        As :func:`layers_to_export` finds them; neighbourhoods are written whatever they are.

    Returns
    -------
    list of Path
        What was written.
    """
    parts = parts_of(view, layers)
    told = [layer.id for layer in layers] + [each.id for each in view.layers.values() if each.holds == "areas"]
    sources = view.provenance(told)
    return write(parts, sources_table(sources), licence_text(view, sources), target, kind)


def parts_of(view: PlaceView, layers: Sequence[Layer]) -> list[Part]:
    """The rows of some layers, those of each licence apart, and the neighbourhoods they are told by."""
    licences = {str(row["source"]): str(row["licence"]) for _, row in view.loads.iterrows()}
    parts: list[Part] = []
    for layer in (each for each in layers if each.holds != "areas"):
        rows = _to_export(view, layer).reset_index(drop=True)
        parts += by_licence(layer.id, open_details(gpd.GeoDataFrame(rows)), licences)
    return [*parts, Part("neighbourhoods", gpd.GeoDataFrame(view.areas))]


def licence_text(view: PlaceView, sources: Sequence[Provenance]) -> str:
    """What must be said wherever the files are used, in the licences' own words."""
    opening = [f"{view.name}: {TERMS_TITLE}", ""]
    if view.fictional:
        opening += ["This place is made up. No real place, person or organisation is described.", ""]
    told = [line for source in sources for line in (source_line(source), *source.attribution.splitlines(), "")]
    added = "Rows whose source is 'contribution' were added by local people and are theirs; name them as such."
    return "\n".join([*opening, *told, added, ""])
