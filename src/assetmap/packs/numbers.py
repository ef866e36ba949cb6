"""The few numbers of each answer that people quote, each with what it rests on and what falls short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from assetmap.layers import Layer
from assetmap.packs.wanted import Wanted
from assetmap.placeview import Choice, PlaceView, Provenance
from assetmap.questions import Answer
from assetmap.questions.answer import DEPRIVED_DECILES, method_caveats, unplaced_caveats
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.lost import has_ledger, told_of, undated_words
from assetmap.questions.makeup import Makeup, makeup_of, without_words
from assetmap.questions.play_streets import NOT_COUNTED, PLAY_MINUTES, STANDS_OUT, play_places
from assetmap.questions.profile_words import NAMES, makeup_near
from assetmap.scenario_names import name_of
from assetmap.scenarios import Scenario, kinds_of
from assetmap.sources import LICENCES
from assetmap.values import year_of
from assetmap.wording import and_words, day_words, opening, or_words, share_words

ONLY_LISTED: Final = "What no register lists and nobody has added is not counted."
OF_PLACES: Final = (
    "It tells of neighbourhoods: not everybody in a deprived one is deprived, and many who are live elsewhere."
)
SOMEBODY: Final = 0.5


@dataclass(frozen=True)
class Number:
    """One number, as a summary tells it.

    Attributes
    ----------
    value
        In words or figures, such as ``236,301`` or ``62%``.
    says
        What it counts, a sentence that goes on from it.
    layers
        The titles of the layers that it counts.
    publishers
        Who published what it counts.
    dates
        The first and the last date of their sources in words, as precise as each is known.
    licences
        Of these sources, in words.
    issues
        How many issues their rows raised.
    falls_short
        What to know before quoting it.
    """

    value: str
    says: str
    layers: str
    publishers: str
    dates: str
    licences: str
    issues: int
    falls_short: str

    @property
    def rests_on(self) -> str:
        """Layers, publishers, dates, licences and issues on one line."""
        issues = f"{self.issues:,} issue{'' if self.issues == 1 else 's'}"
        by = f" by {self.publishers}" if self.publishers else ""
        return f"{self.layers}. Published{by}, {self.dates}. {self.licences}. {issues} found in the rows."


@dataclass(frozen=True, eq=False)
class _Told:
    """An answer whose numbers are sought."""

    view: PlaceView
    wanted: Wanted
    answer: Answer
    scenario: Scenario | None


def numbers_of(view: PlaceView, wanted: Wanted, about: str, answer: Answer, scenario: Scenario | None) -> list[Number]:
    """The numbers of one answer, the one to quote first."""
    return _OF[about](_Told(view, wanted, answer, scenario))


def _number(told: _Told, value: str, says: str, layers: Sequence[Layer], short: str) -> Number:
    ids = [layer.id for layer in layers]
    sources = told.view.provenance(ids)
    unplaced = unplaced_caveats(told.view, ids)[:1]
    return Number(
        value=value,
        says=says,
        layers="; ".join(layer.title for layer in layers),
        publishers=_publishers(told, sources),
        dates=_span(sources),
        licences=_licences(sources),
        issues=sum(source.issues for source in sources),
        falls_short=" ".join([short, *unplaced]),
    )


def _span(sources: Sequence[Provenance]) -> str:
    dates = sorted(file.source_date for source in sources for file in source.files if file.source_date)
    ends = dict.fromkeys(map(day_words, (dates[0], dates[-1]))) if dates else ["on a date not given"]
    return " to ".join(ends)


def _publishers(told: _Told, sources: Sequence[Provenance]) -> str:
    """Who published what is counted; of what tells no more than where people live, only where nothing else is read."""
    counted = [source for source in sources if told.view.layers[source.layer].holds == "assets"]
    return "; ".join(dict.fromkeys(each for source in counted or sources for each in source.publisher.split("; ")))


def _licences(sources: Iterable[Provenance]) -> str:
    named = dict.fromkeys(each for source in sources for each in source.licence.split("; "))
    return ", ".join(LICENCES.get(each, each) for each in named) or "Added by local people"


def _here(told: _Told) -> list[Number]:
    totals = told.answer.totals
    if totals.empty:
        return []
    counts = totals.groupby("layer", sort=False)["count"].sum()
    return [_counted(told, told.view.layers[str(layer)], int(count)) for layer, count in counts.items() if count]


def _counted(told: _Told, layer: Layer, count: int) -> Number:
    kinds = told.answer.totals.query("layer == @layer.id")["kind"] if told.wanted.kinds_of("here") else layer.kinds
    makeup = makeup_of(told.view, [Choice(layer, tuple(kinds))])
    made_of = f", {makeup.of_them}" if makeup else ""
    says = f"{layer.one if count == 1 else layer.many} in {told.view.name}{made_of}"
    return _number(told, f"{count:,}", says, [layer], ONLY_LISTED)


def _gaps(told: _Told) -> list[Number]:
    choices, rows = _asked_about(told, "gaps"), told.answer.table
    measured = float((rows["people"] - rows["people_not_measured"]).sum())
    within = float(rows["people_within"].sum())
    if not measured:
        return []
    walk, one = told.view.walk(told.wanted.minutes), or_words([choice.one for choice in choices])
    makeup = makeup_of(told.view, choices)
    layers, short = _read(told, _ids(choices)), _short(told, makeup)
    without = without_words(told.view, makeup, told.wanted.minutes)
    near = f"of {told.view.name}’s people live within {walk} of {one}{without}"
    return [
        _number(told, opening(share_words(within / measured)), near, layers, short),
        _number(told, f"{measured - within:,.0f}", f"people live further than {walk} from {one}", layers, short),
    ]


def _read(told: _Told, asked: Iterable[str]) -> list[Layer]:
    """The layers that a number rests on: where people live and what they walk along count as much as what is asked for.

    What else the answer names, such as what stands near those who lose, has no part in how many they are.
    """
    ids = set(asked)
    read = [told.view.layers[layer] for layer in dict.fromkeys(source.layer for source in told.answer.sources)]
    return [layer for layer in read if layer.id in ids or layer.holds not in ("assets", "figures")]


def _ids(choices: Sequence[Choice]) -> list[str]:
    return [choice.layer.id for choice in choices]


def _short(told: _Told, makeup: Makeup | None = None) -> str:
    """What must be said by whoever quotes a number of people within a walk.

    Of which kind most of what is counted is, the first thing to know, and how distances were measured.
    """
    first = told.answer.caveats[:1] or (ONLY_LISTED,)
    return " ".join(dict.fromkeys((*([makeup.says] if makeup else []), *first, *method_caveats(told.view)[:1])))


def _asked_about(told: _Told, about: str) -> list[Choice]:
    usual = [layer.id for layer in told.view.layers.values() if layer.gaps_first]
    kinds = told.wanted.kinds_of(about)
    return told.view.choose(kinds, () if kinds else told.wanted.layers_of(about) or usual)


def _access(told: _Told) -> list[Number]:
    """Nothing falls to some: the share of people who live where something does, then those who do not."""
    rows = told.answer.table[told.answer.table["access"].notna()]
    people = float(rows["people"].sum())
    if not people:
        return []
    some = float(rows.loc[rows["access"] > 0, "people"].sum())
    choices, named = _asked_about(told, "access"), told.view.name
    many, layers = and_words([choice.many for choice in choices]), _read(told, _ids(choices))
    # of hours only those count whose hours are known, whatever kind there is most of
    short = _short(told, makeup_of(told.view, choices) if told.wanted.offer == "places" else None)
    where = f"of {named}’s people live in neighbourhoods to which some of its {many} fall ({_offer(told)})"
    numbers = [_number(told, opening(share_words(some / people)), where, layers, short)]
    if people - some >= SOMEBODY:
        says = f"people live in neighbourhoods to which none of its {many} fall ({_offer(told)})"
        numbers.append(_number(told, f"{people - some:,.0f}", says, layers, short))
    return numbers


def _offer(told: _Told) -> str:
    return f"{told.wanted.offer}, by {told.wanted.method}"


def _lost(told: _Told) -> list[Number]:
    if not has_ledger(told.view):
        return []
    rows = told.answer.table
    ledgers = [layer for layer in told.view.layers.values() if layer.id in set(rows["layer"]) or layer.tells == "lost"]
    says = f"closures recorded in {told.view.name}{_in_years(told, rows)}{undated_words(rows)}"
    short = " ".join(told_of(told.view)) or ONLY_LISTED
    numbers = [_number(told, f"{len(rows):,}", says, ledgers, short)]
    placed = rows["deprivation_decile"].dropna()
    if len(placed):
        there = int(placed.isin(DEPRIVED_DECILES).sum())
        fifth = "closures placed in a neighbourhood were in the most deprived fifth of England’s neighbourhoods"
        numbers.append(_number(told, f"{there:,} of {len(placed):,}", fifth, [*ledgers, *_read(told, ())], short))
    return numbers


def _in_years(told: _Told, rows: pd.DataFrame) -> str:
    """The years asked about; without any, from the first that is known."""
    since, until = told.wanted.since, told.wanted.until
    years = [year for year in map(year_of, rows["closed_on"].dropna()) if year]
    first = since or (min(years) if years and until is None else None)
    from_, to = (f" since {first}" if first else "", f" up to {until}" if until else "")
    return f" from {first} to {until}" if first and until else from_ or to


def _what_if(told: _Told) -> list[Number]:
    rows, scenario = told.answer.table, told.scenario
    if scenario is None:
        return []
    kinds = told.wanted.kinds_of("whatif") or kinds_of(told.view, scenario)
    choices = [told.view.kind_choice(kind) for kind in kinds]
    one, walk = or_words([choice.one for choice in choices]), told.view.walk(told.wanted.minutes)
    layers, short = _read(told, _ids(choices)), _short(told, makeup_of(told.view, choices))
    losing, gaining = (float(np.nansum(rows[name])) for name in ("people_losing", "people_gaining"))
    name = name_of(told.view, scenario)
    numbers = [_number(told, f"{losing:,.0f}", f"people lose {one} within {walk}, {name}", layers, short)]
    if gaining >= SOMEBODY:
        says = f"people gain {one} within {walk}, {name}"
        gain = _number(told, f"{gaining:,.0f}", says, layers, short)
        numbers = [gain, *numbers] if losing < SOMEBODY else [*numbers, gain]
    return [*numbers, *_deprived(told, rows, losing, layers, short)]


def _deprived(told: _Told, rows: pd.DataFrame, losing: float, layers: Sequence[Layer], short: str) -> list[Number]:
    if losing < SOMEBODY or rows["deprivation_decile"].isna().all():
        return []
    there = float(np.nansum(rows.loc[rows["deprivation_decile"].isin(DEPRIVED_DECILES), "people_losing"]))
    says = "of those who lose live in the most deprived fifth of England’s neighbourhoods"
    return [_number(told, opening(share_words(there / losing)), says, layers, short)]


def _profile(told: _Told) -> list[Number]:
    rows = told.answer.table[told.answer.table["share_within"].notna()].head(2)
    where = and_words(told.wanted.areas) or ("the area drawn" if told.wanted.outline else told.view.name)
    numbers = []
    for key, share in zip(rows["key"], rows["share_within"], strict=True):
        layers = NAMES[key].layers(told.view)
        says = f"of the people of {where} live within {told.view.walk(told.wanted.minutes)} of {NAMES[key].one}"
        short = _short(told, makeup_near(told.view, NAMES[key], NAMES[key].rows(told.view)[0]))
        read = _read(told, [layer.id for layer in layers])
        numbers.append(_number(told, opening(share_words(float(share))), says, read, short))
    return numbers


def _deprivation(told: _Told) -> list[Number]:
    """The share of people in the most deprived fifth, of the part told or of the whole place; not told twice."""
    if told.wanted.by:
        return []
    rows, totals = told.answer.table, told.answer.totals
    of_part = len(rows) == 1 and "share_in_deciles_1_2" in rows
    share = (
        rows["share_in_deciles_1_2"].iloc[0]
        if of_part
        else totals.set_index("measure")["here"].get("share_in_deciles_1_2", np.nan)
    )
    if pd.isna(share):
        return []
    where = str(rows["name"].iloc[0]) if of_part else told.view.name
    read = [source.layer for source in told.answer.sources]
    says = f"of the people of {where} live in the most deprived fifth of England’s neighbourhoods{_by(told)}"
    return [_number(told, opening(share_words(float(share))), says, _read(told, read), OF_PLACES)]


def _by(told: _Told) -> str:
    domain = told.wanted.domain
    edition = "" if told.wanted.edition is None else f" (Indices of {told.wanted.edition})"
    return edition if domain == "imd" else f", by {NEEDS[domain].lower()}{edition}"


def _sites(told: _Told) -> list[Number]:
    """How many people the sites chosen would bring near together."""
    rows, found = told.answer.table, told.answer.totals.iloc[0]
    chosen = rows[rows["order"].notna()]
    choice = told.view.kind_choice(told.wanted.kinds_of("sites")[0])
    one = choice.one
    if chosen.empty:
        return []
    named = and_words([str(name) for name in chosen["name"]])
    walk = told.view.walk(told.wanted.minutes)
    effect = f"come within {walk} of {one}" if told.wanted.aim == "people" else f"have a shorter walk to {one}"
    made = f" (with this done first: {name_of(told.view, told.scenario)})" if told.scenario else ""
    opened = f"{effect}, if one opened in {named}{made}"
    says = f"more people {opened}" if told.wanted.aim == "people" else f"people {opened}"
    buildings = [layer.id for layer in told.view.layers.values() if layer.title in set(chosen["layer_title"])]
    return [_number(told, f"{found['people']:,.0f}", says, _read(told, [choice.layer.id, *buildings]), _short(told))]


def _play(told: _Told) -> list[Number]:
    """How many streets could be played in, and how many of them stand out."""
    rows = told.answer.table
    if rows.empty:
        return []
    where = and_words(told.wanted.areas) or told.view.name
    played = [layer.id for layer in told.view.layers_here if layer.id in set(play_places(told.view)["layer"])]
    read, short = _read(told, played), " ".join((NOT_COUNTED, *method_caveats(told.view)[:1]))
    one = rows["street"].nunique() == 1
    says = f"{'street' if one else 'streets'} in {where} could become {'a play street' if one else 'play streets'}"
    numbers = [_number(told, f"{rows['street'].nunique():,}", says, read, short)]
    if rows["stands_out"].any():
        who = "children" if rows["children_near"].notna().any() else "people"
        out = (
            f"of these streets in {where} stand out: hardly anybody drives through, and {STANDS_OUT:g} {who} or more "
            f"near them live further than {told.view.walk(PLAY_MINUTES)} from a play space or park"
        )
        numbers.append(_number(told, f"{rows['stands_out'].sum():,}", out, read, short))
    return numbers


def _who_lost(told: _Told) -> list[Number]:
    losing = float(np.nansum(told.answer.table["people_losing"].astype("float64")))
    kinds = told.answer.totals["kind"].astype(str)
    choices = [told.view.kind_choice(kind) for kind in kinds]
    ledgers = [layer.id for layer in told.view.layers.values() if layer.tells == "lost"]
    one, read = or_words([choice.one for choice in choices]), _read(told, [*_ids(choices), *ledgers])
    walk = told.view.walk(told.wanted.minutes)
    says = f"of today’s people could walk to {one} within {walk} at first, and to none of the kind at the end"
    return [_number(told, f"{losing:,.0f}", says, read, _short(told))]


_OF: Final[Mapping[str, Callable[[_Told], list[Number]]]] = MappingProxyType(
    {
        "here": _here, "profile": _profile, "deprivation": _deprivation, "whatif": _what_if, "sites": _sites,
        "play": _play, "gaps": _gaps, "access": _access, "lost": _lost, "who_lost": _who_lost,
    }
)  # fmt: skip
