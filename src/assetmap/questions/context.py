"""What is known of the people of each neighbourhood, apart from what they have: the ground on which places compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from assetmap import space
from assetmap.layers import Layer
from assetmap.measures.deprivation import EDITIONS, weighted_summary
from assetmap.measures.editions import MERGED, REDRAWN, SPLIT, UNCHANGED, bridge
from assetmap.placeview import PlaceView

CHILDREN, OLDER = "children", "older_people"
AGES: Final = (CHILDREN, OLDER)
_AGE_COLUMNS: Final = [*(f"{name}_share" for name in AGES), "edition"]

CONTEXT_WORDS: Final = {
    "imd_rank": "deprivation",
    "density": "how closely people live",
    "children_share": "the share of children",
    "older_people_share": "the share of people aged 60 and over",
}
"""The columns of :func:`context`, and what each is about."""


def ages(view: PlaceView) -> pd.DataFrame:
    """The share of each neighbourhood's people who are children aged 0 to 15, and who are 60 and over.

    They come from a layer of figures that has ``population``, ``children`` and ``older_people``: in its newest edition
    for the same drawing of neighbourhoods that gives them or, where none does, for the drawing of 2011, led across by
    the lookup of what became of neighbourhoods (see :func:`assetmap.measures.editions.bridge`).

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood: ``children_share`` and ``older_people_share`` from 0 to 1, NaN
        where not known, and ``edition``, the year of the figures.
    """
    return view.once("ages", lambda: _ages(view))


def ages_layers(view: PlaceView) -> list[str]:
    """The layers of figures that tell :func:`ages`."""
    return [layer.id for layer in _figures_with(view, *AGES, "population")]


def ages_words(view: PlaceView) -> tuple[str, ...]:
    """Of which year the shares of children and older people are; nothing where they are not known."""
    years = sorted({str(int(year)) for year in ages(view)["edition"].dropna()})
    return (
        (f"The shares of children and older people are those in the figures of {' and '.join(years)}.",)
        if years
        else ()
    )


def _ages(view: PlaceView) -> pd.DataFrame:
    codes = pd.Index(view.areas["area_code"], name="area_code")
    found = pd.DataFrame(np.nan, index=codes, columns=_AGE_COLUMNS)
    geography = view.areas["geography"].to_numpy()
    for layer_id in ages_layers(view):
        shares = _shares(view.figures(layer_id))
        same = shares[~shares.index.duplicated(keep="last") & shares["geography"].isin(set(geography))].reindex(codes)
        found = found.fillna(same.loc[(same["geography"] == geography).to_numpy(), _AGE_COLUMNS])
        if found.isna().any(axis=None):
            found = found.fillna(_led_across(view, shares).reindex(codes))
    return found


def _figures_with(view: PlaceView, *fields: str) -> list[Layer]:
    return [layer for layer in view.layers.values() if layer.holds == "figures" and {*fields} <= set(layer.fields)]


def _shares(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that tell of ages, as shares, oldest edition first."""
    people = figures["population"].astype("float64")
    shares = pd.DataFrame(
        {f"{name}_share": figures[name].astype("float64") / people.where(people > 0) for name in AGES}
    )
    shares["edition"] = figures["edition"].astype("float64")
    shares["geography"], shares["people"] = figures["geography"], people
    return shares.dropna(subset=_AGE_COLUMNS[:2]).sort_values("edition", na_position="first", kind="stable")


def _led_across(view: PlaceView, shares: pd.DataFrame) -> pd.DataFrame:
    """Shares of the neighbourhoods of 2011, told of those of 2021; no rows without a lookup that leads across."""
    for layer in _figures_with(view, "became", "change"):
        changes = view.figures(layer.id)
        letters = changes["change"].map({"unchanged": UNCHANGED, "split": SPLIT, "merged": MERGED, "redrawn": REDRAWN})
        lookup = pd.DataFrame({"lsoa11cd": changes.index, "lsoa21cd": changes["became"].to_numpy()})
        lookup = lookup.assign(chgind=letters.to_numpy()).dropna()
        old = shares[shares["geography"].isin(set(changes["geography"])) & shares.index.isin(lookup["lsoa11cd"])]
        old = old[~old.index.duplicated(keep="last")]
        if len(old):
            told = {name: bridge(old[name], lookup, old["people"])["figure"] for name in _AGE_COLUMNS}
            return pd.DataFrame(told)
    return pd.DataFrame(columns=_AGE_COLUMNS, dtype="float64")


