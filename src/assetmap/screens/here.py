"""What's here: everything the place has, and what it has lost, on one map."""

from __future__ import annotations

import streamlit as st

from assetmap import questions
from assetmap.maps import View
from assetmap.packs import Wanted
from assetmap.printing import Terms, sheet_of
from assetmap.screens import choices, desk, drawings, parts, tables


@st.cache_resource(max_entries=desk.PLACES_KEPT, show_spinner="Drawing the map…")
def whole_place(place_id: str, fingerprint: str) -> drawings.Drawn:
    """The place's drawing, kept until the store changes."""
    return drawings.whole_place(desk.place_view(place_id))


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    answer = questions.here(view)
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    asked, shade = choices.chosen_layers(drawn.switches), choices.asked_shade(drawn.shades)
    with parts.stage():
        parts.sentence(view, answer.title, answer.sentence, (*asked.notices, *shade.notices))
        with choices.controls():
            choices.layer_switches(drawn.switches, asked.chosen)
            style = choices.shade_choice(drawn.shades)
            streets = choices.street_map()
            layers = choices.standing(view, asked.chosen)
            terms = Terms(shade=choices.shade_of(style, drawn.shades))
            first = choices.standing(view, choices.shown_at_first(drawn.switches))
            alone = () if layers == first else tuple(f"here:{layer}" for layer in layers)
            wanted = Wanted(place_id, layers=alone, shade=terms.shade)
            choices.save_and_share(view, "here", lambda: sheet_of(view, "here", layers, terms=terms), wanted)
        parts.drawing(drawn.data, View(asked.chosen, style, tiles=streets))
    rows = tables.assets_table(view)
    closed = (rows["Status"] == "Closed") & (drawings.LOST_ID in asked.chosen)
    rows = rows[(rows["Layer"].isin(asked.chosen) & (rows["Status"] != "Closed")) | closed]
    parts.table(rows.drop(columns="Layer"), title="The same as a table", file_name=f"{place_id}-whats-here.csv")
    parts.small_print(answer)
