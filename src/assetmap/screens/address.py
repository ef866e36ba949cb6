"""What the address bar says: the page, the place, and what is chosen to see, so that a link shows a colleague the same.

Plain words: ``?page=gaps&place=trafford&layers=public_land,green_space&shade=none``. The address is the only memory of
a choice: every control shows what the address says, and a press on it rewrites the address. A word that nothing
answers to is left out, and the page says so.

What was chosen on one page waits in the address while another is open, under that page's name: ``gaps.need=health`` on
the page of one neighbourhood is ``need=health`` again on Gaps. So a word may mean one thing here and another there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assetmap.errors import spelt_like
from assetmap.links import link as link

LONGEST: Final = 40
"""Characters of an unknown word that are repeated back."""

CONTROLS: Final[Mapping[str, str]] = {
    "page": "the page",
    "place": "the place",
    "layers": "the layer",
    "shade": "the shading",
    "to": "a walk to",
    "walk": "a walk in minutes of",
    "step_free": "step-free walks,",
    "slope": "walks that allow for hills,",
    "need": "the need",
    "why": "the neighbourhood",
    "area": "the neighbourhood",
    "outline": "the outline",
    "how": "counting by",
    "count": "what is counted,",
    "measure": "the measure of deprivation",
    "by": "deprivation by",
    "edition": "the edition",
    "kind": "the kind",
    "do": "the change",
    "which": "the place",
    "find": "the kind",
    "part": "the part of town",
    "register": "the register",
    "done": "what was done,",
}
"""What each name in an address is called on the page."""


ON_EVERY_PAGE: Final = ("step_free", "slope", "walk", "streets")
"""What means the same wherever it stands: how a person walks, how far, and the street map underneath."""

WHICH_AREA: Final = ("area", "outline", "draw")
"""What says which part of a place the page of one neighbourhood is about."""

_OF: Final = "."
"""Stands between a page and the word that waits for it."""


_NAMES_IN: Final = re.compile(r"[():]")
"""Between the names in a title: ``Gorse Hill (Trafford 003D)``, ``Sale Moor: all 5 neighbourhoods``."""


@dataclass(frozen=True)
class Words:
    """Known words taken from an address, and plain notices about the rest."""

    chosen: tuple[str, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Years:
    """The first and last year asked for, both ``None`` for all years, and plain notices about what was left out."""

    since: int | None
    until: int | None
    notices: tuple[str, ...] = ()


def one_of(params: Mapping[str, str], name: str, known: Collection[str], otherwise: str) -> Words:
    """The value of ``name`` if it is known, else ``otherwise`` and a notice."""
    value = params.get(name, "")
    if not value:
        return Words((otherwise,))
    if value in known:
        return Words((value,))
    return Words((otherwise,), (notice(CONTROLS.get(name, name), value, known),))


def some_of(params: Mapping[str, str], name: str, known: Collection[str], otherwise: Sequence[str]) -> Words:
    """The known values of a comma-separated ``name``; ``otherwise`` when it is not there; ``none`` means none."""
    if name not in params:
        return Words(tuple(otherwise))
    asked = [word for word in params[name].split(",") if word and word != "none"]
    chosen = tuple(dict.fromkeys(word for word in asked if word in known))
    return Words(chosen, tuple(notice(CONTROLS.get(name, name), word, known) for word in asked if word not in known))


def years_of(params: Mapping[str, str], first: int, last: int) -> Years:
    """``from`` and ``to``, both years included; without them, or with all of ``first`` to ``last``, all years."""
    asked = {name: params[name] for name in ("from", "to") if params.get(name)}
    known = {name: int(value) for name, value in asked.items() if value.isdecimal() and first <= int(value) <= last}
    ends = {"from": "a first year of", "to": "a last year of"}
    notices = tuple(notice(ends[name], value) for name, value in asked.items() if name not in known)
    since, until = sorted((known.get("from", first), known.get("to", last)))
    return Years(None, None, notices) if (since, until) == (first, last) else Years(since, until, notices)


def written(chosen: Sequence[str]) -> str:
    """Several values as the address writes them."""
    return ",".join(chosen) or "none"


def carried(params: Mapping[str, str], here: str, there: str) -> dict[str, str]:
    """What a link from one page of a place to another takes along, or to the same page: everything chosen so far.

    Parameters
    ----------
    params
        The address of the page ``here``.
    """
    waiting = {name: word for name, word in params.items() if _OF in name}
    chosen = {name: word for name, word in params.items() if name not in ("page", "place", *waiting)}
    of_here = {
        name if name in ON_EVERY_PAGE or here == there else f"{here}{_OF}{name}": word for name, word in chosen.items()
    }
    return {**{name.removeprefix(f"{there}{_OF}"): word for name, word in waiting.items()}, **of_here}


def alone(params: Mapping[str, str]) -> dict[str, str]:
    """An address without what waits for other pages."""
    return {name: word for name, word in params.items() if _OF not in name}


def notice(control: str, value: str, known: Collection[str] = ()) -> str:
    """What a page says of something asked for in vain, with the one of ``known`` that is spelt most like it.

    Parameters
    ----------
    known
        What would have worked, perhaps with its titles.
    """
    asked = f"The link asks for {control} “{_shown(value)}”."
    return f"{asked} Nothing here matches it, so it was left out.{_meant(value, known)}"


def _meant(value: str, known: Collection[str]) -> str:
    """`` Did you mean “E01006107”, Gorse Hill (Trafford 003D)?``: found by its word, its title or a part of that."""
    items = known.items() if isinstance(known, Mapping) else ()
    titles = {word: title for word, title in items if isinstance(title, str)}
    words = {word: word for word in known}
    for word, title in titles.items():
        for name in (title, *_NAMES_IN.split(title)):
            words.setdefault(name.strip(), word)
    near = spelt_like(value[:LONGEST], list(words))
    if near is None:
        return ""
    word = words[near]
    title = titles.get(word, word)
    called = "" if title.casefold().startswith(word.casefold()) else f", {title}"
    return f" Did you mean “{word}”{called}?"


def not_here(place: str, instead: str, known: Mapping[str, str]) -> str:
    """What a page says of a place that is not in the store, with the one of ``known`` that is spelt most like it."""
    asked = f"The link asks for the place “{_shown(place)}”, which is not loaded here."
    return f"{asked} This is {instead}.{_meant(place, known)}"


def _shown(value: str) -> str:
    return value if len(value) <= LONGEST else value[:LONGEST] + "…"
