"""One readable view a layer, named after it, so that QGIS and psql show layers and not one table of everything."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Table, delete, insert, select

from assetmap.errors import StoreError
from assetmap.store import gpkg
from assetmap.store.schema import LAYER_VIEW, METADATA, TABLE_OF
from assetmap.tables import LayerView

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TAKEN: Final = re.compile(r"gpkg_|rtree_|sqlite_|pg_|assetmap_|geometry_columns|geography_columns|spatial_ref_sys")
_NOT_SHOWN: Final = frozenset({"fid", "layer", "details"})


def standing_views(connection: Connection) -> tuple[LayerView, ...]:
    """The views that the store has now, by name."""
    rows = connection.execute(select(LAYER_VIEW).order_by(LAYER_VIEW.c.layer)).all()
    return tuple(LayerView(row.layer, row.holds, tuple(json.loads(row.detail_fields))) for row in rows)


def replace_views(connection: Connection, views: Sequence[LayerView]) -> None:
    """Take down the views that stand and put up ``views``.

    Raises
    ------
    StoreError
        If a layer or a field has a name that a view or a column cannot have.
    """
    for view in views:
        _refuse_names(view)
    for old in standing_views(connection):
        connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{old.layer}"')
        if connection.dialect.name == "sqlite":
            gpkg.unlist(connection, old.layer)
    connection.execute(delete(LAYER_VIEW))
    for view in views:
        _put_up(connection, view)


def _refuse_names(view: LayerView) -> None:
    names = (view.layer, *view.detail_fields)
    bad = [name for name in names if not _NAME.fullmatch(name)]
    clashing = [name for name in view.detail_fields if name in TABLE_OF[view.holds].c or name == "ogc_fid"]
    if view.layer in METADATA.tables or _TAKEN.match(view.layer):
        raise StoreError(
            f"A layer cannot be called {view.layer}, which is the name of a table. Rename the layer's file."
        )
    if bad:
        raise StoreError(f"The layer {view.layer} has a name made of more than a-z, 0-9 and _: {', '.join(bad)}.")
    if clashing:
        raise StoreError(f"The layer {view.layer} has fields that are columns of every layer: {', '.join(clashing)}.")


def _put_up(connection: Connection, view: LayerView) -> None:
    table = TABLE_OF[view.holds]
    sqlite = connection.dialect.name == "sqlite"
    connection.exec_driver_sql(f'CREATE VIEW "{view.layer}" AS {_select(table, view, sqlite)}')
    connection.execute(
        insert(LAYER_VIEW).values(layer=view.layer, holds=view.holds, detail_fields=json.dumps(view.detail_fields))
    )
    if sqlite:
        gpkg.list_table(connection, view.layer, table)


def _select(table: Table, view: LayerView, sqlite: bool) -> str:
    """The view's question. GDAL takes a view's key from a column of the name OGC_FID."""
    shown = [f'"{column.name}"' for column in table.c if column.name not in _NOT_SHOWN and column.name != "geometry"]
    taken = "CAST(json_extract(details, '$.{0}') AS TEXT)" if sqlite else "details::json ->> '{0}'"
    fields = [f'{taken.format(name)} AS "{name}"' for name in view.detail_fields]
    drawn = ["geometry"] if "geometry" in table.c else []
    columns = ["fid AS OGC_FID" if sqlite else "fid", *shown, *fields, *drawn]
    return f'SELECT {", ".join(columns)} FROM "{table.name}" WHERE {_belongs(view)}'


def _belongs(view: LayerView) -> str:
    if "layer" in TABLE_OF[view.holds].c:
        return f"layer = '{view.layer}'"
    return f"source IN (SELECT source FROM load WHERE layer = '{view.layer}' AND \"current\" = 1)"
