"""A second file's columns added to each row of the first: by a column that both have, or by where their shapes lie."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space
from assetmap.errors import SourceError
from assetmap.mapping import exact_header, kept_rows
from assetmap.sources import Join
from assetmap.tables import RawFrame
from assetmap.wording import count_words


def matched_columns(join: Join) -> tuple[str, ...]:
    """The columns of the second file that say which row is meant: the one matched, if any, and those of its rules."""
    return (*join.match.values(), *(name for rule in join.keep for name in rule.columns))


def joined(raw: RawFrame, other: RawFrame, join: Join) -> RawFrame:
    """``raw`` with the columns of ``other`` added; blank where no row matches. A column of a name it has is not added.

    Raises
    ------
    SourceError
        If a matched column or shape is missing, ``other`` gives two rows for one key, or no row of ``raw`` has a match.
    """
    other = _kept(other, join)
    matched, alone = _by_overlap(raw, other, join) if join.overlap else _by_column(raw, other, join)
    added = matched[[column for column in matched.columns if column not in raw.rows.columns]]
    have = "has" if alone == 1 else "have"
    unmatched = f"{join.path}: {alone:,} of {len(raw.rows):,} rows {have} no match in it; its columns are blank there."
    lost = count_words(len(other.unreadable), "row", "rows")
    unread = f"{join.path}: {lost} could not be read, so nothing was joined from there."
    more = [*([unread] if other.unreadable else []), *([unmatched] if alone and join.covers == "all" else [])]
    rows = pd.concat([raw.rows, added], axis=1)
    return RawFrame(rows, raw.row_numbers, raw.shapes, raw.unreadable, (*raw.notes, *other.notes, *more))


def _kept(other: RawFrame, join: Join) -> RawFrame:
    """The rows of the second file that its rules keep."""
    if not join.keep:
        return other
    kept = kept_rows(other.rows, join.keep, join.path)
    shapes = None if other.shapes is None else gpd.GeoSeries(other.shapes[kept].reset_index(drop=True))
    rows, numbers = other.rows[kept].reset_index(drop=True), other.row_numbers[kept].reset_index(drop=True)
    return RawFrame(rows, numbers, shapes, other.unreadable, other.notes)


def _by_column(raw: RawFrame, other: RawFrame, join: Join) -> tuple[pd.DataFrame, int]:
    ((ours, theirs),) = join.match.items()
    left = raw.rows[exact_header(ours, list(raw.rows.columns), join.path)].str.strip().replace(join.spelt)
    key = exact_header(theirs, list(other.rows.columns), join.path)
    right = other.rows.assign(**{key: other.rows[key].str.strip()})
    if join.columns:
        right = right[[key, *_named(join, other)]].drop_duplicates()
    twice = right.loc[right[key].duplicated() & (right[key] != ""), key]
    if len(twice):
        raise SourceError(
            f"{join.path}: {twice.iloc[0]!r} stands in column {theirs!r} more than once, so it cannot be joined. "
            "Leave one row for each, or name under 'columns' those in which its rows agree."
        )
    found = right[right[key] != ""].set_index(key, drop=False)
    alone = int((found.index.get_indexer(pd.Index(left)) < 0).sum())
    if alone == len(left):
        raise SourceError(
            f"{join.path}: not one of its rows matches: {theirs!r} there is never the same as {ours!r}. "
            "Check the columns under 'match', and that both files are of one year."
        )
    return found.reindex(left.to_numpy()).fillna("").reset_index(drop=True), alone


def _by_overlap(raw: RawFrame, other: RawFrame, join: Join) -> tuple[pd.DataFrame, int]:
    if raw.shapes is None or other.shapes is None:
        raise SourceError(f"{join.path} can be joined by 'overlap' only where both files have shapes. Name a column.")
    best = _covering_most(raw.shapes, other.shapes)
    alone = int((best < 0).sum())
    if alone == len(best):
        raise SourceError(
            f"{join.path}: none of its shapes overlaps any of the rows it is joined to. Check that it is of this place."
        )
    right = other.rows[_named(join, other)] if join.columns else other.rows
    # no row stands at -1, so a row without a match becomes blank
    return right.reindex(best).fillna("").reset_index(drop=True), alone


def _named(join: Join, other: RawFrame) -> list[str]:
    return [exact_header(name, list(other.rows.columns), join.path) for name in join.columns]


def _covering_most(shapes: gpd.GeoSeries, others: gpd.GeoSeries) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each shape the position of the other that covers most of its area, the first of equals; -1 where none does.

    Parameters
    ----------
    shapes, others
        In any declared systems; broken outlines are mended for the measuring only.
    """
    ours, theirs = (shapely.make_valid(space.to_measured(each).to_numpy()) for each in (shapes, others))
    row, other = shapely.STRtree(theirs).query(ours, predicate="intersects")
    shared_m2 = shapely.area(shapely.intersection(ours[row], theirs[other]))
    pairs = pd.DataFrame({"row": row, "other": other, "shared_m2": shared_m2})
    pairs = pairs[pairs["shared_m2"] > 0].sort_values(["row", "shared_m2", "other"], ascending=[True, False, True])
    first = pairs.drop_duplicates("row")
    best = np.full(len(ours), -1, dtype=np.int64)
    best[first["row"]] = first["other"]
    return best
