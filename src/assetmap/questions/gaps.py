"""Where need is high and little is in reach, and what is near that could fill the gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures, space
from assetmap.errors import QuestionError
from assetmap.measures.hotspots import Statistic
from assetmap.measures.index import RUNS
from assetmap.placeview import Choice, PlaceView
from assetmap.questions import gap_index
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    and_words,
    area_layers,
    measured_words,
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.formulas import GAP, PATTERNS, REACH
from assetmap.questions.makeup import Makeup, makeup_of, without_words
from assetmap.questions.strengths import Strength, strengths
from assetmap.questions.supply import supply_of
from assetmap.questions.walks import beside, together
from assetmap.wording import called, opening, or_words, people_words, share_words

_FIRM: Final = 0.5
_EVEN_DIGITS: Final = 9
STATISTICS: Final[tuple[Statistic, ...]] = ("local Moran", "Gi*")

GAP_FIRST: Final = ("gap_rank",)
GAP_PARTS: Final = (
    "people", "deprivation_decile", "share_within", "kinds_within", "gap_score", "share_in_top_tenth", "nearby",
)  # fmt: skip


def gaps(
    view: PlaceView,
    kinds: Sequence[str] = (),
    layers: Sequence[str] = (),
    minutes: float = measures.WALK_MINUTES,
    weights: Mapping[str, float] | None = None,
    need: str = "imd",
    patterns: bool = False,
) -> Answer:
    """Where deprivation is high and places are few or far, each with what is near that could fill the gap.

    The gap score is built from need, the share of people with none of the chosen places within the walk, the share of
    the chosen kinds that the average person cannot reach and, where it has a weight, how little falls to each person
    when everybody near shares it (:mod:`assetmap.questions.gap_index`).

    Parameters
    ----------
    kinds, layers
        What is asked about; with neither, the layers that are declared ``gaps_first``.
    weights
        Of the parts, those of :data:`assetmap.questions.gap_index.USUAL_WEIGHTS` where not given.
    need
        ``imd`` or a domain of it.
    patterns
        Whether to look for hot spots as well.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``need``, ``need_decile`` (1 the most deprived tenth of England by it),
        ``share_within``, ``kinds_within``, ``count``, ``per_1000``, ``lack``, ``gap_score`` (0 to 1, NaN where not
        measured), ``gap_rank``, how firm that is, and ``nearby``, a list of strengths. ``parts``: ``why``, what each
        part adds to every neighbourhood's score; ``hot_spots``, where high or low scores lie together more than chance
        would put them (:func:`assetmap.measures.hotspots`).

    Raises
    ------
    QuestionError
        If nothing of the kind is mapped, a weight cannot be, or the need is not loaded.
    UnknownNameError
        If a kind, layer, part or need is not known.
    """
    usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
    choices = view.choose(kinds, () if kinds else layers or usual)
    assets = together(view, choices)
    if not len(assets):
        raise QuestionError(f"Nothing is mapped in {view.name} that is {or_words([c.one for c in choices])}.")
    singles = [Choice(c.layer, (kind,)) for c in choices for kind in c.kinds if kind != "other"]
    singles = [single for single in singles if len(view.of(single))]
    by_kind = {single.kinds[0]: view.nearest(view.of(single)) for single in singles}
    shapes = beside(view, measures.reach(view.by_area, view.nearest(assets), minutes, view.method))
    within = measures.kinds_within(view.by_area, by_kind, minutes).reindex(shapes["neighbourhood_code"])
    shapes["kinds_within"], shapes["kinds_asked"] = within.to_numpy(), len(singles)
    counted = measures.provision(assets["area_code"], view.areas)
    shapes["count"], shapes["per_1000"] = counted["count"].to_numpy(), counted["per_1000"].to_numpy()
    chosen = gap_index.chosen_weights(weights)
    values = _values(view, shapes, choices, need, chosen)
    shapes["need"] = values["need"].to_numpy()
    shapes["need_decile"] = gap_index.need_deciles(view, need).reindex(shapes["neighbourhood_code"]).to_numpy()
    shapes["lack"] = values[["beyond", "fewer_kinds"]].mean(axis=1).to_numpy()
    for name, column in gap_index.scored(values, chosen).items():
        shapes[name] = column.to_numpy() if name != "gap_rank" else column.array
    makeup = makeup_of(view, choices)
    near = strengths(view, {(single.layer.id, single.kinds[0]) for single in singles})
    shapes["nearby"] = pd.Series(near, index=shapes.index, dtype=object)
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values("gap_rank", na_position="last", kind="stable")
    brief = (*GAP_FIRST, *NEIGHBOURHOOD, *GAP_PARTS)
    return Answer(
        _gap_title(view, shapes, minutes, choices, makeup),
        _gap_sentence(shapes, need, makeup),
        table.reset_index(drop=True),
        shapes,
        _method(view, choices, need, chosen, minutes),
        view.provenance([*(c.layer.id for c in choices), *area_layers(view), *walk_layers(view), *_near_layers(near)]),
        tuple("need_decile" if name == "deprivation_decile" else name for name in brief) if need != "imd" else brief,
        caveats=(
            *differing_caveats(view, assets["asset_id"]),
            *method_caveats(view),
            gap_index.FIRMNESS,
            "Places just outside the border are not loaded, so neighbourhoods along it may have more than is shown.",
            *unplaced_caveats(view, [choice.layer.id for choice in choices]),
        ),
        parts={"why": gap_index.why(values, chosen), **({"hot_spots": _hot_spots(shapes)} if patterns else {})},
        formulas=(GAP, REACH, *(PATTERNS if patterns else ())),
        measured=measured_words(view),
    )


def _near_layers(near: Sequence[Sequence[Strength]]) -> set[str]:
    """The layers of the strengths that are named beside gaps."""
    return {strength.layer for strengths_there in near for strength in strengths_there}


def _values(
    view: PlaceView, shapes: gpd.GeoDataFrame, choices: Sequence[Choice], need: str, weights: Mapping[str, float]
) -> pd.DataFrame:
    """The parts of the score, one row a neighbourhood, every part from 0 to 1 and higher where the gap is."""
    codes = shapes["neighbourhood_code"].to_numpy()
    beyond = 1.0 - shapes["share_within"].to_numpy()
    asked = shapes["kinds_asked"].to_numpy()
    out_of_choice = 1.0 - shapes["kinds_within"].to_numpy() / np.where(asked > 0, asked, 1)
    values = pd.DataFrame({"need": gap_index.need_of(view, need).reindex(codes).to_numpy(), "beyond": beyond}, codes)
    values["fewer_kinds"] = np.where(asked > 0, out_of_choice, beyond)
    # what falls to each is only worked out when it counts, because it asks for every walk
    values["less_each"] = -_access(view, choices).reindex(codes) if weights["less_each"] else 0.0
    return values


def _access(view: PlaceView, choices: Sequence[Choice]) -> pd.Series[float]:
    supply = supply_of(view, choices)
    walks = supply.walks.subset(supply.standing_now)
    people = view.origins["people"].to_numpy()
    found = measures.floating_catchment(walks.metres, np.ones(walks.places), people, measured=walks.measured)
    return measures.area_means(view.by_area, found.access)


def _hot_spots(shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Where high scores lie beside high ones, by local Moran and by Gi*."""
    score = shapes.set_index("neighbourhood_code")["gap_score"].astype("float64")
    outlines = space.to_measured(gpd.GeoSeries(shapes.geometry))
    moran, gi = (measures.hotspots(score, outlines, each) for each in STATISTICS)
    table = moran.rename(columns={"statistic": "local_moran", "value": "gap_score"})
    table["gi_star"], table["gi_star_q"], table["gi_star_label"] = gi["statistic"], gi["q"], gi["label"]
    names = shapes.set_index("neighbourhood_code")[["neighbourhood_name", "locality"]]
    told = names.join(table).rename_axis("neighbourhood_code").reset_index()
    return told.sort_values("q", kind="stable", na_position="last", ignore_index=True)


