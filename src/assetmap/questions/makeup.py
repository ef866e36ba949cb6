"""Of what a count is made: where one kind is more than half of it the words say so, and how it stands without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import measures
from assetmap.placeview import Choice, PlaceView
from assetmap.tables import Assets
from assetmap.wording import and_words, share_words

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Makeup:
    """The kind that is more than half of what is counted, and all else.

    Attributes
    ----------
    main
        That kind.
    count, total
        How many are of it, and how many are counted in all.
    many
        What is counted, in the plural, such as ``places to meet``.
    others
        The choices without that kind.
    """

    main: Choice
    count: int
    total: int
    many: str
    others: tuple[Choice, ...]

    @property
    def of_them(self) -> str:
        """``118 of them places of worship``; ``all of them halls``."""
        some = f"{self.count:,}" if self.count < self.total else "both" if self.total == 2 else "all"
        return f"{some} of them {self.main.many}"

    @property
    def says(self) -> str:
        """``118 of the 155 places to meet are places of worship, which count like the others.``; all of them, if so."""
        if self.count == self.total:
            every = "Both" if self.total == 2 else f"All {self.total:,}"
            return f"{every} {self.many} are {self.main.many}."
        return f"{self.count:,} of the {self.total:,} {self.many} are {self.main.many}, which count like the others."

    def besides(self, rows: pd.DataFrame) -> Flags:
        """``(len(rows),)`` which rows are not of that kind."""
        return ~_is_of(rows, self.main)

    @property
    def without(self) -> str:
        """``without places of worship``."""
        return f"without {self.main.many}"

    @property
    def another(self) -> str:
        """``one other than a place of worship``."""
        return f"one other than {self.main.one}"


def makeup_of(view: PlaceView, choices: Sequence[Choice], rows: pd.DataFrame | None = None) -> Makeup | None:
    """The kind that is more than half of what some choices count today.

    Parameters
    ----------
    rows
        What is counted of them, where that is not all that stands in the place.

    Returns
    -------
    Makeup or None
        ``None`` where no kind is, where the choices name one kind only, and of fewer than two things.
    """
    singles = [Choice(choice.layer, (kind,)) for choice in choices for kind in choice.kinds]
    counts = [len(view.of(single)) if rows is None else int(_is_of(rows, single).sum()) for single in singles]
    total = sum(counts)
    if len(singles) < 2 or total < 2 or 2 * max(counts) <= total:
        return None
    main = singles[counts.index(max(counts))]
    rest = [
        Choice(choice.layer, tuple(kind for kind in choice.kinds if Choice(choice.layer, (kind,)) != main))
        for choice in choices
    ]
    others = tuple(choice for choice in rest if choice.kinds)
    return Makeup(main, max(counts), total, and_words([choice.many for choice in choices]), others)


def _is_of(rows: pd.DataFrame, single: Choice) -> Flags:
    return ((rows["layer"] == single.layer.id) & (rows["kind"] == single.kinds[0])).to_numpy(dtype=bool)


def reached_without(view: PlaceView, makeup: Makeup, minutes: float) -> pd.DataFrame | None:
    """Who is within a walk of what is counted besides the main kind (:func:`assetmap.measures.reach`), if anything."""
    others = Assets(pd.concat([view.of(choice) for choice in makeup.others], ignore_index=True))
    return measures.reach(view.by_area, view.nearest(others), minutes, view.method) if len(others) else None


def without_words(view: PlaceView, makeup: Makeup | None, minutes: float) -> str:
    """``, 97% of one other than a place of worship``, to follow a share within a walk; empty if all is one kind."""
    reached = reached_without(view, makeup, minutes) if makeup else None
    if makeup is None or reached is None:
        return ""
    measured = float((reached["people"] - reached["people_not_measured"]).sum())
    return f", {share_words(float(reached['people_within'].sum()) / measured)} of {makeup.another}" if measured else ""
