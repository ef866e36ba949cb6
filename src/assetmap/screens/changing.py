"""The controls of What if: say what would change, take it out again, name it, keep it beside another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from assetmap.errors import QuestionError
from assetmap.placeview import PlaceView
from assetmap.scenario_names import NAME_AT_MOST
from assetmap.scenarios import Action, Change, area_of, said
from assetmap.screens import address, changes, choices, parts

Spot = tuple[float, float]
"""Latitude and longitude in degrees."""

ACTIONS: Final[Mapping[str, str]] = {
    "close": "A place closes",
    "move": "A place moves",
    "hours": "A place has other hours",
    "reopen": "One that closed opens again",
    "open": "Something new opens",
}
"""What can happen, as the address and as people say it; the first is what the page opens with."""

FIRST_ACTION: Final = next(iter(ACTIONS))
WEEK_HOURS: Final = 168.0
_CHOOSE: Final = "Type a name"


def notices(view: PlaceView) -> tuple[str, ...]:
    """Plain notices about what the address says would happen next, and to what, that is not known here."""
    asked = (("do", ACTIONS), ("kind", changes.kinds_that_open(view)), ("which", changes.places_by_kind(view)))
    return tuple(told for name, known in asked for told in address.one_of(st.query_params, name, known, "").notices)


def asked_action() -> str:
    """What the address says would happen next."""
    return address.one_of(st.query_params, "do", ACTIONS, FIRST_ACTION).chosen[0]


def asked_kind(view: PlaceView) -> str:
    """What the address says would open."""
    kinds = changes.kinds_that_open(view)
    return address.one_of(st.query_params, "kind", kinds, next(iter(kinds))).chosen[0]


def awaits_press(view: PlaceView) -> bool:
    """Whether the next press on the map chooses a spot."""
    action = asked_action()
    return action == "open" or (action == "move" and _moving(view) is not None)


def what_would_change(view: PlaceView, asked: changes.Asked) -> None:
    """What happens and to what, then the changes so far."""
    st.html(f'<h2 id="{parts.PAST_MAP if not asked.scenario.changes else ""}" tabindex="-1">What would change?</h2>')
    choices.one_word("What happens", "do", ACTIONS, FIRST_ACTION)
    _ASK[asked_action()](view, asked.scenario.changes)
    _chips(view, asked)


def take_press(view: PlaceView, asked: changes.Asked, pressed: Spot | None) -> None:
    """Make the change that a press on the map asks for; the map repeats its last press, and once is enough."""
    seen = f"{view.place_id}-press"
    if pressed is None or pressed == st.session_state.get(seen):
        return
    st.session_state[seen] = pressed
    lon_lat = (round(pressed[1], 6), round(pressed[0], 6))
    if area_of(view, lon_lat) is None:
        st.toast(f"That spot is outside {view.name}. Press inside its edge.")
        return
    moved = _moving(view) if asked_action() == "move" else None
    change = Change("move", moved, lon_lat) if moved else Change("open", asked_kind(view), lon_lat)
    _add(choices.scope_now(), (*asked.scenario.changes, change))
    st.rerun()


def compare(asked: changes.Asked, beside: changes.Asked) -> None:
    """The name of the scenario, and keeping it beside another."""
    if asked.scenario.changes:
        key = choices.key_of("name")
        st.session_state[key] = asked.scenario.name
        st.text_input("Call it", key=key, max_chars=NAME_AT_MOST, on_change=_rename, args=(key,))
    if beside.scenario.changes:
        _chip(f"Beside: {beside.scenario.name}", "beside", {"beside": "", "beside_name": ""})
        if not asked.scenario.changes:
            st.info(
                f"“{beside.scenario.name}” is kept to one side. Now say what else could happen: make a change above, "
                "and both stand in one table. To go back to it alone, press Take it back."
            )
            st.button(
                "Take it back", key=choices.key_of("swap"), icon=":material/undo:", on_click=choices.write_all,
                args=(choices.scope_now(), _back(beside)),
                help="Takes what was kept to one side as the changes again.",
            )  # fmt: skip
    elif asked.scenario.changes:
        kept = {"beside": asked.scenario.written(), "beside_name": asked.scenario.name, "change": "", "name": ""}
        st.button(
            "Compare with another", key=choices.key_of("compare"), on_click=choices.write_all,
            args=(choices.scope_now(), kept),
            help="Keeps these changes to one side. Then say what else could happen; both stand in one table.",
        )  # fmt: skip


def _back(beside: changes.Asked) -> dict[str, str]:
    """What the address says when the scenario kept to one side is the only one again."""
    return {
        "change": beside.scenario.written(),
        "name": beside.scenario.name,
        "beside": "",
        "beside_name": "",
    }


def _add(scope: str, wanted: tuple[Change, ...]) -> None:
    """Write the changes; the name that was made of the old ones goes."""
    choices.write_all(scope, {"change": changes.written_with(tuple(dict.fromkeys(wanted))), "name": "", "which": ""})


def _chips(view: PlaceView, asked: changes.Asked) -> None:
    """One chip a change; a press takes it out."""
    told = asked.scenario.changes
    if not told:
        return
    with st.container(key="chips", gap="small"):
        for place, change in enumerate(told):
            rest = (*told[:place], *told[place + 1 :])
            _chip(said(view, change), f"{place}-{change.written()}", {"change": changes.written_with(rest)})


def _chip(words: str, key: str, then: Mapping[str, str]) -> None:
    st.button(
        words, key=choices.key_of(f"chip-{key}"), icon=":material/close:", icon_position="right", help="Take it out",
        on_click=choices.write_all, args=(choices.scope_now(), then), wrap=True,
    )  # fmt: skip


def _rename(key: str) -> None:
    choices.write_all(choices.scope_now(), {"name": str(st.session_state[key]).strip()})


def _ask_named(view: PlaceView, told: tuple[Change, ...]) -> None:
    """Choosing a place is all it takes to close it, or to open it again."""
    action: Action = "close" if asked_action() == "close" else "reopen"
    places = changes.places_by_kind(view, closed=action == "reopen")
    places = {place: name for place, name in places.items() if Change(action, place) not in told}
    if not places:
        st.caption(f"No place that closed is recorded in {view.name}.")
        return
    key = choices.key_of(f"named-{action}")
    st.selectbox(
        "Which place?", list(places), index=None, placeholder=_CHOOSE, key=key, format_func=places.__getitem__,
        on_change=_add_named, args=(choices.scope_now(), key, action, told),
    )  # fmt: skip


def _add_named(scope: str, key: str, action: Action, told: tuple[Change, ...]) -> None:
    chosen = st.session_state[key]
    st.session_state[key] = None
    if chosen is not None:
        _add(scope, (*told, Change(action, str(chosen))))


def _moving(view: PlaceView) -> str | None:
    """The place that the address says would move or have other hours."""
    which = st.query_params.get("which", "")
    return which if which in changes.places_by_kind(view) else None


def _which(view: PlaceView) -> str | None:
    places, key = changes.places_by_kind(view), choices.key_of("which")
    chosen = _moving(view)
    st.session_state[key] = chosen
    st.selectbox(
        "Which place?", list(places), index=None, placeholder=_CHOOSE, key=key, format_func=places.__getitem__,
        on_change=_write_which, args=(choices.scope_now(), key),
    )  # fmt: skip
    return chosen


def _write_which(scope: str, key: str) -> None:
    choices.write_all(scope, {"which": st.session_state[key] or ""})


def _ask_move(view: PlaceView, told: tuple[Change, ...]) -> None:
    if _which(view) is not None:
        st.info("Now press the map where it would move to.")


def _ask_hours(view: PlaceView, told: tuple[Change, ...]) -> None:
    chosen = _which(view)
    if chosen is None:
        return
    row = view.assets.set_index("asset_id").loc[chosen]
    with st.form(choices.key_of(f"hours-{chosen}"), border=False):
        week, staffed = (
            st.number_input(label, 0.0, WEEK_HOURS, _hours(row[column]), 1.0, format="%g", key=choices.key_of(column))
            for label, column in (
                ("Hours a week", "hours_per_week"),
                ("Of them with staff", "staffed_hours_per_week"),
            )
        )
        if st.form_submit_button("Change the hours"):
            try:
                change = Change("hours", chosen, hours=float(week or 0), staffed_hours=float(staffed or 0))
            except QuestionError as fault:
                st.error(str(fault))
                return
            others = tuple(each for each in told if (each.action, each.what) != ("hours", chosen))
            _add(choices.scope_now(), (*others, change))
            st.rerun()


def _hours(value: object) -> float:
    return float(value) if isinstance(value, float | int) and value == value else 0.0


def _ask_open(view: PlaceView, told: tuple[Change, ...]) -> None:
    kinds = changes.kinds_that_open(view)
    choices.one_word("What opens?", "kind", kinds, next(iter(kinds)))
    st.info("Press the map where it would open.")


_ASK: Final[Mapping[str, Callable[[PlaceView, tuple[Change, ...]], None]]] = {
    "close": _ask_named,
    "reopen": _ask_named,
    "move": _ask_move,
    "hours": _ask_hours,
    "open": _ask_open,
}
