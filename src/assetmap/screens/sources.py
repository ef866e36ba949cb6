"""Sources: where each figure comes from, how old it is, and what was put right or left out."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from assetmap.placeview import PlaceView
from assetmap.questions import count_words
from assetmap.screens import address, choices, desk, parts, tables
from assetmap.screens.fold import fold
from assetmap.screens.ledger import ledger, ledger_html

EVERY: Final = "all"
TWO_REGISTERS: Final = (
    "Going by their names, property numbers, postcodes and where they stand, these rows are surely or perhaps the same "
    "building. Nothing is merged or taken out: each register is shown as it was published. A building that surely is "
    "in two is named once beside a gap, and is not offered in place of itself."
)
SHOWN_AT_MOST: Final = 100
"""Rows of issues on the page; the file has all of them."""


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    rows = tables.sources_table(view)
    stored, dropped = int(rows["On the map"].sum()), int(rows["Left out"].sum())
    parts.sentence(
        view,
        f"What is shown of {view.name} comes from {count_words(len(rows), 'register', 'registers')}",
        f"{count_words(stored, 'row is', 'rows are')} on the map or behind it. {dropped:,} could not be placed or "
        f"read: {_listed(view)} with what to do and who can mend it.",
    )
    with parts.section("Each register, with its date and licence", parts.PAST_MAP):
        ledger(
            rows,
            "Registers, their dates, licences and rows",
            under={"Register": "Publisher", "Date": "Loaded", "Licence": "Words"},
            words=("Date",),
        )
        parts.download(rows, f"{place_id}-sources.csv")
        _in_two_registers(view)
    _issues(view)


def _listed(view: PlaceView) -> str:
    """Where every row that was put right, noted or left out is told."""
    if len(desk.store().issues(view.place_id)) <= SHOWN_AT_MOST:
        return "each is listed below,"
    return f"each is in the last file below, of which this page lists the first {SHOWN_AT_MOST},"


def _in_two_registers(view: PlaceView) -> None:
    """The buildings that stand in two registers, for those who open the fold."""
    rows = tables.registers_table(view)
    if rows.empty:
        return
    table = ledger_html(
        rows, "The same building in two registers",
        under={"Name": "In", "Name in the other register": "In the other", "Why": "Do they disagree?"},
    )  # fmt: skip
    fold("The same building in two registers", f"<p>{escape(TWO_REGISTERS)}</p>{table}")


def _issues(view: PlaceView) -> None:
    issues = desk.store().issues(view.place_id)
    told = tables.issues_table(issues, view)
    registers = {EVERY: "Every register"} | dict.fromkeys(told["Register"])
    titles = {word: title or word for word, title in registers.items()}
    with parts.section("What was put right, noted or left out"):
        if told.empty:
            st.write("Nothing: every row of every register could be read and placed.")
            return
        register, effect = _filters(titles)
        for notice in (*register.notices, *effect.notices):
            st.info(notice)
        chosen, done = register.chosen[0], effect.chosen[0]
        fits = (told["Register"] == chosen) | (chosen == EVERY)
        fits &= (told["What was done"] == tables.EFFECTS.get(done)) | (done == EVERY)
        shown = told[fits]
        st.caption(_how_many(len(shown)))
        ledger(
            shown.head(SHOWN_AT_MOST), "Rows that were put right, noted or left out",
            under={"What was done": "What is wrong", "Register": "Row", "What to do": "Who can mend it"},
        )  # fmt: skip
        parts.download(told, f"{view.place_id}-issues.csv")


def _filters(registers: dict[str, str]) -> tuple[address.Words, address.Words]:
    effects = {EVERY: "Whatever was done", **tables.EFFECTS}
    with st.container(key="filters", horizontal=True, gap="medium"):
        choices.one_word("Register", "register", registers, EVERY)
        choices.one_word("What was done", "done", effects, EVERY)
    params = st.query_params
    return address.one_of(params, "register", registers, EVERY), address.one_of(params, "done", effects, EVERY)


def _how_many(rows: int) -> str:
    told = count_words(rows, "row", "rows")
    return told if rows <= SHOWN_AT_MOST else f"The first {SHOWN_AT_MOST} of {told}; the file below has all of them."
