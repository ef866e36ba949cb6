"""The folium map itself: it loads the drawing from addresses it is given, and holds no rows of its own."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final

import folium
from folium.template import Template

from assetmap.maps.encoding import to_json
from assetmap.maps.model import MapData, View

STATIC_FOLDER: Final = Path(__file__).parent / "static"
"""The script and the style sheet that draw the map in a browser."""

OPENSTREETMAP_TILES: Final = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"

_NOT_ALWAYS: Final = ("overlay", "focus", "opens", "corners", "draws", "keeps")
"""What a view says only where it has it."""


def leaflet_folder() -> Path:
    """Where the installed Leaflet lies: ``leaflet.js``, ``leaflet.css`` and its images."""
    return Path(str(files("js_lib_leaflet") / "static" / "js_lib_leaflet"))


@dataclass(frozen=True)
class Links:
    """Where the browser gets what draws the map.

    Attributes
    ----------
    leaflet_js, leaflet_css, map_js, map_css, data_js
        Addresses on the app's own host, or ``data:`` addresses for a file that must open alone.
    """

    leaflet_js: str
    leaflet_css: str
    map_js: str
    map_css: str
    data_js: str


def draw_map(data: MapData, links: Links, *, view: View | None = None, tiles_url: str = "") -> folium.Map:
    """A folium map that draws ``data`` with what ``links`` offers, and asks no other host for anything.

    Parameters
    ----------
    view
        What shows from the start; left out, it is given later by :func:`show`.
    tiles_url
        Where OpenStreetMap's picture tiles are, with ``{z}``, ``{x}`` and ``{y}``. Only while a view has ``tiles``
        does the browser ask that host for them.
    """
    drawn = _PlaceMap(links)
    _Drawing(data.digest, tiles_url).add_to(drawn)
    if view is not None:
        show(view).add_to(drawn)
    return drawn


def show(view: View) -> folium.FeatureGroup:
    """A feature group that draws nothing itself: added to a map, it shows what ``view`` names."""
    group = folium.FeatureGroup(name="view", control=False)
    _Chosen(view).add_to(group)
    return group


def embedded_links(data: MapData) -> Links:
    """Links that carry everything with them, for a map saved as one file that opens with no internet."""
    leaflet = leaflet_folder()
    return Links(
        leaflet_js=_data_address((leaflet / "leaflet.js").read_bytes(), "text/javascript"),
        leaflet_css=_data_address((leaflet / "leaflet.css").read_bytes(), "text/css"),
        map_js=_data_address((STATIC_FOLDER / "map.js").read_bytes(), "text/javascript"),
        map_css=_data_address((STATIC_FOLDER / "map.css").read_bytes(), "text/css"),
        data_js=_data_address(data.script, "text/javascript"),
    )


def _data_address(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


class _PlaceMap(folium.Map):
    """A folium map whose script and style links are this app's own, not the usual content networks."""

    def __init__(self, links: Links) -> None:
        super().__init__(
            tiles=None,
            zoom_snap=0.1,
            zoom_delta=0.5,
            location=(53.0, -1.5),
            zoom_start=10,
            min_zoom=6,
        )
        self.default_js = [("leaflet", links.leaflet_js), ("assetmap", links.map_js), ("data", links.data_js)]
        self.default_css = [("leaflet_css", links.leaflet_css), ("assetmap_css", links.map_css)]


class _Drawing(folium.MacroElement):
    """Draws the registered data on the map it is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'assetmap.draw({{ this._parent.get_name() }}, window.assetmapData["{{ this.digest }}"], '
        "{{ this.tiles_url }});"
        "{% endmacro %}"
    )

    def __init__(self, digest: str, tiles_url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self.digest = digest
        self.tiles_url = to_json(tiles_url)


def _chosen_json(view: View) -> str:
    told = asdict(replace(view, overlay=None))
    kept = {name: value for name, value in told.items() if name not in _NOT_ALWAYS or value}
    over = f',"overlay":{view.overlay.json}' if view.overlay else ""
    return f"{to_json(kept)[:-1]}{over}}}"


class _Chosen(folium.MacroElement):
    """Applies a view to the map that its feature group is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "assetmap.view({{ this._parent._parent.get_name() }}, {{ this.view }});"
        "{% endmacro %}"
    )

    def __init__(self, view: View) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Chosen"
        self.view = _chosen_json(view)
