"""Small matters of plain English: lists, numbers and shares in words, names that registers print in capitals."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip

_NOBODY: Final = 1e-9
"""Sums of shared people are this far from whole."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ORDINAL: Final = re.compile(r"\d+(?:ST|ND|RD|TH)")
_SCOTS: Final = re.compile(r"MC[A-Z]{3,}")
_VOWEL: Final = re.compile(r"[AEIOUYÀ-Ý]")

_BRACKETS: Final = re.compile(r"\([^()]*\)?")
_PARTS: Final = re.compile(r",|;|/| - ")
_SHORT: Final = 40
"""Names with no more characters are short enough for a sentence."""

_SMALL: Final = frozenset({
    "A", "AN", "AND", "AT", "BY", "FOR", "FROM", "IN", "OF", "ON", "OR", "THE", "TO", "UPON", "WITH",
})  # fmt: skip
"""Words that stay small inside a name."""

_KEPT: Final = frozenset({
    "AFC", "AGSB", "ATC", "BAME", "BME", "CIC", "CIO", "ESOL", "HIV", "ICT", "PSA", "PTA", "PTFA", "RAF", "RDA",
    "RNIB", "RNLI", "RSPCA", "RUFC", "SEN", "UK", "URC", "USA", "WI", "YHA", "YMCA", "YWCA",
})  # fmt: skip
"""Abbreviations with a vowel, of the kind that names of groups hold; those without one are told by that."""

_SPELT: Final = {
    "DOFE": "DofE", "DR": "Dr", "LTD": "Ltd", "MR": "Mr", "MRS": "Mrs", "MS": "Ms", "MT": "Mt", "RD": "Rd", "ST": "St",
}  # fmt: skip
"""Shortened words that are no abbreviations by initials."""

_WITHIN: Final = " '’,&-"
"""What may stand between two words of one phrase; after other signs a small word begins another."""

_INITIALS_AT_MOST: Final = 5
"""A name of one word no longer than this is more likely initials than a word: ``YMCA``."""


def and_words(parts: Sequence[str]) -> str:
    """``a, b and c``; the empty string for none."""
    return _listed(parts, "and")


def day_words(date: str) -> str:
    """``2023-12-31`` as ``31 December 2023``; a month or a year is as precise as it is, no date is no words."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = calendar.month_name[int(rest[0])]
    return f"{int(rest[1])} {month} {year}" if rest[1:] else f"{month} {year}"


def or_words(parts: Sequence[str]) -> str:
    """``a, b or c``; the empty string for none."""
    return _listed(parts, "or")


def _listed(parts: Sequence[str], last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def share_words(share: float) -> str:
    """A share of people (or runs) from 0 to 1 in words: ``62%``; never ``100%`` of less than all, nor ``0%`` of some.

    A share that nobody can tell (``nan``) is ``an unknown share``.
    """
    if share != share:
        return "an unknown share"
    whole = round(100 * share)
    if whole == 100 and 1 - share > _NOBODY:
        return "over 99%"
    return "fewer than 1%" if whole == 0 and share > _NOBODY else f"{share:.0%}"


def opening(words: str) -> str:
    """Words as they begin a sentence: ``Fewer than 1%``, ``A library``."""
    return words[:1].upper() + words[1:]


def called(name: str, locality: object) -> str:
    """A neighbourhood as residents call it, with the name that registers use; by that alone where no source says more.

    Parameters
    ----------
    locality
        The part of the place it lies in; missing or empty where nobody says.
    """
    return f"{locality} ({name})" if isinstance(locality, str) and locality else name


def count_words(count: float, one: str, many: str) -> str:
    """``1 library``, ``13 libraries``; people shared among neighbourhoods are counted whole."""
    return f"{count:,.0f} {one if round(count) == 1 else many}"


def people_words(people: float) -> str:
    """``1 person``, ``1,660 people``."""
    return count_words(people, "person", "people")


def short_name(name: str) -> str:
    """A name as a sentence can bear it: without what a register puts in brackets, a long one up to its first comma.

    ``Moor Nook Allotments (2x Store Rooms, Toilets)`` is "Moor Nook Allotments"; a table shows the name as published.
    """
    bare = " ".join(_BRACKETS.sub(" ", name).split()).replace(" ,", ",").strip(" ,-/")
    if len(bare) > _SHORT:
        bare = _PARTS.split(bare)[0].strip()
    return bare or name


def number_word(count: int) -> str:
    """A whole number as a sentence has it: up to twelve in words, more in figures."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


@lru_cache(maxsize=100_000)
def readable(name: str) -> str:
    """A name that its register prints wholly in capitals as people write it; any other name as it is.

    ``THE SALE U3A`` is "The Sale U3A", ``ST PETER'S HERITAGE TRUST`` "St Peter's Heritage Trust". Words with digits,
    words without vowels and abbreviations known in names of groups keep their capitals. A rule of our own, because
    title-casing libraries treat text in capitals as if it held no abbreviations.
    """
    words = list(_WORD.finditer(name))
    if name != name.upper() or name == name.lower() or _is_initials(words):
        return name
    parts: list[str] = []
    end = 0
    for place, word in enumerate(words):
        between = name[end : word.start()]
        parts += [between, _cased(words, place, between)]
        end = word.end()
    return "".join(parts) + name[end:]


def _is_initials(words: Sequence[re.Match[str]]) -> bool:
    return len(words) == 1 and len(words[0].group()) <= _INITIALS_AT_MOST


def _cased(words: Sequence[re.Match[str]], place: int, between: str) -> str:
    """One word of a name, which ``between`` parts from the word before it."""
    word = words[place].group()
    if word in _SPELT:
        return _SPELT[word]
    if _ORDINAL.fullmatch(word):
        return word.lower()
    if word in _KEPT or (len(word) > 1 and not _VOWEL.search(word)) or any(sign.isdigit() for sign in word):
        return word
    if place and word in _SMALL and not between.strip(_WITHIN) and not _among_initials(words, place):
        return word.lower()
    return _capitalised(word)


def _among_initials(words: Sequence[re.Match[str]], place: int) -> bool:
    """Whether a lone letter follows another, as in ``Y W C A``."""
    return len(words[place].group()) == 1 and len(words[place - 1].group()) == 1


def _capitalised(word: str) -> str:
    if _SCOTS.fullmatch(word):
        return f"Mc{word[2:].capitalize()}"
    head, mark, rest = word[:1], word[1:2], word[2:]
    if mark in {"'", "’"} and len(rest) > 1:
        return f"{head}{mark}{rest.capitalize()}"
    return word.capitalize()
