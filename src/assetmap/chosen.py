"""Which assets a question is about, with the words for them, and how people walk to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assetmap.layers import Layer
from assetmap.wording import count_words


@dataclass(frozen=True)
class Walking:
    """How people walk.

    Attributes
    ----------
    step_free
        Whether walks leave out steps and what no wheelchair can use (:func:`assetmap.network.step_free`).
    slope
        Whether minutes allow for hills (:class:`assetmap.network.Hills`).
    """

    step_free: bool = False
    slope: bool = False


ON_FOOT: Final = Walking()
"""Along every way that people may walk, in plain metres."""


@dataclass(frozen=True)
class Choice:
    """Which assets a question is about: some kinds of some layers, with the words for them."""

    layer: Layer
    kinds: tuple[str, ...]

    @property
    def one(self) -> str:
        """In the singular with its article, such as ``a library`` or ``a place to meet``."""
        word = _lower(self.layer.kind_title(self.kinds[0])) if len(self.kinds) == 1 else self.layer.one
        return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"

    @property
    def many(self) -> str:
        """In the plural, such as ``libraries`` or ``places to meet``."""
        return _lower(self.layer.kind_title(self.kinds[0], 2)) if len(self.kinds) == 1 else self.layer.many

    def counted(self, count: int) -> str:
        """``1 library``, ``155 places to meet``."""
        single = _lower(self.layer.kind_title(self.kinds[0])) if len(self.kinds) == 1 else self.layer.one
        return count_words(count, single, self.many)


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
