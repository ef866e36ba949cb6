"""Malformed inputs at the real door: each gives one clear message or an issue, and nothing stored before is harmed.

Every case starts from a store that already holds the good place of :mod:`bad_inputs` with what people added to it.
Then files of one source are replaced and the source is loaded again. A file that is refused changes nothing at all; of
a file that is taken, every row is counted, each bad one has its issue, and the good ones are as they were.
"""

from __future__ import annotations

import copy
import gzip
import os
import shutil
import sqlite3
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pytest
import shapely
import yaml

import bad_inputs as given
from assetmap.cli import main
from assetmap.errors import AssetmapError, ContributionError
from assetmap.layers import Layer, read_layers
from assetmap.loading import Outcome, load_place
from assetmap.places import find_place
from assetmap.store import open_store
from bad_inputs import (
    AREAS,
    BUILDINGS,
    DEPRIVATION,
    LAND,
    PARKS,
    PLACE,
    POSTCODES,
    area_shape,
    areas_with,
    buildings_with,
    geojson,
    held,
    land_with,
    park_shape,
    parks_with,
    polygon,
    ring,
    rows_of,
    table,
    without,
    zipped,
)
from conftest import Server

GOOD = {"areas": list(given.CODES), "postcodes": ["ZZ1 1AA", "ZZ1 1AB", "ZZ1 1AD"], "land": ["P1", "P2", "P3"],
        "buildings": ["B1", "B2", "B3"], "parks": ["G1", "G2", "G3"], "streets": ["way/10", "way/11"]}  # fmt: skip

# --- the cases --------------------------------------------------------------------------------------------------------

Files = Mapping[str, bytes | str | None]


class Said(NamedTuple):
    """An issue, as a case expects it."""

    row: int | None
    field: str
    kind: str
    effect: str


@dataclass(frozen=True)
class Refused:
    """A source that cannot be taken: every one of ``says`` is in the message."""

    source: str
    files: Files
    says: tuple[str, ...]
    declare: given.Change | None = None


@dataclass(frozen=True)
class Taken:
    """A source of which the good rows are taken.

    ``counts`` are the rows in, stored, set aside and dropped. ``kept`` are the ids of good rows that must be as they
    were (all of them when not given), ``new`` are others with what must be stored of them, ``says`` is in the messages.
    """

    source: str
    files: Files
    counts: tuple[int, int, int, int]
    issues: tuple[Said, ...] = ()
    says: tuple[str, ...] = ()
    new: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kept: tuple[str, ...] | None = None
    declare: given.Change | None = None


def source_with(source: str, **changes: Any) -> given.Change:
    """The place file with some keys of one source changed, or (``None``) taken out."""

    def change(place: dict[str, Any]) -> None:
        place["sources"][source].update(changes)
        for key in [key for key, value in changes.items() if value is None]:
            del place["sources"][source][key]

    return change


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
HTML = "<!DOCTYPE html><html><body>404 Not Found</body></html>"