def _method(view: PlaceView, choices: Sequence[Choice], need: str, weights: Mapping[str, float], minutes: float) -> str:
    told = [f"{gap_index.PARTS[part].lower()} ({weight:g})" for part, weight in weights.items() if weight]
    return (
        f"The gap score multiplies {and_words(told)}, each as its place among the neighbourhoods of {view.name} and "
        f"raised to its weight: need is {gap_index.NEEDS[need].lower()}, and the rest is about "
        f"{or_words([c.many for c in choices])} within {view.walk(minutes)}. {view.method_sentence}"
    )


def _gap_title(
    view: PlaceView, shapes: gpd.GeoDataFrame, minutes: float, choices: Sequence[Choice], makeup: Makeup | None
) -> str:
    """How many have one near, and where the score is highest: what the map shows, in one sentence."""
    one, walk = or_words([choice.one for choice in choices]), view.walk(minutes)
    share = _share_within(shapes)
    if share != share:
        return f"How many of {view.name}'s people live within {walk} of {one} is not known"
    who = (
        f"Everyone in {view.name} lives"
        if share == 1
        else f"{opening(share_words(share))} of {view.name}'s people live"
    )
    first = _first(shapes)
    near = f"{who} within {walk} of {one}{without_words(view, makeup, minutes)}"
    # a score of two things counted together does not measure what one more place would do
    return near if first is None else f"{near}; counting need and reach together, {_named(first)} comes first"


