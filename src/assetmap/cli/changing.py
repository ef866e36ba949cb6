"""The options that say what would change, for every command that takes a scenario."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap.placeview import PlaceView
from assetmap.scenarios import Action, Scenario, found_scenario

Words = list[str] | None

CloseOption = Annotated[Words, typer.Option("--close", help="Name or id of a place that would close.")]
ReopenOption = Annotated[Words, typer.Option("--reopen", help="Name or id of one that would reopen.")]
OpenOption = Annotated[Words, typer.Option("--open", help="KIND@LON,LAT of a new place, such as library@-2.35,53.41.")]
MoveOption = Annotated[Words, typer.Option("--move", help="NAME@LON,LAT: where a place would move.")]
HoursOption = Annotated[
    Words, typer.Option("--hours", help="NAME=HOURS/STAFFED a week, such as 'Woodsend Library=46/12'.")
]
NameOption = Annotated[str, typer.Option("--name", help="What to call the change.")]


def scenario_of(
    view: PlaceView, close: Words, reopen: Words, opening: Words, move: Words, hours: Words, name: str = ""
) -> Scenario:
    """The scenario that the options mean; without any of them it changes nothing."""
    words: dict[Action, Words] = {"close": close, "reopen": reopen, "open": opening, "move": move, "hours": hours}
    return found_scenario(view, {action: each or () for action, each in words.items()}, name)
