"""What falls to each person of what places offer, when everybody near shares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.measures import Decay, Figures, Offer
from assetmap.measures.walks import HOUR_M
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import PlaceView
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    area_layers,
    few_people_caveats,
    measured_words,
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.formulas import ACCESS
from assetmap.questions.makeup import Flags, Makeup, makeup_of
from assetmap.questions.supply import AN_HOUR, Supply, refuse_over_an_hour, supply_of
from assetmap.questions.walks import beside
from assetmap.space import Floats
from assetmap.wording import people_words

METHODS: Final[Mapping[str, str]] = {
    "2sfca": "two-step floating catchment: everybody within the walk counts alike (Luo and Wang 2003)",
    "e2sfca": "enhanced two-step floating catchment: nearer people and places count for more (Luo and Qi 2009)",
    "3sfca": "three-step floating catchment: who has more to choose from asks less of each (Wan and others 2012)",
    "gravity": "gravity: what is near, nearer counting for more, and nobody's share of it (Hansen 1959)",
    "cumulative": "cumulative opportunity: all that is within the walk, and nobody's share of it",
}

UNITS: Final[Mapping[str, str]] = {"places": "places", "hours": "hours a week", "staffed hours": "staffed hours a week"}

PROVISION: Final = ("count", "count_missing", "supply", "per_1000", "few_people")
"""What stands in a neighbourhood for those who live in it: places, of how many the offer is not known, the sum over the
others, and for every 1,000 people."""

COLUMNS: Final = (
    *NEIGHBOURHOOD,
    "people",
    "deprivation_decile",
    "access",
    "share_sure",
    "share_within",
    "share_possible",
)


def access(
    view: PlaceView,
    kinds: Sequence[str] = (),
    layers: Sequence[str] = (),
    method: str = "e2sfca",
    offer: str = "places",
    minutes: float = measures.WALK_MINUTES,
) -> Answer:
    """What falls to each neighbourhood's people of what the places near them offer.

    Parameters
    ----------
    kinds, layers
        What is asked about; with neither, the layers that are declared ``gaps_first``.
    method
        A key of :data:`METHODS`.
    offer
        ``places``, ``hours`` or ``staffed hours``.
    minutes
        The walk of ``2sfca`` and ``cumulative``; the others have zones or a curve of their own.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``access`` (for every 1,000 people; for ``gravity`` and ``cumulative`` what
        is within reach of each person; 0 where nothing is, NaN where not measured), provision by those who live there
        (:data:`PROVISION`), and the share of people within ``minutes`` with its range
        for what is known of where places are (``share_sure`` to ``share_possible``). ``parts``: ``provision``, the
        numerator and the denominator of every rate; ``places``, what each has to offer to how many.

    Raises
    ------
    UnknownNameError
        If the method or the offer is not known.
    QuestionError
        If nothing of the kind is mapped, or of no place it is known what it offers.
    """
    refuse_over_an_hour(minutes)
    if method not in METHODS:
        raise UnknownNameError("method", method, tuple(METHODS))
    offers = {str(each): each for each in measures.OFFERS}
    if offer not in offers:
        raise UnknownNameError("offer", offer, tuple(offers))
    usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
    choices = view.choose(kinds, () if kinds else layers or usual)
    supply = supply_of(view, choices)
    stands = supply.standing_now
    offered = measures.offered(supply.assets[stands].reset_index(drop=True), offers[offer])
    told = measures.figures(offered)
    if not told.places:
        raise QuestionError(f"Nothing is mapped in {view.name} that is {supply.one}.")
    if not told.known:
        raise QuestionError(f"No register of {supply.many} in {view.name} tells their {UNITS[offer]}.")
    values, places = _worked_out(view, supply, stands, offered, method, minutes)
    # of hours only those count whose hours are known, whatever kind there is most of
    makeup = makeup_of(view, choices) if offer == "places" else None
    shapes = beside(view, _by_area(view, supply, offered, values, minutes))
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values("access", kind="stable", ignore_index=True)
    layer_ids = [choice.layer.id for choice in choices]
    return Answer(
        _title(view, values, supply, method, offers[offer], minutes, _without(view, supply, makeup, method, minutes)),
        " ".join([_sentence(shapes, told, supply, offers[offer]), *([makeup.says] if makeup else [])]),
        table,
        shapes,
        f"{METHODS[method][0].upper()}{METHODS[method][1:]}. {view.method_sentence}",
        view.provenance([*layer_ids, *area_layers(view), *walk_layers(view)]),
        COLUMNS,
        pd.DataFrame([{"places": told.places, "known": told.known, "offering_none": told.none}]),
        (
            *differing_caveats(view, supply.assets.loc[stands, "asset_id"]),
            *method_caveats(view),
            *((AN_HOUR,) if method == "gravity" else ()),
            SHARED,
            *few_people_caveats(view),
            *unplaced_caveats(view, layer_ids),
        ),
        {"provision": table[[*NEIGHBOURHOOD, "people", *PROVISION]], "places": places},
        formulas=(ACCESS[method],),
        measured=measured_words(view),
    )


SHARED: Final = (
    "It supposes that people go to what is near: who prefers, fears or cannot afford a place is not in it. Places and "
    "people beyond the border are not loaded."
)


def _worked_out(
    view: PlaceView, supply: Supply, stands: Flags, offered: pd.Series[float], method: str, minutes: float
) -> tuple[Floats, pd.DataFrame]:
    """One value an origin, and what each place that stands has to offer to how many."""
    walks = supply.walks.subset(stands)
    people = view.origins["people"].to_numpy()
    supplied: Floats = np.asarray(offered, dtype=np.float64)
    decay = decay_of(method, minutes)
    rows = supply.assets[stands]
    places = pd.DataFrame({name: rows[name].to_numpy() for name in ("asset_id", "name", "kind", "area_code")})
    places["offers"] = supplied
    if method == "cumulative":
        return measures.cumulative_opportunities(walks.metres, minutes, supplied, walks.measured), places
    if method == "gravity":
        return measures.gravity_accessibility(walks.metres, supplied, decay, walks.measured), places
    found = measures.floating_catchment(walks.metres, supplied, people, decay, method == "3sfca", walks.measured)
    places["demand"], places["per_1000"] = found.demand, 1000.0 * found.ratio
    return 1000.0 * found.access, places


def _without(view: PlaceView, supply: Supply, makeup: Makeup | None, method: str, minutes: float) -> str:
    """`` (0.16 without places of worship)``: what falls to the average person of all else; empty if all is one kind."""
    if makeup is None or makeup.count == makeup.total:
        return ""
    others = supply.standing_now & makeup.besides(supply.assets)
    values, _ = _worked_out(view, supply, others, pd.Series(1.0, index=range(int(others.sum()))), method, minutes)
    mean = _mean_of_people(view, values)[0]
    return "" if np.isnan(mean) else f" ({mean:,.2g} {makeup.without})"


def decay_of(method: str, minutes: float) -> Decay:
    """How much less is counted further away, by a method of :data:`METHODS`."""
    if method == "2sfca":
        return measures.Binary(minutes * WALK_METRES_PER_MINUTE)
    if method == "gravity":
        return measures.Gravity(alpha=-1.0, least_m=100.0, scale_m=100.0)
    return measures.WALKING_ZONES


def _by_area(
    view: PlaceView, supply: Supply, offered: pd.Series[float], values: Floats, minutes: float
) -> pd.DataFrame:
    stands = supply.standing_now
    walks = supply.walks.subset(stands)
    rows = supply.assets[stands].reset_index(drop=True)
    bounds = measures.bounds_of_walks(
        walks.metres, rows["location_accuracy_m"].to_numpy(dtype=np.float64), walks.measured
    )
    shares = measures.share_bounds(view.by_area, bounds, minutes, view.method)
    frame = pd.DataFrame({"people": shares["people"], "access": measures.area_means(view.by_area, values)})
    provided = measures.supply_provision(rows["area_code"], offered, view.areas)
    for name in PROVISION:
        frame[name] = provided[name].reindex(frame.index)
    for name in ("share_sure", "share_within", "share_possible"):
        frame[name] = shares[name]
    return frame


def _mean_of_people(view: PlaceView, values: Floats) -> tuple[float, float]:
    """What falls to the average person for whom it is measured (NaN with none), and to how many nothing does."""
    people = np.nan_to_num(view.origins["people"].to_numpy(dtype=np.float64))
    measured = np.isfinite(values) & (people > 0)
    if not measured.any():
        return float("nan"), 0.0
    return float(np.average(values[measured], weights=people[measured])), float(people[measured & (values == 0)].sum())


def _title(
    view: PlaceView, values: Floats, supply: Supply, method: str, offer: Offer, minutes: float, without: str
) -> str:
    """What falls to the average person, and to how many nothing does: people, one by one, and not neighbourhoods."""
    mean, none = _mean_of_people(view, values)
    if np.isnan(mean):
        return f"What falls to people of {supply.many} in {view.name} is not measured"
    each, nobody = _each_and_nobody(view, method, minutes, people_words(none))
    what = supply.many if offer == "places" else f"{UNITS[offer]} of {supply.many}"
    return f"{view.name} has {mean:,.2g} {what} {each}{without}{f'; {nobody}' if none >= 0.5 else ''}"


def _each_and_nobody(view: PlaceView, method: str, minutes: float, none: str) -> tuple[str, str]:
    """What a method's mean is of, and that nothing falls to some people."""
    if method == "gravity":
        each = "near the average person, each counted for less the further away it is"
        return each, f"{none} have none within {view.walk(HOUR_M / WALK_METRES_PER_MINUTE)}"
    if method == "cumulative":
        return f"within {view.walk(minutes)} of the average person", f"{none} have none that near"
    return "for every 1,000 people", f"{none} have a share in none"


def _sentence(shapes: pd.DataFrame, told: Figures, supply: Supply, offer: Offer) -> str:
    people, values = shapes["people"].astype("float64"), shapes["access"]
    deprived = shapes["deprivation_decile"].isin(DEPRIVED_DECILES)
    measured = values.notna() & (people > 0)
    there, elsewhere = (_mean(values, people, measured & rows) for rows in (deprived, ~deprived))
    compared = ""
    if there is not None and elsewhere is not None:
        compared = f"In its part of England's most deprived fifth it is {there:,.2g}, elsewhere {elsewhere:,.2g}."
    missing = ""
    if told.missing:
        missing = f"Of {told.missing:,} of the {told.places:,} {supply.many} the {UNITS[offer]} are not known."
    return f"{compared} {missing}".strip() or "What falls to each neighbourhood is in the table."


def _mean(values: pd.Series[float], people: pd.Series[float], use: pd.Series[bool]) -> float | None:
    return float(np.average(values[use], weights=people[use])) if use.any() else None
