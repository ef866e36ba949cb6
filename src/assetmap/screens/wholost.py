"""Who lost: the people who could walk to a place that has closed, by neighbourhood and by deprivation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.maps import Overlay
from assetmap.placeview import PlaceView, Walking
from assetmap.printing.shades import SOMEBODY
from assetmap.questions import Answer
from assetmap.screens import address, choices, desk, overlays, parts, tables
from assetmap.screens.fold import bars, how_worked_out
from assetmap.screens.grid import grid
from assetmap.screens.ledger import ledger
from assetmap.screens.near import owned_by_the_public, replacements_table, rounded
from assetmap.screens.unequal import in_figures, tenths

EVERY: Final = "all"
_NEAR: Final = "near_them_now"


@dataclass(frozen=True)
class Told:
    """Who lost, what it draws on the map, and the kinds, of which one is asked for; or plainly why nobody can say."""

    kinds: Mapping[str, str]
    kind: str = EVERY
    answer: Answer | None = None
    overlay: Overlay | None = None
    why_not: str = ""
    notices: tuple[str, ...] = ()
    shades: Mapping[str, str] = field(default_factory=dict)


@st.cache_resource(max_entries=128, show_spinner="Counting who lost…")
def _answer(
    place_id: str,
    fingerprint: str,
    walking: Walking,
    kind: str,
    since: int | None,
    until: int | None,
    minutes: int,
) -> tuple[Answer | None, Overlay | None, str]:
    view = desk.place_view(place_id, walking)
    try:
        answer = questions.who_lost(view, [] if kind == EVERY else [kind], since, until, minutes)
    except QuestionError as fault:
        return None, None, str(fault)
    one = "a place" if kind == EVERY else view.kind_choice(kind).one
    return answer, overlays.who_lost(view, answer, one, minutes), ""


def told(view: PlaceView, fingerprint: str, years: address.Years) -> Told:
    """Who lost the kind that the address asks for, in the years of the slider."""
    kinds = {EVERY: "Every kind of place", **_kinds(view)}
    asked = address.one_of(st.query_params, "kind", kinds, EVERY)
    ways = choices.asked_ways(view.place_id)
    walk = choices.asked_walk()
    answer, overlay, why_not = _answer(
        view.place_id, fingerprint, ways.walking, asked.chosen[0], years.since, years.until, int(walk.chosen[0])
    )
    notices = (*asked.notices, *ways.notices, *walk.notices)
    shades = {overlays.LOST_PEOPLE: overlays.LOST_PEOPLE_TITLE} if overlay is not None else {}
    return Told(kinds, asked.chosen[0], answer, overlay, why_not, notices, shades)


def section(view: PlaceView, who: Told) -> None:
    """The finding, its bars and tables; below the map, because the map and its list come first."""
    with parts.section("Who lost"):
        if len(who.kinds) > 1:
            _filters(view, who)
        if who.answer is None:
            st.info(_plain(who.why_not))
            return
        answer, walk = who.answer, view.walk(float(choices.asked_walk().chosen[0]))
        st.html(f'<p class="am-finding">{escape(answer.title)}</p><p>{escape(answer.sentence)}</p>')
        if float(answer.table["people_losing"].sum()) >= SOMEBODY:
            bars(
                tenths(answer.part("by_decile"), "per_1000"),
                f"Of every 100 people, those who lost a place within {walk}, by tenth of England’s deprivation",
                ("Neighbourhoods", "Lost one, of every 100 people"),
            )
        in_figures(answer.part("inequality"), "How unequal it was, in figures")
    _kind_by_kind(answer, walk)
    _by_neighbourhood(view, answer)
    _near(view, answer, walk)
    how_worked_out(answer)


def _filters(view: PlaceView, who: Told) -> None:
    """What to count, and how far; where no kind can be counted there is nothing to choose."""
    with st.container(key="filters"):
        choices.one_word("Which kind of place", "kind", who.kinds, EVERY)
        choices.minutes("A walk of at most")
        choices.ways(view)


def _plain(why_not: str) -> str:
    """The reason without what only somebody at a command line can do."""
    return why_not.split(". ")[0].rstrip(".") + "."


def _kinds(view: PlaceView) -> dict[str, str]:
    """The kinds of which a ledger tells closures and a register tells what stands."""
    closed = view.assets[view.assets["status"] == "closed"]
    titles = {kind: spec.plural for layer in view.layers_here for kind, spec in layer.kinds.items() if kind != "other"}
    known = [kind for kind in titles if kind in set(closed["kind"])]
    return {kind: titles[kind] for kind in known if len(view.of(view.kind_choice(kind)))}


def _kind_by_kind(answer: Answer, walk: str) -> None:
    rows = answer.told(answer.totals)
    with parts.section("Kind by kind"):
        ledger(
            pd.DataFrame(
                {
                    "Kind of place": rows["title"],
                    "Stood at first": rows["stood"].astype("int64"),
                    "Closed": rows["closed"].astype("int64"),
                    "Moved or merged": rows["moved_or_merged"].astype("int64"),
                    "Opened": rows["opened"].astype("int64"),
                    "Stand at the end": rows["stand_now"].astype("int64"),
                    "People who lost one": rows["people_losing"],
                    "People who gained one": rows["people_gaining"],
                }
            ),
            f"What closed of each kind, and how many people lost one within {walk}",
        )


def _by_neighbourhood(view: PlaceView, answer: Answer) -> None:
    rows = answer.told(answer.table)
    shown = pd.DataFrame(
        {
            "Neighbourhood": rows["neighbourhood_name"],
            "Part of town": rows["locality"],
            "People": rows["people"],
            f"Deprivation {tables.TENTH}": rows["deprivation_decile"],
            "People who lost one kind or more": rows["people_losing"],
            "People who lost two kinds or more": rows["people_losing_two"],
            "Kinds within the walk then": rows["kinds_before"].round(1),
            "Kinds within the walk now": rows["kinds_after"].round(1),
        }
    )
    with parts.section("Who lost, neighbourhood by neighbourhood"):
        shown = tables.with_method(shown, answer)
        grid(shown)
        parts.download(shown, f"{view.place_id}-who-lost.csv")


def _near(view: PlaceView, answer: Answer, walk: str) -> None:
    near = answer.part(_NEAR)
    if near.empty:
        return
    with parts.section("What stands near those who lost"):
        st.write(owned_by_the_public(view, near))
        ledger(
            replacements_table(view, near, f"People who lost within {walk} of it"),
            "What stands near those who lost, with its owner",
            under={"Name": "What it is"},
        )
        parts.caption(rounded(view, near))
