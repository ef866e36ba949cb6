"""Gaps, how we count: who has a place near, or what falls to each person of what the places near them offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.maps import AreaStyle, Overlay, overlay
from assetmap.placeview import PlaceView, Walking
from assetmap.printing.shades import EACH_CLASSES, fifths_of_each
from assetmap.questions import Answer
from assetmap.questions.access import UNITS
from assetmap.screens import address, choices, desk, parts, tables, towards
from assetmap.screens.fold import how_worked_out
from assetmap.screens.grid import grid

NEAR: Final = "near"
WAYS: Final = {
    NEAR: "Who has one within the walk",
    "2sfca": "What falls to each, within the walk",
    "e2sfca": "What falls to each, nearer counts more",
    "3sfca": "What falls to each, choice counts too",
    "cumulative": "All within the walk, unshared",
    "gravity": "All that is near, unshared",
}
"""How we count: who has one, or a method of :data:`assetmap.questions.access.METHODS`, as people name it."""

COUNTED: Final = {"places": "Places", "hours": "Opening hours", "staffed hours": "Hours with staff"}
"""What is counted: an offer of :func:`assetmap.questions.access`."""

EACH: Final = "each"
"""The shading, as the address names it."""

_SAYS: Final = {
    NEAR: "",
    "2sfca": "Everybody within the walk shares a place alike.",
    "e2sfca": "All within 20 minutes share a place. Those within five count most, and it counts most for them.",
    "3sfca": "All within 20 minutes share a place, and people with more to choose from ask less of each.",
    "cumulative": "How much each person can reach, whoever else comes.",
    "gravity": "How much each person can reach, less for every step further, whoever else comes.",
}
_FOR_EACH_1000: Final = ("2sfca", "e2sfca", "3sfca")


@dataclass(frozen=True)
class Asked:
    """How the address asks to count, and plain notices about what it asked in vain."""

    way: str
    offer: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    """What falls to each, as it is told and drawn; neither where only the nearest counts or it cannot be told."""

    answer: Answer | None = None
    overlay: Overlay | None = None
    shades: Mapping[str, str] | None = None
    notices: tuple[str, ...] = ()


def asked() -> Asked:
    """How to count, and what."""
    way = address.one_of(st.query_params, "how", WAYS, NEAR)
    offer = address.one_of(st.query_params, "count", COUNTED, next(iter(COUNTED)))
    return Asked(way.chosen[0], offer.chosen[0], (*way.notices, *offer.notices))


def counted(view: PlaceView, to: str, minutes: int, now: Asked) -> Counted:
    """What falls to each, where the address asks for it; why not, where nobody can tell."""
    if now.way == NEAR:
        return Counted(notices=now.notices)
    try:
        fingerprint = desk.fingerprint(view.place_id)
        answer, drawn = _answer(view.place_id, fingerprint, view.walking, to, minutes, now.way, now.offer)
    except QuestionError as fault:
        return Counted(notices=(*now.notices, str(fault)))
    shade = "What falls to each person" if now.way in _FOR_EACH_1000 else "What each person can reach"
    return Counted(answer, drawn, {EACH: shade}, now.notices)


def controls(now: Asked) -> None:
    """How we count, and what of it."""
    choices.one_word("How we count", "how", WAYS, NEAR)
    if now.way != NEAR:
        st.caption(_SAYS[now.way])
        choices.one_word("What we count", "count", COUNTED, next(iter(COUNTED)))


def section(view: PlaceView, told: Counted, now: Asked) -> None:
    """Neighbourhood by neighbourhood, then place by place, under the map."""
    if told.answer is None:
        return
    with parts.section(WAYS[now.way]):
        rows = tables.with_method(each_table(told.answer, now.way), told.answer)
        grid(rows)
        parts.download(rows, f"{view.place_id}-falls-to-each.csv")
        with st.expander("Place by place: what each offers, and to how many"):
            places = tables.with_method(places_table(view, told.answer, now.offer), told.answer)
            grid(places)
        how_worked_out(told.answer)


@st.cache_resource(max_entries=32, show_spinner="Sharing out what there is…")
def _answer(
    place_id: str, fingerprint: str, walking: Walking, to: str, minutes: int, way: str, offer: str
) -> tuple[Answer, Overlay]:
    view = desk.place_view(place_id, walking)
    answer = questions.access(view, *towards.kinds_and_layers(view, to), way, offer, minutes)
    rows = answer.table.set_index("neighbourhood_code").reindex(view.areas["area_code"])
    access = rows["access"].astype("float64")
    style = AreaStyle(EACH, _title(way, offer), EACH, EACH_CLASSES, ends=("most", "least"), no_data="Not measured")
    words = (
        "{:,.2g} {} fall to every 1,000 of its people"
        if way in _FOR_EACH_1000
        else "Its people can reach {:,.2g} {} each, on average"
    )
    says = {at: [words.format(value, UNITS[offer])] for at, value in enumerate(access) if value == value}
    return answer, overlay(style=style, classes=fifths_of_each(access), says=says)


def _title(way: str, offer: str) -> str:
    each = "for every 1,000 people, shared by all near them" if way in _FOR_EACH_1000 else "within reach of each person"
    return f"{COUNTED[offer]} {each}"


def each_table(answer: Answer, way: str) -> pd.DataFrame:
    """One row a neighbourhood, those to whose people least falls first."""
    rows = answer.table
    falls = "Falls to every 1,000 people" if way in _FOR_EACH_1000 else "In reach of each person"
    return pd.DataFrame(
        {
            "Neighbourhood": rows["neighbourhood_name"],
            "Part of town": rows["locality"],
            "People": rows["people"],
            "Deprivation (1 = most deprived tenth)": rows["deprivation_decile"],
            falls: rows["access"].astype("float64").round(2),
            "Stands in it": rows["count"],
            "For every 1,000 in it": rows["per_1000"].astype("float64").round(2),
            "Within the walk, %": _percent(rows["share_within"]),
            "At least, %": _percent(rows["share_sure"]),
            "At most, %": _percent(rows["share_possible"]),
        }
    )


def _percent(share: pd.Series[float]) -> pd.Series[float]:
    return (100 * share.astype("float64")).round()


def places_table(view: PlaceView, answer: Answer, offer: str) -> pd.DataFrame:
    """One row a place: what it offers and, where it is shared, to how many; those with most to share it first."""
    rows = answer.told(answer.part("places"))
    names = view.areas.set_index("area_code")["name"]
    kinds = {kind: spec.title for layer in view.layers.values() for kind, spec in layer.kinds.items()}
    told = {
        "Name": rows["name"],
        "Kind": rows["kind"].map(kinds),
        "Neighbourhood": rows["area_code"].map(names),
        f"Offers, {UNITS[offer]}": rows["offers"],
    }
    if "demand" in rows:
        told["People who share it"] = rows["demand"]
        told["For every 1,000 of them"] = rows["per_1000"].astype("float64").round(2)
    table = pd.DataFrame(told)
    return table.sort_values(table.columns[-2], ascending=False, kind="stable") if "demand" in rows else table
