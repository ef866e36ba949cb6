"""A pack beside a store: whether the store still gives the same answers, and which numbers moved."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import pandas as pd

from assetmap import __version__
from assetmap.exports import gpkg_bytes, gpkg_rows
from assetmap.packs.entries import Entry, entries_of
from assetmap.packs.pack import data_name, evidence_of, passed_on
from assetmap.packs.reading import Opened
from assetmap.packs.register import source_register
from assetmap.placeview import PlaceView

SAME: Final = 2e-8
"""Numbers that differ by less, in parts of themselves, are the same: machines add up in different orders, so that the
last digit that is written may be another."""

TOLD: Final = 5
"""So many cells of a table that moved are told one by one."""

LONGEST: Final = 80
"""Characters of a cell that are told."""

_NAMES: Final = (
    "neighbourhood_code", "neighbourhood_name", "layer", "kind", "scenario", "measure", "key", "name", "asset_id",
    "answer", "number",
)  # fmt: skip
"""Columns that say which row is which, in the order in which a row is called by them."""

_IDS: Final = ("asset_id", "area_code")
"""The same of rows of data, which are called by the first of these that they have."""


def moved(opened: Opened, view: PlaceView, england: PlaceView | None = None) -> tuple[str, ...]:
    """What the store answers otherwise than the pack says: each a sentence; none where all is the same.

    Parameters
    ----------
    view
        The place, walked as the pack's own questions say.
    england
        England to compare a profile with, where it is loaded.
    """
    entries = entries_of(view, opened.wanted, england)
    views = [view, *([england] if england is not None and opened.wanted.beside_england else [])]
    sources = source_register(views, entries)
    told = [
        *_numbers(opened, entries),
        *_tables(opened, evidence_of(entries, sources)),
        *_data(opened, view),
        *_loads(opened, sources),
    ]
    if told and opened.manifest["version"] != __version__:
        told.append(f"The pack was made by assetmap {opened.manifest['version']}; this is {__version__}.")
    return tuple(told)


def _numbers(opened: Opened, entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        before = opened.manifest["numbers"].get(entry.key, [])
        now = [[each.value, each.says] for each in entry.numbers]
        if before == now:
            continue
        for at in range(max(len(before), len(now))):
            old, new = (" ".join(map(str, side[at])) if at < len(side) else "nothing" for side in (before, now))
            if old != new:
                yield f"{entry.asks} The pack says: {old}. The store says: {new}."


def _tables(opened: Opened, evidence: Mapping[str, bytes]) -> Iterator[str]:
    for name in sorted({*opened.manifest["evidence"], *evidence}):
        before, now = opened.files.get(name), evidence.get(name)
        if before is None or now is None:
            yield f"{name}: {'the pack' if before is None else 'the store'} has nothing to tell of this."
        elif before != now:
            try:
                held = _rows(before)
            except ValueError:  # no text, or no table
                yield f"{name}: the pack's table cannot be read."
                continue
            yield from _differences(name, held, _rows(now))


def _rows(content: bytes) -> pd.DataFrame:
    """A table as text, its rows called by what they are about."""
    return _called(pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig"))


def _data(opened: Opened, view: PlaceView) -> Iterator[str]:
    """Which rows of the data are others than in the store, though no answer may tell of it."""
    name = data_name(opened.wanted)
    before, now = opened.files.get(name), gpkg_bytes(passed_on(view), dt.date.fromisoformat(opened.manifest["made_on"]))
    if before is None or before == now:
        return
    held = [gpkg_rows(content) for content in (before, now)]
    for layer in sorted({*held[0], *held[1]}):
        sides = [_by_id(rows.get(layer, pd.DataFrame())) for rows in held]
        yield from _differences(f"{name}, {layer}", *sides)


def _by_id(rows: pd.DataFrame) -> pd.DataFrame:
    return _called(rows, [name for name in _IDS if name in rows][:1])


def _called(rows: pd.DataFrame, by: Sequence[str] = _NAMES) -> pd.DataFrame:
    """The rows under the names of what they are about: the columns of ``by`` that they have."""
    named = [name for name in by if name in rows]
    called = (
        [", ".join(filter(None, row)) for row in rows[named].itertuples(index=False)] if named else [""] * len(rows)
    )
    words = pd.Series(called, dtype=object)
    nth = words.groupby(words).cumcount()
    rows.index = pd.Index([word if not n else f"{word} ({n + 1})" for word, n in zip(words, nth, strict=True)])
    return rows


def _differences(name: str, before: pd.DataFrame, now: pd.DataFrame) -> Iterator[str]:
    gone, new = before.index.difference(now.index, sort=False), now.index.difference(before.index, sort=False)
    for rows, what in ((gone, "in the pack and not in the store"), (new, "in the store and not in the pack")):
        if len(rows):
            first = "; ".join(map(str, rows[:TOLD]))
            yield f"{name}: {len(rows):,} rows {what}: {first}{'; …' if len(rows) > TOLD else '.'}"
    cells = list(_cells(before, now))
    yield from (f"{name}: {words}" for words in cells[:TOLD])
    if len(cells) > TOLD:
        yield f"{name}: {len(cells) - TOLD:,} more figures moved."


def _cells(before: pd.DataFrame, now: pd.DataFrame) -> Iterator[str]:
    for row in before.index.intersection(now.index, sort=False):
        for column in before.columns.intersection(now.columns, sort=False):
            old, new = str(before.at[row, column]), str(now.at[row, column])
            if not _is_same(old, new):
                yield f"{row}: {column} was {_shown(old)}, now {_shown(new)}."


def _shown(cell: str) -> str:
    return "blank" if not cell else cell if len(cell) <= LONGEST else f"{cell[:LONGEST]}…"


def _is_same(old: str, new: str) -> bool:
    if old == new:
        return True
    try:
        return math.isclose(float(old), float(new), rel_tol=SAME, abs_tol=1e-9)
    except ValueError:
        return False


def _loads(opened: Opened, sources: pd.DataFrame) -> Iterator[str]:
    """Which registers are not the same files as then: why numbers moved."""
    now: dict[str, Any] = dict(zip(sources["source"], sources["sha256"], strict=True)) if len(sources) else {}
    for source, load in opened.manifest["loads"].items():
        if source not in now:
            yield f"{load.get('title', source)} is not loaded here."
        elif now[source] != load.get("sha256"):
            yield f"{load.get('title', source)} was loaded from another file since."
    for source in sorted(set(now) - set(opened.manifest["loads"])):
        yield f"{source} was loaded since."
