"""Sources: where each figure comes from, how old it is, and what was put right or left out."""

from __future__ import annotations

from assetmap.questions import count_words
from assetmap.screens import desk, parts, tables


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    rows = tables.sources_table(view)
    stored, dropped = int(rows["On the map"].sum()), int(rows["Left out"].sum())
    parts.sentence(
        f"What is shown of {view.name} comes from {count_words(len(rows), 'register', 'registers')}",
        f"{stored:,} rows are on the map or behind it. {dropped:,} could not be placed or read; each is listed below, "
        "with what to do and who can mend it.",
    )
    parts.table(rows, title="Each register, with its date and licence", file_name=f"{place_id}-sources.csv")
    issues = desk.store().issues(place_id).drop(columns="place_id")
    issues.columns = [name.replace("_", " ").capitalize() for name in issues.columns]
    parts.table(issues, title="What was put right, noted or left out", file_name=f"{place_id}-issues.csv")
