"""A place's answers as drawings: which layers, in what order, and how neighbourhoods are shaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import pandas as pd

from assetmap import look
from assetmap.layers import Layer
from assetmap.maps import AreaStyle, Backdrop, MapData, MapLayer, Overlay, detail_title, map_data, overlay, plain_date
from assetmap.placeview import Choice, PlaceView, Provenance
from assetmap.printing import MAPPED_STREETS, shades
from assetmap.questions.differing import differing_lines
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.lost import has_ledger
from assetmap.screens import address
from assetmap.screens.neighbourhoods import FIFTHS, gap_lines, lines, names
from assetmap.wording import opening

LOST_ID: Final = "lost"
HANDED_OVER_ID: Final = "handed_over"
CHANGED_ID: Final = "changed"
SHUT_ID: Final = "temporary"
HAPPENED: Final = (LOST_ID, SHUT_ID, HANDED_OVER_ID, CHANGED_ID)
"""The layers of what happened to services, as the page of losses lists them."""
PROFILE: Final = "profile"
"""The page of one neighbourhood, to which a press on any map leads."""
FILL_PREFIX: Final = "could-fill-"

THEME_ORDER: Final = ("green", "streets", "public_land", "groups", "meeting", "wealth")
"""From the ground up: the later stands above the earlier."""

OPENED_FIRST: Final = "public_land"
"""Of what could fill a gap, the theme that shows when the page opens; the others are a press away."""

_HAPPENED_TITLES: Final = (look.LOST.title, "Shut for a time", "Went to the community", "Moved, merged or cut back")

_GAP_CLASSES: Final = (
    "the fifth of neighbourhoods with most already in reach",
    "the second fifth",
    "the middle fifth",
    "the fourth fifth",
    "the fifth with the widest gaps",
)
GAP: Final = "gap"
"""The shading by where the gap is widest, as the address names it."""
_GAP_STYLE: Final = AreaStyle(
    GAP, shades.GAP_TITLE, GAP, _GAP_CLASSES, ends=shades.GAP_ENDS, no_data="Not measured"
)  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """One layer that a person may show or hide.

    Attributes
    ----------
    id, title
        The layer, as in the drawing and in the address.
    theme
        A theme of :mod:`assetmap.look`, or one of :data:`HAPPENED`.
    count
        How many the place has.
    note
        What a nought means; empty when there is nothing to add.
    shown
        Whether it shows when the page opens.
    hollow
        Drawn as an outline: what could be opened up.
    can_add
        Whether people can add to it on the page Add.
    """

    id: str
    title: str
    theme: str
    count: int
    note: str = ""
    shown: bool = True
    hollow: bool = False
    can_add: bool = False


@dataclass(frozen=True)
class Drawn:
    """A drawing with its choices: ``shades`` is shading id to title, the first being the one that shows.

    ``happened`` are the switches of what went to the community or changed, which only the page of losses offers.
    """

    data: MapData
    switches: tuple[Switch, ...]
    shades: dict[str, str]
    happened: tuple[Switch, ...] = ()


def whole_place(view: PlaceView) -> Drawn:
    """All that the place has and all that it has lost, shaded by deprivation, over its main streets."""
    layers = [_standing(view, layer) for layer in in_order(view.layers_here)]
    lost, *others = _happened(view)
    shown = [layer for layer in layers if len(layer.frame)]
    need = need_style(view)
    data = map_data(
        _shaded(view, need).assign(says=lines(view)),
        [*shown, *reversed(others), lost],
        title=f"Map of {view.name}: what it has, and what it has lost",
        styles=[need],
        backdrop=_backdrop(view),
        sources=source_lines(view.provenance(view.layers)),
        origins=origins(view),
        notes=differing_lines(view),
    )
    blurred = {layer.id for layer in view.layers_here if layer.blur_m}
    switches = [
        replace(
            _switch(layer),
            shown=layer in shown and layer.id not in blurred,
            can_add=view.layers[layer.id].add_here,
        )
        for layer in reversed(layers)
    ]
    happened = tuple(_switch(other) for other in others if len(other.frame))
    return Drawn(data, (*switches, _lost_switch(view, lost)), {need.id: need.title}, happened)


def gaps(view: PlaceView, shapes: gpd.GeoDataFrame, to: Choice, minutes: int, need: str) -> Drawn:
    """Who has a place within a walk, and what stands near that could fill a gap, as outlines not yet filled in.

    The shading by :func:`gap_overlay` is laid over it, so that a map stays where it is while weights are moved.

    Parameters
    ----------
    shapes
        The rows of :func:`assetmap.questions.gaps`, in longitude and latitude.
    to
        What they were asked about.
    need
        What counted as need in them.
    """
    asked = _asked(view, to)
    fillers = [_filler(view, layer, to) for layer in in_order(view.layers_here)]
    fillers = [filler for filler in fillers if len(filler.frame)]
    styles = (_walk_style(view.walk(minutes)), need_style(view, need))
    areas = _shaded(view, styles[-1])
    by_code = _in_order_of(view, shapes)
    areas["need"] = _fifths_of_england(by_code["need_decile"]).to_numpy()
    areas["walk"] = shades.by_breaks(by_code["share_within"], shades.WALK_BREAKS)
    areas["says"] = gap_lines(by_code, to.one, view.walk(minutes)).to_numpy()
    data = map_data(
        areas,
        [*fillers, asked],
        title=f"Map of {view.name}: who can walk to {asked.title.lower()}, and what could be opened up",
        styles=styles,
        backdrop=_backdrop(view),
        sources=source_lines(view.provenance(view.layers)),
        origins=origins(view),
        notes=differing_lines(view),
    )
    switches = (_switch(asked), *(_switch(filler) for filler in reversed(fillers)))
    return Drawn(data, switches, {style.id: style.title for style in (_GAP_STYLE, *styles)})


def gap_overlay(view: PlaceView, shapes: gpd.GeoDataFrame) -> Overlay:
    """The shading by where the gap is widest, of the rows of :func:`assetmap.questions.gaps`."""
    return overlay(style=_GAP_STYLE, classes=shades.fifths_of_place(_in_order_of(view, shapes)["gap_score"]).tolist())


def _in_order_of(view: PlaceView, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Rows about neighbourhoods in the order of the place's own."""
    return pd.DataFrame(shapes).set_index("neighbourhood_code").reindex(view.areas["area_code"])


