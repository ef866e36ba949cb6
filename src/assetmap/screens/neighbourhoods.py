"""What a press on a neighbourhood tells: its strengths first, then its people, then how deprived it is, in words."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from assetmap.placeview import Choice, PlaceView
from assetmap.questions import Strength, and_words
from assetmap.tables import OPEN
from assetmap.wording import called, count_words, opening, share_words

FIFTHS: Final = (
    "among the least deprived fifth of England",
    "in the second least deprived fifth of England",
    "in the middle fifth of England",
    "in the second most deprived fifth of England",
    "among the most deprived fifth of England",
)
"""The fifths of England's neighbourhoods, least deprived first."""

NOTHING_YET: Final = "nothing is mapped {} yet. What do you know of?"


def names(view: PlaceView) -> list[str]:
    """What each neighbourhood is called: by residents where a source says, with the name that registers use."""
    told = zip(view.areas["locality"], view.areas["name"], strict=True)
    return [called(str(name), locality) for locality, name in told]


def lines(view: PlaceView) -> pd.Series[Any]:
    """For each neighbourhood of ``view.areas``: what stands in it, its people, how deprived it is; lists of lines."""
    areas = view.areas
    standing = view.assets[view.assets["status"].isin(OPEN)]
    counts = pd.crosstab(standing["area_code"], standing["layer"]).reindex(areas["area_code"], fill_value=0)
    chosen = {layer.id: Choice(layer, tuple(layer.kinds)) for layer in view.layers_here if layer.id in counts}
    told = [
        [_strengths([choice.counted(row[layer]) for layer, choice in chosen.items() if row[layer]])]
        for row in counts.to_dict("records")
    ]
    people = map(_people, areas["population"], areas["imd_decile"])
    return pd.Series([[*first, *rest] for first, rest in zip(told, people, strict=True)], index=areas.index)


def gap_lines(rows: pd.DataFrame, one: str, walk: str) -> pd.Series[Any]:
    """For each row: what is near that could fill a gap, how many have the walk already, then as above.

    Parameters
    ----------
    rows
        The columns of :func:`assetmap.questions.gaps`, one row a neighbourhood.
    one
        What one of the places asked about is called, with its article.
    walk
        How far counts as near, as :meth:`assetmap.placeview.PlaceView.walk` says it.
    """
    walks = [_walk(share, one, walk) for share in rows["share_within"]]
    people = map(_people, rows["people"], rows["deprivation_decile"])
    told = [[_near(near), walk, *rest] for near, walk, rest in zip(rows["nearby"], walks, people, strict=True)]
    return pd.Series(told, index=rows.index)


def _strengths(counted: list[str]) -> str:
    return f"In it: {and_words(counted) or NOTHING_YET.format('here')}"


def _near(strengths: list[Strength]) -> str:
    return f"Near it already: {'; '.join(map(str, strengths)) or NOTHING_YET.format('within a mile')}"


def _walk(share: float, one: str, walk: str) -> str:
    if pd.isna(share):
        return f"How many can walk to {one} is not measured here"
    return f"{opening(share_words(share))} of its people live within {walk} of {one}"


def _people(people: float | None, decile: float | None) -> list[str]:
    living = [] if people is None or pd.isna(people) else [f"{count_words(people, 'person lives', 'people live')} here"]
    if decile is None or pd.isna(decile):
        return living
    return [*living, f"It is {FIFTHS[4 - (int(decile) - 1) // 2]}, by deprivation"]
