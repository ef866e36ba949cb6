"""Sources as a sheet prints them: gathered by licence and publisher, with all that the licences ask to be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from assetmap.records import SourceFile
from assetmap.sources import LICENCES
from assetmap.wording import and_words, count_words, day_words

_YEAR_AT_END: Final = re.compile(r"(.*\S) ((?:19|20)\d\d)\.")


class Credit(Protocol):
    """What a sheet says of a source.

    Attributes
    ----------
    title
        Of each of its files, parted by semicolons.
    files
        Each file with its own publisher, licence and date; this is empty where it is not known.
    attribution
        The lines that its licence asks for.
    issues
        How many issues its rows raised.
    """

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def files(self) -> tuple[SourceFile, ...]: ...  # noqa: D102
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
    files = [file for source in sources for file in source.files]
    licences = dict.fromkeys(file.licence for file in files)
    by_licence = [_under(licence, [each for each in files if each.licence == licence]) for licence in licences]
    return (" ".join(by_licence), " ".join(merged_years(attribution_lines(sources))), _issues_in_words(sources))


def in_brief(sources: Sequence[Credit]) -> tuple[str, ...]:
    """The same where there is little room: publishers with their years, the licences, and what these ask to be said.

    Returns
    -------
    tuple of str
        A line of publishers, one of the licences that no later line names, then each line that a licence asks for;
        none for no sources.
    """
    if not sources:
        return ()
    years: dict[str, set[str]] = {}
    files = [file for source in sources for file in source.files]
    for file in files:
        years.setdefault(file.publisher, set()).add(file.source_date[:4])
    named = "; ".join(f"{publisher} {_span(found)}".strip() for publisher, found in years.items())
    asked = merged_years(attribution_lines(sources))
    licences = dict.fromkeys(each for file in files for each in file.licence.split("; "))
    unsaid = [name for name in (LICENCES.get(each, each) for each in licences) if name not in " ".join(asked)]
    return (f"{named}.", *([f"Under {and_words([_the(each) for each in unsaid])}."] if unsaid else []), *asked)


def _span(years: set[str]) -> str:
    known = sorted(year for year in years if year)
    return f"{known[0]} to {known[-1]}" if len(known) > 1 else "".join(known)


def _under(licence: str, files: Sequence[SourceFile]) -> str:
    publishers = dict.fromkeys(file.publisher for file in files)
    told = [_listed(each, [file for file in files if file.publisher == each]) for each in publishers]
    named = and_words([LICENCES.get(each, each) for each in licence.split("; ")])
    return f"{'. '.join(told)}. {'All u' if len(publishers) > 1 else 'U'}nder {_the(named)}."


def _the(licence: str) -> str:
    return licence if licence.startswith("the ") else f"the {licence}"


def _listed(publisher: str, files: Sequence[SourceFile]) -> str:
    dates = dict.fromkeys(file.source_date for file in files)
    titles = {date: [file.title for file in files if file.source_date == date] for date in dates}
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
