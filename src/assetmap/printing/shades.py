"""How neighbourhoods are shaded by an answer: which class each is in, what the classes are, and that on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.measures.hotspots import HIGH_HIGH, HIGH_LOW, LOW_HIGH, LOW_LOW, NOT_SIGNIFICANT
from assetmap.placeview import PlaceView
from assetmap.printing.parts import NEED
from assetmap.questions import Answer
from assetmap.questions.gap_index import NEEDS
from assetmap.sheets import Shading, Sheet

NO_SHADE: Final = "none"
GAP, WALK, NEEDED, TOGETHER = "gap", "walk", "need", "together"
OF_GAPS: Final = (GAP, WALK, TOGETHER)
SHADES: Final = (NEEDED, *OF_GAPS, NO_SHADE)
"""How a person may ask a sheet to shade neighbourhoods, and the shadings that only a sheet of gaps has."""

WALK_CLASSES: Final = (
    "nine in ten people or more are within the walk",
    "between three quarters and nine in ten are",
    "between half and three quarters are",
    "between a quarter and half are",
    "fewer than a quarter are, so far",
)
WALK_BREAKS: Final = (0.9, 0.75, 0.5, 0.25)
GAP_TITLE: Final = "Where the gap is widest"
GAP_ENDS: Final = ("most in reach", "most to gain")
TOGETHER_TITLE: Final = "Where high gaps lie together"
PATTERNS: Final = {
    NOT_SIGNIFICANT: "no more than chance would bring",
    LOW_HIGH: "a low gap among high ones",
    LOW_LOW: "a low gap among low ones",
    HIGH_LOW: "a high gap among low ones",
    HIGH_HIGH: "a high gap among high ones",
}
"""From the lightest grey to the darkest."""

EACH_CLASSES: Final = (
    "the fifth of neighbourhoods with most",
    "the second fifth",
    "the middle fifth",
    "the fourth fifth",
    "the fifth with least, or nothing",
)
MOST_LAST: Final = ("least deprived", "most deprived")
DEPRIVED_CLASSES: Final = (
    "nobody there lives in the most deprived fifth",
    "fewer than a quarter of its people do",
    "between a quarter and half do",
    "between half and three quarters do",
    "three quarters of its people or more do",
)
DEPRIVED_BREAKS: Final = (0.25, 0.5, 0.75)
LOST_CLASSES: Final = (
    "nobody here lost one",
    "fewer than one in ten people here lost one",
    "between one in ten and a quarter lost one",
    "between a quarter and half lost one",
    "half of the people here or more lost one",
)
LOSE_BREAKS: Final = (0.1, 0.25, 0.5)
SOMEBODY: Final = 0.5
"""Fewer people than this are nobody: they come of sharing a neighbourhood out among its postcodes."""

Classes = Sequence[float | None]
"""One a neighbourhood: 0 for the lightest grey to 4 for the darkest, ``None`` or NaN for no data."""


def by_breaks(share: pd.Series[float], breaks: Sequence[float]) -> list[float | None]:
    """How many of the breaks each share is below."""
    return [None if pd.isna(value) else float(sum(value < edge for edge in breaks)) for value in share]


def fifths_of_place(score: pd.Series[float]) -> pd.Series[float]:
    """0 for the fifth of neighbourhoods that score lowest to 4 for those that score highest."""
    rank = (score.rank(method="average") - 0.5) / max(score.notna().sum(), 1)
    return (5 * rank // 1).where(score.notna())


def fifths_of_each(access: pd.Series[float]) -> list[int | None]:
    """0 for the fifth to whom most falls to 4 for the fifth to whom least does; nothing is always 4."""
    rank = (access.rank(method="average", ascending=False) - 0.5) / max(access.notna().sum(), 1)
    fifth = (5 * rank // 1).mask(access == 0, 4)
    return [None if pd.isna(value) else int(value) for value in fifth]


def by_share_deprived(share: pd.Series[float]) -> list[int | None]:
    """Each share's place among :data:`DEPRIVED_CLASSES`."""
    return [None if pd.isna(each) else sum(each >= edge for edge in (1e-9, *DEPRIVED_BREAKS)) for each in share]


def by_pattern(labels: pd.Series[str]) -> list[int | None]:
    """Each neighbourhood's place among :data:`PATTERNS`."""
    order = list(PATTERNS)
    return [order.index(label) if label in order else None for label in labels]


def by_share_lost(people: pd.Series[float], of: pd.Series[float]) -> list[int | None]:
    """0 where nobody lost one, then by the share of people who did."""
    return [_lose_class(some, every) for some, every in zip(people, of, strict=True)]


def _lose_class(people: float, of: float) -> int | None:
    if pd.isna(people) or pd.isna(of) or of <= 0:
        return None
    share = people / of
    return 0 if people < SOMEBODY else 1 + sum(share >= edge for edge in LOSE_BREAKS)


def shaded(sheet: Sheet, classes: Classes, shading: Shading) -> Sheet:
    """The sheet with its neighbourhoods in these classes instead of in fifths of need.

    Parameters
    ----------
    classes
        In the order of the sheet's neighbourhoods.
    """
    darkest_first = [float("nan") if each is None else 5.0 - float(each) for each in classes]
    areas = gpd.GeoDataFrame(sheet.areas.assign(**{NEED: darkest_first}))
    return replace(sheet, areas=areas, need=NEED, shading=shading)


def gaps_shaded(view: PlaceView, sheet: Sheet, answer: Answer, shade: str, minutes: float, need: str) -> Sheet:
    """A sheet of gaps with the shading that is asked for; ``answer`` has its patterns where that is of them."""
    rows = answer.table.set_index("neighbourhood_code").reindex(view.areas["area_code"])
    if shade == GAP:
        return shaded(sheet, list(fifths_of_place(rows["gap_score"])), Shading(GAP_TITLE, ends=GAP_ENDS))
    if shade == WALK:
        title = f"People within {view.walk(minutes)}"
        return shaded(sheet, by_breaks(rows["share_within"], WALK_BREAKS), Shading(title, WALK_CLASSES))
    if shade == TOGETHER:
        labels = answer.part("hot_spots").set_index("neighbourhood_code")["label"].reindex(rows.index)
        return shaded(sheet, by_pattern(labels), Shading(TOGETHER_TITLE, tuple(PATTERNS.values())))
    if shade == NEEDED and need != "imd":
        return by_deciles(sheet, rows["need_decile"], NEEDS[need])
    return sheet


def by_deciles(sheet: Sheet, decile: pd.Series, measure: str) -> Sheet:
    """A sheet shaded by a measure of deprivation in tenths of England, 1 the most deprived, in the order of its areas.

    Parameters
    ----------
    measure
        What the measure is called, as a heading.
    """
    fifths = 4 - (decile.astype("float64") - 1) // 2
    return shaded(sheet, list(fifths), Shading(f"{measure}, in fifths of England", ends=MOST_LAST))


def as_asked(sheet: Sheet, about: str, shade: str) -> Sheet:
    """A sheet that is shaded by need or not at all, as is asked for.

    Raises
    ------
    QuestionError
        If it is asked for another shading.
    """
    refuse_unknown(about, shade)
    return replace(sheet, need=None) if shade == NO_SHADE else sheet


def refuse_unknown(about: str, shade: str) -> None:
    """Refuse a shading that a sheet does not have.

    Raises
    ------
    QuestionError
        Naming those that it has.
    """
    known = SHADES if about == "gaps" else (NEEDED, NO_SHADE)
    if shade and shade not in known:
        raise QuestionError(f"A sheet of {about} has no shading '{shade}'. It has: {', '.join(known)}.")
