"""The page that opens a pack: its finding, its numbers, every answer with its map, and all that it rests on.

Plain HTML that asks no other host for anything and needs no script; its first printed page is the summary.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd

from assetmap import __version__
from assetmap.packs.entries import Entry
from assetmap.packs.numbers import Number
from assetmap.packs.pack import LIMITS, Pack
from assetmap.packs.style import STYLE
from assetmap.sheets import alt_text, in_fours
from assetmap.sources import LICENCES
from assetmap.wording import and_words, day_words

NAME: Final = "index.html"
COUNTS: Final = {
    "rows_in": "Rows", "stored": "Stored", "set_aside": "Not of this place or layer",
    "dropped": "Left out", "issues": "Issues",
}  # fmt: skip
"""What became of a register's rows, as the table of sources is headed."""


def page(pack: Pack, digests: Mapping[str, str]) -> str:
    """The page as HTML.

    Parameters
    ----------
    digests
        The sha256 of each file of the pack but this one, by name.
    """
    answers = "".join(_answer(pack, entry, digests) for entry in pack.entries)
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(pack.title)}: evidence pack {in_fours(pack.pack_id)}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<header>{_header(pack)}</header>\n<main>\n{_summary(pack)}{answers}"
        f'<div class="after">{_limits()}{_sources(pack)}{_changes(pack)}{_again(pack)}{_files(digests)}</div>\n'
        "</main>\n</body>\n</html>\n"
    )


def made_up(pack: Pack) -> str:
    """What is said first of a place that is made up; nothing of a real one."""
    return f"{pack.place_name} is made up: nothing here is real." if pack.fictional else ""


def about(pack: Pack) -> str:
    """What this is, of where, of which day, under which number."""
    return f"Evidence pack {in_fours(pack.pack_id)} · {pack.place_name} · {day_words(pack.made_on.isoformat())}"


def licence_words(licences: str) -> str:
    """Licences as people know them."""
    return ", ".join(LICENCES.get(each, each) for each in licences.split("; "))


def _header(pack: Pack) -> str:
    banner = f'<p class="made-up">{escape(made_up(pack))}</p>' if pack.fictional else ""
    return f'{banner}<p class="about">{escape(about(pack))}</p><h1>{escape(pack.title)}</h1>'


def _summary(pack: Pack) -> str:
    links = [(f"#{entry.key}", entry.asks) for entry in pack.entries]
    links += [("#limits", "What to know before relying on it"), ("#sources", "Sources and licences")]
    links += [("#changes", "What changed"), ("#again", "Make it again"), ("#files", "Files")]
    items = "".join(f'<li><a href="{href}">{escape(words)}</a></li>' for href, words in links)
    return (
        f'{_numbers(pack.numbers)}<p class="on-screen">The same to paste from, with each map: '
        '<a href="summary.docx">summary.docx</a>. '
        'Every number of every answer, with its method, formulas and sources: <a href="numbers.csv">numbers.csv</a>.'
        "</p>"
        f'<nav aria-label="In this pack"><h2>In this pack</h2><ul>{items}</ul></nav>\n'
    )


def _numbers(numbers: Sequence[Number]) -> str:
    if not numbers:
        return "<p>Nothing that is loaded tells a number.</p>"
    rows = "".join(
        f'<tr><th scope="row">{escape(each.value)}</th><td>{escape(each.says)}</td>'
        f"<td>{escape(each.rests_on)}</td><td>{escape(each.falls_short)}</td></tr>"
        for each in numbers
    )
    headings = ("Number", "What it counts", "What it rests on", "What falls short")
    caption = "The numbers, each with what it rests on"
    return f'<table class="numbers"><caption>{caption}</caption>{_head(headings)}<tbody>{rows}</tbody></table>'


def _head(headings: Iterable[str]) -> str:
    cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    return f"<thead><tr>{cells}</tr></thead>"


def _answer(pack: Pack, entry: Entry, digests: Mapping[str, str]) -> str:
    answer = entry.answer
    quoted = "".join(map(_quoted, entry.numbers))
    tables = [f"tables/{name}.csv" for name in entry.tables]
    files = "".join(f'<li><a href="{escape(name)}">{escape(name)}</a></li>' for name in tables if name in digests)
    link = escape(pack.url(entry))
    return (
        f'<section class="answer" id="{entry.key}" aria-labelledby="{entry.key}-asks">\n'
        f'<h2 id="{entry.key}-asks">{escape(entry.asks)}</h2>\n<p class="finding">{escape(answer.title)}.</p>'
        f"<p>{escape(answer.sentence)}</p><ul>{quoted}</ul>{_figure(entry)}"
        f"<h3>How this was worked out</h3><p>{escape(answer.method)}</p>{_formulas(entry)}"
        f"{_listed('What to know', answer.caveats)}<h3>The tables behind it</h3>"
        f'<ul class="inline">{files}</ul>'
        f'<p class="quiet">In the app: <a href="{link}">{link}</a></p>\n</section>\n'
    )


def _quoted(number: Number) -> str:
    """A number with all that must stand beside it, since each may be copied by itself."""
    beside = f'<span class="beside">{escape(number.rests_on)} {escape(number.falls_short)}</span>'
    return f"<li><strong>{escape(number.value)}</strong> {escape(number.says)}<br>{beside}</li>"


def _figure(entry: Entry) -> str:
    if entry.sheet is None:
        return ""
    name = f"maps/{entry.key}"
    links = f'<a href="{name}.pdf">To print (PDF)</a>, <a href="{name}.png">as a picture, 300 dots an inch (PNG)</a>'
    return (
        f'<figure><a href="{name}.pdf"><img src="{name}.png" alt="{escape(alt_text(entry.sheet))}"></a>'
        f"<figcaption>{links}. Legend, scale, sources and licences are inside the image.</figcaption></figure>"
    )


