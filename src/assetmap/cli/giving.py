"""Commands that give something out: sheets, and files for others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from assetmap import exports, printing, sheets
from assetmap.cli.changing import (
    CloseOption,
    HoursOption,
    MoveOption,
    NameOption,
    OpenOption,
    ReopenOption,
    scenario_of,
)
from assetmap.cli.common import KindOption, LayerOption, PlaceOption, StoreOption
from assetmap.cli.saying import say
from assetmap.cli.viewing import viewed
from assetmap.errors import SettingError, UnknownNameError

app = typer.Typer(rich_markup_mode=None)

SHEETS: Final[dict[str, printing.About]] = dict(zip(printing.ABOUT, printing.ABOUT, strict=True))
WHAT_IF: Final = "whatif"


@app.command()
def sheet(
    about: Annotated[str, typer.Argument(help="here, gaps, lost or whatif.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write: .png, .svg or .pdf.")],
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    title: Annotated[str, typer.Option("--title", help="A title of your own, in place of the finding.")] = "",
    close: CloseOption = None,
    reopen: ReopenOption = None,
    opening: OpenOption = None,
    move: MoveOption = None,
    hours: HoursOption = None,
    name: NameOption = "",
    multiples: Annotated[
        bool, typer.Option("--multiples", help="Lost: small maps of what had closed at several dates, on one page.")
    ] = False,
    minutes: Annotated[
        float,
        typer.Option("--minutes", min=1, max=120, help="Gaps, what if and small maps: how long a walk counts as near."),
    ] = 15,
) -> None:
    """Draw a map sheet to print, with its sources and licences inside the image.

    A sheet of what if takes the options of 'assetmap ask whatif'.
    """
    given = {"--close": close, "--reopen": reopen, "--open": opening, "--move": move, "--hours": hours}
    _refuse_astray(about, [option for option, told in given.items() if told], multiples=multiples)
    suffixes = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if out.suffix.lower() not in suffixes:
        raise SettingError(f"{out} must end .png, .svg or .pdf.")
    with viewed(store, place) as (_, view):
        if about == WHAT_IF:
            scenario = scenario_of(view, close, reopen, opening, move, hours, name)
            drawn = printing.scenario_sheet(view, scenario, kind or (), minutes, title)
        elif multiples:
            drawn = printing.over_time_sheet(view, minutes, title)
        else:
            drawn = printing.sheet_of(view, SHEETS[about], layer or (), kind or (), title, minutes)
        sheets.draw(drawn, out, suffixes[out.suffix.lower()])  # type: ignore[arg-type]
    typer.echo(out)
    say(sheets.alt_text(drawn))


def _refuse_astray(about: str, given: Sequence[str], *, multiples: bool) -> None:
    """Refuse a sheet that is not known, and changes on a sheet that is not about them."""
    if about not in (*SHEETS, WHAT_IF):
        raise UnknownNameError("sheet", about, (*SHEETS, WHAT_IF))
    if multiples and about != "lost":
        raise SettingError(f"--multiples is for 'assetmap sheet lost'; this is a sheet of {about}.")
    if given and about != WHAT_IF:
        raise SettingError(f"{given[0]} is for 'assetmap sheet {WHAT_IF}'; this is a sheet of {about}.")


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="A file for gpkg; a folder for geojson and csv.")],
    store: StoreOption = None,
    place: PlaceOption = None,
    layer: LayerOption = None,
    form: Annotated[str, typer.Option("--format", help="gpkg, geojson or csv.")] = "gpkg",
) -> None:
    """Write layers to files that others can use, with their sources and licences beside them.

    All that is here and all that was lost, unless --layer says otherwise; streets and water only when named. An earlier
    export gives way to the new one once that is complete; no other file does.
    """
    kinds = {kind: kind for kind in exports.FORMATS}
    if form not in kinds:
        raise UnknownNameError("export format", form, exports.FORMATS)
    with viewed(store, place) as (_, view):
        wanted, empty = printing.layers_to_export(view, layer or ())
        written = printing.export_layers(view, wanted, out, kinds[form])
    for path in written:
        typer.echo(path)
    if empty:
        say(f"Nothing is loaded of {', '.join(each.id for each in empty)}.")
