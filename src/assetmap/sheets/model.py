"""What a sheet is made of, and the facts that follow from it: counts, what was lost, what stands where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import look
from assetmap.errors import QuestionError
from assetmap.sheets.losses import each_loss, year_of
from assetmap.sheets.shapes import POLYGONS, are_contributed, half_way, placed
from assetmap.sheets.told import Figure, Outlined, Panel, Shading, Would
from assetmap.space import Floats

POINT_COLUMNS: Final = ("name", "kind", "status", "closed_on", "contributed")
"""What a layer's rows must say besides where they are."""


STACK_M: Final = 5.0
"""Places of one sort closer than this are at one point: one building, or one postcode's middle."""

STACK_AT: Final = 5
"""So many marks at one point are drawn as one, with their number beside it."""

NAMED_LOSSES: Final = 12
"""With more losses than this, each has a number on the map and its name in a list beside it."""

MATTERS: Final = 0.1
"""A minor kind that is at least this share of its layer has a line of the legend to itself."""

Words = tuple[str, str]
"""What one and several of a kind are called, such as ``("Library", "Libraries")``."""


@dataclass(frozen=True, eq=False)
class SheetLayer:
    """One line of the legend and its marks.

    Attributes
    ----------
    title
        What the legend calls it.
    theme
        An id of :data:`assetmap.look.THEMES`: the colour and the shape.
    points
        EPSG:4326, the columns of :data:`POINT_COLUMNS` and geometry of any type. Lines are drawn as lines with a mark
        half way; outlines are filled lightly with a mark inside. Rows whose status is ``closed`` are drawn as lost.
    minor_kinds
        Kinds drawn smaller, so that a crowd of them does not drown the rest.
    labels
        Whether names are written beside the marks, as far as there is room.
    kinds
        What one and several of each kind are called; a kind that is not there is named as it is written.
    words
        What one and several of the layer's rows are called in a sentence, such as ``("place to meet", "places to
        meet")``; the title does for both when they are not given.
    small
        All marks are drawn small: the layer is there to set off another.
    bold
        Names are as strong as those of what was lost.
    ground
        Outlines are filled as ground and have no mark; the few rows that are points have a small one.
    """

    title: str
    theme: str
    points: gpd.GeoDataFrame
    minor_kinds: frozenset[str] = frozenset()
    labels: bool = False
    kinds: Mapping[str, Words] = field(default_factory=dict)
    words: Words | None = None
    small: bool = False
    ground: bool = False
    bold: bool = False

    def __post_init__(self) -> None:
        """Layers of ground and layers that set off another have no kinds smaller than the rest."""
        if (self.small or self.ground) and self.minor_kinds:
            object.__setattr__(self, "minor_kinds", frozenset())

    def kind_words(self, kind: str, count: int) -> str:
        """A kind as people read it, in the singular or the plural."""
        return kind_words(self.kinds, kind, count)

    @cached_property
    def marked(self) -> gpd.GeoDataFrame:
        """The rows drawn that have a mark: all of them, or of a layer of ground those that are not outlines."""
        rows = self.drawn
        return rows[~rows.geometry.geom_type.isin(POLYGONS)] if self.ground and len(rows) else rows

    @cached_property
    def standing(self) -> gpd.GeoDataFrame:
        """The rows that are not closed, whether or not they have a location."""
        return self.points[self.points["status"] != "closed"] if len(self.points) else self.points

    @cached_property
    def drawn(self) -> gpd.GeoDataFrame:
        """The rows that are not closed and have a location, in metres on the British National Grid."""
        return placed(self.standing)

    @cached_property
    def spots_m(self) -> Floats:
        """Where each mark stands: eastings and northings in metres, in the order of :attr:`marked`."""
        return half_way(self.marked.geometry) if len(self.marked) else np.empty((0, 2))

    @cached_property
    def has_stack(self) -> bool:
        """Whether so many stand at one point that one mark stands for them."""
        if not len(self.marked):
            return False
        sorts = [self.marked["kind"].isin(self.minor_kinds).to_numpy(), are_contributed(self.marked)]
        keys = np.column_stack([np.round(self.spots_m / STACK_M), *sorts])
        return bool(np.unique(keys, axis=0, return_counts=True)[1].max() >= STACK_AT)

    @cached_property
    def contributed(self) -> int:
        """How many of those drawn were added by local people."""
        return int(are_contributed(self.drawn).sum()) if len(self.drawn) else 0

    @cached_property
    def minor_counts(self) -> dict[str, int]:
        """How many of each minor kind are drawn, the most numerous first."""
        kinds = self.drawn["kind"] if len(self.drawn) else pd.Series(dtype=object)
        found = kinds[kinds.isin(self.minor_kinds)].value_counts()
        return {str(kind): int(count) for kind, count in found.items()}

    @cached_property
    def minor_lines(self) -> tuple[tuple[str, int], ...]:
        """The legend's lines for minor kinds: a line for each that matters, the rest gathered into the last."""
        counts = self.minor_counts
        own = [kind for kind in counts if counts[kind] >= MATTERS * len(self.drawn)] or list(counts)[:1]
        lines = [(self.kind_words(kind, counts[kind]), counts[kind]) for kind in own]
        rest = sum(counts.values()) - sum(counts[kind] for kind in own)
        if rest:
            title, count = lines[-1]
            lines[-1] = (f"{title} and others", count + rest)
        return tuple(lines)


