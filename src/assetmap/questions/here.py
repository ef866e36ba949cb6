"""What a place has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures, space
from assetmap.measures import Offer
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    NEIGHBOURHOOD,
    Answer,
    area_layers,
    few_people_caveats,
    per_1000_of_all,
    unknown_people_caveats,
    unplaced_caveats,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.formulas import PROVISION
from assetmap.questions.makeup import makeup_of
from assetmap.wording import and_words, count_words, or_words

_HOURS: Final[tuple[tuple[Offer, str], ...]] = (("hours", "hours"), ("staffed hours", "staffed_hours"))


def here(view: PlaceView, kinds: Sequence[str] = (), layers: Sequence[str] = ()) -> Answer:
    """What the place has, by kind and neighbourhood, and for every 1,000 people.

    Returns
    -------
    Answer
        ``table``: a row for each neighbourhood and kind, zeros included: ``layer``, ``kind``, ``count``,
        ``people``, ``per_1000``, ``few_people`` (a rate over so few moves much with one place). ``totals``: a row a
        kind, with ``count``, ``contributed``, ``closed``, ``hours`` and ``staffed_hours`` a week (NaN where no register
        tells them), ``people`` and ``per_1000``. ``parts``: ``hours``, of the
        kinds of which any register tells them, the hours and the staffed hours a week of every neighbourhood, the sum
        (NaN where of no place there it is known), of how many places it is not known, and for every 1,000 people.
    """
    return view.once(("here", *kinds, None, *layers), lambda: _here(view, kinds, layers))


def _here(view: PlaceView, kinds: Sequence[str], layers: Sequence[str]) -> Answer:
    """The answer to :func:`here`, which a page, its sheet and its pack all ask for."""
    choices = view.choose(kinds, layers)
    base = view.neighbourhood_columns()
    present = [(choice, kind) for choice in choices for kind in choice.kinds]
    totals = pd.DataFrame([_total_of(view, choice, kind) for choice, kind in present])
    asked = bool(kinds or layers)
    shown = [(pair, row) for pair, (_, row) in zip(present, totals.iterrows(), strict=True) if asked or row["count"]]
    shapes = pd.concat([_counted(view, base, choice, kind) for (choice, kind), _ in shown] or [base.head(0)])
    totals = totals.loc[[row.name for _, row in shown]].reset_index(drop=True)
    standing = [asset_id for choice in choices for asset_id in view.of(choice)["asset_id"]]
    return Answer(
        _here_title(view, choices),
        _here_sentence(view, choices),
        pd.DataFrame(shapes.drop(columns="geometry")).reset_index(drop=True),
        gpd.GeoDataFrame(shapes, crs=space.STORED_CRS).reset_index(drop=True),
        "Each thing is counted in the neighbourhood it stands in; the rate divides by the people who live there.",
        view.provenance([choice.layer.id for choice in choices] + area_layers(view)),
        (*NEIGHBOURHOOD, "kind", "count", "people", "per_1000"),
        totals,
        (
            *few_people_caveats(view),
            *unknown_people_caveats(view),
            *_twice(view, standing),
            *differing_caveats(view, standing),
            *unplaced_caveats(view, [choice.layer.id for choice in choices]),
        ),
        {"hours": hours} if len(hours := _hours(view, base, [pair for pair, _ in shown])) else {},
        formulas=(PROVISION,),
    )


def _twice(view: PlaceView, standing: Sequence[str]) -> tuple[str, ...]:
    """How many buildings are counted more than once, because they stand in several registers."""
    count = view.same_buildings.in_several(standing)
    several = count_words(count, "building stands", "buildings stand")
    told = f"{several} in more than one register and {'is' if count == 1 else 'are'} counted in each."
    return (told,) if count else ()


def _hours(view: PlaceView, base: gpd.GeoDataFrame, present: Sequence[tuple[Choice, str]]) -> pd.DataFrame:
    """Hours a week, and hours with staff, of every neighbourhood and each kind of which anybody tells them."""
    found = [_hours_of(view, base, choice, kind) for choice, kind in present]
    known = [rows for rows in found if rows[["hours_known", "staffed_hours_known"]].to_numpy().any()]
    return pd.concat(known, ignore_index=True) if known else pd.DataFrame()


def _hours_of(view: PlaceView, base: gpd.GeoDataFrame, choice: Choice, kind: str) -> pd.DataFrame:
    standing = view.of(Choice(choice.layer, (kind,)))
    rows = pd.DataFrame(base[[*NEIGHBOURHOOD, "people"]]).assign(kind=kind)
    for offer, name in _HOURS:
        given = measures.offered(standing, offer)
        told = measures.supply_provision(standing["area_code"], given, view.areas).reset_index(drop=True)
        rows["count"], rows[name] = told["count"], told["supply"]
        rows[f"{name}_known"] = told["count"] - told["count_missing"]
        rows[f"{name}_per_1000"] = told["per_1000"]
    # every neighbourhood is told of, those with such a place first
    return rows.sort_values("count", ascending=False, kind="stable")


def _total_of(view: PlaceView, choice: Choice, kind: str) -> dict[str, object]:
    single = Choice(choice.layer, (kind,))
    every = view.of(single, open_only=False)
    standing = view.of(single)
    return {
        "layer": choice.layer.id,
        "kind": kind,
        "title": choice.layer.kind_title(kind, len(standing)),
        "count": len(standing),
        "contributed": int((standing["contributed"] == 1).sum()),
        "closed": int((every["status"] == "closed").sum()),
        **{name: float(measures.offered(standing, offer).sum(min_count=1)) for offer, name in _HOURS},
        "people": view.people,
        "per_1000": per_1000_of_all(view, len(standing)),
    }


def _counted(view: PlaceView, base: gpd.GeoDataFrame, choice: Choice, kind: str) -> gpd.GeoDataFrame:
    standing = view.of(Choice(choice.layer, (kind,)))
    counted = measures.provision(standing["area_code"], view.areas)
    rows = base.copy()
    rows["layer"], rows["kind"] = choice.layer.id, kind
    for name in ("count", "per_1000", "few_people"):
        rows[name] = counted[name].to_numpy()
    return rows


def _here_title(view: PlaceView, choices: Sequence[Choice]) -> str:
    parts = [_count_words(view, choice) for choice in choices if len(view.of(choice))]
    return f"{view.name} has {and_words(parts[:3])}" if parts else f"Nothing of this kind is mapped in {view.name} yet"


def _count_words(view: PlaceView, choice: Choice) -> str:
    """``155 places to meet (118 of them places of worship)``."""
    makeup = makeup_of(view, [choice])
    return choice.counted(len(view.of(choice))) + (f" ({makeup.of_them})" if makeup else "")


def _here_sentence(view: PlaceView, choices: Sequence[Choice]) -> str:
    added = sum(int((view.of(choice)["contributed"] == 1).sum()) for choice in choices)
    told = f" People who know the place added {added:,}." if added else ""
    empty = [choice.many for choice in choices if not len(view.of(choice, open_only=False))]
    missing = f" No register is loaded yet of {or_words(empty)}." if empty else ""
    return f"{_people_sentence(view)}{told}{missing}"


def _people_sentence(view: PlaceView) -> str:
    """How many people live in the place, and in how many of its neighbourhoods it is not known."""
    where = "its one neighbourhood" if len(view.areas) == 1 else f"its {len(view.areas):,} neighbourhoods"
    if np.isnan(view.people):
        return f"How many people live in {where} is not known."
    live, unknown = count_words(view.people, "person lives", "people live"), int(view.areas["population"].isna().sum())
    if not unknown:
        return f"{live} in {where}."
    return f"{live} in {len(view.areas) - unknown:,} of {where}; how many live in the others is not known."
