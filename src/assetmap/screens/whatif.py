"""What if: a place closes, opens or moves; who loses, and what stands near that could take its place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.maps import Overlay, View
from assetmap.packs import USUAL, Wanted
from assetmap.placeview import PlaceView, Walking
from assetmap.printing import scenario_sheet, sites_sheet
from assetmap.questions import Answer
from assetmap.scenarios import Change, Scenario
from assetmap.screens import (
    changes,
    changing,
    choices,
    desk,
    drawings,
    effects,
    overlays,
    parts,
    siting,
    suggesting,
)
from assetmap.screens.here import whole_place

OPENING: Final = "What if something closed, opened or moved?"
OPENING_SAYS: Final = (
    "Choose a place and what happens to it. The map shows who would lose it, and what stands near them already that "
    "could take its place."
)
LOSES: Final = "A finished map of what the changes would do: who would lose, and what stands near them already."


@st.cache_resource(max_entries=256, show_spinner=False)
def _answer(
    place_id: str, fingerprint: str, walking: Walking, scenario: Scenario, beside: Scenario, minutes: int
) -> tuple[Answer | None, Overlay | None, tuple[str, ...]]:
    """The answer and what it draws, or else why there is none."""
    view = desk.place_view(place_id, walking)
    told = [scenario, beside] if beside.changes else [scenario]
    try:
        answer = questions.whatif(view, told, minutes=minutes)
    except QuestionError as fault:
        return None, None, (str(fault),)
    return answer, overlays.change(view, scenario, answer, minutes), ()


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    ways = choices.asked_ways(place_id)
    view, fingerprint = desk.place_view(place_id, ways.walking), desk.fingerprint(place_id)
    asked = changes.asked_of(st.query_params, view, "change", "name")
    beside = changes.asked_of(st.query_params, view, "beside", "beside_name")
    walk = choices.asked_walk()
    minutes = int(walk.chosen[0])
    scenario = asked.scenario
    found = siting.asked(view, fingerprint, minutes, scenario)
    answer, overlay, why_not = (
        _answer(place_id, fingerprint, ways.walking, scenario, beside.scenario, minutes)
        if scenario.changes
        else (None, None, ())
    )
    drawn = whole_place(place_id, fingerprint)
    besides = (*beside.notices, *walk.notices, *ways.notices, *found.notices, *changing.notices(view))
    notices = (*asked.notices, *why_not, *besides)
    with parts.stage():
        # where one would do most is the later question: it begins with the changes made so far
        told = found.answer or answer
        title, says = (told.title, told.sentence) if told else (OPENING, OPENING_SAYS)
        parts.sentence(view, title, says, notices)
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            changing.what_would_change(view, asked)
            siting.controls(view, found, scenario)
            changing.compare(asked, beside)
            if told is None and not beside.scenario.changes and "do" not in st.query_params:
                suggesting.links(view)
            choices.minutes("A walk of at most")
            choices.ways(view)
            streets = choices.street_map()
            _save_and_share(view, (scenario, beside.scenario), answer is not None, minutes, found)
        overlay = found.overlay or overlay
        style = overlays.CHANGE if answer and not found.overlay else next(iter(drawn.shades), None)
        shown = () if overlay else _first_layers(view, drawn)
        awaits = changing.awaits_press(view)
        # where the next press counts, the map stays where it is
        focus = overlays.affected(answer) if answer and not awaits else None
        shows = View(shown, style, awaits, tiles=streets, overlay=overlay, focus=focus, can_switch=False)
        pressed = parts.drawing(drawn.data, shows)
    changing.take_press(view, asked, pressed if awaits else None)
    if found.answer is not None:
        siting.table(view, found.answer)
    if answer is not None:
        effects.told(view, answer, scenario, minutes)
    else:
        _make_ready(place_id, fingerprint, ways.walking)


def _save_and_share(
    view: PlaceView, scenarios: Sequence[Scenario], answered: bool, minutes: int, found: siting.Found
) -> None:
    """What the map shows as a sheet; with nothing answered and nothing sought there is no finding, only the link."""
    first = scenarios[0]
    told = tuple(each for each in scenarios if each.changes) if answered else ()
    about = (*(("sites",) if found.answer else ()), *(("whatif",) if told else ()))
    asked: dict[str, Any] = {"kinds": (f"sites:{found.kind}",), "choose": found.choose} if found.answer else {}
    wanted = Wanted(view.place_id, (*about, *USUAL), scenarios=told, **asked)
    changed = choices.Saving(
        "Save who would lose", "whatif", partial(scenario_sheet, view, first, minutes=minutes), LOSES
    )
    if found.answer is not None:
        sites = partial(sites_sheet, view, found.answer, found.kind, first)
        others = [changed] if told else []
        choices.save_and_share(view, "whatif", sites, wanted, others, name="where-one-would-do-most")
        return
    if told:
        choices.save_and_share(view, "whatif", changed.sheet, wanted)
        return
    choices.share(view.place_id, "whatif")


@st.cache_resource(max_entries=desk.PLACES_KEPT, show_spinner=False)
def _make_ready(place_id: str, fingerprint: str, walking: Walking) -> None:
    """Measure the walks while a person reads and chooses, so that the first answer is as quick as the others."""
    view = desk.place_view(place_id, walking)
    first = next(iter(changes.places_by_kind(view)), None)
    if first is not None:
        with suppress(QuestionError):  # why there is no answer is said to whoever asks
            questions.whatif(view, [Scenario("in readiness", (Change("close", first),))])


def _first_layers(view: PlaceView, drawn: drawings.Drawn) -> tuple[str, ...]:
    """What gaps are usually about is what closures are usually about."""
    usual = {layer.id for layer in view.layers_here if layer.gaps_first}
    return tuple(switch.id for switch in drawn.switches if switch.id in usual)
