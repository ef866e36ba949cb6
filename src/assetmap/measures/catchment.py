"""How much of what places offer falls to each person near them: floating catchment areas, and the older sums of places.

A place's offer is shared among the people who may come to it, near ones counting for more; what falls to a person is
the sum of those shares over the places that they may go to (Luo & Wang 2003; Luo & Qi 2009; with selection weights,
Wan, Zou & Sternberg 2012). Sums that do not share are the cumulative opportunities and Hansen's accessibility (1959).

Every function takes ``walks``: a sparse ``(places, origins)`` array of metres, such as
:class:`assetmap.measures.walks.Walks` holds. What is stored, once a pair, is within the limit, a walk of no length
among it; what is not stored is beyond. Every origin is in every answer: 0 where it reaches nothing, NaN where it was
not measured. NaN also stands where an origin reaches places, and of none of them is it known what they offer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from assetmap.arrays import among
from assetmap.measures.by_area import ByArea, by_area
from assetmap.measures.people import WALK_MINUTES
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.space import Floats

Flags = npt.NDArray[np.bool_]
_Positions = npt.NDArray[np.int32]

Decay = Callable[[Floats], Floats]
"""Metres to weights: how much less a place counts, or a person may be expected to come, for being further away."""


@dataclass(frozen=True)
class Binary:
    """1 within the catchment, its edge included, and 0 beyond: the plain two steps (2SFCA, Luo & Wang 2003).

    Attributes
    ----------
    catchment_m
        Metres.
    """

    catchment_m: float

    def __call__(self, metres: Floats) -> Floats:
        """The weight at each distance."""
        return (metres <= self.catchment_m).astype(np.float64)


@dataclass(frozen=True)
class Step:
    """One weight a zone, and 0 beyond the last: the enhanced two steps (E2SFCA, Luo & Qi 2009).

    Attributes
    ----------
    zones
        ``(metres, weight)`` of each zone from the nearest outwards; a distance on an edge is in the nearer zone.

    Raises
    ------
    ValueError
        If the metres do not rise from zone to zone, or a weight is negative.
    """

    zones: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        metres, weights = np.array(self.zones, dtype=np.float64).reshape(-1, 2).T
        if not len(metres) or not (np.diff(metres) > 0).all() or not (weights >= 0).all():
            raise ValueError(f"Zones need metres that rise and weights of 0 or more, not {self.zones}.")

    def __call__(self, metres: Floats) -> Floats:
        """The weight at each distance."""
        edges, weights = np.array(self.zones, dtype=np.float64).T
        return np.append(weights, 0.0)[np.searchsorted(edges, metres)]


@dataclass(frozen=True)
class Gaussian:
    """exp(−d²/2σ²), which is 1 at the door.

    Attributes
    ----------
    sigma_m
        σ in metres.
    catchment_m
        Beyond this the weight is 0; without it, whatever walks are given count.

    Raises
    ------
    ValueError
        If σ is not more than 0.
    """

    sigma_m: float
    catchment_m: float = np.inf

    def __post_init__(self) -> None:
        if not self.sigma_m > 0:
            raise ValueError(f"sigma_m must be more than 0 metres, not {self.sigma_m}.")

    def __call__(self, metres: Floats) -> Floats:
        """The weight at each distance."""
        return np.where(metres <= self.catchment_m, np.exp(-(metres**2) / (2.0 * self.sigma_m**2)), 0.0)


@dataclass(frozen=True)
class Gravity:
    """(max(d, d_min)/s)^α, a power that falls with distance.

    Attributes
    ----------
    alpha
        α, less than 0.
    least_m
        d_min: nearer than this counts as this far, for at no distance the power has no end.
    scale_m
        s, the metres at which the weight is 1.
    catchment_m
        Beyond this the weight is 0; without it, whatever walks are given count.

    Raises
    ------
    ValueError
        If α is not less than 0, or d_min or s not more than 0.
    """

    alpha: float
    least_m: float
    scale_m: float = 1.0
    catchment_m: float = np.inf

    def __post_init__(self) -> None:
        if not (self.alpha < 0 < self.least_m and self.scale_m > 0):
            raise ValueError(f"Gravity needs alpha below 0, and least_m and scale_m above 0, not {self}.")

    def __call__(self, metres: Floats) -> Floats:
        """The weight at each distance."""
        power = (np.maximum(metres, self.least_m) / self.scale_m) ** self.alpha
        return np.where(metres <= self.catchment_m, power, 0.0)


WALKING_ZONES: Final = Step(((400.0, 1.0), (800.0, 0.68), (1600.0, 0.22)))
"""Five, ten and twenty minutes on foot, with the weights that Luo & Qi (2009) gave to their three zones."""


@dataclass(frozen=True, eq=False)
class FloatingCatchment:
    """What the two steps gave.

    Attributes
    ----------
    demand
        ``(places,)`` Σ_i P_i·W_ij: the people who may come, each counted as much as their distance leaves.
    ratio
        ``(places,)`` R_j = S_j / Σ_i P_i·W_ij: what a place offers to each of them. NaN where what it offers is not
        known, and where there is nobody to share it.
    overstated
        ``(places,)`` true where people of an unknown number may come too: the demand is then too small, and the ratio
        too large.
    access
        ``(origins,)`` A_i = Σ_j R_j·W_ij: what falls to each person who sets out there.
    """

    demand: Floats
    ratio: Floats
    overstated: Flags
    access: Floats


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of place and origin that count for anything, and how much each does; worked out once, asked often.

    Attributes
    ----------
    place, origin, weight
        One value a pair.
    shape
        How many places and origins there are.
    """

    place: _Positions
    origin: _Positions
    weight: Floats
    shape: tuple[int, int]

    def to(self, standing: Flags) -> Pairs:
        """Those of the places that stand; the others keep their number and are near nobody."""
        kept = standing[self.place]
        return Pairs(self.place[kept], self.origin[kept], self.weight[kept], self.shape)

    def and_to(self, more: Pairs) -> Pairs:
        """These and those of further places, which are numbered after these."""
        places, origins = self.shape
        return Pairs(
            np.concatenate([self.place, more.place + np.int32(places)]),
            np.concatenate([self.origin, more.origin]),
            np.concatenate([self.weight, more.weight]),
            (places + more.shape[0], origins),
        )

    def at_places(self, values: Floats) -> Floats:
        """Σ over the origins of each place, weighted."""
        return _sums(self.place, self.weight * values[self.origin], self.shape[0])

    def at_origins(self, values: Floats, measured: Flags | None) -> Floats:
        """Σ over the places of each origin, weighted; NaN where the module says so."""
        known, origins = ~np.isnan(values), self.shape[1]
        total = _sums(self.origin, self.weight * np.where(known, values, 0.0)[self.place], origins)
        if not known.all():
            reached, told = among(self.origin, origins), among(self.origin[known[self.place]], origins)
            total[reached & ~told] = np.nan
        if measured is not None:
            total[~measured] = np.nan
        return total


