"""How much sooner is it known what a scenario would do, because every walk is kept?

Run it with ``python -m benchmarks.whatif``. In a made-up city of near 100,000 crossings, 20,000 points that people set
out from, 300 neighbourhoods, 60 libraries and 220 places to meet of four other kinds, another library closes each time.
Two answers are worked out: *who loses*, as ``measures.change`` tells it by neighbourhood; and *everything*: that and
places, hours and staffed hours for every 1,000 people, what falls to each by 2SFCA, E2SFCA and 3SFCA, kinds within
reach, gap scores and their ranks, and on whom it falls. Each is worked out

=================  =================================================================================================
as a what-if       from the walks that are kept, looking only at those whom the closing touches
walking anew       with the network and the snapped people kept: the libraries to their streets, a walk from all that
                   stand before and one from all that stand after, for the catchments the walks of up to 1,600 m of
                   both, and everything added up by neighbourhood
all from scratch   the same, and before it the network from its streets, the people to their streets and, for
                   everything, the walks to the nearest of the four other kinds
=================  =================================================================================================

No way keeps figures of the state before but the what-if, which is what it keeps them for. All give the same answer to
a millionth, which is checked. Below stand the whole questions as a person asks them, ``questions.whatif`` with every
table, sentence and source of the answer: a closing, an opening, a moving, other hours, and five closings at once.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np
import pandas as pd
from benchmarks import city
from benchmarks.timing import machine, median_seconds, medians_in_turn

from assetmap import measures, questions
from assetmap.measures import ByArea
from assetmap.measures.inequality import by_decile, inequality
from assetmap.measures.walks import network_walks
from assetmap.network import Network, build_network, entries_of, meeting, snap, walk_from
from assetmap.network.graph import HOME_STEP_M
from assetmap.placeview import PlaceView
from assetmap.questions import gap_index
from assetmap.questions.access import decay_of
from assetmap.questions.effect import COLUMN_OF, FALLS, Effect
from assetmap.scenarios import Change, Scenario
from assetmap.space import Floats, coordinates_m
from assetmap.store import open_store
from assetmap.tables import Assets

T = TypeVar("T")

MINUTES, ZONES_M, TARGET, MOST_MS = 15.0, 1_600.0, 50.0, 100.0
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


class Anew:
    """The city worked out the way a tool would that keeps no walks; the network and the people may be kept."""

    def __init__(self, rows: city.Rows) -> None:
        self.rows = rows
        self.about = pd.DataFrame(rows.areas[["area_code", "imd_rank", "imd_decile"]]).set_index("area_code")
        self.need = gap_index.need_of(self._view_of_areas()).to_numpy()
        self.of_kind = {kind: self._of(kind) for kind in rows.assets["kind"].unique() if self._of_the_gap(kind)}

    def _view_of_areas(self) -> PlaceView:
        view = PlaceView.__new__(PlaceView)
        view.__dict__["areas"] = self.rows.areas
        return view

    def _of_the_gap(self, kind: str) -> bool:
        return bool((self.rows.assets.loc[self.rows.assets["kind"] == kind, "layer"] == "community_buildings").all())

    def _of(self, kind: str) -> Assets:
        return Assets(self.rows.assets[self.rows.assets["kind"] == kind].reset_index(drop=True))

    def made(self) -> tuple[Network, pd.DataFrame]:
        """The network from its streets, and the people to it."""
        doors_m = entries_of(self.rows.assets).points_m
        homes_m = coordinates_m(self.rows.locators.geometry)
        network = meeting(build_network(self.rows.streets, HOME_STEP_M), np.concatenate([doors_m, homes_m]))
        return network, measures.origins(self.rows.areas, self.rows.locators, network)

    def nearest_m(self, network: Network, origins: pd.DataFrame, assets: Assets) -> Floats:
        """The walk to the nearest of some places, from every origin; as the what-if does, none of more than an hour."""
        entries = entries_of(assets)
        placed = snap(network, entries.points_m)
        metres = measures.at_origins(origins, walk_from(network, placed.node, placed.distance_m, 4_800.0))
        return np.where(metres <= 4_800.0, metres, np.inf)

    def who_loses(self, network: Network, origins: pd.DataFrame, stands: Flags) -> pd.DataFrame:
        """The closing of all libraries but those that stand, by neighbourhood."""
        before, after = (
            self.nearest_m(network, origins, Assets(self.of_kind["library"][kept].reset_index(drop=True)))
            for kept in (np.ones(len(stands), dtype=bool), stands)
        )
        return measures.change(origins, before, after, MINUTES)

    def others(self, network: Network, origins: pd.DataFrame) -> dict[str, Floats]:
        """The walks to the nearest of the kinds that do not change."""
        kinds = {kind: rows for kind, rows in self.of_kind.items() if kind != "library"}
        return {kind: self.nearest_m(network, origins, rows) for kind, rows in kinds.items()}

    def everything(
        self, network: Network, origins: pd.DataFrame, others: dict[str, Floats], stands: Flags
    ) -> dict[str, pd.DataFrame]:
        """All tables of the closing."""
        libraries = self.of_kind["library"]
        left = Assets(libraries[stands].reset_index(drop=True))
        grouped = measures.by_area(origins)
        before_m, after_m = (self.nearest_m(network, origins, each) for each in (libraries, left))
        changed = measures.change(grouped, before_m, after_m, MINUTES)
        gaps = {when: self._gaps(grouped, {**others, "library": metres})
                for when, metres in (("before", before_m), ("after", after_m))}  # fmt: skip
        return {
            "changed": changed,
            "provision": pd.DataFrame({
                f"{offer}_{when}": measures.supply_provision(
                    rows["area_code"], measures.offered(rows, offer), self.rows.areas
                )["per_1000"]
                for offer in measures.OFFERS for when, rows in (("before", libraries), ("after", left))
            }),
            "falls": self._falls(network, origins, grouped, libraries).join(
                self._falls(network, origins, grouped, left), suffixes=("", "_after")
            ),
            "gaps": gaps["before"].join(gaps["after"], suffixes=("", "_after")),
            "on_whom": self.on_whom(changed),
        }  # fmt: skip

    def _falls(self, network: Network, origins: pd.DataFrame, grouped: ByArea, rows: Assets) -> pd.DataFrame:
        entries = entries_of(rows)
        walks = network_walks(origins, network, entries, snap(network, entries.points_m), len(rows), ZONES_M)
        columns = {}
        for method, offer in FALLS:
            supply, decay = measures.offered(rows, offer).to_numpy(), decay_of(method, MINUTES)
            selected = method == "3sfca"
            found = measures.floating_catchment(walks.metres, supply, grouped.people, decay, selected, walks.measured)
            columns[f"{COLUMN_OF[offer]}_{method}"] = 1000 * measures.area_means(grouped, found.access)
        return pd.DataFrame(columns)

    def _gaps(self, grouped: ByArea, metres: dict[str, Floats]) -> pd.DataFrame:
        within = measures.kinds_within(grouped, metres, MINUTES)
        nearest = np.min(list(metres.values()), axis=0)
        share = measures.reach(grouped, nearest, MINUTES)["share_within"]
        values = pd.DataFrame({"need": self.need, "beyond": 1 - share, "fewer_kinds": 1 - within / len(metres)})
        score = gap_index.ranked(values.assign(less_each=0.0), gap_index.USUAL_WEIGHTS)
        return score.assign(kinds_within=within)

    def on_whom(self, changed: pd.DataFrame) -> pd.DataFrame:
        """People who lose by tenth of deprivation, with the three indexes of inequality beside the first."""
        about = self.about.reindex(changed.index)
        unequal = inequality(
            changed["people_losing"] / changed["people"], changed["people"], about["imd_rank"], "would lose"
        )
        tenths = by_decile(changed["people_losing"], changed["people"], about["imd_decile"])
        return tenths.assign(sii=unequal.sii, rii=unequal.rii, concentration=unequal.concentration)


def main() -> None:
    """Time the ways and the questions, and print them."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--runs", type=int, default=15, help="how many closures the medians are of (default 15)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    rows = city.made_up()
    with tempfile.TemporaryDirectory(prefix="assetmap-") as folder, open_store(Path(folder) / "city.gpkg") as store:
        store.save_place(city.PLACE, "Made-up city", "Drawn from a seed.", fictional=True)
        view = rows.opened(store)
        started = perf_counter()
        asked(view, "closes", 0)
        cold_s = perf_counter() - started
        seconds = ratios(view, rows, chosen.runs)
        whole = whole_questions(view, chosen.runs)
    if chosen.json:
        record = {"machine": machine(), "first_answer_s": cold_s, "seconds": seconds, "questions": whole}
        chosen.json.write_text(json.dumps(record, indent=2), encoding="utf-8")
    print(f"the first answer of all, with every walk worked out: {cold_s:.2f} s")


