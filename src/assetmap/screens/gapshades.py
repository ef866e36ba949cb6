"""Where high gaps lie together: a shading of Gaps that is worked out only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from assetmap import look, questions
from assetmap.errors import QuestionError
from assetmap.maps import AreaStyle, Overlay, overlay
from assetmap.measures.hotspots import HIGH_HIGH, PERMUTATIONS
from assetmap.placeview import PlaceView, Walking
from assetmap.printing.shades import PATTERNS, TOGETHER, TOGETHER_TITLE, by_pattern
from assetmap.questions import and_words, count_words, gap_index
from assetmap.screens import desk, towards

SHADES: Final = {TOGETHER: TOGETHER_TITLE}
"""The shading, as the address and as people name it."""

_NAMED_AT_MOST: Final = 4


@dataclass(frozen=True)
class Shade:
    """The shading as it is drawn and told; only why not, where it cannot be worked out."""

    overlay: Overlay | None
    says: str


def shade(
    view: PlaceView, style: str | None, to: str, minutes: int, weights: tuple[float, ...], need: str
) -> Shade | None:
    """The shading, if ``style`` names it."""
    if style != TOGETHER:
        return None
    try:
        return _together(view.place_id, desk.fingerprint(view.place_id), view.walking, to, minutes, weights, need)
    except QuestionError as fault:
        return Shade(None, str(fault))


@st.cache_resource(max_entries=32, show_spinner="Looking for patterns…")
def _together(
    place_id: str, fingerprint: str, walking: Walking, to: str, minutes: int, weights: tuple[float, ...], need: str
) -> Shade:
    view = desk.place_view(place_id, walking)
    by_part = dict(zip(gap_index.PARTS, weights, strict=True))
    answer = questions.gaps(view, *towards.kinds_and_layers(view, to), minutes, by_part, need, patterns=True)
    rows = answer.part("hot_spots").set_index("neighbourhood_code").reindex(view.areas["area_code"])
    style = AreaStyle(
        TOGETHER, SHADES[TOGETHER], TOGETHER, tuple(PATTERNS.values()), look.NEED_FIFTHS, no_data="Not measured",
        listed=True,
    )  # fmt: skip
    return Shade(overlay(style=style, classes=by_pattern(rows["label"])), pattern_words(rows))


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
