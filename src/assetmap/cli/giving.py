"""Commands that give something out: sheets, and files for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from assetmap import exports, printing, sheets
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
    KindOption,
    LayerOption,
    MinutesOption,
    NeedOption,
    PlaceOption,
    SinceOption,
    SlopeOption,
    StepFreeOption,
    StoreOption,
    UntilOption,
    WeightOption,
    weights_of,
)
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
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    weight: WeightOption = None,
    need: NeedOption = "imd",
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """Draw a map sheet to print, with its sources and licences inside the image.

    It takes the options of the question it answers, 'assetmap ask' with the same word.
    """
    given: dict[str, dict[str, object]] = {
        WHAT_IF: {"--close": close, "--reopen": reopen, "--open": opening, "--move": move, "--hours": hours},
        "gaps": {"--weight": weight, "--need": need != "imd"},
        "lost": {"--multiples": multiples, "--since": since, "--until": until},
    }
    _refuse_astray(about, {of: [option for option, told in each.items() if told] for of, each in given.items()})
    suffixes = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if out.suffix.lower() not in suffixes:
        raise SettingError(f"{out} must end .png, .svg or .pdf.")
    terms = printing.Terms(minutes, weights_of(weight), need, since, until)
    with viewed(store, place, Walking(step_free, slope)) as (_, view):
        if about == WHAT_IF:
            scenario = scenario_of(view, close, reopen, opening, move, hours, name)
            drawn = printing.scenario_sheet(view, scenario, kind or (), minutes, title)
        elif multiples:
            drawn = printing.over_time_sheet(view, minutes, title, since, until, kind or ())
        else:
            drawn = printing.sheet_of(view, SHEETS[about], layer or (), kind or (), title, terms)
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
    with viewed(store, place) as (_, view):
        wanted, empty = printing.layers_to_export(view, layer or ())
        written = printing.export_layers(view, wanted, out, kinds[form])
    for path in written:
        typer.echo(path)
    if empty:
        say(f"Nothing is loaded of {', '.join(each.id for each in empty)}.")
