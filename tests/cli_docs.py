"""Writes docs/CLI.md from the commands themselves: ``python tests/cli_docs.py``. A test holds the file to this."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer.main
from click import Command, Context, Group

from assetmap.cli import app

TARGET = Path(__file__).parent.parent / "docs" / "CLI.md"
OPENING = """# The command line

Written from the code by `python tests/cli_docs.py`; do not edit it by hand.

Results go to standard output; progress and messages go to standard error. When something is wrong there is one message,
which says what to do, and the exit code is 1 (2 for a command that is mistyped).
"""


def commands(command: Command, words: str) -> Iterator[tuple[str, Command]]:
    """Every command that does something, with the words that call it."""
    children = getattr(command, "commands", None)
    if children is None:
        yield words, command
        return
    for name in sorted(children):
        yield from commands(children[name], f"{words} {name}")


def page() -> str:
    root: Group = typer.main.get_command(app)  # type: ignore[assignment]
    parts = [OPENING]
    for words, command in commands(root, "assetmap"):
        context = Context(command, info_name=words, terminal_width=100, max_content_width=100)
        parts.append(f"## {words}\n\n```text\n{command.get_help(context).strip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
