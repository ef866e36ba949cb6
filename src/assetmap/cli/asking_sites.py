"""``assetmap ask sites``: what could be opened up."""

from __future__ import annotations

from typing import Annotated

import typer

from assetmap import questions
from assetmap.cli.blocks import in_blocks
from assetmap.cli.changing import Changes
from assetmap.cli.common import LayerOption, Siting, Walks, Where, Written
from assetmap.cli.viewing import tell, viewed

app = typer.Typer()


@app.command()
@in_blocks
def sites(
    kind: Annotated[str, typer.Option("--kind", help="What would open, such as library.")],
    where: Where,
    siting: Siting,
    changes: Changes,
    walks: Walks,
    written: Written,
    layer: LayerOption = None,
) -> None:
    """In which buildings that stand already something would do most if it opened there, now or after some changes."""
    with viewed(where, walks.walking) as (_, view):
        scenario = changes.scenario(view)
        answer = questions.sites(view, kind, siting.choose, siting.aim, layer or (), walks.minutes, scenario)
        tell(answer, written.form, part=written.part)
