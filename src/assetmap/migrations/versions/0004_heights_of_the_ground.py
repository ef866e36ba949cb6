"""Heights of the ground, a row a square kilometre."""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import Index, MetaData, Table, UniqueConstraint

from assetmap.store.columns import in_place, json_numbers, key, rule, text, whole
from assetmap.store.gpkg import list_table

revision: Final = "0004"
down_revision: Final = "0003"

TABLES: Final = MetaData()

Table("place", TABLES, text("place_id", needed=True))

HEIGHT: Final = Table(
    "height",
    TABLES,
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
        "easting_m % 1000 = 0 AND northing_m % 1000 = 0",
        "easting_m and northing_m must be those of a square kilometre's corner",
    ),
    *json_numbers("height_heights", "heights_m", 400),
    Index("height_place", "place_id"),
    Index("height_source", "source"),
)


def upgrade() -> None:
    """Make the table; nothing that is stored changes."""
    connection = op.get_bind()
    HEIGHT.create(connection)
    if connection.dialect.name == "sqlite":
        list_table(connection, HEIGHT.name, HEIGHT)
