"""What is written down once and travels whole: of a place, a load and its files, and what one person added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import shapely


def utc_now() -> str:
    """The time now in UTC, to the second, such as ``2026-01-31T09:30:00Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class PlaceRecord:
    """What is known of a place; ``fictional`` for a made-up one, which is labelled so everywhere."""

    place_id: str
    name: str
    about: str | None = None
    authority_code: str | None = None
    fictional: bool = False


@dataclass(frozen=True)
class SourceFile:
    """One file of a source: the register itself, one joined to it, or one of entrances.

    ``source_date`` is as in :class:`LoadRecord`, and empty where nobody gives it.
    """

    title: str
    publisher: str
    source_date: str
    licence: str


@dataclass(frozen=True)
class LoadRecord:
    """Where the rows of one load came from, and what became of each: the provenance behind every published number.

    Attributes
    ----------
    source
        ``place/source``, as in the ``source`` column of the rows.
    layer
        The layer that the source feeds.
    path, sha256
        The file as the place file names it, and the digest of its bytes.
    source_date
        The day the publisher gives for the data, as precise as it is known (``2023``, ``2023-12``, ``2023-12-31``).
    loaded_at
        UTC, to the second, such as ``2026-01-31T09:30:00Z``.
    rows_in, stored, set_aside, dropped
        Rows of the source; ``rows_in = stored + set_aside + dropped``, always.
    set_aside_rules
        How many rows each rule set aside.
    files
        Each file of the source, its own first; ``title``, ``publisher`` and ``licence`` are theirs together.
    """

    place_id: str
    source: str
    layer: str
    title: str
    publisher: str
    licence: str
    attribution: str
    path: str
    sha256: str
    rows_in: int
    stored: int
    set_aside: int = 0
    dropped: int = 0
    url: str | None = None
    source_date: str | None = None
    set_aside_rules: Mapping[str, int] = field(default_factory=dict)
    loaded_at: str = field(default_factory=utc_now)
    files: tuple[SourceFile, ...] = ()


@dataclass(frozen=True)
class ContributionRecord:
    """What one person added by hand: kept as they said it, beside the registers and marked as theirs.

    Attributes
    ----------
    says
        In their own words.
    how_known
        How they know, such as ``I help run it``.
    seen_on
        When they last saw it so, as an ISO 8601 date as precise as they know.
    geometry
        A point in longitude and latitude (EPSG:4326).
    state
        One of :data:`assetmap.tables.CONTRIBUTION_STATES`.
    created_at
        UTC, to the second.
    """

    place_id: str
    layer: str
    kind: str
    name: str
    geometry: shapely.Point
    says: str | None = None
    how_known: str | None = None
    seen_on: str | None = None
    who_for: str | None = None
    state: str = "pending"
    contribution_id: str = field(default_factory=lambda: str(uuid4()))
    created_at: str = field(default_factory=utc_now)
