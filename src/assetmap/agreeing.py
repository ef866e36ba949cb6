"""Whether a row's own coordinates agree with its own postcode: registers have rows of which one of the two is wrong."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space, values
from assetmap.bench import Bench, distance_words
from assetmap.locating import points_by_reference
from assetmap.space import Floats, Shapes

DISAGREE_M: Final = 1_000.0
"""Coordinates further than this from the middle of their own postcode disagree with it, save where postcodes are wide.

Nine tenths of the rows of Trafford's register of land that have both lie within 240 m of it. Of 521 things to which
OpenStreetMap gives a postcode in Rutland six lie further than this, four of them where postcodes are as wide."""

POSTCODES_AROUND: Final = 10
"""Where so many other postcodes lie further off than :data:`DISAGREE_M`, as in open country, the tenth is the limit."""


def notice_far_from_postcode(bench: Bench) -> None:
    """Say which rows lie far from their own postcode; each stays where it was published, but as roughly placed.

    Nobody here can tell which of the two is wrong, so ``location_accuracy_m`` becomes the distance between them, and
    ``location_note`` says why. Rows that have no coordinates of their own, no postcode, or one that is not loaded,
    cannot be compared.
    """
    locators = bench.context.locators
    if locators is None or "postcode" not in bench.frame:
        return
    frame = bench.frame
    middles = points_by_reference(locators, "postcode")
    codes = pd.Series([_first_postcode(text) for text in frame["postcode"]], index=frame.index, dtype=object)
    compared = bench.standing & codes.isin(middles.index).to_numpy() & (frame["located_by"] != "postcode").to_numpy()
    at = np.flatnonzero(compared)
    points = _measured(middles)
    own = middles.index.get_indexer(pd.Index(codes.to_numpy()[at]))
    apart_m = shapely.distance(np.asarray(space.to_measured(frame.geometry).array, dtype=object)[at], points[own])
    far = apart_m > DISAGREE_M
    far[far] = apart_m[far] > _reach_m(points[own[far]], points)
    _mark(bench, codes, dict(zip(at[far].tolist(), apart_m[far].tolist(), strict=True)))


def _first_postcode(text: object) -> str:
    return next(iter(values.postcodes_in(str(text))), "") if text else ""


def _measured(middles: pd.DataFrame) -> Shapes:
    points = gpd.GeoSeries(space.stored_points(middles["lon"].to_numpy(), middles["lat"].to_numpy()))
    return np.asarray(space.to_measured(points.set_crs(space.STORED_CRS)).array, dtype=object)


def _reach_m(of: Shapes, points: Shapes) -> Floats:
    """How far the tenth nearest other postcode is from each, or the furthest where fewer are loaded."""
    last = min(POSTCODES_AROUND, len(points) - 1)
    return np.array([np.partition(shapely.distance(point, points), last)[last] for point in of], dtype=np.float64)


def _mark(bench: Bench, codes: pd.Series, apart_m: dict[int, float]) -> None:
    frame = bench.frame
    far = np.zeros(len(frame), dtype=bool)
    far[list(apart_m)] = True
    bench.note(far, "coordinates", "far_from_postcode", "noted", lambda i: (codes[i], _issue(codes[i], apart_m[i])))
    notes = frame["location_note"].to_numpy(dtype=object)
    for index, metres in apart_m.items():
        row = frame.index[index]
        note = f"its postcode {codes[row]} is {distance_words(metres)} from here, so one of the two is wrong"
        frame.at[row, "location_note"] = "; ".join(filter(None, [notes[index], note]))
        frame.at[row, "location_accuracy_m"] = np.ceil(metres)


def _issue(code: str, metres: float) -> str:
    return (
        f"Its coordinates and its postcode {code} disagree by {distance_words(metres)}. It is drawn at its "
        "coordinates, and counted as roughly placed: one of the two is wrong at the source."
    )
