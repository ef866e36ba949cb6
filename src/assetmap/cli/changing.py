"""The options that say what would change, for every command that takes a scenario."""

from __future__ import annotations

from dataclasses import dataclass
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
BesideOption = Annotated[
    Words,
    typer.Option("--beside", help="NAME=CHANGES of another scenario, as a link writes them; may be repeated."),
]


@dataclass(frozen=True)
class Changes:
    """What would change, and what that is called."""

    close: CloseOption = None
    reopen: ReopenOption = None
    opening: OpenOption = None
    move: MoveOption = None
    hours: HoursOption = None
    name: NameOption = ""

    @property
    def told(self) -> dict[Action, list[str]]:
        """What each option was told, by what it does."""
        return {
            "close": self.close or [], "reopen": self.reopen or [], "open": self.opening or [],
            "move": self.move or [], "hours": self.hours or [],
        }  # fmt: skip

    def scenario(self, view: PlaceView) -> Scenario:
        """The scenario that the options mean; without any of them it changes nothing."""
        return found_scenario(view, self.told, self.name)
