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

## An answer as JSON

`assetmap ask ... --format json` writes the whole answer as one object, under the names that it has in Python:

| name | holds |
|---|---|
| `title`, `sentence` | the finding, and what to know beside it |
| `table` | a list of objects, one a neighbourhood (a place, a street), as `csv` has them |
| `totals` | the same of the whole place; empty where the question has none |
| `parts` | further tables by name, each a list of objects; `--part NAME` writes one of them alone |
| `method` | how it was worked out, in words |
| `measured` | how distances were measured, such as `straight line`; empty where nothing rests on them |
| `formulas` | objects of `says`, the formula, and `source`, who published it |
| `caveats` | what to know before relying on it |
| `sources` | an object a source: `title`, `publisher`, `date`, `licence`, `attribution`, `rows`, `issues` and more |

Blanks are `null`, shares run from 0 to 1, and units are in the names: `walk_minutes` are minutes, `walk_m` metres which
are not told where minutes allow for hills. Counts of people are whole, each to the nearest: they are estimates, so a
column may add up to a few more or fewer than the whole. Tables that rest on distances have a column `method`, as JSON
and as CSV: `straight line`, `walking` or `walking without steps`, the last two with `, hills counted` where minutes
allow for hills. Commands that only list, such as `layers` and `issues`, write a list of objects.
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
