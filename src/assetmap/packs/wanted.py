"""What a pack is asked to hold: one value, which a manifest, a command line and links can all carry."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from assetmap import measures
from assetmap.errors import AssetmapError, QuestionError, SettingError, UnknownNameError
from assetmap.links import link
from assetmap.questions.outlines import read_corners
from assetmap.scenarios import Scenario, read_scenario

ABOUT: Final = ("here", "profile", "whatif", "gaps", "lost")
"""What a pack may tell of, in the order in which it does: strengths first."""

USUAL: Final = ("here", "gaps", "lost")
"""What it tells of unless it is asked otherwise."""


@dataclass(frozen=True)
class Wanted:
    """What a pack is asked to hold.

    Attributes
    ----------
    place
        The id of the place.
    about
        Some of :data:`ABOUT`; what the other attributes ask for is added.
    layers, kinds
        What the answers are about, as for :func:`assetmap.printing.sheet_of`; kinds are also what people must be able
        to walk to when something changes.
    scenarios
        A scenario an answer; the first is compared with the others.
    areas, outline
        The part of the place of which there is a profile: names and codes, or corners as the address writes them.
    minutes
        How long a walk counts as near.
    step_free, slope
        Whether walks leave steps out, and whether minutes allow for hills.
    title
        A title of the person's own, in place of the finding.
    """

    place: str
    about: tuple[str, ...] = USUAL
    layers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    areas: tuple[str, ...] = ()
    outline: str = ""
    minutes: float = measures.WALK_MINUTES
    step_free: bool = False
    slope: bool = False
    title: str = ""

    def __post_init__(self) -> None:
        """Puts what is asked about in order, and refuses what cannot be told.

        Raises
        ------
        UnknownNameError
            If it asks about something that packs do not tell of.
        QuestionError
            If it asks what would change and names no change.
        """
        unknown = [word for word in self.about if word not in ABOUT]
        if unknown:
            raise UnknownNameError("answer for a pack", unknown[0], ABOUT)
        if "whatif" in self.about and not self.scenarios:
            raise QuestionError("Say what would change: close, open, reopen or move a place, or change its hours.")
        if self.outline:
            read_corners(self.outline)
        asked = {*self.about, *(("whatif",) if self.scenarios else ())}
        asked |= {"profile"} if self.areas or self.outline else set()
        object.__setattr__(self, "about", tuple(word for word in ABOUT if word in asked))

    def command(self, made_on: dt.date) -> str:
        """The line that makes the same pack again."""
        words = ["assetmap", "pack", *self.about, "--place", self.place]
        for option, each in self._options():
            words += [option, each]
        words += [option for option, on in (("--step-free", self.step_free), ("--slope", self.slope)) if on]
        words += ["--date", made_on.isoformat(), "--out", f"{self.place}-pack.zip"]
        return shlex.join(words)

    def _options(self) -> list[tuple[str, str]]:
        many = {"--layer": self.layers, "--kind": self.kinds, "--area": self.areas}
        many["--whatif"] = tuple(each.written_with_name() for each in self.scenarios)
        told = [(option, each) for option, words in many.items() for each in words]
        minutes = "" if self.minutes == measures.WALK_MINUTES else f"{self.minutes:g}"
        once = {"--outline": self.outline, "--minutes": minutes, "--title": self.title}
        return told + [(option, word) for option, word in once.items() if word]

    def link(self, about: str, scenario: Scenario | None = None) -> str:
        """The address of the page of the app that shows one of the answers."""
        words = {"page": about, "place": self.place}
        if scenario is not None:
            words |= {"change": scenario.written(), "name": scenario.name}
        if about == "profile":
            words |= {"area": ",".join(self.areas), "outline": self.outline}
        if about in ("gaps", "whatif") and self.minutes != measures.WALK_MINUTES:
            words["walk"] = f"{self.minutes:g}"
        if about == "gaps" and len(self.layers) + len(self.kinds) == 1:
            words["to"] = (*self.layers, *self.kinds)[0]
        words |= {name: "yes" for name, on in (("step_free", self.step_free), ("slope", self.slope)) if on}
        return link({name: word for name, word in words.items() if word})

    def written(self) -> dict[str, Any]:
        """As a manifest holds it; :func:`read_wanted` reads it back."""
        return {**asdict(self), "scenarios": [each.written_with_name() for each in self.scenarios]}


def read_wanted(said: Mapping[str, Any]) -> Wanted:
    """What a manifest says that its pack was asked to hold.

    Raises
    ------
    SettingError
        If it cannot be read.
    """
    try:
        return Wanted(
            place=_text(said["place"]),
            about=_texts(said["about"]),
            layers=_texts(said["layers"]),
            kinds=_texts(said["kinds"]),
            scenarios=tuple(map(read_scenario, _texts(said["scenarios"]))),
            areas=_texts(said["areas"]),
            outline=_text(said["outline"]),
            minutes=float(said["minutes"]),
            step_free=said["step_free"] is True,
            slope=said["slope"] is True,
            title=_text(said["title"]),
        )
    except (KeyError, TypeError, ValueError, AssetmapError) as fault:
        why = f"it has no {fault}" if isinstance(fault, KeyError) else str(fault)
        raise SettingError(f"What the pack was asked to hold cannot be read: {why}") from fault


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError(f"{said!r} is no text.")
    return said


def _texts(said: Sequence[object]) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise TypeError(f"{said!r} is no list.")
    return tuple(map(_text, said))
