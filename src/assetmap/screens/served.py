"""What the app serves beside its pages: Leaflet, fonts, the drawings, and a sign that it is well.

Everything a browser needs comes from this host, so the map draws in a hall with no internet and on a network that
blocks content networks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from importlib.resources import files
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from assetmap.maps import STATIC_FOLDER, Links, MapData, leaflet_folder
from assetmap.screens import address
from assetmap.screens.pages import TITLES

ROOT: Final = "/assetmap"
DRAWINGS_KEPT: Final = 64


class Shelf:
    """The drawings that open pages ask for, by digest; the ones longest unused make room for new ones."""

    def __init__(self, kept: int = DRAWINGS_KEPT) -> None:
        self._kept = kept
        self._drawings: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, data: MapData) -> None:
        """Keep a drawing for the browsers that are about to ask for it."""
        with self._lock:
            self._drawings[data.digest] = data.script
            self._drawings.move_to_end(data.digest)
            while len(self._drawings) > self._kept:
                self._drawings.popitem(last=False)

    def get(self, digest: str) -> bytes | None:
        """The script of that digest, or ``None`` when it is not kept any more."""
        with self._lock:
            return self._drawings.get(digest)


SHELF: Final = Shelf()
"""One a process: pages put drawings on it, and the route below hands them out."""


def links_to(data: MapData) -> Links:
    """Where the browser finds what draws ``data``, all on this host."""
    return Links(
        leaflet_js=f"{ROOT}/leaflet/leaflet.js",
        leaflet_css=f"{ROOT}/leaflet/leaflet.css",
        map_js=f"{ROOT}/map/map.js",
        map_css=f"{ROOT}/map/map.css",
        data_js=f"{ROOT}/drawings/{data.digest}.js",
    )


def routes() -> list[BaseRoute]:
    """The routes that stand beside the pages."""
    fonts = str(files("font_source_sans_pro") / "files")
    return [
        Route("/healthz", _health),
        *(Route(f"/{word}", _old_path) for word in TITLES),
        Route(f"{ROOT}/drawings/{{digest:str}}.js", _drawing),
        Mount(f"{ROOT}/leaflet", StaticFiles(directory=leaflet_folder())),
        Mount(f"{ROOT}/map", StaticFiles(directory=STATIC_FOLDER)),
        Mount(f"{ROOT}/fonts", StaticFiles(directory=fonts)),
    ]


def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _old_path(request: Request) -> Response:
    """Pages once had paths of their own: such a link leads to the same page."""
    return RedirectResponse("./" + address.link({"page": request.url.path.rpartition("/")[2], **request.query_params}))


def _drawing(request: Request) -> Response:
    script = SHELF.get(request.path_params["digest"])
    if script is None:
        return Response("This drawing is no longer kept. Reload the page.", status_code=404, media_type="text/plain")
    return Response(
        script, media_type="text/javascript", headers={"Cache-Control": "private, max-age=31536000, immutable"}
    )
