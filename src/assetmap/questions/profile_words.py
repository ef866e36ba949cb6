"""What is said of what a neighbourhood is made of: in a title, what it has more of; in a sentence, all that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import and_words, count_words
from assetmap.questions.ingredients import INGREDIENTS, Ingredient
from assetmap.questions.makeup import Makeup, makeup_of
from assetmap.questions.patch import Patch
from assetmap.wording import opening, share_words

NEAREST: Final = 3
_STANDS_OUT: Final = 0.05
"""So much larger a share of people than in the whole place is worth a headline."""
_MORE_EACH: Final = 1.25
"""So many times as much for every 1,000 people is worth one too, from two places on."""
_NEARLY_ALL: Final = 0.9

NAMES: Final = {each.key: each for each in INGREDIENTS}
"""Every ingredient by its key, which the rows of an answer hold."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a profile is drawn up from: the patch, its like, and how long a walk counts as near."""

    view: PlaceView
    patch: Patch
    like: pd.DataFrame
    minutes: float


@dataclass(frozen=True)
class Headline:
    """A title, and the keys of the ingredients of which it tells how many people have one near."""

    title: str
    near: tuple[str, ...] = ()


def headline(asked: Asked, rows: pd.DataFrame) -> Headline:
    """What the area asked about has more of than the whole place; else what most of its people can walk to."""
    told = rows[rows["key"].isin(_told_of(asked.view)) & (rows["share_within"] >= 0.005)]
    if told.empty:
        return Headline(f"What {asked.patch.name} has is not on the map yet")
    return _stands_out(asked, told) or _in_reach(asked, told)


def _told_of(view: PlaceView) -> list[str]:
    """The ingredients a title may be about: where they are is known, and rows need not say that they are of it."""
    return [
        each.key
        for each in INGREDIENTS
        if each.says is None and not each.lost and not all(layer.blur_m for layer in each.layers(view))
    ]


def _stands_out(asked: Asked, told: pd.DataFrame) -> Headline | None:
    """What more people have near than in the whole place, or what there is more of for each; else nothing."""
    view, name = asked.view, asked.patch.name
    more = told["share_within"] - told["whole_share_within"]
    if more.max() >= _STANDS_OUT:
        best = told.iloc[int(more.argmax())]
        return Headline(
            f"In {name}, {share_words(best['share_within'])} of people live within {asked.view.walk(asked.minutes)} of "
            f"{NAMES[best['key']].one}, against {share_words(best['whole_share_within'])} in all of {view.name}",
            (str(best["key"]),),
        )
    times = (told["per_1000"] / told["whole_per_1000"]).where(told["count"] > 1, 0.0)
    if times.max() >= _MORE_EACH:
        best = told.iloc[int(times.argmax())]
        return Headline(
            f"{opening(name)} has {best['per_1000']:.1f} {NAMES[best['key']].many} for every 1,000 "
            f"people, against {best['whole_per_1000']:.1f} in all of {view.name}"
        )
    return None


def _in_reach(asked: Asked, told: pd.DataFrame) -> Headline:
    """What most people can walk to, and what fewest can."""
    ordered = told.sort_values("share_within", ascending=False, kind="stable")
    near, least = ordered[ordered["share_within"] >= 0.5], ordered.iloc[-1]
    if near.empty:
        near = ordered.head(1)
    share = float(near["share_within"].iloc[-1])
    who = "everybody lives" if share == 1 else "nearly everybody lives" if share >= _NEARLY_ALL else "most people live"
    who = who if share >= 0.5 else f"{share_words(share)} of people live"
    keys = list(near["key"].head(NEAREST))
    ones, rest = and_words([NAMES[key].one for key in keys]), ""
    if least["key"] not in keys:
        keys.append(least["key"])
        rest = f"; {share_words(least['share_within'])} live that near {NAMES[least['key']].one}"
    return Headline(f"In {asked.patch.name} {who} within {asked.view.walk(asked.minutes)} of {ones}{rest}", tuple(keys))


def makeup_near(view: PlaceView, ingredient: Ingredient, rows: pd.DataFrame) -> Makeup | None:
    """The kind that most of some rows of an ingredient are (see :mod:`assetmap.questions.makeup`)."""
    choices = [Choice(layer, tuple(layer.kinds)) for layer in ingredient.layers(view)]
    makeup = makeup_of(view, choices, rows)
    return None if makeup is None else replace(makeup, many=ingredient.many)


def without_words(shares: Sequence[tuple[Makeup, Ingredient, float]]) -> str:
    """`` Without places of worship, 97% live that near a place to meet.``, of what a title tells; empty for none."""
    told = [
        f"{makeup.without}, {share_words(share)} live that near {ingredient.one}"
        for makeup, ingredient, share in shares
    ]
    return f" {opening('; '.join(told))}." if told else ""


def _counted(asked: Asked, key: str, count: float) -> str:
    """``155 places to meet (118 of them places of worship)``."""
    assets, mine, _ = NAMES[key].rows(asked.view)
    makeup = makeup_near(asked.view, NAMES[key], pd.DataFrame(assets)[asked.patch.stands[mine]])
    return NAMES[key].counted(count) + (f" ({makeup.of_them})" if makeup else "")


def sentence(asked: Asked, rows: pd.DataFrame, similar: pd.DataFrame, without: str) -> str:
    """Who lives there, what is mapped inside, what has closed, and which neighbourhoods are most like it.

    Parameters
    ----------
    similar
        These neighbourhoods, with their names.
    without
        What :func:`without_words` gives.
    """
    people = float(asked.patch.people.sum(min_count=1))
    if np.isnan(people):
        who = "How many people live there is not known."
    else:
        who = f"{count_words(people, 'person lives', 'people live')} there."
    has = [
        _counted(asked, row["key"], row["count"])
        for _, row in rows[rows["count"] > 0].iterrows()
        if NAMES[row["key"]].says is None and not NAMES[row["key"]].lost
    ]
    gone = sum(int(count) for count in rows.loc[rows["key"] == "lost", "count"].fillna(0))
    mapped = f" Mapped inside: {and_words(has)}." if has else " Nothing is mapped inside it yet."
    closed = f" {count_words(gone, 'place is', 'places are')} known to have closed." if gone else ""
    names = [str(row["locality"] or row["neighbourhood_name"]) for _, row in similar.head(NEAREST).iterrows()]
    alike = f" Most like it in who lives there: {and_words(list(dict.fromkeys(names)))}." if names else ""
    # what qualifies the title comes before a page folds the rest away
    return who + without + mapped + closed + alike
