"""Options that go together, written once as a dataclass and taken by any command as one value."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, get_type_hints


def in_blocks(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer reads it: every parameter that is a dataclass of options stands for those options.

    The fields of such a dataclass are annotated as parameters are, and have their defaults.
    """
    signature = inspect.signature(command, eval_str=True)
    blocks: dict[str, Any] = {
        each.name: each.annotation for each in signature.parameters.values() if is_dataclass(each.annotation)
    }

    @wraps(command)
    def called(**given: Any) -> None:
        told = {name: block(**{each.name: given.pop(each.name) for each in fields(block)})
                for name, block in blocks.items()}  # fmt: skip
        command(**given, **told)

    flat = [option for each in signature.parameters.values() for option in _options(each)]
    called.__signature__ = signature.replace(parameters=flat)  # type: ignore[attr-defined]
    called.__annotations__ = {each.name: each.annotation for each in flat}
    return called


def _options(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    """The parameter itself, or those that its block stands for."""
    if not is_dataclass(parameter.annotation):
        yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        return
    hints = get_type_hints(parameter.annotation, include_extras=True)
    for each in fields(parameter.annotation):
        yield inspect.Parameter(
            each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name]
        )
