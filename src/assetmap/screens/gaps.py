"""Gaps: who can walk to a place, who cannot yet, and what stands near that could be opened up."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assetmap import questions
from assetmap.maps import View
from assetmap.screens import address, desk, drawings, parts, tables

WALKS_MINUTES: Final = (5, 10, 15, 20)
USUAL_WALK: Final = "15"


@st.cache_resource(max_entries=64, show_spinner="Measuring the walks…")
def _answer(place_id: str, fingerprint: str, layer: str, minutes: int) -> tuple[questions.Answer, drawings.Drawn]:
    view = desk.place_view(place_id)
    answer = questions.gaps(view, layers=(layer,), minutes=minutes)
    return answer, drawings.gaps(view, answer.shapes, layer, minutes)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    titles = _layers_with_places(place_id)
    asked_layer = address.one_of(st.query_params, "to", list(titles), next(iter(titles)))
    asked_walk = address.one_of(st.query_params, "walk", [str(minutes) for minutes in WALKS_MINUTES], USUAL_WALK)
    layer = parts.remembered("to", asked_layer.chosen[0], list(titles))
    minutes = parts.remembered("walk", int(asked_walk.chosen[0]), WALKS_MINUTES)
    view = desk.place_view(place_id)
    answer, drawn = _answer(place_id, desk.fingerprint(place_id), layer, minutes)
    asked = parts.chosen_layers(drawn.switches)
    with parts.stage():
        parts.sentence(answer.title, answer.sentence, (*asked_layer.notices, *asked_walk.notices, *asked.notices))
        with parts.controls():
            st.selectbox("A walk to", list(titles), key="to", format_func=titles.__getitem__)
            st.segmented_control("At most", WALKS_MINUTES, key="walk", format_func="{} min".format, required=True)
            shown = parts.layer_switches(drawn.switches, asked.chosen, f"{place_id}-{layer}")
            style = parts.shade_choice(drawn.shades)
            parts.save_and_share(view, "gaps", (layer,))
        parts.drawing(drawn.data, View(layers=shown, style=style), key="map-gaps")
    st.query_params.update({"to": layer, "walk": str(minutes)})
    parts.table(tables.gaps_table(answer), title="Neighbourhood by neighbourhood", file_name=f"{place_id}-gaps.csv")
    parts.small_print(answer)


def _layers_with_places(place_id: str) -> dict[str, str]:
    view = desk.place_view(place_id)
    held = set(view.assets["layer"])
    ordered = sorted(view.layers_here, key=lambda layer: not layer.gaps_first)
    return {layer.id: layer.title for layer in ordered if layer.id in held}
