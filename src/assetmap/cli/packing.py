"""``assetmap pack``: answers as an evidence pack, and a pack held against the store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from assetmap import packs
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
    OutlineOption,
    PlaceOption,
    SlopeOption,
    StepFreeOption,
    StoreOption,
)
from assetmap.cli.saying import say
from assetmap.cli.viewing import england_in, viewed
from assetmap.errors import SettingError
from assetmap.placeview import PlaceView
from assetmap.scenarios import read_scenario
from assetmap.store import Store

app = typer.Typer(rich_markup_mode=None)


@app.command()
def pack(
    about: Annotated[
        list[str] | None, typer.Argument(help="here, gaps, lost, whatif or profile. Without any, the first three.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file that ends .zip, or a folder.")] = None,
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    close: CloseOption = None,
    reopen: ReopenOption = None,
    opening: OpenOption = None,
    move: MoveOption = None,
    hours: HoursOption = None,
    name: NameOption = "",
    whatif: Annotated[
        list[str] | None,
        typer.Option("--whatif", help="NAME=CHANGES of a scenario, as a link writes them; may be repeated."),
    ] = None,
    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="A neighbourhood or part of town to tell of as 'ask profile' does; repeatable."),
    ] = None,
    outline: OutlineOption = None,
    minutes: MinutesOption = 15,
    step_free: StepFreeOption = False,
    slope: SlopeOption = False,
    title: Annotated[str, typer.Option("--title", help="A title of your own, in place of the finding.")] = "",
    date: Annotated[
        str, typer.Option("--date", help="The day it says it was made: YYYY-MM-DD. Without one, today.")
    ] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Put it in the place of an earlier pack.")] = False,
    check: Annotated[
        Path | None, typer.Option("--check", help="Instead: is this pack whole, and does the store still say the same?")
    ] = None,
) -> None:
    """Answers with their maps, tables, methods, sources and licences as one evidence pack, or a check of one.

    Scenarios take the options of 'assetmap ask whatif', or --whatif. The same store, questions and --date give the same
    bytes.
    """
    if check is not None:
        _check(check, store)
        return
    if out is None:
        raise SettingError("Say where the pack goes: --out pack.zip, or the name of a folder.")
    day = _day(date)
    packs.refuse_to_replace(out, overwrite=overwrite)
    with viewed(store, place, Walking(step_free, slope)) as (opened, view):
        own = scenario_of(view, close, reopen, opening, move, hours, name)
        changed = [*([own] if own.changes else []), *map(read_scenario, whatif or ())]
        alone = about or packs.USUAL
        wanted = packs.Wanted(
            view.place_id, tuple(alone), tuple(layer or ()), tuple(kind or ()), tuple(changed), tuple(area or ()),
            outline or "", minutes, step_free, slope, title,
        )  # fmt: skip
        made = packs.pack_of(view, wanted, day, _beside(opened, view))
        typer.echo(packs.write(made, out, overwrite=overwrite))
    say(f"Pack {made.pack_id}: {made.title}.")


def _beside(store: Store, view: PlaceView) -> PlaceView | None:
    """England to compare a profile with; a place is not compared with itself."""
    england = england_in(store, view)
    return None if england is view else england


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise SettingError(f"The day {text!r} cannot be read. Write it as 2026-01-31.") from fault


def _check(path: Path, store_url: str | None) -> None:
    """Tell what is not as it was, in the pack and in the store; exit code 1 where anything is not."""
    pack = packs.open_pack(path)
    faults, wanted = pack.faults(), pack.wanted
    with viewed(store_url, wanted.place, Walking(wanted.step_free, wanted.slope)) as (opened, view):
        told = packs.moved(pack, view, _beside(opened, view))
    for line in (*faults, *told):
        typer.echo(line)
    say("Every file is what it was." if not faults else f"{len(faults)} faults in the files.")
    say("The store gives the same answers." if not told else "The store does not give the same answers.")
    if faults or told:
        raise typer.Exit(1)
