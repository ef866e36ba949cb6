"""Where one would do most: the buildings that stand already in which a kind of place would bring most people near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.maps import Overlay
from assetmap.placeview import PlaceView, Walking
from assetmap.questions import Answer
from assetmap.scenarios import Change, Scenario
from assetmap.screens import address, changes, changing, choices, desk, overlays, parts, tables
from assetmap.screens.fold import how_worked_out
from assetmap.screens.grid import grid

HOW_MANY: Final = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Found:
    """The sites that the address asks for, if it does, and plain notices about what was left out or has no answer."""

    answer: Answer | None = None
    overlay: Overlay | None = None
    notices: tuple[str, ...] = ()
    kind: str = ""
    choose: int = 1


@st.cache_resource(max_entries=64, show_spinner="Looking at every building…")
def _answer(
    place_id: str, fingerprint: str, walking: Walking, kind: str, choose: int, minutes: int, scenario: Scenario
) -> tuple[Answer, Overlay]:
    view = desk.place_view(place_id, walking)
    answer = questions.sites(view, kind, choose, minutes=minutes, scenario=scenario)
    return answer, overlays.chosen_sites(view, answer, kind, scenario)


def asked(view: PlaceView, fingerprint: str, minutes: int, scenario: Scenario) -> Found:
    """What the address asks for under ``find``, while it says that something new opens, after the changes so far."""
    if changing.asked_action() != "open" or "find" not in st.query_params:
        return Found()
    many = address.one_of(st.query_params, "find", HOW_MANY, HOW_MANY[0])
    try:
        kind, choose = changing.asked_kind(view), int(many.chosen[0])
        answer, overlay = _answer(view.place_id, fingerprint, view.walking, kind, choose, minutes, scenario)
    except QuestionError as fault:
        return Found(None, None, (*many.notices, str(fault)))
    return Found(answer, overlay, many.notices, kind, choose)


def links_after(view: PlaceView, scenario: Scenario) -> None:
    """A link to where another of each kind that closes would do most once the changes are made."""
    taken = {each.what for each in scenario.changes if each.action == "close"}
    closing = dict.fromkeys(view.assets.loc[view.assets["asset_id"].isin(taken), "kind"])
    items = "".join(
        f'<li><a href="{escape(_find(view, kind))}" target="_self">After this, where would another '
        f"{escape(title[0].lower() + title[1:])} do most?</a></li>"
        for kind, title in changes.kinds_that_open(view).items()
        if kind in closing
    )
    if items:
        st.html(f'<div class="am-near"><ul>{items}</ul></div>')


def _find(view: PlaceView, kind: str) -> str:
    return choices.link("whatif", view.place_id, {"do": "open", "kind": kind, "find": HOW_MANY[0]})


def table(view: PlaceView, answer: Answer) -> None:
    """Every building that could be opened up, those chosen first, with what each would do by itself."""
    rows = answer.told(answer.table)
    told = pd.DataFrame(
        {
            "Chosen": rows["order"],
            "Name": rows["name"],
            "What it is": rows["layer_title"],
            "Owner": rows["owner"],
            "Run by": rows["run_by"],
            "Part of town": rows["locality"],
            "Neighbourhood": rows["neighbourhood_name"],
            "More people, after those chosen before": rows["adds"],
            "More people, by itself": rows["people_newly"],
        }
    )
    told = tables.with_method(told, answer)
    with parts.section("Every building that could be opened up"):
        grid(told)
        parts.download(told, f"{view.place_id}-where-one-would-do-most.csv")
    how_worked_out(answer)


def controls(view: PlaceView, found: Found, scenario: Scenario) -> None:
    """How many would open, where they would do most, and trying it."""
    if changing.asked_action() != "open":
        return
    st.html("<h2>Where would one do most?</h2>")
    key = choices.key_of("find")
    st.session_state[key] = st.query_params.get("find") if st.query_params.get("find") in HOW_MANY else None
    st.segmented_control(
        "How many would open", HOW_MANY, key=key, on_change=_write_find, args=(choices.scope_now(), key)
    )
    if found.answer is None:
        return
    chosen = found.answer.shapes[found.answer.shapes["order"].notna()]
    owners = [f" ({owner})" if isinstance(owner, str) and owner else "" for owner in chosen["owner"]]
    adds = [
        f"<li>{escape(str(name))}{escape(owner)}: {people:,.0f} more people</li>"
        for name, owner, people in zip(chosen["name"], owners, chosen["adds"], strict=True)
    ]
    st.html(f'<div class="am-near"><ol>{"".join(adds)}</ol></div>')
    points = chosen.geometry.representative_point()
    spots = [(round(lon, 6), round(lat, 6)) for lon, lat in zip(points.x, points.y, strict=True)]
    if spots:
        opening = tuple(Change("open", changing.asked_kind(view), spot) for spot in spots)
        words = {"change": _with(scenario, opening), "name": "", "find": ""}
        st.button("Try it", key=choices.key_of("try"), type="primary", on_click=choices.write_all,
                  args=(choices.scope_now(), words))  # fmt: skip


def _with(scenario: Scenario, opening: Sequence[Change]) -> str:
    return changes.written_with(tuple(dict.fromkeys((*scenario.changes, *opening))))


def _write_find(scope: str, key: str) -> None:
    choices.write_all(scope, {"find": st.session_state[key] or ""})
