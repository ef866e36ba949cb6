"""What to ask first of What if: three changes taken from the place itself, each a link."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from assetmap.placeview import PlaceView
from assetmap.screens import changes, choices

_BETWEEN = " · "
"""Stands between a place's name and what it is."""


def suggestions(view: PlaceView) -> dict[str, dict[str, str]]:
    """What may be asked, in words, to what an address says for it: a closure, one that opens again, the best site."""
    standing, closed = changes.places_by_kind(view), changes.places_by_kind(view, closed=True)
    told: dict[str, dict[str, str]] = {}
    for asset_id, called in list(standing.items())[:1]:
        told[f"If {_name(called)} closed"] = {"change": f"close:{asset_id}"}
    for asset_id, called in list(closed.items())[:1]:
        told[f"If {_name(called)} opened again"] = {"do": "reopen", "change": f"reopen:{asset_id}"}
    for kind, title in list(changes.kinds_that_open(view).items())[:1]:
        one = title[0].lower() + title[1:]
        told[f"Where another {one} would do most"] = {"do": "open", "kind": kind, "find": "1"}
    return told


def _name(called: str) -> str:
    return called.split(_BETWEEN)[0]


def links(view: PlaceView) -> None:
    """The suggestions as links, while nothing has been chosen yet."""
    told = suggestions(view)
    if told:
        items = "".join(f"<li>{_link(view, words, says)}</li>" for says, words in told.items())
        st.html(f'<div class="am-near"><h2>For instance</h2><ul>{items}</ul></div>')


def _link(view: PlaceView, words: Mapping[str, str], says: str) -> str:
    query = choices.link("whatif", view.place_id, words)
    return f'<a href="{escape(query)}" target="_self">{escape(says)}</a>'
