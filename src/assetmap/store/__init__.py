"""The store: the only SQL. One schema on two engines, a PostGIS database or a GeoPackage file.

A GeoPackage is one SQLite file that QGIS opens with a double click; PostGIS is for a council or a shared deployment.
Both give the same answers, row for row. Every change is one transaction: a load that fails leaves what was there.
Everything that goes wrong is a :class:`~assetmap.errors.StoreError` that says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, cast

import geopandas as gpd
import pandas as pd
from sqlalchemy import Connection, Engine, Table, func, insert, select

from assetmap.errors import UnknownNameError
from assetmap.records import ContributionRecord, LoadRecord, PlaceRecord, utc_now
from assetmap.store import gpkg
from assetmap.store.contributed import with_added
from assetmap.store.faults import in_plain_words
from assetmap.store.loads import count_layers, hold_place, keep_place, record_load, refuse_mismatch, retire
from assetmap.store.neighbourhoods import outlines_of, place_anew
from assetmap.store.opening import is_store, open_engine, shown_address, to_read, to_write
from assetmap.store.reading import Box, access_of, in_box, only_in_box, read_contributions, read_rows
from assetmap.store.schema import (
    ACCESS_POINT,
    AREA,
    ASSET,
    CONTRIBUTION,
    FIGURE,
    HEIGHT,
    ISSUE,
    LOAD,
    LOCATOR,
    PLACE,
    REVIEW,
    STREET,
    TABLE_OF,
)
from assetmap.store.views import replace_views, standing_views
from assetmap.store.writing import add_rows, one_shape
from assetmap.tables import (
    AREA_COLUMNS,
    ASSET_COLUMNS,
    CONTRIBUTION_STATES,
    FIGURE_COLUMNS,
    HEIGHT_COLUMNS,
    ISSUE_COLUMNS,
    LOAD_COLUMNS,
    LOCATOR_COLUMNS,
    PLACE_COLUMNS,
    STREET_COLUMNS,
    Areas,
    Assets,
    Figures,
    Heights,
    Holds,
    Issues,
    LayerView,
    Locators,
    Streets,
)

__all__ = ["Store", "is_store", "open_store", "shown_address"]

FEW_REFERENCES: Final = 1_000
"""Up to so many references are looked up in the index; more are quicker found by reading all of a place's."""


def open_store(url_or_path: str | Path, must_exist: bool = False) -> Store:
    """Open a store, making it or bringing its tables up to date where needed.

    Parameters
    ----------
    url_or_path
        A GeoPackage's path such as ``assetmap.gpkg``, or an address such as ``postgresql://user@host/assetmap``.
    must_exist
        Whether to make nothing where there is no store yet.

    Raises
    ------
    NoStoreError
        If it must exist and there is none.
    StoreError
        If the address cannot be read or reached, holds something that assetmap did not make (which is left as it is),
        or was made by a newer version.
    """
    return Store(open_engine(url_or_path, must_exist))


