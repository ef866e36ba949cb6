"""An answer with all that must stand beside it, and the words that answers are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import network
from assetmap.errors import UnknownNameError
from assetmap.measures import FEW_PEOPLE
from assetmap.placeview import PlaceView, Provenance
from assetmap.questions.formulas import Formula
from assetmap.space import Floats
from assetmap.walkwords import hills_words
from assetmap.wording import and_words as and_words
from assetmap.wording import count_words as count_words
from assetmap.wording import share_words as share_words

DEPRIVED_DECILES: Final = (1, 2)

LEAST_UNKNOWN: Final = 0.001
"""Ways without heights go unsaid where there are fewer."""

WHOLE_PEOPLE: Final = (
    "Counts of people are estimates, shared out among the points where they live and told to the nearest person: a "
    "column of them may add up to a few more or fewer than what is told of the whole place."
)

NEIGHBOURHOOD: Final = ("neighbourhood_code", "neighbourhood_name", "locality")


_PEOPLE: Final = re.compile(r"(people|children)(_\w+)?|demand|adds")
"""Columns of counts of people, and measures that are such counts where every row is a measure."""

_OF_A_ROW: Final = ("key", "measure")
"""The first of these columns that is there names what each row tells, where every row is a measure."""

_WALKED: Final = re.compile(
    r"within|walk|minutes|metres|losing|gaining|further|newly|reached|kinds_(before|after)|people_(before|after)"
    r"|access|sfca|demand|without_play|no_change|objective"
)
"""What the columns have in their names that rest on how far people are from places."""

Rows = TypeVar("Rows", pd.DataFrame, gpd.GeoDataFrame)


@dataclass(frozen=True)
class Answer:
    """An answer, with all that must stand beside it.

    Attributes
    ----------
    title
        A sentence that says the finding.
    sentence
        One or two more, in plain English.
    table
        One row a neighbourhood (or a closure), with its code and name; shares from 0 to 1, units in column names.
    shapes
        The same rows with their geometry, in EPSG:4326.
    brief
        The columns of ``table`` that a person reads first.
    totals
        The whole place, where the question has totals.
    method
        How it was worked out, in plain words.
    sources
        Where the rows come from.
    caveats
        What a reader should know before relying on it.
    parts
        Further tables that the answer has, by name.
    first_rows
        How many rows of ``table``, from the top, a person reads first; ``None`` for all.
    formulas
        What the figures are worked out by, and who published it; none where they are counts alone.
    measured
        How far people are from places is measured so (:func:`measured_words`); empty where nothing rests on it.
    """

    title: str
    sentence: str
    table: pd.DataFrame
    shapes: gpd.GeoDataFrame
    method: str
    sources: tuple[Provenance, ...]
    brief: tuple[str, ...]
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    caveats: tuple[str, ...] = ()
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    first_rows: int | None = None
    formulas: tuple[Formula, ...] = ()
    measured: str = ""

    def part(self, name: str) -> pd.DataFrame:
        """One of the further tables, or ``totals``.

        Raises
        ------
        UnknownNameError
            Naming those there are.
        """
        known = {"totals": self.totals, **self.parts}
        if name not in known:
            raise UnknownNameError("part of this answer", name, sorted(known))
        return known[name]

    def told(self, rows: Rows) -> Rows:
        """Some rows of this answer as they are published, in a table, a file or a pack.

        Parameters
        ----------
        rows
            Of :attr:`table`, :attr:`shapes`, :attr:`totals` or one of :attr:`parts`; some of their columns will do.

        Returns
        -------
        pandas.DataFrame or geopandas.GeoDataFrame
            Counts of people whole, each to the nearest: they are estimates, shared out among the points where people
            live. Where a column rests on distances, ``method`` says of every row how they were measured.
        """
        walked = self.measured and any(_WALKED.search(str(name)) for name in rows.columns)
        return rows.assign(**_whole_people(rows), **({"method": self.measured} if walked else {}))


def _whole_people(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """The columns that count people, and those that do in some rows, with these counts whole."""
    figures = [str(name) for name in rows.columns if pd.api.types.is_float_dtype(rows[name])]
    whole = {name: rows[name].round().astype("Int64") for name in figures if _PEOPLE.fullmatch(name)}
    named = next((rows[name].astype(str) for name in _OF_A_ROW if name in rows.columns), None)
    if named is None:
        return whole
    of_people = named.str.fullmatch(_PEOPLE.pattern)
    return {name: whole.get(name, rows[name].where(~of_people, rows[name].round())) for name in figures}


def measured_words(view: PlaceView) -> str:
    """How distances are measured, as tables say it: ``straight line``, ``walking``, ``walking without steps``, ..."""
    if view.method == "straight line":
        return view.method
    steps = " without steps" if view.walking.step_free else ""
    return f"{view.method}{steps}{', hills counted' if view.allows_for_hills else ''}"


def area_layers(view: PlaceView) -> list[str]:
    """The layers of neighbourhoods."""
    return layers_holding(view, "areas")


def walk_layers(view: PlaceView) -> list[str]:
    """The layers that walks are measured with."""
    return layers_holding(view, "streets", "locators", *(["heights"] if view.allows_for_hills else []))


def layers_holding(view: PlaceView, *holds: str) -> list[str]:
    """The layers that hold rows of these sorts."""
    return [layer.id for layer in view.layers.values() if layer.holds in holds]


def method_caveats(view: PlaceView) -> tuple[str, ...]:
    """What a reader should know of how distances were measured, and of which people they tell."""
    if view.method == "walking":
        lacks = "crossings and safety" if view.allows_for_hills else "slopes, crossings and safety"
        complete = f"A walk is as long as the map's streets are complete; {lacks} are not in it."
        off = view.once("off the streets", lambda: _off_the_streets(view))
        return (complete, *_steps(view), *_hills(view), *off, *unknown_people_caveats(view), WHOLE_PEOPLE)
    hills = ("Hills are not told of in a straight line: its minutes are those of level ground.",)
    steps = ("Steps are not told of in a straight line: nothing here says who can go without them.",)
    near = (
        (f"The streets loaded come near only {share_words(view.people_near_streets)} of the people, so none are used.",)
        if view.network is not None
        else ()
    )
    shorter = "Straight-line distances are shorter than walks: the true shares within a walk are lower."
    return (
        *near,
        shorter,
        *(steps if view.walking.step_free else ()),
        *(hills if view.walking.slope else ()),
        *unknown_people_caveats(view),
        WHOLE_PEOPLE,
    )


def _steps(view: PlaceView) -> tuple[str, ...]:
    """Of how many ways it is known whether a wheelchair can use them, where walks leave out those that none can."""
    return view.once("steps", lambda: _without_steps(view)) if view.walking.step_free else ()


def _without_steps(view: PlaceView) -> tuple[str, ...]:
    left_out, said = network.stepped(view.streets), network.wheelchair_words(view.streets)
    steps = int((view.streets["kind"] == "steps").sum())
    silent = int((~left_out & (said == "")).sum())
    barred = int(left_out.sum()) - steps
    return (
        f"Of the {len(said):,} ways loaded {count_words(steps, 'is', 'are')} steps and {barred:,} more "
        f"{'is' if barred == 1 else 'are'} said to bar wheelchairs: walks leave these out. Of {silent:,} of the others "
        "the map does not say whether a wheelchair can use them: steps, kerbs and slopes that nobody has mapped may be "
        "on them.",
    )


def _hills(view: PlaceView) -> tuple[str, ...]:
    """How walks allow for hills, where they do, and how well the ground's heights are known."""
    return view.once("hills", lambda: _with_hills(view)) if view.allows_for_hills else ()


