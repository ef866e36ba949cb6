"""``assetmap pack``: answers as an evidence pack, and a pack held against the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from assetmap import packs
from assetmap.chosen import Walking
from assetmap.cli.blocks import in_blocks
from assetmap.cli.changing import BesideOption, Changes
from assetmap.cli.common import (
    HotSpotsOption,
    Indices,
    Of,
    ShadeOption,
    Sharing,
    Siting,
    TitleOption,
    Walks,
    Weighing,
    Where,
    Years,
)
from assetmap.cli.saying import say
from assetmap.cli.viewing import england_beside, viewed
from assetmap.cli.within import Within
from assetmap.errors import SettingError
from assetmap.scenarios import read_scenario

app = typer.Typer(rich_markup_mode=None)


@dataclass(frozen=True)
class _Questions:
    """What the answers of a pack are asked with: the options of 'assetmap ask', and what only a pack has."""

    beside: BesideOption = None
    hot_spots: HotSpotsOption = False
    shade: ShadeOption = ""
    title: TitleOption = ""


@dataclass(frozen=True)
class _Making:
    """Where a pack goes, and of which day it says it is."""

    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file that ends .zip, or a folder.")] = None
    date: Annotated[
        str, typer.Option("--date", help="The day it says it was made: YYYY-MM-DD. Without one, today.")
    ] = ""
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Put it in the place of an earlier pack.")] = False


@app.command()
@in_blocks
def pack(
    making: _Making,
    where: Where,
    of: Of,
    changes: Changes,
    within: Within,
    asked: _Questions,
    walks: Walks,
    weighing: Weighing,
    sharing: Sharing,
    years: Years,
    indices: Indices,
    siting: Siting,
    about: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"{', '.join(packs.ABOUT[:-1])} or {packs.ABOUT[-1]}; the first gives the pack its title. Without "
            f"any: {', '.join(packs.USUAL)}."
        ),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Instead: is this pack whole, and does the store still say the same?")
    ] = None,
) -> None:
    """Answers with their maps, tables, methods, sources and licences as one evidence pack, or a check of one.

    It takes the options of 'assetmap ask', and an answer that only an option is for is added. A layer or a kind written
    as gaps:library is for that answer alone. The same store, questions and --date give the same bytes.
    """
    if check is not None:
        _check(check, where.store)
        return
    if making.out is None:
        raise SettingError("Say where the pack goes: --out pack.zip, or the name of a folder.")
    day = _day(making.date)
    packs.refuse_to_replace(making.out, overwrite=making.overwrite)
    with viewed(where, walks.walking) as (opened, view):
        own = changes.scenario(view)
        wanted = packs.Wanted(
            place=view.place_id,
            about=tuple(about or packs.USUAL),
            layers=of.layers,
            kinds=of.kinds,
            scenarios=(*([own] if own.changes else []), *map(read_scenario, asked.beside or ())),
            areas=within.areas,
            outline=within.outline or "",
            minutes=walks.minutes,
            weights=weighing.weights,
            need=weighing.need,
            hot_spots=asked.hot_spots,
            method=sharing.method,
            offer=sharing.offer,
            since=years.since,
            until=years.until,
            edition=indices.edition,
            domain=indices.domain,
            by=indices.by or "",
            choose=siting.choose,
            aim=siting.aim,
            shade=asked.shade,
            title=asked.title,
        )
        made = packs.pack_of(view, wanted, day, england_beside(opened, view))
        typer.echo(packs.write(made, making.out, overwrite=making.overwrite))
    say(f"Pack {made.pack_id}: {made.title}.")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise SettingError(f"The day {text!r} cannot be read. Write it as 2026-01-31.") from fault


def _check(path: Path, store_url: str | None) -> None:
    """Tell what is not as it was, in the pack and in the store; exit code 1 where anything is not."""
    pack = packs.open_pack(path)
    faults, wanted = pack.faults(), pack.wanted
    with viewed(Where(store_url, wanted.place), Walking(wanted.step_free, wanted.slope)) as (opened, view):
        told = packs.moved(pack, view, england_beside(opened, view))
    for line in (*faults, *told):
        typer.echo(line)
    say("Every file is what it was." if not faults else f"{len(faults)} faults in the files.")
    say("The store gives the same answers." if not told else "The store does not give the same answers.")
    if faults or told:
        raise typer.Exit(1)
