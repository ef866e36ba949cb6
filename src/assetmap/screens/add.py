"""Add what you know: press the map, say what is there."""

from __future__ import annotations

import streamlit as st

from assetmap.errors import ContributionError
from assetmap.maps import View
from assetmap.screens import parts
from assetmap.screens.desk import Addition, Answer, desk


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    here = desk().here(place_id)
    answer = Answer(
        sentence="Add what you know",
        detail="Press the map where it is. What you add is checked by someone local, then stands beside the registers, "
        "marked as added by local people.",
        table=here.table,
        drawing=here.drawing,
        switches=here.switches,
    )
    pin_key = f"{place_id}-pin"
    with parts.stage():
        parts.sentence(answer)
        with st.container(key="controls"):
            _form(place_id, st.session_state.get(pin_key))
        view = View(tuple(switch.id for switch in answer.switches), None, True, st.session_state.get(pin_key))
        pressed = parts.drawing(answer, view, key="add")
    if pressed is not None and pressed != st.session_state.get(pin_key):
        st.session_state[pin_key] = pressed
        st.rerun()


def _form(place_id: str, pin: tuple[float, float] | None) -> None:
    choices = desk().layers_to_add(place_id)
    layer = st.selectbox("What is it?", list(choices), format_func=lambda choice: choice.split(":", 1)[1])
    kinds = choices[layer]
    with st.form("addition", border=False, enter_to_submit=False):
        kind = st.selectbox("Which kind?", list(kinds), format_func=kinds.__getitem__)
        name = st.text_input("Its name", max_chars=120)
        note = st.text_area("What should people know?", max_chars=600, placeholder="When it is open, who it is for")
        added_by = st.text_input("Your group or first name", max_chars=80, help="Shown to whoever checks it, not online")
        st.html(f'<p class="am-spot">{_spot(pin)}</p>')
        sent = st.form_submit_button("Send it in", type="primary")
    if sent:
        _send(Addition(place_id, layer.split(":", 1)[0], kind, name, note, *(pin or (0.0, 0.0)), added_by), pin)


def _spot(pin: tuple[float, float] | None) -> str:
    return f"The spot: {pin[0]:.5f}, {pin[1]:.5f}" if pin else "No spot chosen yet: press the map."


def _send(addition: Addition, pin: tuple[float, float] | None) -> None:
    if pin is None:
        st.warning("Press the map first, so that we know where it is.")
        return
    try:
        st.success(desk().add(addition))
    except ContributionError as fault:
        st.warning(str(fault))
