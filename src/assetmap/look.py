"""The visual language, said once: the screen, the printed sheet and the evidence pack all draw from here.

Strengths are in colour; need is ink on paper, in greys; a loss is a dashed ring with a cross, in ink, where something
used to be; what could be opened up is a colour not yet filled in; a gap is ground outlined and dotted in ink, because
where more is needed is need; no data is a hatch. Colour is never the only sign:
each theme also has a shape, and every map names both in its legend.

Shapes are kept as paths in unit coordinates (x right, y up, about one unit from the middle to the edge), so that a
browser and a printer draw the same mark. No drawing library is needed to read them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final

from assetmap.errors import UnknownNameError

INK: Final = "#22303C"
"""Text, the place's outline, and whatever was lost."""

QUIET: Final = "#5B6770"
"""Text that explains: counts, sources, captions."""

PAGE: Final = "#FFFFFF"
PANEL: Final = "#FAF9F7"
LINE: Final = "#DDD9D3"

NEED_FIFTHS: Final = ("#F4F3F0", "#E6E4E1", "#D3D1CE", "#BAB8B6", "#9C9A99")
"""The fills of the five fifths of England, least need first."""

NO_DATA_LINE: Final = "#8A8886"
NO_DATA_FILL: Final = PAGE
NO_DATA_HATCH: Final = "////"
"""A hatch of thin lines on white: never to be mistaken for a low value."""

GAP_DOTS: Final = "...."
"""The dots on ground where need and lack come together most: a pattern that a printer without colour keeps."""

GREEN_LINE: Final = "#6FA884"
"""The edge of green ground: printed without colour, its fill alone could pass for a grey of need."""

WATER_FILL: Final = "#DCE8EF"
WATER_LINE: Final = "#B4CCDA"
STREET_LINE: Final = "#A9A6A2"

FONT_FAMILIES: Final = ("Source Sans Pro", "Source Sans 3", "Open Sans", "Noto Sans", "Segoe UI", "Arial")
"""One humanist sans, its other names, then what most machines have; end a style sheet's list with ``sans-serif``."""

SCREEN_SIZES_PX: Final = (12, 14, 16, 20, 28)

MARKER_RADIUS_MM: Final[Mapping[str, float]] = MappingProxyType({"major": 1.5, "minor": 0.8, "lost": 2.0})
"""On paper, how far a mark reaches from its middle, in millimetres, by how prominent its kind is."""

MARKER_RADIUS_PX: Final[Mapping[str, float]] = MappingProxyType({"major": 9.0, "minor": 5.0, "lost": 11.0})
"""On screen, the same in CSS pixels."""

Step = tuple[str, tuple[float, ...]]
Outline = tuple[Step, ...]
"""A path: ``M`` and ``L`` with x, y; ``C`` with two control points and an end; ``Z`` with nothing."""


@dataclass(frozen=True)
class Theme:
    """One family of things a place has, and how it is drawn everywhere.

    Attributes
    ----------
    id
        The name layers use.
    title
        What people read.
    colour
        ``#RRGGBB``, at least 3:1 against the second lightest grey.
    shape
        A key of :data:`SHAPES`.
    fill
        A light colour for areas of ground, or ``None`` where the theme has no such areas.
    """

    id: str
    title: str
    colour: str
    shape: str
    fill: str | None = None


THEMES: Final[Mapping[str, Theme]] = MappingProxyType(
    {
        theme.id: theme
        for theme in (
            Theme("meeting", "Places to meet", "#D05E1F", "circle"),
            Theme("wealth", "Owned by the community", "#603FB8", "hexagon"),
            Theme("public_land", "Public land and buildings", "#4082B4", "square"),
            Theme("green", "Green, growing, playing", "#2E794C", "triangle", "#BFE0C8"),
            Theme("streets", "Streets for people", "#6C5715", "diamond"),
            Theme("groups", "Groups, skills and connectors", "#BB2F87", "star"),
        )
    }
)
"""The themes by id, in the order that legends list them."""

LOST: Final = Theme("lost", "What has been lost", INK, "lost")
"""A dashed ring with a cross, in ink; the year stands beside it."""

