"""The map on a page. Choosing what to see changes a few bytes; the map itself is loaded once a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streamlit_folium import st_folium

from assetmap.maps import MapData, View, draw_map, show
from assetmap.screens.served import SHELF, links_to

FIRST_HEIGHT_PX = 640
"""Until the page's style sheet gives the frame the height of the window."""


def show_map(data: MapData, view: View, *, tiles_url: str = "") -> tuple[float, float] | None:
    """Draw ``data`` as ``view`` says.

    The component's own script names only the drawing, so a new ``view`` leaves the map, its zoom and its centre alone,
    and pages that show the same drawing share one map.

    Returns
    -------
    tuple of float or None
        Latitude and longitude of the last press while ``view.adding``, in degrees.
    """
    SHELF.put(data)
    told: Mapping[str, Any] = st_folium(
        draw_map(data, links_to(data), tiles_url=tiles_url),
        key="map",
        height=FIRST_HEIGHT_PX,
        use_container_width=True,
        returned_objects=["last_clicked"] if view.adding else [],
        feature_group_to_add=show(view),
    )
    pressed = told.get("last_clicked") if view.adding else None
    return (pressed["lat"], pressed["lng"]) if pressed else None