def floating_catchment(
    walks: sparse.sparray,
    supply: Floats,
    people: Floats,
    decay: Decay = WALKING_ZONES,
    selection_weights: bool = False,
    measured: Flags | None = None,
) -> FloatingCatchment:
    """What falls to each person of what the places near them offer: R_j = S_j / Σ_i P_i·W_ij, A_i = Σ_j R_j·W_ij.

    All that is offered falls to somebody: Σ P_i·A_i = Σ S_j over the places whose offer is known and to which anybody
    may come.

    Parameters
    ----------
    walks
        ``(places, origins)`` metres, as the module says.
    supply
        ``(places,)`` what each offers, in any unit. A place whose offer is not known (NaN) adds to nobody's access.
    people
        ``(origins,)`` who sets out from where. An unknown number (NaN) adds nothing to demand, and marks the places
        that those people may come to as ``overstated``; their own access is worked out like anybody's.
    decay
        W of the metres: :class:`Binary` for 2SFCA, :class:`Step` for E2SFCA, or a curve.
    selection_weights
        Whether each W_ij is also multiplied, in both steps, by G_ij = W_ij / Σ_j W_ij, so that those who have more
        places to choose from ask less of each (3SFCA, Wan, Zou & Sternberg 2012). A place that no longer stands must
        then have no walks: one that offers nothing is still chosen.
    measured
        ``(origins,)`` false where an origin is on no street; without it, all are measured.

    Returns
    -------
    FloatingCatchment
        In units of supply a person.

    Raises
    ------
    ValueError
        If the sizes do not fit ``walks``.
    """
    return shared_out(pairs_within(walks, decay), supply, people, selection_weights, measured)


