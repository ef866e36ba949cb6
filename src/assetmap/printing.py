"""A place and a question -> a sheet to print: the same numbers as on screen, with their sources in the image."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from assetmap import look, measures, questions
from assetmap.errors import QuestionError
from assetmap.exports import TERMS_TITLE, ExportFormat, Part, by_licence, open_details, write
from assetmap.layers import Layer, find_layer
from assetmap.places import LICENCES
from assetmap.placeview import Choice, PlaceView, Provenance
from assetmap.questions import Answer, Strength
from assetmap.questions.lost import has_ledger
from assetmap.sheets import Gaps, Sheet, SheetLayer, Standout, Words, fifths_of_england
from assetmap.sheets.credits import attribution_lines as attribution_lines
from assetmap.sheets.credits import in_words
from assetmap.tables import NAMELESS
from assetmap.wording import share_words

About = Literal["here", "gaps", "lost"]
ABOUT: Final[Sequence[About]] = ("here", "gaps", "lost")
"""What a sheet may be about."""

NEED: Final = "need_fifth"

MAPPED_STREETS: Final = frozenset({"residential", "lane", "main_road", "pedestrian"})
"""Streets drawn beneath, so that people find their way; paths and drives would hide the places."""

LABELS_AT_MOST: Final = 60
"""With more places than this in a layer, names would only hide each other."""

MANY_BLURRED: Final = 100
"""A layer whose positions are rounded to a grid is drawn unasked only when it has no more rows than this."""

FEW_LOST: Final = 12
"""A sheet of what is here shows what was lost as well, as long as it is no more than this."""

BESIDE_LOSSES: Final = frozenset({"meeting", "wealth"})
"""The themes of what still stands that a sheet of losses shows: where the same could be done today."""

STANDOUTS: Final = 10
"""How many neighbourhoods a sheet of gaps numbers and lists."""

TOP_SHARE: Final = 0.2
NEAR_AT_MOST: Final = 3
NEAR_CHARACTERS: Final = 90
"""How many strengths the list of a sheet of gaps names beside each neighbourhood; long names leave room for fewer."""


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
        If what is loaded cannot answer, or the sheet's text leaves no room for a map.
    """
    answer = _answer(view, about, layers, kinds)
    counted = [choice.layer for choice in _choices(view, about, layers, kinds)]
    drawn = [layer for layer in counted if len(view.of_layer(layer)) and not _is_left_out(view, layer, layers, kinds)]
    lost = _lost(view, about, bool(kinds) or len(layers) == 1)
    areas = gpd.GeoDataFrame(view.areas).assign(**{NEED: fifths_of_england(view.areas["imd_decile"])})
    backdrop = _backdrop(view, about)
    sources = _sources(view, answer, [*counted, *drawn], backdrop, lost)
    return Sheet(
        title=title or answer.title,
        subtitle=_subtitle(view, about, answer, title),
        place_name=view.name,
        fictional=view.fictional,
        areas=areas,
        need=NEED if bool(areas[NEED].notna().any()) else None,
        need_title=_need_title(view),
        layers=tuple(_sheet_layer(view, layer, about, layers, kinds) for layer in drawn),
        lost=lost,
        backdrop=backdrop,
        sources=in_words(sources),
        drawn_on=dt.date.today(),
        caveats=_caveats(view, about, answer, [layer for layer in counted if layer not in drawn], lost),
        gaps=_gaps(view, answer, _choices(view, about, layers, kinds)) if about == "gaps" else None,
        about_losses=about == "lost",
        kinds_lost=_kinds_lost(view, lost),
    )


def _answer(view: PlaceView, about: About, layers: Sequence[str], kinds: Sequence[str]) -> Answer:
    if about == "gaps":
        return questions.gaps(view, kinds, layers)
    return questions.lost(view) if about == "lost" else questions.here(view, kinds, layers)


