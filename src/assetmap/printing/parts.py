"""What every sheet of a place has: its neighbourhoods with need, its backdrop, the words for kinds, its sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from assetmap import look, space
from assetmap.layers import Layer
from assetmap.placeview import PlaceView, Provenance
from assetmap.questions import Answer, Strength
from assetmap.sheets import Words, fifths_of_england, refuse_unprintable
from assetmap.wording import short_name

NEED: Final = "need_fifth"

MAPPED_STREETS: Final = frozenset({"residential", "lane", "main_road", "pedestrian"})
"""Streets drawn beneath, so that people find their way; paths and drives would hide the places."""

NEAR_AT_MOST: Final = 3
NEAR_CHARACTERS: Final = 90
"""How many strengths a list beside a map names by each neighbourhood; long names leave room for fewer."""


BESIDE_NEED: Final = frozenset({"meeting", "wealth"})
"""The themes of what stands that a sheet of losses or of deprivation shows: where something could be done today."""

NAMED_AT_MOST: Final = 40
"""With more places of a kind than this that a sheet is not itself about, their names would hide what it is about."""

AROUND: Final = 0.3
"""How much of what surrounds a part of a place is drawn on each side of it."""

LEAST_M: Final = 1_500.0
WHOLE: Final = 0.75
"""A part as large as this share of the place is drawn as the whole place."""

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in metres on the British National Grid."""


def focus_on(view: PlaceView, shapes: Iterable[BaseGeometry]) -> Box | None:
    """What a sheet draws: the shapes (EPSG:4326) with some of what is around them; ``None`` for all of the place."""
    shown = space.to_measured(gpd.GeoSeries(list(shapes), crs=space.STORED_CRS))
    left, low, right, top = (float(edge) for edge in shown.total_bounds)
    west, south, east, north = (float(edge) for edge in space.to_measured(view.areas.geometry).total_bounds)
    wide, high = ((1 + 2 * AROUND) * max(size, LEAST_M) for size in (right - left, top - low))
    if wide > WHOLE * (east - west) or high > WHOLE * (north - south):
        return None
    x, y = (left + right) / 2, (low + top) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def of_the_place(view: PlaceView) -> dict[str, Any]:
    """What a :class:`Sheet` says of a place whatever it is about."""
    areas = gpd.GeoDataFrame(view.areas).assign(**{NEED: fifths_of_england(view.areas["imd_decile"])})
    return {
        "place_name": view.name,
        "fictional": view.fictional,
        "areas": areas,
        "need": NEED if bool(areas[NEED].notna().any()) else None,
        "need_title": _need_title(view),
        "drawn_on": dt.date.today(),
    }


def title_of(own: str, answer: Answer) -> str:
    """A person's own title, else the finding.

    Raises
    ------
    QuestionError
        If the person's own holds signs that cannot be printed.
    """
    if own:
        refuse_unprintable(own)
    return own or answer.title


def words_of(layer: Layer, kind: str) -> Words:
    """What one and several of a kind are called."""
    return layer.kind_title(kind), layer.kind_title(kind, 2)


def kinds_lost(view: PlaceView, lost: gpd.GeoDataFrame | None) -> dict[str, Words]:
    """The same for every kind of what closed."""
    rows = [] if lost is None else lost[["layer", "kind"]].drop_duplicates().itertuples(index=False)
    return {str(kind): words_of(view.layers[str(layer)], str(kind)) for layer, kind in rows}


def is_ground(layer: Layer, rows: gpd.GeoDataFrame) -> bool:
    """Whether a layer is drawn as ground: its theme has a fill, and most of its rows are outlines."""
    has_fill = layer.theme is not None and look.theme(layer.theme).fill is not None
    return has_fill and bool(rows.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).mean() > 0.5)


def _need_title(view: PlaceView) -> str:
    edition = view.areas["imd_edition"].dropna()
    return f"Index of Multiple Deprivation {int(edition.iloc[0])}" if len(edition) else "Deprivation"


def backdrop_of(view: PlaceView, *, green: bool = False) -> dict[str, gpd.GeoDataFrame]:
    """Water and streets to find one's way by; ``green`` too where no layer of a sheet draws it."""
    beneath = [layer.id for layer in view.layers.values() if layer.tells == "backdrop"]
    streets = gpd.GeoDataFrame(view.streets)
    backdrop = {
        "water": gpd.GeoDataFrame(view.assets[view.assets["layer"].isin(beneath)]),
        "streets": streets[streets["kind"].isin(MAPPED_STREETS)],
    }
    if green:
        grounds = [layer.id for layer in view.layers_here if is_ground(layer, gpd.GeoDataFrame(view.of_layer(layer)))]
        backdrop["green"] = gpd.GeoDataFrame(view.assets[view.assets["layer"].isin(grounds)])
    return {name: frame for name, frame in backdrop.items() if len(frame)}


def near_words(strengths: Sequence[Strength]) -> str:
    """What stands near a neighbourhood already, nearest first, in a line or two; each name once."""
    once: dict[str, Strength] = {}
    for each in strengths:
        once.setdefault(short_name(each.name), each)
    told = list(map(_near, once.values()))
    near = "; ".join(told[:NEAR_AT_MOST])
    if len(near) > NEAR_CHARACTERS:
        near = "; ".join(told[: NEAR_AT_MOST - 1])
    return near or "Nothing mapped within a mile yet: what do you know of?"


def _near(strength: Strength) -> str:
    """``The Hall, 60 m``, the number beside its unit; ``about 500 m`` where its place is rounded."""
    about = "about " if strength.grid_m else ""
    return f"{short_name(strength.name)}, {about}{strength.rounded_m:,.0f}\N{NO-BREAK SPACE}m"


def sources_of(
    view: PlaceView,
    answer: Answer,
    layers: Sequence[Layer],
    backdrop: Mapping[str, gpd.GeoDataFrame],
    *others: gpd.GeoDataFrame | None,
) -> tuple[Provenance, ...]:
    """The sources of what is drawn or counted, in the order they were loaded, and of no more than that."""
    frames = [gpd.GeoDataFrame(view.of_layer(layer)) for layer in layers]
    frames += [frame for frame in (*others, *backdrop.values()) if frame is not None]
    rows = {str(source) for frame in frames for source in frame["source"].unique()}
    placed_by = {str(by) for frame in frames if "located_by" in frame for by in frame["located_by"].unique()}
    asked = {source.source for source in answer.sources if view.layers[source.layer].holds != "assets"}
    wanted = [source for source in view.provenance(view.layers) if source.rows]
    return tuple(
        source
        for source in wanted
        if source.source in rows | asked or (view.layers[source.layer].scheme or "") in placed_by
    )
