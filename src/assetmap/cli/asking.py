"""``assetmap ask``: one command a question."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import printing, questions
from assetmap.cli.common import (
    FormatOption,
    KindOption,
    LayerOption,
    MinutesOption,
    PlaceOption,
    StoreOption,
    settings_of,
    viewed,
)
from assetmap.questions import Answer
from assetmap.showing import Format, shown

ask = typer.Typer(help="Ask a question of a place.", no_args_is_help=True, rich_markup_mode=None)


@ask.command()
def here(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What is here, by kind and neighbourhood, and for every 1,000 people."""
    with viewed(settings_of(store), place) as (_, view):
        _tell(questions.here(view, kind or (), layer or ()), form, totals_first=True)


@ask.command()
def nearest(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    form: FormatOption = Format.table,
) -> None:
    """How far people walk to the nearest, and how many are within a walk of it."""
    with viewed(settings_of(store), place) as (_, view):
        _tell(questions.nearest(view, kind or (), layer or (), minutes), form)


@ask.command()
def gaps(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    form: FormatOption = Format.table,
) -> None:
    """Where deprivation is high and places are few or far, and what is near that could fill the gap."""
    with viewed(settings_of(store), place) as (_, view):
        _tell(questions.gaps(view, kind or (), layer or (), minutes), form)


@ask.command()
def lost(
    store: StoreOption = None,
    place: PlaceOption = None,
    since: Annotated[int | None, typer.Option("--since", min=1800, max=2100, help="From this year.")] = None,
    until: Annotated[int | None, typer.Option("--until", min=1800, max=2100, help="Up to this year.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """What has closed, when and how. What went to the community is not counted as lost."""
    with viewed(settings_of(store), place) as (_, view):
        _tell(questions.lost(view, since, until), form)


def _tell(answer: Answer, form: Format, *, totals_first: bool = False) -> None:
    """The rows on standard output; for a reader, the finding and where it comes from around them."""
    rows = answer.totals if totals_first and form is Format.table else answer.table
    if form is Format.table:
        rows = rows if totals_first else rows[list(answer.brief)]
        typer.echo(f"{answer.title}\n{answer.sentence}\n")
    typer.echo(shown(rows, answer.shapes, form))
    if form is Format.table:
        sources = [printing.source_line(source) for source in answer.sources]
        typer.echo("\n".join(["", answer.method, *answer.caveats, "", "Sources:", *sources]))