def _choices(view: PlaceView, about: About, layers: Sequence[str], kinds: Sequence[str]) -> list[Choice]:
    """What the sheet counts of what stands today, each layer once, as :attr:`PlaceView.layers_here` orders them."""
    if about == "gaps":
        usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
        chosen = view.choose(kinds, () if kinds else layers or usual)
    else:
        chosen = view.choose(kinds, layers)
        if about == "lost" and not (kinds or layers):
            chosen = [choice for choice in chosen if choice.layer.theme in BESIDE_LOSSES]
    by_layer: dict[str, Choice] = {}
    for choice in chosen:
        before = by_layer.get(choice.layer.id)
        known = before.kinds if before is not None else ()
        by_layer[choice.layer.id] = Choice(choice.layer, tuple(dict.fromkeys((*known, *choice.kinds))))
    return [by_layer[layer.id] for layer in view.layers_here if layer.id in by_layer]


def _is_left_out(view: PlaceView, layer: Layer, layers: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether a layer's positions are too rough, and its rows too many, to draw them beside other layers."""
    return bool(layer.blur_m) and not kinds and len(layers) != 1 and len(view.of_layer(layer)) > MANY_BLURRED


def _lost(view: PlaceView, about: About, one_thing: bool) -> gpd.GeoDataFrame | None:
    """What closed, where the sheet shows it: on a sheet of one thing that is here it would be beside the point."""
    closed = gpd.GeoDataFrame(view.assets[view.assets["status"] == "closed"])
    if about == "lost":
        return closed if has_ledger(view) else None
    return closed if about == "here" and not one_thing and 0 < len(closed) <= FEW_LOST else None


def _kinds_lost(view: PlaceView, lost: gpd.GeoDataFrame | None) -> dict[str, Words]:
    rows = [] if lost is None else lost[["layer", "kind"]].drop_duplicates().itertuples(index=False)
    return {str(kind): _words(view.layers[str(layer)], str(kind)) for layer, kind in rows}


def _words(layer: Layer, kind: str) -> Words:
    return layer.kind_title(kind), layer.kind_title(kind, 2)


def _sheet_layer(
    view: PlaceView, layer: Layer, about: About, layers: Sequence[str], kinds: Sequence[str]
) -> SheetLayer:
    (choice,) = (found for found in _choices(view, about, layers, kinds) if found.layer.id == layer.id)
    # Closed rows come with `lost`, where the sheet shows them.
    rows = gpd.GeoDataFrame(view.of(choice))
    rows["name"] = rows["name"].where(~rows["name"].str.endswith(NAMELESS, na=False))
    minor = frozenset(kind for kind, spec in layer.kinds.items() if spec.minor)
    minor = minor if set(choice.kinds) - minor else frozenset()
    prominent = rows[~rows["kind"].isin(minor)]
    return SheetLayer(
        title=_kinds_title(layer, choice.kinds) if kinds else layer.title,
        theme=layer.theme or "meeting",
        points=rows,
        minor_kinds=minor,
        labels=about == "here" and not layer.blur_m and len(prominent) <= LABELS_AT_MOST,
        kinds={kind: _words(layer, kind) for kind in layer.kinds},
        words=None if kinds else (layer.one, layer.many),
        small=about == "lost",
        ground=not kinds and len(layers) != 1 and _is_ground(layer, rows),
    )


def _kinds_title(layer: Layer, kinds: Sequence[str]) -> str:
    titles = questions.and_words([Choice(layer, (kind,)).many for kind in kinds])
    return titles[:1].upper() + titles[1:]


def _is_ground(layer: Layer, rows: gpd.GeoDataFrame) -> bool:
    """Whether a layer is drawn as ground: its theme has a fill, and most of its rows are outlines."""
    has_fill = layer.theme is not None and look.theme(layer.theme).fill is not None
    return has_fill and bool(rows.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).mean() > 0.5)


