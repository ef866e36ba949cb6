"""``assetmap ask``: one command a question."""

from __future__ import annotations

import typer

from assetmap import questions
from assetmap.cli import asking_deprivation, asking_place, asking_sites
from assetmap.cli.blocks import in_blocks
from assetmap.cli.changing import BesideOption, Changes
from assetmap.cli.common import (
    AnswerFormatOption,
    HotSpotsOption,
    KindOption,
    Of,
    Sharing,
    Walks,
    Weighing,
    Where,
    Written,
    Years,
)
from assetmap.cli.viewing import tell, viewed
from assetmap.scenarios import read_scenario
from assetmap.showing import Format

app = typer.Typer(rich_markup_mode=None)
ask = typer.Typer(help="Ask a question of a place.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ask, name="ask")


@ask.command()
@in_blocks
def here(where: Where, of: Of, written: Written) -> None:
    """What is here, by kind and neighbourhood, and for every 1,000 people."""
    with viewed(where) as (_, view):
        tell(questions.here(view, of.kinds, of.layers), written.form, totals_first=True, part=written.part)


@ask.command()
@in_blocks
def nearest(where: Where, of: Of, walks: Walks, written: Written) -> None:
    """How far people walk to the nearest, and how many are within a walk of it."""
    with viewed(where, walks.walking) as (_, view):
        tell(questions.nearest(view, of.kinds, of.layers, walks.minutes), written.form, part=written.part)


@ask.command()
@in_blocks
def gaps(
    where: Where,
    of: Of,
    walks: Walks,
    weighing: Weighing,
    written: Written,
    hot_spots: HotSpotsOption = False,
) -> None:
    """Where deprivation is high and places are few or far, and what is near that could fill the gap."""
    with viewed(where, walks.walking) as (_, view):
        answer = questions.gaps(
            view, of.kinds, of.layers, walks.minutes, weighing.weights, weighing.need, patterns=hot_spots
        )
        tell(answer, written.form, part=written.part)


@ask.command()
@in_blocks
def lost(where: Where, years: Years, kind: KindOption = None, form: AnswerFormatOption = Format.table) -> None:
    """What has closed, when and how. What went to the community is not counted as lost."""
    with viewed(where) as (_, view):
        tell(questions.lost(view, years.since, years.until, kind or ()), form)


@ask.command()
@in_blocks
def who_lost(where: Where, years: Years, walks: Walks, written: Written, kind: KindOption = None) -> None:
    """Who could walk to places that have closed since, and cannot walk to another now."""
    with viewed(where, walks.walking) as (_, view):
        answer = questions.who_lost(view, kind or (), years.since, years.until, walks.minutes)
        tell(answer, written.form, part=written.part)


@ask.command()
@in_blocks
def whatif(
    where: Where,
    changes: Changes,
    walks: Walks,
    written: Written,
    beside: BesideOption = None,
    kind: KindOption = None,
) -> None:
    """What would change for people if places closed, opened, moved or changed their hours."""
    with viewed(where, walks.walking) as (_, view):
        compared = [changes.scenario(view), *map(read_scenario, beside or ())]
        tell(questions.whatif(view, compared, kind or (), walks.minutes), written.form, part=written.part)


@ask.command()
@in_blocks
def access(where: Where, of: Of, sharing: Sharing, walks: Walks, written: Written) -> None:
    """What falls to each person of what the places near them offer, when everybody near shares it."""
    with viewed(where, walks.walking) as (_, view):
        answer = questions.access(view, of.kinds, of.layers, sharing.method, sharing.offer, walks.minutes)
        tell(answer, written.form, part=written.part)


ask.add_typer(asking_place.app)
ask.add_typer(asking_sites.app)
ask.add_typer(asking_deprivation.app)
