"""The first tables.

A migration keeps its own picture of the tables, because the schema goes on changing after it was written.
"""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint
from sqlalchemy import text as sql

from assetmap.store.columns import (
    TEXT,
    WHOLE,
    in_place,
    iso_date,
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
from assetmap.store.gpkg import declare_tables

revision: Final = "0001"
down_revision: Final = None

TABLES: Final = MetaData()

Table(
    "place",
    TABLES,
    key("fid"),
    text("place_id", needed=True),
    text("name", needed=True),
    text("about"),
    text("authority_code"),
    whole("fictional", needed=True),
    UniqueConstraint("place_id", name="place_key"),
    zero_or_one("place_fictional", "fictional"),
)

Table(
    "area",
    TABLES,
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

Table(
    "asset",
    TABLES,
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
    one_of("asset_status", "status", ("open", "closed", "paused", "unknown")),
    one_of(
        "asset_what_happened", "what_happened", ("closed", "moved", "merged", "handed_over", "hours_cut", "temporary")
    ),
    one_of("asset_located_by", "located_by", ("coordinates", "outline", "uprn", "postcode", "placed_by_hand")),
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

Table(
    "access_point",
    TABLES,
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

Table(
    "street",
    TABLES,
    key("fid"),
    text("street_id", needed=True),
    in_place(),
    text("kind", needed=True),
    text("highway"),
    text("name"),
    text("source", needed=True),
    whole("source_row", needed=True),
    shape("GEOMETRY"),
    UniqueConstraint("street_id", name="street_key"),
    Index("street_place", "place_id"),
    Index("street_source", "source"),
    spatial_index("street"),
)

Table(
    "locator",
    TABLES,
    key("fid"),
    text("locator_id", needed=True),
    in_place(),
    text("scheme", needed=True),
    text("reference", needed=True),
    number("accuracy_m"),
    text("area_code"),
    text("source", needed=True),
    whole("source_row", needed=True),
    shape("POINT"),
    UniqueConstraint("locator_id", name="locator_key"),
    one_of("locator_scheme", "scheme", ("postcode", "uprn")),
    rule("locator_accuracy", "accuracy_m >= 0", "accuracy_m must not be negative"),
    Index("locator_reference", "place_id", "scheme", "reference"),
    Index("locator_source", "source"),
    spatial_index("locator"),
)

Table(
    "load",
    TABLES,
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
    *iso_date("load_source_date", "source_date"),
    *json_object("load_set_aside_rules", "set_aside_rules"),
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
    sqlite_autoincrement=True,
)

Table(
    "issue",
    TABLES,
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
    one_of("issue_effect", "effect", ("dropped", "put_right", "noted")),
    Index("issue_load", "load_id"),
    Index("issue_place", "place_id"),
)

Table(
    "contribution",
    TABLES,
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
    one_of("contribution_state", "state", ("pending", "published", "hidden")),
    *iso_date("contribution_seen_on", "seen_on"),
    rule(
        "contribution_created_at",
        "created_at LIKE '____-__-__T__:__:__Z'",
        "created_at must be UTC, as 2026-01-31T09:30:00Z",
    ),
    Index("contribution_place", "place_id"),
    spatial_index("contribution"),
)

Table(
    "review",
    TABLES,
    key("review_id"),
    Column("contribution_id", TEXT, ForeignKey("contribution.contribution_id", ondelete="CASCADE"), nullable=False),
    text("state", needed=True),
    text("note"),
    text("reviewed_at", needed=True),
    one_of("review_state", "state", ("pending", "published", "hidden")),
    Index("review_contribution", "contribution_id"),
    sqlite_autoincrement=True,
)

Table(
    "layer_view",
    TABLES,
    Column("layer", TEXT, primary_key=True),
    text("holds", needed=True),
    text("detail_fields", needed=True),
)


def upgrade() -> None:
    """Make the tables, and in SQLite make the file a GeoPackage."""
    connection = op.get_bind()
    TABLES.create_all(connection, checkfirst=False)
    if connection.dialect.name == "sqlite":
        declare_tables(connection, [table for table in TABLES.sorted_tables if table.name != "layer_view"])
