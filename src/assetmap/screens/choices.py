"""The controls: each shows what the address says, and a press on it rewrites the address.

A control belongs to one page of one place, which its key names. Were it shared, a browser that is still showing the
last page would send that page's choice for this one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from html import escape
from typing import Final
from urllib.parse import urljoin

import streamlit as st

from assetmap import look
from assetmap.chosen import ON_FOOT
from assetmap.maps import RINGS
from assetmap.measures import WALK_MINUTES
from assetmap.packs import Wanted
from assetmap.placeview import PlaceView, Walking
from assetmap.printing import SHADES
from assetmap.screens import address, desk, packing, pages
from assetmap.screens.drawings import Switch
from assetmap.sheets import Sheet, render

NO_SHADING: Final = "none"
UNDERLAY_ON: Final = "on"
STEP_FREE: Final = "step_free"
SLOPE: Final = "slope"
WALK: Final = "walk"
WALKS_MINUTES: Final = ("5", "10", "15", "20")
USUAL_WALK: Final = f"{WALK_MINUTES:g}"
"""The walks that a person may choose among, as the address writes them, and the one that counts at first."""
_YES, _NO = "yes", "no"
_FINISHED: Final = "A finished map with title, legend, scale, date and sources, as a picture to print or send."


@dataclass(frozen=True)
class Saving:
    """A sheet that a page offers: its button, the name of its file after the place, how it is made, what it is."""

    label: str
    name: str
    sheet: Callable[[], Sheet]
    tells: str


def controls() -> AbstractContextManager[object]:
    """Holds the choices; on a phone one button shows and hides them."""
    st.toggle("Choose what to see", key="choosing")
    return st.container(key="controls")


def place(titles: Mapping[str, str], chosen: str, page: str) -> None:
    """The list of places; another place opens on the same page, with nothing chosen yet of what only one place has."""
    st.session_state["place"] = chosen
    st.selectbox(
        "Place", list(titles), key="place", format_func=titles.__getitem__, on_change=_write_place, args=(page,),
        label_visibility="collapsed", width=230,
    )  # fmt: skip


def _write_place(page: str) -> None:
    everywhere = {name: word for name, word in st.query_params.items() if name in address.ON_EVERY_PAGE}
    st.query_params.from_dict({"page": page, "place": st.session_state["place"], **everywhere})


def one_word(label: str, name: str, titles: Mapping[str, str], at_first: str) -> None:
    """A list of ``titles``, of which the address holds one word under ``name``; without it, ``at_first``."""
    key = key_of(name)
    st.session_state[key] = address.one_of(st.query_params, name, titles, at_first).chosen[0]
    st.selectbox(
        label,
        list(titles),
        key=key,
        format_func=titles.__getitem__,
        on_change=_write_word,
        args=(scope_now(), name, at_first),
    )


def asked_walk() -> address.Words:
    """How long a walk the address counts as near, one of :data:`WALKS_MINUTES`."""
    return address.one_of(st.query_params, WALK, WALKS_MINUTES, USUAL_WALK)


def minutes(label: str = "At most") -> None:
    """A row of walks in minutes, of which the address holds one."""
    key = key_of(WALK)
    st.session_state[key] = asked_walk().chosen[0]
    st.segmented_control(
        label, WALKS_MINUTES, key=key, format_func="{} min".format, required=True, on_change=_write_word,
        args=(scope_now(), WALK, USUAL_WALK),
    )  # fmt: skip


@dataclass(frozen=True)
class Ways:
    """How the address asks to walk, and plain notices about what was left out."""

    walking: Walking
    notices: tuple[str, ...]


def asked_ways(place_id: str) -> Ways:
    """How the address asks to walk; hills are left out where no heights are loaded."""
    step_free = address.one_of(st.query_params, STEP_FREE, (_YES, _NO), _NO)
    hills = (_YES, _NO) if desk.place_view(place_id).has_heights else (_NO,)
    slope = address.one_of(st.query_params, SLOPE, hills, _NO)
    walking = Walking(step_free.chosen[0] == _YES, slope.chosen[0] == _YES)
    return Ways(walking, (*step_free.notices, *slope.notices))


def ways(view: PlaceView) -> None:
    """A switch for walks without steps, and where heights are loaded one for hills.

    There are none where distances are straight lines, which tell nothing of either.
    """
    walking = asked_ways(view.place_id).walking
    if view.method != "walking" and walking == ON_FOOT:
        return
    with_steps = "Walks without steps, or ways that the map says no wheelchair can use."
    _yes_or_no("Step-free", STEP_FREE, walking.step_free, with_steps)
    if view.has_heights:
        _yes_or_no("Count hills", SLOPE, walking.slope, "Minutes that allow for hills, as the mean of there and back.")


def _yes_or_no(label: str, name: str, on: bool, tells: str) -> None:
    key = key_of(name)
    st.session_state[key] = on
    st.toggle(label, key=key, on_change=_write_yes, args=(scope_now(), name), help=tells)


def link(page: str, place_id: str, words: Mapping[str, str], *, instead_of: Collection[str] = ()) -> str:
    """An address of a page of the place that says ``words`` and takes along everything that was chosen so far.

    Parameters
    ----------
    instead_of
        Choices of that page that ``words`` take the place of, and that are not taken along.
    """
    taken = {name: word for name, word in kept(page).items() if name not in instead_of}
    return address.link({"page": page, "place": place_id, **taken, **words})


def kept(page: str) -> dict[str, str]:
    """What a link to a page of the place takes along: see :func:`assetmap.screens.address.carried`."""
    return address.carried(st.query_params.to_dict(), page_now(), page)


def lost_ways(view: PlaceView) -> tuple[str, ...]:
    """Plain notices of a place or a page that the address asks for in vain, and where it led instead."""
    page = address.one_of(st.query_params, "page", pages.TITLES, pages.FIRST)
    asked = st.query_params.get("place") or view.place_id
    elsewhere = (address.not_here(asked, view.name, desk.places()),) if asked != view.place_id else ()
    return (*elsewhere, *page.notices)


def page_now() -> str:
    """The page that the address names; the first where it names none."""
    return address.one_of(st.query_params, "page", pages.TITLES, pages.FIRST).chosen[0]


def _write_yes(scope: str, name: str) -> None:
    write(scope, name, _YES if st.session_state[f"{scope}{name}"] else _NO, _NO)


def chosen_layers(switches: Sequence[Switch]) -> address.Words:
    """The layers that the address asks for, or those that show at first."""
    return address.some_of(st.query_params, "layers", [switch.id for switch in switches], shown_at_first(switches))


def layer_switches(switches: Sequence[Switch], shown: Sequence[str]) -> None:
    """One box a layer, with its mark and its count."""
    st.html("<h2>On the map</h2>")
    keys = {switch.id: key_of(f"layer-{switch.id}") for switch in switches}
    for switch in switches:
        _switch(switch, switch.id in shown, keys, shown_at_first(switches))


def _switch(switch: Switch, on: bool, keys: Mapping[str, str], at_first: Sequence[str]) -> None:
    key = keys[switch.id]
    st.session_state[key] = on
    with st.container(key=f"switch-{switch.id}", gap=None):
        # the label is words alone, because screen readers say it as it is written; the style sheet sets the mark in it
        st.checkbox(
            switch.title, key=key, on_change=_write_layers, args=(scope_now(), keys, at_first),
            disabled=bool(switch.note) and not switch.count,
        )  # fmt: skip
        st.html(f'{_mark(switch)}<span class="am-count">{switch.count:,}</span>')
        if switch.note:
            add = f': <a href="{_adding()}" target="_self">add what you know</a>' if switch.can_add else ""
            st.html(f'<span class="am-note">{switch.note}{add}</span>')


def _adding() -> str:
    """The address of the page on which people add what no register lists."""
    return escape(link("add", st.query_params.get("place") or next(iter(desk.places())), {}))


def _write_layers(scope: str, keys: Mapping[str, str], at_first: Sequence[str]) -> None:
    shown = address.some_of(st.query_params, "layers", keys, at_first).chosen
    # a page that is still being drawn has not made every box yet; those show what the address says
    ticked = [layer for layer, key in keys.items() if st.session_state.get(key, layer in shown)]
    write(scope, "layers", address.written(ticked), address.written(at_first))


def shown_at_first(switches: Sequence[Switch]) -> list[str]:
    """The layers that show when the page opens."""
    return [switch.id for switch in switches if switch.shown]


def _mark(switch: Switch) -> str:
    mark = RINGS.get(switch.theme)
    if mark is None:
        theme = look.theme(switch.theme)
        mark = look.svg_marker(theme.shape, theme.colour, hollow=switch.hollow)
    return f'<img class="am-mark" alt="" src="data:image/svg+xml;base64,{base64.b64encode(mark.encode()).decode()}">'


def showing_only(switches: Sequence[Switch], ids: Collection[str]) -> tuple[Switch, ...]:
    """The same switches, of which only some show when the page opens; the others stay a press away."""
    return tuple(replace(switch, shown=switch.id in ids) for switch in switches)


def asked_shade(shades: Mapping[str, str]) -> address.Words:
    """The shading that the address asks for; the first of ``shades`` unless it says otherwise."""
    return address.one_of(st.query_params, "shade", (*shades, NO_SHADING), next(iter(shades), NO_SHADING))


def shade_choice(shades: Mapping[str, str]) -> str | None:
    """Which shading of the neighbourhoods shows, if any."""
    if not shades:
        return None
    titles = {**shades, NO_SHADING: "No shading"}
    one_word("Shade neighbourhoods by", "shade", titles, next(iter(shades)))
    chosen = asked_shade(shades).chosen[0]
    return None if chosen == NO_SHADING else chosen


def street_map() -> bool:
    """Whether the street map lies underneath: a switch where its server answered, a plain note where it did not."""
    if not desk.has_street_map():
        if desk.settings().tiles == "auto":
            st.caption("No street map underneath: there is no internet here.")
        return False
    on = address.one_of(st.query_params, "streets", (UNDERLAY_ON, "off"), UNDERLAY_ON).chosen[0] == UNDERLAY_ON
    key = key_of("streets")
    st.session_state[key] = on
    st.toggle("Street map underneath", key=key, on_change=_write_streets, args=(scope_now(),))
    return on


def _write_streets(scope: str) -> None:
    write(scope, "streets", UNDERLAY_ON if st.session_state[f"{scope}streets"] else "off", UNDERLAY_ON)


def years(asked: address.Years, first: int, last: int) -> None:
    """One slider from the first to the last year that anything is known to have happened in."""
    key = key_of("years")
    st.session_state[key] = (asked.since or first, asked.until or last)
    st.slider("Years", first, last, key=key, on_change=_write_years, args=(scope_now(), first, last))


def _write_years(scope: str, first: int, last: int) -> None:
    since, until = st.session_state[f"{scope}years"]
    ends = {"from": "" if since == first else str(since), "to": "" if until == last else str(until)}
    write_all(scope, ends)


def _write_word(scope: str, name: str, at_first: str) -> None:
    write(scope, name, str(st.session_state[f"{scope}{name}"]), at_first)


def key_of(name: str) -> str:
    """The key of a control of the page and the place that the address names."""
    return f"{scope_now()}{name}"


def scope_now() -> str:
    """The page and the place that the address names, with which the keys of their controls begin."""
    return f"{st.query_params.get('page', '')}-{st.query_params.get('place', '')}-"


def write(scope: str, name: str, value: str, at_first: str) -> None:
    """Say one choice in the address; what a page shows at first is not said, so that addresses stay short."""
    write_all(scope, {name: "" if value == at_first else value})


def write_all(scope: str, words: Mapping[str, str]) -> None:
    """Say several choices in one step, which the back button undoes as one; an empty word is taken out.

    Nothing is written unless ``scope`` is still the page and the place that the address names: a page that was left
    says nothing more.
    """
    if scope == scope_now():
        said = {**st.query_params.to_dict(), **words}
        st.query_params.from_dict({name: word for name, word in said.items() if word})


def save_and_share(
    view: PlaceView,
    page: str,
    sheet: Callable[[], Sheet],
    wanted: Wanted,
    others: Sequence[Saving] = (),
    name: str = "",
) -> None:
    """A finished map to print, an evidence pack, and the link that shows a colleague the same page.

    Parameters
    ----------
    sheet
        Makes the page's own sheet, when it is asked for.
    wanted
        What the pack holds.
    others
        Further sheets that the page offers.
    name
        What the file of the page's own sheet is called after the place, where that is not the word of the page.
    """
    first = Saving("Save this map", name or page, sheet, _FINISHED)

    def maps() -> None:
        for each in (first, *others):
            _save_button(view, each)

    share_pack(view, page, wanted, maps)


def share_pack(view: PlaceView, page: str, wanted: Wanted, before: Callable[[], None] = lambda: None) -> None:
    """The answers of the page and of the place as one file, by the walks that the address asks for, and the link.

    Parameters
    ----------
    before
        Draws what stands before them in one row.
    """
    wanted = replace(wanted, minutes=float(asked_walk().chosen[0]))
    packing.save_pack(wanted, asked_ways(wanted.place).walking, before, lambda: share(view.place_id, page))


def shade_of(style: str | None, shades: Mapping[str, str]) -> str:
    """The shading of sheets where a person chose one: nothing for the first, which is the page's own.

    Parameters
    ----------
    style
        What :func:`shade_choice` told.
    """
    word = style or NO_SHADING
    return word if word in SHADES and style != next(iter(shades), NO_SHADING) else ""


def _save_button(view: PlaceView, saving: Saving) -> None:
    st.download_button(
        saving.label,
        lambda: render(saving.sheet(), "png"),
        file_name=f"{view.place_id}-{saving.name}.png",
        mime="image/png",
        on_click="ignore",
        help=saving.tells,
    )


def share(place_id: str, page: str) -> None:
    """The link that shows a colleague the same page."""
    with st.popover("Share"):
        st.write("This link opens the same page, with the same choices:")
        words = {"page": page, "place": place_id, **address.alone(st.query_params.to_dict())}
        st.code(urljoin(str(st.context.url), address.link(words)), language=None, wrap_lines=True)


def standing(view: PlaceView, shown: Sequence[str]) -> tuple[str, ...]:
    """Of the layers that show, those that tell what the place has."""
    return tuple(layer.id for layer in view.layers_here if layer.id in shown)
