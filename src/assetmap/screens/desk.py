"""The open store and what has been read from it, kept between visits until something in the store changes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from threading import Thread

import streamlit as st

from assetmap.chosen import ON_FOOT, Walking
from assetmap.layers import Layer, read_layers
from assetmap.maps import OPENSTREETMAP_TILES
from assetmap.placeview import PlaceView
from assetmap.questions.profile import ENGLAND
from assetmap.screens.underlay import TileServer
from assetmap.settings import Settings, read_settings
from assetmap.store import Store, open_store

PLACES_KEPT = 16


@cache
def settings() -> Settings:
    """The settings, read once a process."""
    return read_settings()


@st.cache_resource
def store() -> Store:
    """The store that the settings name, opened once a process."""
    return open_store(settings().store_url)


@st.cache_resource
def layers() -> dict[str, Layer]:
    """Every declared layer."""
    return read_layers(settings().layers_folder)


@cache
def get_ready_to_print() -> None:
    """Read in what draws sheets, once a process, while people look at a page: nobody who saves a map waits for that."""
    Thread(target=import_module, args=("assetmap.sheets.layout",), daemon=True).start()


@cache
def tile_server() -> TileServer | None:
    """The street map's server, asked once a process; ``None`` when the settings decide without asking."""
    return TileServer(tiles_url()) if settings().tiles == "auto" else None


def tiles_url() -> str:
    """Where the street map's tiles are: OpenStreetMap's own, or a server that ``ASSETMAP_TILES_URL`` names."""
    return os.environ.get("ASSETMAP_TILES_URL") or OPENSTREETMAP_TILES


def has_street_map() -> bool:
    """Whether pages offer the street map underneath."""
    server = tile_server()
    return settings().tiles == "on" if server is None else server.answers()


def places() -> Mapping[str, str]:
    """Place id to its name; a made-up place says so."""
    rows = store().places()
    told = zip(rows["place_id"], rows["name"], rows["fictional"], strict=True)
    return {str(place_id): f"{name} (made up)" if fictional else str(name) for place_id, name, fictional in told}


def place_view(place_id: str, walking: Walking = ON_FOOT) -> PlaceView:
    """The place as it is in the store now, with one way of walking in it."""
    return _place_view(place_id, fingerprint(place_id), walking)


def england_beside(place_id: str) -> PlaceView | None:
    """England to compare a place with, where it is loaded; a place is not compared with itself."""
    return place_view(ENGLAND) if ENGLAND in places() and place_id != ENGLAND else None


def fingerprint(place_id: str) -> str:
    """Changes with every load, contribution and review of the place: what is drawn from it is kept until then."""
    return store().fingerprint(place_id)


@st.cache_resource(max_entries=PLACES_KEPT, show_spinner="Reading the place…")
def _place_view(place_id: str, fingerprint: str, walking: Walking) -> PlaceView:
    return PlaceView(store(), place_id, layers(), walking)
