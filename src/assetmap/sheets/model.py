"""What a sheet is made of, and the facts that follow from it: counts, what was lost, what could not be drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap import look
from assetmap.errors import QuestionError
from assetmap.space import Floats, to_measured, to_stored

POINT_COLUMNS: Final = ("name", "kind", "status", "closed_on", "contributed")
"""What a layer's rows must say besides where they are."""


STACK_M: Final = 5.0
"""Places of one sort closer than this are at one point: one building, or one postcode's middle."""

STACK_AT: Final = 5
"""So many marks at one point are drawn as one, with their number beside it."""


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
    """

    title: str
    theme: str
    points: gpd.GeoDataFrame
    minor_kinds: frozenset[str] = frozenset()
    labels: bool = False

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
        """Where the mark of each row drawn stands: eastings and northings in metres."""
        return half_way(self.drawn.geometry) if len(self.drawn) else np.empty((0, 2))

    @cached_property
    def has_stack(self) -> bool:
        """Whether so many stand at one point that one mark stands for them."""
        if not len(self.drawn):
            return False
        sorts = [self.drawn["kind"].isin(self.minor_kinds).to_numpy(), are_contributed(self.drawn)]
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
        not known; ``None`` draws no greys.
    need_title
        The index and its edition.
    layers
        What the place has, the most important first.
    lost
        What closed: the columns of a layer's points. ``None`` leaves only the closed rows of layers.
    backdrop
        ``water``, ``green`` and ``streets`` (any geometry), and ``names``: points with ``name``, such as town centres.
    sources
        One sentence each: title, publisher, date, licence and attribution.
    caveats
        What a reader must know before relying on it.
    opportunities
        What could be opened up, drawn as coloured outlines with no fill.
    licence
        The licence of the sheet itself, for the file's own description.

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
    licence: str = "See the sources on the sheet for the licence of each."

    def __post_init__(self) -> None:
        """Refuses what cannot be drawn truthfully, every fault at once."""
        for layer in (*self.layers, *self.opportunities):
            look.theme(layer.theme)
        faults = [*_crs_faults(self), *_column_faults(self), *_need_faults(self)]
        if faults:
            raise QuestionError("This sheet cannot be drawn: " + " ".join(faults))

    @cached_property
    def gone(self) -> gpd.GeoDataFrame:
        """What closed: the rows of ``lost`` and the closed rows of layers, each place once.

        Rows of one name within 250 m of each other are one place (a register and a ledger of closures often list a
        building by its door and by its postcode).
        """
        return _lost_rows(self)

    @cached_property
    def gone_drawn(self) -> gpd.GeoDataFrame:
        """What closed and has a location, in metres on the British National Grid."""
        return placed(self.gone)


def fifths_of_england(imd_decile: pd.Series[int]) -> pd.Series[float]:
    """Deciles of England (1 the most deprived tenth) as fifths (1 the most deprived); missing stays missing."""
    deciles = pd.to_numeric(imd_decile).astype("float64")
    return (deciles / 2).apply(np.ceil)


def _frames(sheet: Sheet) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    yield "the neighbourhoods", sheet.areas
    for layer in (*sheet.layers, *sheet.opportunities):
        yield layer.title, layer.points
    if sheet.lost is not None:
        yield "what was lost", sheet.lost
    yield from sheet.backdrop.items()


def _crs_faults(sheet: Sheet) -> Iterator[str]:
    for title, frame in _frames(sheet):
        if len(frame) and frame.crs is None:
            yield f"The rows of {title!r} do not say which coordinate system they are in."


def _column_faults(sheet: Sheet) -> Iterator[str]:
    wanted = [(layer.title, layer.points) for layer in (*sheet.layers, *sheet.opportunities)]
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


def placed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The rows that have somewhere to be drawn, in metres on the British National Grid."""
    if not len(frame):
        return frame
    there = frame.geometry.notna() & ~frame.geometry.is_empty
    rows = frame[there].reset_index(drop=True)
    return rows.set_geometry(to_measured(rows.geometry)) if len(rows) else rows


def half_way(shapes: Iterable[BaseGeometry]) -> Floats:
    """Where the mark of each shape stands: half way along a line, inside an outline, at a point."""
    found = [_half_way(shape) for shape in shapes]
    return np.asarray(shapely.get_coordinates(found), dtype=np.float64)


