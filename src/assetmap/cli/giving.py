"""Commands that give something out: sheets, and files for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assetmap import exports, printing, sheets
from assetmap.cli.blocks import in_blocks
from assetmap.cli.changing import Changes
from assetmap.cli.common import (
    Indices,
    LayerOption,
    Of,
    PlaceOption,
    ShadeOption,
    Siting,
    StoreOption,
    TitleOption,
    Walks,
    Weighing,
    Where,
    Years,
)
from assetmap.cli.drawing import SHEETS, Asked, drawn, refuse_astray
from assetmap.cli.saying import say
from assetmap.cli.viewing import england_beside, viewed
from assetmap.cli.within import Within
from assetmap.errors import SettingError, UnknownNameError

app = typer.Typer(rich_markup_mode=None)


@app.command()
@in_blocks
def sheet(
    about: Annotated[str, typer.Argument(help=f"{', '.join(list(SHEETS)[:-1])} or {list(SHEETS)[-1]}.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write: .png, .svg or .pdf.")],
    where: Where,
    of: Of,
    changes: Changes,
    walks: Walks,
    weighing: Weighing,
    years: Years,
    siting: Siting,
    indices: Indices,
    within: Within,
    title: TitleOption = "",
    shade: ShadeOption = "",
    multiples: Annotated[
        bool, typer.Option("--multiples", help="Lost: small maps of what had closed at several dates, on one page.")
    ] = False,
) -> None:
    """Draw a map sheet to print, with its sources and licences inside the image.

    It takes the options of the question it answers, 'assetmap ask' with the same word.
    """
    asked = Asked(of, changes, walks, weighing, years, siting, indices, within, title, shade, multiples)
    refuse_astray(about, asked)
    suffixes: dict[str, sheets.Format] = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if out.suffix.lower() not in suffixes:
        raise SettingError(f"{out} must end .png, .svg or .pdf.")
    with viewed(where, walks.walking) as (opened, view):
        made = drawn(about, asked, view, england_beside(opened, view))
        sheets.draw(made, out, suffixes[out.suffix.lower()])
    typer.echo(out)
    say(sheets.alt_text(made))


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
    with viewed(Where(store, place)) as (_, view):
        wanted, empty = printing.layers_to_export(view, layer or ())
        written = printing.export_layers(view, wanted, out, kinds[form])
    for path in written:
        typer.echo(path)
    if empty:
        say(f"Nothing is loaded of {', '.join(each.id for each in empty)}.")
