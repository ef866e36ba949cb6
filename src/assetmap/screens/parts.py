"""The parts that screens share: the finding, the stage with the map, tables and the small print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from assetmap.maps import MapData, View
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.screens import address, choices, desk
from assetmap.screens.canvas import show_map
from assetmap.screens.drawings import PROFILE
from assetmap.screens.fold import fold, formulas_and_sources
from assetmap.screens.grid import grid
from assetmap.wording import sentences

LONG_TITLE: Final = 90
"""Characters; a longer finding is set smaller, so that the controls stay in view."""

AT_ONCE: Final = 2
"""Sentences beside a finding that show at once."""

MADE_UP: Final = "A made-up place: nothing here is real"

PAST_MAP: Final = "past-map"
"""Where the link that skips the map leads: the table, or what there is to fill in."""


def sentence(view: PlaceView, title: str, detail: str, notices: Sequence[str] = ()) -> None:
    """The finding, then what to know beside it, then what the link asked for in vain; a made-up place says so first.

    Of what to know two sentences show, and the rest where somebody opens it: the choices stay in view.
    """
    with st.container(key="sentence"):
        made_up = f'<p class="am-made-up">{MADE_UP}</p>' if view.fictional else ""
        size = "am-long" if len(title) > LONG_TITLE else ""
        told = sentences(detail)
        first, rest = escape(" ".join(told[:AT_ONCE])), escape(" ".join(told[AT_ONCE:]))
        more = f'<details class="am-more"><summary>More about this</summary><p>{rest}</p></details>' if rest else ""
        st.html(f'{made_up}<h1 class="{size}">{escape(title)}</h1><p>{first}</p>{more}')
        for notice in (*choices.lost_ways(view), *notices):
            st.info(notice)


def stage() -> AbstractContextManager[object]:
    """Holds sentence, map and controls; the style sheet sets them side by side, or under one another on a phone."""
    return st.container(key="stage")


def drawing(data: MapData, view: View) -> tuple[float, float] | None:
    """The map at its place on the stage; returns the last press as latitude and longitude while ``view.adding``.

    A press that leads to the page of a neighbourhood takes along what was chosen.
    """
    kept = {name: word for name, word in choices.kept(PROFILE).items() if name not in address.WHICH_AREA}
    with st.container(key="map"):
        return show_map(
            data,
            replace(view, keeps=address.link(kept)[1:]),
            tiles_url=desk.tiles_url() if desk.has_street_map() else "",
        )


def table(rows: pd.DataFrame, *, title: str, file_name: str) -> None:
    """The same as a table: sortable, searchable, and as a file, which has the columns too in which nothing stands."""
    with st.container(key=f"table-{file_name.removesuffix('.csv')}"):
        st.html(f'<h2 id="{PAST_MAP}" tabindex="-1">{escape(title)}</h2>')
        grid(rows)
        if len(rows):
            download(rows, file_name)


@contextmanager
def section(title: str, anchor: str = "") -> Iterator[None]:
    """A part of the page below the map, under its own heading; a link may lead to its ``anchor``."""
    with st.container(key=f"table-{title.lower().replace(' ', '-')}"):
        st.html(f'<h2 id="{anchor}" tabindex="-1">{escape(title)}</h2>' if anchor else f"<h2>{escape(title)}</h2>")
        yield


def caption(words: str) -> None:
    """A quiet line under what it is about; nothing where there is nothing to say."""
    if words:
        st.caption(words)


def download(rows: pd.DataFrame, file_name: str) -> None:
    """The rows as a file that spreadsheets open, written when it is asked for."""
    st.download_button(
        "Download this table (CSV)",
        lambda: rows.to_csv(index=False).encode("utf-8-sig"),
        file_name=file_name,
        mime="text/csv",
        on_click="ignore",
    )


def small_print(answer: Answer) -> None:
    """How it was worked out, and what the figures cannot say."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in answer.caveats)
    st.html(
        f'<section class="am-small-print"><h2>How this was worked out</h2><p>{escape(answer.method)}</p>'
        f"<ul>{lines}</ul></section>"
    )
    fold("Formulas and sources", formulas_and_sources(answer))
