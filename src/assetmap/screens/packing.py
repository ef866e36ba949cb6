"""The evidence pack of a page: made when it is asked for, while the page says so, then there to be saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from assetmap.chosen import Walking
from assetmap.errors import AssetmapError, QuestionError, StoreError, UnknownNameError
from assetmap.packs import Wanted, pack_bytes, pack_of
from assetmap.screens import desk
from assetmap.sheets import in_fours

MAKE: Final = "Evidence pack"
SAVE: Final = "Save the evidence pack"
MAKING: Final = "Making the pack: its maps, tables and sources. This can take a minute or two; stay on this page."
TELLS: Final = (
    "One file with what this page shows and the answers for the whole place: maps, numbers, tables, methods and "
    "sources, and how to make it again."
)
_KEPT: Final = "pack"
"""Where a session keeps the last pack that it made."""


@dataclass(frozen=True)
class _Made:
    """A pack that is ready, and the question that it answers."""

    asked: str
    pack_id: str
    content: bytes


@st.fragment
def save_pack(wanted: Wanted, walking: Walking, before: Callable[[], None], after: Callable[[], None]) -> None:
    """A button that makes the pack; below it what it is doing, that it is ready, or why not and what to do.

    Parameters
    ----------
    walking
        How the address asks to walk.
    before, after
        Draw what stands in one row with the button.
    """
    with st.container(key="save", horizontal=True, gap="small"):
        before()
        pressed = st.button(MAKE, help=TELLS)
        after()
    with st.container(key="pack", gap="small"):
        try:
            made = _made(wanted, walking, anew=pressed)
        except (AssetmapError, OSError, MemoryError) as fault:
            st.error(_told(fault))
        else:
            if made is not None:
                _ready(made, wanted.place)


def _made(wanted: Wanted, walking: Walking, *, anew: bool) -> _Made | None:
    """The pack that answers what is asked, where it has been made; ``anew`` makes it."""
    if anew:
        st.session_state.pop(_KEPT, None)
    asked = _asked(wanted, walking)
    if anew:
        st.session_state[_KEPT] = _make(wanted, walking, asked)
    made = st.session_state.get(_KEPT)
    return made if isinstance(made, _Made) and made.asked == asked else None


def _asked(wanted: Wanted, walking: Walking) -> str:
    """All that the pack follows from: what is asked, how people walk, and the store as it is now."""
    return json.dumps([wanted.written(), repr(walking), desk.fingerprint(wanted.place)])


def _make(wanted: Wanted, walking: Walking, asked: str) -> _Made:
    app = str(st.context.url).rstrip("/") + "/"
    with st.spinner(MAKING, show_time=True):
        england = desk.england_beside(wanted.place) if wanted.beside_england else None
        pack = pack_of(desk.place_view(wanted.place, walking), wanted, england=england, address=app)
        return _Made(asked, pack.pack_id, pack_bytes(pack))


def _told(fault: Exception) -> str:
    """Why there is no pack, and what to do: a question is asked otherwise, all else is put right and pressed again."""
    if isinstance(fault, QuestionError | UnknownNameError):
        return f"The pack could not be made. {fault} Choose otherwise on this page, then press again."
    if isinstance(fault, StoreError):
        return f"The pack could not be made. {fault} See whether the store is still where it was, then press again."
    if isinstance(fault, AssetmapError):
        return f"The pack could not be made. {fault} Then press again."
    why = getattr(fault, "strerror", None) or str(fault) or "there is too little memory"
    return f"The pack could not be made: {why}. Nothing was changed. Make room on this machine, then press again."


def _ready(made: _Made, place_id: str) -> None:
    size = len(made.content) / 1e6
    st.success(f"Ready: evidence pack {in_fours(made.pack_id)}, {size:,.1f} MB.")
    st.download_button(
        SAVE,
        made.content,
        file_name=f"{place_id}-pack.zip",
        mime="application/zip",
        on_click="ignore",
        type="primary",
    )
