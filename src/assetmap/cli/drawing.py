"""Which sheet ``assetmap sheet`` draws, from the options of the question that it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from assetmap import printing, questions
from assetmap.cli.changing import Changes
from assetmap.cli.common import Indices, Of, Siting, Walks, Weighing, Years
from assetmap.cli.within import Within
from assetmap.errors import SettingError, UnknownNameError
from assetmap.placeview import PlaceView
from assetmap.sheets import Sheet
from assetmap.wording import or_words


@dataclass(frozen=True)
class Asked:
    """What a sheet is asked for with: the options of every question."""

    of: Of
    changes: Changes
    walks: Walks
    weighing: Weighing
    years: Years
    siting: Siting
    indices: Indices
    within: Within
    title: str
    shade: str
    multiples: bool

    @property
    def terms(self) -> printing.Terms:
        """What sheets of what is here, of gaps and of losses are asked with."""
        weighing, years = self.weighing, self.years
        return printing.Terms(self.walks.minutes, weighing.weights, weighing.need, years.since, years.until, self.shade)

    @property
    def given(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each option given that only some sheets take, and these sheets."""
        usual_sites, usual_indices = Siting(), Indices()
        takes: dict[tuple[str, ...], dict[str, object]] = {
            ("whatif", "sites"): {f"--{option}": told for option, told in self.changes.told.items()},
            ("here", "gaps", "lost", "whatif", "sites"): {"--kind": self.of.kinds},
            ("here", "gaps", "lost", "sites"): {"--layer": self.of.layers},
            ("gaps",): {"--weight": self.weighing.weight, "--need": self.weighing.need != "imd"},
            ("lost",): {"--multiples": self.multiples, "--since": self.years.since, "--until": self.years.until},
            ("sites",): {
                "--choose": self.siting.choose != usual_sites.choose, "--aim": self.siting.aim != usual_sites.aim,
            },
            ("deprivation",): {
                "--edition": self.indices.edition, "--domain": self.indices.domain != usual_indices.domain,
                "--by": self.indices.by,
            },
            ("profile", "deprivation", "play"): {"--area": self.within.area},
            ("profile", "deprivation"): {"--outline": self.within.outline},
        }  # fmt: skip
        return ((option, of) for of, options in takes.items() for option, told in options.items() if told)


Draws = Callable[[Asked, PlaceView, PlaceView | None], Sheet]
"""Makes a sheet of a place, with England where it is loaded."""


def _of(about: printing.About) -> Draws:
    def draw(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
        return printing.sheet_of(view, about, asked.of.layers, asked.of.kinds, asked.title, asked.terms)

    return draw


def _lost(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    if not asked.multiples:
        return _of("lost")(asked, view, england)
    years = (asked.years.since, asked.years.until)
    return printing.over_time_sheet(view, asked.walks.minutes, asked.title, *years, asked.of.kinds)


def _whatif(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    scenario = asked.changes.scenario(view)
    return printing.scenario_sheet(view, scenario, asked.of.kinds, asked.walks.minutes, asked.title)


def _sites(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    if len(asked.of.kinds) != 1:
        raise SettingError("Say which one kind of place would open, such as --kind library.")
    (kind,), scenario, siting = asked.of.kinds, asked.changes.scenario(view), asked.siting
    answer = questions.sites(view, kind, siting.choose, siting.aim, asked.of.layers, asked.walks.minutes, scenario)
    return printing.sites_sheet(view, answer, kind, scenario, asked.title)


def _play(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    answer = questions.play_street_candidates(view, areas=asked.within.areas)
    return printing.play_sheet(view, answer, asked.within.areas, asked.title)


def _profile(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    within = asked.within
    return printing.profile_sheet(view, within.areas, within.drawn, england, asked.walks.minutes, asked.title)


def _deprivation(asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    within, indices = asked.within, asked.indices
    by = indices.by or ("area" if within.areas or within.drawn is not None else "place")
    answer = questions.deprivation(view, indices.edition, indices.domain, by, None, england, within.areas, within.drawn)
    part = (by, indices.edition, indices.domain, within.areas, within.drawn)
    return printing.deprivation_sheet(view, answer, *part, asked.title)


SHEETS: Final[Mapping[str, Draws]] = MappingProxyType(
    {
        "here": _of("here"), "profile": _profile, "deprivation": _deprivation, "whatif": _whatif, "sites": _sites,
        "play": _play, "gaps": _of("gaps"), "lost": _lost,
    }
)  # fmt: skip
"""What a sheet may be about, in the order in which a pack tells it: strengths first."""


def drawn(about: str, asked: Asked, view: PlaceView, england: PlaceView | None) -> Sheet:
    """The sheet that is asked for."""
    sheet = SHEETS[about](asked, view, england)
    return sheet if about in printing.ABOUT else printing.as_asked(sheet, about, asked.shade)


def refuse_astray(about: str, asked: Asked) -> None:
    """Refuse a sheet that is not known, and options of another sheet than the one that is asked for.

    Raises
    ------
    UnknownNameError, SettingError
        Naming the sheets there are, or those that take the option.
    """
    if about not in SHEETS:
        raise UnknownNameError("sheet", about, tuple(SHEETS))
    for option, of in asked.given:
        if about not in of:
            those = or_words([f"'assetmap sheet {each}'" for each in of])
            raise SettingError(f"{option} is for {those}; this is a sheet of {about}.")