def ratios(view: PlaceView, rows: city.Rows, runs: int) -> dict[str, float]:
    """Time the three ways to the two answers, checking that they agree."""
    anew = Anew(rows)
    network, origins = anew.made()
    network.tree  # noqa: B018  # grown once, whoever asks first
    others = anew.others(network, origins)
    libraries = [view.kind_choice("library")]
    turn = iter(np.random.default_rng(city.SEED).integers(0, city.LIBRARIES, 20 * (runs + 2)))
    closed = 0

    def close() -> Flags:
        nonlocal closed
        closed = int(next(turn))
        return np.arange(city.LIBRARIES) != closed

    def effect() -> Effect:
        close()
        return effect_of(closed)

    def effect_of(library: int) -> Effect:
        change = Change("close", f"{city.PLACE}/community_buildings:{library}")
        return Effect(view, Scenario("closed", (change,)), libraries, MINUTES)

    def all_kept(found: Effect) -> dict[str, pd.DataFrame]:
        return {
            "changed": found.changed, "provision": found.provision, "falls": found.falls, "gaps": found.gaps,
            "on_whom": anew.on_whom(found.changed),
        }  # fmt: skip

    def scratch(work: Callable[[Network, pd.DataFrame], object]) -> object:
        return work(*anew.made())

    ways: dict[str, Callable[[], object]] = {
        "who loses: as a what-if": lambda: effect().changed,
        "who loses: walking anew": lambda: anew.who_loses(network, origins, close()),
        "who loses: all from scratch": lambda: scratch(lambda net, at: anew.who_loses(net, at, close())),
        "everything: as a what-if": lambda: all_kept(effect()),
        "everything: walking anew": lambda: anew.everything(network, origins, others, close()),
        "everything: all from scratch": lambda: scratch(
            lambda net, at: anew.everything(net, at, anew.others(net, at), close())
        ),
    }
    for name, work in ways.items():
        check(name, work(), effect_of(closed), all_kept)
    busy: dict[str, list[float]] = {name: [] for name in ways}
    seconds, _ = medians_in_turn({name: timed(work, busy[name]) for name, work in ways.items()}, runs)
    print(
        f"{len(network):,} nodes, {city.LIBRARIES} libraries, {len(origins):,} origins in {len(rows.areas)} "
        f"neighbourhoods, median of {runs} closures"
    )
    for name, taken in seconds.items():
        kept = f"{name.split(':')[0]}: as a what-if"
        worked, least = median(busy[name]), median(busy[kept])
        print(
            f"  {name:32}{taken * 1e3:10.2f} ms{taken / seconds[kept]:9.1f} x, of the processor "
            f"{worked * 1e3:8.2f} ms{worked / least:9.1f} x"
        )
    print(f"asked for: {TARGET:g} times faster than recomputing all")
    return {**seconds, **{f"{name}, of the processor": median(each) for name, each in busy.items()}}


