"""What a scenario does, below its map: in all, to whom, near them, and neighbourhood by neighbourhood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd
import streamlit as st

from assetmap.placeview import PlaceView
from assetmap.printing.shades import SOMEBODY
from assetmap.questions import Answer, and_words
from assetmap.questions.effect import figure_words
from assetmap.scenario_names import NAMED_AT_MOST
from assetmap.scenarios import Scenario
from assetmap.screens import parts, siting
from assetmap.screens.fold import bars, how_worked_out
from assetmap.screens.grid import grid
from assetmap.screens.ledger import ledger
from assetmap.screens.near import owned_by_the_public, replacements_table, rounded
from assetmap.screens.tables import TENTH, with_method
from assetmap.screens.unequal import in_figures, tenths

GAPS: Final = "Gaps"

_HAPPENS: Final[Mapping[str, tuple[str, str]]] = {
    "people_losing": ("losing_per_1000", "lose"),
    "people_gaining": ("gaining_per_1000", "gain"),
}


def told(view: PlaceView, answer: Answer, scenario: Scenario, minutes: int) -> None:
    """Every section of the answer."""
    with parts.section("What changes in all", parts.PAST_MAP):
        ledger(totals_table(answer.totals, scenario), "People, places and hours, before and after")
    _changes(answer)
    _on_whom(answer, view.walk(minutes))
    _replacements(view, answer, scenario, view.walk(minutes))
    with parts.section("Neighbourhood by neighbourhood"):
        kept = {title: table for title, table in TABLES.items() if title != GAPS or "gap_score" in answer.parts}
        shown = {title: table(answer) for title, table in kept.items()}
        for tab, (title, rows) in zip(st.tabs(list(shown)), shown.items(), strict=True):
            with tab:
                st.caption(_SAYS[title])
                grid(rows)
                parts.download(rows, f"{view.place_id}-what-if-{title.lower().replace(' ', '-')}.csv")
    how_worked_out(answer)


def _changes(answer: Answer) -> None:
    """Every change with what is known of the place, where the title and the sentence name none for they are many."""
    rows = answer.part("changes")
    rows = rows[rows["scenario"] == rows["scenario"].iloc[0]]
    if len(rows) <= NAMED_AT_MOST:
        return
    with parts.section("What would change, one by one"):
        told = pd.DataFrame({"Change": rows["change"], "What is known of the place": rows["known"]})
        ledger(told, "Each change, with what is known of the place", under={"Change": "What is known of the place"})


def _on_whom(answer: Answer, walk: str) -> None:
    """By tenth of England's deprivation, by age, and how unequal it is; nothing where nobody loses or gains."""
    happens = [column for column in _HAPPENS if float(answer.table[column].sum()) >= SOMEBODY]
    if not happens:
        return
    with parts.section("On whom it falls"):
        for column in happens:
            per_1000, verb = _HAPPENS[column]
            unequal = answer.part("inequality")
            unequal = unequal[unequal["of"] == column]
            st.write(f"{unequal['finding'].iloc[0]} {_ages(answer.part('by_age'), column, verb)}".strip())
            bars(
                tenths(answer.part("by_tenth"), per_1000),
                f"Of every 100 people, those who {verb} a place within {walk}, by tenth of England’s deprivation",
                ("Neighbourhoods", f"Would {verb} one, of every 100 people"),
            )
            in_figures(unequal, f"How unequal it is who would {verb}, in figures")


def _ages(by_age: pd.DataFrame, column: str, verb: str) -> str:
    """How many of them are young or old, where that is known."""
    known = by_age[by_age[column].notna()]
    counts = [f"about {count:,.0f} are {who}" for count, who in zip(known[column], known["who"], strict=True)]
    return f"Of those who {verb}, {and_words(counts)}." if counts else ""


def _replacements(view: PlaceView, answer: Answer, scenario: Scenario, walk: str) -> None:
    """What stands near those who lose, and the way to where another would do most once the changes are made."""
    rows = replacements_table(view, answer.part("replacements"), f"People who lose within {walk} of it")
    if rows.empty:
        return
    with parts.section("What stands near those who lose"):
        st.write(owned_by_the_public(view, answer.part("replacements")))
        siting.links_after(view, scenario)
        ledger(rows, "What stands near those who lose, with its owner", under={"Name": "What it is"})
        parts.caption(rounded(view, answer.part("replacements")))
        parts.download(rows, f"{view.place_id}-what-stands-near.csv")


def _named(rows: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "Neighbourhood": rows["neighbourhood_name"],
        "Part of town": rows["locality"],
        "People": rows["people"],
        f"Deprivation {TENTH}": rows["deprivation_decile"],
    }


