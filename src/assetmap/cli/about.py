"""The command that says which assetmap this is; it needs nothing, and comes at once."""

from __future__ import annotations

import typer

from assetmap import __version__

app = typer.Typer(rich_markup_mode=None)


@app.command()
def version() -> None:
    """The version of assetmap."""
    typer.echo(__version__)
