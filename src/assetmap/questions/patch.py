"""The part of a place that a question is about: neighbourhoods, a part of town by name, or an outline drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from assetmap import space
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import PlaceView
from assetmap.questions.answer import and_words
from assetmap.questions.supply import walks_to
from assetmap.space import Floats
from assetmap.tables import Assets
from assetmap.wording import opening, share_words

NAMED_AT_MOST: Final = 3

BEYOND: Final = 0.05
"""Less of an area outside its place goes unsaid: nobody draws along a border exactly."""

GRID_REACH_M: Final = 1_000_000.0
"""A distance longer than this is not told in kilometres."""


@dataclass(frozen=True, eq=False)
class Patch:
    """A part of a place, with the people who live in it.

    Attributes
    ----------
    name
        What it is called in a sentence.
    outline
        In EPSG:4326.
    origins
        ``(origins,)`` true for those of ``view.origins`` that are in it.
    people
        Indexed by ``area_code``: how many of its people live in each neighbourhood. Those of a drawn outline are the
        people of the origins inside it, so that fields count for nothing; a neighbourhood of which nobody lives in it
        has no row.
    stands
        ``(assets,)`` true for the rows of ``view.assets`` that are in it.
    """

    name: str
    outline: BaseGeometry
    origins: npt.NDArray[np.bool_]
    people: pd.Series[float]
    stands: npt.NDArray[np.bool_]

    def weights(self, view: PlaceView) -> Floats:
        """The people of each of its origins, none where it is not known how many; 1 for each where nobody is known."""
        people = np.nan_to_num(view.origins["people"].to_numpy(dtype=np.float64)[self.origins])
        return people if people.sum() > 0 else np.ones(len(people))

    def beyond_words(self, view: PlaceView) -> list[str]:
        """That some of it lies outside the place, where nothing is counted; nothing where hardly any does."""
        place = view.ground.outline(0.0)
        beyond = 0.0 if place is None else self.outline.difference(place).area / self.outline.area
        if beyond < BEYOND:
            return []
        share = opening(share_words(beyond))
        return [f"{share} of {self.name} lies outside {view.name}: people and places there are not counted."]

    def mean(self, values: pd.Series[float]) -> float:
        """The mean of neighbourhoods' figures over its people, over those where it is known; NaN where none is."""
        known = values.reindex(self.people.index).astype("float64")
        weight = self.people.where(known.notna(), 0.0).fillna(0.0)
        return float((known.fillna(0.0) * weight).sum() / weight.sum()) if weight.sum() > 0 else float("nan")


def patch_of(view: PlaceView, words: Sequence[str] = (), outline: BaseGeometry | None = None) -> Patch:
    """The part of a place that some words or an outline mean; with neither, all of it.

    Parameters
    ----------
    words
        Each a neighbourhood's code or name, or the name of a part of town; together they are one patch.
    outline
        A polygon in EPSG:4326, instead of words.

    Raises
    ------
    UnknownNameError
        If a word is no neighbourhood or part of town.
    QuestionError
        If the outline is no polygon or lies outside the place, nobody lives in it, or words are given beside it.
    """
    if outline is not None:
        if words:
            raise QuestionError("Ask about neighbourhoods or about an outline, not about both at once.")
        return _drawn(view, outline)
    areas = view.areas
    codes = codes_of(view, words) if words else frozenset(areas["area_code"])
    chosen = areas["area_code"].isin(codes).to_numpy()
    origins = view.origins["area_code"].isin(codes).to_numpy()
    # what is of the place may lie a little outside every neighbourhood of it
    stands = view.assets["area_code"].isin(codes).to_numpy() if words else np.ones(len(view.assets), dtype=bool)
    name = _name(view, chosen) if words else view.name
    return Patch(name, areas[chosen].geometry.union_all(), origins, _people(view, origins), stands)


def codes_of(view: PlaceView, words: Sequence[str]) -> frozenset[str]:
    """The codes of the neighbourhoods that some words mean, each as :func:`patch_of` takes it.

    Raises
    ------
    UnknownNameError
        If a word is no neighbourhood or part of town.
    """
    meant = np.logical_or.reduce([_meant(view, word) for word in words])
    return frozenset(view.areas["area_code"].to_numpy()[meant])


def _meant(view: PlaceView, word: str) -> npt.NDArray[np.bool_]:
    plain = word.strip().casefold()
    columns = [view.areas[name].fillna("").str.casefold() == plain for name in ("area_code", "name", "locality")]
    found = np.asarray(columns[0] | columns[1] | columns[2], dtype=bool)
    if not found.any():
        localities = sorted(filter(None, view.areas["locality"].dropna().unique()))
        raise UnknownNameError("neighbourhood or part of town", word, localities or list(view.areas["name"]))
    return found


