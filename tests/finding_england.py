"""Finding: England's public libraries closed from 2010 to 2016, by the deprivation of where they stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from assetmap import space
from assetmap.details import open_fields
from assetmap.measures import EDITIONS, Inequality, deciles, inequality
from assetmap.placeview import PlaceView
from assetmap.questions.indices import indices, on_areas
from assetmap.questions.on_whom import authorities_of
from assetmap.values import year_of
from finding import MINUTES, NEAR_M, Finding, percent

SOURCES = ("england/libraries_2016", "england/library_closures_2016")
FIRST, LAST = 2010, 2016
SAYS_REPLACED = r"replac|relocat|\bmove|transfer|\bnew\b|rebrand|re-?open|rebuilt|\bnow\b"
SAYS_FOR_A_TIME = r"temporar|re-?open|refurb|rebuil"
SAYS_GOES_ON = r"replac|relocat|\bmoved|transfer|re-?open|\bICL\b|community run|alternative location"


@dataclass(frozen=True)
class Judged:
    """How unequal something is: with each authority taken whole, and with neighbourhoods taken one by one."""

    whole: Inequality
    alone: Inequality


def england(view: PlaceView) -> Finding:
    libraries = _libraries(view)
    stood = libraries[libraries["stood"]]
    areas = view.areas.set_index("area_code")
    people, rank = areas["population"].astype("float64"), areas["imd_rank"].astype("float64")
    authority = _authorities(view)
    tenths = _tenths(stood, areas)
    each = {
        words: _by_library(stood[stood["happened"].isin(kinds)], stood, rank, authority)
        for words, kinds in COUNTED.items()
    }
    doubted = stood["notes"].str.contains(SAYS_GOES_ON, case=False, regex=True)
    sure = stood[(stood["happened"] == "closed") & ~doubted]
    each["closed for good, without those whose notes say otherwise"] = _by_library(sure, stood, rank, authority)
    then = on_areas(view, indices(view, 2019))["rank"]
    stood = stood.assign(decile_2019=_deciles_of(stood, then), goes_on=doubted)
    closed = stood[stood["happened"] == "closed"]
    each["closed for good, by the Indices of 2019"] = _by_library(closed, stood, then, authority)
    per_head = _judged(_in_each(closed, rank.index) / people * 1e5, people, rank, authority)
    fifth = stood["decile"] <= 2
    gone = stood["happened"] == "closed"
    return Finding(
        f"England, {FIRST} to mid-{LAST}: {percent(float(gone[fifth].mean()))} of libraries in the most deprived fifth "
        f"closed for good, and {percent(float(gone[~fifth].mean()))} of all others",
        [
            f"Of {len(stood):,} libraries that stood at the beginning of {FIRST}, {int(gone.sum())} had closed "
            "for good "
            f"by July {LAST}, {int((stood['happened'] == 'moved').sum())} had closed and been replaced by another, and "
            f"{int((stood['happened'] == 'temporary').sum())} were shut for a time. Only the first are counted "
            f"as lost: {_of(gone[fifth])} of those in the most deprived fifth of neighbourhoods (Indices of 2025) and "
            f"{_of(gone[~fifth])} of all others. The first table counts in other ways: the "
            "gap is there each time, and not of the same size.",
            _still_near(stood),
            _reading(each["closed for good"], per_head),
        ],
        [
            ("Most deprived fifth and all others, counted in five ways:", _ways(stood)),
            ("By tenth of England's deprivation (Indices of 2025) of the neighbourhood each stood in:", tenths),
            (
                "How unequal; below 0, more closed where deprivation is. 95% intervals take every authority whole, and "
                "in the last column neighbourhoods one by one:",
                _indexes(each, per_head),
            ),
        ],
        "Each library lies in the neighbourhood that holds its postcode, and the neighbourhood's tenth is that of the "
        "Indices of Deprivation 2025. The slope index is the difference in the share of libraries that closed between "
        "the most and the least deprived end of England, by least squares over neighbourhoods, each weighing as many "
        f"libraries as stood there in {FIRST} (in the last row: closures for every 100,000 people, each weighing its "
        f"people). {each['closed for good'].whole.method}",
        _caveats(libraries),
        [source for source in view.provenance(set(view.loads["layer"])) if _told_by(source.source)],
        _key(libraries),
    )


COUNTED = {"closed for good": ["closed"], "closed for good or replaced": ["closed", "moved"]}


def _told_by(source: str) -> bool:
    return source in SOURCES or source.split("/")[1].startswith(("neighbourhoods", "deprivation", "changes"))


def _libraries(view: PlaceView) -> pd.DataFrame:
    """Every library of the register: what happened, whether it stood at the beginning of 2010, and where."""
    assets = view.assets[view.assets["source"].isin(SOURCES)]
    closed = assets["source"] == SOURCES[1]
    notes = pd.Series("", index=assets.index)
    for layer in {str(each) for each in assets.loc[closed, "layer"]}:
        rows = assets.index[closed & (assets["layer"] == layer)]
        notes[rows] = open_fields(assets.loc[rows, "details"], view.layers[layer])["now"].fillna("")
    opened = [year_of(date) or 0 for date in assets["opened_on"]]
    areas = view.areas.set_index("area_code")
    rank = areas["imd_rank"].astype("float64").reindex(assets["area_code"]).to_numpy()
    return pd.DataFrame(
        {
            "name": assets["name"],
            "area_code": assets["area_code"],
            "happened": assets["what_happened"].where(closed, "open"),
            "year": [year_of(date) for date in assets["closed_on"]],
            "stood": np.array(opened) < FIRST,
            "notes": notes,
            "near": _near_an_open_one(space.coordinates_m(assets.geometry), ~closed.to_numpy()),
            "decile": deciles(pd.Series(rank, index=assets.index), EDITIONS[2025].areas),
        }
    )


def _deciles_of(rows: pd.DataFrame, rank_2019: pd.Series[Any]) -> pd.Series[Any]:
    """The tenth of the Indices of 2019, led to today's neighbourhoods, that each library stood in."""
    rank = pd.Series(rank_2019.reindex(rows["area_code"]).to_numpy(), index=rows.index)
    return deciles(rank, EDITIONS[2019].areas)


