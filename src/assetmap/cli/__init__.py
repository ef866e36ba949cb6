"""The command line: results on standard output, progress and messages on standard error, 1 when something is wrong."""

from __future__ import annotations

import gc
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

import typer
from typer.core import TyperGroup

from assetmap.cli.saying import say
from assetmap.errors import AssetmapError


class Entry(NamedTuple):
    """A command as the help lists it: the module of this package that has it, and its first sentence."""

    module: str
    summary: str


COMMANDS: Final = MappingProxyType(
    {
        "demo": Entry("filling", "Load the made-up town and open the app on it."),
        "load": Entry("filling", "Load a place's sources; one that fails leaves what was there before."),
        "layers": Entry("filling", "What can be mapped, and how much of it is loaded."),
        "issues": Entry("filling", "What was wrong with rows of the sources, and who can mend it."),
        "matches": Entry(
            "matching", "Buildings that stand in two registers, for sure or perhaps, and why; each row stays as it is."
        ),
        "licences": Entry("filling", "The licences that sources may name."),
        "ask": Entry("asking", "Ask a question of a place."),
        "add": Entry("adding", "Add what you know: it stands beside the registers, marked as added by local people."),
        "contributions": Entry("adding", "What people added, the hidden too, each with its id and the state it is in."),
        "review": Entry(
            "adding",
            "Publish or hide what a person added; what they wrote stays as it is, and earlier decisions are kept.",
        ),
        "sheet": Entry("giving", "Draw a map sheet to print, with its sources and licences inside the image."),
        "pack": Entry(
            "packing",
            "Answers with their maps, tables, methods, sources and licences as one evidence pack, or a check of one.",
        ),
        "export": Entry(
            "giving", "Write layers to files that others can use, with their sources and licences beside them."
        ),
        "serve": Entry("starting", "Open the app on a store."),
        "version": Entry("about", "The version of assetmap."),
    }
)
"""The commands in the order of the help, which is written from this table alone; a test holds it to the commands."""


def _imported(name: str) -> Any:
    """A module and the libraries it needs, which the garbage collector is told to leave alone.

    They stay until the end. Searching through them while they are imported, and again to take them apart at the end,
    took more than a third of the time of a short command.
    """
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


class _OneAtATime(Mapping[str, Any]):
    """The commands by name, each imported when it is looked up, so that none waits for the libraries of another."""

    def __getitem__(self, name: str) -> Any:
        module = _imported(f"{__name__}.{COMMANDS[name].module}")
        return typer.main.get_group(module.app).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Commands(TyperGroup):
    """The commands, which end well when they are stopped or when whoever reads their results has gone."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _OneAtATime()  # type: ignore[assignment]  # nothing is added to them later

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return list(COMMANDS)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

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


def _let_go_of_output() -> None:
    """Nothing more can be written out, and Python would complain of it once more at the end."""
    with suppress(OSError):  # standard output need not be a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(cls=_Commands, name="assetmap", add_completion=False, rich_markup_mode=None)


@app.callback(no_args_is_help=True)
def _door() -> None:
    """Map what a place has, what it has lost and what could be opened up."""


_UsageError: Final = cast(type[Exception], typer.BadParameter.__mro__[1])
"""What Typer raises when words on the command line are not as a command wants them."""


def _say_usage(fault: Exception) -> None:
    """One message about words that no command takes; a command that wants further words shows its help."""
    context = getattr(fault, "ctx", None)
    words = " ".join(str(getattr(fault, "format_message", fault.__str__)()).split())
    if type(fault).__name__ == "NoArgsIsHelpError" and context is not None:
        say(context.get_help())
        return
    command = context.command_path if context is not None else "assetmap"
    say(f"assetmap: {words.replace('Value error, ', '').rstrip('.')}. '{command} --help' says what there is.")


def main() -> None:
    """Run the command line; whatever goes wrong becomes one message and exit code 1."""
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    try:
        # a command's own exit code; what it returns otherwise is of no interest
        code = app(standalone_mode=False, prog_name="assetmap")
        sys.exit(code if isinstance(code, int) else 0)
    except _UsageError as fault:
        _say_usage(fault)
        sys.exit(1)
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
