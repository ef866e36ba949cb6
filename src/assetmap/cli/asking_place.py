"""``assetmap ask``: what a neighbourhood is made of, and which of its streets could be played in."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import questions
from assetmap.chosen import Walking
from assetmap.cli.common import (
    AnswerFormatOption,
    AreasArgument,
    MinutesOption,
    OutlineOption,
    PartOption,
    PlaceOption,
    SlopeOption,
    StepFreeOption,
    StoreOption,
)
from assetmap.cli.viewing import england_in, tell, viewed
from assetmap.questions.outlines import read_corners
from assetmap.showing import Format

app = typer.Typer()


@app.command()
def profile(
    neighbourhood: AreasArgument = None,
    outline: OutlineOption = None,
    store: StoreOption = None,
    place: PlaceOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """What a neighbourhood is made of, beside its like, and what only people there can say."""
    drawn = None if outline is None else read_corners(outline)
    with viewed(store, place, Walking(step_free, slope)) as (opened, view):
        england = england_in(opened, view)
        # a place is not compared with itself
        beside = None if england is view else england
        tell(questions.profile(view, neighbourhood or (), drawn, beside, minutes), form, part=part)


@app.command()
def play_streets(
    store: StoreOption = None,
    place: PlaceOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many to show in the table.")] = 20,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """Which streets could be closed to cars for some hours so that children can play.

    --step-free and --slope are about the walk to the nearest play space or park.
    """
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        tell(questions.play_street_candidates(view, most), form, part=part)
