"""Gaps: who can walk to a place, who cannot yet, and what stands near that could be opened up."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assetmap import questions
from assetmap.maps import View
from assetmap.screens import address, choices, desk, drawings, parts, tables

WALKS_MINUTES: Final = (5, 10, 15, 20)
USUAL_WALK: Final = 15


@st.cache_resource(max_entries=64, show_spinner="Measuring the walks…")
def _answer(place_id: str, fingerprint: str, layer: str, minutes: int) -> tuple[questions.Answer, drawings.Drawn]:
    view = desk.place_view(place_id)
    answer = questions.gaps(view, layers=(layer,), minutes=minutes)
    return answer, drawings.gaps(view, answer.shapes, layer, minutes)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    titles = _layers_with_places(place_id)
    first = next(iter(titles))
    to = address.one_of(st.query_params, "to", titles, first)
    walk = address.one_of(st.query_params, "walk", [str(minutes) for minutes in WALKS_MINUTES], str(USUAL_WALK))
    layer, view = to.chosen[0], desk.place_view(place_id)
    answer, drawn = _answer(place_id, desk.fingerprint(place_id), layer, int(walk.chosen[0]))
    asked = choices.chosen_layers(drawn.switches)
    with parts.stage():
        parts.sentence(view, answer.title, answer.sentence, (*to.notices, *walk.notices, *asked.notices))
        with choices.controls():
            choices.one_word("A walk to", "to", titles, first)
            choices.minutes("walk", WALKS_MINUTES, USUAL_WALK)
            choices.layer_switches(drawn.switches, asked.chosen)
            style = choices.shade_choice(drawn.shades)
            streets = choices.street_map()
            choices.save_and_share(view, "gaps", (layer,))
        parts.drawing(drawn.data, View(asked.chosen, style, tiles=streets))
    parts.table(tables.gaps_table(answer), title="Neighbourhood by neighbourhood", file_name=f"{place_id}-gaps.csv")
    parts.small_print(answer)


def _layers_with_places(place_id: str) -> dict[str, str]:
    """The layers that a walk may lead to, the ones that gaps are usually about first."""
    view = desk.place_view(place_id)
    held = set(view.assets["layer"])
    ordered = sorted(view.layers_here, key=lambda layer: not layer.gaps_first)
    return {layer.id: layer.title for layer in ordered if layer.id in held}
