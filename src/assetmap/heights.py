"""What is looked at in a source of heights before its rows are trusted: the corners of its squares, and each height."""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import pandas as pd

from assetmap.bench import Bench
from assetmap.locating import Flags
from assetmap.space import Floats
from assetmap.tables import HEIGHT_SQUARE_M, HEIGHTS_A_SQUARE

LOWEST_M: Final = -50.0
HIGHEST_M: Final = 1_400.0
"""No ground of Great Britain is lower or higher: other numbers are not heights, or not in metres."""

_NO_CORNER: Final = "This is not the south-west corner of a square kilometre of the National Grid."
_NO_HEIGHTS: Final = f"None of the {HEIGHTS_A_SQUARE} heights that a square kilometre has can be read from this."
_TWICE: Final = "This square stands in the file twice; the first is kept."


def settle_corners(bench: Bench) -> None:
    """Name each square by its corner (``row_id``), and drop those that have none or stand there a second time."""
    frame = bench.frame
    corners = frame[["easting_m", "northing_m"]].astype("Int64")
    frame[["easting_m", "northing_m"]] = corners
    named = corners["easting_m"].astype(str) + "/" + corners["northing_m"].astype(str)
    frame["row_id"] = named.astype(object)
    astray = (corners % HEIGHT_SQUARE_M != 0).fillna(True).any(axis=1).to_numpy(dtype=bool)
    bench.drop(astray, "easting_m", "not_a_corner", lambda i: (named[i], _NO_CORNER))
    again = named[bench.standing].duplicated().reindex(frame.index, fill_value=False)
    bench.drop(again.to_numpy(dtype=bool), "easting_m", "repeated_id", lambda i: (named[i], _TWICE))


def settle_heights(bench: Bench) -> None:
    """Leave out what cannot be a height, and drop the squares of which no height is known.

    Of those that some are missing from, only the place's own are told of: a file ends somewhere.
    """
    frame = bench.frame
    given = frame["heights_m"].astype(object)
    heights_m = np.array([_read(text) for text in given], dtype=np.float64).reshape(len(frame), HEIGHTS_A_SQUARE)
    strange = (heights_m < LOWEST_M) | (heights_m > HIGHEST_M)
    words = f"heights are not between {LOWEST_M:g} and {HIGHEST_M:,g} m and are left out: are they in metres?"
    bench.note(
        _any(strange), "heights_m", "out_of_range", "noted",
        lambda i: (f"{heights_m[i][strange[i]][0]:g}", f"{strange[i].sum()} {words}"),
    )  # fmt: skip
    unknown = np.isnan(heights_m) | strange
    bench.drop(~_any(~unknown), "heights_m", "not_heights", lambda i: (str(given[i]), _NO_HEIGHTS))
    missing = f"of {HEIGHTS_A_SQUARE} heights of this square kilometre are not known: ways there count as level."
    own = bench.ground.metres_outside(frame.geometry) == 0
    bench.note(
        _any(unknown) & own, "heights_m", "heights_missing", "noted",
        lambda i: (str(frame["row_id"][i]), f"{unknown[i].sum()} {missing}"),
    )  # fmt: skip
    frame["heights_m"] = pd.Series([_written(row) for row in np.where(unknown, np.nan, heights_m)], dtype=object)


def _any(of_heights: Flags) -> Flags:
    """Which squares have any such height."""
    return np.asarray(of_heights.any(axis=1), dtype=bool)


def _read(text: str | None) -> Floats:
    """The heights of a square, NaN where none is known: all of them where the text is no list of so many numbers."""
    try:
        found = np.array(json.loads(text or "[]"), dtype=np.float64)  # null becomes NaN
    except (ValueError, TypeError):
        found = np.zeros(0)
    return found if found.shape == (HEIGHTS_A_SQUARE,) else np.full(HEIGHTS_A_SQUARE, np.nan)


def _written(heights_m: Floats) -> str:
    return json.dumps([None if np.isnan(height) else height for height in heights_m.tolist()])
