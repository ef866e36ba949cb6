"""Which way up the page is, how large the map is drawn, and where all that stands beside it goes.

Every arrangement that holds the whole of the text is tried: one column or two beside the map, the small print beneath
it, or all of it beneath on an upright page, each in two sizes of small print. The one with the largest map is taken.
Where long sources would take the room of the map, they stand beside it in few words and whole on a second page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from assetmap.errors import QuestionError
from assetmap.sheets.blocks import Cuts, Unit, columns_of, draw_column, filled, height_of, levelled
from assetmap.sheets.furniture import FOOT_MM, MARGIN_MM, header_mm
from assetmap.sheets.ground import Box
from assetmap.sheets.legend import legend_units
from assetmap.sheets.lists import Kept, figure_units, loss_units, small_print_units, standout_units
from assetmap.sheets.model import Sheet
from assetmap.sheets.paper import A4_MM, Paper

SIDE_MM: Final = (60.0, 68.0, 76.0, 84.0, 92.0, 100.0)
"""How wide the column beside a map may be; a wider one needs less height."""

PAIR_MM: Final = (98.0, 104.0, 110.0, 116.0, 122.0, 128.0, 134.0, 140.0)
"""How wide two columns beside a map may be together."""

ALIKE: Final = 1.025
"""Maps that differ by less than this are of one size, and the easier page to read is taken."""

BEST_COLUMN_MM: Final = 76.0
"""The width to take where several give the same map."""

SMALL_PT: Final = (8.5, 8.0)
"""The sizes of the small print, the best to read first; many cannot read a printed page in less than 8 points."""

CUT_SHORT_COST: Final[Mapping[Kept, float]] = MappingProxyType({"all": 1.0, "brief": 1.03, "least": 1.15})
"""How much larger the map must come out for some of the small print to be left to a second page."""

GUTTER_MM: Final = 6.0
BETWEEN_PAIR_MM: Final = 5.0
PADDING_MM: Final = 2.0
PORTRAIT_GAIN: Final = 1.2
"""How much larger the map must come out for the sheet to be set upright: screens and slides are wide."""

ROOM_GAIN: Final = 0.25
"""What the room round a place is worth beside its size: names stand there, and the map is what is looked at first."""

SMALLER_PRINT_COST: Final = 0.03
"""What a point less in the small print costs, as a share of the map's size."""

FOOT_TOP_MM: Final = MARGIN_MM - 3 + FOOT_MM + 2
SMALLEST_EXTENT_M: Final = 400.0
LEAST_MAP_MM: Final = 40.0
"""A map less wide or high than this is no map."""

Part = Literal["all", "legend", "small"]


@dataclass(frozen=True)
class Region:
    """Some of the text, set in columns of one width.

    Attributes
    ----------
    part
        Which of the text: all of it, the legend with its lists, or the small print.
    room_mm
        The height whose foot the small print stands at; ``None`` to set it straight after the rest.
    """

    part: Part
    left_mm: float
    top_mm: float
    column_mm: float
    between_mm: float
    cuts: Cuts
    room_mm: float | None = None


@dataclass(frozen=True)
class Plan:
    """A page, the frame its map has, and where the text stands."""

    portrait: bool
    frame: Box
    regions: tuple[Region, ...]
    small_pt: float
    metres_per_mm: float
    kept: Kept


def kept_of(sheet: Sheet) -> tuple[Kept, ...]:
    """How much of a sheet's small print may be left to a second page: none where its sources have no fewer words."""
    return ("all", *(("brief",) if sheet.brief else ()), *(("least",) if sheet.brief and sheet.method else ()))


def plan_of(sheet: Sheet, extent_m: Box | None) -> Plan:
    """The arrangement that gives the largest map and holds every word.

    Parameters
    ----------
    extent_m
        Left, bottom, right and top in metres of what the map must show.

    Raises
    ------
    QuestionError
        If the text leaves no room for a map.
    """
    plans = [plan for kept in kept_of(sheet) for plan in _Planner(sheet, extent_m, kept).plans()]
    if not plans:
        raise QuestionError(
            "The sources and notes of this sheet leave no room for a map on one page. Draw fewer layers at once."
        )
    best = min(_cost(plan) for plan in plans)
    return min((plan for plan in plans if _cost(plan) <= ALIKE * best), key=_reading)


def _cost(plan: Plan) -> float:
    small = 1 + SMALLER_PRINT_COST * (SMALL_PT[0] - plan.small_pt)
    left, low, right, top = plan.frame
    room = float(((right - left) * (top - low) / (A4_MM[0] * A4_MM[1])) ** -ROOM_GAIN)
    return plan.metres_per_mm * room * small * CUT_SHORT_COST[plan.kept] * (PORTRAIT_GAIN if plan.portrait else 1.0)


def _reading(plan: Plan) -> tuple[bool, bool, float, float]:
    """Of plans whose maps are alike in size: wide pages, one column, a good size of print and a good width first."""
    region = plan.regions[0]
    return plan.portrait, bool(region.cuts), -plan.small_pt, abs(region.column_mm - BEST_COLUMN_MM)


def units_of(
    sheet: Sheet, part: Part, column_mm: float, small_pt: float, kept: Kept, mark_scale: float = 1.0
) -> list[Unit]:
    """The text of one part, as units to set in columns of a width; marks of the legend at the size of the map's."""
    units: list[Unit] = []
    if part != "small":
        lists = (loss_units, figure_units, standout_units)
        units += _with_lists(sheet, legend_units(sheet, column_mm, mark_scale), *(of(sheet, column_mm) for of in lists))
    if part != "legend":
        units += small_print_units(sheet, column_mm, small_pt, kept)
    return units


