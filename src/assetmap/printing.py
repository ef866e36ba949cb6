"""A place and a question -> a sheet to print: the same numbers as on screen, with their sources in the image."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from assetmap import questions
from assetmap.exports import ExportFormat, Part, by_licence, open_details, write
from assetmap.layers import Layer
from assetmap.places import LICENCES
from assetmap.placeview import PlaceView, Provenance
from assetmap.questions import Answer
from assetmap.sheets import Sheet, SheetLayer, fifths_of_england

About = Literal["here", "gaps", "lost"]
ABOUT: Final[Sequence[About]] = ("here", "gaps", "lost")
"""What a sheet may be about."""

NEED: Final = "need_fifth"

MAPPED_STREETS: Final = frozenset({"residential", "lane", "main_road", "pedestrian"})
"""Streets drawn beneath, so that people find their way; paths and drives would hide the places."""

LABELS_AT_MOST: Final = 40
"""With more places than this in a layer, names would only hide each other."""


def sheet_of(
    view: PlaceView, about: About, layers: Sequence[str] = (), kinds: Sequence[str] = (), title: str = ""
) -> Sheet:
    """The sheet that answers one question.

    Parameters
    ----------
    about
        ``here``, ``gaps`` or ``lost``.
    layers, kinds
        Which layers to draw, or which kinds to ask about; all of what is here by default.
    title
        A title of the person's own, in place of the finding.

    Raises
    ------
    QuestionError
        If what is loaded cannot answer.
    """
    answer = _answer(view, about, layers, kinds)
    drawn = _chosen_layers(view, layers, kinds)
    lost = view.assets[view.assets["status"] == "closed"]
    ids = [layer.id for layer in drawn] + [layer.id for layer in view.layers.values() if layer.holds != "assets"]
    ids += [layer.id for layer in view.layers.values() if layer.tells != "here"]
    areas = gpd.GeoDataFrame(view.areas).assign(**{NEED: fifths_of_england(view.areas["imd_decile"])})
    has_need = bool(areas[NEED].notna().any())
    sources = view.provenance(ids)
    return Sheet(
        title=title or answer.title,
        subtitle=answer.sentence,
        place_name=view.name,
        fictional=view.fictional,
        areas=areas,
        need=NEED if has_need else None,
        need_title=_need_title(view),
        layers=tuple(_sheet_layer(view, layer, kinds) for layer in drawn),
        lost=gpd.GeoDataFrame(lost) if about == "lost" or not kinds else None,
        backdrop=_backdrop(view),
        sources=tuple(source_line(source) for source in sources) + tuple(attribution_lines(sources)),
        drawn_on=dt.date.today(),
        caveats=answer.caveats,
    )


def _answer(view: PlaceView, about: About, layers: Sequence[str], kinds: Sequence[str]) -> Answer:
    if about == "gaps":
        return questions.gaps(view, kinds, layers or ("community_buildings",))
    return questions.lost(view) if about == "lost" else questions.here(view, kinds, layers)


def _chosen_layers(view: PlaceView, layers: Sequence[str], kinds: Sequence[str]) -> list[Layer]:
    chosen = {choice.layer.id for choice in view.choose(kinds, layers)}
    return [layer for layer in view.layers_here if layer.id in chosen and len(view.of_layer(layer))]


def _sheet_layer(view: PlaceView, layer: Layer, kinds: Sequence[str]) -> SheetLayer:
    rows = gpd.GeoDataFrame(view.of_layer(layer))
    if kinds:
        wanted = [choice.kinds[0] for choice in view.choose(kinds) if choice.layer.id == layer.id]
        rows = rows[rows["kind"].isin(wanted)]
    minor = frozenset(kind for kind, spec in layer.kinds.items() if spec.minor)
    prominent = rows[~rows["kind"].isin(minor)]
    return SheetLayer(layer.title, layer.theme or "meeting", rows, minor, labels=len(prominent) <= LABELS_AT_MOST)


def _need_title(view: PlaceView) -> str:
    edition = view.areas["imd_edition"].dropna()
    return f"Index of Multiple Deprivation {int(edition.iloc[0])}" if len(edition) else "Deprivation"


def _backdrop(view: PlaceView) -> dict[str, gpd.GeoDataFrame]:
    beneath = [layer.id for layer in view.layers.values() if layer.tells == "backdrop"]
    streets = gpd.GeoDataFrame(view.streets)
    backdrop = {
        "water": gpd.GeoDataFrame(view.assets[view.assets["layer"].isin(beneath)]),
        "streets": streets[streets["kind"].isin(MAPPED_STREETS)],
    }
    return {name: frame for name, frame in backdrop.items() if len(frame)}


def source_line(source: Provenance) -> str:
    """One sentence on a source: title, publisher, date, licence, and how many issues its rows raised."""
    licences = ", ".join(LICENCES.get(each, each) for each in source.licence.split("; "))
    issues = f"; {source.issues:,} issue{'' if source.issues == 1 else 's'}" if source.issues else ""
    return f"{source.title} ({source.publisher}, {source.source_date}; {licences}{issues})."


def attribution_lines(sources: Iterable[Provenance]) -> list[str]:
    """Every line that the licences ask for, once, in the order first met."""
    lines = (line for source in sources for line in source.attribution.splitlines())
    return list(dict.fromkeys(line if line.endswith(".") else f"{line}." for line in lines))


def sources_table(sources: Iterable[Provenance]) -> pd.DataFrame:
    """The sources as a table: what must travel with any figure or file."""
    return pd.DataFrame(
        [
            {
                "layer": source.layer,
                "source": source.source,
                "title": source.title,
                "publisher": source.publisher,
                "date": source.source_date,
                "licence": source.licence,
                "attribution": source.attribution.replace("\n", " "),
                "loaded_at": source.loaded_at,
                "rows": source.rows,
                "issues": source.issues,
            }
            for source in sources
        ]
    )


def export_layers(view: PlaceView, layers: Sequence[Layer], target: Path, kind: ExportFormat) -> list[Path]:
    """Write layers to files, the rows of each licence apart, with sources and licences beside them.

    Returns
    -------
    list of Path
        What was written.
    """
    licences = {str(row["source"]): str(row["licence"]) for _, row in view.loads.iterrows()}
    parts: list[Part] = []
    for layer in layers:
        rows = view.assets[view.assets["layer"] == layer.id]
        if len(rows):
            parts += by_licence(layer.id, open_details(gpd.GeoDataFrame(rows.reset_index(drop=True))), licences)
    parts.append(Part("neighbourhoods", gpd.GeoDataFrame(view.areas)))
    told = [layer.id for layer in layers] + [each.id for each in view.layers.values() if each.holds == "areas"]
    sources = view.provenance(told)
    return write(parts, sources_table(sources), licence_text(view, sources), target, kind)


def licence_text(view: PlaceView, sources: Sequence[Provenance]) -> str:
    """What must be said wherever the files are used, in the licences' own words."""
    opening = [f"{view.name}: the terms of these files", ""]
    if view.fictional:
        opening += ["This place is made up. No real place, person or organisation is described.", ""]
    told = [line for source in sources for line in (source_line(source), *source.attribution.splitlines(), "")]
    added = "Rows whose source is 'contribution' were added by local people and are theirs; name them as such."
    return "\n".join([*opening, *told, added, ""])
