"""Add what you know: press the map, see what is there already, say what is missing."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from assetmap.contributing import Offer, record_of, similar
from assetmap.errors import ContributionError
from assetmap.layers import Layer
from assetmap.maps import View
from assetmap.placeview import PlaceView
from assetmap.screens import choices, desk, parts
from assetmap.screens.here import whole_place

Spot = tuple[float, float]
"""Latitude and longitude in degrees."""

HOW: Final = (
    "Press the map where it is, then say what it is. It stands on the map at once, marked as added by local people, "
    "and someone who keeps this map looks at it."
)
NEAR_AT_MOST: Final = 5


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    pin: Spot | None = st.session_state.get(_pin(place_id))
    shown = tuple(switch.id for switch in drawn.switches if switch.shown)
    with parts.stage():
        parts.sentence(view, "What do you know that is not on the map?", HOW)
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            _thank(place_id)
            _near(view, pin)
            _form(view, pin)
            streets = choices.street_map()
        pressed = parts.drawing(drawn.data, View(shown, None, True, pin, tiles=streets))
    _move_pin(place_id, pressed)


def _pin(place_id: str) -> str:
    return f"{place_id}-spot"


def _move_pin(place_id: str, pressed: Spot | None) -> None:
    """Put the pin where the map was pressed; the map repeats its last press on every run, and once is enough."""
    seen = f"{place_id}-press"
    if pressed is None or pressed == st.session_state.get(seen):
        return
    st.session_state[seen] = pressed
    st.session_state[_pin(place_id)] = pressed
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
    open_layers = {layer.id: layer for layer in view.layers.values() if layer.add_here}
    layer = open_layers[
        st.selectbox("What is it?", list(open_layers), format_func=lambda name: open_layers[name].title)
    ]
    with st.form("addition", border=False, enter_to_submit=False):
        kind = st.selectbox("Which kind?", list(layer.kinds), format_func=layer.kind_title)
        name = st.text_input("Its name", max_chars=120)
        who_for = st.text_input("Who is it for?", max_chars=120, placeholder="Everyone, young people, older people")
        says = st.text_area("What should people know?", max_chars=600, placeholder="When it is open, what it offers")
        how_known = st.text_input("How do you know?", max_chars=120, placeholder="I help run it")
        sent = st.form_submit_button("Add it to the map", type="primary", disabled=pin is None)
    if sent and pin is not None:
        _keep(view, layer, Offer(layer.id, kind, name, pin[1], pin[0], says, how_known, who_for=who_for))


def _keep(view: PlaceView, layer: Layer, offer: Offer) -> None:
    try:
        record = record_of(view, offer)
    except ContributionError as fault:
        st.warning(str(fault))
        return
    desk.store().add_contribution(record)
    st.session_state[f"{view.place_id}-thanks"] = f"Thank you. {record.name} is on the map under {layer.title.lower()}."
    del st.session_state[_pin(view.place_id)]
    st.rerun()


def _thank(place_id: str) -> None:
    thanks = st.session_state.pop(f"{place_id}-thanks", None)
    if thanks:
        st.success(thanks)
