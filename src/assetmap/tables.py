"""The columns of the store and the types of the frames that travel between the rooms.

The tables themselves are in :mod:`assetmap.store.schema`; here are the names of their columns, which the frames share.

The frame types are promises. ``Assets``, ``Areas``, ``Streets`` and ``Locators`` are GeoDataFrames in EPSG:4326 whose
rows have passed the checks, and ``Figures`` and ``Heights`` are frames of such rows without shapes; only
:mod:`assetmap.checks` (new rows) and :mod:`assetmap.store` (rows that passed before) make them, and mypy refuses a
plain frame where one of them is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NewType

import geopandas as gpd
import pandas as pd

Assets = NewType("Assets", gpd.GeoDataFrame)
"""One row a place, service, group or street: the columns of :data:`ASSET_COLUMNS`, and ``access``."""

Areas = NewType("Areas", gpd.GeoDataFrame)
"""One row a neighbourhood: the columns of :data:`AREA_COLUMNS`."""

Streets = NewType("Streets", gpd.GeoDataFrame)
"""One row a way that a person may walk: the columns of :data:`STREET_COLUMNS`.

Two ways meet where they share a vertex to the seventh decimal of a degree, as in OpenStreetMap; a bridge does not."""

Locators = NewType("Locators", gpd.GeoDataFrame)
"""One row a postcode, UPRN or building and where it is: the columns of :data:`LOCATOR_COLUMNS`."""

Figures = NewType("Figures", pd.DataFrame)
"""One row for what is published about one area by its code: the columns of :data:`FIGURE_COLUMNS`."""

Heights = NewType("Heights", pd.DataFrame)
"""One row a square kilometre with the heights of its ground: the columns of :data:`HEIGHT_COLUMNS`."""

Issues = NewType("Issues", pd.DataFrame)
"""One row a fault in one row of a source: the columns of :data:`ISSUE_COLUMNS`."""

AREA_COLUMNS: Final = (
    "area_code",  # TEXT, such as E01006075
    "place_id",
    "name",
    "locality",  # what residents call the part of town, where a source says
    "geography",  # TEXT, such as "LSOA 2021": rows of different vintages are never joined
    "population",  # INTEGER people, null when not known
    "imd_score",  # REAL, higher is more deprived
    "imd_rank",  # INTEGER, 1 is the most deprived of England
    "imd_decile",  # INTEGER, 1 is the most deprived tenth of England
    "imd_edition",  # INTEGER year
    "source",
    "source_row",
    "geometry",  # MultiPolygon
)

REGISTER_NAME: Final = "register_name"
"""What the register calls a row, beside the ``name`` that people read (:func:`assetmap.wording.displayed`)."""

ASSET_COLUMNS: Final = (
    "asset_id",  # TEXT, "place/source:row id", stable across reloads
    "place_id",
    "layer",
    "kind",
    "name",
    "status",  # one of STATUSES
    "opened_on",  # ISO 8601 date as precise as the source: "2013", "2013-03" or "2013-03-31"
    "closed_on",
    "what_happened",  # one of HAPPENINGS, null when nothing did
    "run_by",
    "owner",
    "tenure",
    "who_for",
    "cost",
    "step_free",  # TEXT: yes, partly, no
    "opening_hours",
    "hours_per_week",  # REAL
    "staffed_hours_per_week",  # REAL
    "address",
    "postcode",
    "uprn",
    "area_code",  # the neighbourhood it stands in, null when just outside the place
    "located_by",  # one of LOCATED_BY
    "location_accuracy_m",  # REAL metres
    "location_note",  # what was put right, in plain words
    "source",  # "place/source"
    "source_row",  # INTEGER, the row of the source's file, first row of data is 1
    "contributed",  # INTEGER, 1 when a person added it here
    "details",  # JSON object: the fields that only this row's layer has
    "geometry",  # any type
)

STREET_COLUMNS: Final = (
    "street_id",  # TEXT, "place/source:row id"
    "place_id",
    "kind",
    "highway",
    "name",
    "source",
    "source_row",
    "details",  # JSON object: the layer's own fields, such as surface
    "geometry",
)

LOCATOR_COLUMNS: Final = (
    "locator_id",  # TEXT, "place/source:reference"
    "place_id",
    "scheme",  # one of SCHEMES
    "reference",  # "M31 4FA", "100012797623", or what its map calls a building
    "accuracy_m",  # REAL metres
    "area_code",  # the neighbourhood it lies in, null when outside the place
    "homes",  # REAL, how many homes a building holds, told or by its size; null for postcodes and UPRNs
    "source",
    "source_row",
    "details",  # JSON object: the layer's own fields, such as how many dwellings a building is said to hold
    "geometry",  # Point
)

SCHEMES: Final = ("postcode", "uprn", "building")
"""How what is located is known: by its postcode, its property number, or the name that a map of buildings gives it."""

FIGURE_COLUMNS: Final = (
    "figure_id",  # TEXT, "place/source:row id"
    "place_id",
    "layer",
    "code",  # TEXT, the area's official code as published
    "geography",  # TEXT, such as "LSOA 2011": of which drawing of the areas the code is
    "edition",  # INTEGER year, null when the source has none
    "details",  # JSON object: the layer's own fields
    "source",
    "source_row",
)

HEIGHT_COLUMNS: Final = (
    "height_id",  # TEXT, "place/source:easting/northing"
    "place_id",
    "easting_m",  # INTEGER, the south-west corner of a square kilometre of the National Grid
    "northing_m",  # INTEGER
    "heights_m",  # JSON array of HEIGHTS_A_SQUARE numbers or nulls, see HEIGHT_STEP_M
    "source",
    "source_row",
)

HEIGHT_SQUARE_M: Final = 1_000
"""A row of heights is of a square of the National Grid with sides of so many metres."""

HEIGHT_STEP_M: Final = 50
"""Heights are of points so far apart, in metres above the sea: row by row from the south, each from west to east, the
first of them half a step inside the square's south-west corner. Those of OS Terrain 50 are these points."""

