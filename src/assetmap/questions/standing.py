"""Some kinds of place as they stand, with all that a change of them is compared with, and as they would stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import measures
from assetmap.measures import OFFERS, ByArea, Offer, Pairs
from assetmap.measures.supply import SupplyByArea
from assetmap.measures.walks import Walks
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.access import decay_of
from assetmap.questions.supply import Supply, supply_of, walks_to
from assetmap.scenarios import Change, Scenario, new_sites
from assetmap.space import Floats

Flags = npt.NDArray[np.bool_]

SHARING: Final = ("2sfca", "e2sfca", "3sfca")
"""The methods of :data:`assetmap.questions.access.METHODS` by which what places offer is shared among people."""


@dataclass(frozen=True, eq=False)
class Sites:
    """The spots on which a scenario puts something.

    Attributes
    ----------
    change
        ``(sites,)`` the position in the scenario of the change that puts something there.
    walks
        Between them and every origin of the place; ``None`` where there are none.
    area
        ``(sites,)`` the position of the neighbourhood that each lies in; -1 for those in none.
    """

    change: npt.NDArray[np.intp]
    walks: Walks | None
    area: npt.NDArray[np.intp]


def sites_of(view: PlaceView, scenario: Scenario) -> Sites:
    """The spots on which a scenario puts something, and the walks to them."""
    if all(change.lon_lat is None for change in scenario.changes):
        return Sites(np.zeros(0, dtype=np.intp), None, np.zeros(0, dtype=np.intp))
    rows = new_sites(scenario)
    area = view.by_area.codes.get_indexer(pd.Index(view.ground.area_codes(rows.geometry)))
    return Sites(rows["change"].to_numpy(dtype=np.intp), walks_to(view, rows), area)


class Now:
    """Some kinds of place as they stand today.

    Parameters
    ----------
    view, choices
        The place, and the kinds.
    minutes
        How long a walk counts as near.
    """

    def __init__(self, view: PlaceView, choices: Sequence[Choice], minutes: float) -> None:
        self.supply: Supply = supply_of(view, choices)
        self.by_area: ByArea = view.by_area
        self.minutes = minutes
        self.standing: Flags = self.supply.standing_now
        self._pairs: dict[str, Pairs] = {}
        self._falls: dict[tuple[str, Offer], Floats] = {}

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each place by its id."""
        return {str(asset_id): index for index, asset_id in enumerate(self.supply.assets["asset_id"])}

    @cached_property
    def nearest_m(self) -> Floats:
        """``(origins,)`` metres to the nearest that stands."""
        return self.supply.walks.nearest_m(self.standing)

    @cached_property
    def reached(self) -> dict[str, Floats]:
        """What :func:`assetmap.measures.reach_columns` tells of it."""
        return measures.reach_columns(self.by_area, self.nearest_m, self.minutes)

    @cached_property
    def area(self) -> npt.NDArray[np.intp]:
        """``(places,)`` the position of each place's neighbourhood; -1 for those in none."""
        return self.by_area.codes.get_indexer(pd.Index(self.supply.assets["area_code"]))

    @cached_property
    def offers(self) -> dict[Offer, Floats]:
        """``(places,)`` what each offers; NaN where nobody knows."""
        return {offer: np.asarray(measures.offered(self.supply.assets, offer), dtype=np.float64) for offer in OFFERS}

    def pairs(self, method: str) -> Pairs:
        """Who may go to which of the places, those that do not stand among them, by a method of :data:`SHARING`."""
        if method not in self._pairs:
            self._pairs[method] = measures.pairs_within(self.supply.walks.metres, decay_of(method, self.minutes))
        return self._pairs[method]

    def provided(self, offer: Offer) -> SupplyByArea:
        """What stands in each neighbourhood."""
        stands = self.standing
        return measures.supply_by_area(self.area[stands], self.offers[offer][stands], len(self.by_area.codes))

    def falls(self, method: str, offer: Offer) -> Floats:
        """``(areas,)`` what falls to every 1,000 people of each neighbourhood."""
        key = (method, offer)
        if key not in self._falls:
            self._falls[key] = _falls(self, method, self.pairs(method).to(self.standing), self.offers[offer])
        return self._falls[key]