def source_lines(sources: Iterable[Provenance]) -> list[str]:
    """Publishers with their years, then the licence lines that must stand on a map, each once with its years."""
    years: dict[str, set[str]] = {}
    licences: dict[str, set[str]] = {}
    for source in sources:
        for file in source.files:
            years.setdefault(file.publisher, set()).add(file.source_date[:4])
        for line in source.attribution.splitlines():
            words, year = _year_apart(line.strip().rstrip("."))
            licences.setdefault(words, set()).add(year)
    named = [f"{publisher} {_span(found)}".strip() for publisher, found in years.items()]
    return ["Sources: " + ", ".join(named), *(f"{words} {_span(found)}".strip() for words, found in licences.items())]


def _year_apart(line: str) -> tuple[str, str]:
    words, _, last = line.rpartition(" ")
    return (words, last) if len(last) == 4 and last.isdigit() else (line, "")


def _span(years: set[str]) -> str:
    known = sorted(year for year in years if year)
    return f"{known[0]} to {known[-1]}" if len(known) > 1 else "".join(known)


def in_order(layers: Sequence[Layer]) -> list[Layer]:
    """Layers from the ground up, as they are drawn."""
    return sorted(layers, key=lambda layer: THEME_ORDER.index(layer.theme or THEME_ORDER[0]))


def _standing(view: PlaceView, layer: Layer) -> MapLayer:
    rows = view.assets[(view.assets["layer"] == layer.id) & (view.assets["status"] != "closed")]
    minor = frozenset(kind for kind, spec in layer.kinds.items() if spec.minor)
    titles = {name: detail_title(name) for name in layer.detail_fields}
    return MapLayer(
        layer.id, layer.title, layer.theme or THEME_ORDER[0], rows, minor, kinds_in_words([layer]), detail_titles=titles
    )


def _asked(view: PlaceView, to: Choice) -> MapLayer:
    """The places that a walk is to lead to, under their own name where they are of one kind."""
    standing = _standing(view, to.layer)
    frame = gpd.GeoDataFrame(standing.frame[standing.frame["kind"].isin(to.kinds)])
    if len(to.kinds) == 1:
        return replace(standing, title=opening(to.many), frame=frame, minor_kinds=frozenset())
    return replace(standing, frame=frame)


