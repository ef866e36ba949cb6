"""A source on the bench: which of its rows still stand, what was said of the others, and where their shapes are."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space
from assetmap.conform import Conformed, Context
from assetmap.ground import Ground
from assetmap.layers import Layer
from assetmap.locating import Flags
from assetmap.rowvalues import blank_column
from assetmap.sources import Source
from assetmap.space import Shapes
from assetmap.tables import Issue


@dataclass
class Bench:
    """A source on the bench: its frame, which rows still stand, and what has been said of the others."""

    conformed: Conformed
    layer: Layer
    source: Source
    context: Context
    ground: Ground
    frame: gpd.GeoDataFrame
    standing: Flags
    issues: list[Issue] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)

    @property
    def key(self) -> str:
        """``place/source``, by which the store knows it."""
        return self.conformed.reporter.source

    def drop(self, out: Flags, field_: str, kind: str, message: Callable[[int], tuple[str, str]]) -> None:
        """Drop standing rows, each with its issue; ``message`` gives the value shown and the words."""
        for index in np.flatnonzero(out & self.standing):
            value, words = message(int(index))
            tell = self.conformed.reporter.about_location if field_ == "coordinates" else self.conformed.reporter.about
            self.issues.append(tell(int(index), field_, value, kind, "dropped", words))
        self.standing &= ~out

    def note(self, at: Flags, field_: str, kind: str, effect: str, message: Callable[[int], tuple[str, str]]) -> None:
        """Say something of standing rows that stay."""
        for index in np.flatnonzero(at & self.standing):
            value, words = message(int(index))
            self.issues.append(self.conformed.reporter.about(int(index), field_, value, kind, effect, words))


def drop_unplaced(bench: Bench) -> None:
    """Drop the rows that could not be placed, each with the reason found while conforming."""
    for index, issue in bench.conformed.unplaced.items():
        bench.issues.append(issue)
        bench.standing[index] = False


def mend_shapes(bench: Bench) -> None:
    """Mend broken outlines, drop those that cannot be mended, and leave heights out; each is said."""
    flat = space.flat(np.array(bench.frame.geometry.array, dtype=object))
    broken = bench.standing & ~_are_valid(flat) & ~shapely.is_missing(flat)
    if broken.any():
        reasons = shapely.is_valid_reason(flat[broken])
        flat[broken] = [_mended(shape) for shape in flat[broken]]
        why = dict(zip(np.flatnonzero(broken).tolist(), reasons.tolist(), strict=True))
        empty = broken & shapely.is_empty(flat)
        bench.drop(empty, "geometry", "broken_outline", lambda i: (why[i], f"The outline cannot be mended: {why[i]}."))
        bench.note(
            broken & ~empty,
            "geometry",
            "broken_outline",
            "put_right",
            lambda i: (why[i], f"The outline crossed or touched itself ({why[i]}) and was mended."),
        )
    infinite = bench.standing & ~np.isfinite(shapely.bounds(flat)).all(axis=1)
    bench.drop(infinite, "geometry", "no_location", lambda _: ("", "The shape is empty or has no finite coordinates."))
    bench.frame = bench.frame.set_geometry(gpd.GeoSeries(flat, index=bench.frame.index, crs=space.STORED_CRS))


def _are_valid(shapes: Shapes) -> Flags:
    """Whether each shape is valid: the slowest check of a load, so that every core has a part of the shapes."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        return np.concatenate(list(pool.map(shapely.is_valid, np.array_split(shapes, cores))))


def _mended(shape: shapely.Geometry) -> shapely.Geometry:
    mended = shapely.make_valid(shape)
    if shapely.get_dimensions(shape) < 2 or shapely.get_num_geometries(mended) == 1:
        return mended
    parts = shapely.get_parts(mended)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _inside(bench: Bench, margin_m: float) -> Flags:
    """Which rows lie within the place or this many metres of it; the rest are set aside with the rule's words."""
    outside_m = bench.ground.metres_outside(bench.frame.geometry)
    return np.asarray(np.nan_to_num(outside_m, nan=np.inf) <= margin_m, dtype=bool)


def beyond_words(margin_m: float) -> str:
    """The rule by which streets, postcodes and property numbers far outside a place are set aside."""
    return f"more than {margin_m / 1000:g} km outside the place"


