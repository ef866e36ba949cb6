"""Deprivation beside other places: every neighbourhood, part of town or authority of England in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.screens import address, choices, desk, parts
from assetmap.screens.grid import grid

PLACE, LOCALITY, AUTHORITY = "place", "locality", "authority"
_TOLD_BY: Final = {PLACE: "Its neighbourhoods", LOCALITY: "Its parts of town", AUTHORITY: "England’s authorities"}
"""What :func:`assetmap.questions.deprivation` tells by, as people name it."""

_HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    PLACE: {
        "neighbourhood_name": "Neighbourhood",
        "locality": "Part of town",
        "people": "People",
        "rank": "Rank in England (1 = most deprived)",
        "decile": "Tenth (1 = most deprived)",
        "score": "Score",
        "moved": "Moved since the edition before, % of England’s order",
        "how": "How it is known",
    },
    LOCALITY: {
        "name": "Part of town",
        "people": "People",
        "people_in_deciles_1_2": "People in the most deprived fifth",
        "share_in_deciles_1_2": "In the most deprived fifth, %",
        "share_in_decile_1": "In the most deprived tenth, %",
        "average_score": "Average score",
        "average_rank": "Official average rank (higher = more deprived)",
        "areas": "Neighbourhoods",
    },
    AUTHORITY: {
        "name": "Authority",
        "areas": "Neighbourhoods",
        "people": "People",
        "rank_of_average_rank": "By average rank (1 = most deprived)",
        "average_rank": "Official average rank (higher = more deprived)",
        "rank_of_average_score": "By average score",
        "average_score": "Average score",
        "rank_of_share_of_areas_in_decile_1": "By share in the most deprived tenth",
        "share_of_areas_in_decile_1": "Neighbourhoods in the most deprived tenth, %",
        "rank_of_extent": "By extent",
        "extent": "Extent, %",
        "rank_of_local_concentration": "By local concentration",
        "local_concentration": "Local concentration (higher = more deprived)",
    },
}
_DECIMALS: Final = {"score": 3, "average_score": 3, "moved": 1}


@st.cache_resource(max_entries=64, show_spinner=False)
def _answer(place_id: str, fingerprint: str, england: str, edition: int, domain: str, by: str) -> Answer:
    beside = desk.place_view(england) if england else None
    return questions.deprivation(desk.place_view(place_id), edition, domain, by, england=beside)


def asked(view: PlaceView, england: PlaceView | None, editions: Sequence[int]) -> tuple[str, int]:
    """What the address asks to stand in the table, and of which edition; the newest comes first."""
    years = [str(year) for year in editions]
    by = address.one_of(st.query_params, "by", _ways(view, england), PLACE).chosen[0]
    return by, int(address.one_of(st.query_params, "edition", years, years[0]).chosen[0])


def _ways(view: PlaceView, england: PlaceView | None) -> dict[str, str]:
    return {by: title for by, title in _TOLD_BY.items() if _can_tell(view, england, by)}


def fold(view: PlaceView, england: PlaceView | None, editions: Sequence[int], domain: str) -> None:
    """The table, for those who open it; of the newest edition unless another is chosen."""
    ways = _ways(view, england)
    years = {str(year): f"Indices of {year}" for year in editions}
    with st.expander("Beside other places"):
        with st.container(key="filters-beside", horizontal=True):
            choices.one_word("What stands in the table", "by", ways, PLACE)
            if len(years) > 1:
                choices.one_word("Edition", "edition", years, next(iter(years)))
        by, year = asked(view, england, editions)
        beside = "" if england is None else england.place_id
        try:
            answer = _answer(view.place_id, desk.fingerprint(view.place_id), beside, year, domain, by)
        except QuestionError as fault:
            st.caption(str(fault))
            return
        rows = table(answer, by)
        grid(rows)
        parts.download(rows, f"{view.place_id}-deprivation-{domain}-{by}-{year}.csv")


def _can_tell(view: PlaceView, england: PlaceView | None, by: str) -> bool:
    if by == AUTHORITY:
        return england is not None
    return by == PLACE or bool(view.areas["locality"].fillna("").str.strip().any())


def table(answer: Answer, by: str) -> pd.DataFrame:
    """One row a neighbourhood, part of town or authority, the most deprived first, under headings in words."""
    rows = answer.table
    told = {
        heading: _in_hundredths(rows[name], heading).pipe(_rounded, name)
        for name, heading in _HEADINGS[by].items()
        if name in rows and rows[name].notna().any()
    }
    return pd.DataFrame(told)


def _in_hundredths(column: pd.Series, heading: str) -> pd.Series:
    return 100 * column.astype("float64") if "%" in heading else column


def _rounded(column: pd.Series, name: str) -> pd.Series:
    return column.round(_DECIMALS.get(name, 1)) if pd.api.types.is_float_dtype(column) else column
