"""Sources: where each figure comes from, how old it is, and what was put right or left out."""

from __future__ import annotations

from assetmap.screens import parts
from assetmap.screens.desk import desk


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    answer = desk().sources(place_id)
    parts.sentence(answer)
    parts.table(answer.table, title="Each register, with its date and licence", file_name=f"{place_id}-sources.csv")
    parts.caveats(answer.caveats)