def _half_way(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type in {"LineString", "MultiLineString"}:
        line = max(shapely.get_parts(shape), key=shapely.length)
        middle: BaseGeometry = shapely.line_interpolate_point(line, 0.5, normalized=True)
        return middle
    return shape if shape.geom_type == "Point" else shapely.point_on_surface(shape)


def are_contributed(rows: gpd.GeoDataFrame) -> npt.NDArray[np.bool_]:
    """Which rows local people added."""
    flags: npt.NDArray[np.bool_] = pd.to_numeric(rows["contributed"], errors="coerce").fillna(0).to_numpy() > 0
    return flags


def _lost_rows(sheet: Sheet) -> gpd.GeoDataFrame:
    closed = [layer.points[layer.points["status"] == "closed"] for layer in sheet.layers if len(layer.points)]
    frames = [frame for frame in (sheet.lost, *closed) if frame is not None and len(frame)]
    if not frames:
        return gpd.GeoDataFrame({column: [] for column in POINT_COLUMNS}, geometry=[], crs=sheet.areas.crs)
    alike = [gpd.GeoDataFrame(frame[[*POINT_COLUMNS]], geometry=to_stored(frame.geometry)) for frame in frames]
    rows = pd.concat(alike, ignore_index=True)
    return _each_once(gpd.GeoDataFrame(rows, geometry="geometry", crs=alike[0].crs))


def _each_once(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = rows["name"].fillna("").str.casefold().str.strip().to_numpy()
    shapes = np.asarray(to_measured(rows.geometry).array, dtype=object)
    keep: list[int] = []
    seen: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        twins = seen.setdefault(name, [])
        if any(_same_spot(shapes[i], shapes[j]) for j in twins):
            continue
        twins.append(i)
        keep.append(i)
    return rows.iloc[keep].reset_index(drop=True)


def _same_spot(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    if one is None or other is None or one.is_empty or other.is_empty:
        return False
    return bool(shapely.distance(one, other) <= 250)


def year_of(closed_on: str | None) -> str:
    """The year of an ISO date as precise as its source, or the empty string where it is not known."""
    text = "" if pd.isna(closed_on) else str(closed_on)
    return text[:4] if text[:4].isdigit() else ""


def years_lost(sheet: Sheet) -> tuple[str, ...]:
    """The years in which something closed, in order, each once."""
    return tuple(sorted({year for year in map(year_of, sheet.gone["closed_on"]) if year}))


def not_placed(sheet: Sheet) -> tuple[str, ...]:
    """A sentence for each layer that has rows with no location, because a map that hides them misleads."""
    listed = [(layer.title, len(layer.standing), len(layer.drawn)) for layer in sheet.layers]
    listed.append(("What has been lost", len(sheet.gone), len(sheet.gone_drawn)))
    found = ((title, total, total - drawn) for title, total, drawn in listed)
    return tuple(
        f"{missing:,} of the {total:,} listed under “{title}” have no location and are not drawn."
        for title, total, missing in found
        if missing
    )


def checksum(sheet: Sheet) -> str:
    """Twelve hexadecimal digits that change when anything the sheet shows changes."""
    digest = hashlib.sha256()
    words = [sheet.title, sheet.subtitle, sheet.place_name, sheet.fictional, sheet.need, sheet.need_title]
    digest.update(json.dumps([*words, sheet.sources, sheet.caveats, sheet.drawn_on.isoformat()]).encode())
    for layer in (*sheet.layers, *sheet.opportunities):
        digest.update(json.dumps([layer.title, layer.theme, sorted(layer.minor_kinds), layer.labels]).encode())
    for title, frame in _frames(sheet):
        digest.update(title.encode())
        for part in _frame_bytes(frame, sheet.need):
            digest.update(part)
    return digest.hexdigest()[:12].upper()


def _frame_bytes(frame: gpd.GeoDataFrame, need: str | None) -> Iterable[bytes]:
    if not len(frame):
        return
    for column in (*POINT_COLUMNS, "area_code", "locality", need):
        if column in frame.columns:
            yield "\x1f".join(map(str, frame[column])).encode("utf-8", "replace")
    for shape in shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1):
        yield b"-" if shape is None else shape


def kind_title(kind: str) -> str:
    """A kind as people read it: ``place_of_worship`` is "Place of worship"."""
    return kind.replace("_", " ").capitalize()


def _spoken(layer: SheetLayer) -> str:
    total, kinds = len(layer.drawn), layer.minor_counts
    title = layer.title[:1].lower() + layer.title[1:] if layer.title[1:2].islower() else layer.title
    if sum(kinds.values()) in {0, total}:
        return f"{total:,} {title}"
    small = " and ".join(f"{count:,} of the kind {kind_title(str(kind)).lower()}" for kind, count in kinds.items())
    return f"{total - sum(kinds.values()):,} {title} with {small}"


def alt_text(sheet: Sheet) -> str:
    """What the sheet shows, in at most two sentences, for people who cannot see it."""
    title = sheet.title.strip().replace(". ", "; ").rstrip(".")
    made_up = "the fictional town of " if sheet.fictional else ""
    things = [_spoken(layer) for layer in sheet.layers]
    lost = len(sheet.gone_drawn)
    if lost:
        years = years_lost(sheet)
        when = f" ({years[0]} to {years[-1]})" if len(years) > 1 else f" ({years[0]})" if years else ""
        things.append(f"{lost:,} lost{when}")
    shown = ", ".join(things) if things else "its outline only"
    greys = f", over greys of {sheet.need_title}" if sheet.need else ""
    second = f"A map of {made_up}{sheet.place_name} shows {shown}{greys}.".replace(". ", "; ")
    return f"{title}{'' if title.endswith(('?', '!')) else '.'} {second}"
