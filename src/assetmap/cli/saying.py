"""How the commands speak to a person."""

from __future__ import annotations

import typer


def say(message: str) -> None:
    """A message to the person, on standard error."""
    # what a file or a person wrote may hold codes that a terminal would obey
    plain = "".join(char if char.isprintable() or char == "\n" else "?" for char in message)
    typer.echo(plain, err=True)
