"""What's here: everything the place has, and what it has lost, on one map."""

from __future__ import annotations

from assetmap.maps import View
from assetmap.screens import parts
from assetmap.screens.desk import desk


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    answer = desk().here(place_id)
    asked = parts.chosen_layers(answer.switches)
    with parts.stage():
        parts.sentence(answer, asked.notices)
        with parts.controls():
            layers = parts.layer_switches(answer.switches, asked.chosen, place_id)
            style = parts.shade_choice(answer.shades)
        parts.drawing(answer, View(layers=layers, style=style), key="here")
    titles = [switch.title for switch in answer.switches if switch.id in layers]
    shown = answer.table[answer.table["Layer"].isin(titles)]
    parts.table(shown, title="The same as a table", file_name=f"{place_id}-whats-here.csv")
    parts.caveats(answer.caveats)
