"""The frame round every page: brand, place, the list of pages. Streamlit runs this file for each visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assetmap.errors import AssetmapError
from assetmap.screens import add, address, desk, gaps, here, lost, parts, sources

STATIC: Final = Path(__file__).with_name("static")

PAGES: Final[tuple[tuple[str, str, Callable[[str], None]], ...]] = (
    ("What’s here", "", here.page),
    ("Gaps", "gaps", gaps.page),
    ("What’s been lost", "lost", lost.page),
    ("Add", "add", add.page),
    ("Sources", "sources", sources.page),
)


NOTHING_LOADED: Final = (
    "This store holds no places yet. Load one with “assetmap load”, the name of a place file and where its files are, "
    "then reload this page."
)


def main() -> None:
    """Lay out the bar, run the page that the address names, then fill in the links for the place chosen."""
    st.set_page_config(
        page_title="assetmap", page_icon=str(STATIC / "icon.svg"), layout="wide", initial_sidebar_state="collapsed"
    )
    st.html(STATIC / "frame.css")
    try:
        places = desk.places()
    except AssetmapError as fault:
        st.error(str(fault))
        return
    if places:
        _framed(places)
    else:
        st.info(NOTHING_LOADED)


def _framed(places: Mapping[str, str]) -> None:
    bar = st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium")
    place_id = _choose_place(bar, places)
    pages = [_page(title, path, partial(draw, place_id), path == "") for title, path, draw in PAGES]
    current = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=f"{current.title}: {places[place_id]} · assetmap")
    _run(current)
    with bar, st.container(key="pages", horizontal=True, gap="small"):
        for page in pages:
            st.page_link(page, label=page.title, query_params={"place": place_id})


def _choose_place(bar: DeltaGenerator, places: Mapping[str, str]) -> str:
    asked = address.one_of(st.query_params, "place", list(places), next(iter(places)))
    parts.remembered("place", asked.chosen[0], list(places))
    with bar:
        st.html('<span class="am-brand">assetmap</span>', width="content")
        place_id = st.selectbox(
            "Place", list(places), key="place", format_func=places.__getitem__, label_visibility="collapsed", width=190
        )
    st.query_params["place"] = place_id
    for notice in asked.notices:
        st.info(notice)
    return place_id


def _page(title: str, path: str, draw: Callable[[], None], first: bool) -> st.Page:
    return st.Page(draw, title=title, url_path=path or "here", default=first)


def _run(page: st.Page) -> None:
    try:
        page.run()
    except AssetmapError as fault:
        st.error(str(fault))


main()
