"""The way in: read -> conform -> check -> store, one transaction a source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space
from assetmap.bench import beyond_words
from assetmap.checks import STREETS_BEYOND_M, Checked, check, issues_frame
from assetmap.conform import Context, conform
from assetmap.errors import AssetmapError, SourceError
from assetmap.ground import Ground
from assetmap.joining import joined, matched_columns
from assetmap.layers import Layer, find_layer
from assetmap.mapping import exact_header, wanted_columns
from assetmap.places import Place
from assetmap.readers import Fetched, ReadSpec, fetch_osm, read, sha256_of
from assetmap.records import LoadRecord, PlaceRecord, SourceFile
from assetmap.rowvalues import blank_column
from assetmap.settings import DEFAULT_OVERPASS
from assetmap.sources import Access, File, Source
from assetmap.store import Store
from assetmap.tables import Areas, Assets, Issue, Issues, LayerView, Locators, RawFrame
from assetmap.wording import count_words

_ORDER: Final = ("areas", "figures", "heights", "locators", "streets", "assets")
"""Neighbourhoods first, to tell inside from outside; postcodes before assets, to place rows without coordinates."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one source.

    Attributes
    ----------
    source
        ``place/source``.
    record
        What was loaded; ``None`` when nothing was, and what the store held before is still there.
    issues
        How many issues were raised.
    fault
        Why nothing was loaded.
    """

    source: str
    layer: str
    record: LoadRecord | None = None
    issues: int = 0
    fault: str | None = None


def load_place(
    store: Store,
    place: Place,
    layers: Mapping[str, Layer],
    data_root: Path | None,
    only: frozenset[str] = frozenset(),
    progress: Progress = lambda _: None,
    overpass_url: str = DEFAULT_OVERPASS,
) -> list[Outcome]:
    """Load every source of a place, each in its own transaction; a source that fails leaves what was there.

    Parameters
    ----------
    data_root
        The folder that place files' paths start from.
    only
        Ids of the sources to load; empty for all.
    progress
        Told the key of each source as it begins.
    overpass_url
        The server that sources which are ``osm_live`` are asked of.

    Raises
    ------
    AssetmapError
        As :func:`chosen_sources` does.
    """
    chosen = chosen_sources(place, layers, only)
    loader = _Loader(store, place, layers, data_root, overpass_url)
    outcomes = [loader.load(source, layer, progress) for source, layer in chosen]
    store.refresh_views(views_of(layers))
    return outcomes


def chosen_sources(
    place: Place, layers: Mapping[str, Layer], only: frozenset[str] = frozenset()
) -> list[tuple[Source, Layer]]:
    """The sources to load and their layers, in the order in which they are loaded; asks no store and reads no file.

    Raises
    ------
    AssetmapError
        If the place file names a layer that is not declared or has several sources of neighbourhoods, or ``only``
        names a source that is not there.
    """
    unknown = sorted(only - set(place.sources))
    if unknown:
        raise SourceError(f"{place.id}.yaml has no source {unknown[0]!r}. It has {', '.join(place.sources)}.")
    several = _area_sources(place, layers)
    if len(several) > 1:
        raise SourceError(
            f"{place.id}.yaml has several sources of neighbourhoods ({', '.join(several)}), and each "
            "would take the place of the other. Leave one, of the whole place."
        )
    chosen = [source for source in place.sources.values() if not only or source.id in only]
    pairs = [(source, find_layer(layers, source.layer)) for source in chosen]
    return sorted(pairs, key=lambda pair: _ORDER.index(pair[1].holds))


def _area_sources(place: Place, layers: Mapping[str, Layer]) -> list[str]:
    holding = {layer.id for layer in layers.values() if layer.holds == "areas"}
    return [source.id for source in place.sources.values() if source.layer in holding]


def views_of(layers: Mapping[str, Layer]) -> list[LayerView]:
    """The readable view that the store keeps of each layer."""
    return [LayerView(layer.id, layer.holds, layer.detail_fields) for layer in layers.values()]


class _Loader:
    """One run over the sources of a place; keeps what later sources need to know of earlier ones."""

    def __init__(
        self, store: Store, place: Place, layers: Mapping[str, Layer], data_root: Path | None, overpass_url: str
    ) -> None:
        self._store = store
        self._place = place
        self._data_root = data_root
        self._overpass_url = overpass_url
        self._locators: Locators | None = None
        self._ground = Ground(store.areas(place.id))
        self._area_sources = _area_sources(place, layers)
        self._is_kept = False

    def load(self, source: Source, layer: Layer, progress: Progress) -> Outcome:
        """Load one source, or say why not."""
        key = self._place.source_key(source)
        progress(key)
        try:
            record, issues = self._load(source, layer)
        except AssetmapError as fault:
            return Outcome(key, layer.id, fault=str(fault))
        return Outcome(key, layer.id, record, issues)

    def _load(self, source: Source, layer: Layer) -> tuple[LoadRecord, int]:
        self._refuse_without_ground(layer)
        wanted = _tags_wanted(source, layer)
        raw, fetched = (
            self._fetched(source, layer, wanted) if source.reader == "osm_live" else (self._read(source, wanted), None)
        )
        raw = self._joined(raw, source, layer)
        context = self._context(layer)
        checked = check(conform(raw, source, layer, context), source, layer, context, self._ground)
        _refuse_if_nothing_is_left(checked, source)
        notes = [_note(self._place.source_key(source), source.publisher, note) for note in raw.notes]
        access, more = self._access(source, cast(Assets, checked.rows)) if source.access else (None, [])
        issues = _with(checked.issues, [*notes, *more])
        record = self._record(source, checked, fetched)
        # with its first rows and not before: a place of which nothing could be loaded is not one to ask about
        place = None if self._is_kept else _place_record(self._place)
        self._store.replace_source(record, checked.rows, layer.holds, issues, access, place)
        self._is_kept = True
        if layer.holds == "areas":
            # in the store's own order, so that a border falls to the same neighbourhood in every load
            areas = Areas(cast(Areas, checked.rows).sort_values("area_code", ignore_index=True))
            self._ground = Ground(areas)
        if layer.holds == "locators":
            self._locators = None
        return record, len(issues)

    def _refuse_without_ground(self, layer: Layer) -> None:
        if layer.holds in ("areas", "figures") or self._ground.areas is not None or not self._area_sources:
            return
        raise SourceError(
            f"No neighbourhoods of {self._place.name} are loaded, so nobody can tell what lies inside it. "
            f"Load {self._area_sources[0]!r} first."
        )

    def _context(self, layer: Layer) -> Context:
        # only assets are placed by postcodes and property numbers; read once, and again when more of those are loaded
        if layer.holds == "assets" and self._locators is None:
            self._locators = self._store.locators(self._place.id)
        locators = self._locators if layer.holds == "assets" else None
        return Context(self._place, dt.date.today().isoformat(), self._ground.box, locators)

    def _fetched(self, source: Source, layer: Layer, columns: tuple[str, ...] | None) -> tuple[RawFrame, Fetched]:
        """What a server has of a source, and how it was asked."""
        outline = self._ground.outline(self._margin_m(source, layer))
        if outline is None:
            raise SourceError(
                f"{self._place.id}.yaml has no neighbourhoods, so nobody can tell where to look for {source.id!r}. "
                "Add a source of them, or read an extract."
            )
        with TemporaryDirectory(prefix="assetmap-") as folder:
            path = Path(folder) / f"{urlsplit(self._overpass_url).hostname}.osm"
            spec = ReadSpec("osm", path, source.sublayer, where=source.where, columns=columns)
            fetched = fetch_osm(spec, self._overpass_url, outline, source.osm_date)
            raw = _not_empty(read(spec), source, path.name)
        return replace(raw, notes=(*fetched.notes, *raw.notes)), fetched

    def _margin_m(self, source: Source, layer: Layer) -> float:
        if layer.holds in ("streets", "locators", "heights"):
            return STREETS_BEYOND_M
        return self._place.margin_m if source.margin_m is None else source.margin_m

    def _joined(self, raw: RawFrame, source: Source, layer: Layer) -> RawFrame:
        for join in source.joins:
            wanted = (*(join.columns or wanted_columns(source, layer)), *matched_columns(join))
            raw = joined(raw, self._read(join, wanted), join)
        return raw

    def _read(self, file: File, columns: tuple[str, ...] | None) -> RawFrame:
        path = self._place.find(file, self._data_root)
        raw = read(
            ReadSpec(
                file.reader if file.reader != "osm_live" else "osm",
                path,
                file.sublayer,
                file.header or None,
                file.encoding,
                file.delimiter,
                file.where,
                columns,
                file.crs if isinstance(file, Source) else None,
                self._around() if file.reader == "heights" else None,
            )
        )
        return _not_empty(raw, file, path.name)

    def _around(self) -> tuple[float, float, float, float] | None:
        outline = self._ground.outline(STREETS_BEYOND_M)
        return None if outline is None else outline.bounds

    def _record(self, source: Source, checked: Checked, fetched: Fetched | None) -> LoadRecord:
        files: list[File] = [source, *source.joins, *([source.access] if source.access else [])]
        lines = dict.fromkeys(line for file in files for line in file.attribution)
        source_date = fetched.source_date if fetched else source.source_date
        told = [SourceFile(file.title, file.publisher, file.source_date, file.licence) for file in files]
        return LoadRecord(
            self._place.id,
            self._place.source_key(source),
            source.layer,
            "; ".join(f"{file.title}" for file in files),
            "; ".join(dict.fromkeys(file.publisher for file in files)),
            "; ".join(dict.fromkeys(file.licence for file in files)),
            "\n".join(lines),
            fetched.address if fetched else source.path,
            fetched.sha256 if fetched else sha256_of(self._place.find(source, self._data_root)),
            checked.rows_in,
            checked.stored,
            sum(checked.set_aside.values()),
            checked.dropped,
            source.url,
            source_date,
            checked.set_aside,
            files=(replace(told[0], source_date=source_date), *told[1:]),
        )

    def _access(self, source: Source, assets: Assets) -> tuple[gpd.GeoDataFrame | None, list[Issue]]:
        access = source.access
        if access is None:
            return None, []
        raw = self._read(access, None)
        if raw.shapes is None:
            raise SourceError(f"{access.path} has no shapes, so it cannot say where places are entered.")
        return access_points(raw, raw.shapes, assets, access, self._place.source_key(source), self._place.id)


def _place_record(place: Place) -> PlaceRecord:
    return PlaceRecord(place.id, place.name, place.about, place.authority_code, place.fictional)


def _tags_wanted(source: Source, layer: Layer) -> tuple[str, ...] | None:
    """The tags out of OpenStreetMap that anything is made of; ``None`` for whatever a file has."""
    # its features have hundreds of others between them; and one without an id is known by all that it says
    is_osm = source.reader in ("osm", "osm_live") and bool(source.row_id)
    return wanted_columns(source, layer) if is_osm else None


def _not_empty(raw: RawFrame, file: File, name: str) -> RawFrame:
    if not raw.rows_in:
        lacks = "nothing that the tags under 'where' choose" if file.where else "a header but no rows"
        raise SourceError(f"{name} has {lacks}. What was loaded before is kept.")
    return raw


def access_points(
    raw: RawFrame, shapes: gpd.GeoSeries, assets: Assets, access: Access, key: str, place_id: str
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Which entrance leads into which place: each point belongs to every outline within ``access.within_m`` metres.

    Returns
    -------
    (geopandas.GeoDataFrame, list of Issue)
        Rows of ``ACCESS_COLUMNS`` in EPSG:4326, and one issue that counts the points near no place.

    Raises
    ------
    SourceError
        If the file has no column of the name that ``access.kind`` gives.
    """
    outlines = np.asarray(space.to_measured(assets.geometry).array, dtype=object)
    points = np.asarray(space.to_measured(shapes).array, dtype=object)
    which, owner = shapely.STRtree(outlines).query(points, predicate="dwithin", distance=access.within_m)
    headers = list(raw.rows.columns)
    kinds = raw.rows[exact_header(access.kind, headers, access.path)] if access.kind else blank_column(raw.rows.index)
    rows = raw.row_numbers.to_numpy()[which]
    asset_ids = assets["asset_id"].to_numpy()[owner]
    frame = gpd.GeoDataFrame(
        {
            "access_id": [f"{key}:{row}>{asset}" for row, asset in zip(rows, asset_ids, strict=True)],
            "asset_id": asset_ids,
            "place_id": place_id,
            "kind": kinds.to_numpy(dtype=object)[which],
        },
        geometry=np.asarray(space.to_stored(shapes).array, dtype=object)[which],
        crs=space.STORED_CRS,
    )
    alone = len(points) - len(np.unique(which))
    if not alone:
        return frame, []
    are = count_words(alone, "is", "are")
    message = f"Of {len(points):,} entrances, {are} further than {access.within_m:g} m from every place and left out."
    return frame, [_note(key, access.publisher, message, "lone_entrance")]


