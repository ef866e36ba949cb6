"""Which of what stands near to name in a sentence, so that what is said is true of each that is named."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from assetmap.wording import and_words, people_words, short_name

NAMED_AT_MOST: Final = 2
MOST: Final = 0.5
"""More than this share of some people are most of them."""


def could_open_in(replacements: pd.DataFrame, losing: float) -> str:
    """The likeliest two buildings near those who lose, each with who owns it and how many of them can walk there.

    Those in use by others are named only where there are no others, and are said to be that.

    Parameters
    ----------
    replacements
        What :func:`assetmap.questions.fillers.could_replace` gives.
    losing
        How many people lose.
    """
    placed = replacements["people_within_walk"].notna()
    buildings = replacements[(replacements["room"] != "none") & placed]
    if not len(buildings):
        return " No building that is mapped near them is known to have room for it."
    free = buildings[buildings["room"] != "in_use"]
    first = free if len(free) else buildings
    most = first[first["people_within_walk"] > MOST * losing]
    told = (most if len(most) else first).head(NAMED_AT_MOST)
    where = f"ithin the walk of {'most' if len(most) else 'some'} of them"
    named = and_words([_told(row) for row in told.to_dict("records")])
    return f" W{where}: {named}." if len(free) else f" In use by others, but w{where}: {named}."


def _told(row: dict[Any, Any]) -> str:
    """``Sale West Community Centre (for the community; Trafford Council; 11,262 people)``."""
    why = str(row["why"])
    owner = f"; {row['owner']}" if isinstance(row["owner"], str) and row["owner"] else ""
    people = people_words(row["people_within_walk"])
    return f"{short_name(str(row['name']))} ({why[:1].lower()}{why[1:]}{owner}; {people})"
