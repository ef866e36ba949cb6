"""What places offer, for how many people, and how far an answer rests on where exactly they are.

A place may be counted as one, by its hours open a week, or by its hours with staff a week: a library that opens two
afternoons is not what it was when it opened six days. Many registers do not say the hours, so what is not known (NaN)
is kept apart from a place that is open no hours (0), and every answer says of how many places it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from assetmap.measures.by_area import ByArea, Positions, by_area
from assetmap.measures.people import WALK_MINUTES, per_1000, provision, reach
from assetmap.network import Method
from assetmap.space import Floats
from assetmap.tables import Areas

Flags = npt.NDArray[np.bool_]

Offer = Literal["places", "hours", "staffed hours"]
"""What is counted of a place: itself, its hours open a week, or its hours with staff a week."""

OFFERS: Final[tuple[Offer, ...]] = get_args(Offer)

_COLUMN: Final = {"hours": "hours_per_week", "staffed hours": "staffed_hours_per_week"}


@dataclass(frozen=True)
class Figures:
    """Of how many places a figure is known, so that a sum over them can be judged.

    Attributes
    ----------
    places
        How many there are.
    known
        How many of them have the figure, 0 among them.
    none
        How many of them have the figure 0, such as a place that is open no hours.
    """

    places: int
    known: int
    none: int

    @property
    def missing(self) -> int:
        """How many lack the figure."""
        return self.places - self.known


def offered(assets: pd.DataFrame, offer: Offer = "places") -> pd.Series[float]:
    """What each place offers.

    Parameters
    ----------
    assets
        With the columns ``hours_per_week`` and ``staffed_hours_per_week``.
    offer
        What to count.

    Returns
    -------
    pandas.Series
        With the index of ``assets``: 1 a place, or hours a week; NaN where the register does not say.
    """
    if offer == "places":
        return pd.Series(1.0, index=assets.index)
    hours = pd.to_numeric(assets[_COLUMN[offer]])
    return pd.Series(hours.to_numpy(dtype=np.float64, na_value=np.nan), index=assets.index)


def figures(supply: pd.Series[float]) -> Figures:
    """Of how many places it is known what they offer.

    Parameters
    ----------
    supply
        As :func:`offered` gives it.
    """
    return Figures(len(supply), int(supply.notna().sum()), int((supply == 0).sum()))


def supply_provision(asset_area_codes: pd.Series[str], supply: pd.Series[float], areas: Areas) -> pd.DataFrame:
    """How much places offer in each neighbourhood, and how much that is for every 1,000 of its people.

    Parameters
    ----------
    asset_area_codes, areas
        As for :func:`assetmap.measures.provision`.
    supply
        What each place offers, as :func:`offered` gives it, with the index of ``asset_area_codes``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood, as :func:`assetmap.measures.provision` gives it (``count``,
        ``people``, ``few_people``), with ``count_missing``, of how many of the places it is not known what they offer;
        ``supply``, the sum over the others (0 where no place stands, NaN where of none of them it is known); and
        ``per_1000`` of that supply.
    """
    answer = provision(asset_area_codes, areas)
    area = answer.index.get_indexer(pd.Index(asset_area_codes))
    found = supply_by_area(area, np.asarray(supply, dtype=np.float64), len(answer))
    answer["count_missing"] = found.missing
    answer["supply"] = found.supply
    answer["per_1000"] = per_1000(answer["supply"], answer["people"])
    return answer


@dataclass(frozen=True, eq=False)
class SupplyByArea:
    """What places offer in each neighbourhood.

    Attributes
    ----------
    count
        ``(areas,)`` how many places stand there.
    missing
        ``(areas,)`` of how many of them it is not known what they offer.
    supply
        ``(areas,)`` what the others offer together: 0 where no place stands, NaN where of none of them it is known.
    """

    count: Positions
    missing: Positions
    supply: Floats


def supply_by_area(area: Positions, supply: Floats, areas: int) -> SupplyByArea:
    """What places offer in each neighbourhood, for :func:`supply_provision` and for those who ask it many times.

    Parameters
    ----------
    area
        ``(places,)`` the position of each place's neighbourhood; -1 where it stands in none, and is not counted.
    supply
        ``(places,)`` what each offers; NaN where not known.
    areas
        How many neighbourhoods there are.
    """
    area, supply = area[area >= 0], supply[area >= 0]
    known = ~np.isnan(supply)
    count = np.bincount(area, minlength=areas)
    missing = np.bincount(area[~known], minlength=areas)
    # a neighbourhood whose places all lack the figure is not one with none of it
    total = np.where((count > 0) & (missing == count), np.nan, np.bincount(area[known], supply[known], areas))
    return SupplyByArea(count, missing, total)


@dataclass(frozen=True, eq=False)
class DistanceBounds:
    """How far the nearest place is from each origin, as mapped and if places were not quite where they are mapped.

    Attributes
    ----------
    nearer_m, mapped_m, further_m
        ``(origins,)`` metres if every place were as much nearer as its accuracy allows, as mapped, and as much
        further: infinite where no place is reached, NaN where not measured.
    accuracy_unknown
        ``(origins,)`` true where it is not known how accurately the nearest place is mapped.
    """

    nearer_m: Floats
    mapped_m: Floats
    further_m: Floats
    accuracy_unknown: Flags


def bounds_of_nearest(distance_m: Floats, accuracy_m: Floats) -> DistanceBounds:
    """The bounds where only the nearest place to each origin is known.

    They are cautious on one side only: another place that is mapped less accurately might be nearer still, which
    :func:`bounds_of_walks` takes into account.

    Parameters
    ----------
    distance_m
        ``(origins,)`` metres to the nearest place: infinite where none is reached, NaN where not measured.
    accuracy_m
        ``(origins,)`` how far that place may be from where it is mapped, in metres. Not known (NaN) counts as 0, and
        is told.
    """
    unknown = np.isnan(accuracy_m)
    error_m = np.where(unknown, 0.0, accuracy_m)
    nearer_m = np.maximum(distance_m - error_m, 0.0)
    return DistanceBounds(nearer_m, distance_m, distance_m + error_m, unknown & np.isfinite(distance_m))


def bounds_of_classes(nearest_m: Floats, accuracy_m: Floats) -> DistanceBounds:
    """The bounds from the nearest place of each class of accuracy, so that another may be the nearest in each case.

    They are those of :func:`bounds_of_walks` without its limit: within a class every walk moves by as much, so the
    nearest stays the nearest.

    Parameters
    ----------
    nearest_m
        ``(classes, origins)`` metres to the nearest place of each class: infinite where none is reached, NaN where not
        measured. At least one class.
    accuracy_m
        ``(classes,)`` how far the places of each may be from where they are mapped, in metres; NaN where not known.

    Raises
    ------
    ValueError
        If there are not as many accuracies as classes.
    """
    if len(accuracy_m) != len(nearest_m):
        raise ValueError(f"{len(nearest_m)} classes of places do not go with {len(accuracy_m)} accuracies.")
    each = [bounds_of_nearest(metres, np.full(len(metres), m)) for metres, m in zip(nearest_m, accuracy_m, strict=True)]
    nearer_m, mapped_m, further_m = (
        np.min([getattr(bounds, name) for bounds in each], axis=0) for name in ("nearer_m", "mapped_m", "further_m")
    )
    unknown = [bounds.accuracy_unknown & (bounds.mapped_m == mapped_m) for bounds in each]
    return DistanceBounds(nearer_m, mapped_m, further_m, np.any(unknown, axis=0))


def bounds_of_walks(walks: sparse.sparray, accuracy_m: Floats, measured: Flags | None = None) -> DistanceBounds:
    """The bounds from the walks to every place, so that the nearest may be another one in each of the three cases.

    Parameters
    ----------
    walks
        ``(places, origins)`` metres, as for :func:`assetmap.measures.catchment.floating_catchment`. They must be kept
        up to a limit as much longer than the walk asked about as the least accurate place may be wrong.
    accuracy_m
        ``(places,)`` how far each may be from where it is mapped, in metres. Not known (NaN) counts as 0, and is told.
    measured
        ``(origins,)`` false where an origin is on no street; without it, all are measured.

    Raises
    ------
    ValueError
        If there are not as many accuracies as places.
    """
    places, origins = walks.shape
    if len(accuracy_m) != places:
        raise ValueError(f"Walks to {places} places do not go with {len(accuracy_m)} accuracies.")
    stored = walks.tocoo()
    unknown = np.isnan(accuracy_m)
    error_m = np.where(unknown, 0.0, accuracy_m)[stored.row]
    near = np.zeros(origins) if measured is None else np.where(measured, 0.0, np.nan)
    mapped_m = _least(stored.col, stored.data, near)
    is_nearest = stored.data == mapped_m[stored.col]
    accuracy_unknown = np.bincount(stored.col[is_nearest & unknown[stored.row]], minlength=origins) > 0
    nearer_m = _least(stored.col, np.maximum(stored.data - error_m, 0.0), near)
    return DistanceBounds(nearer_m, mapped_m, _least(stored.col, stored.data + error_m, near), accuracy_unknown)


def _least(origin: npt.NDArray[np.int32], metres: Floats, near: Floats) -> Floats:
    """The least of the metres of each origin, infinite without any; NaN where ``near`` is."""
    least = np.full(len(near), np.inf)
    np.minimum.at(least, origin, metres)
    return least + near


def share_bounds(
    origins: pd.DataFrame | ByArea, bounds: DistanceBounds, minutes: float = WALK_MINUTES, method: Method = "walking"
) -> pd.DataFrame:
    """The share of people with a place within a walk, and between what shares it lies for all that is known of where.

    ``share_sure`` is the share if every place were further, and ``share_possible`` if every place were nearer, by as
    many metres as it may be from where it is mapped. In a straight line that is as far as the error can go. Along
    streets it is a rule of thumb: a place mapped on the wrong side of a railway may be further by the way round.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them.
    bounds
        From :func:`bounds_of_walks` or :func:`bounds_of_nearest`.
    minutes, method
        As for :func:`assetmap.measures.reach`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood: ``people``; ``share_sure``, ``share_within`` and
        ``share_possible`` (0 to 1, of the people measured; never falling in this order; NaN where not measured); the
        same three of ``people_sure``, ``people_within`` and ``people_possible``; and ``people_accuracy_unknown``, whose
        nearest place is mapped nobody knows how accurately, so that the range may be too narrow.
    """
    cases = {"sure": bounds.further_m, "within": bounds.mapped_m, "possible": bounds.nearer_m}
    grouped = by_area(origins)
    found = {name: reach(grouped, metres, minutes, method) for name, metres in cases.items()}
    answer = pd.DataFrame({"people": found["within"]["people"]})
    for measure in ("share", "people"):
        for name, each in found.items():
            answer[f"{measure}_{name}"] = each[f"{measure}_within"]
    answer["people_accuracy_unknown"] = grouped.total(grouped.people * bounds.accuracy_unknown)
    return answer
