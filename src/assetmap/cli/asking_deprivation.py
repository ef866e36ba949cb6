"""``assetmap ask deprivation``: the official measures of a place, its neighbourhoods, its parts and areas drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assetmap import questions
from assetmap.cli.blocks import in_blocks
from assetmap.cli.common import AreasArgument, Indices, OutlineOption, Where, Written
from assetmap.cli.viewing import england_in, tell, viewed
from assetmap.errors import SettingError
from assetmap.questions.outlines import read_corners, read_outlines

app = typer.Typer()


@app.command()
@in_blocks
def deprivation(
    where: Where,
    indices: Indices,
    written: Written,
    neighbourhood: AreasArgument = None,
    outline: OutlineOption = None,
    areas: Annotated[
        Path | None,
        typer.Option("--areas", help="For wards, or any areas drawn: a file of their outlines, such as GeoJSON."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The column of that file with the areas' names.")] = None,
    crs: Annotated[
        str | None, typer.Option("--crs", help="Its coordinate system, where the file does not say its own.")
    ] = None,
) -> None:
    """How deprived a place is by the official measures, beside England where the place 'england' is loaded."""
    one = bool(neighbourhood) or outline is not None
    by = indices.by or ("ward" if areas is not None else "area" if one else "place")
    if (by == "area") != one:
        raise SettingError("Neighbourhoods named and an outline are told as one area: leave out --by and --areas.")
    if (by == "ward") != (areas is not None):
        raise SettingError("Wards need --areas with a file of their outlines, and --areas goes with --by ward alone.")
    if areas is not None and name is None:
        raise SettingError(f"Say with --name which column of {areas.name} has the areas' names, such as WD25NM.")
    outlines = None if areas is None or name is None else read_outlines(areas, name, crs)
    drawn = None if outline is None else read_corners(outline)
    with viewed(where) as (opened, view):
        england = england_in(opened, view)
        answer = questions.deprivation(
            view, indices.edition, indices.domain, by, outlines, england, neighbourhood or (), drawn
        )
        tell(answer, written.form, totals_first=by == "place", part=written.part)
