"""Finding: whom Trafford's three closed libraries served, and what is near them now."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from assetmap import questions
from assetmap.measures import by_decile
from assetmap.placeview import PlaceView
from assetmap.questions.supply import Supply, supply_of
from assetmap.space import Floats
from assetmap.values import year_of
from finding import MINUTES, NEAR_M, Finding, median_minutes

FIRST, LAST = 2010, 2016


def trafford(view: PlaceView) -> Finding:
    supply = supply_of(view, [view.kind_choice("library")])
    closed = np.flatnonzero((supply.assets["status"] == "closed").to_numpy() & supply.from_ledger)
    told = [_library(view, supply, int(place)) for place in closed]
    together = questions.who_lost(view, ["library"], FIRST, LAST, MINUTES)
    total = together.totals.iloc[0]
    losing = supply.walks.nearest_m(supply.standing_on(f"{FIRST}-01-01")) <= NEAR_M
    losing &= ~(supply.walks.nearest_m(supply.standing_on(f"{LAST}-12-31")) <= NEAR_M)
    people = _people(view)
    now_m = supply.walks.nearest_m(supply.standing_now)
    names = questions.and_words([f"{each['name'].removesuffix(' Library')} ({each['year']})" for each in told])
    only = sum(float(each["only"].sum()) for each in told)
    return Finding(
        f"Trafford: {total['people_losing']:,.0f} people had a library within {MINUTES} minutes, in a "
        "straight line, before three closed, and had none after",
        [
            f"Three libraries closed: {names}. {total['people_before']:,.0f} of {view.people:,.0f} people lived within "
            f"{MINUTES} minutes of a library before, {total['people_after']:,.0f} after; "
            f"{total['people_gaining']:,.0f} of these had none before {_opened(supply)}. Taken one by one, with all "
            f"others of its time open, each was the only library near for some, {only:,.0f} people together; the rest "
            "of the loss is where two stood near each other and both went.",
            f"Half of those who lost theirs are now {median_minutes(now_m, np.where(losing, people, 0.0)):.0f} minutes "
            "or less from the nearest library, in a straight line.",
        ],
        [
            ("Each library and all three together, in people:", _by_library(told, total)),
            (
                "Those who had it as their only one, by tenth of England's deprivation (2025); tenths with "
                "none left out:",
                _by_tenth(view, told, losing),
            ),
            (
                "Buildings to meet in or publicly owned within the walk of those who lost theirs, near most of "
                "them first:",
                _near(together.part("near_them_now")),
            ),
        ],
        f"A library was somebody's only one if no other stood within {MINUTES} minutes of their home on the "
        "day it closed. "
        f"{view.method_sentence}",
        [
            "No streets of Trafford are loaded, so distances are straight lines: walks are longer, and fewer "
            "people had "
            "or have a library near.",
            "A library whose opening date nobody gives is taken to have stood at both dates.",
            *_same_year(told),
            f"Counted are the people of mid-2022, not those of {FIRST}. Who went to which library, nobody recorded.",
            "Libraries that went to the community (Coppice) or are listed as closed for a time while the council lists "
            "them open (Lostock) are not counted as lost.",
            "Near does not say that a place has room, hours, or the same to offer: ask the people who run it.",
        ],
        together.sources,
    )


def _people(view: PlaceView) -> Floats:
    return np.nan_to_num(view.origins["people"].to_numpy(dtype=np.float64))


def _library(view: PlaceView, supply: Supply, place: int) -> dict[str, Any]:
    """One library on the day it closed: whom it was near, and who had no other."""
    row = supply.assets.iloc[place]
    year = year_of(row["closed_on"])
    itself = np.zeros(len(supply.assets), dtype=bool)
    itself[place] = True
    near = supply.walks.nearest_m(itself) <= NEAR_M
    others = supply.walks.nearest_m(supply.standing_on(f"{year}-01-01") & ~itself) <= NEAR_M
    new = (supply.assets["opened_on"] == str(year)).to_numpy()
    older = supply.walks.nearest_m(supply.standing_on(f"{year}-01-01") & ~itself & ~new) <= NEAR_M
    people = _people(view)
    return {
        "name": row["name"], "year": year, "near": people * near, "only": people * (near & ~others),
        "new": supply.assets["name"][new].tolist(), "only_without_new": people * (near & ~older),
    }  # fmt: skip


def _opened(supply: Supply) -> str:
    """``Trafford Town Hall Library opened in 2013``: what opened between the two dates."""
    years = [year_of(each) for each in supply.assets["opened_on"]]
    new = [
        f"{name} opened in {year}"
        for name, year in zip(supply.assets["name"], years, strict=True)
        if year and FIRST <= year <= LAST
    ]
    return questions.and_words(new)


def _same_year(told: list[dict[str, Any]]) -> list[str]:
    """What a library's only ones would be if those that opened in the year it closed came after it had closed."""
    return [
        f"{each['name']} closed in {each['year']}, when {questions.and_words(each['new'])} opened: nobody says which "
        f"came first. It is taken that no day was without either; else {each['name']} was the only one near for "
        f"{each['only_without_new'].sum():,.0f} people until then."
        for each in told
        if each["new"]
    ]


def _by_library(told: list[dict[str, Any]], total: pd.Series[Any]) -> pd.DataFrame:
    rows = [
        {
            "Library": each["name"],
            "Closed": str(each["year"]),
            f"People within {MINUTES} minutes": each["near"].sum().round(),
            "Of them with no other": each["only"].sum().round(),
        }
        for each in told
    ]
    near = np.logical_or.reduce([each["near"] > 0 for each in told])
    everybody = np.max([each["near"] for each in told], axis=0)
    last = ("All three", "", everybody[near].sum().round(), round(total["people_losing"]))
    return pd.DataFrame([*rows, dict(zip(rows[0], last, strict=True))])


def _by_tenth(view: PlaceView, told: list[dict[str, Any]], losing: Floats) -> pd.DataFrame:
    areas = view.areas.set_index("area_code")
    columns = {each["name"]: each["only"] for each in told} | {"All three": _people(view) * losing}
    everybody = areas["population"].astype("float64")
    table = pd.DataFrame()
    for name, people in columns.items():
        by_area = pd.Series(people).groupby(view.origins["area_code"].to_numpy()).sum().reindex(areas.index)
        counted = by_decile(by_area, everybody, areas["imd_decile"].astype("float64"))
        table[name], table["everybody"] = counted["events"].round(), counted["people"]
    table["All three, in 1,000 people of the tenth"] = (1000 * table["All three"] / table["everybody"]).round(1)
    table = table[table["All three"] > 0].drop(columns="everybody")
    table.insert(0, "Tenth", [_tenth(each) for each in table.index])
    return table


def _tenth(decile: int) -> str:
    return f"{decile}{' (most deprived)' if decile == 1 else ' (least deprived)' if decile == 10 else ''}"


def _near(near: pd.DataFrame) -> pd.DataFrame:
    buildings = (near["layer"] == "community_buildings") | near["kind"].str.contains("building")
    first = near[buildings & (near["kind"] != "burial_ground")].head(10)
    return pd.DataFrame(
        {
            "Place": first["name"],
            "What": first["kind"].str.replace("_", " "),
            "Of those who lost, within the walk": first["people_within_walk"].round(),
        }
    )