CONTRIBUTED: Final = Theme("contributed", "Added by local people", INK, "plus")
"""A small ink disc with a white plus, on the shoulder of the theme's own mark: what people added stands beside the
registers, and is always told apart from them."""

BADGE_RADIUS: Final = 0.62
"""How large the plus badge is, in radii of the mark it sits on."""

BADGE_OFFSET: Final = (0.82, 0.82)
"""Where the badge's middle is, in radii of the mark it sits on."""

_QUARTER: Final = 0.5522847498
"""How far a cubic Bezier's control points reach to draw a quarter circle of radius 1."""


def _polygon(corners: list[tuple[float, float]]) -> Outline:
    first, *rest = corners
    return (("M", first), *(("L", corner) for corner in rest), ("Z", ()))


def _regular(corners: int, radius: float, start_degrees: float, inner: float | None = None) -> Outline:
    """A regular polygon, or with ``inner`` a star whose every second corner lies on that radius."""
    radii = [radius] if inner is None else [radius, inner]
    count = corners * len(radii)
    turns = [math.radians(start_degrees + 360 * i / count) for i in range(count)]
    return _polygon(
        [
            (round(radii[i % len(radii)] * math.cos(t), 4), round(radii[i % len(radii)] * math.sin(t), 4))
            for i, t in enumerate(turns)
        ]
    )


def _circle(radius: float) -> Outline:
    r, k = radius, radius * _QUARTER
    return (
        ("M", (r, 0.0)),
        ("C", (r, k, k, r, 0.0, r)),
        ("C", (-k, r, -r, k, -r, 0.0)),
        ("C", (-r, -k, -k, -r, 0.0, -r)),
        ("C", (k, -r, r, -k, r, 0.0)),
        ("Z", ()),
    )


def _dashed_ring(radius: float, dashes: int, ink_share: float) -> Outline:
    """Arcs round a circle: the dashes are part of the path, so they look alike in every program."""
    sweep = 2 * math.pi / dashes * ink_share
    reach = radius * 4 / 3 * math.tan(sweep / 4)
    steps: list[Step] = []
    for i in range(dashes):
        a = 2 * math.pi * (i + 0.5) / dashes - sweep / 2
        b = a + sweep
        start, end = (radius * math.cos(a), radius * math.sin(a)), (radius * math.cos(b), radius * math.sin(b))
        near = (start[0] - reach * math.sin(a), start[1] + reach * math.cos(a))
        far = (end[0] + reach * math.sin(b), end[1] - reach * math.cos(b))
        steps.append(("M", _rounded(*start)))
        steps.append(("C", _rounded(*near, *far, *end)))
    return tuple(steps)


def _rounded(*numbers: float) -> tuple[float, ...]:
    return tuple(round(number, 4) for number in numbers)


SHAPES: Final[Mapping[str, Outline]] = MappingProxyType(
    {
        "circle": _circle(0.94),
        "hexagon": _regular(6, 1.06, 30),
        "square": _polygon([(-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)]),
        "triangle": _polygon([(-1.08, -0.72), (1.08, -0.72), (0.0, 1.14)]),
        "diamond": _regular(4, 1.14, 90),
        "star": _regular(5, 1.24, 90, inner=0.56),
    }
)
"""The filled shapes, drawn to look the same size beside one another."""

LOST_RING: Final = _dashed_ring(0.92, dashes=8, ink_share=0.66)
LOST_CROSS: Final[Outline] = (
    ("M", (-0.4, -0.4)),
    ("L", (0.4, 0.4)),
    ("M", (-0.4, 0.4)),
    ("L", (0.4, -0.4)),
)
LOST_STROKE: Final = 0.22
"""The stroke of the ring and the cross, in radii."""

PLUS: Final[Outline] = (("M", (-0.5, 0.0)), ("L", (0.5, 0.0)), ("M", (0.0, -0.5)), ("L", (0.0, 0.5)))
PLUS_STROKE: Final = 0.3
DISC: Final = _circle(1.0)

HALO: Final = 0.26
"""How far the white halo reaches beyond a mark, in radii."""

HOLLOW_STROKE: Final = 0.3
"""The stroke of a mark not yet filled in, in radii."""