def set_aside_beyond(bench: Bench, margin_m: float) -> None:
    """Set aside the rows further than this outside the place: not wrong, but of elsewhere."""
    out = bench.standing & ~_inside(bench, margin_m)
    if out.any():
        bench.aside[beyond_words(margin_m)] += int(out.sum())
    bench.standing &= ~out


def refuse_outside(bench: Bench) -> None:
    """Drop the rows outside the place, beyond its margin or their source's own, each with its distance."""
    margin_m = bench.context.place.margin_m if bench.source.margin_m is None else bench.source.margin_m
    outside_m = bench.ground.metres_outside(bench.frame.geometry)
    name = bench.context.place.name
    bench.drop(
        np.asarray(np.nan_to_num(outside_m) > margin_m, dtype=bool),
        "coordinates",
        "outside_place",
        lambda i: (
            shown_point(bench.frame.geometry.iloc[i]),
            f"It lies {distance_words(outside_m[i])} outside {name}, so it is not counted here. "
            "If it belongs here, its location is wrong at the source.",
        ),
    )


def shown_point(shape: shapely.Geometry) -> str:
    """A shape's place in degrees, for an issue."""
    point = shapely.point_on_surface(shape)
    return f"{shapely.get_x(point):.5f}, {shapely.get_y(point):.5f}"


def distance_words(metres: float) -> str:
    """A distance as an issue tells it."""
    if np.isinf(metres):
        return "thousands of kilometres"
    return f"{metres:,.0f} m" if metres < 1_000 else f"{metres / 1_000:,.1f} km"


def drop_repeated_rows(bench: Bench, id_name: str) -> None:
    """Row ids become unique: an identical row is dropped, a different row under the same id gets a number."""
    ids = bench.frame["row_id"].astype(object)
    same = np.zeros(len(ids), dtype=bool)
    shared = np.flatnonzero(ids.duplicated(keep=False).to_numpy())
    seen: set[tuple[str, ...]] = set()
    rows = bench.frame.drop(columns="source_row").iloc[shared]
    for index, row in zip(shared, rows.itertuples(index=False, name=None), strict=True):
        content = tuple(str(value) for value in row)
        same[index] = content in seen
        seen.add(content)
    words = "The same row stands in the file before; it is counted once."
    bench.drop(same, id_name, "repeated_row", lambda i: (str(ids.iloc[i]), words))
    again = ids[bench.standing].groupby(ids[bench.standing]).cumcount().reindex(ids.index, fill_value=0)
    numbered = _numbered(ids, again)
    bench.note(
        (again > 0).to_numpy(),
        id_name,
        "repeated_id",
        "noted",
        lambda i: (
            str(ids.iloc[i]),
            f"{ids.iloc[i]!r} names another row too; both are kept, this one as {numbered.iloc[i]!r}.",
        ),
    )
    bench.frame["row_id"] = numbered


def _numbered(ids: pd.Series, again: pd.Series) -> pd.Series:
    """``A``, ``A#2``, ``A#3`` for an id that stands more than once; a row truly called ``A#2`` keeps its name."""
    taken = set(ids)
    numbered = ids.tolist()
    for index in np.flatnonzero(again.to_numpy() > 0):
        number = int(again.iloc[index]) + 1
        while f"{ids.iloc[index]}#{number}" in taken:
            number += 1
        numbered[index] = f"{ids.iloc[index]}#{number}"
        taken.add(numbered[index])
    return pd.Series(numbered, index=ids.index, dtype=object)


def leave_out_of_range(bench: Bench, column: str, low: float, high: float) -> None:
    """Make numbers blank that cannot be, each with an issue; a column that is not there is passed over."""
    if column not in bench.frame:
        return
    numbers = bench.frame[column]
    out = ((numbers < low) | (numbers > high)).fillna(False).to_numpy(dtype=bool)
    words = f"This must lie between {low:,} and {high:,}; it is left out."
    bench.note(out, column, "out_of_range", "noted", lambda i: (str(numbers[i]), words))
    bench.frame[column] = numbers.mask(out)


def finish(bench: Bench, columns: Sequence[str]) -> gpd.GeoDataFrame:
    """The standing rows with exactly these columns, those that no source fills being ``None``."""
    bench.frame["source"] = bench.key
    bench.frame["place_id"] = bench.context.place.id
    for column in columns:
        if column not in bench.frame.columns:
            bench.frame[column] = blank_column(bench.frame.index)
    return bench.frame.loc[bench.standing, list(columns)].reset_index(drop=True)
