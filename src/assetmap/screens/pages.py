"""The pages' words and titles, and the links between them: they open in a new tab, and switch in place when pressed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import streamlit as st

from assetmap.screens import address

STATIC: Final = Path(__file__).with_name("static")

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "here": "What’s here",
        "gaps": "Gaps",
        "lost": "What’s been lost",
        "whatif": "What if",
        "profile": "One neighbourhood",
        "play": "Streets for play",
        "add": "Add",
        "sources": "Sources",
    }
)
"""The word in the address, and the title; the first is where the app opens."""

FIRST: Final = next(iter(TITLES))

_links = st.components.v2.component(
    "assetmap_pages",
    html='<nav aria-label="Pages"></nav>',
    js=(STATIC / "pages.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def links(current: str, place_id: str) -> None:
    """A link to each page of the place, the current one marked as such; each takes along what was chosen."""
    said = st.query_params.to_dict()
    pages = [
        {
            "title": title,
            "address": address.link({"page": word, "place": place_id, **address.carried(said, current, word)}),
            "current": word == current,
        }
        for word, title in TITLES.items()
    ]
    _links(key="pages", data={"pages": pages, "shown": address.link(said)}, width="content")
