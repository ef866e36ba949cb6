"""Buildings among the locators, with how many homes each holds and the details of its layer.

The table is altered and not made anew, which keeps the index of its shapes, the triggers beside it and the views of it.
SQLite cannot alter a rule; a rule takes no room in the file, so its wording is put into the description of the table,
as SQLite's documentation of ALTER TABLE has it for rules.
"""

from __future__ import annotations

from typing import Final

from alembic import op
from sqlalchemy import Connection

revision: Final = "0003"
down_revision: Final = "0002"

COLUMNS: Final = {
    "sqlite": (
        "ALTER TABLE locator ADD COLUMN homes REAL CONSTRAINT locator_homes CHECK (homes > 0)",
        "ALTER TABLE locator ADD COLUMN details TEXT DEFAULT '{}' NOT NULL "
        "CONSTRAINT locator_details CHECK (json_valid(details) AND json_type(details) = 'object')",
    ),
    "postgresql": (
        "ALTER TABLE locator ADD COLUMN homes DOUBLE PRECISION CONSTRAINT locator_homes CHECK (homes > 0)",
        "ALTER TABLE locator ADD COLUMN details TEXT COLLATE \"C\" DEFAULT '{}' NOT NULL "
        "CONSTRAINT locator_details CHECK (json_typeof(details::json) = 'object')",
    ),
}
SCHEMES_BEFORE: Final = "scheme IN ('postcode', 'uprn')"
SCHEMES_AFTER: Final = "scheme IN ('postcode', 'uprn', 'building')"


def upgrade() -> None:
    """Add the columns and widen the rule; the rows that there are stay."""
    connection = op.get_bind()
    for sql in COLUMNS[connection.dialect.name]:
        connection.exec_driver_sql(sql)
    if connection.dialect.name == "sqlite":
        _reword(connection, "locator", SCHEMES_BEFORE, SCHEMES_AFTER)
    else:
        connection.exec_driver_sql("ALTER TABLE locator DROP CONSTRAINT locator_scheme")
        connection.exec_driver_sql(f"ALTER TABLE locator ADD CONSTRAINT locator_scheme CHECK ({SCHEMES_AFTER})")


def _reword(connection: Connection, table: str, before: str, after: str) -> None:
    """One rule of a table of SQLite in other words; every connection reads the tables anew when their version rises."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?", (before, after, table)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