HEIGHTS_A_SIDE: Final = HEIGHT_SQUARE_M // HEIGHT_STEP_M
HEIGHTS_A_SQUARE: Final = HEIGHTS_A_SIDE**2

ISSUE_COLUMNS: Final = (
    "source",
    "row",  # INTEGER, the row of the source's file; null when it is about the whole file
    "field",  # the column as the source spells it
    "value",  # as the source gives it, cut to 200 characters; "(private)" for layers that hide addresses
    "kind",  # a short stable word, such as outside_place
    "effect",  # one of EFFECTS
    "name",  # what the row calls itself, so that a person can find it
    "message",  # what is wrong and what to do, in plain words
    "who_can_mend",  # the publisher of the source, or the keeper of the place file
)

STATUSES: Final = ("open", "closed", "paused", "unknown")
"""``paused`` is closed for a time; ``unknown`` is what the source does not say."""

OPEN: Final = ("open", "unknown")
"""The statuses of what counts as standing today."""

SHUT: Final = ("closed", "paused")
"""The statuses of what could open again."""

HAPPENINGS: Final = ("closed", "moved", "merged", "handed_over", "hours_cut", "temporary")
"""What happened to a service. Only ``closed`` is a loss outright; ``handed_over`` went to the community and is open."""

STOOD_ELSEWHERE: Final = ("moved", "merged")
"""What happened to services that no longer stand where the ledger has them, though they are not counted as lost."""

NAMELESS: Final = " (no name given)"
"""How the names of places end that their register does not name."""

LOCATED_BY: Final = ("coordinates", "outline", "uprn", "postcode", "placed_by_hand")

EFFECTS: Final = ("dropped", "put_right", "noted")
"""``dropped``: not stored. ``put_right``: stored, mended as the message says. ``noted``: stored as it came."""


@dataclass(frozen=True)
class Issue:
    """A fault in one row of a source, in the words of :data:`ISSUE_COLUMNS`."""

    source: str
    row: int | None
    field: str
    value: str
    kind: str
    effect: str
    name: str
    message: str
    who_can_mend: str


@dataclass(frozen=True)
class RawFrame:
    """A source as it was read: text in columns, nothing judged.

    Attributes
    ----------
    rows
        Every column is text (``str``; missing is the empty string), named as the source spells it, with a
        ``RangeIndex``; ``row_numbers`` runs beside it.
    row_numbers
        The row of each in its file, the first row of data being 1.
    shapes
        The geometry of each row in its own declared system (``shapes.crs``), or ``None`` for a table.
    unreadable
        ``(row number, value, message)`` of rows that could not be read as rows at all; each counts as a row in.
    notes
        What a person should know of how the file was read, such as a title left out above the header.
    """

    rows: pd.DataFrame
    row_numbers: pd.Series[int]
    shapes: gpd.GeoSeries | None = None
    unreadable: tuple[tuple[int, str, str], ...] = field(default=())
    notes: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        """How many rows the source has, the unreadable among them."""
        return len(self.rows) + len(self.unreadable)


Holds = Literal["areas", "assets", "streets", "locators", "figures", "heights"]
"""Which table the rows of a layer go to."""

OWN_FIELDS: Final[tuple[Holds, ...]] = ("assets", "streets", "locators", "figures")
"""The tables with ``details``, whose layers may have fields of their own."""


@dataclass(frozen=True)
class LayerView:
    """A layer as a reader of the database sees it: a view of that name, with the layer's own fields as columns.

    Attributes
    ----------
    layer
        The layer's id, and the view's name.
    holds
        Which table the layer's rows are in.
    detail_fields
        Names of the fields kept in ``details``; only layers of :data:`OWN_FIELDS` have any.
    """

    layer: str
    holds: Holds
    detail_fields: tuple[str, ...] = ()


ACCESS_COLUMNS: Final = (
    "access_id",  # TEXT, "place/source:row id" of the gate or door
    "asset_id",  # the asset it leads into
    "place_id",
    "kind",
    "geometry",  # Point
)

LOAD_COLUMNS: Final = (
    "load_id",  # INTEGER, rises with every load of the store
    "place_id",
    "source",  # "place/source"
    "layer",
    "title",
    "publisher",
    "url",
    "licence",
    "attribution",
    "path",
    "sha256",
    "source_date",
    "loaded_at",
    "rows_in",
    "stored",
    "set_aside",
    "set_aside_rules",  # JSON object: rule to rows
    "dropped",
    "current",  # INTEGER, 1 for the load whose rows are in the store
    "files",  # JSON object: its "files", each with title, publisher, source_date and licence; empty in older loads
)

PLACE_COLUMNS: Final = ("place_id", "name", "about", "authority_code", "fictional")

CONTRIBUTION_COLUMNS: Final = (
    "contribution_id",
    "place_id",
    "layer",
    "kind",
    "name",
    "says",
    "how_known",
    "seen_on",
    "who_for",
    "created_at",
    "state",  # one of CONTRIBUTION_STATES: as added, or as last reviewed
    "geometry",  # Point
)

CONTRIBUTION_STATES: Final = ("pending", "published", "hidden")