def _formulas(entry: Entry) -> str:
    items = "".join(
        f"<li><code>{escape(each.says)}</code>{f' ({escape(each.source)})' if each.source else ''}</li>"
        for each in entry.answer.formulas
    )
    return f"<h3>Formulas</h3><ul>{items}</ul>" if items else ""


def _listed(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h3>{title}</h3><ul>{items}</ul>" if items else ""


def _limits() -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in LIMITS)
    return f'<h2 id="limits">What to know before relying on it</h2><ul>{items}</ul>\n'


def _sources(pack: Pack) -> str:
    headings = (
        "Register",
        "Layer",
        "Published",
        "Retrieved",
        "Licence",
        "Rows",
        "Stored",
        "Elsewhere",
        "Left out",
        "Issues",
    )
    rows = "".join(_source(row) for row in pack.register.to_dict("records"))
    terms = "".join(f"<li>{escape(line)}</li>" for line in pack.attributions)
    return (
        '<h2 id="sources">Sources and licences</h2>'
        '<div class="wide" role="region" aria-labelledby="sources" tabindex="0">'
        '<table class="sources"><caption>Every register loaded, its file with its sha256, and what became of its '
        f'rows; also in <a href="sources.csv">sources.csv</a></caption>{_head(headings)}'
        f"<tbody>{rows}</tbody></table></div><h3>What the licences ask to be said</h3><ul>{terms}</ul>"
        '<p>Source by source: <a href="LICENCES.txt">LICENCES.txt</a>.</p>\n'
    )


def _source(row: Mapping[Hashable, Any]) -> str:
    licences = licence_words(str(row["licence"]))
    published = "; ".join(map(day_words, str(row["published"]).split("; ")))
    dates = (published or "not given", day_words(str(row["retrieved"])[:10]))
    told = "".join(f"<td>{escape(str(cell))}</td>" for cell in (row["layer"], *dates, licences))
    counts = "".join(f'<td class="count">{row[name]:,}</td>' for name in COUNTS)
    file = f'<code>{escape(row["file"])}</code><br><span class="digest">{escape(row["sha256"])}</span>'
    whose = f'{escape(row["title"])}<br><span class="whose">{escape(row["publisher"])}<br>{file}</span>'
    return f'<tr><th scope="row">{whose}</th>{told}{counts}</tr>'


def _changes(pack: Pack) -> str:
    first, later = pack.changes[pack.changes["again"] == 0], pack.changes[pack.changes["again"] == 1]
    told = f"{len(first):,} registers were loaded"
    if len(first):
        days = dict.fromkeys(day_words(when[:10]) for when in first["when"].iloc[[0, -1]])
        told += f", {'between ' if len(days) > 1 else 'on '}{and_words(list(days))}"
    rest = "What happened since:" if len(later) else "None has been loaded again since, and nobody has added anything."
    return (
        f'<h2 id="changes">What changed</h2><p>{told}. {rest}</p>{_later(later) if len(later) else ""}'
        '<p>Each load: <a href="changes.csv">changes.csv</a>.</p>\n'
    )


def _later(rows: pd.DataFrame) -> str:
    told = "".join(
        f"<tr><td>{escape(day_words(row['when'][:10]))}</td><td>{escape(row['what'])}</td>"
        f"<td>{escape(row['told'])}</td></tr>"
        for row in rows.to_dict("records")
    )
    caption = "Registers loaded again, and what people added, day by day"
    headings = _head(("When", "What", "What happened"))
    return f"<table><caption>{caption}</caption>{headings}<tbody>{told}</tbody></table>"


def _again(pack: Pack) -> str:
    links = "".join(
        f'<li>{escape(entry.asks)} <a href="{escape(pack.url(entry))}">{escape(pack.url(entry))}</a></li>'
        for entry in pack.entries
    )
    loads = "\n".join(f"assetmap load {escape(place)} --data FOLDER" for place in pack.places)
    return (
        f'<h2 id="again">Make it again</h2><p>This is a pack of assetmap {escape(__version__)}. Put the '
        "files that the sources name into one folder; each must have the "
        "sha256 given there. Then:</p>"
        f"<pre><code>{loads}\n{escape(pack.command)}</code></pre>"
        f"<p>{_comes_out(pack)} This tells whether a store still gives the same answers, and which numbers moved:</p>"
        f"<pre><code>assetmap pack --check {escape(pack.wanted.place)}-pack.zip</code></pre>"
        f"<p>Each answer is also a page of the app (<code>assetmap serve</code>):</p><ul>{links}</ul>\n"
    )


def _comes_out(pack: Pack) -> str:
    same = (
        f"The number of the pack comes out the same, {in_fours(pack.pack_id)}, on whatever day, and so does every "
        "table, map and row of data. From another loading of the same files, no more is told otherwise than when they "
        "were loaded: in sources.csv, changes.csv, this page and manifest.json."
    )
    added = " What people added is in the store it was added to and in no published file, so another store lacks it."
    return same + added * pack.has_added


def _files(digests: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(name)}">{escape(name)}</a></th><td class="digest">{digest}</td></tr>'
        for name, digest in digests.items()
    )
    return (
        f'<h2 id="files">Files</h2><table><caption>Every file with its sha256</caption>{_head(("File", "sha256"))}'
        f"<tbody>{rows}</tbody></table>\n"
    )
