"""The same building in two registers: pairs of rows that surely are one, and pairs that perhaps are; none is merged.

Method: entity resolution by blocking and comparing, as in Christen, "Data Matching" (2012). Rows are compared if they
share a property number, a postcode, or stand within 150 m of each other; then names by rapidfuzz's token set ratio,
each without words that only say what sort of place it is.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from assetmap import space, values
from assetmap.arrays import distinct
from assetmap.layers import Layer
from assetmap.space import Floats
from assetmap.tables import NAMELESS, Assets
from assetmap.wording import and_words

NEAR_M: Final = 150.0
"""Rows no further apart than this, in a straight line, may be one building; entrance and middle of one lie so far."""

SAME_NAME: Final = 85.0
"""Names' own words this alike, from 0 to 100, are the same name."""

SAME_NAME_AT_ONE_NUMBER: Final = 60.0
"""Names need be no more alike than this where the property number is the same."""

CLOSE_M: Final = 100.0
"""Where one name has words of its own that the other lacks, rows are surely one building only as near as this."""

SURE: Final = "sure"
PERHAPS: Final = "perhaps"

PAIR_COLUMNS: Final = ("asset_id", "other_id", "band", "score", "distance_m", "reasons")

_SILENT: Final = frozenset(
    (
        *(
            "a",
            "an",
            "and",
            "as",
            "at",
            "by",
            "for",
            "from",
            "in",
            "its",
            "near",
            "of",
            "off",
            "on",
            "or",
            "that",
            "the",
        ),
        *("their", "to", "with", "without", "site", "former", "building"),
    )
)
"""Words that neither call a place by its name nor say what sort of place it is."""

_BRACKETS: Final = re.compile(r"\([^)]*\)?")
_APOSTROPHES: Final = re.compile(r"['’`]")
_WORD: Final = re.compile(r"\w+")
_SPELT: Final = re.compile(r"\w+['’`]?\w*")

_SHARED: Final = {"same_number": "the same property number", "same_postcode": "the same postcode"}

Words = frozenset[str]
Keys = npt.NDArray[np.int64]
"""A number for each row, the same for rows that have something in common; below nought for none."""


