"""How many homes a building holds: as it says, as its sort says, or else by its size; what holds none is set aside.

By size, a home is so much floor (``home_m2`` of :class:`assetmap.layers.HomeSizes`), and floor is what is told, or the
ground under the outline, on the British National Grid, times its levels: the estimation of the people of buildings from
their area and floors (Lwin and Murayama 2009). The homes stay on the row, beside all that they follow from.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from assetmap import space
from assetmap.bench import Bench, leave_out_of_range
from assetmap.layers import HOMES_KIND, UNSAID_KIND, HomeSizes
from assetmap.locating import Flags
from assetmap.space import Floats

MOST_DWELLINGS: Final = 5_000
MOST_LEVELS: Final = 100
MOST_FLOOR_M2: Final = 500_000

_BY_SIZE: Final = "It does not say how many homes it holds, so they are counted by its size."
_NO_USE: Final = (
    "The source says of no building what it is for, so that each counts as homes by its size, a church or a factory "
    "among them. If a column does say it, name that column as 'kind' under 'columns' in the place file."
)
_TOO_LARGE: Final = (
    "This outline is too large for one building that says neither its floors nor how many homes it holds: no more than "
    "{most:,.0f} m2 of its ground is counted. Draw its buildings one by one, or say how many homes it holds."
)
_NO_SIZE: Final = "It is no outline, and says neither how many homes it holds nor its floor area, so it is left out."


def count_homes(bench: Bench, sizes: HomeSizes) -> None:
    """Give every standing building its ``homes`` and ``ground_m2``; set aside or drop those that hold none.

    Parameters
    ----------
    bench
        Buildings of a layer that has ``sizes``, their shapes as they were drawn.
    """
    frame = bench.frame
    for column, low, high in (("dwellings", 0, MOST_DWELLINGS), ("levels", 1, MOST_LEVELS)):
        leave_out_of_range(bench, column, low, high)
    leave_out_of_range(bench, "floor_area_m2", 1, MOST_FLOOR_M2)
    frame["ground_m2"] = _ground_m2(bench)
    dwellings = _numbers(frame["dwellings"])
    words = _settle_sorts(bench, dwellings)
    _set_aside(bench, dwellings == 0, "says that it holds no homes")
    for name, kind in bench.layer.kinds.items():
        if kind.homes == 0:
            _set_aside(bench, np.isnan(dwellings) & (frame["kind"] == name).to_numpy(), kind.says)
    too_small = np.isnan(dwellings) & (frame["ground_m2"] < sizes.smallest_m2).to_numpy()
    _set_aside(bench, too_small, f"less than {sizes.smallest_m2:g} m2 of ground, as a garage or a shed")
    of_sort = _numbers(frame["kind"].map({name: kind.homes for name, kind in bench.layer.kinds.items()}))
    told = np.where(np.isnan(dwellings), of_sort, dwellings)
    by_size = _homes_by_size(bench, sizes, np.isnan(told))
    bench.note(np.isnan(told), "dwellings", "homes_by_size", "noted", lambda _: ("", words))
    frame["homes"] = np.where(np.isnan(told), by_size, told)


def _numbers(column: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(column), dtype=np.float64)


def _ground_m2(bench: Bench) -> Floats:
    """The ground under each outline, to a tenth of a square metre; NaN for what is no outline."""
    shapes = bench.frame.geometry
    outlines = shapes.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    return np.where(outlines, np.round(space.areas_m2(shapes), 1), np.nan)


def _set_aside(bench: Bench, out: Flags, why: str) -> None:
    count = int((out & bench.standing).sum())
    bench.aside.update({why: count} if count else {})
    bench.standing &= ~out


def _settle_sorts(bench: Bench, dwellings: Floats) -> str:
    """What each building is for; what is said of those whose homes are counted by their size.

    A word that is not known is an issue, and its row is left out unless it says how many homes it holds. Where no row
    of a source says what it is for, all are taken for buildings with homes, as their layer is about.
    """
    frame, kinds = bench.frame, bench.layer.kinds
    given = frame["kind"].astype(object)
    strange = (given.notna() & ~given.isin(list(kinds))).to_numpy()
    bench.drop(strange & np.isnan(dwellings), "kind", "unknown_kind", lambda i: (str(given[i]), _strange(given[i])))
    says_none = bool(given.isna().all())
    frame["kind"] = given.where(given.isin(list(kinds)), HOMES_KIND if says_none else UNSAID_KIND)
    return _NO_USE if says_none else _BY_SIZE


def _strange(word: str) -> str:
    return (
        f"{word!r} does not say here whether people live in it, so it is left out. Explain it under 'values' of 'kind' "
        "in the place file."
    )


def _homes_by_size(bench: Bench, sizes: HomeSizes, wanted: Flags) -> Floats:
    """Homes by floor area, one at the least; a row without any size is dropped where its size is wanted."""
    frame = bench.frame
    ground_m2, levels, floor_m2 = (_numbers(frame[name]) for name in ("ground_m2", "levels", "floor_area_m2"))
    bench.drop(wanted & np.isnan(ground_m2) & np.isnan(floor_m2), "geometry", "no_size", lambda _: ("", _NO_SIZE))
    too_large = wanted & np.isnan(floor_m2) & np.isnan(levels) & (ground_m2 > sizes.largest_m2)
    words = _TOO_LARGE.format(most=sizes.largest_m2)
    bench.note(too_large, "geometry", "large_outline", "noted", lambda i: (f"{ground_m2[i]:,.0f} m2", words))
    counted_m2 = np.where(np.isnan(levels), np.minimum(ground_m2, sizes.largest_m2) * sizes.levels, ground_m2 * levels)
    homes = np.where(np.isnan(floor_m2), counted_m2, floor_m2) / sizes.home_m2
    return np.maximum(np.round(homes, 3), 1.0)
