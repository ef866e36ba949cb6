"""A scenario as a sheet: what would change, who would lose and gain, and what stands near them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd

from assetmap import measures, questions, space
from assetmap.placeview import Choice, PlaceView
from assetmap.printing.parts import (
    NAMED_AT_MOST,
    Box,
    backdrop_of,
    focus_on,
    near_words,
    of_the_place,
    sources_of,
    title_of,
    words_of,
)
from assetmap.questions import Answer
from assetmap.questions.effect import figure_words
from assetmap.questions.strengths import strengths
from assetmap.scenarios import Change, Scenario, kinds_of, new_sites, said, touched
from assetmap.sheets import Figure, Outlined, Sheet, SheetLayer, Standout, Would
from assetmap.sheets.credits import in_brief, in_words
from assetmap.sheets.told import Sign
from assetmap.wording import called, opening, or_words

SIGNS: Final[dict[str, Sign]] = {
    "close": "closes", "open": "opens", "reopen": "opens", "move": "opens", "hours": "changes",
}  # fmt: skip
"""How each sort of change is drawn; what moves is drawn where it moves to, and named where it was."""

MANY_LOSE: Final = 0.1
"""Where at least this share of a neighbourhood's people lose (or gain), it has an outline."""

SOMEBODY: Final = 0.5
"""Fewer people than this are nobody: they come of sharing a neighbourhood out among its postcodes."""

STAY: Final = ("that stays as it is", "that stay as they are")
STAND: Final = ("that there is now", "that there are now")
"""What is said of one and of several places that a scenario leaves alone, and of those there are without one."""

NUMBERED: Final = 6
"""How many neighbourhoods are numbered and listed."""

NEAR_DRAWN: Final = 8
"""How many of what stands near those who lose are drawn, those that most of them can walk to first."""


@dataclass(frozen=True)
class _Effect:
    """Losing or gaining: the column that counts it and the words for it."""

    column: str
    verb: str
    title: str
    note: str
    legend: str


LOSE: Final = _Effect(
    "people_losing", "lose", "Who would lose", "They have {one} {within} now, and would have none.",
    "One in ten people here or more lose",
)  # fmt: skip
GAIN: Final = _Effect(
    "people_gaining", "gain", "Who would gain", "They would have {one} {within}, and have none now.",
    "One in ten people here or more gain",
)  # fmt: skip


def scenario_sheet(
    view: PlaceView,
    scenario: Scenario,
    kinds: Sequence[str] = (),
    minutes: float = measures.WALK_MINUTES,
    title: str = "",
    answer: Answer | None = None,
) -> Sheet:
    """The sheet of what some changes would do: the numbers of :func:`assetmap.questions.whatif`, and their map.

    Parameters
    ----------
    kinds
        What people must be able to walk to; without any, the kinds of place that the scenario changes.
    title
        A title of the person's own, in place of the finding.
    answer
        What has been answered about this scenario alone; without it, it is asked here.

    Raises
    ------
    QuestionError
        If the scenario changes nothing or something that is not mapped, or the text leaves no room for a map.
    """
    answer = answer or questions.whatif(view, [scenario], kinds, minutes)
    choices = [view.kind_choice(kind) for kind in kinds or kinds_of(view, scenario)]
    lost, opened = closing(view, scenario), opening_layer(view, scenario, theme_of(choices[0]))
    near = _near(view, answer)
    layers = (changed_layer(view, scenario, choices[0]), *staying(view, scenario, choices))
    outlined = _outlined(view, scenario, answer, choices, minutes)
    backdrop = backdrop_of(view)
    drawn = [each.points for each in (*layers, *near)]
    sources = sources_of(view, answer, [choice.layer for choice in choices], backdrop, lost, *drawn)
    return Sheet(
        title=title_of(title, answer),
        subtitle=_subtitle(answer, view.walk(minutes)),
        **of_the_place(view),
        layers=tuple(layer for layer in layers if len(layer.points)),
        lost=lost if len(lost) else None,
        backdrop=backdrop,
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=answer.caveats,
        would_open=(opened,) if len(opened.points) else (),
        outlined=outlined,
        changes=tuple(told_change(view, each, choices[0]) for each in scenario.changes),
        nearby=near,
        figures=_figures(answer),
        method=answer.method,
        focus_m=_focus(view, scenario, outlined),
    )