def _of(gone: pd.Series[Any]) -> str:
    return f"{int(gone.sum())} of {len(gone):,} ({percent(float(gone.mean()))})"


def _ways(stood: pd.DataFrame) -> pd.DataFrame:
    """Whether the finding rests on one edition of the Indices, or on what counts as lost."""
    closed, moved = stood["happened"] == "closed", stood["happened"] == "moved"
    ways = {
        "closed for good": ("decile", closed),
        "closed for good, by the Indices of 2019": ("decile_2019", closed),
        "closed for good, without those whose notes say otherwise": ("decile", closed & ~stood["goes_on"]),
        f"closed for good, and no other open in {LAST} within {NEAR_M:,.0f} m": ("decile", closed & ~stood["near"]),
        "closed for good or replaced": ("decile", closed | moved),
    }
    rows = []
    for words, (decile, lost) in ways.items():
        known = stood[decile].notna()
        fifth, others = lost[known & (stood[decile] <= 2)], lost[known & (stood[decile] > 2)]
        rows.append((words, _of(fifth), _of(others), f"{fifth.mean() / others.mean():.1f}"))
    return pd.DataFrame(rows, columns=["Lost", "In the most deprived fifth", "In all others", "Times as many"])


def _still_near(stood: pd.DataFrame) -> str:
    closed = stood[stood["happened"] == "closed"]
    fifth = closed["decile"] <= 2
    return (
        f"A loss may have another library near: {_of(closed['near'])} of those closed for good had one that stood open "
        f"in July {LAST} within {NEAR_M:,.0f} m in a straight line ({MINUTES} minutes at a walking pace) of where they "
        f"were, {_of(closed['near'][fifth])} in the most deprived fifth and {_of(closed['near'][~fifth])} elsewhere."
    )


def _near_an_open_one(points_m: Any, is_open: Any) -> Any:
    """Whether another library that stands open is within the walk of each, in a straight line."""
    others = 2  # itself, where it is open, and the next
    metres, _ = cKDTree(points_m[is_open]).query(points_m, k=others)
    return np.where(is_open, metres[:, 1], metres[:, 0]) <= NEAR_M


def _in_each(rows: pd.DataFrame, codes: pd.Index) -> pd.Series[Any]:
    """How many of some libraries stand in each neighbourhood."""
    return rows["area_code"].value_counts().reindex(codes, fill_value=0).astype("float64")


def _authorities(view: PlaceView) -> pd.Series[Any]:
    """The authority of every neighbourhood by its code, as the Indices of 2025 name it."""
    found = authorities_of(view)
    if found is None:
        raise RuntimeError("not every neighbourhood of England says which authority it is in")
    return found


def _judged(values: pd.Series[Any], weights: pd.Series[Any], rank: pd.Series[Any], authority: pd.Series[Any]) -> Judged:
    return Judged(
        inequality(values, weights, rank, authorities=authority.reindex(values.index)),
        inequality(values, weights, rank),
    )


def _by_library(gone: pd.DataFrame, stood: pd.DataFrame, rank: pd.Series[Any], authority: pd.Series[Any]) -> Judged:
    all_of, lost = _in_each(stood, rank.index), _in_each(gone, rank.index)
    here = all_of > 0
    return _judged(lost[here] / all_of[here], all_of[here], rank[here], authority)