def _with_lists(
    sheet: Sheet, legend: list[Unit], losses: list[Unit], figures: list[Unit], standouts: list[Unit]
) -> list[Unit]:
    """Each list straight after the part of the legend that it belongs to."""
    last = len(legend) - (1 if sheet.need is not None else 0)
    first = min(1, last) if losses or figures else 0
    return [*legend[:first], *losses, *figures, *legend[first:last], *standouts, *legend[last:]]


def draw_regions(paper: Paper, sheet: Sheet, plan: Plan, mark_scale: float) -> None:
    """All the text beside and beneath the map."""
    for region in plan.regions:
        units = units_of(sheet, region.part, region.column_mm, plan.small_pt, plan.kept, mark_scale)
        for i, column in enumerate(columns_of(units, region.cuts)):
            left_mm = region.left_mm + i * (region.column_mm + region.between_mm)
            draw_column(paper, column, left_mm, region.top_mm, region.room_mm)


class _Planner:
    def __init__(self, sheet: Sheet, extent_m: Box | None, kept: Kept) -> None:
        self.sheet, self.extent_m, self.kept = sheet, extent_m, kept
        self._measured: dict[tuple[Part, float, float], list[Unit]] = {}

    def plans(self) -> Iterator[Plan]:
        for small_pt in SMALL_PT:
            for plan in (*self._beside(small_pt), *self._with_strip(small_pt), *self._beneath(small_pt)):
                left, low, right, top = plan.frame
                if min(right - left, top - low) >= LEAST_MAP_MM:
                    yield replace(plan, metres_per_mm=metres_per_mm(plan.frame, self.extent_m))

    def _units(self, part: Part, column_mm: float, small_pt: float) -> list[Unit]:
        key = (part, column_mm, 0.0 if part == "legend" else small_pt)
        if key not in self._measured:
            if part == "all":
                legend = self._units("legend", column_mm, small_pt)
                self._measured[key] = [*legend, *self._units("small", column_mm, small_pt)]
            else:
                self._measured[key] = units_of(self.sheet, part, column_mm, small_pt, self.kept)
        return self._measured[key]

    def _beside(self, small_pt: float) -> Iterator[Plan]:
        """Everything in one column or two on the right of the map."""
        page_high, page_wide = A4_MM
        low, top = FOOT_TOP_MM, page_high - header_mm(self.sheet, page_wide)
        singles, pairs = ((wide, 1) for wide in SIDE_MM), ((wide, 2) for wide in PAIR_MM)
        for wide_mm, columns in (*singles, *pairs):
            column_mm = (wide_mm - BETWEEN_PAIR_MM * (columns - 1)) / columns
            cuts = _cut(self._units("all", column_mm, small_pt), columns, top - low)
            if cuts is None:
                continue
            left = page_wide - MARGIN_MM - wide_mm
            region = Region("all", left, top, column_mm, BETWEEN_PAIR_MM, cuts, top - low)
            yield Plan(False, (MARGIN_MM, low, left - GUTTER_MM, top), (region,), small_pt, 0.0, self.kept)

    def _with_strip(self, small_pt: float) -> Iterator[Plan]:
        """The legend beside the map, the small print in two columns beneath both."""
        page_high, page_wide = A4_MM
        top, column_mm = page_high - header_mm(self.sheet, page_wide), (page_wide - 2 * MARGIN_MM - GUTTER_MM) / 2
        cuts, high = levelled(self._units("small", column_mm, small_pt), 2)
        low = FOOT_TOP_MM + high + 3
        strip = Region("small", MARGIN_MM, low - 3, column_mm, GUTTER_MM, cuts)
        for wide_mm in SIDE_MM:
            if height_of(self._units("legend", wide_mm, small_pt)) > top - low:
                continue
            left = page_wide - MARGIN_MM - wide_mm
            legend = Region("legend", left, top, wide_mm, 0.0, ())
            yield Plan(False, (MARGIN_MM, low, left - GUTTER_MM, top), (legend, strip), small_pt, 0.0, self.kept)

    def _beneath(self, small_pt: float) -> Iterator[Plan]:
        """An upright page: the map across it, everything else in three columns beneath."""
        page_wide, page_high = A4_MM
        top, column_mm = page_high - header_mm(self.sheet, page_wide), (page_wide - 2 * MARGIN_MM - 2 * GUTTER_MM) / 3
        cuts, high = levelled(self._units("all", column_mm, small_pt), 3)
        low = FOOT_TOP_MM + high + 4
        region = Region("all", MARGIN_MM, low - 4, column_mm, GUTTER_MM, cuts)
        yield Plan(True, (MARGIN_MM, low, page_wide - MARGIN_MM, top), (region,), small_pt, 0.0, self.kept)


def _cut(units: Sequence[Unit], columns: int, room_mm: float) -> Cuts | None:
    """Units over columns, the small print in the last of two where what comes before it fits the first."""
    first_small = next((i for i, unit in enumerate(units) if unit.small), len(units))
    parts = units[:first_small], units[first_small:]
    if columns == 2 and all(part and height_of(part) <= room_mm for part in parts):
        return (first_small,)
    return filled(units, columns, room_mm)


def metres_per_mm(frame: Box, extent_m: Box | None) -> float:
    """The largest round scale at which an extent fits its frame."""
    if extent_m is None:
        return 1.0
    wide_m = max(extent_m[2] - extent_m[0], SMALLEST_EXTENT_M)
    high_m = max(extent_m[3] - extent_m[1], SMALLEST_EXTENT_M)
    wide_mm, high_mm = frame[2] - frame[0] - 2 * PADDING_MM, frame[3] - frame[1] - 2 * PADDING_MM
    exact = max(wide_m / wide_mm, high_m / high_mm)
    step = 0.5 if exact < 200 else 5.0
    return float(np.ceil(exact / step) * step)
