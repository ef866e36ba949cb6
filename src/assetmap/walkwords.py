"""How walks were measured, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import pandas as pd

from assetmap import measures
from assetmap.provenance import Provenance
from assetmap.wording import and_words, day_words

WITHOUT_STEPS: Final = ", without steps or ways that no wheelchair can use, where the map says so,"

_BY_HOMES: Final = {
    "uprn": "among its homes, as many as stand at each point",
    "building": "among its buildings, by the homes that each holds as it says or by its size",
}
"""How people are shared among each sort of point that tells of homes, those that tell it best first."""


def hills_words(heights: Iterable[Provenance]) -> str:
    """Where the heights are from that minutes allow for, and how they do."""
    named = and_words([f"{each.title} of {day_words(each.source_date)}" for each in heights])
    return (
        f"Minutes allow for hills, from {named}, by Tobler's hiking function (1993) as the mean of there and back, and "
        "a metre of a walk is one of level ground that takes as long."
    )


def shared_words(origins: pd.DataFrame, schemes: Collection[str]) -> str:
    """Among which points a neighbourhood's people are shared.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them.
    schemes
        Those of the locators that are loaded.
    """
    ways = [words for scheme, words in _BY_HOMES.items() if scheme in schemes]
    if not ways:
        return "equally among those points"
    of_area = origins.groupby("area_code")["origin_kind"].first()
    without = int((~of_area.isin([measures.HOME, measures.BUILDING])).sum())
    few = f"; in {without:,} of {len(of_area):,} neighbourhoods, with fewer than one home loaded for "
    else_equally = f"{few}{measures.PEOPLE_A_HOME:g} people, equally among the other points" if without else ""
    return f"{' or '.join(ways)}{else_equally}"
