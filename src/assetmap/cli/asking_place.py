"""``assetmap ask``: what a neighbourhood is made of, and which of its streets could be played in."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import questions
from assetmap.chosen import Walking
from assetmap.cli.blocks import in_blocks
from assetmap.cli.common import AreasArgument, OutlineOption, SlopeOption, StepFreeOption, Walks, Where, Written
from assetmap.cli.viewing import england_beside, tell, viewed
from assetmap.questions.outlines import read_corners

app = typer.Typer()


@app.command()
@in_blocks
def profile(
    where: Where,
    walks: Walks,
    written: Written,
    neighbourhood: AreasArgument = None,
    outline: OutlineOption = None,
) -> None:
    """What a neighbourhood is made of, beside its like, and what only people there can say."""
    drawn = None if outline is None else read_corners(outline)
    with viewed(where, walks.walking) as (opened, view):
        beside = england_beside(opened, view)
        answer = questions.profile(view, neighbourhood or (), drawn, beside, walks.minutes)
        tell(answer, written.form, part=written.part)


@app.command()
@in_blocks
def play_streets(
    where: Where,
    written: Written,
    neighbourhood: AreasArgument = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many to show in the table.")] = 20,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
) -> None:
    """Which streets could be closed to cars for some hours so that children can play.

    --step-free and --slope are about the walk to the nearest play space or park.
    """
    with viewed(where, Walking(step_free, slope)) as (_, view):
        tell(questions.play_street_candidates(view, most, neighbourhood or ()), written.form, part=written.part)
