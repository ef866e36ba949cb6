"""``assetmap ask sites``: what could be opened up."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import questions
from assetmap.chosen import Walking
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
    LayerOption,
    MinutesOption,
    PartOption,
    PlaceOption,
    SlopeOption,
    StepFreeOption,
    StoreOption,
)
from assetmap.cli.viewing import tell, viewed
from assetmap.showing import Format

app = typer.Typer()


@app.command()
def sites(
    kind: Annotated[str, typer.Option("--kind", help="What would open, such as library.")],
    store: StoreOption = None,
    place: PlaceOption = None,
    choose: Annotated[int, typer.Option("--choose", min=1, max=20, help="How many sites, at most.")] = 3,
    aim: Annotated[
        str, typer.Option("--aim", help="'people' newly within the walk, or shorter 'walks' for everybody.")
    ] = "people",
    close: CloseOption = None,
    reopen: ReopenOption = None,
    opening: OpenOption = None,
    move: MoveOption = None,
    hours: HoursOption = None,
    name: NameOption = "",
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """In which buildings that stand already something would do most if it opened there, now or after some changes."""
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        scenario = scenario_of(view, close, reopen, opening, move, hours, name)
        tell(questions.sites(view, kind, choose, aim, layer or (), minutes, scenario), form, part=part)