def _with_hills(view: PlaceView) -> tuple[str, ...]:
    hills = view.walkways.hills
    known = network.share_with_heights(hills.on_the_level, hills.relief) if hills is not None else 1.0
    whole = (
        hills_words(view.provenance(view.heights_layers)),
        "Heights are of points 50 m apart, with even slopes between them: a short steep pitch, a zigzag or a way cut "
        "into a hillside is not seen, and stairs are walked as slopes. Tobler's pace is that of people who can walk "
        "freely: hills slow others more.",
    )
    part = f"Of {share_words(1 - known)} of the length of the ways no height is loaded: they count as level."
    return whole if known > 1 - LEAST_UNKNOWN else (*whole, part)


def _off_the_streets(view: PlaceView) -> tuple[str, ...]:
    """How many people and places the loaded streets do not come near, or join to nothing else; how near they come."""
    streets = view.network
    if streets is None:
        return ()
    people, node = np.nan_to_num(view.origins["people"].to_numpy()), view.origins["node"].to_numpy()
    far = float(people[node < 0].sum())
    alone = float(people[node >= 0][streets.component[node[node >= 0]] > 0].sum())
    entries = network.entries_of(view.assets)
    steps_m = np.full(len(view.assets), np.inf)
    np.minimum.at(steps_m, entries.owner, network.snap(streets, entries.points_m).distance_m)
    placed = np.isfinite(steps_m)
    left_out = len(np.unique(entries.owner)) - int(placed.sum())
    beyond = f"further than {network.SNAP_LIMIT_M:g} m from every loaded street"
    told = (
        (far, f"{count_words(round(far), 'person lives', 'people live')} {beyond}: nothing is said of their walks."),
        (
            alone,
            f"{count_words(round(alone), 'person lives', 'people live')} on streets that the map joins to no others.",
        ),
        (left_out, f"{count_words(left_out, 'place is', 'places are')} {beyond}: no walk leads there."),
        (placed.sum(), _steps_words(steps_m[placed])),
    )
    return tuple(words for count, words in told if count >= 0.5)


