"""What a building is said to be used for, and so how likely something else could open in it: declared by layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from pydantic import Field, model_validator

from assetmap.declarations import Declared, Texts

Room = Literal["likely", "perhaps", "in_use", "none"]

ROOMS: Final[tuple[Room, ...]] = ("likely", "perhaps", "in_use", "none")
"""How likely there is room: for the community or standing empty, a building with rooms, in full use, no room at all."""

WORD_FOUND: Final = "{word}"
"""In what a rule says, the word of the row that it went by."""

_STREETS: Final = (
    "avenue",
    "close",
    "court",
    "crescent",
    "drive",
    "gardens",
    "lane",
    "rd",
    "road",
    "street",
    "terrace",
    "way",
)
"""A word before one of these belongs to the name of a street: ``School Lane`` is no school."""

_APOSTROPHES: Final = re.compile(r"['’`]")


class Use(Declared):
    """How likely there is room, and why, as a reader is told it."""

    room: Room
    says: str = Field(min_length=3)


class UseRule(Use):
    """A use that a register tells in words, or by the kind of a row.

    Attributes
    ----------
    words
        Words or phrases, any of which stands in what the layer reads; each may have an s at its end.
    kinds
        Kinds of the layer, any of which the row is of.
    unless
        Words or phrases, any of which excepts a row.
    """

    words: Texts = ()
    kinds: Texts = ()
    unless: Texts = ()

    @model_validator(mode="after")
    def _goes_by_something(self) -> UseRule:
        if not (self.words or self.kinds) or not all(word.strip() for word in (*self.words, *self.unless)):
            raise ValueError("a use needs 'words' or 'kinds' to go by, and none of them blank")
        if WORD_FOUND in self.says and not self.words:
            raise ValueError(f"'says' has {WORD_FOUND}, but there are no words to go by")
        return self

    def told(self, kind: str, text: str) -> Use | None:
        """The use of a row of that kind in which ``text`` stands; ``None`` where the rule is not about it."""
        found = _any_of(self.words).search(text) if self.words else None
        if not (found or kind in self.kinds) or (self.unless and _any_of(self.unless).search(text)):
            return None
        return Use(room=self.room, says=self.says.replace(WORD_FOUND, found.group() if found else ""))


class Uses(Declared):
    """How a layer tells in which of its buildings something else could open.

    Attributes
    ----------
    read
        The fields in which words are looked for.
    usual
        What is told of a building of which no rule is.
    told
        The rules; the first that is about a row decides.
    """

    read: Texts = ("name",)
    usual: Use = Use(room="perhaps", says="Building with rooms")
    told: tuple[UseRule, ...] = ()

    def of(self, kind: str, texts: Sequence[str]) -> Use:
        """The use of a row of that kind with these texts in the fields that are read."""
        text = _plain("; ".join(texts))
        return next((use for rule in self.told if (use := rule.told(kind, text))), self.usual)


def _plain(text: str) -> str:
    """Small, without apostrophes, one space between words."""
    return " ".join(_APOSTROPHES.sub("", text.casefold()).split())


@lru_cache(maxsize=512)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some words or phrases, whole, the longest first."""
    longest = sorted((_plain(word) for word in words), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})s?\b(?! (?:{'|'.join(_STREETS)})\b)")