def theme(theme_id: str) -> Theme:
    """The theme of that id.

    Raises
    ------
    UnknownNameError
        If there is no such theme; the message lists those there are.
    """
    if theme_id not in THEMES:
        raise UnknownNameError("theme", theme_id, tuple(THEMES))
    return THEMES[theme_id]


def need_colour(fifth: int) -> str:
    """The grey of one fifth of England, where 1 is the most deprived, as in the published indices.

    Raises
    ------
    UnknownNameError
        If ``fifth`` is not 1 to 5.
    """
    if fifth not in range(1, 6):
        raise UnknownNameError("fifth of England", str(fifth), ("1", "2", "3", "4", "5"))
    return NEED_FIFTHS[5 - fifth]


def svg_path(outline: Outline) -> str:
    """An outline as the ``d`` of an SVG path, with y turned to point down."""

    def step(letter: str, numbers: tuple[float, ...]) -> str:
        turned = (number if i % 2 == 0 else -number for i, number in enumerate(numbers))
        return letter + " ".join(f"{number + 0.0:g}" for number in turned)

    return " ".join(step(*one) for one in outline)


def svg_marker(
    shape: str,
    colour: str,
    *,
    radius_px: float = MARKER_RADIUS_PX["major"],
    contributed: bool = False,
    hollow: bool = False,
    label: str | None = None,
) -> str:
    """One mark as a piece of SVG, with its white halo.

    Parameters
    ----------
    shape
        A key of :data:`SHAPES`, or ``lost``.
    colour
        ``#RRGGBB``.
    radius_px
        How far the mark reaches from its middle, in CSS pixels; the image is a little wider, for halo and badge.
    contributed
        Add the plus badge of what local people added.
    hollow
        Draw the outline only: something that could be opened up.
    label
        What a screen reader says; without one the mark is decoration beside its own text.

    Raises
    ------
    UnknownNameError
        If there is no such shape.
    """
    if shape == LOST.shape:
        body = _svg_lost(colour)
    elif shape in SHAPES:
        body = _svg_shape(SHAPES[shape], colour, hollow)
    else:
        raise UnknownNameError("shape", shape, (*SHAPES, LOST.shape))
    if contributed:
        body += _svg_badge()
    reach = 1.55
    size = round(2 * reach * radius_px, 2)
    spoken = 'aria-hidden="true"' if label is None else f'role="img" aria-label="{escape(label, quote=True)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size:g}" height="{size:g}" '
        f'viewBox="{-reach:g} {-reach:g} {2 * reach:g} {2 * reach:g}" {spoken}>{body}</svg>'
    )


def _svg_shape(outline: Outline, colour: str, hollow: bool) -> str:
    d, paint = svg_path(outline), escape(colour, quote=True)
    inside = "none" if hollow else paint
    edge = HOLLOW_STROKE if hollow else 0.0
    halo = f'<path d="{d}" fill="none" stroke="{PAGE}" stroke-width="{2 * HALO + edge:g}" stroke-linejoin="round"/>'
    line = f' stroke="{paint}" stroke-width="{edge:g}" stroke-linejoin="round"' if hollow else ""
    return f'{halo}<path d="{d}" fill="{inside}"{line}/>'


def _svg_lost(colour: str) -> str:
    paint, both = escape(colour, quote=True), svg_path((*LOST_RING, *LOST_CROSS))
    ground = f'<path d="{svg_path(DISC)}" fill="{PAGE}" stroke="{PAGE}" stroke-width="{HALO:g}"/>'
    return f'{ground}<path d="{both}" fill="none" stroke="{paint}" stroke-width="{LOST_STROKE:g}"/>'


def _svg_badge() -> str:
    x, y = BADGE_OFFSET
    return (
        f'<g transform="translate({x:g} {-y:g}) scale({BADGE_RADIUS:g})">'
        f'<path d="{svg_path(DISC)}" fill="{CONTRIBUTED.colour}" stroke="{PAGE}" stroke-width="{HALO:g}"/>'
        f'<path d="{svg_path(PLUS)}" fill="none" stroke="{PAGE}" stroke-width="{PLUS_STROKE:g}"/></g>'
    )
