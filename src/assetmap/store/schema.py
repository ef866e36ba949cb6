"""The tables: one SQLAlchemy schema for both engines.

Every table of shapes has a whole-number ``fid``, because GeoPackage and QGIS edit rows by it, beside the text key that
is the same in every store. What a row may hold is kept by the database as well as by the checks, so that an edit made
in QGIS or psql cannot break an answer; each rule carries the sentence that a person reads.

A change here needs a migration in :mod:`assetmap.migrations`; a test compares what the two build.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint
from sqlalchemy import text as sql

from assetmap.store.columns import (
    TEXT,
    WHOLE,
    details,
    in_place,
    iso_date,
    json_numbers,
    json_object,
    key,
    number,
    one_of,
    rule,
    shape,
    spatial_index,
    text,
    whole,
    zero_or_one,
)
from assetmap.tables import (
    CONTRIBUTION_STATES,
    EFFECTS,
    HAPPENINGS,
    HEIGHT_SQUARE_M,
    HEIGHTS_A_SQUARE,
    LOCATED_BY,
    SCHEMES,
    STATUSES,
    Holds,
)

METADATA: Final = MetaData()

PLACE: Final = Table(
    "place",
    METADATA,
    key("fid"),
    text("place_id", needed=True),
    text("name", needed=True),
    text("about"),
    text("authority_code"),
    whole("fictional", needed=True),
    UniqueConstraint("place_id", name="place_key"),
    zero_or_one("place_fictional", "fictional"),
)

AREA: Final = Table(
    "area",
    METADATA,
    key("fid"),
    text("area_code", needed=True),
    in_place(),
    text("name"),
    text("locality"),
    text("geography", needed=True),
    whole("population"),
    number("imd_score"),
    whole("imd_rank"),
    whole("imd_decile"),
    whole("imd_edition"),
    text("source", needed=True),
    whole("source_row", needed=True),
    shape("MULTIPOLYGON"),
    UniqueConstraint("place_id", "area_code", name="area_key"),
    rule("area_population", "population >= 0", "population must not be negative"),
    rule("area_imd_rank", "imd_rank >= 1", "imd_rank counts from 1, the most deprived"),
    rule("area_imd_decile", "imd_decile BETWEEN 1 AND 10", "imd_decile must be a whole number from 1 to 10"),
    Index("area_source", "source"),
    spatial_index("area"),
)

ASSET: Final = Table(
    "asset",
    METADATA,
    key("fid"),
    text("asset_id", needed=True),
    in_place(),
    text("layer", needed=True),
    text("kind", needed=True),
    text("name"),
    text("status", needed=True),
    text("opened_on"),
    text("closed_on"),
    text("what_happened"),
    text("run_by"),
    text("owner"),
    text("tenure"),
    text("who_for"),
    text("cost"),
    text("step_free"),
    text("opening_hours"),
    number("hours_per_week"),
    number("staffed_hours_per_week"),
    text("address"),
    text("postcode"),
    text("uprn"),
    text("area_code"),
    text("located_by", needed=True),
    number("location_accuracy_m"),
    text("location_note"),
    text("source", needed=True),
    whole("source_row", needed=True),
    whole("contributed", needed=True),
    text("details", needed=True),
    shape("GEOMETRY"),
    UniqueConstraint("asset_id", name="asset_key"),
    one_of("asset_status", "status", STATUSES),
    one_of("asset_what_happened", "what_happened", HAPPENINGS),
    one_of("asset_located_by", "located_by", LOCATED_BY),
    one_of("asset_step_free", "step_free", ("yes", "partly", "no")),
    *iso_date("asset_opened_on", "opened_on"),
    *iso_date("asset_closed_on", "closed_on"),
    *json_object("asset_details", "details"),
    rule("asset_hours", "hours_per_week BETWEEN 0 AND 168", "hours_per_week must be from 0 to 168"),
    rule(
        "asset_staffed_hours",
        "staffed_hours_per_week BETWEEN 0 AND 168",
        "staffed_hours_per_week must be from 0 to 168",
    ),
    rule("asset_accuracy", "location_accuracy_m >= 0", "location_accuracy_m must not be negative"),
    zero_or_one("asset_contributed", "contributed"),
    Index("asset_place_layer", "place_id", "layer"),
    Index("asset_source", "source"),
    spatial_index("asset"),
)

ACCESS_POINT: Final = Table(
    "access_point",
    METADATA,
    key("fid"),
    text("access_id", needed=True),
    Column("asset_id", TEXT, ForeignKey("asset.asset_id", ondelete="CASCADE"), nullable=False),
    in_place(),
    text("kind"),
    shape("POINT"),
    UniqueConstraint("access_id", name="access_point_key"),
    Index("access_point_asset", "asset_id"),
    Index("access_point_place", "place_id"),
    spatial_index("access_point"),
)

STREET: Final = Table(
    "street",
    METADATA,
    key("fid"),
    text("street_id", needed=True),
    in_place(),
    text("kind", needed=True),
    text("highway"),
    text("name"),
    text("source", needed=True),
    whole("source_row", needed=True),
    details(),
    shape("GEOMETRY"),
    UniqueConstraint("street_id", name="street_key"),
    *json_object("street_details", "details"),
    Index("street_place", "place_id"),
    Index("street_source", "source"),
    spatial_index("street"),
)

LOCATOR: Final = Table(
    "locator",
    METADATA,
    key("fid"),
    text("locator_id", needed=True),
    in_place(),
    text("scheme", needed=True),
    text("reference", needed=True),
    number("accuracy_m"),
    text("area_code"),
    number("homes"),
    text("source", needed=True),
    whole("source_row", needed=True),
    details(),
    shape("POINT"),
    UniqueConstraint("locator_id", name="locator_key"),
    one_of("locator_scheme", "scheme", SCHEMES),
    rule("locator_accuracy", "accuracy_m >= 0", "accuracy_m must not be negative"),
    rule("locator_homes", "homes > 0", "homes must be more than none"),
    *json_object("locator_details", "details"),
    Index("locator_reference", "place_id", "scheme", "reference"),
    Index("locator_source", "source"),
    spatial_index("locator"),
)

FIGURE: Final = Table(
    "figure",
    METADATA,
    key("fid"),
    text("figure_id", needed=True),
    in_place(),
    text("layer", needed=True),
    text("code", needed=True),
    text("geography", needed=True),
    whole("edition"),
    text("details", needed=True),
    text("source", needed=True),
    whole("source_row", needed=True),
    UniqueConstraint("figure_id", name="figure_key"),
    *json_object("figure_details", "details"),
    Index("figure_place_layer", "place_id", "layer"),
    Index("figure_source", "source"),
)
"""What is published about areas by their codes, in any edition: it has no shape, and its areas may be none of ours."""

HEIGHT: Final = Table(
    "height",
    METADATA,
    key("fid"),
    text("height_id", needed=True),
    in_place(),
    whole("easting_m", needed=True),
    whole("northing_m", needed=True),
    text("heights_m", needed=True),
    text("source", needed=True),
    whole("source_row", needed=True),
    UniqueConstraint("height_id", name="height_key"),
    rule(
        "height_corner",
        f"easting_m % {HEIGHT_SQUARE_M} = 0 AND northing_m % {HEIGHT_SQUARE_M} = 0",
        "easting_m and northing_m must be those of a square kilometre's corner",
    ),
    *json_numbers("height_heights", "heights_m", HEIGHTS_A_SQUARE),
    Index("height_place", "place_id"),
    Index("height_source", "source"),
)
"""How high the ground is, a row a square kilometre: heights are read together, and a row each would be a million."""

LOAD: Final = Table(
    "load",
    METADATA,
    key("load_id"),
    in_place(),
    text("source", needed=True),
    text("layer", needed=True),
    text("title", needed=True),
    text("publisher", needed=True),
    text("url"),
    text("licence", needed=True),
    text("attribution", needed=True),
    text("path", needed=True),
    text("sha256", needed=True),
    text("source_date"),
    text("loaded_at", needed=True),
    whole("rows_in", needed=True),
    whole("stored", needed=True),
    whole("set_aside", needed=True),
    text("set_aside_rules", needed=True),
    whole("dropped", needed=True),
    whole("current", needed=True),
    details("files"),
    *iso_date("load_source_date", "source_date"),
    *json_object("load_set_aside_rules", "set_aside_rules"),
    *json_object("load_files", "files"),
    rule("load_loaded_at", "loaded_at LIKE '____-__-__T__:__:__Z'", "loaded_at must be UTC, as 2026-01-31T09:30:00Z"),
    rule("load_counts", "stored >= 0 AND set_aside >= 0 AND dropped >= 0", "counts of rows must not be negative"),
    rule(
        "load_every_row",
        "rows_in = stored + set_aside + dropped",
        "every row must be stored, set aside or dropped: rows_in = stored + set_aside + dropped",
    ),
    zero_or_one("load_current_flag", "current"),
    Index("load_place", "place_id"),
    Index(
        "load_current", "source", unique=True, sqlite_where=sql('"current" = 1'), postgresql_where=sql('"current" = 1')
    ),
    sqlite_autoincrement=True,  # a load_id is never given out twice: a store's fingerprint leans on it
)

ISSUE: Final = Table(
    "issue",
    METADATA,
    key("issue_id"),
    Column("load_id", WHOLE, ForeignKey("load.load_id", ondelete="CASCADE"), nullable=False),
    in_place(),
    text("source", needed=True),
    whole("row"),
    text("field"),
    text("value"),
    text("kind", needed=True),
    text("effect", needed=True),
    text("name"),
    text("message", needed=True),
    text("who_can_mend"),
    one_of("issue_effect", "effect", EFFECTS),
    Index("issue_load", "load_id"),
    Index("issue_place", "place_id"),
)

CONTRIBUTION: Final = Table(
    "contribution",
    METADATA,
    key("fid"),
    text("contribution_id", needed=True),
    in_place(),
    text("layer", needed=True),
    text("kind", needed=True),
    text("name", needed=True),
    text("says"),
    text("how_known"),
    text("seen_on"),
    text("who_for"),
    text("created_at", needed=True),
    text("state", needed=True),
    shape("POINT"),
    UniqueConstraint("contribution_id", name="contribution_key"),
    one_of("contribution_state", "state", CONTRIBUTION_STATES),
    *iso_date("contribution_seen_on", "seen_on"),
    rule(
        "contribution_created_at",
        "created_at LIKE '____-__-__T__:__:__Z'",
        "created_at must be UTC, as 2026-01-31T09:30:00Z",
    ),
    Index("contribution_place", "place_id"),
    spatial_index("contribution"),
)

REVIEW: Final = Table(
    "review",
    METADATA,
    key("review_id"),
    Column("contribution_id", TEXT, ForeignKey("contribution.contribution_id", ondelete="CASCADE"), nullable=False),
    text("state", needed=True),
    text("note"),
    text("reviewed_at", needed=True),
    one_of("review_state", "state", CONTRIBUTION_STATES),
    Index("review_contribution", "contribution_id"),
    sqlite_autoincrement=True,
)
"""What was decided about a contribution: the last decision counts, and what a person said is never rewritten."""

LAYER_VIEW: Final = Table(
    "layer_view",
    METADATA,
    Column("layer", TEXT, primary_key=True),
    text("holds", needed=True),
    text("detail_fields", needed=True),
)
"""The views that stand, so that they are made again only when a layer's file changes."""

TABLE_OF: Final = MappingProxyType[Holds, Table](
    {
        "areas": AREA,
        "assets": ASSET,
        "streets": STREET,
        "locators": LOCATOR,
        "figures": FIGURE,
        "heights": HEIGHT,
    }
)
"""The table of each sort of row that a layer may hold."""

KEY_OF: Final = MappingProxyType(
    {
        "place": "place_id",
        "area": "area_code",
        "asset": "asset_id",
        "access_point": "access_id",
        "street": "street_id",
        "locator": "locator_id",
        "figure": "figure_id",
        "height": "height_id",
        "contribution": "contribution_id",
    }
)
"""The text key of each table of rows: they come back in its order."""

RULES: Final = MappingProxyType(
    {
        str(constraint.name): str(constraint.info["says"])
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if "says" in constraint.info
    }
)
"""What each rule says to a person, by the name that a database error gives."""
