"""What a pack is asked to hold: one value, which a manifest, a command line and links can all carry."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any, Final

from assetmap import measures
from assetmap.errors import AssetmapError, QuestionError, SettingError, UnknownNameError
from assetmap.printing.shades import OF_GAPS, SHADES
from assetmap.questions.outlines import read_corners
from assetmap.scenarios import Scenario, read_scenario

ABOUT: Final = ("here", "profile", "deprivation", "whatif", "sites", "play", "gaps", "access", "lost", "who_lost")
"""What a pack may tell of, in the order in which it does: strengths first."""

USUAL: Final = ("here", "gaps", "lost")
"""What it tells of unless it is asked otherwise."""

_TAKEN_BY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "areas": ("profile", "deprivation", "play"), "outline": ("profile", "deprivation"),
        "scenarios": ("whatif", "sites"),
        "edition": ("deprivation",), "domain": ("deprivation",), "by": ("deprivation",),
        "choose": ("sites",), "aim": ("sites",),
        "weights": ("gaps",), "need": ("gaps",), "hot_spots": ("gaps",),
        "method": ("access",), "offer": ("access",),
        "since": ("lost", "who_lost"), "until": ("lost", "who_lost"),
    }
)  # fmt: skip
"""Which answers an attribute is for: the first is added where an attribute is given and none of them is asked for."""

_TITLED_FIRST: Final = ("whatif", "profile")
"""Answers that a pack is about when they are added to the usual ones."""

_OPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "layers": "--layer", "kinds": "--kind", "areas": "--area", "scenarios": "--beside", "outline": "--outline",
        "minutes": "--minutes", "step_free": "--step-free", "slope": "--slope", "weights": "--weight",
        "need": "--need", "hot_spots": "--hot-spots", "method": "--method", "offer": "--offer", "since": "--since",
        "until": "--until", "edition": "--edition", "domain": "--domain", "by": "--by", "choose": "--choose",
        "aim": "--aim", "shade": "--shade", "title": "--title",
    }
)  # fmt: skip
"""The option of the command line that says each attribute."""


@dataclass(frozen=True)
class Wanted:
    """What a pack is asked to hold.

    Attributes
    ----------
    place
        The id of the place.
    about
        Some of :data:`ABOUT`, the one that gives the pack its title first; what the other attributes ask for is added.
    layers, kinds
        What the answers are about; kinds are also what people must be able to walk to when something changes, and what
        would open at the best sites. Written as ``gaps:library``, one is for that answer alone.
    scenarios
        A scenario an answer; the first is compared with the others, and is taken as made already by ``sites``.
    areas, outline
        The part of the place of which there is a profile: names and codes, or corners as the address writes them.
        Streets for play are those of ``areas`` where these are given.
    minutes
        How long a walk counts as near.
    step_free, slope
        Whether walks leave steps out, and whether minutes allow for hills.
    weights, need, hot_spots
        Of gaps, as :func:`assetmap.questions.gaps` takes them; ``hot_spots`` is its ``patterns``.
    method, offer
        Of what falls to each, as :func:`assetmap.questions.access` takes them.
    since, until
        Of which years losses are told, both included.
    edition, domain, by
        Of deprivation, as :func:`assetmap.questions.deprivation` takes them: every edition without one, and ``by``
        beside the part asked about or the whole place; with both, ``edition`` is that of what stands beside.
    choose, aim
        Of the best sites, as :func:`assetmap.questions.sites` takes them.
    shade
        How the maps shade neighbourhoods, one of :data:`assetmap.printing.SHADES`; as usual without one.
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
    weights: Mapping[str, float] = field(default_factory=dict)
    need: str = "imd"
    hot_spots: bool = False
    method: str = "e2sfca"
    offer: str = "places"
    since: int | None = None
    until: int | None = None
    edition: int | None = None
    domain: str = "imd"
    by: str = ""
    choose: int = 3
    aim: str = "people"
    shade: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Adds what the attributes ask for, and refuses what cannot be told.

        Raises
        ------
        UnknownNameError
            If it asks about something that packs do not tell of, or for a shading that maps do not have.
        QuestionError
            If it asks what would change and names no change, or where one would do most and names no one kind.
        """
        alone = [word.partition(":")[0] for word in (*self.layers, *self.kinds) if ":" in word]
        unknown = [word for word in (*self.about, *alone) if word not in ABOUT]
        if unknown:
            raise UnknownNameError("answer for a pack", unknown[0], ABOUT)
        if self.shade and self.shade not in SHADES:
            raise UnknownNameError("shading", self.shade, SHADES)
        if "whatif" in self.about and not self.scenarios:
            raise QuestionError("Say what would change: close, open, reopen or move a place, or change its hours.")
        if "sites" in self.about and len(self.kinds_of("sites")) != 1:
            raise QuestionError("Say which one kind of place would open, such as --kind sites:library.")
        if self.outline:
            read_corners(self.outline)
        added = [word for word in ABOUT if word in self._added()]
        first = [word for word in _TITLED_FIRST if word in added and self.about[:1] in ((), USUAL[:1])]
        object.__setattr__(self, "about", tuple(dict.fromkeys((*first, *self.about, *added))))

    def _added(self) -> set[str]:
        """What is asked for by attributes and not by name."""
        given = [name for name in _TAKEN_BY if self._says(name)]
        asked = {_TAKEN_BY[name][0] for name in given if not set(_TAKEN_BY[name]) & set(self.about)}
        return asked | ({"gaps"} if self.shade in OF_GAPS else set())

    def _says(self, name: str) -> bool:
        """Whether an attribute says something else than is usual."""
        return bool(getattr(self, name) != _USUALLY[name])

    @property
    def in_order(self) -> tuple[str, ...]:
        """What it tells of, strengths first."""
        return tuple(word for word in ABOUT if word in self.about)

    @property
    def beside_england(self) -> bool:
        """Whether an answer may stand beside England's."""
        return bool({"profile", "deprivation"} & set(self.about))

    def layers_of(self, about: str) -> tuple[str, ...]:
        """The layers that one of the answers is about."""
        return _meant(self.layers, about)

    def kinds_of(self, about: str) -> tuple[str, ...]:
        """The kinds that one of the answers is about."""
        return _meant(self.kinds, about)

    def command(self, made_on: dt.date) -> str:
        """The line that makes the same pack again."""
        words = ["assetmap", "pack", *self.about, "--place", self.place]
        for name, option in _OPTIONS.items():
            if self._says(name):
                words += [word for said in _said(getattr(self, name)) for word in (option, *said)]
        words += ["--date", made_on.isoformat(), "--out", f"{self.place}-pack.zip"]
        return shlex.join(words)

    def written(self) -> dict[str, Any]:
        """As a manifest holds it; :func:`read_wanted` reads it back."""
        return {**asdict(self), "scenarios": [each.written_with_name() for each in self.scenarios]}


