"""Which streets could become play streets: short, with little through traffic, and children without a place to play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from assetmap import space
from assetmap.details import open_fields
from assetmap.errors import UnknownNameError
from assetmap.ground import Ground
from assetmap.measures.through_traffic import SPEED_KMH, short_streets, stretches
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    Answer,
    Rows,
    area_layers,
    count_words,
    layers_holding,
    measured_words,
    method_caveats,
    walk_layers,
)
from assetmap.questions.context import ages, ages_words
from assetmap.questions.formulas import THROUGH
from assetmap.questions.patch import codes_of, patch_of
from assetmap.questions.street_law import STREET_LAW
from assetmap.questions.supply import refuse_without_people
from assetmap.questions.walks import together
from assetmap.space import Floats
from assetmap.tables import OPEN, Assets

LONGEST_M: Final = 250.0
"""Two pairs of stewards, one at each end, can see along a street of this length."""

SHORTEST_M: Final = 40.0
THROUGH_AT_MOST: Final = 3.0
"""At most so many street ends' worth of drives between other places go along a candidate."""

NOBODY_THROUGH: Final = 0.05
"""With fewer street ends' worth of drives than this, hardly anybody drives through a street."""

STANDS_OUT: Final = 50.0
"""A street stands out if so many children (people, where children are not known) near it have no place to play near."""

NEARBY_M: Final = 200.0
PLAY_MINUTES: Final = 5.0
PLAY_KINDS: Final = ("play_space", "park")
STREET_KINDS: Final = ("play_street", "school_street", "pedestrian_street")
PRIVATE: Final = ("private", "no")
NOT_COUNTED: Final = (
    "Through traffic is worked out from the street map, not counted: one-way rules, closed gates, service roads and "
    "roads outside the place are not in it. Neighbours know better."
)
SAME_STREET_M: Final = 30.0
SAME_NAME_M: Final = 500.0

_NAMES: Final = ("name", "neighbourhood_code", "neighbourhood_name", "locality", "deprivation_decile")
_FIGURES: Final = (
    "length_m", "part", "cul_de_sac", "through", "bus", "people_near", "children_near", "people_without_play",
    "children_without_play", "before", "street", "stands_out",
)  # fmt: skip
PLAY_COLUMNS: Final = ("rank", *_NAMES, *_FIGURES, "reasons")
_BRIEF: Final = ("rank", "name", "locality", "neighbourhood_name", "length_m", "reasons")


@dataclass(frozen=True, eq=False)
class _Found:
    """Every candidate of a place, and of what a rule left out, where it is and why.

    Attributes
    ----------
    candidates
        Those that pass every rule, in no order.
    tried
        A row a street or stretch that people live on: ``neighbourhood_code`` and ``why``, the words of the first rule
        that it fails, or the empty string.
    whys
        The words of every rule, in the order in which they are tried.
    """

    candidates: gpd.GeoDataFrame
    tried: pd.DataFrame
    whys: tuple[str, ...]

    def within(self, codes: frozenset[str]) -> _Found:
        """The same of some neighbourhoods alone."""
        both = (self.candidates, self.tried)
        rows, tried = (each[each["neighbourhood_code"].isin(codes)].reset_index(drop=True) for each in both)
        return _Found(gpd.GeoDataFrame(rows), tried, self.whys)

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """How many streets were looked at, and how many each rule left out."""
        if not self.whys:
            return [("streets that people live on, loaded", 0)]
        counts = self.tried["why"].value_counts()
        return [
            ("streets and stretches that people live on", len(self.tried)),
            *((why, int(counts.get(why, 0))) for why in self.whys),
        ]


def play_street_candidates(view: PlaceView, most: int = 20, areas: Sequence[str] = ()) -> Answer:
    """Streets that could be closed to cars for some hours so that children can play, and why each of them.

    A candidate is a street that people live on: the whole of it where it is no longer than :data:`LONGEST_M`, else a
    stretch of it between junctions that is. It has little through traffic (see
    :func:`assetmap.measures.through_traffic.stretches`), no bus as far as is known, is open to the public and is not
    already a street for people. A piece of a street that has others near is told as that. Those stand out that are
    whole streets, that hardly anybody drives through, and that have :data:`STANDS_OUT` children or more near without
    a place to play near; they come first. Both they and the others are ranked by one figure: the children (the
    people, where children are not known) who live within :data:`NEARBY_M` of it and further than :data:`PLAY_MINUTES`
    from a play space or park, as people in ``view`` walk.

    Parameters
    ----------
    most
        How many a person reads first.
    areas
        Codes or names of neighbourhoods, or names of parts of town, whose streets alone are told; without any, all.

    Returns
    -------
    Answer
        ``table``: one row a candidate, the columns of :data:`PLAY_COLUMNS`, ``street`` being the number of the street
        that a stretch is of; ``shapes``, the same rows with their lines.
        ``parts``: ``left_out``, how many streets were left out and why; ``law``, what to ask the highway authority for.

    Raises
    ------
    UnknownNameError
        If a word of ``areas`` is no neighbourhood or part of town.
    QuestionError
        If it is not known how many people live in any neighbourhood.
    """
    refuse_without_people(view)
    found, where = view.once("streets for play", lambda: _found(view)), view.name
    if areas:
        where = patch_of(view, areas).name
        found = found.within(codes_of(view, areas))
    rows = _ranked(view, found.candidates) if len(found.candidates) else _empty()
    return _answer(view, where, rows, found.left_out, most)


