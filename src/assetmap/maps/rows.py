"""The rows of one layer as GeoJSON: where each is, how it is drawn, and what it says when it is pressed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import numpy as np
import shapely

from assetmap import look
from assetmap.maps.encoding import Shapes, features_json, simplified, text, to_json
from assetmap.maps.model import MapLayer
from assetmap.maps.rings import COLOURS, LOST, RINGS
from assetmap.maps.telling import Phrases, Row, happening, lines_of
from assetmap.wording import short_name

CROWD: Final = 200
"""With more rows than this, every mark of the layer is drawn small, so that they do not hide one another."""

_HOLLOW_LINE: Final = f'<path d="M2 4H22" stroke="{look.PAGE}" stroke-width="2.5" stroke-linecap="round"/>'
"""What leaves of a line its two edges."""


@dataclass(frozen=True)
class Telling:
    """What the popups of all layers share: phrases, the words for each source, and lines on single rows by their id."""

    phrases: Phrases = field(default_factory=Phrases)
    origins: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)


def layer_json(layer: MapLayer, telling: Telling) -> str:
    """One layer: how its marks are drawn, its part of the legend, and its rows."""
    rows = cast(list[Row], layer.frame.to_dict("records"))
    theme = _theme(layer)
    shapes = _screen_shapes(layer, theme)
    head = {
        "id": layer.id,
        "title": layer.title,
        "colour": theme.colour,
        "fill": theme.fill or theme.colour,
        "hollow": layer.hollow,
        "named": layer.named,
        "crowded": len(layer.frame) > CROWD,
        "dated": layer.theme in RINGS,
        "lines": _has_lines(shapes),
        "d": look.svg_path(look.SHAPES[theme.shape]),
        "picture": RINGS.get(layer.theme) or look.svg_marker(theme.shape, theme.colour, hollow=layer.hollow),
        "added": look.svg_marker(theme.shape, theme.colour, contributed=True),
        "legend": list(_legend(layer, theme, rows, shapes)),
    }
    drawn = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    properties = [_properties(row, layer, telling) for row, is_drawn in zip(rows, drawn, strict=True) if is_drawn]
    return f'{to_json(head)[:-1]},"rows":{features_json(properties, shapes[drawn])}}}'


def _theme(layer: MapLayer) -> look.Theme:
    """The layer's theme; for what happened to services a bare one, because rings stand in for its shape."""
    if layer.theme in RINGS:
        return look.Theme(layer.theme, layer.title, COLOURS[layer.theme], "circle")
    return look.theme(layer.theme)


def _screen_shapes(layer: MapLayer, theme: look.Theme) -> Shapes:
    """Ground keeps its outline in themes that fill it, lines stay lines, all else is a point."""
    if not len(layer.frame):
        return np.empty(0, dtype=object)
    shapes = simplified(layer.frame.geometry)
    dimension = shapely.get_dimensions(shapes)
    as_point = (dimension == 2) & (theme.fill is None or layer.hollow)
    shapes[as_point] = shapely.point_on_surface(shapes[as_point])
    return _first_points(shapes)


def _first_points(shapes: Shapes) -> Shapes:
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    shapes[several] = shapely.centroid(shapes[several])
    return shapes


def _has_lines(shapes: Shapes) -> bool:
    return bool((shapely.get_dimensions(shapes) == 1).any())


def _properties(row: Row, layer: MapLayer, telling: Telling) -> dict[str, Any]:
    """Short names, and only what is so: ``n`` name, ``b`` what stands beside the mark, ``k`` kind, ``m`` minor, ``s``
    the ring that marks it, ``y`` year, ``w`` what happened, ``c`` contributed, ``d`` lines of detail, a number standing
    for a shared phrase."""
    kind = text(row.get("kind"))
    ring = _ring(row, layer)
    name = text(row.get("name")) or "No name in the register"
    told = {
        "n": name,
        "b": short_name(name) if layer.named else "",
        "k": layer.kinds[kind][0] if kind in layer.kinds else kind.replace("_", " ").capitalize(),
        "m": int(kind in layer.minor_kinds),
        "s": ring,
        "y": text(row.get("closed_on"))[:4] if ring else "",
        "w": happening(row),
        "c": int(text(row.get("contributed")) in {"1", "True"}),
        "d": lines_of(row, layer.detail_titles, telling.origins, telling.phrases, _notes(row, telling)),
    }
    return {name: value for name, value in told.items() if value}


def _notes(row: Row, telling: Telling) -> Sequence[str]:
    return telling.notes.get(text(row.get("asset_id")), ())


def _ring(row: Row, layer: MapLayer) -> str:
    if layer.theme in RINGS:
        return layer.theme
    return LOST if text(row.get("status")) == "closed" else ""


def _legend(layer: MapLayer, theme: look.Theme, rows: list[Row], shapes: Shapes) -> Iterator[dict[str, str | int]]:
    """The lines of the legend: the layer, each of its minor kinds, and what of it is lost or not on the map."""
    lost = sum(text(row.get("status")) == "closed" for row in rows)
    drawn_smaller: frozenset[str] = frozenset() if _is_ground(layer, theme, shapes) else layer.minor_kinds
    standing = (text(row.get("kind")) for row in rows if text(row.get("status")) != "closed")
    minor = Counter(kind for kind in standing if kind in drawn_smaller)
    major = len(rows) - lost - minor.total()
    if layer.theme in RINGS:
        yield _legend_line(RINGS[layer.theme], layer.title, len(rows))
        return
    if len(minor) > 1 and not major:  # all kinds are drawn the same
        yield _legend_line(_small_picture(layer, theme), layer.title, minor.total())
        minor.clear()
    elif major or not lost:
        yield _legend_line(_picture(layer, theme, shapes), layer.title, major)
    for kind, count in minor.items():
        title = layer.kinds[kind][1] if kind in layer.kinds else kind.replace("_", " ").capitalize()
        yield _legend_line(_small_picture(layer, theme), title, count)
    if lost:
        yield _legend_line(RINGS[LOST], f"{layer.title}: closed", lost)


def _legend_line(picture: str, title: str, count: int) -> dict[str, str | int]:
    return {"picture": picture, "title": title, "count": f"{count:,}"}


def _small_picture(layer: MapLayer, theme: look.Theme) -> str:
    radius_px = look.MARKER_RADIUS_PX["minor"]
    return look.svg_marker(theme.shape, theme.colour, radius_px=radius_px, hollow=layer.hollow)


def _is_ground(layer: MapLayer, theme: look.Theme, shapes: Shapes) -> bool:
    return theme.fill is not None and not layer.hollow and bool((shapely.get_dimensions(shapes) == 2).any())


def _picture(layer: MapLayer, theme: look.Theme, shapes: Shapes) -> str:
    if _is_ground(layer, theme, shapes):
        return (
            f'<svg width="20" height="14" aria-hidden="true"><rect width="20" height="14" fill="{theme.fill}"/></svg>'
        )
    if _has_lines(shapes):
        return (
            f'<svg width="24" height="8" aria-hidden="true">'
            f'<path d="M2 4H22" stroke="{theme.colour}" stroke-width="{6 if layer.hollow else 4}" '
            'stroke-linecap="round"/>'
            f"{_HOLLOW_LINE if layer.hollow else ''}</svg>"
        )
    if len(layer.frame) > CROWD:
        return _small_picture(layer, theme)
    return look.svg_marker(theme.shape, theme.colour, hollow=layer.hollow)
