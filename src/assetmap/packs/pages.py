"""Which page of the app shows an answer of a pack, with the same choices, in the words of its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from assetmap import measures
from assetmap.links import link
from assetmap.packs.wanted import Wanted
from assetmap.questions.gap_index import USUAL_WEIGHTS
from assetmap.scenarios import Scenario

PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"deprivation": "profile", "sites": "whatif", "access": "gaps", "who_lost": "lost"}
)
"""The page of an answer that has none of its own."""

Words = dict[str, str]


def link_of(wanted: Wanted, about: str, scenario: Scenario | None = None) -> str:
    """The address of the page that shows one of the answers, after the app's own.

    Parameters
    ----------
    scenario
        The one that the answer is about; the first of a pack is compared with the next.
    """
    page = PAGES.get(about, about)
    words = {"page": page, "place": wanted.place, **_OF[page](wanted, about), **_changes(wanted, scenario)}
    if wanted.minutes != measures.WALK_MINUTES:
        words["walk"] = f"{wanted.minutes:g}"
    words |= {name: "yes" for name in ("step_free", "slope") if getattr(wanted, name)}
    words |= {"shade": wanted.shade} if about == wanted.about[0] and "shade" not in words else {}
    return link({name: word for name, word in words.items() if word})


def _here(wanted: Wanted, about: str) -> Words:
    layers = wanted.layers_of(about)
    return {"layers": ",".join((*layers, "lost"))} if layers else {}


def _gaps(wanted: Wanted, about: str) -> Words:
    to = (*wanted.layers_of(about), *wanted.kinds_of(about))
    words = {"to": to[0] if len(to) == 1 else ""}
    words["need"] = "" if wanted.need == "imd" else wanted.need
    if wanted.weights:
        words["weights"] = ",".join(f"{number:g}" for number in {**USUAL_WEIGHTS, **wanted.weights}.values())
    if wanted.hot_spots:
        words["shade"] = "together"
    if about == "access":
        words |= {"how": wanted.method, "count": wanted.offer}
    return words


def _lost(wanted: Wanted, about: str) -> Words:
    kinds, layers = wanted.kinds_of("who_lost"), wanted.layers_of("lost")
    ends = {"from": wanted.since, "to": wanted.until}
    return {
        **{name: f"{year}" for name, year in ends.items() if year is not None},
        "kind": kinds[0] if len(kinds) == 1 and about == "who_lost" else "",
        "layers": ",".join(("lost", *layers)) if layers else "",
    }


def _profile(wanted: Wanted, about: str) -> Words:
    words = {"area": ",".join(wanted.areas), "outline": wanted.outline}
    if about == "deprivation":
        words["measure"] = "" if wanted.domain == "imd" else wanted.domain
        words |= {"by": wanted.by, "edition": "" if wanted.edition is None else f"{wanted.edition}"}
    return words


def _play(wanted: Wanted, about: str) -> Words:
    return {"part": wanted.areas[0]} if len(wanted.areas) == 1 else {}


def _whatif(wanted: Wanted, about: str) -> Words:
    if about != "sites":
        return {}
    return {"do": "open", "kind": wanted.kinds_of(about)[0], "find": f"{wanted.choose}"}


def _changes(wanted: Wanted, scenario: Scenario | None) -> Words:
    if scenario is None:
        return {}
    words = {"change": scenario.written(), "name": scenario.name}
    if scenario == wanted.scenarios[0] and len(wanted.scenarios) > 1:
        words |= {"beside": wanted.scenarios[1].written(), "beside_name": wanted.scenarios[1].name}
    return words


_OF: Final[Mapping[str, Callable[[Wanted, str], Words]]] = MappingProxyType(
    {"here": _here, "gaps": _gaps, "lost": _lost, "profile": _profile, "whatif": _whatif, "play": _play}
)
