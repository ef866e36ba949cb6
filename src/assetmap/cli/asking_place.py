"""``assetmap ask``: what a neighbourhood is made of, and which of its streets could be played in."""

from __future__ import annotations

from typing import Annotated

import typer
from shapely.geometry import Polygon

from assetmap import questions
from assetmap.cli.common import FormatOption, MinutesOption, PartOption, PlaceOption, StoreOption
from assetmap.cli.viewing import england_in, tell, viewed
from assetmap.errors import SettingError
from assetmap.showing import Format

app = typer.Typer()


@app.command()
def profile(
    neighbourhood: Annotated[
        list[str] | None,
        typer.Argument(
            help="Codes or names of neighbourhoods, or names of parts of town. Without any, all of the place."
        ),
    ] = None,
    outline: Annotated[
        str | None,
        typer.Option("--outline", help="Corners of an area drawn by hand: 'LON,LAT LON,LAT LON,LAT', in degrees."),
    ] = None,
    store: StoreOption = None,
    place: PlaceOption = None,
    minutes: MinutesOption = 15,
    form: FormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """What a neighbourhood is made of, beside its like, and what only people there can say."""
    drawn = None if outline is None else _polygon(outline)
    with viewed(store, place) as (opened, view):
        england = england_in(opened, view)
        # a place is not compared with itself
        beside = None if england is view else england
        tell(questions.profile(view, neighbourhood or (), drawn, beside, minutes), form, part=part)


@app.command()
def play_streets(
    store: StoreOption = None,
    place: PlaceOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many to show in the table.")] = 20,
    form: FormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """Which streets could be closed to cars for some hours so that children can play."""
    with viewed(store, place) as (_, view):
        tell(questions.play_street_candidates(view, most), form, part=part)


def _polygon(text: str) -> Polygon:
    try:
        corners = [tuple(float(number) for number in corner.split(",")) for corner in text.split()]
        if len(corners) < 3 or any(len(corner) != 2 for corner in corners):
            raise ValueError(text)
        return Polygon(corners)
    except ValueError as fault:
        raise SettingError(
            f"The outline {text[:60]!r} cannot be read. Write three or more corners as 'LON,LAT LON,LAT LON,LAT', "
            "longitude first, in degrees."
        ) from fault
