"""What's been lost: closures with their dates, and what happened instead of closing."""

from __future__ import annotations

from assetmap import questions
from assetmap.maps import View
from assetmap.screens import desk, drawings, parts, tables
from assetmap.screens.here import whole_place


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    answer = questions.lost(view)
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    switches = parts.showing_only(drawn.switches, {drawings.LOST_ID})
    asked = parts.chosen_layers(switches)
    with parts.stage():
        parts.sentence(answer.title, answer.sentence, asked.notices)
        with parts.controls():
            shown = parts.layer_switches(switches, asked.chosen, f"{place_id}-lost")
            style = parts.shade_choice(drawn.shades)
            parts.save_and_share(view, "lost", parts.standing(view, shown))
        parts.drawing(drawn.data, View(layers=shown, style=style), key="map-lost")
    rows = tables.lost_table(answer, view.layers)
    parts.table(rows, title="Each one, with its date", file_name=f"{place_id}-lost.csv")
    parts.small_print(answer)
