"""Commands that give something out: sheets, and files for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from assetmap import exports, printing, sheets
from assetmap.cli.blocks import in_blocks
from assetmap.cli.changing import Changes
from assetmap.cli.common import (
    LayerOption,
    Of,
    PlaceOption,
    ShadeOption,
    StoreOption,
    TitleOption,
    Walks,
    Weighing,
    Where,
    Years,
)
from assetmap.cli.saying import say
from assetmap.cli.viewing import viewed
from assetmap.errors import SettingError, UnknownNameError

app = typer.Typer(rich_markup_mode=None)

SHEETS: Final[dict[str, printing.About]] = dict(zip(printing.ABOUT, printing.ABOUT, strict=True))
WHAT_IF: Final = "whatif"


@app.command()
@in_blocks
def sheet(
    about: Annotated[str, typer.Argument(help="here, gaps, lost or whatif.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write: .png, .svg or .pdf.")],
    where: Where,
    of: Of,
    changes: Changes,
    walks: Walks,
    weighing: Weighing,
    years: Years,
    title: TitleOption = "",
    shade: ShadeOption = "",
    multiples: Annotated[
        bool, typer.Option("--multiples", help="Lost: small maps of what had closed at several dates, on one page.")
    ] = False,
) -> None:
    """Draw a map sheet to print, with its sources and licences inside the image.

    It takes the options of the question it answers, 'assetmap ask' with the same word.
    """
    given: dict[str, dict[str, object]] = {
        WHAT_IF: {f"--{option}": told for option, told in changes.told.items()},
        "gaps": {"--weight": weighing.weight, "--need": weighing.need != "imd"},
        "lost": {"--multiples": multiples, "--since": years.since, "--until": years.until},
    }
    _refuse_astray(about, {of: [option for option, told in each.items() if told] for of, each in given.items()})
    suffixes = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if out.suffix.lower() not in suffixes:
        raise SettingError(f"{out} must end .png, .svg or .pdf.")
    terms = printing.Terms(walks.minutes, weighing.weights, weighing.need, years.since, years.until, shade)
    with viewed(where, walks.walking) as (_, view):
        if about == WHAT_IF:
            drawn = printing.scenario_sheet(view, changes.scenario(view), of.kinds, walks.minutes, title)
        elif multiples:
            drawn = printing.over_time_sheet(view, walks.minutes, title, years.since, years.until, of.kinds)
        else:
            drawn = printing.sheet_of(view, SHEETS[about], of.layers, of.kinds, title, terms)
        sheets.draw(drawn, out, suffixes[out.suffix.lower()])  # type: ignore[arg-type]
    typer.echo(out)
    say(sheets.alt_text(drawn))


def _refuse_astray(about: str, given: Mapping[str, Sequence[str]]) -> None:
    """Refuse a sheet that is not known, and options of another sheet than the one that is asked for."""
    if about not in (*SHEETS, WHAT_IF):
        raise UnknownNameError("sheet", about, (*SHEETS, WHAT_IF))
    for of, options in given.items():
        if options and of != about:
            raise SettingError(f"{options[0]} is for 'assetmap sheet {of}'; this is a sheet of {about}.")


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
