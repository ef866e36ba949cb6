"""Sources as a sheet prints them: gathered by licence and publisher, with all that the licences ask to be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from assetmap.sources import LICENCES
from assetmap.wording import and_words, count_words, day_words

_YEAR_AT_END: Final = re.compile(r"(.*\S) ((?:19|20)\d\d)\.")


class Credit(Protocol):
    """What a sheet says of a source.

    Attributes
    ----------
    title, publisher
        Of each of its files, parted by semicolons.
    source_date
        As precise as it is known: ``2023``, ``2023-12`` or ``2023-12-31``; empty where it is not.
    attribution
        The lines that its licence asks for.
    issues
        How many issues its rows raised.
    """

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def publisher(self) -> str: ...  # noqa: D102
    @property
    def source_date(self) -> str: ...  # noqa: D102
    @property
    def licence(self) -> str: ...  # noqa: D102
    @property
    def attribution(self) -> str: ...  # noqa: D102
    @property
    def issues(self) -> int: ...  # noqa: D102


def attribution_lines(sources: Iterable[Credit]) -> list[str]:
    """Every line that the licences ask for, once, in the order first met."""
    lines = (line for source in sources for line in source.attribution.splitlines())
    return list(dict.fromkeys(line if line.endswith(".") else f"{line}." for line in lines))


def in_words(sources: Sequence[Credit]) -> tuple[str, ...]:
    """Sources gathered for print: who published what and when, licence by licence; what the licences ask to be said;
    and how many issues their rows raised.

    Returns
    -------
    tuple of str
        Three paragraphs at most; none for no sources.
    """
    if not sources:
        return ()
    licences = dict.fromkeys(source.licence for source in sources)
    by_licence = [_under(licence, [each for each in sources if each.licence == licence]) for licence in licences]
    return (" ".join(by_licence), " ".join(merged_years(attribution_lines(sources))), _issues_in_words(sources))


def _under(licence: str, sources: Sequence[Credit]) -> str:
    published = [part for source in sources for part in _published(source)]
    publishers = dict.fromkeys(publisher for publisher, _, _ in published)
    told = [_listed(each, [(title, date) for who, title, date in published if who == each]) for each in publishers]
    named = and_words([LICENCES.get(each, each) for each in licence.split("; ")])
    return f"{'. '.join(told)}. {'All u' if len(publishers) > 1 else 'U'}nder {_the(named)}."


def _the(licence: str) -> str:
    return licence if licence.startswith("the ") else f"the {licence}"


def _published(source: Credit) -> list[tuple[str, str, str]]:
    """Publisher, title and date of each file of a source; the date is that of the first."""
    publishers, titles = source.publisher.split("; "), source.title.split("; ")
    if len(publishers) != len(titles):
        return [(source.publisher, ", ".join(titles), source.source_date)]
    dates = [source.source_date, *[""] * (len(titles) - 1)]
    return list(zip(publishers, titles, dates, strict=True))


def _listed(publisher: str, titles_and_dates: Sequence[tuple[str, str]]) -> str:
    dates = dict.fromkeys(date for _, date in titles_and_dates)
    titles = {date: [title for title, when in titles_and_dates if when == date] for date in dates}
    listed = [f"{', '.join(names)}{f' ({day_words(date)})' if date else ''}" for date, names in titles.items()]
    return f"{publisher}: {'; '.join(listed)}"


def merged_years(lines: Iterable[str]) -> list[str]:
    """Lines that differ only in the year at their end as one, with the first year and the last."""
    found: dict[str, list[str]] = {}
    for line in lines:
        matched = _YEAR_AT_END.fullmatch(line)
        words, year = matched.groups() if matched else (line, "")
        found.setdefault(words, []).append(year)
    return [_with_years(words, sorted(set(years))) for words, years in found.items()]


def _with_years(words: str, years: Sequence[str]) -> str:
    if not years[-1]:
        return words
    return f"{words} {years[0]}-{years[-1]}." if len(years) > 1 else f"{words} {years[0]}."


def _issues_in_words(sources: Sequence[Credit]) -> str:
    total = sum(source.issues for source in sources)
    if not total:
        return "Checks of these sources found nothing to mend."
    most = sorted((source for source in sources if source.issues), key=lambda source: -source.issues)
    named = [f"{source.title} {source.issues:,}" for source in most[:3]]
    rest = total - sum(source.issues for source in most[:3])
    listed = ", ".join([*named, *([f"others {rest:,}"] if rest else [])])
    said = count_words(total, "thing", "things")
    return f"Checks of these sources found {said} to mend ({listed}); the page Sources tells of each."
