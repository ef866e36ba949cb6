"""The rings of what happened to services: lost has a cross, gone to the community its hexagon, changed a dash,
shut for a time two bars, as a recording that is paused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from assetmap import look

LOST: Final = look.LOST.id
HANDED_OVER: Final = "handed_over"
CHANGED: Final = "changed"
SHUT_FOR_A_TIME: Final = "temporary"

_WEALTH: Final = look.theme("wealth").colour
_CORE: Final = 0.46
"""How far the community's hexagon reaches inside its ring, in radii."""
_REACH: Final = 1.3


def _ring(colour: str, stroke: float, inside: str) -> str:
    """A dashed ring on white, as the look draws one for a loss, with something else inside it."""
    size = round(2 * _REACH * look.MARKER_RADIUS_PX["lost"], 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size:g}" height="{size:g}" aria-hidden="true" '
        f'viewBox="{-_REACH:g} {-_REACH:g} {2 * _REACH:g} {2 * _REACH:g}">'
        f'<path d="{look.svg_path(look.DISC)}" fill="{look.PAGE}" stroke="{look.PAGE}" stroke-width="{look.HALO:g}"/>'
        f'<path d="{look.svg_path(look.LOST_RING)}" fill="none" stroke="{colour}" stroke-width="{stroke:g}"/>'
        f"{inside}</svg>"
    )


def _core() -> str:
    shape = look.svg_path(look.SHAPES[look.theme("wealth").shape])
    return f'<path d="{shape}" fill="{_WEALTH}" transform="scale({_CORE:g})"/>'


def _dash() -> str:
    return f'<path d="M-0.34 0 L0.34 0" fill="none" stroke="{look.QUIET}" stroke-width="{look.LOST_STROKE:g}"/>'


def _pause() -> str:
    path = "M-0.2 -0.36 L-0.2 0.36 M0.2 -0.36 L0.2 0.36"
    return f'<path d="{path}" fill="none" stroke="{look.INK}" stroke-width="{look.LOST_STROKE:g}"/>'


def _cross() -> str:
    path = look.svg_path(look.LOST_CROSS)
    return f'<path d="{path}" fill="none" stroke="{look.INK}" stroke-width="{look.LOST_STROKE:g}"/>'


RINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        LOST: _ring(look.INK, look.LOST_STROKE, _cross()),
        HANDED_OVER: _ring(_WEALTH, look.LOST_STROKE, _core()),
        CHANGED: _ring(look.QUIET, look.LOST_STROKE, _dash()),
        SHUT_FOR_A_TIME: _ring(look.INK, look.LOST_STROKE, _pause()),
    }
)
"""What happened, as the theme of a layer, and its mark as a piece of SVG."""

COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {LOST: look.INK, HANDED_OVER: _WEALTH, CHANGED: look.QUIET, SHUT_FOR_A_TIME: look.INK}
)
