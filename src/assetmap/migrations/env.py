"""Alembic's way in: :mod:`assetmap.store.opening` hands it a connection, inside a transaction of its own."""

from alembic import context

from assetmap.store.opening import VERSION_TABLE
from assetmap.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
