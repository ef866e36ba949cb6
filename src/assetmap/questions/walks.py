"""How far people are from what a place has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures, space
from assetmap.errors import QuestionError
from assetmap.measures import DistanceBounds
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    NEIGHBOURHOOD,
    Answer,
    area_layers,
    measured_words,
    method_caveats,
    share_words,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.formulas import REACH
from assetmap.questions.makeup import makeup_of, without_words
from assetmap.space import Floats
from assetmap.tables import Assets
from assetmap.wording import count_words, or_words, people_words

REACH_MINUTES: Final = (5, 10, 15, 20)
"""The walks of which the part ``reach`` tells side by side."""

ROUGH_M: Final = 50.0
"""A place mapped no better than this is said to be mapped roughly; by a postcode it is good to about 100 m."""

LEAST_RANGE: Final = 0.01
"""A range narrower than one person in a hundred goes unsaid in the sentence; the table has it."""

_ENDS: Final = ("sure", "possible")
_BRIEF: Final = (
    *NEIGHBOURHOOD, "people", "share_sure", "share_within", "share_possible", "people_within", "walk_minutes_median",
    "people_not_reached",
)  # fmt: skip


def nearest(
    view: PlaceView, kinds: Sequence[str] = (), layers: Sequence[str] = (), minutes: float = measures.WALK_MINUTES
) -> Answer:
    """How far people are from the nearest of a kind, and how many are within a walk of it.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``share_within`` (0 to 1 of its people), ``people_within``,
        ``walk_minutes_median``, ``walk_m_median`` (not where hills are counted: only the minutes mean anything then),
        ``people_not_reached`` and ``method``; and between what shares
        ``share_within`` lies for what is known of where places are (``share_sure``, ``share_possible``). ``parts``:
        ``reach``, the share within each of :data:`REACH_MINUTES`, the whole place first.

    Raises
    ------
    QuestionError
        If nothing of the kind is loaded.
    """
    choices = view.choose(kinds, layers)
    assets = together(view, choices)
    if not len(assets):
        raise QuestionError(f"Nothing is mapped in {view.name} that is {or_words([c.one for c in choices])}.")
    metres = view.nearest(assets)
    reached = measures.reach(view.by_area, metres, minutes, view.method)
    accuracy_m = assets["location_accuracy_m"].to_numpy(dtype=np.float64)
    between = measures.share_bounds(view.by_area, _bounds(view, assets, metres, accuracy_m), minutes, view.method)
    shapes = beside(view, reached.join(between[["share_sure", "share_possible"]]))
    within, measured = float(reached["people_within"].sum()), people_measured(reached)
    share = share_words(within / measured if measured else float("nan"))
    what = or_words([choice.one for choice in choices]) if kinds or layers else "any place mapped"
    makeup = makeup_of(view, choices)
    return Answer(
        f"{share[0].upper()}{share[1:]} of {view.name}'s people live within {view.walk(minutes)} of {what}"
        + without_words(view, makeup, minutes),
        _nearest_sentence(view, reached, minutes, what)
        + _level_words(view, assets, within, minutes)
        + _range_words(between, measured)
        + (f" {makeup.says}" if makeup else ""),
        pd.DataFrame(shapes.drop(columns="geometry")),
        shapes,
        f"{view.method_sentence} A share is of people, not of area.",
        view.provenance([c.layer.id for c in choices] + area_layers(view) + walk_layers(view)),
        _BRIEF,
        caveats=(
            *differing_caveats(view, assets["asset_id"]),
            *method_caveats(view),
            *accuracy_caveats(accuracy_m, minutes),
            *unplaced_caveats(view, [choice.layer.id for choice in choices]),
        ),
        parts={"reach": _within_each(view, metres)},
        formulas=(REACH,),
        measured=measured_words(view),
    )


def _bounds(view: PlaceView, assets: Assets, metres: Floats, accuracy_m: Floats) -> DistanceBounds:
    """The bounds of the nearest walk, each place as much nearer or further as it may be from where it is mapped.

    Places that may be equally far off make one class: the nearest of a class, moved, is the nearest of the class moved.
    """
    if not len(assets):
        return measures.bounds_of_nearest(metres, np.full(len(metres), np.nan))
    classes = [accuracy_m == each for each in np.unique(accuracy_m[~np.isnan(accuracy_m)])]
    if np.isnan(accuracy_m).any():
        classes.append(np.isnan(accuracy_m))
    nearest = [view.nearest(Assets(assets[chosen].reset_index(drop=True))) for chosen in classes]
    return measures.bounds_of_classes(np.stack(nearest), np.array([accuracy_m[chosen][0] for chosen in classes]))


def _within_each(view: PlaceView, metres: Floats) -> pd.DataFrame:
    """Every neighbourhood's share of people within each of some walks, and the whole place's in the first row."""
    table = pd.DataFrame(view.neighbourhood_columns()[[*NEIGHBOURHOOD, "people"]])
    whole: dict[str, object] = dict.fromkeys(NEIGHBOURHOOD, "") | {
        "neighbourhood_name": f"The whole of {view.name}", "people": view.people,
    }  # fmt: skip
    for minutes in REACH_MINUTES:
        reached = measures.reach(view.by_area, metres, minutes, view.method)
        name, measured = f"share_within_{minutes}", people_measured(reached)
        table[name] = reached["share_within"].reindex(table["neighbourhood_code"]).to_numpy()
        whole[name] = float(reached["people_within"].sum()) / measured if measured else float("nan")
    return pd.concat([pd.DataFrame([whole]), table], ignore_index=True)


def accuracy_caveats(accuracy_m: Floats, minutes: float) -> tuple[str, ...]:
    """How roughly places are mapped, where that could matter to who is within a walk."""
    rough, unknown = int((accuracy_m >= ROUGH_M).sum()), int(np.isnan(accuracy_m).sum())
    told = []
    if rough:
        told.append(
            f"{count_words(rough, 'place is', 'places are')} mapped no better than to "
            f"{np.nanmin(accuracy_m[accuracy_m >= ROUGH_M]):g} m, as by a postcode. The range is the share within "
            f"{minutes:g} minutes if every place were so much further, or nearer, than it is mapped; along streets the "
            "way round may be longer still."
        )
    if unknown:
        told.append(
            f"Of {count_words(unknown, 'place', 'places')} nobody says how exactly they are mapped; "
            f"{'it counts' if unknown == 1 else 'they count'} as exact."
        )
    return tuple(told)


def _range_words(between: pd.DataFrame, measured: float) -> str:
    """Between what shares the whole place's lies, where that is more than a rounding."""
    sure, possible = (float(between[f"people_{name}"].sum()) / measured if measured else 0.0 for name in _ENDS)
    if possible - sure < LEAST_RANGE:
        return ""
    return f" As roughly as places are mapped, it may be anything from {share_words(sure)} to {share_words(possible)}."


