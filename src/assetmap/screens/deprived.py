"""Deprivation by the official measures, edition beside edition: of a place, or of a part of it that is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.measures import EDITIONS
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.indices import domains_of, editions_of
from assetmap.questions.outlines import read_corners
from assetmap.screens import address, choices, deprived_beside, desk, fold, parts
from assetmap.screens.ledger import ledger
from assetmap.wording import share_words

_OF_A_PART: Final = ("people", "people_in_deciles_1_2", "share_in_deciles_1_2", "share_in_decile_1", "average_score",
                     "average_rank")  # fmt: skip
_SCORES: Final = ("average_score",)
_RANKS: Final = {
    "average_rank": "Average rank, 1 the most deprived",
    "local_concentration": "Local concentration: average rank where the most deprived tenth live, 1 the most deprived",
}
"""Averages of ranks, shown on the scale of every other rank; the official ones count the other way round."""


_OTHER_WAY: Final = (
    "Averages of ranks stand in the table with 1 as the most deprived, as every rank here does: the official average "
    "is the number of England’s neighbourhoods and one more, less the one shown."
)


@st.cache_resource(max_entries=256, show_spinner=False)
def _answers(
    place_id: str, fingerprint: str, england: str, domain: str, words: Sequence[str], corners: str
) -> tuple[dict[int, Answer], dict[int, Answer]]:
    """Edition, the newest first, to the answer of the whole place, and to that of the part asked about, if one is."""
    view = desk.place_view(place_id)
    beside = desk.place_view(england) if england else None
    outline = read_corners(corners) if corners else None
    editions = [year for year in editions_of(view)[::-1] if domain in domains_of(view, year)]
    whole = {year: questions.deprivation(view, year, domain, england=beside) for year in editions}
    if not words and outline is None:
        return whole, {}
    part = {
        year: questions.deprivation(view, year, domain, by="area", areas=words, outline=outline) for year in editions
    }
    return whole, part


def asked(view: PlaceView) -> address.Words:
    """The measure that the address asks for: the whole index, or a domain of it that is loaded."""
    known = _known(view)
    return address.one_of(st.query_params, "measure", known, next(iter(known)))


@dataclass(frozen=True)
class Chosen:
    """Which measure the address asks for, and what is to stand beside it, of which edition; nothing where as usual."""

    domain: str
    by: str
    edition: int | None


def chosen(view: PlaceView, england: PlaceView | None) -> Chosen | None:
    """What the section shows; ``None`` where the Indices are not loaded."""
    try:
        domain = asked(view).chosen[0]
        years = [year for year in editions_of(view)[::-1] if domain in domains_of(view, year)]
    except QuestionError:
        return None
    if not years:
        return None
    by, edition = deprived_beside.asked(view, england, years)
    usual = by == deprived_beside.PLACE and edition == years[0]
    return Chosen(domain, "" if usual else by, None if edition == years[0] else edition)


def notices(view: PlaceView) -> tuple[str, ...]:
    """Plain notices about a measure that the address asks for and nobody has loaded."""
    try:
        return asked(view).notices
    except QuestionError:
        return ()


def _known(view: PlaceView) -> dict[str, str]:
    held = [domain for year in editions_of(view) for domain in domains_of(view, year)]
    return {domain: title for domain, title in NEEDS.items() if domain == "imd" or domain in held}


def section(view: PlaceView, words: Sequence[str], corners: str, england: PlaceView | None) -> None:
    """The measures as a table, where the Indices are loaded; the part's beside the whole place's."""
    beside, domain = "" if england is None else england.place_id, asked(view).chosen[0]
    try:
        whole, part = _answers(view.place_id, desk.fingerprint(view.place_id), beside, domain, tuple(words), corners)
    except QuestionError as fault:
        st.caption(f"Deprivation by the official measures is not told here. {fault}")
        return
    if not whole:
        return
    newest = next(iter((part or whole).values()))
    with parts.section("How deprived it is, by the official measures"):
        known = _known(view)
        if len(known) > 1:
            with st.container(key="filters"):
                choices.one_word("Which measure", "measure", known, next(iter(known)))
        st.html(f"<p>{escape(newest.title)}. {escape(newest.sentence)}</p>")
        rows = part_table(view, whole, part) if part else place_table(whole)
        ledger(rows, "Measures of deprivation, edition beside edition")
        parts.download(rows, f"{view.place_id}-deprivation.csv")
        _details(whole, part)
        deprived_beside.fold(view, england, list(whole), domain)


def place_table(whole: dict[int, Answer]) -> pd.DataFrame:
    """A row a measure of a whole place; of every edition its figure, England's and its rank among authorities."""
    first = next(iter(whole.values())).totals
    told = {"Of its people": list(map(_says, first["measure"], first["says"]))}
    for year, answer in whole.items():
        rows = answer.totals.set_index("measure").reindex(first["measure"])
        told[f"{year}"] = [_figure(measure, value, year) for measure, value in rows["here"].items()]
        if "england" in rows and rows["england"].notna().any():
            told[f"England {year}"] = [_figure(measure, value, year) for measure, value in rows["england"].items()]
        if "rank" in rows and rows["rank"].notna().any():
            of = int(rows["authorities"].max())
            told[f"Rank of {of} in {year}, 1 the most deprived"] = ["" if pd.isna(r) else str(r) for r in rows["rank"]]
    table = pd.DataFrame(told)
    return table[(table.drop(columns="Of its people") != "").any(axis=1)].reset_index(drop=True)


def part_table(view: PlaceView, whole: dict[int, Answer], part: dict[int, Answer]) -> pd.DataFrame:
    """A row a measure of a part of a place; of every edition its figure and the whole place's."""
    says = next(iter(whole.values())).totals.set_index("measure")["says"]
    told = {"Of its people": [_says(measure, says[measure]) for measure in _OF_A_PART]}
    for year, answer in part.items():
        everywhere = whole[year].totals.set_index("measure")["here"]
        told[f"Here, {year}"] = [_figure(measure, answer.table[measure].iloc[0], year) for measure in _OF_A_PART]
        told[f"{view.name}, {year}"] = [_figure(measure, everywhere[measure], year) for measure in _OF_A_PART]
    return pd.DataFrame(told)


def _says(measure: str, says: str) -> str:
    """What a measure is, as the answer says it, without the number of ranks, which differs between editions."""
    if measure in _RANKS:
        return _RANKS[measure]
    return f"{says[0].upper()}{says[1:]}"


def _figure(measure: Any, value: float, edition: int) -> str:
    if pd.isna(value):
        return ""
    if measure in _RANKS:
        return f"{EDITIONS[edition].areas + 1 - value:,.0f}"
    if str(measure).startswith("share") or measure == "extent":
        return share_words(float(value))
    if measure in _SCORES:
        return f"{value:,.1f}" if value >= 1 else f"{value:.3f}"  # of a domain that is a rate
    return f"{value:,.0f}"


def _details(whole: dict[int, Answer], part: dict[int, Answer]) -> None:
    """How it was worked out, edition by edition."""
    newest = next(iter(part.values())) if part else next(iter(whole.values()))
    caveats = dict.fromkeys([_OTHER_WAY, *(line for answer in (part or whole).values() for line in answer.caveats)])
    lines = "".join(f"<li>{escape(line)}</li>" for line in caveats)
    body = f"<p>{escape(newest.method)}</p><ul>{lines}</ul>{fold.formulas_and_sources(newest)}"
    fold.fold("How these measures are worked out", body)