def context(view: PlaceView) -> pd.DataFrame:
    """The context in which neighbourhoods are alike or not: who lives there and how closely, never what they have.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, the columns of :data:`CONTEXT_WORDS`: the rank of deprivation in England (1 is the
        most deprived), the logarithm to base 10 of people for each square kilometre, and the shares of :func:`ages`.
    """
    return view.once("context", lambda: _context(view))


def _context(view: PlaceView) -> pd.DataFrame:
    areas = view.areas
    people = areas["population"].astype("float64").to_numpy()
    km2 = space.areas_m2(areas.geometry) / 1e6
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.where((people > 0) & (km2 > 0), np.log10(people / km2), np.nan)
    known = {"imd_rank": areas["imd_rank"].astype("float64").to_numpy(), "density": density}
    return pd.DataFrame(known, index=pd.Index(areas["area_code"], name="area_code")).join(
        ages(view).drop(columns="edition")
    )


def who_lives(view: PlaceView, people: pd.Series[float]) -> dict[str, float]:
    """Figures of the people who live in some neighbourhoods, each neighbourhood weighing as many as they are.

    Parameters
    ----------
    people
        Indexed by ``area_code``: how many of them live in each.

    Returns
    -------
    dict
        By the name of the figure; NaN where it is not known of any of them. Deprivation is not told where the
        neighbourhoods are ranked in different editions.
    """
    people = people.dropna().astype("float64")
    about = context(view).reindex(people.index)
    areas = view.areas.set_index("area_code").reindex(people.index)
    editions = areas["imd_edition"].dropna().unique()
    edition = EDITIONS.get(int(editions[0])) if len(editions) == 1 else None
    summary = weighted_summary(None, areas["imd_rank"], people, edition.areas) if edition is not None else None
    return {
        "people": float(people.sum(min_count=1)),
        "people in a square kilometre around the average person": _mean(10.0 ** about["density"], people),
        "average rank of deprivation, 1 the most deprived": summary.average_rank if summary else float("nan"),
        "share of people in the most deprived fifth of England": (
            summary.share_in_deciles_1_2 if summary else float("nan")
        ),
        "share of people aged 0 to 15": _mean(about["children_share"], people),
        "share of people aged 60 and over": _mean(about["older_people_share"], people),
    }


def _mean(values: pd.Series[float], people: pd.Series[float]) -> float:
    known = values.notna() & (people > 0)
    return float(np.average(values[known], weights=people[known])) if known.any() else float("nan")


def who_lives_beside(
    view: PlaceView, people: pd.Series[float], like: Iterable[str], england: PlaceView | None
) -> pd.DataFrame:
    """Who lives in some neighbourhoods, in the whole place, in its like (medians) and in England, a row a measure.

    Parameters
    ----------
    people
        Indexed by ``area_code``: how many of them live in each.
    like
        The codes of the neighbourhoods most like these.
    england
        The place that holds every neighbourhood of England, where it is loaded.
    """
    everybody = _everybody(view)
    here = who_lives(view, people)
    each = [who_lives(view, everybody[[code]]) for code in like]
    nothing = dict.fromkeys(here, np.nan)
    columns = {
        "here": here,
        "whole": who_lives(view, everybody),
        "similar": pd.DataFrame(each).median().to_dict() if each else nothing,
        "england": nothing if england is None else who_lives(england, _everybody(england)),
    }
    return pd.DataFrame(columns).rename_axis("measure").reset_index()


def _everybody(view: PlaceView) -> pd.Series[float]:
    return view.areas.set_index("area_code")["population"].astype("float64")
