"""What stands near people who lose something: whose it is, and what of it the public owns."""

from __future__ import annotations

from typing import Final

import pandas as pd

from assetmap.placeview import PlaceView
from assetmap.questions import and_words, count_words
from assetmap.screens.overlays import PUBLIC
from assetmap.wording import short_name

OWNED_AT_MOST: Final = 3
"""How many of what the public owns are named in the sentence; the table names all."""


def owned_by_the_public(view: PlaceView, replacements: pd.DataFrame) -> str:
    """What of it is public land or a public building: what a council could decide about itself."""
    theme = replacements["layer"].map({layer.id: layer.theme for layer in view.layers.values()})
    names = list(dict.fromkeys(short_name(str(name)) for name in replacements.loc[theme == PUBLIC, "name"]))
    if not names:
        return "No public land or building is mapped within the walk of those who lose. What do you know of?"
    more = len(names) - OWNED_AT_MOST
    first = [*names[:OWNED_AT_MOST], *([f"{more} more"] if more > 0 else [])]
    return f"{count_words(len(names), 'of these is', 'of these are')} public land or buildings: {and_words(first)}."


def rounded(view: PlaceView, replacements: pd.DataFrame) -> str:
    """Why the people near some of it are not counted; empty where all are."""
    rough = replacements[replacements["people_within_walk"].isna()]
    layers = [view.layers[str(layer)] for layer in dict.fromkeys(rough["layer"])]
    if not layers:
        return ""
    many = and_words([layer.many for layer in layers])
    metres = max(layer.blur_m or 0.0 for layer in layers)
    return (
        f"Not counted: {many} are shown to the nearest {metres:,.0f} metres only, because an address may be somebody's "
        "home. They are about there, nobody can tell whose walk they are within, and where they meet may be elsewhere."
    )


def replacements_table(view: PlaceView, replacements: pd.DataFrame, people: str) -> pd.DataFrame:
    """One row a thing that stands near those who lose, the likeliest to have room first; ``people`` heads how many."""
    names = view.areas.set_index("area_code")["locality"].fillna(view.areas.set_index("area_code")["name"])
    kinds = [
        view.layers[str(layer)].kind_title(str(kind))
        for layer, kind in zip(replacements["layer"], replacements["kind"], strict=True)
    ]
    told = pd.DataFrame(
        {
            "Name": replacements["name"],
            "What it is": kinds,
            "Why here": replacements["why"],
            "Owner": replacements["owner"],
            "Run by": replacements["run_by"],
            "Where": replacements["area_code"].map(names).fillna(""),
            people: [
                f"{count:,.0f}" if count == count else "not counted" for count in replacements["people_within_walk"]
            ],
        }
    )
    silent = [column for column in ("Owner", "Run by") if told[column].isna().all()]
    return told.drop(columns=silent).fillna("not said")
