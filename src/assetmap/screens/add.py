"""Add what you know: press the map, see what is there already, say what is missing."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from assetmap.contributing import Offer, namesakes, record_of, similar
from assetmap.errors import ContributionError
from assetmap.layers import Layer
from assetmap.maps import View
from assetmap.placeview import PlaceView
from assetmap.screens import choices, desk, parts
from assetmap.screens.here import whole_place

Spot = tuple[float, float]
"""Latitude and longitude in degrees."""

HOW: Final = (
    "Press the map where it is, then say what it is. It shows at once, marked as not yet checked. Those who keep this "
    "map can check it or take it off."
)
NEAR_AT_MOST: Final = 5
TAKEN_BACK: Final = "taken back at once by the person who added it"


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    pin: Spot | None = st.session_state.get(_kept(place_id, "spot"))
    shown = tuple(switch.id for switch in drawn.switches if switch.shown)
    with parts.stage():
        parts.sentence(view, "What do you know that is not on the map?", HOW)
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            with st.container(gap="small"):  # holds its room, so that what comes and goes leaves the form as it is
                _thank(place_id)
                _near(view, pin)
            _form(view, pin)
            streets = choices.street_map()
        pressed = parts.drawing(drawn.data, View(shown, None, True, pin, tiles=streets, can_switch=False))
    _move_pin(place_id, pressed)


def _kept(place_id: str, what: str) -> str:
    """Where a visit keeps its ``spot``, ``thanks``, what was ``added``, ``sent`` or is to be taken ``back``, what it
    ``asks``, its ``forms``."""
    return f"{place_id}-add-{what}"


def _move_pin(place_id: str, pressed: Spot | None) -> None:
    """Put the pin where the map was pressed; the map repeats its last press on every run, and once is enough."""
    seen = f"{place_id}-press"  # as What if keeps it: both pages show the one map
    if pressed is None or pressed == st.session_state.get(seen):
        return
    st.session_state[seen] = pressed
    st.session_state[_kept(place_id, "spot")] = pressed
    for answered in ("thanks", "added", "asks"):
        st.session_state.pop(_kept(place_id, answered), None)
    st.rerun()


def _thank(place_id: str) -> None:
    """The thanks stand until the next spot is chosen, and beside them the way back."""
    thanks, added = (st.session_state.get(_kept(place_id, what)) for what in ("thanks", "added"))
    if thanks:
        st.success(thanks)
    if not added:
        return
    st.button("Take it back", key=_kept(place_id, "undo"), on_click=_note, args=(place_id, "back", added))
    if st.session_state.pop(_kept(place_id, "back"), None) == added:
        desk.store().review_contribution(added, "hidden", TAKEN_BACK)
        del st.session_state[_kept(place_id, "added")]
        st.session_state[_kept(place_id, "thanks")] = "It is off the map again."
        st.rerun()


def _near(view: PlaceView, pin: Spot | None) -> None:
    """One record for one building: what stands near is shown before anything is added."""
    if pin is None:
        st.info("Press the map to choose the spot.")
        return
    near = similar(view, pin[1], pin[0]).head(NEAR_AT_MOST)
    items = "".join(
        f"<li>{escape(str(row.name))}, {row.distance_m:.0f} m away</li>" for row in near.itertuples(index=False)
    )
    if items:
        st.html(f'<div class="am-near"><h2>Already on the map here</h2><ul>{items}</ul></div>')


def _form(view: PlaceView, pin: Spot | None) -> None:
    st.html(f'<h2 id="{parts.PAST_MAP}" tabindex="-1">Say what it is</h2>')
    # a form that was sent leaves an empty one behind: its fields are new ones
    form = _kept(view.place_id, f"form-{st.session_state.get(_kept(view.place_id, 'forms'), 0)}")
    open_layers = {layer.id: layer for layer in view.layers.values() if layer.add_here}
    chosen = st.selectbox(
        "What is it?", list(open_layers), format_func=lambda name: open_layers[name].title, key=f"{form}-layer"
    )
    layer = open_layers[chosen]
    with st.form(form, border=False, enter_to_submit=False):
        kind = st.selectbox(
            "Which kind?", list(layer.kinds), None, layer.kind_title, placeholder="Choose a kind",
            key=f"{form}-{chosen}",
        )  # fmt: skip
        # no limits here: what is pasted beyond them would vanish without a word; 'record_of' says what is too long
        name = st.text_input("Its name", key=f"{form}-name")
        who_for = st.text_input("Who is it for?", placeholder="Everyone, young people", key=f"{form}-who")
        says = st.text_area(
            "What should people know?", placeholder="When it is open, what it offers", height=68,
            key=f"{form}-says",
        )  # fmt: skip
        how_known = st.text_input("How do you know?", placeholder="I help run it", key=f"{form}-how")
        with st.container(key="send", gap="small"):
            said = st.container()
            sent = _send(view.place_id, pin)
    if sent == "same":
        _start_anew(view.place_id, "Nothing was added: it is on the map already.", None)
    elif sent and pin is not None:
        offer = Offer(layer.id, kind or "", name, pin[1], pin[0], says, how_known, who_for=who_for)
        fault = _keep(view, layer, offer, sure=sent == "another")
        if fault:
            said.warning(fault)


def _send(place_id: str, pin: Spot | None) -> str:
    """The button that sends the form, or the two that answer whether it is the same as one already mapped."""

    def button(words: str, answer: str, *, first: bool = True) -> None:
        st.form_submit_button(
            words, type="primary" if first else "secondary", disabled=pin is None, width="stretch",
            on_click=_note, args=(place_id, "sent", answer),
        )  # fmt: skip

    asks = st.session_state.get(_kept(place_id, "asks"))
    if asks:
        st.warning(asks)
        button("It is the same: do not add it", "same", first=False)
        button("It is another one: add it", "another")
    else:
        button("Add it to the map", "new")
    return str(st.session_state.pop(_kept(place_id, "sent"), ""))


def _note(place_id: str, what: str, answer: str) -> None:
    """Kept until it is dealt with: a run that another one cuts short would forget that a button was pressed."""
    st.session_state[_kept(place_id, what)] = answer


def _keep(view: PlaceView, layer: Layer, offer: Offer, *, sure: bool) -> str:
    """Store the offer and start anew, or say what is wrong with it."""
    if not offer.kind:
        return "Choose which kind it is."
    try:
        record = record_of(view, offer)
    except ContributionError as fault:
        return str(fault)
    same = namesakes(view, offer)
    if len(same) and not sure:
        nearest = same.iloc[0]
        st.session_state[_kept(view.place_id, "asks")] = (
            f"{nearest['name']} is on the map already, {nearest['distance_m']:,.0f} m from your spot. Is yours another?"
        )
        st.rerun()
    desk.store().add_contribution(record)
    thanks = f"Thank you. {record.name} is on the map under {layer.title.lower()}, marked as not yet checked."
    _start_anew(view.place_id, thanks, record.contribution_id)
    return ""


def _start_anew(place_id: str, thanks: str, added: str | None) -> None:
    """Say what became of the form, and leave an empty one without a spot."""
    st.session_state[_kept(place_id, "thanks")] = thanks
    st.session_state[_kept(place_id, "added")] = added
    st.session_state[_kept(place_id, "forms")] = st.session_state.get(_kept(place_id, "forms"), 0) + 1
    for done in ("spot", "asks"):
        st.session_state.pop(_kept(place_id, done), None)
    st.rerun()