@dataclass(frozen=True, eq=False)
class SameBuildings:
    """Which rows surely are the same building in two registers, and which perhaps.

    Attributes
    ----------
    pairs
        The columns of :data:`PAIR_COLUMNS`, sure ones first, then those most alike: ``band`` (``sure`` or ``perhaps``),
        ``score`` of the names' own words (0 to 100), ``distance_m`` between the nearest points of the two, and
        ``reasons``, a list of text in plain words.
    """

    pairs: pd.DataFrame

    @cached_property
    def _sure(self) -> Mapping[str, frozenset[str]]:
        sure = self.pairs[self.pairs["band"] == SURE]
        both = [*zip(sure["asset_id"], sure["other_id"], strict=True)]
        found: dict[str, set[str]] = {}
        for one, other in [*both, *((other, one) for one, other in both)]:
            found.setdefault(one, set()).add(other)
        return {one: frozenset(others) for one, others in found.items()}

    def of(self, asset_ids: Iterable[str]) -> frozenset[str]:
        """The ids of other rows that surely are the same building as one of these."""
        told = set(asset_ids)
        return frozenset().union(*(self._sure.get(each, frozenset()) for each in told)) - told

    def once(self, asset_ids: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Which of these to keep, so that each building is there once: the first of its rows."""
        kept: set[str] = set()
        told = np.zeros(len(asset_ids), dtype=bool)
        for at, each in enumerate(asset_ids):
            told[at] = kept.isdisjoint(self._sure.get(each, ()))
            if told[at]:
                kept.add(each)
        return told

    def in_several(self, asset_ids: Sequence[str]) -> int:
        """How many buildings stand more than once among some rows."""
        within = set(asset_ids)
        twice = [each for each in asset_ids if not within.isdisjoint(self._sure.get(each, ()))]
        return int(self.once(twice).sum())


def same_buildings(assets: Assets, layers: Mapping[str, Layer]) -> SameBuildings:
    """Pairs of rows of different sources that are the same building.

    Parameters
    ----------
    assets
        Rows of one place. Layers of which no kind has rooms, such as parks, and those whose positions are blurred are
        left out; ledgers of closures are not.
    layers
        Every declared layer: the words for what they hold tell nothing of which one a name means.

    Returns
    -------
    SameBuildings
        *Sure*: the own words of both names are alike, and so are the words for what they are, or one name has more of
        these and the own words match one by one. Where one name has own words that the other lacks, the two must share
        a postcode or stand within :data:`CLOSE_M`. Sure as well: the same property number, names near enough, and
        nothing contradicts. *Perhaps*: the own words are alike and one name does not say what it is, or it says more,
        or the property number alone is the same. Where the words for what they are contradict each other, as library
        and leisure centre, the names are no match.
    """
    kept = [layer.id for layer in layers.values() if _holds_buildings(layer)]
    # in the order of their ids, so that neither the order of the rows nor that of a pair tells
    rows = assets[assets["layer"].isin(kept)].sort_values("asset_id", ignore_index=True)
    shapes = np.asarray(space.to_measured(rows.geometry).array, dtype=object)
    numbers = _known([values.uprn(text) if isinstance(text, str) else None for text in rows["uprn"]])
    whole = [values.postcodes_in(text) if isinstance(text, str) else [] for text in rows["postcode"]]
    postcodes = _known([found[0] if found else None for found in whole])
    source = _known(rows["source"].fillna("").tolist())
    one, other = _candidates(source, shapes, numbers, postcodes)
    generic = generic_words(layers.values())
    names = [_words(name, generic) for name in rows["name"].fillna("")]
    found = _compared(names, one, other)
    found["distance_m"] = np.round(shapely.distance(shapes[one], shapes[other]), 1)
    for name, keys in (("same_number", numbers), ("same_postcode", postcodes)):
        found[name] = (keys[one] == keys[other]) & (keys[one] >= 0)
    ids = rows["asset_id"].to_numpy()
    return SameBuildings(_told(found.assign(asset_id=ids[one], other_id=ids[other])))


def _holds_buildings(layer: Layer) -> bool:
    """Whether rows of a layer may be buildings, and stand where they say."""
    rooms = any(kind.has_rooms for kind in layer.kinds.values())
    return not layer.blur_m and (layer.tells == "lost" or (layer.tells == "here" and rooms))


def generic_words(layers: Iterable[Layer]) -> Mapping[str, str]:
    """The words that say only what sort of place something is, out of the declarations, each as one is called there.

    Returns
    -------
    Mapping
        From ``childrens`` to ``children's``, and from ``libraries`` to ``library``.
    """
    found: dict[str, str] = {}
    for layer in (each for each in layers if each.holds == "assets"):
        named = [(layer.one, layer.many), *((kind.title, kind.plural) for kind in layer.kinds.values())]
        for one, many in named:
            singular, plural = _plain(one), _plain(many)
            found.update(zip(singular, _SPELT.findall(one.casefold()), strict=True))
            if len(singular) == len(plural):
                found.update((p, found[s]) for s, p in zip(singular, plural, strict=True) if p not in found)
    return {word: means for word, means in found.items() if word not in _SILENT}


def _plain(text: str) -> list[str]:
    """The words of a text, small and without apostrophes: ``childrens``, ``centre``."""
    return _WORD.findall(_APOSTROPHES.sub("", text.casefold()))


def _words(name: str, generic: Mapping[str, str]) -> tuple[str, Words]:
    """A name's own words in the order of the alphabet, and what its other words say that it is."""
    words = {word for word in _plain(_BRACKETS.sub(" ", name.removesuffix(NAMELESS))) if word not in _SILENT}
    return " ".join(sorted(words - generic.keys())), frozenset(generic[word] for word in words & generic.keys())


def _known(keys: Sequence[str | None]) -> Keys:
    """A number for each different key, and -1 for none."""
    return pd.factorize(np.array(keys, dtype=object))[0].astype(np.int64)


def _candidates(
    source: Keys, shapes: npt.NDArray[np.object_], numbers: Keys, postcodes: Keys
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of the rows of different sources worth comparing, the earlier of each pair first."""
    near = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_M)
    one, other = np.concatenate([near.T, _sharing(numbers), _sharing(postcodes)]).astype(np.int64).T
    # before any sorting: a whole register may be at one postcode, and pairs within it are as many as its rows squared
    worth = (one < other) & (source[one] != source[other])
    one, other = np.divmod(distinct(one[worth] * len(source) + other[worth]), max(len(source), 1))
    return one, other


def _sharing(keys: Keys) -> npt.NDArray[np.int64]:
    """``(n, 2)`` positions that have the same key; those below nought have none."""
    known = pd.DataFrame({"key": keys, "at": np.arange(len(keys))})[keys >= 0]
    return known.merge(known, on="key")[["at_x", "at_y"]].to_numpy(dtype=np.int64)


def _compared(
    names: Sequence[tuple[str, Words]], one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """How alike the own words of each pair are, from 0 to 100, and whether what they say that they are agrees."""
    own = [name for name, _ in names]
    what = [(names[a][1], names[b][1]) for a, b in zip(one, other, strict=True)]
    both = [own[at] for at in one], [own[at] for at in other]
    score: Floats = process.cpdist(*both, scorer=fuzz.token_set_ratio, dtype=np.float64)
    word_by_word: Floats = process.cpdist(*both, scorer=fuzz.token_sort_ratio, dtype=np.float64)
    same, fits = (np.array([test(a, b) for a, b in what], dtype=bool) for test in (frozenset.__eq__, _fit))
    common = [and_words(sorted(a & b)) for a, b in what]
    exact = word_by_word >= SAME_NAME
    agree = np.array(common, dtype=bool) & (same | (fits & exact))
    told = {"score": np.round(score, 1), "exact": exact, "agree": agree, "fits": fits, "common": common}
    return pd.DataFrame(told)


def _fit(one: Words, other: Words) -> bool:
    """Whether what two names say that they are can be true of one building."""
    return one <= other or other <= one


def _told(found: pd.DataFrame) -> pd.DataFrame:
    """The pairs that are something, with their bands and reasons."""
    alike, number = found["score"] >= SAME_NAME, found["same_number"]
    beside = found["exact"] | found["same_postcode"] | (found["distance_m"] <= CLOSE_M)
    sure = (alike & found["agree"] & beside) | (number & (found["score"] >= SAME_NAME_AT_ONE_NUMBER) & found["fits"])
    perhaps = ~sure & ((alike & found["fits"]) | number)
    told = found.assign(band=np.where(sure, SURE, PERHAPS))[sure | perhaps]
    told = told.assign(reasons=pd.Series([_reasons(row) for row in told.to_dict("records")], told.index, dtype=object))
    order = ["band", "score", "asset_id", "other_id"]
    told = told.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return told[list(PAIR_COLUMNS)]


def _reasons(pair: Mapping[Hashable, Any]) -> list[str]:
    """Why a pair is one, and what speaks against it, in plain words."""
    shared = [words for name, words in _SHARED.items() if pair[name]]
    alike = "all words of one name are in the other" if pair["score"] == 100 else f"names {pair['score']:.0f}% alike"
    names = "the same name" if pair["exact"] else alike
    both = f"both say {pair['common']}" if pair["common"] else "not both say what they are"
    return [*shared, names, both if pair["fits"] else "they say different things of what they are"]
