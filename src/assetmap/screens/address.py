"""What the address bar says, so that a link shows a colleague the same map.

Plain words: ``?place=trafford&layers=public_land,green_space&shade=no``. A word that nothing answers to is left out,
and the page says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 40
"""Characters of an unknown word that are repeated back."""


@dataclass(frozen=True)
class Words:
    """Known words taken from an address, and plain notices about the rest."""

    chosen: tuple[str, ...]
    notices: tuple[str, ...] = ()


def one_of(params: Mapping[str, str], name: str, known: Sequence[str], otherwise: str) -> Words:
    """The value of ``name`` if it is known, else ``otherwise`` and a notice."""
    value = params.get(name, "")
    if not value:
        return Words((otherwise,))
    if value in known:
        return Words((value,))
    return Words((otherwise,), (_notice(name, value),))


def some_of(params: Mapping[str, str], name: str, known: Collection[str], otherwise: Sequence[str]) -> Words:
    """The known values of a comma-separated ``name``; ``otherwise`` when it is not there; ``none`` means none."""
    if name not in params:
        return Words(tuple(otherwise))
    asked = [word for word in params[name].split(",") if word and word != "none"]
    chosen = tuple(dict.fromkeys(word for word in asked if word in known))
    return Words(chosen, tuple(_notice(name, word) for word in asked if word not in known))


def written(chosen: Sequence[str]) -> str:
    """Several values as the address writes them."""
    return ",".join(chosen) or "none"


def _notice(name: str, value: str) -> str:
    shown = value if len(value) <= LONGEST else value[:LONGEST] + "…"
    return f"The link asks for {name} “{shown}”, which is not known here. It was left out."
