"""The command line: results on standard output, progress and messages on standard error, 1 when something is wrong."""

from __future__ import annotations

import logging
import os
import sys
import traceback

import typer

from assetmap.cli import asking, filling, giving
from assetmap.cli.common import say
from assetmap.errors import AssetmapError

app = typer.Typer(
    name="assetmap",
    help="Map what a place has, what it has lost and what could be opened up.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(filling.app)
app.add_typer(asking.ask, name="ask")
app.add_typer(giving.app)


def main() -> None:
    """Run the command line; whatever goes wrong becomes one message and exit code 1."""
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    try:
        app(standalone_mode=True)
    except AssetmapError as fault:
        say(f"assetmap: {fault}")
        sys.exit(1)
    except BrokenPipeError:
        # the reader of a pipe has gone, as with '| head'; nothing is left to say to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as fault:  # noqa: BLE001  # the last door: a person is never shown a traceback unasked
        if os.environ.get("ASSETMAP_DEBUG"):
            traceback.print_exc()
        say(
            f"assetmap: this should not have happened ({type(fault).__name__}: {fault}). "
            "Run it again with ASSETMAP_DEBUG=1 to see where, and report it."
        )
        sys.exit(1)
