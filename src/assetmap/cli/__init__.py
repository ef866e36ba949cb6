"""The command line: results on standard output, progress and messages on standard error, 1 when something is wrong."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from contextlib import suppress

import typer
from typer.core import TyperGroup

from assetmap.cli import (
    adding,
    asking,
    asking_access,
    asking_deprivation,
    asking_place,
    asking_sites,
    filling,
    giving,
)
from assetmap.cli.common import say
from assetmap.errors import AssetmapError


def _let_go_of_output() -> None:
    """Nothing more can be written out, and Python would complain of it once more at the end."""
    with suppress(OSError):  # standard output need not be a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Commands(TyperGroup):
    """The commands, which end well when they are stopped or when whoever reads their results has gone."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("assetmap: Stopped. What was stored before is still there.")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            # as with '| head': the reader has what it wanted, so nothing is wrong
            _let_go_of_output()
            raise typer.Exit(0) from None


app = typer.Typer(
    cls=_Commands,
    name="assetmap",
    help="Map what a place has, what it has lost and what could be opened up.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(filling.app)
asking.ask.add_typer(asking_place.app)
asking.ask.add_typer(asking_access.app)
asking.ask.add_typer(asking_sites.app)
asking.ask.add_typer(asking_deprivation.app)
app.add_typer(asking.ask, name="ask")
app.add_typer(adding.app)
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
    except OSError as fault:
        _let_go_of_output()
        what = "The results could not be written" if fault.filename is None else f"{fault.filename} cannot be used"
        say(f"assetmap: {what}: {fault.strerror or fault}.")
        sys.exit(1)
    except Exception as fault:  # noqa: BLE001  # the last door: a person is never shown a traceback unasked
        if os.environ.get("ASSETMAP_DEBUG"):
            traceback.print_exc()
        say(
            f"assetmap: this should not have happened ({type(fault).__name__}: {fault}). "
            "Run it again with ASSETMAP_DEBUG=1 to see where, and report it."
        )
        sys.exit(1)
