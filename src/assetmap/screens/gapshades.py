"""Two shadings of Gaps that are worked out only when they are asked for: hot spots, and what falls to each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from assetmap import look, questions
from assetmap.errors import QuestionError
from assetmap.maps import AreaStyle, Overlay, overlay
from assetmap.measures.hotspots import HIGH_HIGH, HIGH_LOW, LOW_HIGH, LOW_LOW, NOT_SIGNIFICANT, PERMUTATIONS
from assetmap.placeview import PlaceView
from assetmap.questions import Answer, and_words, count_words, gap_index
from assetmap.questions.access import UNITS
from assetmap.screens import address, choices, desk, parts
from assetmap.screens.fold import how_worked_out

TOGETHER: Final = "together"
EACH: Final = "each"
SHADES: Final = {TOGETHER: "Where high gaps lie together", EACH: "How much falls to each person"}
"""The shading, as the address and as people name it."""

COUNTED: Final = {"places": "Places", "hours": "Opening hours", "staffed hours": "Hours with staff"}
"""What falls to each person: an offer of :func:`assetmap.questions.access`."""

_NAMED_AT_MOST: Final = 4
_PATTERNS: Final = {
    NOT_SIGNIFICANT: "no more than chance would bring",
    LOW_HIGH: "a low gap among high ones",
    LOW_LOW: "a low gap among low ones",
    HIGH_LOW: "a high gap among low ones",
    HIGH_HIGH: "a high gap among high ones",
}
"""From the lightest grey to the darkest."""
_EACH_CLASSES: Final = (
    "the fifth of neighbourhoods to whose people most falls",
    "the second fifth",
    "the middle fifth",
    "the fourth fifth",
    "the fifth to whose people least falls, or nothing",
)


@dataclass(frozen=True)
class Shade:
    """One of the two as it is drawn and told; ``answer`` is what a table of its own shows, where there is one."""

    overlay: Overlay | None
    says: str
    answer: Answer | None = None


def shade(
    view: PlaceView, style: str | None, layer: str, minutes: int, weights: tuple[float, ...], need: str
) -> Shade | None:
    """The shading that ``style`` names, if it is one of the two; why not, where it cannot be worked out."""
    fingerprint = desk.fingerprint(view.place_id)
    try:
        if style == TOGETHER:
            return _together(view.place_id, fingerprint, view.step_free, layer, minutes, weights, need)
        if style == EACH:
            choices.one_word("Count", "count", COUNTED, "places")
            offer = address.one_of(st.query_params, "count", COUNTED, "places").chosen[0]
            return _each(view.place_id, fingerprint, view.step_free, layer, minutes, offer)
    except QuestionError as fault:
        return Shade(None, str(fault))
    return None


def section(view: PlaceView, told: Shade | None) -> None:
    """What falls to each person, neighbourhood by neighbourhood, under the map."""
    if told is None or told.answer is None:
        return
    answer = told.answer
    with parts.section("What falls to each person"):
        st.html(f'<p class="am-finding">{escape(answer.title)}</p><p>{escape(answer.sentence)}</p>')
        rows = each_table(answer)
        st.dataframe(rows, hide_index=True, width="stretch", height=min(38 + 35 * max(len(rows), 1), 420))
        parts.download(rows, f"{view.place_id}-falls-to-each.csv")
        how_worked_out(answer)


@st.cache_resource(max_entries=32, show_spinner="Looking for patterns…")
def _together(
    place_id: str, fingerprint: str, step_free: bool, layer: str, minutes: int, weights: tuple[float, ...], need: str
) -> Shade:
    view = desk.place_view(place_id, step_free=step_free)
    by_part = dict(zip(gap_index.PARTS, weights, strict=True))
    answer = questions.gaps(view, layers=(layer,), minutes=minutes, weights=by_part, need=need, patterns=True)
    rows = answer.part("hot_spots").set_index("neighbourhood_code").reindex(view.areas["area_code"])
    order = list(_PATTERNS)
    classes = [order.index(label) if label in order else None for label in rows["label"]]
    style = AreaStyle(
        TOGETHER, SHADES[TOGETHER], TOGETHER, tuple(_PATTERNS.values()), look.NEED_FIFTHS, no_data="Not measured",
        listed=True,
    )  # fmt: skip
    return Shade(overlay(style=style, classes=classes), pattern_words(rows))


def pattern_words(rows: pd.DataFrame) -> str:
    """Where high gaps lie together, in plain words, by both statistics.

    Parameters
    ----------
    rows
        The part ``hot_spots`` of :func:`assetmap.questions.gaps`.
    """
    high = rows[rows["label"] == HIGH_HIGH]
    also = int((rows["gi_star_label"] == HIGH_HIGH).sum())
    test = f"tested by shuffling the neighbourhoods {PERMUTATIONS} times, and corrected for asking about all of them"
    other = f" A second test, Gi*, names {count_words(also, 'neighbourhood', 'neighbourhoods')}."
    if high.empty:
        return f"High gaps lie no closer together here than chance would put them ({test}).{other if also else ''}"
    names = [str(row["locality"] or row["neighbourhood_name"]) for row in high.to_dict("records")]
    named = list(dict.fromkeys(names))
    more = len(named) - _NAMED_AT_MOST
    told = and_words([*named[:_NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])])
    have = count_words(len(high), "neighbourhood has", "neighbourhoods have")
    return f"{have} a high gap among high ones, more than chance would bring ({test}): in {told}.{other}"


@st.cache_resource(max_entries=32, show_spinner="Sharing out what there is…")
def _each(place_id: str, fingerprint: str, step_free: bool, layer: str, minutes: int, offer: str) -> Shade:
    view = desk.place_view(place_id, step_free=step_free)
    answer = questions.access(view, layers=(layer,), offer=offer, minutes=minutes)
    rows = answer.table.set_index("neighbourhood_code").reindex(view.areas["area_code"])
    access = rows["access"].astype("float64")
    style = AreaStyle(
        EACH, f"{COUNTED[offer]} for every 1,000 people, shared by all near them", EACH, _EACH_CLASSES,
        ends=("most falls to each", "least"), no_data="Not measured",
    )  # fmt: skip
    says = {
        at: [f"{value:,.2g} {UNITS[offer]} fall to every 1,000 of its people"]
        for at, value in enumerate(access)
        if value == value
    }
    return Shade(overlay(style=style, classes=fifths(access), says=says), "", answer)


def fifths(access: pd.Series[float]) -> Sequence[int | None]:
    """0 for the fifth to whom most falls to 4 for the fifth to whom least does; nothing is always 4."""
    rank = (access.rank(method="average", ascending=False) - 0.5) / max(access.notna().sum(), 1)
    fifth = (5 * rank // 1).mask(access == 0, 4)
    return [None if pd.isna(value) else int(value) for value in fifth]


def each_table(answer: Answer) -> pd.DataFrame:
    """One row a neighbourhood, those to whose people least falls first."""
    rows = answer.table
    return pd.DataFrame(
        {
            "Neighbourhood": rows["neighbourhood_name"],
            "Part of town": rows["locality"],
            "People": rows["people"],
            "Falls to every 1,000 people": rows["access"].astype("float64").round(2),
            "Stands in it": rows["count"],
            "For every 1,000 who live in it": rows["per_1000"].astype("float64").round(2),
        }
    )