def _need_title(view: PlaceView) -> str:
    edition = view.areas["imd_edition"].dropna()
    return f"Index of Multiple Deprivation {int(edition.iloc[0])}" if len(edition) else "Deprivation"


def _backdrop(view: PlaceView, about: About) -> dict[str, gpd.GeoDataFrame]:
    beneath = [layer.id for layer in view.layers.values() if layer.tells == "backdrop"]
    streets = gpd.GeoDataFrame(view.streets)
    backdrop = {
        "water": gpd.GeoDataFrame(view.assets[view.assets["layer"].isin(beneath)]),
        "streets": streets[streets["kind"].isin(MAPPED_STREETS)],
    }
    if about == "lost":
        green = [layer.id for layer in view.layers_here if _is_ground(layer, gpd.GeoDataFrame(view.of_layer(layer)))]
        backdrop["green"] = gpd.GeoDataFrame(view.assets[view.assets["layer"].isin(green)])
    return {name: frame for name, frame in backdrop.items() if len(frame)}


# --- gaps ------------------------------------------------------------------------------------------------------------


def _gaps(view: PlaceView, answer: Answer, choices: Sequence[Choice]) -> Gaps:
    scored = answer.table[answer.table["lack"] > 0]
    top = scored.head(round(TOP_SHARE * len(answer.table)))
    listed = top.head(STANDOUTS)
    one = questions.and_words([choice.one for choice in choices])
    line = " in a straight line" if view.method == "straight line" else ""
    return Gaps(
        title="Where more could open",
        note=f"In reach: {one} within {measures.WALK_MINUTES:g} minutes{line}.",
        outlined=frozenset(top["neighbourhood_code"]),
        outlined_title="Top fifth by gap score",
        standouts=tuple(_standout(row) for _, row in listed.iterrows()),
    )


def _standout(row: pd.Series) -> Standout:
    called = f"{row['locality']} ({row['neighbourhood_name']})" if row["locality"] else str(row["neighbourhood_name"])
    near = "; ".join(_near(strength) for strength in row["nearby"][:NEAR_AT_MOST])
    if len(near) > NEAR_CHARACTERS:
        near = "; ".join(_near(strength) for strength in row["nearby"][: NEAR_AT_MOST - 1])
    facts = [] if pd.isna(row["people"]) else [f"{row['people']:,.0f} people"]
    if pd.notna(row["share_within"]):
        facts.append(f"{share_words(row['share_within'])} in reach")
    if pd.notna(row["kinds_within"]) and row["kinds_asked"] > 1:
        facts.append(f"{row['kinds_within']:.1f} of {row['kinds_asked']} kinds")
    return Standout(
        area_code=str(row["neighbourhood_code"]),
        name=called,
        near=near or "Nothing mapped within a mile yet: what do you know of?",
        facts=", ".join(facts),
    )


def _near(strength: Strength) -> str:
    """``The Hall, 60 m``, the number beside its unit."""
    return f"{strength.name}, {strength.rounded_m:,.0f}\N{NO-BREAK SPACE}m"


# --- words beside the map --------------------------------------------------------------------------------------------


def _subtitle(view: PlaceView, about: About, answer: Answer, own_title: str) -> str:
    if about == "lost" and not has_ledger(view):
        # the finding is that there is none to tell: a title of the person's own must not hide it
        return f"{answer.title}." if own_title else ""
    if about != "gaps":
        return answer.sentence
    straight = " Distances are straight lines, shorter than walks." if view.method == "straight line" else ""
    return f"Outlined: the fifth of neighbourhoods with most deprivation and least in reach.{straight}"


