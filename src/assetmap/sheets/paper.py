"""A sheet of A4 to draw on, in millimetres from its bottom left corner, and the type set on it.

Text is measured from the font itself, not from a screen, so a sheet has the same layout as PNG, SVG and PDF.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import numpy as np
from matplotlib import font_manager, patheffects
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from assetmap import look
from assetmap.look import Outline
from assetmap.space import Floats

MM_PER_INCH: Final = 25.4
MM_PER_POINT: Final = MM_PER_INCH / 72
A4_MM: Final = (210.0, 297.0)

TIMES: Final = "\N{MULTIPLICATION SIGN}"

Weight = Literal["regular", "semibold", "bold"]
Align = Literal["left", "center", "right"]

_SPACES: Final = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
_FONT_PACKAGE: Final = "font_source_sans_pro"
_STYLES: Final = ("Regular", "Semibold", "Bold")
_LAST_RESORT: Final = "DejaVu Sans"
"""Comes with matplotlib, and knows Greek, Cyrillic, Hebrew, Arabic and many signs that the main face lacks."""

_CODES: Final = {"M": (Curve.MOVETO,), "L": (Curve.LINETO,), "C": (Curve.CURVE4,) * 3, "Z": (Curve.CLOSEPOLY,)}


@dataclass(frozen=True)
class Type:
    """How a piece of text is set."""

    size_pt: float
    weight: Weight = "regular"
    colour: str = look.INK
    leading: float = 1.22

    @property
    def line_mm(self) -> float:
        """From one baseline to the next."""
        return self.size_pt * self.leading * MM_PER_POINT

    @property
    def cap_mm(self) -> float:
        """The height of a capital letter."""
        return self.size_pt * 0.66 * MM_PER_POINT


TITLE: Final = Type(21, "bold", leading=1.12)
SUBTITLE: Final = Type(11, colour=look.QUIET)
HEADING: Final = Type(11, "bold")
ENTRY: Final = Type(9.5)
COUNT: Final = Type(9.5, colour=look.INK)
DETAIL: Final = Type(9, colour=look.QUIET)
SMALL: Final = Type(8.0, colour=look.QUIET, leading=1.18)
LABEL: Final = Type(8.2, "semibold", leading=1.1)
LABEL_NOTE: Final = Type(8.0, leading=1.08)
PLACE: Final = Type(9.2, colour=look.QUIET, leading=1.1)


@cache
def _families() -> tuple[str, ...]:
    """The faces to set in, best first; the packaged one is registered on first use."""
    spec = find_spec(_FONT_PACKAGE)
    if spec is not None and spec.origin is not None:
        for style in _STYLES:
            font_manager.fontManager.addfont(Path(spec.origin).parent / "files" / f"SourceSansPro-{style}.ttf")
    installed = set(font_manager.get_font_names())
    return (*(name for name in look.FONT_FAMILIES if name in installed), _LAST_RESORT)


@cache
def font(size_pt: float, weight: Weight) -> FontProperties:
    """The face of that size and weight, with those that stand in for signs it lacks."""
    main, *rest = _families()
    if weight == "semibold" and "Source Sans Pro Semibold" in font_manager.get_font_names():
        return FontProperties(family=["Source Sans Pro Semibold", *rest], size=size_pt)
    return FontProperties(family=[main, *rest], size=size_pt, weight="normal" if weight == "regular" else "bold")


@cache
def _known_signs() -> frozenset[int]:
    paths = (font_manager.findfont(FontProperties(family=[name])) for name in _families())
    return frozenset(code for path in set(paths) for code in FT2Font(path).get_charmap())


@lru_cache(maxsize=20_000)
def printable(text: str) -> str:
    """Text on one line, in signs that some face can draw: a sign that none has becomes an open square.

    A space that does not break keeps what it joins on one line. Marks that only steer how others look (joiners,
    variation selectors, control characters) are left out, apart from those that turn the direction of writing.
    """
    return "".join(sign if ord(sign) in _known_signs() else "□" for sign in _seen(text))


def unknown_signs(text: str) -> list[str]:
    """The signs of a text that no face can draw, each once, in the order they are met."""
    return [sign for sign in dict.fromkeys(_seen(text)) if ord(sign) not in _known_signs()]


def _seen(text: str) -> str:
    flat = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return "".join(sign for sign in flat if not _invisible(sign))


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs"} or 0xFE00 <= ord(sign) <= 0xFE0F


def width_mm(text: str, size_pt: float, weight: Weight) -> float:
    """How wide a line of text is when printed: its words and the spaces between them."""
    words = printable(text).split(" ")
    ems = sum(_word_ems(word, weight) for word in words) + _word_ems(" ", weight) * (len(words) - 1)
    return ems * size_pt * MM_PER_POINT


@lru_cache(maxsize=20_000)
def _word_ems(word: str, weight: Weight) -> float:
    """How wide a word is, in sizes of its type: words are measured once for all sizes, which is most of the time."""
    if not word:
        return 0.0
    points, _, _ = text_to_path.get_text_width_height_descent(word, font(10.0, weight), False)
    return float(points) / 10.0


def wrap(text: str, measure_mm: float, style: Type, max_lines: int | None = None) -> list[str]:
    """Text in lines no wider than a measure; what does not fit in ``max_lines``, if given, ends in an ellipsis."""
    return list(_wrapped(text, measure_mm, style, max_lines))


@lru_cache(maxsize=20_000)
def _wrapped(text: str, measure_mm: float, style: Type, max_lines: int | None) -> tuple[str, ...]:
    """The lines of :func:`wrap`, kept: a plan tries the same text in the same columns many times."""
    lines: list[str] = []
    space, used = width_mm("a a", style.size_pt, style.weight) - 2 * width_mm("a", style.size_pt, style.weight), 0.0
    for word in _pieces(printable(text), measure_mm, style):
        wide = width_mm(word, style.size_pt, style.weight)
        if lines and used + space + wide <= measure_mm:
            lines[-1], used = f"{lines[-1]} {word}", used + space + wide
        else:
            lines.append(word)
            used = wide
    if max_lines is not None and len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], _cut(" ".join(lines[max_lines - 1 :]), measure_mm, style)]
    return tuple(lines)


def balanced(text: str, measure_mm: float, style: Type, max_lines: int) -> list[str]:
    """Text in as few lines as :func:`wrap` needs, of as equal a length as can be: no last line of one word."""
    lines = wrap(text, measure_mm, style, max_lines)
    if not lines or width_mm(lines[-1], style.size_pt, style.weight) > 0.4 * measure_mm:
        return lines
    tighter = (wrap(text, measure_mm * share / 40, style, max_lines) for share in range(20, 40))
    whole = " ".join(lines)
    return next((found for found in tighter if len(found) == len(lines) and " ".join(found) == whole), lines)


def _pieces(text: str, measure_mm: float, style: Type) -> Iterable[str]:
    """The words of a text, those wider than the measure broken where they must be."""
    for word in filter(None, text.split(" ")):
        rest = word
        while width_mm(rest, style.size_pt, style.weight) > measure_mm and len(rest) > 1:
            head = _longest_head(rest, measure_mm, style)
            yield rest[:head]
            rest = rest[head:]
        yield rest


def _longest_head(text: str, measure_mm: float, style: Type) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_mm(text[:middle], style.size_pt, style.weight) <= measure_mm:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, measure_mm: float, style: Type) -> str:
    if width_mm(text, style.size_pt, style.weight) <= measure_mm:
        return text
    room = measure_mm - width_mm("…", style.size_pt, style.weight)
    return text[: _longest_head(text, room, style)].rstrip(" ,;") + "…"


def curve(outline: Outline, x_mm: float = 0.0, y_mm: float = 0.0, scale_mm: float = 1.0) -> Curve:
    """An outline of :mod:`assetmap.look` as a path at a place and size."""
    codes: list[int] = []
    points: list[tuple[float, float]] = []
    for letter, numbers in outline:
        codes += [int(code) for code in _CODES[letter]]
        points += list(zip(numbers[::2], numbers[1::2], strict=True)) if numbers else [(0.0, 0.0)]
    return Curve(np.asarray(points) * scale_mm + (x_mm, y_mm), codes)


class Paper:
    """One page. Every position and length is in millimetres, y upwards from the bottom edge."""

    def __init__(self, *, portrait: bool) -> None:
        """An empty page of A4, upright or wide."""
        self.portrait = portrait
        self.width_mm, self.height_mm = A4_MM if portrait else A4_MM[::-1]
        self.figure = Figure(figsize=(self.width_mm / MM_PER_INCH, self.height_mm / MM_PER_INCH), facecolor=look.PAGE)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0, self.width_mm)
        self.axes.set_ylim(0, self.height_mm)
        self.axes.set_axis_off()
        self.axes.set_autoscale_on(False)
        self.window: Curve | None = None
        """What paths are cut to; nothing when it is ``None``."""
        self.maps_mm: list[tuple[float, float, float, float]] = []
        """Where maps lie: the left, lower, right and upper edge of each."""
        self.cut_short = False
        """Whether some of what the sheet says is left to further pages."""

    def text(
        self,
        x_mm: float,
        y_mm: float,
        text: str,
        style: Type,
        *,
        align: Align = "left",
        halo_pt: float = 0.0,
        z: float = 10.0,
    ) -> None:
        """A line of text with its baseline at ``y_mm``; a halo is a white outline beneath it."""
        shown = printable(text)
        if not shown:
            return
        face = font(style.size_pt, style.weight)

        def put(colour: str, level: float, *effects: patheffects.AbstractPathEffect) -> None:
            self.axes.text(
                x_mm, y_mm, shown, fontproperties=face, color=colour, ha=align, va="baseline",
                parse_math=False, zorder=level, path_effects=list(effects) or None, clip_on=False,
            )  # fmt: skip

        if halo_pt:
            # The halo is a text of its own: a path effect on the words themselves would turn them into drawings, and
            # nobody could search or copy them in the PDF.
            put(look.PAGE, z - 0.1, patheffects.Stroke(linewidth=halo_pt, foreground=look.PAGE))
        put(style.colour, z)

    def lines(self, x_mm: float, top_mm: float, lines: Sequence[str], style: Type, *, z: float = 10.0) -> float:
        """Lines set one under another from ``top_mm`` down; returns where they end."""
        for i, line in enumerate(lines):
            self.text(x_mm, top_mm - style.cap_mm - i * style.line_mm, line, style, z=z)
        return top_mm - len(lines) * style.line_mm

    def path(
        self,
        shape: Curve,
        *,
        fill: str = "none",
        line: str = "none",
        line_pt: float = 0.0,
        z: float = 1.0,
        hatch: str | None = None,
        alpha: float | None = None,
    ) -> PathPatch:
        """A filled or stroked path."""
        patch = PathPatch(
            shape, facecolor=fill, edgecolor=line, linewidth=line_pt, zorder=z, alpha=alpha,
            joinstyle="round", capstyle="butt",
        )  # fmt: skip
        if hatch is not None:
            patch.set_hatch(hatch)
            patch.set_hatch_linewidth(0.45)
        # not add_patch, which measures every curve to fit the axes round it: they are the paper, and fixed
        self.axes.add_artist(patch)
        if self.window is not None:
            patch.set_clip_path(self.window, self.axes.transData)
        return patch

    def box(self, x_mm: float, y_mm: float, width_mm: float, height_mm: float, **paint: object) -> None:
        """A rectangle from its bottom left corner."""
        corners = [(x_mm, y_mm), (x_mm + width_mm, y_mm), (x_mm + width_mm, y_mm + height_mm), (x_mm, y_mm + height_mm)]
        self.path(Curve([*corners, corners[0]], closed=True), **paint)  # type: ignore[arg-type]

    def rule(self, x0_mm: float, x1_mm: float, y_mm: float, *, line: str = look.LINE, line_pt: float = 0.6) -> None:
        """A level line."""
        self.path(Curve([(x0_mm, y_mm), (x1_mm, y_mm)]), line=line, line_pt=line_pt, z=1)

    def line(
        self, start_mm: tuple[float, float], end_mm: tuple[float, float], *, line: str, line_pt: float, z: float
    ) -> None:
        """A straight line."""
        self.path(Curve([start_mm, end_mm]), line=line, line_pt=line_pt, z=z)

    @staticmethod
    def point(x_mm: float, y_mm: float) -> Floats:
        """One position, as :meth:`stamps` takes many."""
        return np.array([[x_mm, y_mm]], dtype=np.float64)

    def stamps(self, coats: Sequence[Coat], xy_mm: Floats, radius_mm: float, *, z: float) -> None:
        """The same mark many times at one size, each finished before the next, so that each keeps its halo."""
        if not len(xy_mm):
            return
        points_per_radius = radius_mm / MM_PER_POINT
        on_paper = Affine2D().scale(radius_mm / MM_PER_INCH) + self.figure.dpi_scale_trans
        self.axes.add_collection(
            PathCollection(
                [coat.shape for coat in coats], offsets=np.repeat(xy_mm, len(coats), axis=0),
                offset_transform=self.axes.transData, transform=on_paper, zorder=z,
                facecolors=[coat.fill for coat in coats], edgecolors=[coat.line for coat in coats],
                linewidths=[coat.stroke * points_per_radius for coat in coats], joinstyle="round", capstyle="butt",
            ),
            autolim=False,
        )  # fmt: skip


@dataclass(frozen=True)
class Coat:
    """One of the strokes a mark is drawn with, in radii of the mark."""

    shape: Curve
    fill: str = "none"
    line: str = "none"
    stroke: float = 0.0


def coats_of(shape: str, colour: str, *, contributed: bool = False, hollow: bool = False) -> tuple[Coat, ...]:
    """How a mark is drawn: its halo first, then itself, then the badge of what people added."""
    badge = _badge_coats() if contributed else ()
    if shape == look.LOST.shape:
        ground = Coat(curve(look.DISC), look.PAGE, look.PAGE, look.HALO)
        return (ground, Coat(curve((*look.LOST_RING, *look.LOST_CROSS)), line=colour, stroke=look.LOST_STROKE), *badge)
    outline = curve(look.SHAPES[shape])
    edge = look.HOLLOW_STROKE if hollow else 0.0
    halo = Coat(outline, look.PAGE, look.PAGE, 2 * look.HALO + edge)
    ink = Coat(outline, line=colour, stroke=edge) if hollow else Coat(outline, colour)
    return (halo, ink, *badge)


def _badge_coats() -> tuple[Coat, ...]:
    x, y = look.BADGE_OFFSET
    size = look.BADGE_RADIUS
    disc, plus = curve(look.DISC, x, y, size), curve(look.PLUS, x, y, size)
    halo = Coat(disc, look.PAGE, look.PAGE, look.HALO)
    return (halo, Coat(disc, look.CONTRIBUTED.colour), Coat(plus, line=look.PAGE, stroke=look.PLUS_STROKE * size))


def disc_coats() -> tuple[Coat, ...]:
    """The disc of ink that a number stands on, with its halo."""
    disc = curve(look.DISC)
    return (Coat(disc, look.PAGE, look.PAGE, 2 * look.HALO), Coat(disc, look.INK))