_USUALLY: Final[Mapping[str, Any]] = MappingProxyType(
    {each.name: {} if each.name == "weights" else each.default for each in fields(Wanted)}
)
"""What each attribute says unless it is asked otherwise."""


def _meant(words: tuple[str, ...], about: str) -> tuple[str, ...]:
    """The words for one answer alone, or where there are none those for all."""
    alone = tuple(word.removeprefix(f"{about}:") for word in words if word.startswith(f"{about}:"))
    return alone or tuple(word for word in words if ":" not in word)


def _said(value: object) -> Iterator[tuple[str, ...]]:
    """What stands after each time that an option is given."""
    if isinstance(value, bool):
        yield ()
    elif isinstance(value, Mapping):
        yield from ((f"{part}={_figure(weight)}",) for part, weight in value.items())
    elif isinstance(value, tuple):
        yield from ((each.written_with_name() if isinstance(each, Scenario) else str(each),) for each in value)
    else:
        yield (_figure(value) if isinstance(value, float) else str(value),)


def _figure(number: float) -> str:
    """As short as it can be and still be read back as the same number."""
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


def read_wanted(said: Mapping[str, Any]) -> Wanted:
    """What a manifest says that its pack was asked to hold.

    Raises
    ------
    SettingError
        If it cannot be read.
    """
    try:
        return Wanted(**{each.name: _READ[str(each.type)](said[each.name]) for each in fields(Wanted)})
    except (KeyError, TypeError, ValueError, AssetmapError) as fault:
        why = f"it has no {fault}" if isinstance(fault, KeyError) else str(fault)
        raise SettingError(f"What the pack was asked to hold cannot be read: {why}") from fault


def _one(*types: type) -> Callable[[object], Any]:
    """Reads a value of one of some types; a yes or no is no number."""

    def read(said: object) -> Any:
        if not isinstance(said, types) or (isinstance(said, bool) and bool not in types):
            raise TypeError(f"{said!r} is no {types[0].__name__}.")
        return said

    return read


_text = _one(str)


def _texts(said: object) -> tuple[str, ...]:
    return tuple(map(_text, _one(list)(said)))


def _scenarios(said: object) -> tuple[Scenario, ...]:
    return tuple(map(read_scenario, _texts(said)))


def _weights(said: object) -> dict[str, float]:
    return {_text(part): _one(float, int)(weight) for part, weight in _one(dict)(said).items()}


_READ: Final[Mapping[str, Callable[[object], Any]]] = MappingProxyType(
    {
        "str": _text, "bool": _one(bool), "int": _one(int), "float": _one(float, int),
        "int | None": _one(int, type(None)), "tuple[str, ...]": _texts, "tuple[Scenario, ...]": _scenarios,
        "Mapping[str, float]": _weights,
    }
)  # fmt: skip
"""How an attribute is read, by its type."""
