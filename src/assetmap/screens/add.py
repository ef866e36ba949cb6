"""Add what you know: press the map, see what is there already, say what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from assetmap.contributing import Offer, namesakes, record_of, similar
from assetmap.errors import AssetmapError
from assetmap.maps import View
from assetmap.placeview import PlaceView
from assetmap.screens import choices, desk, parts
from assetmap.screens.here import whole_place
from assetmap.store import Store

Spot = tuple[float, float]
"""Latitude and longitude in degrees."""

HOW: Final = (
    "Press the map where it is, then say what it is. It shows at once, marked as not yet checked. Those who keep this "
    "map can check it or take it off."
)
NEAR_AT_MOST: Final = 5
BACK, NEW, SAME, ANOTHER = "back", "new", "same", "another"
"""The buttons."""
TAKEN_BACK: Final = "taken back at once by the person who added it"


@dataclass
class _Kept:
    """What a visit keeps between runs.

    A run is cut short whenever the page asks for the next, and every look into the session is a moment for that. What
    is stored and what is said of it are therefore changed here, in one go, and not key by key in the session.

    Attributes
    ----------
    spot
        Where the map was pressed.
    thanks, added
        What became of the form sent last, and the contribution it made.
    asks, fault
        Whether it is the same as one that is mapped, or what is wrong with it.
    forms
        How many were sent: each leaves an empty one with new fields behind.
    pressed
        The button that was pressed and is still to be dealt with.
    """

    spot: Spot | None = None
    thanks: str = ""
    added: str | None = None
    asks: str = ""
    fault: str = ""
    forms: int = 0
    pressed: str = ""

    def start_anew(self, thanks: str, added: str | None) -> None:
        """Say what became of the form, and leave an empty one without a spot."""
        self.spot, self.thanks, self.added, self.asks, self.fault = None, thanks, added, "", ""
        self.forms += 1


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    kept: _Kept = st.session_state.setdefault(f"{place_id}-add", _Kept())
    form = f"{place_id}-add-form-{kept.forms}"
    if kept.pressed:
        _deal_with_press(desk.place_view(place_id), kept, form)
        form = f"{place_id}-add-form-{kept.forms}"
    view = desk.place_view(place_id)
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    shown = tuple(switch.id for switch in drawn.switches if switch.shown)
    with parts.stage():
        parts.sentence(view, "What do you know that is not on the map?", HOW)
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            with st.container(gap="small"):  # holds its room, so that what comes and goes leaves the form as it is
                _thank(kept, place_id)
                _near(view, kept.spot)
            _form(view, kept, form)
            streets = choices.street_map()
        pressed = parts.drawing(drawn.data, View(shown, None, True, kept.spot, tiles=streets, can_switch=False))
    _move_pin(place_id, kept, pressed)


def _move_pin(place_id: str, kept: _Kept, pressed: Spot | None) -> None:
    """Put the pin where the map was pressed; the map repeats its last press on every run, and once is enough."""
    seen = f"{place_id}-press"  # as What if keeps it: both pages show the one map
    if pressed is None or pressed == st.session_state.get(seen):
        return
    st.session_state[seen] = pressed
    kept.spot, kept.thanks, kept.added, kept.asks, kept.fault = pressed, "", None, "", ""
    st.rerun()


def _thank(kept: _Kept, place_id: str) -> None:
    """The thanks stand until the next spot is chosen, and beside them the way back."""
    if kept.thanks:
        st.success(kept.thanks)
    if kept.added:
        st.button("Take it back", key=f"{place_id}-add-undo", on_click=_press, args=(kept, BACK))


def _press(kept: _Kept, button: str) -> None:
    """Kept until it is dealt with: a run that another one cuts short would forget that a button was pressed."""
    kept.pressed = button


def _near(view: PlaceView, pin: Spot | None) -> None:
    """One record for one building: what stands near is shown before anything is added."""
    if pin is None:
        st.info("Press the map to choose the spot.")
        return
    near = similar(view, pin[1], pin[0]).head(NEAR_AT_MOST)
    items = "".join(
        f"<li>{escape(str(row.name))}, {row.distance_m:.0f} m away</li>" for row in near.itertuples(index=False)
    )
    if items:
        st.html(f'<div class="am-near"><h2>Already on the map here</h2><ul>{items}</ul></div>')


def _form(view: PlaceView, kept: _Kept, form: str) -> None:
    st.html(f'<h2 id="{parts.PAST_MAP}" tabindex="-1">Say what it is</h2>')
    open_layers = {layer.id: layer for layer in view.layers.values() if layer.add_here}
    chosen = st.selectbox(
        "What is it?", list(open_layers), format_func=lambda name: open_layers[name].title, key=f"{form}-layer"
    )
    layer = open_layers[chosen]
    with st.form(form, border=False, enter_to_submit=False):
        st.selectbox(
            "Which kind?", list(layer.kinds), None, layer.kind_title, placeholder="Choose a kind",
            key=f"{form}-{chosen}",
        )  # fmt: skip
        # no limits here: what is pasted beyond them would vanish without a word; 'record_of' says what is too long
        st.text_input("Its name", key=f"{form}-name")
        st.text_input("Who is it for?", placeholder="Everyone, young people", key=f"{form}-who")
        st.text_area(
            "What should people know?", placeholder="When it is open, what it offers", height=68,
            key=f"{form}-says",
        )  # fmt: skip
        st.text_input("How do you know?", placeholder="I help run it", key=f"{form}-how")
        with st.container(key="send", gap="small"):
            if kept.fault:
                st.warning(kept.fault)
            _send(kept)


def _send(kept: _Kept) -> None:
    """The button that sends the form, or the two that answer whether it is the same as one already mapped."""

    def button(words: str, answer: str, *, first: bool = True) -> None:
        st.form_submit_button(
            words, type="primary" if first else "secondary", disabled=kept.spot is None, width="stretch",
            on_click=_press, args=(kept, answer),
        )  # fmt: skip

    if kept.asks:
        st.warning(kept.asks)
        button("It is the same: do not add it", SAME, first=False)
        button("It is another one: add it", ANOTHER)
    else:
        button("Add it to the map", NEW)


def _deal_with_press(view: PlaceView, kept: _Kept, form: str) -> None:
    """Do what was asked and say so, with no look into the session between the two."""
    fields = {
        name: str(st.session_state.get(f"{form}-{name}") or "")
        for name in ("layer", "name", "who", "says", "how", *view.layers)
    }
    store = desk.store()
    button, kept.pressed = kept.pressed, ""
    try:
        if button == BACK and kept.added:
            store.review_contribution(kept.added, "hidden", TAKEN_BACK)
            kept.thanks, kept.added = "It is off the map again.", None
        elif button == SAME and kept.asks:
            kept.start_anew("Nothing was added: it is on the map already.", None)
        elif button in (NEW, ANOTHER) and kept.spot is not None:
            _keep(store, view, kept, _offer(fields, kept.spot), sure=button == ANOTHER)
    except AssetmapError as refused:
        kept.fault = str(refused)


def _offer(fields: Mapping[str, str], spot: Spot) -> Offer:
    layer = fields["layer"]
    return Offer(
        layer, fields.get(layer, ""), fields["name"], spot[1], spot[0], fields["says"], fields["how"],
        who_for=fields["who"],
    )  # fmt: skip


def _keep(store: Store, view: PlaceView, kept: _Kept, offer: Offer, *, sure: bool) -> None:
    """Store the offer and start anew, or ask whether it is the same as one that is mapped.

    Raises
    ------
    AssetmapError
        If something is wrong with the offer, or it cannot be stored.
    """
    if not offer.kind:
        kept.fault = "Choose which kind it is."
        return
    record = record_of(view, offer)
    same = namesakes(view, offer)
    if len(same) and not sure:
        nearest = same.iloc[0]
        away = f"{nearest['distance_m']:,.0f} m from your spot"
        kept.asks, kept.fault = f"{nearest['name']} is on the map already, {away}. Is yours another?", ""
        return
    store.add_contribution(record)
    title = view.layers[offer.layer].title.lower()
    thanks = f"Thank you. {record.name} is on the map under {title}, marked as not yet checked."
    kept.start_anew(thanks, record.contribution_id)
