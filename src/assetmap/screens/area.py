"""Which part of a place a page is about: neighbourhoods or parts of town by name, or an area drawn, all in the address.

``?area=E01006074,E01006075`` names neighbourhoods, ``?area=Old Trafford`` a part of town, and
``?outline=-2.36,53.38 -2.33,53.38 -2.33,53.40`` is an area drawn, by its corners, as ``assetmap ask profile --outline``
takes them. With ``draw=on`` the map waits for one to be drawn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import streamlit as st
from shapely.geometry import Polygon

from assetmap.errors import AssetmapError, CrossedOutlineError, QuestionError
from assetmap.placeview import PlaceView
from assetmap.questions.outlines import CORNERS_AT_MOST, few_corners, read_corners, read_outlines, written_corners
from assetmap.screens import address, choices
from assetmap.screens.drawings import PROFILE
from assetmap.screens.neighbourhoods import names

Spot = tuple[float, float]
"""Latitude and longitude in degrees."""

_FILES: Final = ("geojson", "json")


@dataclass(frozen=True)
class Asked:
    """What the address asks about, and plain notices about what it asked in vain.

    Attributes
    ----------
    words
        Codes of neighbourhoods and names of parts of town; none for the whole place.
    corners
        Of an area drawn, as the address writes them.
    drawing
        Whether the map waits for an area to be drawn.
    """

    words: tuple[str, ...] = ()
    corners: str = ""
    drawing: bool = False
    notices: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is the whole place."""
        return not self.words and self.outline is None

    @property
    def outline(self) -> Polygon | None:
        """The area drawn."""
        return read_corners(self.corners) if self.corners else None

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Latitude and longitude of its corners."""
        pairs = (corner.split(",") for corner in self.corners.split())
        return tuple((float(lat), float(lon)) for lon, lat in pairs)

    def codes(self, view: PlaceView) -> set[str]:
        """The neighbourhoods that the words mean."""
        areas = view.areas
        meant = areas["area_code"].isin(self.words) | areas["locality"].isin(self.words)
        return set(areas.loc[meant, "area_code"])


def asked(titles: Mapping[str, str]) -> Asked:
    """What the address asks about.

    Parameters
    ----------
    titles
        What may be asked about by name, as :func:`titles_of` gives it.
    """
    return asked_of(st.query_params, titles)


def asked_of(params: Mapping[str, str], titles: Mapping[str, str]) -> Asked:
    """What the words of an address ask about: see :func:`asked`."""
    drawing = params.get("draw") == "on"
    corners, told = _readable(" ".join(params.get("outline", "").split()))
    words = address.some_of(params, "area", titles, ())
    return Asked(() if corners or drawing else words.chosen, corners, drawing, (*words.notices, *told))


def _readable(text: str) -> tuple[str, tuple[str, ...]]:
    """Corners as they are written, and a notice instead of what cannot be read."""
    if not text:
        return "", ()
    try:
        read_corners(text, CORNERS_AT_MOST)
    except CrossedOutlineError as fault:
        return "", (f"{fault} It was left out: draw it again.",)
    except QuestionError:
        return "", (address.notice("the outline", text),)
    return text, ()


def titles_of(view: PlaceView) -> dict[str, str]:
    """Every neighbourhood by its code, and every part of town of several by its name, in the order of their names."""
    told = dict(zip(view.areas["area_code"].astype(str), names(view), strict=True))
    counts = view.areas["locality"].dropna().value_counts()
    parts = {
        str(name): f"{name}: all {count} neighbourhoods"
        for name, count in counts.items()
        if count > 1 and str(name).strip() and "," not in str(name) and name not in told
    }
    return dict(sorted({**told, **parts}.items(), key=lambda one: one[1].casefold()))


def controls(view: PlaceView, now: Asked, titles: Mapping[str, str]) -> None:
    """The list to choose from, and drawing an area instead."""
    if now.drawing:
        _drawing()
        return
    key = choices.key_of("area")
    st.session_state[key] = list(now.words)
    st.multiselect(
        "Which neighbourhood, or several?", list(titles), key=key, format_func=titles.__getitem__,
        placeholder=f"All of {view.name}", on_change=_write_area, args=(choices.scope_now(), key),
    )  # fmt: skip
    with st.container(key="outline", horizontal=True, gap="small"):
        words = {"draw": "on", "area": "", "outline": ""}
        _button("Draw an area" if now.outline is None else "Draw another", "draw", words)
        if now.outline is not None:
            _button("Take it away", "undraw", {"outline": ""})
        _file()


def _drawing() -> None:
    st.info("Press the corners on the map, then Finish, which is on the map too.")
    with st.container(key="outline", horizontal=True, gap="small"):
        _button("Stop drawing", "stop", {"draw": "", "outline": ""})
    st.caption("By keyboard: move the map with the arrow keys, and press Enter for a corner under the cross.")


def draws(place_id: str) -> str:
    """The query of the page of an area that was drawn, up to its corners, as :class:`assetmap.maps.View` takes it."""
    return address.link({"page": PROFILE, "place": place_id, "outline": ""})


def _button(words: str, key: str, then: Mapping[str, str], *, first: bool = False) -> None:
    st.button(
        words, key=choices.key_of(f"outline-{key}"), type="primary" if first else "secondary",
        on_click=choices.write_all, args=(choices.scope_now(), then),
    )  # fmt: skip


def _write_area(scope: str, key: str) -> None:
    chosen = st.session_state[key]
    choices.write_all(scope, {"area": address.written(chosen) if chosen else "", "outline": "", "draw": ""})


def _file() -> None:
    """An outline out of a file: a ward, a parish, an estate."""
    with st.popover("Use a file"):
        st.write("A GeoJSON file of one area, or of several to choose from, such as wards.")
        sent = st.file_uploader("File of outlines", type=list(_FILES), key=choices.key_of("outline-file"))
        if sent is None:
            return
        try:
            outlines = _outlines(sent.name, sent.getvalue())
        except AssetmapError as fault:
            st.error(str(fault))
            return
        _choose(outlines)


def _outlines(name: str, content: bytes) -> gpd.GeoDataFrame:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{Path(name).stem[:40]}.geojson"
        path.write_bytes(content)
        return read_outlines(path, None)


def _choose(outlines: gpd.GeoDataFrame) -> None:
    called: Sequence[str] = list(outlines["name"])
    chosen = st.selectbox("Which area?", called, key=choices.key_of("outline-which"))
    if not st.button("Show this area", type="primary", key=choices.key_of("outline-use")):
        return
    try:
        corners = few_corners(outlines.geometry.iloc[called.index(chosen)])
    except QuestionError as fault:
        st.error(str(fault))
        return
    choices.write_all(choices.scope_now(), {"outline": written_corners(corners), "area": "", "draw": ""})
    st.rerun()
