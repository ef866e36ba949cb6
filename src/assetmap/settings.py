"""The environment -> frozen settings, once, at the door."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assetmap.errors import SettingError

DEFAULT_STORE: Final = "assetmap.gpkg"
DEFAULT_OVERPASS: Final = "https://overpass-api.de/api"
DEMO_PLACE: Final = "town"
"""The id of the made-up town, and its folder under ``data``."""

_HERE: Final = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Settings:
    """Where things are.

    Attributes
    ----------
    store_url
        A PostGIS address, or the path of an embedded store.
    data_root
        The folder of published files that place files speak of; ``None`` when none is given.
    share
        The folder that holds ``layers``, ``data`` and ``app.py``: the project's own, or the installed package's.
    tiles
        ``auto`` asks the tile server once at start-up; ``on`` and ``off`` decide it.
    overpass_url
        The Overpass server that sources with ``reader: osm_live`` are asked of.
    """

    store_url: str
    data_root: Path | None
    share: Path
    tiles: str = "auto"
    overpass_url: str = DEFAULT_OVERPASS

    @property
    def layers_folder(self) -> Path:
        """The folder of layer files."""
        return self.share / "layers"

    @property
    def place_folders(self) -> tuple[Path, ...]:
        """The folders of place files: real places, and the made-up town."""
        return self.share / "data" / "places", self.share / "data" / DEMO_PLACE


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment's ``ASSETMAP_`` variables: ``DATABASE_URL``, ``REAL_DATA``, ``HOME``, ``TILES``
    and ``OVERPASS_URL``.

    Raises
    ------
    SettingError
        If one of them cannot be used.
    """
    given = os.environ if environment is None else environment
    tiles = given.get("ASSETMAP_TILES", "auto")
    if tiles not in {"auto", "on", "off"}:
        raise SettingError(f"ASSETMAP_TILES is {tiles!r}; it may be auto, on or off.")
    data = given.get("ASSETMAP_REAL_DATA")
    return Settings(
        given.get("ASSETMAP_DATABASE_URL") or DEFAULT_STORE,
        Path(data) if data else None,
        _share_folder(given.get("ASSETMAP_HOME")),
        tiles,
        _overpass(given.get("ASSETMAP_OVERPASS_URL") or DEFAULT_OVERPASS),
    )


def _overpass(given: str) -> str:
    """The address under which a server has ``interpreter`` and ``status``; people often give that of the former."""
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", given):
        raise SettingError(f"ASSETMAP_OVERPASS_URL is {given!r}; it may be an address such as {DEFAULT_OVERPASS}.")
    return given.rstrip("/").removesuffix("/interpreter")


def _share_folder(given: str | None) -> Path:
    """A checkout keeps ``layers`` beside ``src``; an installed package carries its own copy."""
    candidates = [Path(given)] if given else [_HERE.parent.parent, _HERE / "share"]
    for folder in candidates:
        if (folder / "layers").is_dir() and (folder / "data" / "places").is_dir():
            return folder
    raise SettingError(
        f"No folders 'layers' and 'data/places' in {candidates[0]}. Set ASSETMAP_HOME to the folder that has them."
    )