@dataclass(frozen=True, eq=False)
class Sheet:
    """Everything one sheet shows, ready to be drawn.

    Attributes
    ----------
    title
        A sentence that says the finding.
    subtitle
        One more sentence: what it rests on.
    fictional
        Whether the place is made up; the sheet then says so in a band across its top.
    areas
        The neighbourhoods, EPSG:4326, the columns of :data:`assetmap.tables.AREA_COLUMNS`.
    need
        The column of ``areas`` with fifths of England, 1 the most deprived (:func:`fifths_of_england`), missing where
        not known; ``None`` draws no greys. With ``shading`` the fifths are of what that tells.
    need_title
        The index and its edition.
    layers
        What the place has, the most important first.
    lost
        What closed: the columns of a layer's points. ``None`` leaves only the closed rows of layers.
    backdrop
        ``water``, ``green`` and ``streets`` (any geometry), ``names``: points with ``name``, such as town centres, and
        ``area``: the part of the place that the sheet is about, where that has an outline of its own.
    sources
        One sentence each: title, publisher, date, licence and attribution.
    brief
        The sources in few words, with what their licences ask to be said. Where all of ``sources`` would take the room
        of the map, these stand beside it, and the whole on a page of its own.
    caveats
        What a reader must know before relying on it.
    opportunities
        What could be opened up, drawn as coloured outlines with no fill.
    would_open
        What a scenario would open, drawn in the same way.
    licence
        The licence of the sheet itself, for the file's own description.
    outlined
        The neighbourhoods that the sheet is about: where more could be opened up, or who would lose something.
    about_losses
        Whether the sheet is about what was lost: losses then come first, and all else steps back.
    kinds_lost
        What one and several of each kind of loss are called.
    changes
        What a scenario would change; what the sheet draws as lost then has not closed yet.
    nearby
        What stands near those who would lose something, drawn as small coloured outlines.
    figures
        The whole place now and then.
    method
        How what the sheet says was worked out.
    focus_m
        Left, bottom, right and top in metres on the British National Grid of the part that is drawn, with a small map
        that shows where it lies; ``None`` for the whole place.
    panels
        Small maps of what had closed by several dates, in place of one large map.
    heading
        What the legend calls what ``layers`` show; without one, what the place has.
    shading
        What the greys tell, where that is not need.
    pack
        The number of the evidence pack that the sheet belongs to, which its foot says; the sheet's own number is the
        same in every pack.

    Raises
    ------
    QuestionError
        If a frame has no coordinate system, a column is missing, or a fifth is not 1 to 5.
    UnknownNameError
        If a layer names a theme that does not exist.
    """

    title: str
    subtitle: str
    place_name: str
    fictional: bool
    areas: gpd.GeoDataFrame
    need: str | None
    need_title: str
    layers: tuple[SheetLayer, ...]
    lost: gpd.GeoDataFrame | None
    backdrop: Mapping[str, gpd.GeoDataFrame]
    sources: tuple[str, ...]
    drawn_on: date
    caveats: tuple[str, ...] = ()
    opportunities: tuple[SheetLayer, ...] = ()
    would_open: tuple[SheetLayer, ...] = ()
    licence: str = "See the sources on the sheet for the licence of each."
    outlined: Outlined | None = None
    about_losses: bool = False
    kinds_lost: Mapping[str, Words] = field(default_factory=dict)
    changes: tuple[Would, ...] = ()
    nearby: tuple[SheetLayer, ...] = ()
    figures: tuple[Figure, ...] = ()
    method: str = ""
    focus_m: tuple[float, float, float, float] | None = None
    panels: tuple[Panel, ...] = ()
    heading: str = ""
    shading: Shading | None = None
    pack: str = ""
    brief: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuses what cannot be drawn truthfully, every fault at once."""
        for layer in self.every_layer:
            look.theme(layer.theme)
        faults = [*_crs_faults(self), *_column_faults(self), *_need_faults(self), *_gap_faults(self)]
        if faults:
            raise QuestionError("This sheet cannot be drawn: " + " ".join(faults))

    @property
    def every_layer(self) -> tuple[SheetLayer, ...]:
        """What stands, what could or would open, and what is near those who lose."""
        return (*self.layers, *self.hollow)

    @property
    def hollow(self) -> tuple[SheetLayer, ...]:
        """What is drawn as colour not yet filled in, the least important first."""
        return (*self.nearby, *self.would_open, *self.opportunities)

    @cached_property
    def gone(self) -> gpd.GeoDataFrame:
        """What closed: the rows of ``lost`` and the closed rows of layers, each place once, as a list tells them."""
        closed = [layer.points[layer.points["status"] == "closed"] for layer in self.layers if len(layer.points)]
        return each_loss((self.lost, *closed), POINT_COLUMNS)

    @cached_property
    def gone_drawn(self) -> gpd.GeoDataFrame:
        """What closed and has a location, in metres on the British National Grid."""
        return placed(self.gone)

    @property
    def numbers_losses(self) -> bool:
        """Whether losses are numbered on the map and named in a list: there are too many to name where they stand."""
        return self.about_losses and len(self.gone_drawn) > NAMED_LOSSES


def fifths_of_england(imd_decile: pd.Series[int]) -> pd.Series[float]:
    """Deciles of England (1 the most deprived tenth) as fifths (1 the most deprived); missing stays missing."""
    deciles = pd.to_numeric(imd_decile).astype("float64")
    return (deciles / 2).apply(np.ceil)


def frames_of(sheet: Sheet) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Every frame that a sheet is drawn from, with what to call it."""
    yield "the neighbourhoods", sheet.areas
    for layer in sheet.every_layer:
        yield layer.title, layer.points
    if sheet.lost is not None:
        yield "what was lost", sheet.lost
    yield from sheet.backdrop.items()


