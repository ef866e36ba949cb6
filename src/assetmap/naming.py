"""What people call a thing: by its id or its name, in capitals or not, and the name that they read of a row."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assetmap.errors import UnknownNameError
from assetmap.wording import displayed, readable


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


def names_read(rows: pd.DataFrame) -> pd.Series:
    """The names of a place's rows as people read them (:func:`assetmap.wording.displayed`).

    Rows of one layer that would come to be called the same, though their register tells them apart, keep their names
    whole.

    Parameters
    ----------
    rows
        ``layer``, ``name`` and ``address``.
    """
    whole = rows["name"].map(readable, na_action="ignore")
    short = pd.Series(
        [_displayed(*each) for each in zip(rows["name"], rows["address"], strict=True)], rows.index, object
    )
    folded = pd.DataFrame({"layer": rows["layer"], "short": short.str.casefold(), "whole": whole.str.casefold()})
    alike = folded.groupby(["layer", "short"])["whole"].transform("nunique") > 1
    names = [long if apart else brief for long, brief, apart in zip(whole, short, alike, strict=True)]
    return pd.Series(names, rows.index, object)


def _displayed(name: object, address: object) -> object:
    return displayed(name, address if isinstance(address, str) else "") if isinstance(name, str) else name
