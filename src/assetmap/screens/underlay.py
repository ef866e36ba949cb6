"""Whether the street map's server can be reached: asked once, when the app starts, and never by a page."""

from __future__ import annotations

import threading
import urllib.request
from http.client import HTTPException
from typing import Final

ANSWER_WITHIN_S: Final = 2.0
_ONE_TILE: Final = {"{z}": "0", "{x}": "0", "{y}": "0"}
_OK: Final = 200


class TileServer:
    """A server of picture tiles, asked for one tile in the background.

    Parameters
    ----------
    url
        Where the tiles are, with ``{z}``, ``{x}`` and ``{y}``.
    limit_s
        Seconds after which no answer means no.
    """

    def __init__(self, url: str, limit_s: float = ANSWER_WITHIN_S) -> None:
        self.url = url
        self._limit_s = limit_s
        self._answered = False
        # looking up a host's name heeds no time limit, so the wait for this thread has one
        self._asking = threading.Thread(target=self._ask, name="tile-server", daemon=True)
        self._asking.start()

    def _ask(self) -> None:
        address = self.url
        for part, value in _ONE_TILE.items():
            address = address.replace(part, value)
        try:
            asked = urllib.request.Request(address, headers={"User-Agent": "assetmap"})  # noqa: S310
            with urllib.request.urlopen(asked, timeout=self._limit_s) as answer:  # noqa: S310
                self._answered = answer.status == _OK
        except (OSError, ValueError, HTTPException):
            self._answered = False

    def answers(self) -> bool:
        """Whether it gave a tile; waits for that no longer than the limit, and only while it has not answered."""
        self._asking.join(self._limit_s)
        return self._answered