class Store:
    """An open store; :func:`open_store` makes one. Safe to share between threads.

    Frames come back with the columns of :mod:`assetmap.tables`, rows in the order of their key by code point, text as
    ``object`` with ``None``, whole numbers as ``Int64``, numbers as ``float64``, and shapes in EPSG:4326.
    Every method raises ``StoreError`` where the database cannot be reached or another program holds it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file or of the database's connections."""
        self._engine.dispose()

    # Places

    def save_place(
        self,
        place_id: str,
        name: str,
        about: str | None = None,
        authority_code: str | None = None,
        fictional: bool = False,
    ) -> None:
        """Add a place, or change what is known of one; its rows stay.

        Parameters
        ----------
        fictional
            True for a made-up place, which is labelled so everywhere.
        """
        with self._writing(f"the place {place_id}") as connection:
            keep_place(connection, PlaceRecord(place_id, name, about, authority_code, fictional))
            self._mark(connection, ["place"])

    def places(self) -> pd.DataFrame:
        """Every place: ``PLACE_COLUMNS``. An empty store has no rows."""
        return self._read(PLACE, PLACE_COLUMNS, [], ["place_id"])

    # Loads

    def replace_source(
        self,
        load: LoadRecord,
        rows: Assets | Areas | Streets | Locators | Figures | Heights,
        holds: Holds,
        issues: Issues,
        access: gpd.GeoDataFrame | None = None,
        place: PlaceRecord | None = None,
    ) -> int:
        """Put the rows of one source in the place of those it had, all in one transaction.

        Parameters
        ----------
        load
            Where the rows came from; ``load.source`` and ``load.place_id`` are those of every row, and ``load.stored``
            is how many rows there are.
        rows
            No rows empty the source. For areas, they take the place of every neighbourhood of the place, and its other
            rows are put into them.
        holds
            Which sort of row they are.
        issues
            What was wrong with rows of the source; those of its earlier loads go.
        access
            Ways in to assets (``ACCESS_COLUMNS``), where the source has them.
        place
            What is known of the place, kept if the rows are: with its first source a place comes into the store.

        Returns
        -------
        int
            The ``load_id``. Earlier loads are kept, no longer current.

        Raises
        ------
        StoreError
            If the place is not in the store or a row breaks a rule of the tables. Nothing was changed then.
        """
        refuse_mismatch(load, rows)
        table = TABLE_OF[holds]
        with self._writing(f"the rows of {load.source}") as connection:
            if place is not None:
                keep_place(connection, place)
                self._mark(connection, ["place"])
            hold_place(connection, load.place_id)
            before = outlines_of(connection, load.place_id) if holds == "areas" else None
            retire(connection, load.place_id, load.source, whole_place=holds == "areas")
            load_id = record_load(connection, load)
            add_rows(connection, table, rows)
            moved = [] if before is None else place_anew(connection, load.place_id, before, cast(Areas, rows))
            if access is not None:
                add_rows(connection, ACCESS_POINT, access)
            add_rows(connection, ISSUE, issues.assign(load_id=load_id, place_id=load.place_id))
            self._mark(connection, [table.name, *moved, "access_point", "load", "issue", load.layer])
        return load_id

    def remove_source(self, place_id: str, source: str) -> None:
        """Take a source's rows and issues out of the store; the record of its loads stays, no longer current."""
        with self._writing(f"the removal of {source}") as connection:
            hold_place(connection, place_id)
            retire(connection, place_id, source)
            self._mark(connection, [*(table.name for table in TABLE_OF.values()), "access_point", "load", "issue"])

    def loads(self, place_id: str | None = None, current: bool = True) -> pd.DataFrame:
        """What was loaded, oldest first (``LOAD_COLUMNS``): what the store holds now, or with ``current=False`` all."""
        where = [LOAD.c.place_id == place_id] if place_id is not None else []
        where += [LOAD.c.current == 1] if current else []
        return self._read(LOAD, LOAD_COLUMNS, where, ["load_id"])

    def issues(self, place_id: str | None = None, source: str | None = None) -> Issues:
        """What was wrong with rows of the sources as they are loaded now: ``ISSUE_COLUMNS`` and ``place_id``."""
        where = [ISSUE.c.place_id == place_id] if place_id is not None else []
        if source is not None:
            where.append(ISSUE.c.load_id.in_(select(LOAD.c.load_id).where(LOAD.c.source == source)))
        return Issues(self._read(ISSUE, (*ISSUE_COLUMNS, "place_id"), where, ["load_id", "issue_id"]))

    # Rows

    def areas(self, place_id: str) -> Areas:
        """The neighbourhoods of a place (``AREA_COLUMNS``), by code. A place with none loaded has no rows."""
        return Areas(self._shapes(AREA, AREA_COLUMNS, [AREA.c.place_id == place_id], ["area_code"]))

    def assets(
        self,
        place_id: str,
        layers: Sequence[str] | None = None,
        bbox: Box | None = None,
        contributions: bool = True,
    ) -> Assets:
        """The assets of a place (``ASSET_COLUMNS``) by ``asset_id``, with what people added.

        Parameters
        ----------
        layers
            Only these; ``None`` for all.
        bbox
            Only assets whose own box meets this one: west, south, east, north in degrees.
        contributions
            Whether to add what people added here, unless it is hidden: ``contributed`` is 1, ``asset_id`` is
            ``contribution:`` and its id, and ``details`` has what they said.

        Returns
        -------
        Assets
            With ``access``: a MultiPoint of the ways in to each, or ``None``. Nothing found gives no rows.
        """
        where = [ASSET.c.place_id == place_id]
        where += [ASSET.c.layer.in_(list(layers))] if layers is not None else []
        with self._reading() as connection:
            where += [in_box(connection, ASSET, bbox)] if bbox is not None else []
            found = read_rows(connection, [ASSET.c[name] for name in ASSET_COLUMNS], where, [ASSET.c.asset_id])
            if contributions:
                found = with_added(connection, place_id, layers, found)
            found = only_in_box(cast(gpd.GeoDataFrame, found), bbox)
            found["access"] = access_of(connection, place_id, found["asset_id"])
        return Assets(found)

    def streets(self, place_id: str) -> Streets:
        """The streets and paths of a place (``STREET_COLUMNS``), by ``street_id``."""
        return Streets(self._shapes(STREET, STREET_COLUMNS, [STREET.c.place_id == place_id], ["street_id"]))

    def locators(self, place_id: str, scheme: str | None = None, references: Sequence[str] | None = None) -> Locators:
        """The postcodes, UPRNs and buildings of a place and where they are (``LOCATOR_COLUMNS``), by ``locator_id``.

        Parameters
        ----------
        scheme
            ``postcode``, ``uprn`` or ``building``; ``None`` for all.
        references
            Only these, spelt as in the store; ``None`` for all.
        """
        where = [LOCATOR.c.place_id == place_id]
        where += [LOCATOR.c.scheme == scheme] if scheme is not None else []
        if references is not None and len(references) <= FEW_REFERENCES:
            where.append(LOCATOR.c.reference.in_(list(references)))
        found = self._shapes(LOCATOR, LOCATOR_COLUMNS, where, ["locator_id"])
        if references is not None:
            found = found[found["reference"].isin(list(references))].reset_index(drop=True)
        return Locators(found)

    def figures(self, place_id: str, layer: str | None = None) -> Figures:
        """What is published about areas of a place (``FIGURE_COLUMNS``), by ``figure_id``, of one layer or of all."""
        where = [FIGURE.c.place_id == place_id]
        where += [FIGURE.c.layer == layer] if layer is not None else []
        return Figures(self._read(FIGURE, FIGURE_COLUMNS, where, ["figure_id"]))

    def heights(self, place_id: str) -> Heights:
        """How high the ground of a place is (``HEIGHT_COLUMNS``), by ``height_id``. None loaded give no rows."""
        return Heights(self._read(HEIGHT, HEIGHT_COLUMNS, [HEIGHT.c.place_id == place_id], ["height_id"]))

    # What people add

    def add_contribution(self, record: ContributionRecord) -> str:
        """Keep what a person added, and return its ``contribution_id``. Nothing said is ever rewritten."""
        with self._writing(f"what was added, {record.name}") as connection:
            values = asdict(record) | {"geometry": one_shape(connection, record.geometry, "POINT")}
            connection.execute(insert(CONTRIBUTION).values(values))
            self._mark(connection, ["contribution"])
        return record.contribution_id

    def review_contribution(self, contribution_id: str, state: str, note: str | None = None) -> None:
        """Publish, hide or reopen what a person added; earlier decisions are kept.

        Raises
        ------
        UnknownNameError
            If there is no such contribution, or no such state.
        """
        if state not in CONTRIBUTION_STATES:
            raise UnknownNameError("state", state, CONTRIBUTION_STATES)
        with self._writing(f"the review of {contribution_id}") as connection:
            known = connection.scalar(
                select(CONTRIBUTION.c.fid).where(CONTRIBUTION.c.contribution_id == contribution_id)
            )
            if known is None:
                raise UnknownNameError("contribution", contribution_id, ())
            decision = {"contribution_id": contribution_id, "state": state, "note": note, "reviewed_at": utc_now()}
            connection.execute(insert(REVIEW).values(decision))

    def contributions(self, place_id: str) -> gpd.GeoDataFrame:
        """All that people added to a place (``CONTRIBUTION_COLUMNS``), the hidden too, in the state last given."""
        with self._reading() as connection:
            return read_contributions(connection, place_id)

    # The whole

    def layer_counts(self, place_id: str | None = None) -> pd.DataFrame:
        """One row a layer that has rows: ``layer, rows, open, closed, sources, issues, contributed``.

        ``rows`` are those of the registers; ``contributed`` is how many people added, unless hidden.
        """
        with self._reading() as connection:
            return count_layers(connection, place_id)

    def fingerprint(self, place_id: str) -> str:
        """A short text that changes whenever a load, a contribution or a review of the place does; for caches."""
        newest = select(func.max(LOAD.c.load_id)).where(LOAD.c.place_id == place_id)
        current = select(func.count()).where(LOAD.c.place_id == place_id, LOAD.c.current == 1)
        added = select(func.count()).where(CONTRIBUTION.c.place_id == place_id)
        reviewed = (
            select(func.max(REVIEW.c.review_id))
            .join(CONTRIBUTION, CONTRIBUTION.c.contribution_id == REVIEW.c.contribution_id)
            .where(CONTRIBUTION.c.place_id == place_id)
        )
        parts = [part.scalar_subquery() for part in (newest, current, added, reviewed)]
        with self._reading() as connection:
            return "-".join(str(part or 0) for part in connection.execute(select(*parts)).one())

    def refresh_views(self, views: Sequence[LayerView]) -> None:
        """Make one view a layer, named after it, its own fields as columns; others go. Nothing is done if they stand.

        Raises
        ------
        StoreError
            If a layer or field has a name that a view or a column cannot have.
        """
        wanted = tuple(sorted(views, key=lambda view: view.layer))
        with self._reading() as connection:
            if standing_views(connection) == wanted:
                return
        with self._writing("the views of the layers") as connection:
            replace_views(connection, wanted)

    # How it is done

    def _read(self, table: Table, names: Sequence[str], where: Sequence[Any], order: Sequence[str]) -> pd.DataFrame:
        with self._reading() as connection:
            return read_rows(connection, [table.c[name] for name in names], where, [table.c[name] for name in order])

    def _shapes(
        self, table: Table, names: Sequence[str], where: Sequence[Any], order: Sequence[str]
    ) -> gpd.GeoDataFrame:
        return cast(gpd.GeoDataFrame, self._read(table, names, where, order))

    def _mark(self, connection: Connection, names: Sequence[str]) -> None:
        if connection.dialect.name == "sqlite":
            gpkg.mark_changed(connection, names)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with in_plain_words("The store cannot be read"), to_read(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self, what: str) -> Iterator[Connection]:
        refused = f"The store did not take {what}; nothing was changed"
        with in_plain_words(refused), to_write(self._engine) as connection:
            yield connection
