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
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.formulas import GAP, PATTERNS, REACH
from assetmap.questions.strengths import strengths
from assetmap.questions.supply import supply_of
from assetmap.questions.walks import beside, together
from assetmap.wording import called, count_words, people_words, share_words

_FIRM: Final = 0.5
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
        raise QuestionError(f"Nothing is mapped in {view.name} that is {and_words([c.one for c in choices])}.")
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
    near = strengths(view, {(single.layer.id, single.kinds[0]) for single in singles})
    shapes["nearby"] = pd.Series(near, index=shapes.index, dtype=object)
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values("gap_rank", na_position="last", kind="stable")
    brief = (*GAP_FIRST, *NEIGHBOURHOOD, *GAP_PARTS)
    return Answer(
        _gap_title(view, shapes, minutes, choices, need),
        _gap_sentence(view, shapes),
        table.reset_index(drop=True),
        shapes,
        _method(view, choices, need, chosen, minutes),
        view.provenance([c.layer.id for c in choices] + area_layers(view) + walk_layers(view)),
        tuple("need_decile" if name == "deprivation_decile" else name for name in brief) if need != "imd" else brief,
        caveats=(
            *method_caveats(view),
            "Places just outside the border are not loaded, so neighbourhoods along it may have more than is shown.",
            *unplaced_caveats(view, [choice.layer.id for choice in choices]),
        ),
        parts={"why": gap_index.why(values, chosen), **({"hot_spots": _hot_spots(shapes)} if patterns else {})},
        formulas=(GAP, REACH, *(PATTERNS if patterns else ())),
    )


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
        f"raised to its weight. Need is {gap_index.NEEDS[need].lower()}; the rest is about "
        f"{and_words([c.many for c in choices])} within {view.walk(minutes)}. {gap_index.FIRMNESS} "
        f"{view.method_sentence}"
    )


def _gap_title(view: PlaceView, shapes: gpd.GeoDataFrame, minutes: float, choices: Sequence[Choice], need: str) -> str:
    deprived = shapes[shapes["need_decile"].isin(DEPRIVED_DECILES)]
    by = "" if need == "imd" else f" by {gap_index.NEEDS[need].lower()}"
    where = f"{view.name}'s most deprived neighbourhoods{by}" if len(deprived) else f"{view.name}"
    looked_at = deprived if len(deprived) else shapes
    people = looked_at["people"].astype("float64")
    beyond = float((people - looked_at["people_within"]).sum())
    one = and_words([choice.one for choice in choices])
    if beyond >= 0.5:
        some = f"Of the {people_words(people.sum())} in {where}, {count_words(beyond, 'lives', 'live')}"
        return f"{some} further than {view.walk(minutes)} from {one}"
    everyone = f"Everyone in {where} lives within {view.walk(minutes)} of {one}"
    asked = int(looked_at["kinds_asked"].iloc[0])
    if asked < 2 or not people.sum():
        return everyone
    reached = float((looked_at["kinds_within"] * people).sum() / people.sum())
    return f"{everyone}; of the {asked} different kinds here, a typical person can walk to about {reached:.0f}"


def _gap_sentence(view: PlaceView, shapes: gpd.GeoDataFrame) -> str:
    scored = shapes.dropna(subset=["gap_score"])
    if scored.empty:
        return "Deprivation or distance is not measured here, so there is no score."
    top = scored.sort_values(["gap_rank", "neighbourhood_code"]).iloc[0]
    near = (
        and_words([str(strength) for strength in top["nearby"][:2]])
        or "nothing is mapped within a mile yet. What do you know of"
    )
    name = called(str(top["neighbourhood_name"]), top["locality"])
    return f"{name} stands out first{firm_words(float(top['share_in_top_tenth']))}. Near it already: {near}."


def firm_words(share: float) -> str:
    """How firmly a neighbourhood stands among the first tenth, after its name.

    Parameters
    ----------
    share
        Of the runs with other weights and methods, how many put it there, from 0 to 1.
    """
    if share == 1:
        return f", and stays in the top tenth however the parts are weighed ({RUNS} trials)"
    told = f"it is in the top tenth in {share_words(share)} of {RUNS} trials with other weights"
    return f"; {told}" if share >= _FIRM else f", but not firmly: {told}"
