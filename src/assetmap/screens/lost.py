"""What's been lost: closures with their dates, and what happened instead of closing."""

from __future__ import annotations

from assetmap.maps import View
from assetmap.screens import parts
from assetmap.screens.desk import desk


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    answer = desk().lost(place_id)
    asked = parts.chosen_layers(answer.switches)
    with parts.stage():
        parts.sentence(answer, asked.notices)
        with parts.controls():
            layers = parts.layer_switches(answer.switches, asked.chosen, place_id)
            style = parts.shade_choice(answer.shades)
        parts.drawing(answer, View(layers=layers, style=style), key="lost")
    parts.table(answer.table, title="Each one, with its date and evidence", file_name=f"{place_id}-lost.csv")
    parts.caveats(answer.caveats)