def could_play(streets: int, shown: int) -> str:
    """What the streets on a map are called where so many of all are shown."""
    first = f": the first {shown} of {streets:,}" if shown < streets else ""
    return f"Could become play streets{first}"


def first_of_each(rows: Rows) -> Rows:
    """Of each street the stretch that ranks first, so that no name is told twice."""
    return rows.drop_duplicates("street")


def _found(view: PlaceView) -> _Found:
    lines = stretches(view.streets)
    homes = lines[lines["kind"] == "residential"].reset_index(drop=True)
    if not len(homes):
        return _Found(_empty(), _empty().assign(why=""), ())
    tried, whys = _tried(view, short_streets(homes, LONGEST_M))
    rows = tried[tried["why"] == ""].reset_index(drop=True)
    return _Found(_told(view, rows) if len(rows) else rows, tried[["neighbourhood_code", "why"]], whys)


def _tried(view: PlaceView, units: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """The streets and stretches with ``why`` each is left out, the empty string for a candidate; and every rule."""
    ground = Ground(view.areas)
    units["neighbourhood_code"] = ground.area_codes(units.geometry)
    tips = [
        gpd.GeoSeries(shapely.get_point(shapely.get_geometry(units.geometry.to_numpy(), 0), at), crs=units.crs)
        for at in (0, -1)
    ]
    outside = units["neighbourhood_code"].isna().to_numpy()
    for tip in tips:
        outside = outside | pd.isna(ground.area_codes(tip))
    way = units["ways"].explode().astype("int64")
    said = _said(view).iloc[way.to_numpy()].set_axis(way.index)
    units["bus"] = said.groupby(level=0)["bus"].agg(_bus)
    private = said["access"].isin(PRIVATE).groupby(level=0).any().to_numpy()
    now, before = _streets_for_people(view, units)
    units["before"] = before
    rules = {
        "that lead out of the place": outside,
        f"longer than {LONGEST_M:g} m": (units["length_m"] > LONGEST_M).to_numpy(),
        f"shorter than {SHORTEST_M:g} m": (units["length_m"] < SHORTEST_M).to_numpy(),
        "with more through traffic": (units["through"] > THROUGH_AT_MOST).to_numpy(),
        "that a bus runs along": (units["bus"] == "yes").to_numpy(),
        "that are private": private,
        "that are streets for people already": now,
    }
    units["why"] = np.select(list(rules.values()), list(rules), "")
    return units, tuple(rules)


def _said(view: PlaceView) -> pd.DataFrame:
    """What the source says of buses and of access, for each street of the place; blank where it says nothing."""
    streets, layers = view.streets, layers_holding(view, "streets")
    said = pd.DataFrame({"bus": None, "access": None}, index=streets.index, dtype=object)
    for layer in layers:
        opened = open_fields(streets["details"].fillna("{}"), view.layers[layer])
        said = said.combine_first(opened.reindex(columns=said.columns))
    return said


def _bus(said: pd.Series[str]) -> str:
    """Whether buses run along a street: yes, no, or not known where its ways say nothing of buses."""
    words = {word for word in said if isinstance(word, str)}
    return "not known" if not words else "no" if words == {"no"} else "yes"


def _streets_for_people(view: PlaceView, units: gpd.GeoDataFrame) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """Which are streets for people today, and, in words, which were."""
    rows = view.assets[view.assets["kind"].isin(STREET_KINDS)].reset_index(drop=True)
    now, before = np.zeros(len(units), dtype=bool), [""] * len(units)
    lines_m = np.asarray(space.to_measured(units.geometry).array, dtype=object)
    spots_m = np.asarray(space.to_measured(rows.geometry).array, dtype=object)
    unit, row = shapely.STRtree(spots_m).query(lines_m, predicate="dwithin", distance=SAME_NAME_M)
    metres = shapely.distance(lines_m[unit], spots_m[row])
    called = units["name"].str.casefold().to_numpy()[unit] == rows["name"].str.casefold().to_numpy()[row]
    for each, other in zip(
        unit[called | (metres <= SAME_STREET_M)], row[called | (metres <= SAME_STREET_M)], strict=True
    ):
        asset = rows.iloc[int(other)]
        if asset["status"] in OPEN:
            now[each] = True
        else:
            years = [str(asset[when])[:4] for when in ("opened_on", "closed_on") if pd.notna(asset[when])]
            before[each] = f"was a street for people before{': ' if years else ''}{' to '.join(years)}"
    return now, before


def _told(view: PlaceView, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Who lives near each candidate, and how many of them have no play space near."""
    people = view.origins["people"].fillna(0.0).to_numpy()
    share = view.origins["area_code"].map(ages(view)["children_share"]).to_numpy(dtype=np.float64)
    # some neighbourhoods' children cannot be ranked among other neighbourhoods' people
    known = not np.isnan(share[people > 0]).any()
    children = people * np.nan_to_num(share) if known else np.full(len(people), np.nan)
    metres = _to_play(view)
    without = np.where(np.isnan(metres), 0.0, metres > PLAY_MINUTES * WALK_METRES_PER_MINUTE)
    spots = np.asarray(shapely.points(view.origins[["x_m", "y_m"]].to_numpy()), dtype=object)
    lines_m = np.asarray(space.to_measured(rows.geometry).array, dtype=object)
    row, origin = shapely.STRtree(spots).query(lines_m, predicate="dwithin", distance=NEARBY_M)
    for name, values in (("people", people), ("children", children)):
        for column, each in ((f"{name}_near", values), (f"{name}_without_play", values * without)):
            # a street near which nobody lives has no sum that could tell that children are not known
            total = np.bincount(row, each[origin], minlength=len(rows))
            rows[column] = total if name == "people" or known else np.nan
    return rows


def _to_play(view: PlaceView) -> Floats:
    """Metres from each origin to the nearest play space or park; infinite where none is mapped."""
    places = play_places(view)
    return view.nearest(places) if len(places) else np.full(len(view.origins), np.inf)


def play_places(view: PlaceView) -> Assets:
    """The play spaces and parks of a place."""
    found: list[Choice] = []
    for kind in PLAY_KINDS:
        try:
            found += view.choose([kind])
        except UnknownNameError:
            continue
    return together(view, found) if found else Assets(view.assets.head(0))


def _ranked(view: PlaceView, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    by = "children_without_play" if rows["children_near"].notna().any() else "people_without_play"
    whole, quiet = rows["part"] == "the whole street", rows["through"] < NOBODY_THROUGH
    rows = rows.assign(stands_out=whole & quiet & (rows[by] >= STANDS_OUT))
    first = ["stands_out", by, "through", "length_m", "name"]
    rows = rows.sort_values(first, ascending=[False, False, True, True, True], kind="stable", ignore_index=True)
    within = rows.groupby("stands_out")[by].rank(ascending=False, method="min")
    rows["rank"] = (within + np.where(rows["stands_out"], 0, rows["stands_out"].sum())).astype("Int64")
    about = view.neighbourhood_columns().drop(columns=["geometry", "people"])
    rows = rows.merge(pd.DataFrame(about), on="neighbourhood_code", how="left", validate="many_to_one")
    # what no street is known of is said once, among what to know, and not of every street
    tells_buses = bool((rows["bus"] != "not known").any())
    rows["reasons"] = [_reasons(row, view.walk(PLAY_MINUTES), tells_buses) for _, row in rows.iterrows()]
    return gpd.GeoDataFrame(rows[[*PLAY_COLUMNS, "geometry"]], crs=space.STORED_CRS)


def _reasons(row: pd.Series, walk: str, tells_buses: bool) -> list[str]:
    length = f"{row['part']}, {row['length_m']:.0f} m"
    through = "nobody drives through" if row["cul_de_sac"] else "hardly anybody drives through"
    few = through if row["through"] < NOBODY_THROUGH else "few drive through"
    traffic = f"{'a cul-de-sac: ' if row['cul_de_sac'] else ''}{few}"
    bus = {"no": "no bus", "not known": "whether a bus runs here is not known"}[row["bus"]]
    who = "children" if pd.notna(row["children_near"]) else "people"
    near, without = row[f"{who}_near"], row[f"{who}_without_play"]
    lives = (
        f"about {near:,.0f} {who} live within {NEARBY_M:g} m, {_of_them(without, near)} of them further than {walk} "
        "from a play space or park"
    )
    return [lives, length, traffic, *([bus] if tells_buses else []), *([row["before"]] if row["before"] else [])]


def _of_them(some: float, of: float) -> str:
    return "none" if some < 0.5 else "all" if round(some) == round(of) else f"{some:,.0f}"


def _empty() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({name: [] for name in PLAY_COLUMNS}, geometry=[], crs=space.STORED_CRS)


def _answer(view: PlaceView, where: str, rows: gpd.GeoDataFrame, left_out: list[tuple[str, int]], most: int) -> Answer:
    played = sorted({layer.id for layer in view.layers_here if {*PLAY_KINDS, *STREET_KINDS} & set(layer.kinds)})
    return Answer(
        _title(view, where, rows),
        _sentence(view, rows),
        pd.DataFrame(rows.drop(columns="geometry")),
        rows,
        _method(view),
        view.provenance([*walk_layers(view), *played, *area_layers(view), *layers_holding(view, "figures")]),
        _BRIEF,
        caveats=_caveats(view, rows),
        parts={"left_out": pd.DataFrame(left_out, columns=["streets", "count"]), "law": pd.DataFrame(STREET_LAW)},
        first_rows=most,
        formulas=(THROUGH,),
        measured=measured_words(view),
    )


def _title(view: PlaceView, where: str, rows: gpd.GeoDataFrame) -> str:
    if not len(view.streets):
        return f"No streets are loaded for {view.name}, so none can be found that could be played in"
    if not len(rows):
        return f"No street loaded for {where} passes every test for a play street"
    streets = rows["street"].nunique()
    become = "could become a play street" if streets == 1 else "could become play streets"
    stretches = f", {len(rows):,} stretches in all," if len(rows) > streets else ""
    best = int(rows["stands_out"].sum())
    out = f"; {best:,} {'stands' if best == 1 else 'stand'} out" if best else ""
    return f"{count_words(streets, 'street', 'streets')} in {where}{stretches} {become}{out}"


def _sentence(view: PlaceView, rows: gpd.GeoDataFrame) -> str:
    if not len(rows):
        return (
            "Load a source that holds streets, such as an OpenStreetMap extract."
            if not len(view.streets)
            else ("The table of streets left out says which test each did not pass.")
        )
    first = rows.iloc[0]
    where = first["locality"] if pd.notna(first["locality"]) and first["locality"] else first["neighbourhood_name"]
    who = "children" if rows["children_near"].notna().any() else "people"
    best = (
        f"Those stand out that are whole streets, that hardly anybody drives through, and near which {STANDS_OUT:g} "
        f"{who} or more live further than {view.walk(PLAY_MINUTES)} from a play space or park. "
        if rows["stands_out"].any()
        else ""
    )
    return f"{best}First {first['name']} ({where}): {'; '.join(first['reasons'])}. Neighbours decide: ask them first."


def _method(view: PlaceView) -> str:
    return (
        f"Streets that people live on, {SHORTEST_M:g} to {LONGEST_M:g} m of them and with little through traffic, are "
        f"ranked by the children (people, where children are not known) within {NEARBY_M:g} m in a straight line who "
        f"live further than {view.walk(PLAY_MINUTES)} from a play space or park, those that stand out first. "
        f"{view.method_sentence}"
    )


def _caveats(view: PlaceView, rows: gpd.GeoDataFrame) -> tuple[str, ...]:
    told = [
        f"Drives are the quickest ways between all street ends, main roads at {SPEED_KMH['main_road']:g} km/h, lanes "
        f"at {SPEED_KMH['lane']:g} and streets that people live on at {SPEED_KMH['residential']:g}. Those that begin "
        "and end elsewhere are through traffic, told in the street ends that would make as much if all their drives "
        f"went this way: {THROUGH_AT_MOST:g} at most, or the street is left out.",
        NOT_COUNTED,
        "What can be asked for, and of whom, is in the table of the law. It is not legal advice: ask your highway "
        "authority.",
    ]
    if len(rows) and (rows["bus"] == "not known").any():
        of_some = "" if (rows["bus"] == "not known").all() else " of some streets"
        told.append(f"The streets loaded do not say{of_some} whether a bus runs along: check before you ask.")
    if len(rows) and rows["children_near"].isna().all():
        told.append("How many children live here is not loaded, so all people are counted.")
    if not len(play_places(view)):
        told.append("No play space or park is mapped, so everybody counts as living far from one.")
    else:
        told.append("A neighbourhood's children are shared out as its people are.")
    return (*told, *ages_words(view), *method_caveats(view))
