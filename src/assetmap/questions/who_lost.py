"""Who lost: people's access before and after closures, by neighbourhood, deprivation and kind of place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError
from assetmap.measures.inequality import Inequality
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    and_words,
    area_layers,
    count_words,
    measured_words,
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.context import ages_layers, ages_words
from assetmap.questions.differing import differing_caveats
from assetmap.questions.fillers import could_replace
from assetmap.questions.formulas import INEQUALITY, LOSES
from assetmap.questions.lost import has_ledger, ledgers, no_ledger
from assetmap.questions.on_whom import by_age, by_tenth, how_unequal, inequality_table
from assetmap.questions.people_then import people_then
from assetmap.questions.supply import refuse_over_an_hour, refuse_without_people, supply_of
from assetmap.questions.walks import beside
from assetmap.space import Floats
from assetmap.values import year_of
from assetmap.wording import number_word, opening, or_words, people_words, share_words

NAMED: Final = 3
"""So many kinds of place are named in the finding; more are counted there, and named in the sentence after it."""

Flags = npt.NDArray[np.bool_]

COLUMNS: Final = (
    *NEIGHBOURHOOD, "people", "deprivation_decile", "people_losing", "people_losing_two", "kinds_before", "kinds_after",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Loss:
    """One kind of place at two dates: metres to the nearest from every origin, and how many came and went between.

    What stood, less what closed and what moved or merged, and what opened make what stands.
    """

    choice: Choice
    before_m: Floats
    after_m: Floats
    stood: int
    closed: int
    moved: int
    opened: int
    stand: int

    def losing(self, near_m: float) -> Flags:
        """From which origins one was within the walk, and is not any more."""
        return (self.before_m <= near_m) & ~(self.after_m <= near_m)

    def gaining(self, near_m: float) -> Flags:
        """From which origins none was within the walk, and one is now."""
        return (self.after_m <= near_m) & ~(self.before_m <= near_m)


def who_lost(
    view: PlaceView,
    kinds: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
    minutes: float = measures.WALK_MINUTES,
) -> Answer:
    """Who could walk to places that have closed since, and cannot walk to another of the kind now.

    Parameters
    ----------
    kinds
        What to look at; without any, every kind of which the ledger tells closures and a register tells what stands.
    since, until
        Years, both included; without them, all that the ledger tells of. Dates are compared as they are known: a
        closure known to its year stood to the end of it.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``people_losing`` (any of the kinds), ``people_losing_two`` (two kinds or
        more), ``kinds_before`` and ``kinds_after`` (how many of the kinds the average person could walk to).
        ``totals``: a row a kind, of which ``stood``, less ``closed`` and ``moved_or_merged``, and ``opened`` make
        ``stand_now``, at the end of the years asked about. ``parts``: ``by_decile``, ``by_age``,
        ``with_the_people_of_then`` (the same with each date's people, where an earlier count is loaded),
        ``inequality`` and ``near_them_now``.

    Raises
    ------
    QuestionError
        If no closure is known of any kind that a register tells of today, or it is not known how many people live in
        any neighbourhood.
    """
    refuse_over_an_hour(minutes)
    refuse_without_people(view)
    choices, untold = told_kinds(view, kinds)
    if not choices:
        raise QuestionError(_nothing_known(view, untold))
    span = _span(view, choices, since, until)
    losses = [_loss(view, choice, span) for choice in choices]
    losses = [loss for loss in losses if loss.closed or kinds] or losses
    near_m = minutes * WALK_METRES_PER_MINUTE
    losing = np.stack([loss.losing(near_m) for loss in losses])
    shapes = beside(view, _by_area(view, losses, losing, near_m))
    affected = ["people_losing", "people_losing_two"]
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values(affected, ascending=False, kind="stable")
    totals = pd.DataFrame([_total(view, loss, near_m) for loss in losses])
    unequal = how_unequal(view, shapes, "people_losing", "losses")
    near = could_replace(view, np.asarray(losing.any(axis=0)), minutes)
    counted = supply_of(view, [loss.choice for loss in losses]).asset_ids
    layer_ids = list(dict.fromkeys([choice.layer.id for choice in choices] + ledgers(view)))
    return Answer(
        _title(view, shapes, losses, span, minutes),
        _sentence(shapes, unequal, losses, _gained(view, losses, near_m)),
        table.reset_index(drop=True),
        shapes,
        "Somebody lost a kind of place who had one within the walk at the beginning and has none of that kind at the "
        "end, with today's people counted at both dates, so that what changes is the places and not who lives near "
        f"them. {view.method_sentence}",
        view.provenance([*layer_ids, *area_layers(view), *walk_layers(view), *near["layer"], *ages_layers(view)]),
        COLUMNS,
        totals,
        (
            *differing_caveats(view, [*counted, *near["asset_id"]]),
            *_ledger_caveats(view, untold, losses),
            *method_caveats(view),
            *ages_words(view),
            *unplaced_caveats(view, layer_ids),
        ),
        {
            "by_decile": by_tenth(shapes, "people_losing"),
            "by_age": by_age(view, shapes, ["people_losing"]),
            "with_the_people_of_then": _with_people_of_then(view, losses, near_m),
            "inequality": inequality_table(unequal),
            "near_them_now": near,
        },
        first_rows=int((table["people_losing"] >= 0.5).sum()),
        formulas=(LOSES, *INEQUALITY),
        measured=measured_words(view),
    )


def told_kinds(view: PlaceView, kinds: Sequence[str]) -> tuple[list[Choice], list[str]]:
    """The kinds of which both what closed and what stands is known, and those of which only closures are."""
    assets = view.assets
    closed = assets[assets["status"] == "closed"]
    asked = list(kinds) or [str(kind) for kind in pd.unique(closed["kind"]) if kind != "other"]
    choices = [view.kind_choice(kind) for kind in asked]
    standing = [choice for choice in choices if choice.layer.tells == "here" and len(view.of(choice))]
    return standing, [choice.many for choice in choices if choice not in standing]


def _nothing_known(view: PlaceView, untold: Sequence[str]) -> str:
    if untold:
        return (
            f"Closures of {and_words(untold)} are known in {view.name}, but no register of those that stand today is "
            "loaded, so nobody can say who has none left. 'assetmap ask lost' lists them."
        )
    return f"No closures are recorded in {view.name}." if has_ledger(view) else no_ledger(view)


def _span(view: PlaceView, choices: Sequence[Choice], since: int | None, until: int | None) -> tuple[int, int]:
    assets = view.assets
    kinds = {kind for choice in choices for kind in choice.kinds}
    dates = assets.loc[(assets["status"] == "closed") & assets["kind"].isin(kinds), "closed_on"].dropna()
    years = [year for year in map(year_of, dates) if year]
    if not years and (since is None or until is None):
        raise QuestionError(f"No closure in {view.name} has a date. Give --since and --until.")
    first, last = since or min(years), until or max(years)
    if first > last:
        raise QuestionError(f"The years run backwards: {first} to {last}.")
    return first, last


def _loss(view: PlaceView, choice: Choice, span: tuple[int, int]) -> _Loss:
    supply = supply_of(view, [choice])
    before, after = supply.standing_on(f"{span[0]:04d}-01-01"), supply.standing_on(f"{span[1]:04d}-12-31")
    closed = (supply.assets["status"] == "closed").to_numpy()
    return _Loss(
        choice,
        supply.walks.nearest_m(before),
        supply.walks.nearest_m(after),
        stood=int(before.sum()),
        closed=int((before & ~after & closed).sum()),
        moved=int((before & ~after & ~closed).sum()),
        opened=int((after & ~before).sum()),
        stand=int(after.sum()),
    )


def _by_area(view: PlaceView, losses: Sequence[_Loss], losing: npt.NDArray[np.bool_], near_m: float) -> pd.DataFrame:
    grouped = view.by_area
    before = {loss.choice.kinds[0]: loss.before_m for loss in losses}
    after = {loss.choice.kinds[0]: loss.after_m for loss in losses}
    minutes = near_m / WALK_METRES_PER_MINUTE
    measured = grouped.any(~np.isnan(losses[0].before_m))
    counted = losing.sum(axis=0)
    people = {
        name: np.where(measured, grouped.total(grouped.people * (counted >= least)), np.nan)
        for name, least in (("people_losing", 1), ("people_losing_two", 2))
    }
    frame = grouped.frame({"people": grouped.area_people, **people})
    frame["kinds_before"] = measures.kinds_within(grouped, before, minutes)
    frame["kinds_after"] = measures.kinds_within(grouped, after, minutes)
    return frame


def _total(view: PlaceView, loss: _Loss, near_m: float) -> dict[str, object]:
    people = np.nan_to_num(view.origins["people"].to_numpy())
    before, after = loss.before_m <= near_m, loss.after_m <= near_m
    return {
        "kind": loss.choice.kinds[0],
        "title": loss.choice.layer.kind_title(loss.choice.kinds[0], loss.closed),
        "stood": loss.stood,
        "closed": loss.closed,
        "moved_or_merged": loss.moved,
        "opened": loss.opened,
        "stand_now": loss.stand,
        "people_before": float(people[before].sum()),
        "people_after": float(people[after].sum()),
        "people_losing": float(people[before & ~after].sum()),
        "people_gaining": float(people[after & ~before].sum()),
    }


def _with_people_of_then(view: PlaceView, losses: Sequence[_Loss], near_m: float) -> pd.DataFrame:
    """People within the walk, the beginning counted with the people of an earlier edition and the end with today's."""
    then = people_then(view)
    columns = ["kind", "people_of", "people_before", "people_after"]
    if then is None:
        return pd.DataFrame(columns=columns)
    origins = view.origins
    today = origins["people"].groupby(origins["area_code"]).transform("sum")
    earlier = np.nan_to_num(
        (origins["people"] / today * origins["area_code"].map(then.people)).to_numpy(dtype=np.float64)
    )
    people = np.nan_to_num(origins["people"].to_numpy())
    rows = [
        (
            loss.choice.kinds[0],
            f"the Indices of {then.edition}",
            float(earlier[loss.before_m <= near_m].sum()),
            float(people[loss.after_m <= near_m].sum()),
        )
        for loss in losses
    ]
    return pd.DataFrame(rows, columns=columns)


def _title(
    view: PlaceView, shapes: gpd.GeoDataFrame, losses: Sequence[_Loss], span: tuple[int, int], minutes: float
) -> str:
    losing = float(np.nansum(shapes["people_losing"].astype("float64")))
    years = f"between {span[0]} and {span[1]}" if span[0] != span[1] else f"in {span[0]}"
    named = or_words([loss.choice.one for loss in losses])
    what = named if len(losses) <= NAMED else f"one or more of {number_word(len(losses))} kinds of place"
    if losing < 0.5:
        return f"Nobody in {view.name} lost {what} within {view.walk(minutes)} {years}"
    return f"{people_words(losing)} in {view.name} lost {what} within {view.walk(minutes)} {years}"


def _gained(view: PlaceView, losses: Sequence[_Loss], near_m: float) -> str:
    """How many of those who lost none of the kinds have one of them that they had not."""
    people = np.nan_to_num(view.origins["people"].to_numpy(dtype=np.float64))
    losing, gaining = (
        np.any([each(near_m) for each in ways], axis=0)
        for ways in ([loss.losing for loss in losses], [loss.gaining for loss in losses])
    )
    gained = float(people[gaining & ~losing].sum())
    return f" {count_words(gained, 'other person', 'others')} had none near and gained one." if gained >= 0.5 else ""


def _sentence(shapes: gpd.GeoDataFrame, unequal: Inequality, losses: Sequence[_Loss], gained: str) -> str:
    named = and_words([loss.choice.many for loss in losses])
    known = "the kinds of which registers say both what closed and what stands"
    counted = f"Counted are {named}: {known}. " if len(losses) > NAMED else ""
    losing = shapes["people_losing"].astype("float64").fillna(0.0).to_numpy()
    if losing.sum() < 0.5:
        if not any(loss.closed or loss.moved for loss in losses):
            return f"{counted}None is known to have closed in that time.{gained}"
        told = "Whoever had one that closed within the walk has another of its kind within it."
        return f"{counted}{told} What closed is in the tables.{gained}"
    people = shapes["people"].astype("float64").fillna(0.0).to_numpy()
    deprived = shapes["deprivation_decile"].isin(DEPRIVED_DECILES).to_numpy()
    share, usual = losing[deprived].sum() / losing.sum(), people[deprived].sum() / max(people.sum(), 1.0)
    two = float(np.nansum(shapes["people_losing_two"].astype("float64")))
    compound = f" {two:,.0f} of them lost two kinds of place or more." if two >= 0.5 else ""
    return (
        f"{counted}{opening(share_words(share) if share else 'none')} of them live in the most deprived fifth of "
        f"England's neighbourhoods, where {share_words(usual)} of all here live.{compound}{gained} {unequal.finding}"
    )


def _ledger_caveats(view: PlaceView, untold: Sequence[str], losses: Sequence[_Loss]) -> tuple[str, ...]:
    kinds = {kind for loss in losses for kind in loss.choice.kinds}
    assets = view.assets
    undated = int(((assets["status"] == "closed") & assets["kind"].isin(kinds) & assets["closed_on"].isna()).sum())
    said = ["A place whose opening date nobody gives is taken to have stood at both dates."]
    if undated:
        said.append(f"{count_words(undated, 'closure has', 'closures have')} no date, and is in neither count.")
    if untold:
        said.append(
            f"Closures of {and_words(untold)} are not told here: no register says which stand today, so nobody can "
            "say who has none left."
        )
    return tuple(said)