def together(view: PlaceView, choices: Iterable[Choice]) -> Assets:
    """The open assets of several choices in one frame."""
    return Assets(pd.concat([view.of(choice) for choice in choices], ignore_index=True))


def beside(view: PlaceView, reached: pd.DataFrame) -> gpd.GeoDataFrame:
    """Measures by neighbourhood, beside its name, people, deprivation and outline; with hills in minutes alone."""
    shapes = view.neighbourhood_columns()
    # where hills count, a metre is one of level ground that takes as long, which is no distance anybody walks
    taken_out = ["people", *(["walk_m_median"] if view.allows_for_hills else [])]
    measured = (
        reached.drop(columns=taken_out, errors="ignore").reindex(shapes["neighbourhood_code"]).reset_index(drop=True)
    )
    return gpd.GeoDataFrame(pd.concat([shapes, measured], axis=1), crs=space.STORED_CRS)


def _level_words(view: PlaceView, assets: Assets, within: float, minutes: float) -> str:
    """How many people are further only for the hills, where walks allow for them."""
    if not view.allows_for_hills:
        return ""
    level = measures.reach(view.by_area, view.nearest(assets, on_the_level=True), minutes, view.method)
    more = float(level["people_within"].sum()) - within
    return f" Were all ways level, {more:,.0f} fewer would." if more >= 0.5 else " Hills add nobody to them."


def people_measured(reached: pd.DataFrame) -> float:
    """How many people there is a distance for."""
    return float((reached["people"] - reached["people_not_measured"]).sum())


def _nearest_sentence(view: PlaceView, reached: pd.DataFrame, minutes: float, what: str) -> str:
    beyond = people_measured(reached) - float(reached["people_within"].sum())
    lost = float(reached["people_not_reached"].sum())
    unreached = f" For {people_words(lost)} no loaded street leads there." if lost >= 1 else ""
    if np.isnan(view.people):
        return f"How many people live further than {view.walk(minutes)} from {what} is not known."
    live = count_words(beyond, "person lives", "people live") if beyond >= 0.5 else "Nobody lives"
    return f"{live} further than {view.walk(minutes)} from {what}.{unreached}"
