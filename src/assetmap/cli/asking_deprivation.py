"""``assetmap ask deprivation``: the official measures of a place, its neighbourhoods, its parts and areas drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assetmap import questions
from assetmap.cli.common import AnswerFormatOption, AreasArgument, OutlineOption, PartOption, PlaceOption, StoreOption
from assetmap.cli.viewing import england_in, tell, viewed
from assetmap.errors import SettingError
from assetmap.questions.outlines import read_corners, read_outlines
from assetmap.showing import Format

app = typer.Typer()


@app.command()
def deprivation(
    neighbourhood: AreasArgument = None,
    outline: OutlineOption = None,
    store: StoreOption = None,
    place: PlaceOption = None,
    edition: Annotated[
        int | None, typer.Option("--edition", help="The year of the Indices, such as 2025. By default the newest.")
    ] = None,
    domain: Annotated[str, typer.Option("--domain", help="imd, or a domain such as income; idaci, idaopi.")] = "imd",
    by: Annotated[
        str | None,
        typer.Option(
            "--by", help="place (every neighbourhood), locality (parts of town), ward, or authority (all of England's)."
        ),
    ] = None,
    areas: Annotated[
        Path | None,
        typer.Option("--areas", help="For wards, or any areas drawn: a file of their outlines, such as GeoJSON."),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The column of that file with the areas' names.")] = None,
    crs: Annotated[
        str | None, typer.Option("--crs", help="Its coordinate system, where the file does not say its own.")
    ] = None,
    form: AnswerFormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """How deprived a place is by the official measures, beside England where the place 'england' is loaded."""
    one = bool(neighbourhood) or outline is not None
    by = by or ("ward" if areas is not None else "area" if one else "place")
    if (by == "area") != one:
        raise SettingError("Neighbourhoods named and an outline are told as one area: leave out --by and --areas.")
    if (by == "ward") != (areas is not None):
        raise SettingError("Wards need --areas with a file of their outlines, and --areas goes with --by ward alone.")
    if areas is not None and name is None:
        raise SettingError(f"Say with --name which column of {areas.name} has the areas' names, such as WD25NM.")
    outlines = None if areas is None or name is None else read_outlines(areas, name, crs)
    drawn = None if outline is None else read_corners(outline)
    with viewed(store, place) as (opened, view):
        england = england_in(opened, view)
        answer = questions.deprivation(view, edition, domain, by, outlines, england, neighbourhood or (), drawn)
        tell(answer, form, totals_first=by == "place", part=part)
