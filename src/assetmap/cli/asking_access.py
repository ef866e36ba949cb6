"""``assetmap ask access``: what falls to people of what places offer."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import questions
from assetmap.cli.common import (
    FormatOption,
    KindOption,
    LayerOption,
    MinutesOption,
    PartOption,
    PlaceOption,
    StoreOption,
    settings_of,
)
from assetmap.cli.viewing import tell, viewed
from assetmap.showing import Format

app = typer.Typer()


@app.command()
def access(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    method: Annotated[str, typer.Option("--method", help="2sfca, e2sfca, 3sfca, gravity or cumulative.")] = "e2sfca",
    offer: Annotated[str, typer.Option("--offer", help="places, hours or 'staffed hours'.")] = "places",
    minutes: MinutesOption = 15,
    form: FormatOption = Format.table,
    part: PartOption = "",
) -> None:
    """What falls to each person of what the places near them offer, when everybody near shares it."""
    with viewed(settings_of(store), place) as (_, view):
        tell(questions.access(view, kind or (), layer or (), method, offer, minutes), form, part=part)
