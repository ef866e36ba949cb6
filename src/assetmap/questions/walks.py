"""How far people are from what a place has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd

from assetmap import measures, space
from assetmap.errors import QuestionError
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    NEIGHBOURHOOD,
    Answer,
    and_words,
    layers_holding,
    method_caveats,
    share_words,
    unplaced_caveats,
)
from assetmap.questions.formulas import REACH
from assetmap.tables import Assets


def nearest(
    view: PlaceView, kinds: Sequence[str] = (), layers: Sequence[str] = (), minutes: float = measures.WALK_MINUTES
) -> Answer:
    """How far people are from the nearest of a kind, and how many are within a walk of it.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``share_within`` (0 to 1 of its people), ``people_within``,
        ``walk_m_median``, ``walk_minutes_median``, ``people_not_reached`` and ``method``.

    Raises
    ------
    QuestionError
        If nothing of the kind is loaded.
    """
    choices = view.choose(kinds, layers)
    assets = together(view, choices)
    if not len(assets):
        raise QuestionError(f"Nothing is mapped in {view.name} that is {and_words([c.one for c in choices])}.")
    reached = measures.reach(view.by_area, view.nearest(assets), minutes, view.method)
    shapes = beside(view, reached)
    within, measured = float(reached["people_within"].sum()), people_measured(reached)
    share = share_words(within / measured if measured else float("nan"))
    what = and_words([choice.one for choice in choices]) if kinds or layers else "any place mapped"
    return Answer(
        f"{share[0].upper()}{share[1:]} of {view.name}'s people live within {minutes:g} minutes of {what}",
        _nearest_sentence(view, reached, minutes, what),
        pd.DataFrame(shapes.drop(columns="geometry")),
        shapes,
        f"{view.method_sentence} A share is of people, not of area.",
        view.provenance([c.layer.id for c in choices] + layers_holding(view, "areas", "streets", "locators")),
        (*NEIGHBOURHOOD, "people", "share_within", "people_within", "walk_minutes_median", "people_not_reached"),
        caveats=(*method_caveats(view), *unplaced_caveats(view, [choice.layer.id for choice in choices])),
        formulas=(REACH,),
    )


def together(view: PlaceView, choices: Iterable[Choice]) -> Assets:
    """The open assets of several choices in one frame."""
    return Assets(pd.concat([view.of(choice) for choice in choices], ignore_index=True))


def beside(view: PlaceView, reached: pd.DataFrame) -> gpd.GeoDataFrame:
    """Measures by neighbourhood, beside its name, people, deprivation and outline."""
    shapes = view.neighbourhood_columns()
    measured = reached.drop(columns="people").reindex(shapes["neighbourhood_code"]).reset_index(drop=True)
    return gpd.GeoDataFrame(pd.concat([shapes, measured], axis=1), crs=space.STORED_CRS)


def people_measured(reached: pd.DataFrame) -> float:
    """How many people there is a distance for."""
    return float((reached["people"] - reached["people_not_measured"]).sum())


def _nearest_sentence(view: PlaceView, reached: pd.DataFrame, minutes: float, what: str) -> str:
    beyond = people_measured(reached) - float(reached["people_within"].sum())
    lost = float(reached["people_not_reached"].sum())
    unreached = f" For {lost:,.0f} people no loaded street leads there." if lost >= 1 else ""
    line = " (straight line, not walking)" if view.method == "straight line" else ""
    return f"{beyond:,.0f} people live further than {minutes:g} minutes{line} from {what}.{unreached}"
