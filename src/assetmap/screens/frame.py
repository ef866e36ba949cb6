"""The frame round every page: brand, place, the links to the pages. Streamlit runs this file for each visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from assetmap.errors import AssetmapError
from assetmap.screens import add, address, choices, desk, gaps, here, lost, pages, parts, play, profile, sources, whatif

DRAW: Final[Mapping[str, Callable[[str], None]]] = {
    "here": here.page,
    "gaps": gaps.page,
    "lost": lost.page,
    "whatif": whatif.page,
    "profile": profile.page,
    "play": play.page,
    "add": add.page,
    "sources": sources.page,
}

NOTHING_LOADED: Final = (
    "This store holds no places yet. Load one with “assetmap load”, the name of a place file and where its files are, "
    "then reload this page."
)


def main() -> None:
    """Lay out the bar, then run the page that the address names."""
    st.set_page_config(
        page_title="assetmap",
        page_icon=str(pages.STATIC / "icon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    st.html(pages.STATIC / "frame.css")
    try:
        places = desk.places()
        if places:
            _framed(places)
        else:
            st.info(NOTHING_LOADED)
    except AssetmapError as fault:
        st.error(str(fault))


def _framed(places: Mapping[str, str]) -> None:
    first = next(iter(places))
    place_id = address.one_of(st.query_params, "place", places, first).chosen[0]
    word = address.one_of(st.query_params, "page", DRAW, pages.FIRST).chosen[0]
    st.set_page_config(page_title=f"{pages.TITLES[word]}: {places[place_id]} · assetmap")
    skip = "Skip to the table" if word == "sources" else "Skip past the map"
    st.html(f'<a class="am-skip" href="#{parts.PAST_MAP}">{skip}</a>')
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium"):
        st.html('<span class="am-brand">assetmap</span>', width="content")
        choices.place(places, place_id, word)
        pages.links(word, place_id)
    DRAW[word](place_id)
    desk.get_ready_to_print()


main()