def _crs_faults(sheet: Sheet) -> Iterator[str]:
    for title, frame in frames_of(sheet):
        if len(frame) and frame.crs is None:
            yield f"The rows of {title!r} do not say which coordinate system they are in."


def _column_faults(sheet: Sheet) -> Iterator[str]:
    wanted = [(layer.title, layer.points) for layer in sheet.every_layer]
    if sheet.lost is not None:
        wanted.append(("what was lost", sheet.lost))
    for title, frame in wanted:
        missing = [column for column in POINT_COLUMNS if column not in frame.columns]
        if len(frame) and missing:
            yield f"The rows of {title!r} lack {', '.join(missing)}."


def _need_faults(sheet: Sheet) -> Iterator[str]:
    if sheet.need is None or not len(sheet.areas):
        return
    if sheet.need not in sheet.areas.columns:
        yield f"The neighbourhoods have no column {sheet.need!r}."
    elif not pd.to_numeric(sheet.areas[sheet.need], errors="coerce").dropna().isin(range(1, 6)).all():
        yield f"The column {sheet.need!r} must hold fifths from 1 (most deprived) to 5."


def _gap_faults(sheet: Sheet) -> Iterator[str]:
    known = set(sheet.areas["area_code"]) if "area_code" in sheet.areas.columns else set()
    for each in sheet.outlined.standouts if sheet.outlined is not None else ():
        if each.spot is None and each.area_code not in known:
            yield f"The neighbourhood {each.name!r} is listed but is not among the neighbourhoods."


def years_lost(sheet: Sheet) -> tuple[str, ...]:
    """The years in which something closed, in order, each once."""
    return tuple(sorted({year for year in map(year_of, sheet.gone["closed_on"]) if year}))


def kind_title(kind: str) -> str:
    """A kind as it is written: ``place_of_worship`` is "Place of worship"."""
    return kind.replace("_", " ").capitalize()


def kind_words(kinds: Mapping[str, Words], kind: str, count: int) -> str:
    """A kind as people read it, in the singular or the plural; as it is written where no words are given for it."""
    one, several = kinds.get(kind, (kind_title(kind),) * 2)
    return one if count == 1 else several
