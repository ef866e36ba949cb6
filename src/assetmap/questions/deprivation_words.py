"""The words of the question of deprivation: its finding, its method and what to know before relying on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import pandas as pd

from assetmap.measures.deprivation import Summary
from assetmap.placeview import PlaceView
from assetmap.questions.answer import count_words, share_words
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.indices import OF_WHOM, REBUILT_WITHIN, Beside, Indices
from assetmap.wording import opening, people_words

WHOM: Final = {
    "population": "people",
    "working_age": "people of working age",
    "children": "children aged 0 to 15",
    "older_people": "people aged 60 and over",
}
"""Whom averages are over, by the field that counts them."""

WITHOUT_ENGLAND: Final = (
    "Its rank among authorities, England's own figures, extent and local concentration are left out: they take every "
    "neighbourhood of England."
)
"""Which measures are not told where the place stands by itself."""

OTHER_ESTIMATES: Final = (
    "The official summaries are weighted by that column as File 7 has it; with it, those that were checked come out to "
    "every decimal (average scores to within 0.001, as scores are published to three decimals). Where it was filled "
    "from other estimates of the Office for National Statistics for mid-2022, the averages of the overall index "
    "differ: in the 296 authorities the average score by up to 0.053 (half of them by less than 0.0022) and the "
    "average rank by up to 57 (half by less than 1.7), which moves no authority by more than one place among them."
)
"""How far the averages of 2025 are from the published ones when they are weighed by other people, as measured."""


def title(view: PlaceView, found: Indices, told: Summary) -> str:
    """The finding in a sentence."""
    by = "" if found.domain == "imd" else f" by {NEEDS[found.domain].lower()}"
    share = opening(share_words(told.share_in_deciles_1_2))
    who = f"{share} of {view.name}'s people live" if told.people_in_deciles_1_2 else f"Nobody in {view.name} lives"
    return f"{who} in the most deprived fifth of England's neighbourhoods{by} (Indices of {found.edition.year})"


def sentence(
    view: PlaceView, found: Indices, told: Summary, beside: Beside | None, parts: gpd.GeoDataFrame | None
) -> str:
    """How many people that is, where the place stands in England, and in which parts they live."""
    there, all_here = told.people_in_deciles_1_2, people_words(told.people)
    said = [f"That is {there:,.0f} of {all_here}." if there else f"It has {all_here}."]
    authority = beside.authority(found.rows.index) if beside else None
    if beside and authority:
        rank = int(beside.authorities["rank_of_average_rank"][authority])
        many = len(beside.authorities)
        said.append(
            f"By average rank {view.name} is number {rank} of England's {many} authorities, 1 the most deprived "
            f"and {many} the least."
        )
    if parts is not None:
        deprived = parts[parts["people_in_deciles_1_2"] >= 0.5].sort_values("people_in_deciles_1_2", ascending=False)
        if len(deprived):
            most = deprived.iloc[0]
            said.append(
                f"Those in the most deprived fifth live in {len(deprived)} of the {len(parts)} areas below, most of "
                f"them in {most['name']} ({most['people_in_deciles_1_2']:,.0f})."
            )
    return " ".join(said)


def area_title(found: Indices, row: pd.Series) -> str:
    """The finding of one part of a place: a row of the answer by area."""
    by = "" if found.domain == "imd" else f" by {NEEDS[found.domain].lower()}"
    share = share_words(row["share_in_deciles_1_2"]) if row["people_in_deciles_1_2"] != 0 else "none"
    return (
        f"{opening(share)} of the people of {row['name']} live in the most deprived fifth of England's "
        f"neighbourhoods{by} (Indices of {found.edition.year})"
    )


def area_sentence(view: PlaceView, found: Indices, told: Summary, row: pd.Series) -> str:
    """How many people that is, how they stand on average, and the same of the whole place."""
    # a reader knows 1 as the most deprived; the official summaries count the other way round
    here, there = (found.edition.areas + 1 - rank for rank in (row["average_rank"], told.average_rank_inverted))
    some, all_there = row["people_in_deciles_1_2"], people_words(row["people"])
    counted = f"That is {some:,.0f} of {all_there}" if some else f"It has {all_there}"
    of_all = f"it is {share_words(told.share_in_deciles_1_2)}" if told.people_in_deciles_1_2 else "it is nobody"
    return (
        f"{counted}; of all in {view.name} {of_all}. On average people there live in a neighbourhood ranked "
        f"{here:,.0f} of {found.edition.areas:,}, 1 being the most deprived; in {view.name}, {there:,.0f}."
    )


def method(found: Indices) -> str:
    """How the measures are defined, in plain words."""
    return (
        "The measures are those of the official summaries of authorities: averages over people of score and rank, in "
        f"which the most deprived of England's {found.edition.areas:,} neighbourhoods counts {found.edition.areas:,} "
        "and the least 1; deciles are never averaged. Two editions are compared by rank alone, as a place in England's "
        "order: above 0, 'moved' says that a neighbourhood stands less deprived among others than before, not that "
        "anything there became better."
    )


def caveats(
    view: PlaceView, found: Indices, led: pd.DataFrame | None, alone: str, shapes: gpd.GeoDataFrame
) -> Iterator[str]:
    """What a reader should know: whose people are counted, what is put together, led across or cut.

    Parameters
    ----------
    led
        The figures led across from an older drawing of neighbourhoods; ``None`` where none had to be.
    alone
        Why the place is not told beside England, or nothing.
    """
    year = found.edition.year
    if found.edition.people_header.endswith("(excluding prisoners)"):
        yield f"Totals are weighted by the people of the Indices of {year}, prisoners left out, as the official ones."
    else:
        yield f"Totals are weighted by '{found.edition.people_header}' as it was loaded. {OTHER_ESTIMATES}"
    if found.rebuilt:
        yield f"No scores of {year} are loaded: {_rebuilt_words(found)}"
    elif found.rows["score"].isna().all():
        yield f"No scores of {year} are loaded for this domain, so there is no average score: ranks are told."
    if led is not None:
        yield _led_words(found, led)
    if "areas_cut" in shapes:
        yield from _drawn_words(view, shapes)
    if found.domain in OF_WHOM:
        yield _whom_words(found, "areas_left_out" in shapes)
    if alone:
        yield f"{WITHOUT_ENGLAND} {alone}"


def _rebuilt_words(found: Indices) -> str:
    made = "they are put together from the ranks of the seven domains, by the published weights and transform. "
    if found.ties_told:
        return made + (
            "Done so among all of England with the Indices of 2025, where scores are published, every one of the "
            "33,755 comes out as published, to its third decimal."
        )
    return made + (
        "Done with the Indices of 2025, where scores are published, that comes within "
        f"{REBUILT_WITHIN:g} of every one; with the place 'england' loaded, ties are told and it comes out exactly."
    )


def _whom_words(found: Indices, of_parts: bool) -> str:
    whom = WHOM[OF_WHOM[found.domain]]
    if found.of_whom == "population":
        return (
            f"The official averages of this domain are over {whom}. How many they are is not loaded: all people count."
        )
    parts = " Those of the areas below are over all people, because where in it they live is not known by age."
    return (
        f"Averages of score and rank are over {whom}, as the official ones of this domain.{parts if of_parts else ''}"
    )


def _led_words(found: Indices, led: pd.DataFrame) -> str:
    how = led["how"].str.partition(":")[0].value_counts()
    words = {
        "copied": "unchanged and copied",
        "copied to each part": "split, each part with the rank of the whole",
        "averaged by people": "merged, with the average of the parts",
        "refused": "without a figure because none fits",
        "refused, no figure of 2011 fits": "redrawn, and left without a figure",
        "not known": "not known",
    }
    counts = [f"{how[key]:,} {words[key]}" for key in words if key in how]
    return (
        f"The Indices of {found.edition.year} describe {found.edition.geography}: totals are of those, and "
        f"neighbourhoods as drawn since are {'; '.join(counts)}. People of parts are today's."
    )


def _drawn_words(view: PlaceView, shapes: gpd.GeoDataFrame) -> Iterator[str]:
    froms = " and ".join(f"{kind}s" for kind in view.origins["origin_kind"].value_counts().index)
    cut = int(shapes["areas_cut"].sum())
    yield (
        f"People are counted in an area where they live as nearly as is known ({froms}), those of a neighbourhood "
        f"shared equally among these; {count_words(cut, 'neighbourhood is', 'neighbourhoods are')} cut by an edge. "
        "Everybody counts with the rank of the whole neighbourhood, and people beyond the border are not loaded."
    )
    empty = shapes.loc[shapes["people"] == 0, "name"]
    if len(empty):
        yield f"In {count_words(len(empty), 'area', 'areas')} nobody of {view.name} is known to live: {empty.iloc[0]}."
