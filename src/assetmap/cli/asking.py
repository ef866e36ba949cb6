"""``assetmap ask``: one command a question."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import questions
from assetmap.chosen import Walking
from assetmap.cli import asking_deprivation, asking_place, asking_sites
from assetmap.cli.changing import (
    CloseOption,
    HoursOption,
    MoveOption,
    NameOption,
    OpenOption,
    ReopenOption,
    scenario_of,
)
from assetmap.cli.common import (
    AnswerFormatOption,
    KindOption,
    LayerOption,
    MinutesOption,
    NeedOption,
    PartOption,
    PlaceOption,
    SinceOption,
    SlopeOption,
    StepFreeOption,
    StoreOption,
    UntilOption,
    WeightOption,
    weights_of,
)
from assetmap.cli.viewing import tell, viewed
from assetmap.scenarios import read_scenario
from assetmap.showing import Format

app = typer.Typer(rich_markup_mode=None)
ask = typer.Typer(help="Ask a question of a place.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ask, name="ask")


@ask.command()
def here(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """What is here, by kind and neighbourhood, and for every 1,000 people."""
    with viewed(store, place) as (_, view):
        tell(questions.here(view, kind or (), layer or ()), form, totals_first=True, part=part)


@ask.command()
def nearest(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """How far people walk to the nearest, and how many are within a walk of it."""
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        tell(questions.nearest(view, kind or (), layer or (), minutes), form, part=part)


@ask.command()
def gaps(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    weight: WeightOption = None,
    need: NeedOption = "imd",
    hot_spots: Annotated[bool, typer.Option("--hot-spots", help="Also where high scores lie together.")] = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """Where deprivation is high and places are few or far, and what is near that could fill the gap."""
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        answer = questions.gaps(view, kind or (), layer or (), minutes, weights_of(weight), need, hot_spots)
        tell(answer, form, part=part)


@ask.command()
def lost(
    store: StoreOption = None,
    place: PlaceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    kind: KindOption = None,
    form: AnswerFormatOption = Format.table,
) -> None:
    """What has closed, when and how. What went to the community is not counted as lost."""
    with viewed(store, place) as (_, view):
        tell(questions.lost(view, since, until, kind or ()), form)


@ask.command()
def who_lost(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """Who could walk to places that have closed since, and cannot walk to another now."""
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        tell(questions.who_lost(view, kind or (), since, until, minutes), form, part=part)


@ask.command()
def whatif(
    store: StoreOption = None,
    place: PlaceOption = None,
    close: CloseOption = None,
    reopen: ReopenOption = None,
    opening: OpenOption = None,
    move: MoveOption = None,
    hours: HoursOption = None,
    name: NameOption = "",
    beside: Annotated[
        list[str] | None, typer.Option("--beside", help="NAME=CHANGES of another scenario, as a link writes them.")
    ] = None,
    kind: KindOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """What would change for people if places closed, opened, moved or changed their hours."""
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        first = scenario_of(view, close, reopen, opening, move, hours, name)
        others = [read_scenario(text) for text in beside or ()]
        tell(questions.whatif(view, [first, *others], kind or (), minutes), form, part=part)


@ask.command()
def access(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    method: Annotated[str, typer.Option("--method", help="2sfca, e2sfca, 3sfca, gravity or cumulative.")] = "e2sfca",
    offer: Annotated[str, typer.Option("--offer", help="places, hours or 'staffed hours'.")] = "places",
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """What falls to each person of what the places near them offer, when everybody near shares it."""
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        tell(questions.access(view, kind or (), layer or (), method, offer, minutes), form, part=part)


ask.add_typer(asking_place.app)
ask.add_typer(asking_sites.app)
ask.add_typer(asking_deprivation.app)
