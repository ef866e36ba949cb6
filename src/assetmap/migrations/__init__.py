"""How a store made by an earlier version becomes one of this version, on both engines.

To change the tables: change :mod:`assetmap.store.schema`, add the next file to ``versions/`` and name it in
``assetmap.store.opening.REVISION``. Tests compare what the migrations build with what the schema says. A migration that
alters a table of a GeoPackage uses Alembic's ``batch_alter_table``, and drops the views of the layers first;
``Store.refresh_views`` makes them again.
"""
