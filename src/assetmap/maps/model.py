"""What a map on screen is asked for: layers, shadings, a backdrop, and what a person has chosen to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd

from assetmap import look


@dataclass(frozen=True)
class AreaStyle:
    """One way of shading neighbourhoods.

    Attributes
    ----------
    id
        What :class:`View` names it by.
    title
        What is shaded, with its unit and edition, such as ``Need: deprivation 2025, fifths of England``.
    column
        A column of the areas: the class of each, 0 for the first of ``labels``; missing is drawn as a hatch.
    labels
        What each class means, in the order of ``colours``.
    colours
        ``#RRGGBB``, one a class.
    ends
        Words under the two ends of the legend.
    no_data
        What the hatch means.
    outlined
        Colour and words for neighbourhoods that an overlay outlines, whatever their class: what some would gain, as a
        colour not yet filled in, or the one that a page is about, in ink.
    listed
        The legend lists the classes in words, each with its count, because they are no scale.
    """

    id: str
    title: str
    column: str
    labels: tuple[str, ...]
    colours: tuple[str, ...] = look.NEED_FIFTHS
    ends: tuple[str, str] = ("least", "most")
    no_data: str = "No data"
    outlined: tuple[str, str] | None = None
    listed: bool = False


@dataclass(frozen=True)
class MapLayer:
    """Rows drawn in one way and switched together.

    Attributes
    ----------
    id, title
        What :class:`View` names it by, and what people read.
    theme
        A theme of :mod:`assetmap.look`, or one of :data:`assetmap.maps.rings.RINGS` for what happened to services:
        ``lost``, ``handed_over``, ``changed`` or ``temporary``. Those are told by year, and :class:`View` may
        show some years only.
    frame
        Columns of :data:`assetmap.tables.ASSET_COLUMNS` as far as they are there, in any declared CRS. ``name`` is
        needed. A row with ``status`` ``closed`` is drawn as lost; rows without a geometry are counted and not drawn.
    minor_kinds
        Kinds drawn smaller, each with its own line in the legend.
    kinds
        Kind to its title for one and for several.
    hollow
        Drawn as an outline without fill: what could be opened up.
    detail_titles
        The fields of ``details`` that a popup tells, each with what people read.
    named
        Each name stands beside its mark, where there is room for it.
    """

    id: str
    title: str
    theme: str
    frame: gpd.GeoDataFrame
    minor_kinds: frozenset[str] = frozenset()
    kinds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    hollow: bool = False
    detail_titles: Mapping[str, str] = field(default_factory=dict)
    named: bool = False


@dataclass(frozen=True)
class Backdrop:
    """What lies under the places, drawn lightly: any of ``water``, ``green`` and ``streets``, in any declared CRS."""

    water: gpd.GeoSeries | None = None
    green: gpd.GeoSeries | None = None
    streets: gpd.GeoSeries | None = None


@dataclass(frozen=True)
class MapData:
    """A place's drawing as a script for the browser, named after its content.

    Attributes
    ----------
    digest
        SHA-256 of the script: the same drawing has the same name.
    script
        JavaScript that registers the data under ``digest``.
    label
        One sentence that says what the map shows, for people who do not see it.
    """

    digest: str
    script: bytes
    label: str


@dataclass(frozen=True)
class Overlay:
    """What one question draws over a place's drawing: small enough to be sent anew at every choice.

    Attributes
    ----------
    json
        Its shading, its layers and the lines it adds to what a press on a neighbourhood tells.
    """

    json: str


@dataclass(frozen=True)
class View:
    """What a person has chosen to see.

    Attributes
    ----------
    layers
        Ids of the layers that show.
    style
        Id of the shading, or ``None`` for plain areas.
    adding
        Whether a press on the map chooses a spot.
    pin
        Latitude and longitude of the chosen spot, in degrees.
    years
        The first and the last year of what happened to services that show; ``None`` shows all, the undated too.
    tiles
        Whether the street map lies underneath, where :func:`assetmap.maps.draw_map` was given one.
    overlay
        What is drawn over the place for one question; its layers always show, ``style`` may name its shading.
    opens
        Whether a press on a neighbourhood opens its page at once, where the drawing knows one; else the press tells of
        it, with a link.
    corners
        Latitude and longitude, in degrees, of the corners of an area that somebody drew: an outline in ink.
    draws
        Where it is not empty, presses on the map draw an area, and the query of the address that the page then goes to
        is this with its corners after it, as ``LON,LAT LON,LAT LON,LAT`` right to 5 decimals.
    keeps
        What else stands in the address that such a press or drawing leads to, as a query without its question mark.
    focus
        South-west and north-east corners, latitude before longitude in degrees, that the map is fitted to; ``None``
        for the whole place.
    can_switch
        Whether the page has switches for layers, so that the legend of a bare map may speak of them.
    """

    layers: tuple[str, ...] = ()
    style: str | None = None
    adding: bool = False
    pin: tuple[float, float] | None = None
    years: tuple[int, int] | None = None
    tiles: bool = False
    overlay: Overlay | None = None
    opens: bool = False
    corners: tuple[tuple[float, float], ...] = ()
    draws: str = ""
    keeps: str = ""
    focus: tuple[tuple[float, float], tuple[float, float]] | None = None
    can_switch: bool = True