def _filler(view: PlaceView, layer: Layer, to: Choice) -> MapLayer:
    """What of a layer could fill a gap: all of it that a walk is not to lead to."""
    standing = _standing(view, layer)
    of_asked = standing.frame["kind"].isin(to.kinds) & (layer.id == to.layer.id)
    return MapLayer(
        FILL_PREFIX + layer.id, f"Could help: {layer.title.lower()}", standing.theme,
        gpd.GeoDataFrame(standing.frame[~of_asked]),
        standing.minor_kinds | frozenset(standing.kinds), standing.kinds, hollow=True,
        detail_titles=standing.detail_titles,
    )  # fmt: skip


def _happened(view: PlaceView) -> list[MapLayer]:
    """What closed, what is shut for a time, what went to the community, and what moved, merged or lost hours."""
    assets = view.assets
    happened = what_happened(assets["what_happened"].where(assets["status"] != "closed", "closed"))
    kinds = kinds_in_words(view.layers.values())
    ledgers = (layer for layer in view.layers.values() if layer.holds == "assets")
    details = dict.fromkeys(name for layer in ledgers for name in layer.detail_fields)
    titles = {name: detail_title(name) for name in details}
    return [
        MapLayer(layer_id, title, layer_id, assets[happened == layer_id], kinds=kinds, detail_titles=titles)
        for layer_id, title in zip(HAPPENED, _HAPPENED_TITLES, strict=True)
    ]


def what_happened(told: pd.Series[str]) -> pd.Series[str]:
    """The layer of :data:`HAPPENED` that each row belongs to, by what happened to it; none where nothing did."""
    return told.map({"closed": LOST_ID} | {happening: happening for happening in (SHUT_ID, HANDED_OVER_ID)}).fillna(
        told.where(told.isna(), CHANGED_ID)
    )


def kinds_in_words(layers: Iterable[Layer]) -> dict[str, tuple[str, str]]:
    """Every kind of some layers, with what one and several are called."""
    return {kind: (spec.title, spec.plural) for layer in layers for kind, spec in layer.kinds.items()}


def _switch(layer: MapLayer) -> Switch:
    count = len(layer.frame)
    note = "" if count or layer.theme in HAPPENED else "no register loaded"
    shown = bool(count) and (not layer.hollow or layer.theme == OPENED_FIRST)
    return Switch(layer.id, layer.title, layer.theme, count, note, shown, layer.hollow)


def _lost_switch(view: PlaceView, lost: MapLayer) -> Switch:
    """The switch of what has closed, which says so where nothing that is loaded tells of closures."""
    return replace(_switch(lost), note="" if has_ledger(view) else "no register loaded")


def _backdrop(view: PlaceView) -> Backdrop:
    main = view.streets[view.streets["kind"].isin(MAPPED_STREETS)]
    water = [layer.id for layer in view.layers.values() if layer.tells == "backdrop"]
    wet = view.assets[view.assets["layer"].isin(water)]
    return Backdrop(water=wet.geometry, streets=main.geometry)


def _shaded(view: PlaceView, need: AreaStyle) -> gpd.GeoDataFrame:
    areas = gpd.GeoDataFrame(view.areas[["area_code", "name", "locality", "geometry"]]).copy()
    areas["name"] = names(view)
    areas["opens"] = [
        address.link({"page": PROFILE, "place": view.place_id, "area": str(code)}) for code in areas["area_code"]
    ]
    areas[need.column] = need_classes(view)
    return areas


def need_classes(view: PlaceView) -> pd.Series[float]:
    """The fifth of England that each neighbourhood is in, 0 for the least deprived."""
    return _fifths_of_england(view.areas["imd_decile"])


def _fifths_of_england(deciles: pd.Series[float]) -> pd.Series[float]:
    return 4 - (deciles - 1) // 2


def origins(view: PlaceView) -> dict[str, str]:
    """Each source as a popup names it: the register, who publishes it and its date."""
    return {
        source.source: f"{source.title} ({source.publisher}, {plain_date(source.source_date)})"
        for source in view.provenance(view.layers)
    }


def need_style(view: PlaceView, need: str = "imd") -> AreaStyle:
    """How neighbourhoods are shaded by deprivation or a domain of it, with its edition."""
    editions = view.areas["imd_edition"].dropna()
    edition = f" {int(editions.iloc[0])}" if len(editions) else ""
    title = f"Need: {NEEDS[need].lower()}{edition}, in fifths of England"
    return AreaStyle("need", title, "need", FIFTHS, ends=("least deprived", "most deprived"))


def _walk_style(walk: str) -> AreaStyle:
    title, ends = f"People within {walk}", ("nearly everyone", "few so far")
    return AreaStyle("walk", title, "walk", shades.WALK_CLASSES, ends=ends, no_data="Not measured")
