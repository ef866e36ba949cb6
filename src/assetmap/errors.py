"""Every way assetmap can refuse, and nothing else.

::

    AssetmapError             anything a person can put right
    |-- DeclarationError      a layer or place file says something it may not (all faults at once)
    |-- SettingError          an environment variable or option has a value that cannot be used
    |-- SourceError           a source's file is missing, unreadable, or not what was declared
    |-- StoreError            the store cannot be opened, is of another version, or refused the rows
    |   `-- NoStoreError      there is no store at that address yet
    |-- UnknownNameError      a place, layer, kind or neighbourhood that is not there
    |-- ContributionError     what a person added is incomplete or outside the place
    `-- QuestionError         a question that the loaded data cannot answer, with what to load
        `-- CrossedOutlineError   an outline whose edges cross, so that nobody can tell what is inside

A bad *row* is never an exception: it becomes an issue in the table of issues, with its source, row and field.
Each message says what is wrong, where, and what to do next.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

_ALIKE: Final = 0.7
"""Two words are near in spelling from this share of letters in common and in order (difflib's ratio)."""

_LISTED_AT_MOST: Final = 15
"""More names than this are not listed beside one that is near in spelling."""


class AssetmapError(Exception):
    """Anything a person can put right; the message says how."""


class DeclarationError(AssetmapError, ValueError):
    """A layer or place file that cannot be used.

    Parameters
    ----------
    where
        The file, as the reader of the message would look for it.
    faults
        Every fault found in it, each a sentence that names the key.
    """

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        listed = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{where} cannot be used:\n{listed}")


class SettingError(AssetmapError, ValueError):
    """An environment variable or an option with a value that cannot be used."""


class SourceError(AssetmapError, ValueError):
    """A source's file is missing, unreadable, or not what its place file says."""


class StoreError(AssetmapError, RuntimeError):
    """The store cannot be opened, has another version, or refused a write (nothing was changed)."""


class NoStoreError(StoreError):
    """There is no store at an address yet; nothing was made there.

    Parameters
    ----------
    where
        The address, without its password.
    """

    def __init__(self, where: str) -> None:
        super().__init__(
            f"There is no store at {where} yet. Make one with 'assetmap demo --no-serve' or 'assetmap load PLACE', "
            "or name another with --store."
        )


class UnknownNameError(AssetmapError, LookupError):
    """A place, layer, kind or neighbourhood that is not there; names the one that is spelt most like it.

    Parameters
    ----------
    what
        The sort of thing asked for, such as ``"layer"``.
    name
        The name that was asked for.
    known
        The names that would have worked.
    """

    def __init__(self, what: str, name: str, known: Sequence[str]) -> None:
        self.what = what
        self.name = name
        self.known = tuple(known)
        near = spelt_like(name, self.known)
        meant = f" Did you mean {near!r}?" if near else ""
        listed = "" if near and len(self.known) > _LISTED_AT_MOST else f" Known: {', '.join(known) or 'none yet'}."
        super().__init__(f"There is no {what} called {name!r}.{meant}{listed}")


def spelt_like(name: str, known: Sequence[str]) -> str | None:
    """Of the names known the one that is spelt most like ``name``, capitals apart; none where none is near."""
    plain = {each.casefold(): each for each in reversed(known)}
    return next((plain[each] for each in difflib.get_close_matches(name.strip().casefold(), plain, 1, _ALIKE)), None)


class ContributionError(AssetmapError, ValueError):
    """What a person added is incomplete, or lies outside the place."""


class QuestionError(AssetmapError, ValueError):
    """A question that what is loaded cannot answer; the message names what to load."""


class CrossedOutlineError(QuestionError):
    """An outline of which nobody can tell what is inside, because its edges cross."""
