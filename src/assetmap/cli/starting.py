"""The command that starts the app."""

from __future__ import annotations

import typer

from assetmap import serving
from assetmap.cli.common import PortOption, StoreOption, opened_store, settings_of

app = typer.Typer(rich_markup_mode=None)


@app.command()
def serve(store: StoreOption = None, port: PortOption = serving.DEFAULT_PORT) -> None:
    """Open the app on a store."""
    settings = settings_of(store)
    with opened_store(settings):
        pass
    serving.serve(settings, port)