def _name(view: PlaceView, chosen: npt.NDArray[np.bool_]) -> str:
    areas = view.areas
    localities = areas.loc[chosen, "locality"].fillna("").unique()
    if len(localities) == 1 and localities[0] and not (~chosen & (areas["locality"] == localities[0])).any():
        return str(localities[0])
    rows = areas[chosen].fillna({"locality": ""}).to_dict("records")
    names = [f"{row['locality']} ({row['name']})" if row["locality"] else str(row["name"]) for row in rows]
    return and_words(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} neighbourhoods of {view.name}"


def _drawn(view: PlaceView, outline: BaseGeometry) -> Patch:
    outline = next(iter(shapely.make_valid(shapely.force_2d(np.array([outline], dtype=object)))))
    if outline.geom_type not in ("Polygon", "MultiPolygon") or outline.is_empty:
        raise QuestionError("An outline is a polygon with at least three corners that do not lie on one line.")
    outline_m = space.to_measured(gpd.GeoSeries([outline], crs=space.STORED_CRS)).iloc[0]
    shapely.prepare(outline_m)
    origins = np.asarray(shapely.intersects_xy(outline_m, *view.origins[["x_m", "y_m"]].to_numpy().T), dtype=bool)
    people = _people(view, origins)
    if not origins.any():
        _refuse_elsewhere(view, outline)
        raise QuestionError(f"Nobody's home in {view.name} is inside this outline, as far as is known. Draw it larger.")
    stands = np.asarray(shapely.intersects_xy(outline_m, *space.coordinates_m(view.assets.geometry).T), dtype=bool)
    return Patch("the area drawn", outline, origins, people, stands)


def _refuse_elsewhere(view: PlaceView, outline: BaseGeometry) -> None:
    """Refuse an outline that lies wholly outside the place, saying how far, and where the place is."""
    metres = _metres_outside(view, outline)
    if metres == 0.0:
        return
    west, south, east, north = view.areas.total_bounds
    # the National Grid measures well in and around Great Britain only
    away = f"{metres / 1000:,.1f} km" if metres < GRID_REACH_M else "far"
    turned = shapely.transform(outline, lambda corners: corners[:, ::-1])
    order = " Its corners say latitude first: write longitude first." if _metres_outside(view, turned) == 0.0 else ""
    raise QuestionError(
        f"This outline lies outside {view.name}, {away} from it. {view.name} lies between {west:.3f} and {east:.3f} "
        f"degrees of longitude and between {south:.3f} and {north:.3f} degrees of latitude.{order}"
    )


def _metres_outside(view: PlaceView, outline: BaseGeometry) -> float:
    return float(view.ground.metres_outside(gpd.GeoSeries([outline], crs=space.STORED_CRS))[0])


def _people(view: PlaceView, origins: npt.NDArray[np.bool_]) -> pd.Series[float]:
    inside = view.origins[origins]
    return inside.groupby("area_code", sort=True)["people"].sum(min_count=1)


def median_walks(view: PlaceView, patch: Patch, assets: Assets) -> Floats:
    """Metres to each place that half of the patch's people walk or less; infinite where most walk over an hour.

    Parameters
    ----------
    assets
        In EPSG:4326, with or without the column ``access``.
    """
    walks = walks_to(view, assets)
    metres = np.full((len(assets), len(view.origins)), np.inf)
    metres[walks.metres.row, walks.metres.col] = walks.metres.data
    measured = patch.origins & walks.measured
    here, weight = metres[:, measured], patch.weights(view)[measured[patch.origins]]
    if not len(weight) or not len(assets):
        return np.full(len(assets), np.inf)
    order = np.argsort(here, axis=1, kind="stable")
    covered = np.cumsum(weight[order], axis=1)
    middle = (covered < covered[:, -1:] * (0.5 - 1e-12)).sum(axis=1)
    return np.asarray(here[np.arange(len(here)), order[np.arange(len(here)), middle]], dtype=np.float64)


def near_enough(view: PlaceView, patch: Patch, minutes: float) -> list[str]:
    """The ids of what stands in the patch, or so near in a straight line that some of its people may walk there."""
    outline_m = space.to_measured(gpd.GeoSeries([patch.outline], crs=space.STORED_CRS)).iloc[0]
    metres = space.to_measured(view.assets.geometry).distance(outline_m)
    return view.assets.loc[metres <= minutes * WALK_METRES_PER_MINUTE, "asset_id"].to_list()