def now(view: PlaceView, choices: Sequence[Choice], minutes: float) -> Now:
    """Some kinds of place as they stand today, kept with the place."""
    key = ("standing now", tuple((choice.layer.id, choice.kinds) for choice in choices), minutes)
    return view.once(key, lambda: Now(view, choices, minutes))


class Then:
    """The same kinds as they would stand after a scenario; only what it touches is worked out anew.

    Parameters
    ----------
    today
        How they stand.
    scenario, sites
        What changes, and what :func:`sites_of` says of it.
    """

    def __init__(self, today: Now, scenario: Scenario, sites: Sites) -> None:
        self.now = today
        self._sites = sites
        room = len(sites.change)
        self.offers = {offer: np.append(each, np.full(room, np.nan)) for offer, each in today.offers.items()}
        self.stands: Flags = np.append(today.standing, np.zeros(room, dtype=bool))
        # where each place is now that it may have moved
        at = dict(today.position)
        site_of = {int(index): len(today.standing) + order for order, index in enumerate(sites.change)}
        for index, change in enumerate(scenario.changes):
            old = at.get(change.what)
            if old is None and change.what not in today.supply.kinds:
                continue
            if old is not None and change.action != "hours":
                self.stands[old] = change.action == "reopen"
            place = site_of.get(index, old)
            if place is not None:
                self._set_offers(change, place, old)
                at.update({change.what: place} if old is not None else {})
            if index in site_of:
                self.stands[site_of[index]] = True

    def _set_offers(self, change: Change, place: int, old: int | None) -> None:
        """What moves keeps its hours, unless the change says other ones; what opens is one place."""
        said = {"places": 1.0, "hours": change.hours, "staffed hours": change.staffed_hours}
        for offer, offers in self.offers.items():
            given = said[offer]
            offers[place] = given if given is not None else offers[old] if old is not None else np.nan

    @cached_property
    def count(self) -> int:
        """How many would stand."""
        return int(self.stands.sum())

    @cached_property
    def nearest_m(self) -> Floats:
        """``(origins,)`` metres to the nearest that would stand."""
        mapped, built = self._parted
        metres = self.now.supply.walks.nearest_then_m(self.now.nearest_m, self.now.standing, mapped)
        if self._sites.walks is None or not built.any():
            return metres
        return np.asarray(np.minimum(metres, self._sites.walks.nearest_m(built)), dtype=np.float64)

    @property
    def _parted(self) -> tuple[Flags, Flags]:
        """Which of the places that are mapped would stand, and which of the scenario's sites."""
        return self.stands[: len(self.now.standing)], self.stands[len(self.now.standing) :]

    def provided(self, offer: Offer) -> SupplyByArea:
        """What would stand in each neighbourhood."""
        area = np.concatenate([self.now.area, self._sites.area])
        areas = len(self.now.by_area.codes)
        return measures.supply_by_area(area[self.stands], self.offers[offer][self.stands], areas)

    def falls(self, method: str, offer: Offer) -> Floats:
        """``(areas,)`` what would fall to every 1,000 people of each neighbourhood."""
        mapped, built = self._parted
        pairs = self.now.pairs(method).to(mapped)
        if self._sites.walks is not None:
            more = measures.pairs_within(self._sites.walks.metres, decay_of(method, self.now.minutes))
            pairs = pairs.and_to(more.to(built))
        return _falls(self.now, method, pairs, self.offers[offer])


def _falls(today: Now, method: str, pairs: Pairs, offers: Floats) -> Floats:
    measured = today.supply.walks.measured
    found = measures.shared_out(pairs, offers, today.by_area.people, method == "3sfca", measured)
    return 1000.0 * today.by_area.mean(found.access, today.by_area.weight * ~np.isnan(found.access))
