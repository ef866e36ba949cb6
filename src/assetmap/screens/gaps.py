"""Gaps: who can walk to a place, who cannot yet, and what stands near that could be opened up."""

from __future__ import annotations

import streamlit as st

from assetmap.maps import View
from assetmap.screens import address, parts
from assetmap.screens.desk import desk

WALKS_MINUTES = (5, 10, 15, 20)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    layers = desk().gap_layers(place_id)
    asked_layer = address.one_of(st.query_params, "to", list(layers), next(iter(layers)))
    asked_walk = address.one_of(st.query_params, "walk", [str(minutes) for minutes in WALKS_MINUTES], "15")
    layer = st.session_state.setdefault("to", asked_layer.chosen[0])
    walk = st.session_state.setdefault("walk", int(asked_walk.chosen[0]))
    answer = desk().gaps(place_id, layer, walk)
    with parts.stage():
        parts.sentence(answer, (*asked_layer.notices, *asked_walk.notices))
        with parts.controls():
            st.selectbox("A walk to", list(layers), key="to", format_func=layers.__getitem__)
            st.segmented_control("Within", WALKS_MINUTES, key="walk", format_func=lambda minutes: f"{minutes} min")
            shown = parts.layer_switches(answer.switches, parts.chosen_layers(answer.switches).chosen, place_id)
            style = parts.shade_choice(answer.shades)
        parts.drawing(answer, View(layers=shown, style=style), key="gaps")
    st.query_params.update({"to": layer, "walk": str(walk)})
    parts.table(answer.table, title="Neighbourhood by neighbourhood", file_name=f"{place_id}-gaps.csv")
    parts.caveats(answer.caveats)
