"""Each file of a load, with its own publisher, date and licence, and not only those of the first."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"

COLUMN: Final = {
    "sqlite": "ALTER TABLE load ADD COLUMN files TEXT DEFAULT '{}' NOT NULL "
    "CONSTRAINT load_files CHECK (json_valid(files) AND json_type(files) = 'object')",
    "postgresql": "ALTER TABLE load ADD COLUMN files TEXT COLLATE \"C\" DEFAULT '{}' NOT NULL "
    "CONSTRAINT load_files CHECK (json_typeof(files::json) = 'object')",
}


def upgrade() -> None:
    """Add the column; of loads that there are, no more is known than before."""
    connection = op.get_bind()
    connection.exec_driver_sql(COLUMN[connection.dialect.name])