def shared_out(
    pairs: Pairs, supply: Floats, people: Floats, selection_weights: bool = False, measured: Flags | None = None
) -> FloatingCatchment:
    """:func:`floating_catchment` of pairs that are weighted already (:func:`pairs_within`).

    Raises
    ------
    ValueError
        If the sizes do not fit the pairs.
    """
    _check_sizes(pairs.shape, supply, people)
    if selection_weights:
        pairs = _selected(pairs)
    known = ~np.isnan(people)
    demand = pairs.at_places(np.where(known, people, 0.0))
    ratio = np.full(len(supply), np.nan)
    np.divide(supply, demand, out=ratio, where=demand > 0)
    overstated = among(pairs.place[~known[pairs.origin]], len(supply))
    return FloatingCatchment(demand, ratio, overstated, pairs.at_origins(ratio, measured))


def gravity_accessibility(walks: sparse.sparray, supply: Floats, decay: Decay, measured: Flags | None = None) -> Floats:
    """What the places near each origin offer, nearer ones counting for more: A_i = Σ_j S_j·W_ij (Hansen 1959).

    Unlike :func:`floating_catchment` it is not shared: it does not matter how many people want it.

    Parameters
    ----------
    walks, supply, decay, measured
        As for :func:`floating_catchment`.

    Returns
    -------
    numpy.ndarray
        ``(origins,)`` in units of supply.

    Raises
    ------
    ValueError
        If the sizes do not fit ``walks``.
    """
    _check_sizes(walks.shape, supply)
    return pairs_within(walks, decay).at_origins(supply, measured)


def cumulative_opportunities(
    walks: sparse.sparray,
    minutes: float = WALK_MINUTES,
    supply: Floats | None = None,
    measured: Flags | None = None,
) -> Floats:
    """How many places, or how much of what they offer, each origin has within a walk.

    Parameters
    ----------
    walks, measured
        As for :func:`floating_catchment`. Walks that were kept up to a shorter limit than this walk give too little.
    minutes
        How long the walk may be; exactly that long still counts.
    supply
        ``(places,)`` what each offers; without it, every place counts 1. One not known (NaN) adds nothing.

    Returns
    -------
    numpy.ndarray
        ``(origins,)`` places, or units of supply.

    Raises
    ------
    ValueError
        If the sizes do not fit ``walks``.
    """
    offered = np.ones(walks.shape[0]) if supply is None else supply
    return gravity_accessibility(walks, offered, Binary(minutes * WALK_METRES_PER_MINUTE), measured)


def area_means(origins: pd.DataFrame | ByArea, values: Floats) -> pd.Series[float]:
    """What the people of each neighbourhood have on average, from what each of its origins has.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them. Where a neighbourhood's people are none or not known, its
        origins count equally.
    values
        ``(len(origins),)`` such as access; NaN takes no part.

    Returns
    -------
    pandas.Series
        Indexed by ``area_code``, every neighbourhood; NaN where no origin has a value.
    """
    grouped = by_area(origins)
    return pd.Series(grouped.mean(values, grouped.weight * ~np.isnan(values)), grouped.codes)


def _check_sizes(shape: tuple[int, int], supply: Floats, people: Floats | None = None) -> None:
    places, origins = shape
    if len(supply) != places or (people is not None and len(people) != origins):
        given = f"{len(supply)} supplies" + ("" if people is None else f" and {len(people)} numbers of people")
        raise ValueError(f"Walks between {places} places and {origins} origins do not go with {given}.")


def pairs_within(walks: sparse.sparray, decay: Decay) -> Pairs:
    """The pairs that count for anything.

    Parameters
    ----------
    walks, decay
        As for :func:`floating_catchment`.
    """
    stored = walks.tocoo()
    weight = decay(stored.data)
    counts = weight > 0
    return Pairs(stored.row[counts], stored.col[counts], weight[counts], stored.shape)


def _selected(pairs: Pairs) -> Pairs:
    """The pairs with each weight multiplied by its share of the origin's weights."""
    total = _sums(pairs.origin, pairs.weight, pairs.shape[1])
    return Pairs(pairs.place, pairs.origin, pairs.weight * pairs.weight / total[pairs.origin], pairs.shape)


def _sums(index: _Positions, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(index, values, minlength=size), dtype=np.float64)