def _note(key: str, publisher: str, message: str, kind: str = "how_it_was_read") -> Issue:
    return Issue(key, None, "the whole file", "", kind, "noted", "", message, publisher)


def _with(issues: Issues, more: list[Issue]) -> Issues:
    return Issues(pd.concat([issues, issues_frame(more)], ignore_index=True)) if more else issues


def _refuse_if_nothing_is_left(checked: Checked, source: Source) -> None:
    """A file of which no row is the place's is the wrong file, or is read wrongly: it must not empty the store.

    Rows that ``set_aside`` rules leave out are another matter: a register may well have no closures to tell of.
    """
    if checked.stored:
        return
    _refuse_if_none_is_the_places(checked, source)
    if not checked.dropped:
        return
    dropped = checked.issues[checked.issues["effect"] == "dropped"]
    most = dropped.iloc[int(dropped.groupby("kind")["kind"].transform("size").to_numpy().argmax())]
    raise SourceError(
        f"{source.named}: none of its {checked.rows_in:,} rows can be used, so nothing was changed. "
        f"What is wrong with most: row {most['row']}: {most['message']}"
    )


def _refuse_if_none_is_the_places(checked: Checked, source: Source) -> None:
    passed_over = {rule.why for rule in source.keep} | {beyond_words(STREETS_BEYOND_M)}
    if checked.rows_in and sum(checked.set_aside.get(why, 0) for why in passed_over) == checked.rows_in:
        counts = ", ".join(f"{count:,} {why}" for why, count in checked.set_aside.items())
        raise SourceError(
            f"{source.named}: none of its {checked.rows_in:,} rows belong here ({counts}), so nothing was changed. "
            "Check the words under 'keep', and that it is this place's file."
        )
