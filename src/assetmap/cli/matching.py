"""The command that lists the same building in two registers."""

from __future__ import annotations

import typer

from assetmap.cli.common import FormatOption, PlaceOption, StoreOption, Where
from assetmap.cli.viewing import viewed
from assetmap.questions.registers import in_two_registers
from assetmap.showing import Format, shown

app = typer.Typer(rich_markup_mode=None)


@app.command()
def matches(store: StoreOption = None, place: PlaceOption = None, form: FormatOption = Format.table) -> None:
    """Buildings that stand in two registers, for sure or perhaps, and why; each row stays as it is."""
    with viewed(Where(store, place)) as (_, view):
        typer.echo(shown(in_two_registers(view), None, form))