def walks_table(answer: Answer) -> pd.DataFrame:
    """One row a neighbourhood, those where most people lose first."""
    rows = answer.told(answer.table)
    told = pd.DataFrame(
        {
            **_named(rows),
            "People who would lose": rows["people_losing"],
            "People who would gain": rows["people_gaining"],
            "Within the walk now, %": (100 * rows["share_before"]).round(),
            "Within the walk then, %": (100 * rows["share_after"]).round(),
            "Walk now, minutes": rows["walk_minutes_before"].round(1),
            "Walk then, minutes": rows["walk_minutes_after"].round(1),
            "People a minute or more further": rows["people_a_minute_further"],
        }
    )
    return with_method(told, answer)


_OFFERS: Final[Mapping[str, tuple[str, int]]] = {
    "places": ("Places", 3),
    "hours": ("Hours a week", 1),
    "staffed_hours": ("Hours with staff", 1),
}
"""What places offer: the heading, and to how many decimals it is told for every 1,000 people."""


def provision_table(answer: Answer) -> pd.DataFrame:
    """Places and their hours in each neighbourhood for every 1,000 of its people."""
    return _now_and_then(answer, "provision", {f"{name}_per_1000": told for name, told in _OFFERS.items()})


def falls_table(answer: Answer) -> pd.DataFrame:
    """What falls to every 1,000 people when everybody near shares it."""
    falls = {f"{name}_e2sfca": told for name, told in _OFFERS.items()}
    return with_method(_now_and_then(answer, "falls_to_each", falls), answer)


def gaps_table(answer: Answer) -> pd.DataFrame:
    """How wide the gap is, and how many kinds of place people can walk to."""
    told = {"gap_rank": ("Gap rank", 0), "gap_score": ("Gap score", 2), "kinds_within": ("Kinds within the walk", 1)}
    return with_method(_now_and_then(answer, "gap_score", told), answer)


def _now_and_then(answer: Answer, part: str, columns: Mapping[str, tuple[str, int]]) -> pd.DataFrame:
    """Figures of a part before and after: those that are known, each with its heading and its decimals."""
    rows = answer.part(part)
    named = answer.table.set_index("neighbourhood_code", drop=False).reindex(rows["neighbourhood_code"])
    figures = {
        f"{words} {when}": rows[f"{column}_{state}"].round(digits)
        for column, (words, digits) in columns.items()
        for when, state in (("now", "before"), ("then", "after"))
        if f"{column}_{state}" in rows.columns
    }
    return pd.DataFrame({**_named(named.reset_index(drop=True)), **figures})


_SAYS: Final[Mapping[str, str]] = {
    "Walks": "Who has one within the walk, and how far the middle one of those reached goes.",
    "For every 1,000 people": "What stands in the neighbourhood itself, for every 1,000 people who live there.",
    "Shared with all near": "What falls to every 1,000 people when everybody near shares it, across every edge; nearer "
    "people count for more.",
    GAPS: "Rank 1 is the widest gap: need is high and little is in reach. Kinds are those of places to meet that the "
    "average person can walk to.",
}

TABLES: Final[Mapping[str, Callable[[Answer], pd.DataFrame]]] = {
    "Walks": walks_table,
    "For every 1,000 people": provision_table,
    "Shared with all near": falls_table,
    GAPS: gaps_table,
}
"""What the tabs show; :data:`GAPS` only where any of the usual kinds stands."""


def totals_table(totals: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """One row a measure: no change, then the scenario with its difference, then the one beside it with its own."""
    told = totals.assign(place=(totals["measure"].groupby(totals["measure"]).cumcount()))
    first = told[told["place"] == 0].set_index("measure")
    columns = {
        "No change": [
            figure_words(str(name), value) for name, value in zip(first["key"], first["no_change"], strict=True)
        ]
    }
    for place, rows in told.groupby("place"):
        name = str(rows["scenario"].iloc[0])
        each = rows.set_index("measure").reindex(first.index)
        called = name if place == 0 else f"Beside it: {name}"
        columns[f"{called[0].upper()}{called[1:]}"] = [
            f"{figure_words(str(key), then)} ({_difference(str(key), more)})"
            for key, then, more in zip(first["key"], each["then"], each["difference"], strict=True)
        ]
    names = [str(name)[0].upper() + str(name)[1:] for name in first.index]
    return pd.DataFrame({"Measure": names, **columns})


def _difference(key: str, value: float) -> str:
    if pd.isna(value):
        return "not known"
    told = figure_words(key, abs(value))
    return "the same" if not told.strip("0.") else f"{'+' if value > 0 else '−'}{told}"
