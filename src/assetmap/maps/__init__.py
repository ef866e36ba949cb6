"""Frames drawn as a folium map: what a place has in colour, need in greys, what was lost as dashed rings.

Three steps. :func:`map_data` turns frames into one compact script, made once a place. :func:`draw_map` makes the folium
map that loads it; nothing else is in that map's own code, so it stays the same while people choose what to see.
:func:`show` makes the few bytes that say what is chosen now; a browser that has the map applies them in place.
:func:`overlay` makes what one question draws over the place, which goes with those bytes.

Words from rows travel as JSON and are put on the page as text nodes by ``static/map.js``: no row can add markup.
"""

from assetmap.maps.leaflet import (
    OPENSTREETMAP_TILES,
    STATIC_FOLDER,
    Links,
    draw_map,
    embedded_links,
    leaflet_folder,
    show,
)
from assetmap.maps.model import AreaStyle, Backdrop, MapData, MapLayer, Overlay, View
from assetmap.maps.overlay import overlay
from assetmap.maps.payload import map_data
from assetmap.maps.rings import RINGS
from assetmap.maps.telling import WHAT_HAPPENED, added_by, detail_title, plain_date

__all__ = [
    "OPENSTREETMAP_TILES",
    "RINGS",
    "STATIC_FOLDER",
    "WHAT_HAPPENED",
    "AreaStyle",
    "Backdrop",
    "Links",
    "MapData",
    "MapLayer",
    "Overlay",
    "View",
    "added_by",
    "detail_title",
    "draw_map",
    "embedded_links",
    "leaflet_folder",
    "map_data",
    "overlay",
    "plain_date",
    "show",
]