def timed(work: Callable[[], T], busy: list[float]) -> Callable[[], T]:
    """The same work, noting in ``busy`` what the processor spent on it each time, whatever else it had to do."""

    def noted() -> T:
        started = process_time()
        made = work()
        busy.append(process_time() - started)
        return made

    return noted


def check(name: str, found: object, kept: Effect, all_kept: Callable[[Effect], dict[str, pd.DataFrame]]) -> None:
    """Hold an answer to that of the kept walks."""
    if isinstance(found, pd.DataFrame):
        pd.testing.assert_frame_equal(found, kept.changed, rtol=1e-6, atol=1e-6)
        return
    if name.endswith("as a what-if") or not isinstance(found, dict):
        return
    ours = all_kept(kept)
    pd.testing.assert_frame_equal(found["changed"], ours["changed"], rtol=1e-6, atol=1e-6)
    pairs = {
        "provision": (["staffed hours_after"], ["staffed_hours_per_1000_after"]),
        "falls": (
            ["places_e2sfca", "hours_e2sfca_after", "places_3sfca_after"],
            ["places_e2sfca_before", "hours_e2sfca_after", "places_3sfca_after"],
        ),
        "gaps": (["gap_score", "gap_rank_after", "kinds_within_after"],
                 ["gap_score_before", "gap_rank_after", "kinds_within_after"]),
    }  # fmt: skip
    for part, (theirs, named) in pairs.items():
        one, other = found[part][theirs].astype(float).to_numpy(), ours[part][named].astype(float).to_numpy()
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
    pd.testing.assert_frame_equal(found["on_whom"], ours["on_whom"], rtol=1e-6, atol=1e-6)


def scenario_that(view: PlaceView, happens: str, turn: int) -> Scenario:
    """A scenario of one sort; ``turn`` makes it another each time."""
    spot = view.areas.geometry.iloc[(7 * turn) % len(view.areas)].centroid
    library = [f"{city.PLACE}/community_buildings:{(turn + more) % city.LIBRARIES}" for more in range(5)]
    changes = {
        "closes": [Change("close", library[0])],
        "opens": [Change("open", "library", (spot.x, spot.y))],
        "moves": [Change("move", library[0], (spot.x, spot.y))],
        "has other hours": [Change("hours", library[0], None, 12.0, 6.0)],
        "five close": [Change("close", each) for each in library],
    }
    return Scenario(happens, tuple(changes[happens]))


def asked(view: PlaceView, happens: str, turn: int) -> questions.Answer:
    """The whole question."""
    return questions.whatif(view, [scenario_that(view, happens, turn)], minutes=MINUTES)


def whole_questions(view: PlaceView, runs: int) -> dict[str, tuple[float, float]]:
    """Median seconds of the whole question for each sort of scenario, by the clock and of the processor."""
    found = {}
    for happens in ("closes", "opens", "moves", "has other hours", "five close"):
        turn, busy = iter(range(1, runs + 1)), list[float]()
        work = partial(lambda happens, turn: asked(view, happens, next(turn)), happens, turn)
        clock_s, answer = median_seconds(timed(work, busy), runs)
        found[happens] = clock_s, median(busy)
        print(
            f"  the whole question, {happens:16}{clock_s * 1e3:8.1f} ms, of the processor {median(busy) * 1e3:6.1f} ms"
            f"  ({answer.title})"
        )
    print(f"asked for: under {MOST_MS:g} ms")
    return found


if __name__ == "__main__":
    main()
