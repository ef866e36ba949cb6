"""The pieces that every screen is made of: the sentence, the stage, the switches, the table, the sources."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from html import escape
from typing import Final, TypeVar, cast
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from assetmap import look
from assetmap.maps import MapData, View
from assetmap.placeview import PlaceView
from assetmap.printing import About, sheet_of
from assetmap.questions import Answer
from assetmap.screens import address, desk
from assetmap.screens.canvas import show_map
from assetmap.screens.drawings import Switch
from assetmap.sheets import render

Choice = TypeVar("Choice")

LONG_TITLE: Final = 90
"""Characters; a longer finding is set smaller, so that the controls stay in view."""


def sentence(title: str, detail: str, notices: Sequence[str] = ()) -> None:
    """The finding, then what to know beside it, then what the link asked for in vain."""
    with st.container(key="sentence"):
        size = "am-long" if len(title) > LONG_TITLE else ""
        st.html(f'<h1 class="{size}">{escape(title)}</h1><p>{escape(detail)}</p>')
        for notice in notices:
            st.info(notice)


def stage() -> AbstractContextManager[object]:
    """Holds sentence, map and controls; the style sheet sets them side by side, or under one another on a phone."""
    return st.container(key="stage")


def controls() -> AbstractContextManager[object]:
    """Holds the choices; on a phone one button shows and hides them."""
    st.toggle("Choose what to see", key="choosing")
    return st.container(key="controls")


def chosen_layers(switches: Sequence[Switch]) -> address.Words:
    """The layers that the address asks for, or those that show at first."""
    known = [switch.id for switch in switches]
    first = [switch.id for switch in switches if switch.shown]
    return address.some_of(st.query_params, "layers", known, first)


def layer_switches(switches: Sequence[Switch], asked: Sequence[str], place_id: str) -> tuple[str, ...]:
    """One box a layer, with its mark and its count; what is ticked also stands in the address."""
    st.html("<h2>On the map</h2>")
    ticked = tuple(switch.id for switch in switches if _switch(switch, switch.id in asked, place_id))
    first = tuple(switch.id for switch in switches if switch.shown)
    _remember("layers", address.written(ticked), address.written(first))
    return ticked


def _switch(switch: Switch, asked: bool, place_id: str) -> bool:
    key = f"{place_id}-{switch.id}"
    st.session_state.setdefault(key, asked)
    note = f" :small[:gray[{switch.note}]]" if switch.note else ""
    with st.container(key=f"switch-{switch.id}", horizontal=True, gap=None, vertical_alignment="center"):
        on = st.checkbox(f"![]({_mark_address(switch)}) {switch.title}{note}", key=key)
        st.html(f'<span class="am-count">{switch.count:,}</span>', width="content")
    return on


def _mark_address(switch: Switch) -> str:
    theme = look.LOST if switch.theme == look.LOST.id else look.theme(switch.theme)
    mark = look.svg_marker(theme.shape, theme.colour, hollow=switch.hollow)
    return f"data:image/svg+xml;base64,{base64.b64encode(mark.encode()).decode()}"


def shade_choice(shades: Mapping[str, str]) -> str | None:
    """Which shading of the neighbourhoods shows, if any."""
    if not shades:
        return None
    known = [*shades, "none"]
    asked = address.one_of(st.query_params, "shade", known, known[0]).chosen[0]
    titles = {**shades, "none": "No shading"}
    remembered("shade", asked, known)
    chosen = st.selectbox("Shade neighbourhoods by", known, key="shade", format_func=titles.__getitem__)
    _remember("shade", chosen, known[0])
    return None if chosen == "none" else chosen


def remembered(name: str, asked: Choice, known: Sequence[Choice]) -> Choice:
    """What a control of that key holds now; at first, what the address asked for."""
    if st.session_state.get(name) not in known:
        st.session_state[name] = asked
    return cast(Choice, st.session_state[name])


def showing_only(switches: Sequence[Switch], ids: Collection[str]) -> tuple[Switch, ...]:
    """The same switches, of which only some show when the page opens; the others stay a press away."""
    return tuple(replace(switch, shown=switch.id in ids) for switch in switches)


def save_and_share(view: PlaceView, about: About, layers: Sequence[str]) -> None:
    """A finished map to print, drawn when it is asked for, and the link that shows a colleague the same page."""
    with st.container(key="save", horizontal=True, gap="small"):
        st.download_button(
            "Save this map",
            lambda: render(sheet_of(view, about, layers), "png"),
            file_name=f"{view.place_id}-{about}.png",
            mime="image/png",
            on_click="ignore",
            help="A finished map with title, legend, scale, date and sources, as a picture to print or send.",
        )
        with st.popover("Share"):
            st.write("This link opens the same page, with the same layers:")
            st.code(
                f"{st.context.url}?{urlencode(st.query_params.to_dict(), safe=',')}", language=None, wrap_lines=True
            )


def standing(view: PlaceView, shown: Sequence[str]) -> tuple[str, ...]:
    """Of the layers that show, those that tell what the place has."""
    return tuple(layer.id for layer in view.layers_here if layer.id in shown)


def _remember(name: str, value: str, at_first: str) -> None:
    if value != at_first:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def drawing(data: MapData, view: View, *, key: str) -> tuple[float, float] | None:
    """The map at its place on the stage; returns the last press as latitude and longitude while ``view.adding``."""
    with st.container(key="map"):
        return show_map(data, view, key=key)


def table(rows: pd.DataFrame, *, title: str, file_name: str) -> None:
    """The same as a table: sortable, searchable, and as a file."""
    with st.container(key=f"table-{file_name.removesuffix('.csv')}"):
        st.html(f"<h2>{escape(title)}</h2>")
        st.dataframe(rows, hide_index=True, width="stretch", height=min(38 + 35 * max(len(rows), 1), 420))
        csv = rows.to_csv(index=False).encode("utf-8-sig")
        st.download_button("Download this table (CSV)", csv, file_name=file_name, mime="text/csv", on_click="ignore")


def small_print(answer: Answer) -> None:
    """How it was worked out, and what the figures cannot say."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in answer.caveats)
    st.html(
        f'<section class="am-small-print"><h2>How this was worked out</h2><p>{escape(answer.method)}</p>'
        f"<ul>{lines}</ul></section>"
    )