def _steps_words(steps_m: Floats) -> str:
    middle, most = np.quantile(steps_m, [0.5, 0.9]) if len(steps_m) else (0, 0)
    return (
        f"From a place to its street it is {middle:.0f} m or less for half of all places and {most:.0f} m or less for "
        "nine in ten; these steps are part of each walk."
    )


def few_people_caveats(view: PlaceView) -> tuple[str, ...]:
    """In how many neighbourhoods so few people live that a rate moves much with one place, and in how many nobody."""
    people = view.areas["population"].astype("float64")
    few, nobody = int(((people > 0) & (people < FEW_PEOPLE)).sum()), int((people == 0).sum())
    told = (
        (few, f"fewer than {FEW_PEOPLE} people live: a figure for every 1,000 moves much with one place there."),
        (nobody, "nobody lives: there is no figure for every 1,000."),
    )
    return tuple(
        f"In {count_words(count, 'neighbourhood', 'neighbourhoods')} {words}" for count, words in told if count
    )


def unknown_people_caveats(view: PlaceView) -> tuple[str, ...]:
    """In how many neighbourhoods it is not known how many people live, so that no count or rate is of them."""
    unknown = int(view.areas["population"].isna().sum())
    told = (
        f"In {count_words(unknown, 'neighbourhood', 'neighbourhoods')} it is not known how many people live: they are "
        "in no count of people, and there is no figure for every 1,000."
    )
    return (told,) if unknown else ()


def per_1000_of_all(view: PlaceView, count: float) -> float:
    """So many for every 1,000 people of the whole place; NaN where nobody lives, or it is not known how many do."""
    everybody = float(view.areas["population"].astype("float64").sum(skipna=False))
    return 1000.0 * count / everybody if everybody > 0 else float("nan")


def unplaced_caveats(view: PlaceView, layer_ids: Sequence[str]) -> tuple[str, ...]:
    """How many rows of these layers' sources are not on the map, where any are not."""
    rows = view.loads[view.loads["layer"].isin(list(layer_ids)) & (view.loads["dropped"] > 0)]
    return tuple(
        f"{row.dropped:,} of the {row.rows_in:,} rows of {row.title} are not on the map; the issues say why."
        for row in rows.itertuples()
    )