def _caveats(
    view: PlaceView, about: About, answer: Answer, left_out: Sequence[Layer], lost: gpd.GeoDataFrame | None
) -> tuple[str, ...]:
    told = [*answer.caveats, *(_not_drawn(view, layer) for layer in left_out if len(view.of_layer(layer)))]
    if lost is not None and (lost["located_by"] == "postcode").any():
        count = int((lost["located_by"] == "postcode").sum())
        metres = lost.loc[lost["located_by"] == "postcode", "location_accuracy_m"].max()
        within = "" if pd.isna(metres) else f", to within about {metres:,.0f}\N{NO-BREAK SPACE}m"
        some = f"{count:,} of the {len(lost):,} closures" if count < len(lost) else f"The {count:,} closures"
        told.append(f"{some} are placed at the middle of their postcode{within}.")
    closed = int((view.assets["status"] == "closed").sum())
    if about == "here" and lost is None and closed > FEW_LOST:
        told.append(f"{closed:,} closures are recorded; they have a sheet of their own.")
    return tuple(told)


def _not_drawn(view: PlaceView, layer: Layer) -> str:
    counted = Choice(layer, tuple(layer.kinds)).counted(len(view.of_layer(layer)))
    return f"{counted} are placed to the nearest {layer.blur_m:,.0f}\N{NO-BREAK SPACE}m and are not drawn here."


def _sources(
    view: PlaceView,
    answer: Answer,
    layers: Sequence[Layer],
    backdrop: Mapping[str, gpd.GeoDataFrame],
    lost: gpd.GeoDataFrame | None,
) -> tuple[Provenance, ...]:
    """The sources of what is drawn or counted, in the order they were loaded, and of no more than that."""
    frames = [gpd.GeoDataFrame(view.of_layer(layer)) for layer in layers]
    frames += [frame for frame in (lost, *backdrop.values()) if frame is not None]
    rows = {str(source) for frame in frames for source in frame["source"].unique()}
    placed_by = {str(by) for frame in frames if "located_by" in frame for by in frame["located_by"].unique()}
    asked = {source.source for source in answer.sources if view.layers[source.layer].holds != "assets"}
    wanted = [source for source in view.provenance(view.layers) if source.rows]
    return tuple(
        source
        for source in wanted
        if source.source in rows | asked or (view.layers[source.layer].scheme or "") in placed_by
    )


def source_line(source: Provenance) -> str:
    """One sentence on a source: title, publisher, date, licence, and how many issues its rows raised."""
    licences = ", ".join(LICENCES.get(each, each) for each in source.licence.split("; "))
    issues = f"; {source.issues:,} issue{'' if source.issues == 1 else 's'}" if source.issues else ""
    return f"{source.title} ({source.publisher}, {source.source_date}; {licences}{issues})."


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
        raise QuestionError(f"{questions.and_words(shapeless)} cannot be exported: only places, areas and streets are.")
    filled = [layer for layer in asked if len(_to_export(view, layer))]
    empty = [layer for layer in asked if layer not in filled]
    if names and empty:
        missing = questions.and_words([layer.id for layer in empty])
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
    licences = {str(row["source"]): str(row["licence"]) for _, row in view.loads.iterrows()}
    parts: list[Part] = []
    for layer in (each for each in layers if each.holds != "areas"):
        rows = _to_export(view, layer).reset_index(drop=True)
        parts += by_licence(layer.id, open_details(gpd.GeoDataFrame(rows)), licences)
    parts.append(Part("neighbourhoods", gpd.GeoDataFrame(view.areas)))
    told = [layer.id for layer in layers] + [each.id for each in view.layers.values() if each.holds == "areas"]
    sources = view.provenance(told)
    return write(parts, sources_table(sources), licence_text(view, sources), target, kind)


def licence_text(view: PlaceView, sources: Sequence[Provenance]) -> str:
    """What must be said wherever the files are used, in the licences' own words."""
    opening = [f"{view.name}: {TERMS_TITLE}", ""]
    if view.fictional:
        opening += ["This place is made up. No real place, person or organisation is described.", ""]
    told = [line for source in sources for line in (source_line(source), *source.attribution.splitlines(), "")]
    added = "Rows whose source is 'contribution' were added by local people and are theirs; name them as such."
    return "\n".join([*opening, *told, added, ""])