def _tenths(stood: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    people = areas["population"].astype("float64").groupby(areas["imd_decile"].astype("int64")).sum()
    counts = stood.groupby(["decile", "happened"]).size().unstack(fill_value=0).reindex(range(1, 11), fill_value=0)
    counts.index = people.index
    counts.loc["England"], people.loc["England"] = counts.sum(), people.sum()
    all_of = counts.sum(axis=1)
    return pd.DataFrame(
        {
            "Tenth": ["1 (most deprived)", *map(str, range(2, 10)), "10 (least deprived)", "England"],
            f"Stood in {FIRST}": all_of.to_numpy(),
            "Closed for good": counts["closed"].to_numpy(),
            "Share of them": (counts["closed"] / all_of).map(percent).to_numpy(),
            "Closed for every million people": (1e6 * counts["closed"] / people).round(1).to_numpy(),
            "Closed and replaced": counts["moved"].to_numpy(),
            "Shut for a time": counts["temporary"].to_numpy(),
            f"Open in July {LAST}": counts["open"].to_numpy(),
        }
    )


def _indexes(each: dict[str, Judged], per_head: Judged) -> pd.DataFrame:
    rows = [(f"share of libraries {words}", found, 100, " points") for words, found in each.items()]
    rows.append(("closed for good, for every 100,000 people", per_head, 1, ""))
    whole = [found.whole for _, found, *_ in rows]
    return pd.DataFrame(
        {
            "Of what": [words for words, *_ in rows],
            "Neighbourhoods": [found.areas for found in whole],
            "Authorities": [found.authorities for found in whole],
            "Slope index": [
                _interval(found.whole.sii, found.whole.sii_interval, times, unit) for _, found, times, unit in rows
            ],
            "Relative index": [_interval(found.rii, found.rii_interval) for found in whole],
            "Concentration index": [_interval(found.concentration, found.concentration_interval) for found in whole],
            "Slope index, one by one": [_between(found.alone.sii_interval, times) for _, found, times, _ in rows],
        }
    )


def _interval(value: float, between: tuple[float, float], times: float = 1, unit: str = "") -> str:
    return f"{times * value:.2f}{unit} ({_between(between, times)})"


def _between(ends: tuple[float, float], times: float, word: str = "to") -> str:
    low, high = (times * each for each in ends)
    return f"{low:.2f} {word} {high:.2f}"


def _reading(by_library: Judged, per_head: Judged) -> str:
    return (
        f"Library for library: {_lower(by_library.whole.finding)} For every person: {_lower(per_head.whole.finding)} "
        "Were every neighbourhood to decide for itself, the first slope would lie between "
        f"{_between(by_library.alone.sii_interval, 100, 'and')} points; as authorities decide, it lies between "
        f"{_between(by_library.whole.sii_interval, 100, 'and')}."
    )


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _key(libraries: pd.DataFrame) -> list[str]:
    """The register's codes held against its own notes."""
    says = {
        "closed": (SAYS_GOES_ON, "XL (closed)", "speak of a replacement, a move or a reopening, past or to come"),
        "moved": (SAYS_REPLACED, "XLR (closed and replaced)", "speak of a replacement, a move or a new library"),
        "temporary": (
            SAYS_FOR_A_TIME,
            "XLT (closed for a time)",
            "speak of a closure for a time, works or a reopening",
        ),
    }
    told = []
    for happened, (pattern, code, words) in says.items():
        notes = libraries.loc[libraries["happened"] == happened, "notes"]
        written = notes[notes != ""]
        met = int(written.str.contains(pattern, case=False, regex=True).sum())
        told.append(f"Of {len(notes)} with the code {code}, {len(written)} have a note, and {met} of these {words}")
    return [f"**The register's codes against its notes.** {'. '.join(told)}."]


def _caveats(libraries: pd.DataFrame) -> list[str]:
    gone = libraries[libraries["happened"] != "open"]
    late = int((~gone["stood"] & (gone["happened"] == "closed")).sum())
    nowhere = int(libraries["decile"].isna().sum())
    undated = int(gone["year"].isna().sum())
    lost = libraries[libraries["happened"] == "closed"]
    goes_on = lost.loc[lost["notes"].str.contains(SAYS_GOES_ON, case=False, regex=True), "name"]
    listed = ", ".join(sorted(goes_on))
    return [
        "The register was put together from what library services told the Libraries Taskforce, and has errors of its "
        f"own: by their notes, {len(goes_on)} coded as closed for good moved, or went on or were to reopen in "
        "some form "
        f"({listed}).",
        "Libraries were geocoded by postcode, which can place one across the road in another neighbourhood"
        + (f"; {nowhere} lie in no neighbourhood of England." if nowhere else "."),
        "The tenths are those of today's Indices, not of the year a library closed. Of the editions loaded here that "
        "of 2019 is the nearest to the closures, its data mostly of 2015 and 2016, and stands beside them in two "
        "tables, led to today's neighbourhoods; those of 2010 and 2015 would be nearer still.",
        "Closures are few in any one tenth, and one more or fewer moves its share: read the fifths and the intervals.",
        f"Only libraries in the register of {LAST} are here: one that opened and closed between is missing, and "
        f"{late} closed for good that opened in {FIRST} or after are in no rate. {undated} of the {len(gone)} closures "
        "have no year.",
        "Where a library stands is not who used it. Cuts of hours and staff, and libraries handed to volunteers, are "
        "not closures and are not here.",
        "Closures were decided council by council, so the intervals take every authority whole. In counties with "
        "districts it is the county that decides about libraries; here each district counts as one that decides.",
    ]
