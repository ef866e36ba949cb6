"""What is published about areas by their codes, and the details of streets.

The table of streets is altered and not made anew, which keeps the index of its shapes and the triggers beside it.
"""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import Index, MetaData, Table, UniqueConstraint

from assetmap.store.columns import in_place, json_object, key, text, whole
from assetmap.store.gpkg import list_table

revision: Final = "0002"
down_revision: Final = "0001"

TABLES: Final = MetaData()

Table("place", TABLES, text("place_id", needed=True))

FIGURE: Final = Table(
    "figure",
    TABLES,
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

STREET_DETAILS: Final = {
    "sqlite": (
        "ALTER TABLE street ADD COLUMN details TEXT DEFAULT '{}' NOT NULL "
        "CONSTRAINT street_details CHECK (json_valid(details) AND json_type(details) = 'object')"
    ),
    "postgresql": (
        "ALTER TABLE street ADD COLUMN details TEXT COLLATE \"C\" DEFAULT '{}' NOT NULL "
        "CONSTRAINT street_details CHECK (json_typeof(details::json) = 'object')"
    ),
}


def upgrade() -> None:
    """Make the table and add the column; the rows that there are stay."""
    connection = op.get_bind()
    FIGURE.create(connection)
    connection.exec_driver_sql(STREET_DETAILS[connection.dialect.name])
    if connection.dialect.name == "sqlite":
        list_table(connection, FIGURE.name, FIGURE)