def _subtitle(answer: Answer, walk: str) -> str:
    """Who loses and what is near them; where nobody loses, how many have one in reach now and then."""
    if (answer.table[LOSE.column] >= SOMEBODY).any():
        return answer.sentence
    first = answer.totals.iloc[0]
    now, then = (figure_words(str(first["key"]), first[when]) for when in ("no_change", "then"))
    return f"Within {walk} today: {now} people. With the change: {then}."


def theme_of(choice: Choice) -> str:
    """The theme that what is asked about is drawn in."""
    return choice.layer.theme or "meeting"


def told_change(view: PlaceView, change: Change, choice: Choice) -> Would:
    """A change as the legend tells it, with the mark that it has on the map."""
    return Would(said(view, change), SIGNS[change.action], theme_of(choice))


def closing(view: PlaceView, scenario: Scenario) -> gpd.GeoDataFrame:
    """What would close."""
    ids = [each.what for each in scenario.changes if each.action == "close"]
    rows = touched(view, scenario)
    return gpd.GeoDataFrame(rows[rows["asset_id"].isin(ids)])


def opening_layer(view: PlaceView, scenario: Scenario, theme: str) -> SheetLayer:
    """New places and new spots of old ones, and what would open again where it was."""
    known = view.assets.set_index("asset_id")
    again = [each.what for each in scenario.changes if each.action == "reopen"]
    sites = new_sites(scenario)
    moved = [scenario.changes[int(place)] for place in sites["change"]]
    names = [
        f"New {each.what.replace('_', ' ')}" if each.action == "open" else f"{known['name'][each.what]}, moved"
        for each in moved
    ]
    kinds = [each.what if each.action == "open" else str(known["kind"][each.what]) for each in moved]
    new = gpd.GeoDataFrame({"name": names, "kind": kinds}, geometry=list(sites.geometry), crs=space.STORED_CRS)
    old = gpd.GeoDataFrame(known.loc[again, ["name", "kind", "geometry"]], geometry="geometry", crs=space.STORED_CRS)
    rows = gpd.GeoDataFrame(pd.concat([new, old], ignore_index=True), geometry="geometry", crs=space.STORED_CRS)
    rows = rows.assign(status="open", closed_on=None, contributed=0)
    return SheetLayer("Would open", theme, rows, labels=True, bold=True)


def changed_layer(view: PlaceView, scenario: Scenario, choice: Choice) -> SheetLayer:
    """What would move or have other hours, where it is now."""
    ids = [each.what for each in scenario.changes if each.action in ("move", "hours")]
    rows = touched(view, scenario)
    changed = gpd.GeoDataFrame(rows[rows["asset_id"].isin(ids)])
    words = tuple(f"{one} that would move or have other hours" for one in ("place", "places"))
    return SheetLayer(
        "Would move or have other hours", theme_of(choice), changed, labels=True, bold=True, words=(words[0], words[1])
    )


def staying(view: PlaceView, scenario: Scenario, choices: Sequence[Choice]) -> list[SheetLayer]:
    """Of the kinds asked about, the places that do not change; all of them where nothing does."""
    stays, stay = STAY if scenario.changes else STAND
    changing = {each.what for each in scenario.changes}
    layers = []
    for choice in choices:
        stand = view.of(choice)
        rows = gpd.GeoDataFrame(stand[~stand["asset_id"].isin(changing)])
        kinds = {kind: words_of(choice.layer, kind) for kind in choice.kinds}
        title = f"{opening(choice.many)} {stay}"
        words = (f"{choice.counted(1).partition(' ')[2]} {stays}", f"{choice.many} {stay}")
        layers.append(
            SheetLayer(title, theme_of(choice), rows, labels=len(rows) <= NAMED_AT_MOST, kinds=kinds, words=words)
        )
    return layers


