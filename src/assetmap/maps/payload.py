"""A place's whole drawing as one script for the browser, named after its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import look, space
from assetmap.maps.encoding import Shapes, features_json, geometry_json, rounded, simplified, text, to_json
from assetmap.maps.model import AreaStyle, Backdrop, MapData, MapLayer
from assetmap.maps.rings import RINGS
from assetmap.maps.rows import Telling, layer_json

AREA_TOLERANCE_M: Final = 6.0
"""Corners of neighbourhoods that stand out less than this, in metres, are left out on screen."""

_WORDS: Final[Mapping[str, str]] = {
    "legend": "What the map shows",
    "nothing_shown": "Nothing is switched on. Tick a layer to see it here.",
    "contributed": "Added by local people",
    "keys": "Arrow keys move the map, plus and minus zoom, Enter opens what is under the cross.",
    "pin": "The spot you chose",
    "corners": "The area drawn",
    "press_corners": "Press each corner of the area, one after the other.",
    "so_far": "Corners so far: {}",
    "finish": "Finish",
    "back": "Take the last back",
    "opens": "See this neighbourhood’s own page",
    "underlay": "Street map © OpenStreetMap contributors",
    "underlay_terms": "https://www.openstreetmap.org/copyright",
}


def map_data(
    areas: gpd.GeoDataFrame,
    layers: Sequence[MapLayer],
    *,
    title: str,
    styles: Sequence[AreaStyle] = (),
    backdrop: Backdrop | None = None,
    sources: Sequence[str] = (),
    origins: Mapping[str, str] | None = None,
    notes: Mapping[str, Sequence[str]] | None = None,
) -> MapData:
    """Everything that a place's map may show, as one script.

    Parameters
    ----------
    areas
        Neighbourhoods in any declared CRS: ``name`` and the columns that ``styles`` name; with ``says``, lists of
        lines, a press on one tells them; with ``opens``, the query of an address on the app's own page, a press leads
        there too; with ``locality``, what people call each part of the place is written where there is room for it. No
        rows gives a map with no shading and no outline.
    layers
        Drawn in this order, the later above the earlier; the legend lists them so.
    title
        A sentence naming the place, for the frame's title and for screen readers.
    sources
        Lines of publisher, date and licence, drawn on the map.
    origins
        Source, as in the rows, to the words that name its register and date in a popup.
    notes
        The ``asset_id`` of a row to lines that its popup tells besides: what to know before relying on it.

    Raises
    ------
    UnknownNameError
        If a layer names a theme that the look does not have.
    """
    outlines = _simplified_coverage(areas.geometry)
    telling = Telling(origins=origins or {}, notes=notes or {})
    named = _parts(areas)
    parts = {
        "areas": features_json(_area_properties(areas, styles, [part["n"] for part in named]), outlines),
        "outline": geometry_json(_outline(outlines)),
        "parts": to_json(named),
        "layers": "[" + ",".join(layer_json(layer, telling) for layer in layers) + "]",
        "backdrop": _backdrop_json(backdrop or Backdrop()),
        "styles": to_json({style.id: asdict(style) for style in styles}),
        "phrases": to_json(telling.phrases.all),
        **{name: to_json(value) for name, value in _constants(title, sources).items()},
    }
    body = "{" + ",".join(f"{to_json(name)}:{part}" for name, part in parts.items()) + "}"
    digest = hashlib.sha256(body.encode()).hexdigest()
    script = f'window.assetmapData=window.assetmapData||{{}};window.assetmapData["{digest}"]={body};'
    return MapData(digest, script.encode(), title)


def _constants(title: str, sources: Sequence[str]) -> dict[str, Any]:
    return {
        "label": title,
        "sources": list(sources),
        "words": dict(_WORDS),
        "ink": look.INK,
        "hatch": look.NO_DATA_LINE,
        "line": look.LINE,
        "plain": look.NEED_FIFTHS[0],
        "rings": dict(RINGS),
        "added": look.svg_marker("circle", look.QUIET, contributed=True),
        "radius": dict(look.MARKER_RADIUS_PX),
        "halo": look.HALO,
        "hollow_stroke": look.HOLLOW_STROKE,
    }


def _area_properties(
    areas: gpd.GeoDataFrame, styles: Sequence[AreaStyle], parts: Sequence[str]
) -> list[dict[str, Any]]:
    """Short names, and only what is so: ``n`` name, ``d`` lines of detail, ``o`` the address that a press opens, ``p``
    which of the parts of the place it lies in, and the class of each shading under its id."""
    classes = {style.id: [area_class(value) for value in areas[style.column]] for style in styles}
    says: Iterable[Sequence[str]] = areas["says"] if "says" in areas else [()] * len(areas)
    opens: Iterable[str] = areas["opens"] if "opens" in areas else [""] * len(areas)
    localities: Iterable[object] = areas["locality"] if "locality" in areas else [None] * len(areas)
    return [
        {
            "n": text(name),
            "d": list(lines),
            **({"o": address} if address else {}),
            **({"p": parts.index(part)} if part in parts else {}),
            **{style_id: column[at] for style_id, column in classes.items()},
        }
        for at, (name, lines, address, part) in enumerate(zip(areas["name"], says, opens, localities, strict=True))
    ]


def area_class(value: Any) -> int | None:
    """The class of a neighbourhood in a shading; ``None`` where it is not known."""
    return None if pd.isna(value) else int(value)


def _simplified_coverage(areas: gpd.GeoSeries) -> Shapes:
    """Outlines for the screen: neighbours keep one shared edge, so that no gaps open between them."""
    if not len(areas):
        return np.empty(0, dtype=object)
    measured = space.to_measured(areas)
    simple = shapely.coverage_simplify(np.asarray(measured.array, dtype=object), AREA_TOLERANCE_M)
    return rounded(gpd.GeoSeries(simple, crs=measured.crs))


def _outline(areas: Shapes) -> shapely.Geometry:
    """The edge of the place; pinholes where neighbours do not quite meet are closed."""
    parts = shapely.get_parts(shapely.union_all(shapely.make_valid(areas)))
    return shapely.MultiPolygon([shapely.Polygon(part.exterior) for part in parts if part.geom_type == "Polygon"])


def _parts(areas: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """The parts of the place as people call them and where their names stand, those of most ground first."""
    if "locality" not in areas or not areas["locality"].notna().any():
        return []
    named = areas.loc[areas["locality"].fillna("") != "", ["locality", "geometry"]].dissolve("locality")
    largest = named.iloc[np.argsort(-space.areas_m2(named.geometry), kind="stable")]
    shapes = space.to_measured(largest.geometry)
    # in the middle of the part; a bent one has its middle outside it, where another part's name may belong
    middle = shapes.centroid.where(shapes.contains(shapes.centroid), shapes.representative_point())
    middles = shapely.get_coordinates(rounded(middle))
    return [{"n": str(name), "at": [lat, lon]} for name, (lon, lat) in zip(largest.index, middles, strict=True)]


def _backdrop_json(backdrop: Backdrop) -> str:
    looks: dict[str, tuple[gpd.GeoSeries | None, dict[str, Any]]] = {
        "water": (backdrop.water, {"fill": look.WATER_FILL, "stroke": look.WATER_LINE, "weight": 1}),
        "green": (backdrop.green, {"fill": look.THEMES["green"].fill, "stroke": look.PAGE, "weight": 0}),
        "streets": (backdrop.streets, {"fill": None, "stroke": look.STREET_LINE, "weight": 0.6}),
    }
    drawn = [
        f"{to_json(name)}:{to_json(style)[:-1]},"
        f'"shape":{geometry_json(shapely.GeometryCollection(list(simplified(shapes))))}}}'
        for name, (shapes, style) in looks.items()
        if shapes is not None and len(shapes)
    ]
    return "{" + ",".join(drawn) + "}"
