"""How many people lived in each neighbourhood when an earlier edition of the Indices was made."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assetmap.placeview import PlaceView


@dataclass(frozen=True)
class PeopleThen:
    """People of an earlier edition in today's neighbourhoods.

    Attributes
    ----------
    edition
        The year of the figures' edition; its people are of some years before.
    people
        Indexed by ``area_code``, every neighbourhood of today; NaN where no figure leads to it.
    """

    edition: int
    people: pd.Series[float]


def people_then(view: PlaceView) -> PeopleThen | None:
    """The people of the oldest edition loaded on an earlier drawing of the neighbourhoods; ``None`` without one.

    A neighbourhood of before becomes those that the official lookup names: its people are shared among them in
    proportion to the people of today, so that a split loses nobody and a merger adds up.
    """
    return view.once("people then", lambda: _people_then(view))


def _people_then(view: PlaceView) -> PeopleThen | None:
    figures, changes = _loaded(view, "population"), _loaded(view, "became")
    if figures is None or changes is None:
        return None
    before = figures[figures["geography"].isin(set(changes["geography"])) & figures["population"].notna()]
    if not len(before):
        return None
    edition = int(before["edition"].min())
    was = before.loc[before["edition"] == edition, "population"].astype("float64")
    today = view.areas.set_index("area_code")["population"].astype("float64")
    pairs = pd.DataFrame({"before": changes.index, "now": changes["became"].to_numpy()}).drop_duplicates()
    pairs["today"] = today.reindex(pairs["now"]).to_numpy()
    shared = pairs["today"] / pairs.groupby("before")["today"].transform("sum")
    pairs["people"] = was.reindex(pairs["before"]).to_numpy() * shared
    people = pairs.groupby("now")["people"].sum(min_count=1).reindex(today.index)
    return PeopleThen(edition, people) if people.notna().any() else None


def _loaded(view: PlaceView, field: str) -> pd.DataFrame | None:
    """The figures of the first layer that has a field and rows."""
    for layer in view.layers.values():
        if layer.holds == "figures" and field in layer.fields and len(view.figures(layer.id)):
            return view.figures(layer.id)
    return None