def _share_within(shapes: gpd.GeoDataFrame) -> float:
    """The share of the people for whom there is a distance who have one within the walk; NaN where there are none."""
    people = (shapes["people"] - shapes["people_not_measured"]).astype("float64").sum()
    # people are shared among many spots, and come together again whole but for a rounding
    return float(np.round(shapes["people_within"].sum() / people, _EVEN_DIGITS)) if people > 0 else float("nan")


def _first(shapes: gpd.GeoDataFrame) -> pd.Series | None:
    """The neighbourhood with the widest gap; none where nothing is scored, or nobody lacks anything."""
    scored = shapes[shapes["gap_score"].notna() & (shapes["lack"] > 0)]
    return None if scored.empty else scored.sort_values(["gap_rank", "neighbourhood_code"]).iloc[0]


def _named(row: pd.Series) -> str:
    return called(str(row["neighbourhood_name"]), row["locality"])


def _gap_sentence(shapes: gpd.GeoDataFrame, need: str, makeup: Makeup | None) -> str:
    first = _first(shapes)
    made_of = makeup.says if makeup else ""
    if first is None:
        missing = shapes["gap_score"].isna().all()
        why = "Deprivation or distance is not measured here, so there is no score." if missing else ""
        return " ".join(filter(None, (made_of, _most_deprived(shapes, need), why)))
    near = and_words([str(strength) for strength in first["nearby"][:2]])
    already = f"Near it already: {near}." if near else "Nothing is mapped within a mile of it yet: what do you know of?"
    comes = f"In {_named(first)} {_in_reach(first)}."
    # the two that a page shows at once come first: where, and its strengths
    told = (comes, already, made_of, firm_words(float(first["share_in_top_tenth"])), _most_deprived(shapes, need))
    return " ".join(filter(None, told))


def _in_reach(row: pd.Series) -> str:
    """How many of a neighbourhood's people have one near, and how many of the kinds, as far as more are asked about."""
    share, asked = float(row["share_within"]), int(row["kinds_asked"])
    who = "everyone has" if share == 1 else f"{share_words(share)} of people have" if share else "nobody has"
    kinds = f", and about {row['kinds_within']:.0f} of the {asked} kinds on average" if asked > 1 and share else ""
    return f"{who} one that near{kinds}"


def _most_deprived(shapes: gpd.GeoDataFrame, need: str) -> str:
    """How many of those who live in the most deprived fifth of England have one near; nothing where nobody does."""
    deprived = shapes[shapes["need_decile"].isin(DEPRIVED_DECILES)]
    people = float(deprived["people"].astype("float64").sum())
    share = _share_within(deprived)
    if not people or share != share:
        return ""
    by = "" if need == "imd" else f", by {gap_index.NEEDS[need].lower()}"
    who = "everyone has" if share == 1 else f"{share_words(share)} have"
    return (
        f"Of the {people_words(people)} here who live in the most deprived fifth of England{by}, {who} one that near."
    )


def firm_words(share: float) -> str:
    """How firmly a neighbourhood stands among the first tenth, as a sentence.

    Parameters
    ----------
    share
        Of the runs with other weights and methods, how many put it there, from 0 to 1.
    """
    trials = f"{RUNS} trials that count need and reach in other ways"
    if share == 1:
        return f"It is among the first tenth in all of {trials}."
    firmly = "" if share >= _FIRM else ", so this is not firm"
    return f"It is among the first tenth in {share_words(share)} of {trials}{firmly}."
