"""What if: a place closes, opens or moves; who loses, and what stands near that could take its place."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.maps import Overlay, View
from assetmap.placeview import PlaceView
from assetmap.printing import scenario_sheet
from assetmap.questions import Answer
from assetmap.questions.effect import figure_words
from assetmap.scenarios import Change, Scenario
from assetmap.screens import address, changes, changing, choices, desk, drawings, overlays, parts, siting, suggesting
from assetmap.screens.fold import how_worked_out
from assetmap.screens.gaps import USUAL_WALK, WALKS_MINUTES
from assetmap.screens.here import whole_place
from assetmap.screens.ledger import ledger
from assetmap.screens.near import owned_by_the_public, replacements_table

OPENING: Final = "What if something closed, opened or moved?"
OPENING_SAYS: Final = (
    "Choose a place and what happens to it. The map shows who would lose it, and what stands near them already that "
    "could take its place."
)


@st.cache_resource(max_entries=256, show_spinner=False)
def _answer(
    place_id: str, fingerprint: str, step_free: bool, scenario: Scenario, beside: Scenario, minutes: int
) -> tuple[Answer, Overlay]:
    view = desk.place_view(place_id, step_free=step_free)
    told = [scenario, beside] if beside.changes else [scenario]
    answer = questions.whatif(view, told, minutes=minutes)
    return answer, overlays.change(view, scenario, answer)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    steps, step_free = choices.asked_step_free(), choices.walks_step_free()
    view, fingerprint = desk.place_view(place_id, step_free=step_free), desk.fingerprint(place_id)
    asked = changes.asked_of(st.query_params, view, "change", "name")
    beside = changes.asked_of(st.query_params, view, "beside", "beside_name")
    walk = address.one_of(st.query_params, "walk", [str(minutes) for minutes in WALKS_MINUTES], str(USUAL_WALK))
    found = siting.asked(view, fingerprint, int(walk.chosen[0]))
    scenario = asked.scenario
    answer, overlay = (
        _answer(place_id, fingerprint, step_free, scenario, beside.scenario, int(walk.chosen[0]))
        if scenario.changes
        else (None, found.overlay)
    )
    drawn = whole_place(place_id, fingerprint)
    notices = (*asked.notices, *beside.notices, *walk.notices, *steps.notices, *found.notices, *changing.notices(view))
    with parts.stage():
        told = answer or found.answer
        title, says = (told.title, told.sentence) if told else (OPENING, OPENING_SAYS)
        parts.sentence(view, title, says, notices)
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            changing.what_would_change(view, asked)
            siting.controls(view, found, scenario)
            changing.compare(asked, beside)
            if told is None and not beside.scenario.changes and "do" not in st.query_params:
                suggesting.links(view)
            choices.minutes("walk", WALKS_MINUTES, USUAL_WALK, "A walk of at most")
            choices.step_free(view)
            streets = choices.street_map()
            _save_and_share(view, scenario, int(walk.chosen[0]))
        style = overlays.CHANGE if answer else next(iter(drawn.shades), None)
        shown = () if overlay else _first_layers(view, drawn)
        awaits = changing.awaits_press(view)
        # where the next press counts, the map stays where it is
        focus = overlays.affected(answer) if answer and not awaits else None
        shows = View(shown, style, awaits, tiles=streets, overlay=overlay, focus=focus)
        pressed = parts.drawing(drawn.data, shows)
    changing.take_press(view, asked, pressed if awaits else None)
    if answer is not None:
        _told(view, answer, scenario)
    else:
        if found.answer is not None:
            siting.table(view, found.answer)
        _make_ready(place_id, fingerprint, step_free)


def _save_and_share(view: PlaceView, scenario: Scenario, minutes: int) -> None:
    """With nothing changed yet there is no finding to print, and only the link."""
    if scenario.changes:
        choices.save_and_share(view, "whatif", lambda: scenario_sheet(view, scenario, minutes=minutes))
    else:
        choices.share(view.place_id, "whatif")


@st.cache_resource(max_entries=desk.PLACES_KEPT, show_spinner=False)
def _make_ready(place_id: str, fingerprint: str, step_free: bool) -> None:
    """Measure the walks while a person reads and chooses, so that the first answer is as quick as the others."""
    view = desk.place_view(place_id, step_free=step_free)
    first = next(iter(changes.places_by_kind(view)), None)
    if first is not None:
        questions.whatif(view, [Scenario("in readiness", (Change("close", first),))])


def _first_layers(view: PlaceView, drawn: drawings.Drawn) -> tuple[str, ...]:
    """What gaps are usually about is what closures are usually about."""
    usual = {layer.id for layer in view.layers_here if layer.gaps_first}
    return tuple(switch.id for switch in drawn.switches if switch.id in usual)


def _told(view: PlaceView, answer: Answer, scenario: Scenario) -> None:
    with parts.section("What changes in all", parts.PAST_MAP):
        ledger(totals_table(answer.totals, scenario), "People, places and hours, before and after")
    _replacements(view, answer)
    with parts.section("Neighbourhood by neighbourhood"):
        rows = neighbourhoods_table(answer)
        st.dataframe(rows, hide_index=True, width="stretch", height=min(38 + 35 * max(len(rows), 1), 420))
        parts.download(rows, f"{view.place_id}-what-if.csv")
    how_worked_out(answer)


def _replacements(view: PlaceView, answer: Answer) -> None:
    rows = replacements_table(view, answer.part("replacements"), "People who lose within its walk")
    if rows.empty:
        return
    with parts.section("What stands near those who lose"):
        st.write(owned_by_the_public(view, answer.part("replacements")))
        ledger(rows, "What stands near those who lose, with its owner", under={"Name": "What it is"})
        parts.download(rows, f"{view.place_id}-what-stands-near.csv")


def neighbourhoods_table(answer: Answer) -> pd.DataFrame:
    """One row a neighbourhood, those where most people lose first."""
    rows = answer.table
    return pd.DataFrame(
        {
            "Neighbourhood": rows["neighbourhood_name"],
            "Part of town": rows["locality"],
            "People": rows["people"],
            "Deprivation (1 = most deprived tenth)": rows["deprivation_decile"],
            "People who would lose": rows["people_losing"].round(),
            "People who would gain": rows["people_gaining"].round(),
            "Within the walk now, %": (100 * rows["share_before"]).round(),
            "Within the walk then, %": (100 * rows["share_after"]).round(),
            "Walk now, minutes": rows["walk_minutes_before"].round(1),
            "Walk then, minutes": rows["walk_minutes_after"].round(1),
        }
    )


def totals_table(totals: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """One row a measure: no change, then the scenario with its difference, then the one beside it with its own."""
    told = totals.assign(place=(totals["measure"].groupby(totals["measure"]).cumcount()))
    first = told[told["place"] == 0].set_index("measure")
    columns = {"No change": [figure_words(str(name), value) for name, value in first["no_change"].items()]}
    for place, rows in told.groupby("place"):
        name = str(rows["scenario"].iloc[0])
        each = rows.set_index("measure").reindex(first.index)
        called = name if place == 0 else f"Beside it: {name}"
        columns[f"{called[0].upper()}{called[1:]}"] = [
            f"{figure_words(measure, then)} ({_difference(measure, more)})"
            for measure, then, more in zip(each.index, each["then"], each["difference"], strict=True)
        ]
    names = [str(name)[0].upper() + str(name)[1:] for name in first.index]
    return pd.DataFrame({"Measure": names, **columns})


def _difference(measure: str, value: float) -> str:
    if pd.isna(value):
        return "not known"
    told = figure_words(measure, abs(value))
    return "the same" if not told.strip("0.") else f"{'+' if value > 0 else '−'}{told}"