def _near(view: PlaceView, answer: Answer) -> tuple[SheetLayer, ...]:
    """What stands near those who lose, a layer of the map a layer."""
    ids = answer.part("replacements")["asset_id"].head(NEAR_DRAWN)
    rows = view.assets[view.assets["asset_id"].isin(ids)]
    return tuple(
        SheetLayer(layer.title, layer.theme or "meeting", gpd.GeoDataFrame(part), labels=True, small=True)
        for layer in view.layers_here
        if len(part := rows[rows["layer"] == layer.id])
    )


def _outlined(
    view: PlaceView, scenario: Scenario, answer: Answer, choices: Sequence[Choice], minutes: float
) -> Outlined | None:
    """Who would lose, or where nobody does, who would gain; ``None`` where neither."""
    effect = next((each for each in (LOSE, GAIN) if (answer.table[each.column] >= SOMEBODY).any()), None)
    if effect is None:
        return None
    losing, gaining = (frozenset(_affected(answer.table, each)["neighbourhood_code"]) for each in (LOSE, GAIN))
    one = or_words([choice.one for choice in choices])
    return Outlined(
        title=f"{effect.title} and gain" if effect is LOSE and gaining - losing else effect.title,
        note=effect.note.format(one=one, within=f"within {view.walk(minutes)}"),
        codes=losing,
        codes_title=LOSE.legend,
        standouts=_standouts(view, scenario, answer, choices, effect),
        spoken="outlined where one in ten people or more would lose one",
        coloured=gaining - losing,
        coloured_title=GAIN.legend,
        theme=theme_of(choices[0]),
    )


def _affected(rows: pd.DataFrame, effect: _Effect) -> pd.DataFrame:
    """Neighbourhoods in which many people lose or gain, most people first."""
    many = rows[(rows[effect.column] >= SOMEBODY) & (rows[effect.column] >= MANY_LOSE * rows["people"])]
    return many.sort_values(effect.column, ascending=False, kind="stable")


def _standouts(
    view: PlaceView, scenario: Scenario, answer: Answer, choices: Sequence[Choice], effect: _Effect
) -> tuple[Standout, ...]:
    """The neighbourhoods of most people who lose or gain, with what stands near them already."""
    rows = answer.table[answer.table[effect.column] >= SOMEBODY]
    hit = _affected(rows, effect)
    hit = (hit if len(hit) else rows.sort_values(effect.column, ascending=False, kind="stable")).head(NUMBERED)
    near = dict(zip(view.areas["area_code"], strengths(view, _kinds_of(choices)), strict=True))
    changing = {each.what for each in scenario.changes}
    changing |= view.same_buildings.of(changing)
    return tuple(
        Standout(
            area_code=str(row["neighbourhood_code"]),
            name=called(str(row["neighbourhood_name"]), row["locality"]),
            near=near_words([each for each in near[row["neighbourhood_code"]] if each.asset_id not in changing]),
            facts=_facts(row[effect.column], row["people"], effect.verb),
        )
        for _, row in hit.iterrows()
    )


def _facts(affected: float, people: float, verb: str) -> str:
    some = "All" if people - affected < SOMEBODY else f"{affected:,.0f}"
    return f"{some} of its {people:,.0f} people {verb} one"


def _kinds_of(choices: Sequence[Choice]) -> set[tuple[str, str]]:
    return {(choice.layer.id, kind) for choice in choices for kind in choice.kinds}


def _focus(view: PlaceView, scenario: Scenario, outlined: Outlined | None) -> Box | None:
    """What is drawn: who loses or gains and what changes, with as much again around them; ``None`` for all of it."""
    if outlined is None:
        return None
    codes = {*outlined.codes, *outlined.coloured, *(each.area_code for each in outlined.standouts)}
    areas = gpd.GeoDataFrame(view.areas)
    parts = [*areas.geometry[areas["area_code"].isin(codes)], *touched(view, scenario).geometry]
    parts += list(new_sites(scenario).geometry)
    return focus_on(view, parts)


def _figures(answer: Answer) -> tuple[Figure, ...]:
    """The whole place now and then; rates for every 1,000 people say nothing more on paper than what they come from."""
    rows = answer.totals[~answer.totals["key"].str.endswith("_per_1000")]
    told = rows[["key", "measure", "no_change", "then"]].itertuples(index=False)
    return tuple(
        Figure(opening(measure), figure_words(key, now), figure_words(key, then)) for key, measure, now, then in told
    )
