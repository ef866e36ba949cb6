"""The record of loads: which rows a source has in the store now, and how many each layer has."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, case, delete, func, insert, select, update

from assetmap.errors import StoreError
from assetmap.records import LoadRecord, PlaceRecord
from assetmap.store.reading import last_state
from assetmap.store.schema import AREA, ASSET, CONTRIBUTION, ISSUE, LOAD, PLACE, TABLE_OF
from assetmap.tables import Areas, Assets, Figures, Heights, Locators, Streets

COUNT_COLUMNS: Final = ("layer", "rows", "open", "closed", "sources", "issues", "contributed")


def refuse_mismatch(load: LoadRecord, rows: Assets | Areas | Streets | Locators | Figures | Heights) -> None:
    """Refuse rows that are not those that ``load`` speaks of, because the next load would not find them to replace.

    Raises
    ------
    StoreError
        If a row has another source or place, or there are more or fewer rows than ``load.stored``.
    """
    for name, wanted in (("source", load.source), ("place_id", load.place_id)):
        other = rows[name][rows[name] != wanted] if name in rows else rows.iloc[:0]
        if len(other):
            raise StoreError(f"A row of {load.source} has the {name} {other.iloc[0]!r}, not {wanted!r}.")
    if len(rows) != load.stored:
        raise StoreError(f"The load of {load.source} speaks of {load.stored} rows to store, but there are {len(rows)}.")


def keep_place(connection: Connection, place: PlaceRecord) -> None:
    """Add a place, or change what is known of one."""
    values = asdict(place) | {"fictional": int(place.fictional)}
    known = connection.execute(update(PLACE).where(PLACE.c.place_id == place.place_id).values(values)).rowcount
    if not known:
        connection.execute(insert(PLACE).values(values))


def hold_place(connection: Connection, place_id: str) -> None:
    """Let no other load of the place begin until this transaction ends.

    Raises
    ------
    StoreError
        If the place is not in the store.
    """
    held = select(PLACE.c.fid).where(PLACE.c.place_id == place_id).with_for_update(key_share=True)
    if connection.scalar(held) is None:
        raise StoreError(f"The place {place_id!r} is not in the store. Save the place first, then load its sources.")


def retire(connection: Connection, place_id: str, source: str, whole_place: bool = False) -> None:
    """Take out the rows and issues of a source, and mark its loads as no longer current.

    Parameters
    ----------
    whole_place
        Whether the sources of all the place's neighbourhoods go too, because a place has one set of them.
    """
    sources = [source]
    if whole_place:
        sources += connection.scalars(select(AREA.c.source).where(AREA.c.place_id == place_id).distinct())
    for table in TABLE_OF.values():
        connection.execute(delete(table).where(table.c.source.in_(sources)))
    old = LOAD.c.source.in_(sources)
    connection.execute(delete(ISSUE).where(ISSUE.c.load_id.in_(select(LOAD.c.load_id).where(old))))
    connection.execute(update(LOAD).where(old, LOAD.c.current == 1).values(current=0))


def record_load(connection: Connection, load: LoadRecord) -> int:
    """Record a load as the current one of its source, and return its number."""
    rules = json.dumps(dict(load.set_aside_rules), ensure_ascii=False, sort_keys=True)
    told = asdict(load)
    files = json.dumps({"files": told["files"]} if load.files else {}, ensure_ascii=False)
    values = told | {"set_aside_rules": rules, "files": files, "current": 1}
    return int(connection.execute(insert(LOAD).values(values).returning(LOAD.c.load_id)).scalar_one())


def count_layers(connection: Connection, place_id: str | None) -> pd.DataFrame:
    """One row a layer that has rows, a load or contributions: :data:`COUNT_COLUMNS`."""
    counts: dict[str, dict[str, int]] = {}
    for question in _questions(place_id):
        for row in connection.execute(question).mappings():
            counts.setdefault(row["layer"], {}).update({name: int(row[name]) for name in row if name != "layer"})
    rows = [{"layer": layer} | counts[layer] for layer in sorted(counts)]
    frame = pd.DataFrame(rows, columns=[*COUNT_COLUMNS]).fillna(0)
    return frame.astype({"layer": "object"} | dict.fromkeys(COUNT_COLUMNS[1:], "Int64"))


def _questions(place_id: str | None) -> tuple[Any, ...]:
    """Each gives some of the counts by layer; the rows of assets, counted last, are surer than the record of a load."""
    current = [LOAD.c.current == 1, *([LOAD.c.place_id == place_id] if place_id is not None else [])]
    open_, closed = (func.sum(case((ASSET.c.status == status, 1), else_=0)) for status in ("open", "closed"))
    here = [CONTRIBUTION.c.place_id == place_id] if place_id is not None else []
    there = [ASSET.c.place_id == place_id] if place_id is not None else []
    return (
        select(LOAD.c.layer, func.sum(LOAD.c.stored).label("rows"), func.count().label("sources"))
        .where(*current)
        .group_by(LOAD.c.layer),
        select(LOAD.c.layer, func.count().label("issues"))
        .join(ISSUE, ISSUE.c.load_id == LOAD.c.load_id)
        .where(*current)
        .group_by(LOAD.c.layer),
        select(ASSET.c.layer, func.count().label("rows"), open_.label("open"), closed.label("closed"))
        .where(*there)
        .group_by(ASSET.c.layer),
        select(CONTRIBUTION.c.layer, func.count().label("contributed"))
        .where(last_state() != "hidden", *here)
        .group_by(CONTRIBUTION.c.layer),
    )
