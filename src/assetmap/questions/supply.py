"""The places of some kinds as they stand, as they stood on a date, and as they would stand: one set, many states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import network
from assetmap.errors import QuestionError
from assetmap.measures.walks import HOUR_M, Walks, network_walks, straight_walks
from assetmap.placeview import Choice, PlaceView
from assetmap.tables import OPEN, SHUT, STOOD_ELSEWHERE, Assets

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Supply:
    """Some kinds of place with every walk to them, whether they stand today or not.

    Attributes
    ----------
    assets
        The rows of the chosen kinds: what a place has, and from the ledger what closed, moved or merged.
    from_ledger
        ``(len(assets),)`` true for rows of a ledger, which stood once and do not now.
    walks
        Between each of them and every origin of the place.
    kinds
        The kinds that were chosen.
    many, one
        What they are called, in the plural and in the singular with its article.
    """

    assets: Assets
    from_ledger: Flags
    kinds: frozenset[str]
    walks: Walks
    many: str
    one: str

    @property
    def asset_ids(self) -> list[str]:
        """The id of each of them."""
        return self.assets["asset_id"].to_list()

    @property
    def standing_now(self) -> Flags:
        """Which of them are open today."""
        return self.assets["status"].isin(OPEN).to_numpy() & ~self.from_ledger

    def standing_on(self, date: str) -> Flags:
        """Which of them were open on a date.

        A place whose opening date nobody knows is taken to have been there; one that closed on a date that is only
        known to the month or year stood until the end of it. One that closed nobody knows when, or that is shut for a
        time, stands on no date.

        Parameters
        ----------
        date
            ISO 8601, to the day.
        """
        opened = self.assets["opened_on"].fillna("").to_numpy(dtype=str)
        ended = self.assets["closed_on"].fillna("").to_numpy(dtype=str)
        had_opened = opened <= date
        status = self.assets["status"]
        gone = (status == "closed").to_numpy() | (self.from_ledger & (status != "paused").to_numpy())
        not_yet_gone = (ended != "") & (_last_day(ended) > date)
        return had_opened & np.where(gone, not_yet_gone, status.isin(OPEN).to_numpy())


def _last_day(dates: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """The last day that a date as precise as it is known may mean, in a form that sorts as text."""
    return np.array([each + {4: "-12-31", 7: "-31"}.get(len(each), "") for each in dates], dtype=str)


AN_HOUR: Final = "Walks of more than an hour are not followed."


def refuse_over_an_hour(minutes: float) -> None:
    """Refuse to say who has a place within a walk that is longer than walks are followed.

    Raises
    ------
    QuestionError
        If the walk is longer than an hour: whoever is further would be told to have none.
    """
    if minutes * network.WALK_METRES_PER_MINUTE > HOUR_M:
        raise QuestionError(
            f"Walks of more than an hour are not followed here, so nothing can be said of {minutes:g} minutes. Ask "
            "about 60 or fewer; 'ask nearest' and 'ask gaps' follow longer ones."
        )


def refuse_without_people(view: PlaceView) -> None:
    """Refuse to count people where nobody knows how many there are.

    Raises
    ------
    QuestionError
        If of no neighbourhood it is known how many people live there: it would be told that nobody is touched.
    """
    if np.isnan(view.people):
        raise QuestionError(
            f"Of no neighbourhood of {view.name} is it known how many people live there, and this is told in people. "
            "Give a column of them under 'columns: {population: ...}' of its source of neighbourhoods, or join a file "
            "that has one, and load it again."
        )


def supply_of(view: PlaceView, choices: Sequence[Choice]) -> Supply:
    """The places that some choices mean, with those of the same kinds that a ledger has as closed, moved or merged."""
    key = tuple((choice.layer.id, choice.kinds) for choice in choices)
    make = (lambda: _supply_of(view, choices[0])) if len(choices) == 1 else lambda: _joined(view, choices)
    return view.once(("supply", key), make)


def _joined(view: PlaceView, choices: Sequence[Choice]) -> Supply:
    """The supplies of several choices as one, so that nothing is walked again that was walked for one of them."""
    parts = [supply_of(view, [choice]) for choice in choices]
    assets = pd.concat([part.assets for part in parts], ignore_index=True)
    # a row of the ledger stands under each choice of its kind
    first = ~assets["asset_id"].duplicated().to_numpy()
    walks = reduce(Walks.and_to, [part.walks for part in parts])
    return Supply(
        Assets(assets[first].reset_index(drop=True)),
        np.concatenate([part.from_ledger for part in parts])[first],
        frozenset().union(*(part.kinds for part in parts)),
        walks if first.all() else walks.subset(first),
        " and ".join(choice.many for choice in choices),
        " or ".join(choice.one for choice in choices),
    )


def _supply_of(view: PlaceView, choice: Choice) -> Supply:
    rows = view.assets
    chosen = ((rows["layer"] == choice.layer.id) & rows["kind"].isin(choice.kinds)).to_numpy()
    ledgers = [layer.id for layer in view.layers.values() if layer.tells == "lost"]
    kinds = frozenset(choice.kinds) - {"other"}
    gone = rows["status"].isin(SHUT) | rows["what_happened"].isin(STOOD_ELSEWHERE)
    once = (rows["layer"].isin(ledgers) & rows["kind"].isin(kinds) & gone).to_numpy()
    assets = Assets(rows[chosen | once].reset_index(drop=True))
    from_ledger = assets["layer"].isin(ledgers).to_numpy()
    return Supply(assets, from_ledger, kinds, walks_to(view, assets), choice.many, choice.one)


def walks_to(view: PlaceView, assets: gpd.GeoDataFrame) -> Walks:
    """Every walk of up to an hour between some places and where the place's people live.

    Parameters
    ----------
    assets
        In EPSG:4326, with or without the column ``access``.
    """
    entries = network.entries_of(Assets(assets))
    if view.method == "walking" and view.network is not None:
        # a place that is only thought of has a door where there is no node yet
        entries, snapped = view.walkways.from_doors(entries)
        return network_walks(view.origins, view.network, entries, snapped, len(assets), HOUR_M)
    return straight_walks(view.origins, entries, len(assets), HOUR_M)
