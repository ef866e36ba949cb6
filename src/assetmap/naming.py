"""What people call a thing that has an id: by the id or by its name, in capitals or not."""

from __future__ import annotations

from collections.abc import Mapping

from assetmap.errors import UnknownNameError


def id_of(asked: str, names: Mapping[str, str], what: str) -> str:
    """The id that somebody means by an id or a name; capitals, and spaces around it, do not matter.

    Parameters
    ----------
    names
        The name of each id.
    what
        The sort of thing asked for, for the words of the error.

    Raises
    ------
    UnknownNameError
        If nothing, or more than one thing, is called so, naming the ids there are.
    """
    if asked in names:
        return asked
    plain = asked.strip().casefold()
    by_id = [each for each in names if each.casefold() == plain]
    found = by_id or [each for each, name in names.items() if name.strip().casefold() == plain]
    if len(found) != 1:
        raise UnknownNameError(what, asked, sorted(names))
    return found[0]
