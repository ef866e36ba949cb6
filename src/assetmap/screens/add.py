"""Add what you know: press the map, say what is there."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assetmap.maps import View
from assetmap.screens import desk, parts
from assetmap.screens.here import whole_place

HOW: Final = (
    "Press the map where it is, then say what it is. Someone local checks it; then it stands beside the registers, "
    "marked as added by local people."
)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    pin_key = f"{place_id}-pin"
    pin = st.session_state.get(pin_key)
    shown = tuple(switch.id for switch in drawn.switches if switch.shown)
    with parts.stage():
        parts.sentence("What do you know that is not on the map?", HOW)
        with st.container(key="controls"):
            _form(place_id, pin)
        pressed = parts.drawing(drawn.data, View(shown, None, True, pin), key="map-add")
    if pressed is not None and pressed != pin:
        st.session_state[pin_key] = pressed
        st.rerun()


def _form(place_id: str, pin: tuple[float, float] | None) -> None:
    choices = {layer.id: layer for layer in desk.layers().values() if layer.add_here}
    layer = choices[st.selectbox("What is it?", list(choices), format_func=lambda name: choices[name].title)]
    with st.form("addition", border=False, enter_to_submit=False):
        st.selectbox("Which kind?", list(layer.kinds), format_func=layer.kind_title)
        st.text_input("Its name", max_chars=120)
        st.text_area(
            "What should people know?", max_chars=600, placeholder="When it is open, who it is for, who to ask"
        )
        st.text_input("Your group or first name", max_chars=80, help="For whoever checks it; it is not shown online.")
        st.html(f'<p class="am-spot">{_spot(pin)}</p>')
        st.form_submit_button("Send it in", type="primary", disabled=pin is None)


def _spot(pin: tuple[float, float] | None) -> str:
    return f"The spot: {pin[0]:.5f}, {pin[1]:.5f}" if pin else "No spot chosen yet. Press the map."
