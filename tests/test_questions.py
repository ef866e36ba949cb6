"""The way out: the hand-solved town's answers to the row, and the demo town's the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from assetmap import questions
from assetmap.checks import issues_frame
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.loading import load_place
from assetmap.packs import Wanted
from assetmap.packs.entries import entries_of
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.access import METHODS
from assetmap.records import LoadRecord
from assetmap.scenarios import Change, Scenario
from assetmap.store import Store, open_store
from assetmap.tables import ACCESS_COLUMNS, Areas, Assets, Heights, Locators, Streets
from conftest import ENGINES, new_url
from registers import LAYERS, ROOT
from town import EAST, PLACE, WEST, stored, town_areas, town_assets, town_locators, town_streets

PEOPLE_AT_A_POSTCODE = 300


def fill(store: Store, *, assets: Assets, streets: bool = True, heights: Heights | None = None) -> PlaceView:
    """Hand Town in a store, each source as a load of its own."""
    store.save_place(PLACE, "Hand Town", "A town on paper", fictional=True)
    frames = {"areas": town_areas(), "locators": town_locators(), "assets": assets.drop(columns="access")}
    frames |= {"streets": town_streets()} if streets else {}
    frames |= {"heights": heights} if heights is not None else {}
    for holds, frame in frames.items():
        for source, rows in frame.groupby("source"):
            layer = str(source).split("/")[1]
            entered = assets[assets["source"] == source] if holds == "assets" else assets.head(0)
            _put(store, layer, holds, rows.reset_index(drop=True), entered)
    return PlaceView(store, PLACE, LAYERS)


def _put(store: Store, layer: str, holds: str, rows: pd.DataFrame, entered: Assets) -> None:
    words = ["A register", "Hand Town Council", "CC0-1.0", "None needed.", "./register.csv", "0" * 64]
    record = LoadRecord(PLACE, f"{PLACE}/{layer}", layer, *words, len(rows), len(rows))
    doors = entered[entered["access"].notna()]
    access = doors.assign(geometry=doors["access"]).explode(index_parts=False)
    access = access.assign(access_id=[f"door {n}" for n in range(len(access))], kind="gate")[list(ACCESS_COLUMNS)]
    store.replace_source(record, rows, holds, issues_frame([]), access if len(access) else None)


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    """Hand Town on each engine, for tests that only ask."""
    folder = tmp_path_factory.mktemp("handtown")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


def column(answer: Answer, name: str) -> list[object]:
    return answer.table.set_index("neighbourhood_code")[name].reindex([WEST, EAST]).tolist()


def test_what_is_here(town: PlaceView) -> None:
    answer = questions.here(town)
    counted = answer.totals.set_index(["layer", "kind"])["count"].to_dict()
    assert counted == {
        ("community_buildings", "library"): 1,
        ("community_buildings", "hall"): 1,
        ("green_space", "park"): 1,
        ("groups", "club"): 1,
        ("play_streets", "play_street"): 1,
        ("public_land", "building"): 1,
    }
    libraries = answer.table.query("kind == 'library'").set_index("neighbourhood_code")
    assert libraries["count"].to_dict() == {WEST: 1, EAST: 0}
    assert libraries["per_1000"].to_dict() == pytest.approx({WEST: 1000 / 1200, EAST: 0})
    assert len(answer.table) == 6 * 2
    assert town.people == 2700


def test_hours_stand_beside_the_people_they_are_for(town: PlaceView) -> None:
    answer = questions.here(town, kinds=["library", "hall"])
    hours = answer.part("hours").set_index("neighbourhood_code")
    # no register tells the hall's hours, so only libraries are told of
    assert hours["kind"].tolist() == ["library", "library"]
    columns = ["people", "count", "hours", "hours_per_1000", "staffed_hours", "staffed_hours_per_1000"]
    assert hours.loc[WEST, columns].tolist() == pytest.approx([1200, 1, 40, 40 / 1.2, 30, 30 / 1.2])
    assert hours.loc[EAST, columns].tolist() == [1500, 0, 0, 0, 0, 0]
    totals = answer.totals.set_index("kind")
    assert totals.loc["library", ["hours", "staffed_hours", "people"]].tolist() == [40, 30, 2700]
    assert totals.loc["hall", ["hours", "staffed_hours"]].isna().all()
    assert "hours" not in questions.here(town, kinds=["hall"]).parts
    provision = questions.access(town, kinds=["library"], offer="staffed hours").part("provision")
    provided = provision.set_index("neighbourhood_code")[["people", "count", "count_missing", "supply", "per_1000"]]
    assert provided.loc[WEST].tolist() == pytest.approx([1200, 1, 0, 30, 25])


def test_homes_say_where_people_live_and_the_method_tells_it(town: PlaceView) -> None:
    view = PlaceView(town._store, PLACE, LAYERS)
    assert "(postcodes)" in questions.nearest(view, ["library"]).method
    view = PlaceView(town._store, PLACE, LAYERS)
    home = town.locators.iloc[[1] * 300].assign(scheme="uprn")  # W2, 640 m from the library
    view.__dict__["locators"] = Locators(pd.concat([home, town.locators], ignore_index=True))
    answer = questions.nearest(view, ["library"], minutes=8)
    assert column(answer, "people_within") == pytest.approx([1200, 0])
    assert "from where people live (postcodes, homes)" in answer.method
    assert (
        "shared among its homes, as many as stand at each point; in 1 of 2 neighbourhoods, with fewer than one home "
        "loaded for 4 people, equally among the other points."
    ) in answer.method


def test_buildings_say_where_people_live_and_the_method_tells_it(town: PlaceView) -> None:
    view = PlaceView(town._store, PLACE, LAYERS)
    block = town.locators.iloc[[1]].assign(scheme="building", homes=300.0)
    view.__dict__["locators"] = Locators(pd.concat([block, town.locators], ignore_index=True))
    answer = questions.nearest(view, ["library"], minutes=8)
    assert column(answer, "people_within") == pytest.approx([1200, 0])
    assert "from where people live (postcodes, buildings)" in answer.method
    assert (
        "shared among its buildings, by the homes that each holds as it says or by its size; in 1 of 2 neighbourhoods, "
        "with fewer than one home loaded for 4 people, equally among the other points."
    ) in answer.method


def test_few_people_nobody_and_nobody_knows_are_told_apart(town: PlaceView) -> None:
    view = PlaceView(town._store, PLACE, LAYERS)
    areas = pd.concat([town.areas, town.areas], ignore_index=True)
    areas["area_code"] = ["a", "b", "c", "d"]
    areas["population"] = pd.array([0, 499, None, 500], dtype="Int64")
    view.__dict__["areas"] = areas
    answer = questions.here(view, kinds=["library"])
    told = answer.table.set_index("neighbourhood_code")
    assert told["few_people"].fillna(False).tolist() == [True, True, False, False]
    assert told["per_1000"].isna().tolist() == [True, False, True, False]
    words = " ".join(answer.caveats)
    for said in ("fewer than 500 people live", "nobody lives", "it is not known how many people live"):
        assert f"In 1 neighbourhood {said}" in words


def peopled(town: PlaceView, west: int | None, east: int | None) -> PlaceView:
    """The town with so many people in its two neighbourhoods; ``None`` where nobody knows."""
    view = PlaceView(town._store, PLACE, LAYERS)
    of = {WEST: west, EAST: east}
    people = pd.array([of[code] for code in town.areas["area_code"]], dtype="Int64")
    view.__dict__["areas"] = Areas(town.areas.assign(population=people))
    return view


def test_where_nobody_knows_how_many_people_live_nobody_is_said_to_be_near_or_far(town: PlaceView) -> None:
    view = peopled(town, None, None)
    here = questions.here(view)
    assert here.sentence.startswith("How many people live in its 2 neighbourhoods is not known.")
    assert here.totals is not None
    assert here.totals[["people", "per_1000"]].isna().all(axis=None)
    near = questions.nearest(view, ["library"])
    assert near.title.startswith("An unknown share of Hand Town's people")
    assert near.sentence.startswith("How many people live further than 15 minutes from a library is not known.")
    # of one neighbourhood it can still be told how far its streets are
    assert near.table["share_within"].notna().all()
    assert questions.profile(view).sentence.startswith("How many people live there is not known. Mapped inside:")
    over_time = questions.lost_over_time(view)
    assert over_time.parts["moments"]["people_within"].isna().all()
    assert "Of today's people" not in over_time.sentence
    library = view.assets.loc[view.assets["name"] == "Hand Town Library", "asset_id"].iloc[0]
    for ask in (
        lambda: questions.whatif(view, [Scenario("", (Change("close", library),))]),
        lambda: questions.who_lost(view, ["library"]),
        lambda: questions.sites(view, "library"),
        lambda: questions.play_street_candidates(view),
    ):
        with pytest.raises(QuestionError, match=r"Of no neighbourhood of Hand Town is it known how many people live"):
            ask()


def test_the_whole_place_is_told_like_itself_where_not_all_its_people_are_known(town: PlaceView) -> None:
    told = questions.profile(peopled(town, 1200, None)).table
    known = told[told["share_within"].notna()]
    assert len(known)
    assert known["share_within"].tolist() == pytest.approx(known["whole_share_within"].tolist())
    assert told[["per_1000", "whole_per_1000"]].isna().all(axis=None)


def test_people_of_whom_nobody_knows_how_many_they_are_are_said_to_be_in_no_count(town: PlaceView) -> None:
    view = peopled(town, 1200, None)
    here = questions.here(view, ["library"])
    told = "1,200 people live in 1 of its 2 neighbourhoods; how many live in the others is not known."
    assert here.sentence.startswith(told)
    # one library among an unknown number of people is no rate
    assert here.totals is not None
    assert here.totals["per_1000"].isna().all()
    unknown = "In 1 neighbourhood it is not known how many people live: they are in no count of people"
    library = view.assets.loc[view.assets["name"] == "Hand Town Library", "asset_id"].iloc[0]
    closing = questions.whatif(view, [Scenario("", (Change("close", library),))])
    for answer in (here, closing, questions.nearest(view, ["library"]), questions.who_lost(view, ["library"])):
        assert [words for words in answer.caveats if words.startswith(unknown)] == [
            f"{unknown}, and there is no figure for every 1,000."
        ]
    rates = closing.totals.set_index("key") if closing.totals is not None else pd.DataFrame()
    assert rates.loc["places_per_1000", ["no_change", "then"]].isna().all()


def test_what_is_here_of_a_kind_that_is_not(town: PlaceView) -> None:
    answer = questions.here(town, kinds=["museum_or_arts"])
    assert answer.table["count"].tolist() == [0, 0]
    assert "Nothing of this kind is mapped in Hand Town yet" in answer.title


@pytest.mark.parametrize(
    ("minutes", "sure", "within", "possible"),
    [
        # the library is mapped to 10 m, and 1,030 m from the nearest of the east's five postcodes
        (12.7, 0, 0, 0),
        (12.8, 0, 0, 1),
        (12.9, 0, 1, 1),
        (13.1, 1, 1, 1),
    ],
)
def test_the_share_lies_between_what_its_accuracy_allows(
    town: PlaceView, minutes: float, sure: int, within: int, possible: int
) -> None:
    answer = questions.nearest(town, kinds=["library"], minutes=minutes)
    east = answer.table.set_index("neighbourhood_code").loc[EAST]
    told = east[["share_sure", "share_within", "share_possible"]]
    assert told.tolist() == pytest.approx([sure / 5, within / 5, possible / 5])
    widest = "it may be anything from" in answer.sentence
    assert widest == (sure != possible)


def test_places_mapped_by_their_postcode_are_told(town: PlaceView) -> None:
    view = PlaceView(town._store, PLACE, LAYERS)
    rough = town.assets.copy()
    rough.loc[rough["name"] == "Hand Town Library", "location_accuracy_m"] = 100.0
    view.__dict__["assets"] = Assets(rough)
    (said,) = [words for words in questions.nearest(view, ["library"]).caveats if "mapped no better" in words]
    assert said.startswith("1 place is mapped no better than to 100 m, as by a postcode.")
    rough["location_accuracy_m"] = np.nan
    view = PlaceView(town._store, PLACE, LAYERS)
    view.__dict__["assets"] = Assets(rough)
    answer = questions.nearest(view, ["library"])
    assert "Of 1 place nobody says how exactly they are mapped; it counts as exact." in answer.caveats
    assert (answer.table["share_sure"] == answer.table["share_possible"]).all()


def test_the_share_within_each_walk_stands_in_one_table(town: PlaceView) -> None:
    answer = questions.nearest(town, kinds=["library"])
    reach = answer.part("reach").set_index("neighbourhood_code")
    shares = ["share_within_5", "share_within_10", "share_within_15", "share_within_20"]
    # 400, 800, 1,200 and 1,600 m: the west's four postcodes, then the east's five
    assert reach.loc[WEST, shares].tolist() == pytest.approx([1 / 4, 2 / 4, 3 / 4, 1])
    assert reach.loc[EAST, shares].tolist() == pytest.approx([0, 0, 1 / 5, 2 / 5])
    assert reach.iloc[0]["neighbourhood_name"] == "The whole of Hand Town"
    assert reach.iloc[0][shares].tolist() == pytest.approx([1 / 9, 2 / 9, 4 / 9, 6 / 9])


@pytest.mark.parametrize(
    ("kind", "minutes", "west", "east"),
    [
        # at 80 metres a minute: 12.5 minutes is 1,000 m, 13 is 1,040 m
        ("library", 12.5, 3, 0),
        ("library", 13, 3, 1),
        ("Libraries", 30, 4, 4),
        ("hall", 10, 0, 2),
        ("hall", 10.5, 1, 2),
        ("park", 5.1, 1, 3),
        ("park", 30, 4, 4),
    ],
)
def test_who_is_within_a_walk(town: PlaceView, kind: str, minutes: float, west: int, east: int) -> None:
    answer = questions.nearest(town, kinds=[kind], minutes=minutes)
    assert town.method == "walking"
    assert column(answer, "people_within") == pytest.approx([west * PEOPLE_AT_A_POSTCODE, east * PEOPLE_AT_A_POSTCODE])
    assert column(answer, "share_within") == pytest.approx([west / 4, east / 5])
    # nobody walks off the eyot
    assert column(answer, "people_not_reached") == pytest.approx([0, PEOPLE_AT_A_POSTCODE])
    assert f"{(west + east) / 9:.0%}" in answer.title


def test_the_nearest_of_two_kinds_is_either_of_them(town: PlaceView) -> None:
    answer = questions.nearest(town, kinds=["library", "hall"])
    assert answer.title.endswith("of a library or a hall")
    alone = [questions.nearest(town, kinds=[kind]).table["people_within"] for kind in ("library", "hall")]
    assert (answer.table["people_within"] >= pd.concat(alone, axis=1).max(axis=1)).all()


def test_a_library_that_closed_is_nobodys_nearest(town: PlaceView) -> None:
    answer = questions.nearest(town, kinds=["library"], minutes=1)
    assert column(answer, "people_within") == [PEOPLE_AT_A_POSTCODE, 0]


def test_a_kind_nobody_mapped_and_a_word_nobody_knows(town: PlaceView) -> None:
    with pytest.raises(QuestionError, match="Nothing is mapped in Hand Town that is a youth centre"):
        questions.nearest(town, kinds=["youth_centre"])
    with pytest.raises(UnknownNameError, match=r"There is no kind of asset called 'libary'.*library"):
        questions.nearest(town, kinds=["libary"])


def test_without_streets_the_line_is_straight_and_is_called_so(store: Store) -> None:
    view = fill(store, assets=town_assets(), streets=False)
    answer = questions.nearest(view, kinds=["library"], minutes=13)
    assert view.method == "straight line"
    # as the crow flies W4 is 1,018 m away, E1 1,000 m and E2 1,026 m
    assert column(answer, "people_within") == [1200, 600]
    assert "straight line" in answer.method
    assert all("13 minutes in a straight line" in said for said in (answer.title, answer.sentence))
    far = questions.nearest(view, kinds=["library"], minutes=60)
    assert far.sentence.startswith("Nobody lives further than 60 minutes in a straight line from a library.")


def test_streets_that_come_near_few_people_are_not_used_and_that_is_said(town: PlaceView) -> None:
    view = PlaceView(town._store, PLACE, LAYERS)
    view.__dict__["streets"] = Streets(town.streets[town.streets["name"] == "Eyot Lane"].reset_index(drop=True))
    answer = questions.nearest(view, kinds=["library"])
    # of nine postcodes, with 300 people each, E3 is 400 m away and E5 is on it
    assert view.people_near_streets == pytest.approx(600 / 2700)
    assert answer.measured == "straight line"
    assert "The streets loaded come near only 22% of the people, so none are used." in answer.caveats


def test_one_minute_is_said_as_one(town: PlaceView) -> None:
    assert questions.nearest(town, kinds=["library"], minutes=1).title.endswith("within 1 minute of a library")


def test_gaps(town: PlaceView) -> None:
    answer = questions.gaps(town, minutes=12.5)
    need = [1 - (rank - 0.5) / 33_755 for rank in (2500, 25000)]
    # of library and hall, within 1,000 m: W1, W2 and W3 the library, W4 the hall; E3 and E4 the hall, E1, E2, E5 none
    beyond = [0, 3 / 5]
    out_of_choice = [1 / 2, 1 - 2 / 5 / 2]
    lack = [(far + few) / 2 for far, few in zip(beyond, out_of_choice, strict=True)]
    assert column(answer, "need") == pytest.approx(need)
    assert column(answer, "share_within") == pytest.approx([1, 2 / 5])
    assert column(answer, "kinds_within") == pytest.approx([1, 2 / 5])
    assert column(answer, "lack") == pytest.approx(lack)
    # of two neighbourhoods the higher stands at 3/4 and the lower at 1/4: the west in need, the east in what is lacking
    high, low = 3 / 4, 1 / 4
    assert column(answer, "gap_score") == pytest.approx([high**0.5 * low**0.5, low**0.5 * high**0.5])
    assert column(answer, "gap_rank") == [1, 1]
    first = f"Westside ({answer.table.iloc[0]['neighbourhood_name']})"
    assert answer.title.endswith(f"; counting need and reach together, {first} comes first")
    assert answer.sentence.startswith(f"In {first} everyone has one that near, and about 1 of the 2 kinds on average.")
    assert "other than" not in answer.title, "neither of the two kinds is more than half of what is counted"
    weighed = questions.gaps(town, minutes=12.5, weights={"need": 6})
    assert column(weighed, "gap_score") == pytest.approx([high**0.75 * low**0.25, low**0.75 * high**0.25])
    assert column(weighed, "gap_rank") == [1, 2]
    assert weighed.table["neighbourhood_code"].tolist() == [WEST, EAST]


def with_churches(town: PlaceView, count: int) -> PlaceView:
    """The town with so many places of worship beside E1."""
    assets = town_assets().drop(columns="access")
    church = assets[assets["kind"] == "hall"].assign(kind="faith_building", name="St Anne", area_code=EAST)
    more = gpd.GeoDataFrame(pd.concat([church] * count, ignore_index=True))
    more["asset_id"] = [f"church:{number}" for number in range(count)]
    more["geometry"] = stored([Point(1000, -30)] * count)
    view = PlaceView(town._store, PLACE, LAYERS)
    view.__dict__["published"] = pd.concat([town.published, more], ignore_index=True)
    return view


def test_a_kind_that_is_more_than_half_of_a_count_is_said_and_how_it_stands_without(town: PlaceView) -> None:
    view = with_churches(town, 3)
    made_of = "3 of the 5 places to meet are places of worship, which count like the others."
    assert "5 places to meet (3 of them places of worship)" in questions.here(view).title
    # a walk of 1,000 m leads W1 to W4, E3 and E4 to the library or the hall, and E1 and E2 to the churches alone
    share = (
        "89% of Hand Town's people live within 12.5 minutes of a place to meet, "
        "67% of one other than a place of worship"
    )
    for answer in (questions.gaps(view, minutes=12.5), questions.nearest(view, (), ["community_buildings"], 12.5)):
        assert answer.title.startswith(share)
        assert made_of in answer.sentence
    libraries_too = questions.nearest(view, ["library", "faith_building"], minutes=12.5)
    assert "3 of the 4 libraries and places of worship are places of worship" in libraries_too.sentence


LIBRARY = f"{PLACE}/community_buildings:1"
CLOSING = Scenario("without the library", (Change("close", LIBRARY),))
TWO_KINDS = ("library", "faith_building")


def test_what_if_says_who_loses_one_of_another_kind_than_most_are(town: PlaceView) -> None:
    """Of 1,000 m: to the library walk W1 to W3, to the churches W2 to W4 and E1 to E3, so that W1 alone loses both."""
    answer = questions.whatif(with_churches(town, 3), [CLOSING], TWO_KINDS, 12.5)
    assert answer.title == (
        "Without the library: 300 people lose a library or a place of worship within 12.5 minutes; "
        "900 people lose one other than a place of worship"
    )
    assert " 3 of the 4 libraries and places of worship are places of worship, which count like the others." in (
        answer.sentence
    )
    nobody = questions.whatif(with_churches(town, 3), [CLOSING], TWO_KINDS, 30)
    assert ": nobody loses or gains a library or a place of worship within 30 minutes; for " in nobody.title
    assert nobody.title.endswith("; 2,400 people lose one other than a place of worship")


def test_what_if_about_one_kind_or_two_alike_speaks_of_no_other(town: PlaceView) -> None:
    for kinds in ((), ("library", "hall")):
        answer = questions.whatif(with_churches(town, 3), [CLOSING], kinds, 12.5)
        assert "other than" not in answer.title
        assert "count like the others" not in answer.sentence


def test_what_falls_to_each_is_told_without_the_kind_that_most_are(town: PlaceView) -> None:
    """Within 1,000 m three of nine postcodes have the library, three the hall, and six the three churches."""
    view = with_churches(town, 3)
    answer = questions.access(view, layers=["community_buildings"], method="cumulative", minutes=12.5)
    assert answer.title == (
        "Hand Town has 2.7 places to meet within 12.5 minutes of the average person (0.67 without places of worship); "
        "300 people have none that near"
    )
    assert answer.sentence.endswith("3 of the 5 places to meet are places of worship, which count like the others.")
    for method in METHODS:
        told = questions.access(view, layers=["community_buildings"], method=method)
        assert " without places of worship)" in told.title, method
    hours = questions.access(view, layers=["community_buildings"], offer="hours")
    assert "worship" not in hours.title + hours.sentence, "of no church the hours are known, so that none counts"


def test_a_profile_says_what_its_counts_are_made_of_and_the_share_without(town: PlaceView) -> None:
    answer = questions.profile(with_churches(town, 3), minutes=12.5)
    assert "5 places to meet (3 of them places of worship)" in answer.sentence
    assert "Without places of worship, 67% live that near a place to meet." in answer.sentence
    east = questions.profile(with_churches(town, 3), [EAST], minutes=12.5)
    assert "4 places to meet (3 of them places of worship)" in east.sentence
    assert "that near" not in east.sentence, "the title is about places for every 1,000 people, and no walk"
    west = questions.profile(with_churches(town, 3), [WEST], minutes=12.5)
    assert "1 place to meet" in west.sentence
    assert "of them places of worship" not in west.sentence
    assert "worship" not in questions.profile(town).sentence


def test_the_numbers_of_a_pack_say_what_they_are_made_of(town: PlaceView) -> None:
    view = with_churches(town, 3)
    kinds = tuple(f"whatif:{kind}" for kind in TWO_KINDS)
    wanted = Wanted(PLACE, ("whatif", "access", "profile"), kinds=kinds, scenarios=(CLOSING,))
    entries = entries_of(view, wanted, None)
    short = {entry.about: [number.falls_short for number in entry.numbers] for entry in entries}
    assert all(each.startswith("3 of the 4 libraries and places of worship are ") for each in short["whatif"])
    assert all(each.startswith("3 of the 5 places to meet are places of worship") for each in short["access"])
    assert not any("worship" in each for each in short["profile"]), "3 of 9 step-free places are less than half"
    (entry,) = entries_of(with_churches(town, 9), Wanted(PLACE, ("profile",)), None)
    assert "9 of the 15 places said to be step-free are places of worship" in entry.numbers[0].falls_short


def test_a_kind_that_is_half_of_a_count_goes_unsaid_and_one_that_is_all_of_it_has_nothing_without(
    town: PlaceView,
) -> None:
    assert "4 places to meet," in questions.here(with_churches(town, 2)).title
    view = with_churches(town, 2)
    churches = view.published["kind"] == "faith_building"
    view.__dict__["published"] = view.published[churches | (view.published["layer"] != "community_buildings")]
    assert "2 places to meet (both of them places of worship)" in questions.here(view).title
    alone = questions.nearest(view, (), ["community_buildings"])
    assert alone.title.endswith(" of a place to meet")
    assert "Both places to meet are places of worship." in alone.sentence


def test_why_a_score_is_high_multiplies_up_to_it(town: PlaceView) -> None:
    answer = questions.gaps(town, weights={"need": 6, "less_each": 1})
    why = answer.part("why")
    assert list(why["part"].unique()) == ["need", "beyond", "fewer_kinds", "less_each"]
    product = 0.5 * why.groupby("neighbourhood_code")["times"].prod()
    scores = answer.table.set_index("neighbourhood_code")["gap_score"]
    assert product.to_dict() == pytest.approx(scores.to_dict())
    assert why.groupby("neighbourhood_code")["weight"].sum().tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"weights": {"charm": 1}}, "charm"),
        ({"weights": {"need": -1}}, "weights run from 0 to 10"),
        ({"weights": dict.fromkeys(("need", "beyond", "fewer_kinds"), 0)}, "nothing would be counted"),
        ({"need": "beauty"}, "beauty"),
        ({"need": "income"}, "'Income deprivation' is not loaded by neighbourhood for Hand Town"),
    ],
)
def test_gaps_that_cannot_be_weighed_say_why(town: PlaceView, asked: dict[str, object], says: str) -> None:
    with pytest.raises((QuestionError, UnknownNameError), match=says):
        questions.gaps(town, **asked)


def test_every_gap_names_what_is_near_it_nearest_first(town: PlaceView) -> None:
    for near in column(questions.gaps(town), "nearby"):
        assert near, "every gap names what is near it"
        assert [each.distance_m for each in near] == sorted(each.distance_m for each in near)


def test_gaps_where_deprivation_is_not_known(store: Store) -> None:
    view = fill(store, assets=town_assets())
    view.areas.loc[:, ["imd_rank", "imd_decile", "imd_edition"]] = pd.NA
    answer = questions.gaps(view)
    assert answer.table["gap_score"].isna().all()
    assert len(answer.table) == 2


def test_what_was_lost(town: PlaceView) -> None:
    answer = questions.lost(town)
    assert "each counted once, in the years asked by the date it closed" in str(answer.formulas[0])
    (row,) = answer.table[["name", "closed_on", "neighbourhood_code"]].itertuples(index=False, name=None)
    assert row == ("Eastgate Library", "2015-03", EAST)
    assert answer.totals.empty
    assert "1 library" in answer.title
    assert "2015" in answer.title


@pytest.mark.parametrize(
    ("since", "until", "count"), [(None, None, 1), (2015, 2015, 1), (2016, None, 0), (None, 2014, 0), (2010, 2020, 1)]
)
def test_lost_between_two_years(town: PlaceView, since: int | None, until: int | None, count: int) -> None:
    answer = questions.lost(town, since, until)
    assert len(answer.table) == len(answer.shapes) == count
    assert ("No closures are recorded" in answer.title) is (count == 0)


def test_moved_merged_and_handed_over_are_told_apart_from_lost(store: Store) -> None:
    assets = town_assets()
    assets["what_happened"] = assets["what_happened"].astype(object)
    assets.loc[assets["name"] == "Ninth Avenue Hall", "what_happened"] = "handed_over"
    answer = questions.lost(fill(store, assets=assets))
    assert answer.table["name"].tolist() == ["Eastgate Library"]
    assert answer.totals[["name", "what_happened"]].values.tolist() == [["Ninth Avenue Hall", "handed_over"]]


def test_a_closure_without_a_date_is_lost_all_the_same(store: Store) -> None:
    assets = town_assets()
    assets["closed_on"] = None
    view = fill(store, assets=assets)
    assert len(questions.lost(view).table) == 1
    assert len(questions.lost(view, since=2010).table) == 0


def test_a_place_where_nothing_is_mapped(store: Store) -> None:
    view = fill(store, assets=Assets(town_assets().head(0)))
    assert questions.here(view).table.empty
    assert questions.lost(view).table.empty
    with pytest.raises(QuestionError, match="Nothing is mapped"):
        questions.gaps(view)


def test_a_place_without_neighbourhoods_or_without_a_place(store: Store) -> None:
    store.save_place(PLACE, "Hand Town")
    with pytest.raises(QuestionError, match="No neighbourhoods are loaded for Hand Town"):
        questions.here(PlaceView(store, PLACE, LAYERS))
    with pytest.raises(UnknownNameError, match="There is no place in this store called 'elsewhere'"):
        PlaceView(store, "elsewhere", LAYERS)


def test_every_answer_says_where_it_is_from_and_how_it_was_worked_out(town: PlaceView) -> None:
    for ask in (questions.here, questions.nearest, questions.gaps, questions.lost):
        answer = ask(town)
        assert answer.sources
        assert answer.method.endswith(".")
        assert all(source.publisher == "Hand Town Council" for source in answer.sources)
        assert "nan" not in f"{answer.title} {answer.sentence}".lower().split()
        assert len(answer.table) == len(answer.shapes)
        # ready to be published: nothing in a table but text, numbers and lists of text
        assert not answer.table.map(lambda cell: isinstance(cell, dict | set)).any(axis=None)


# --- the demo town, on both engines ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def marramsea(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[PlaceView]]:
    """The demo town as each engine holds it."""
    place, folder = read_place(ROOT / "data" / "town" / "town.yaml"), tmp_path_factory.mktemp("town")
    with (
        new_url(request, "gpkg", folder, ready=False) as one,
        new_url(request, "postgis", folder, ready=False) as other,
        open_store(one) as in_file,
        open_store(other) as in_database,
    ):
        for store in (in_file, in_database):
            assert [outcome.fault for outcome in load_place(store, place, LAYERS, None)] == [None] * len(place.sources)
        yield [PlaceView(store, place.id, LAYERS) for store in (in_file, in_database)]


ASKED: dict[str, Callable[[PlaceView], Answer]] = {
    "here": questions.here,
    "libraries": lambda view: questions.nearest(view, kinds=["library"]),
    "parks": lambda view: questions.nearest(view, layers=["green_space"], minutes=5),
    "gaps": questions.gaps,
    "lost": questions.lost,
    "lost lately": lambda view: questions.lost(view, since=2015),
}


@pytest.mark.parametrize("asked", ASKED)
def test_both_engines_answer_alike_row_for_row(asked: str, marramsea: list[PlaceView]) -> None:
    one, other = (ASKED[asked](view) for view in marramsea)
    for words in ("title", "sentence", "method", "caveats"):
        assert getattr(one, words) == getattr(other, words)
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_frame_equal(one.totals, other.totals)
    assert one.shapes.geometry.geom_equals_exact(other.shapes.geometry, 0).all()


def test_the_demo_town_is_as_its_readme_says(marramsea: list[PlaceView]) -> None:
    for view in marramsea:
        assert (view.people, len(view.areas), view.fictional) == (125_006, 81, True)
        lost = questions.lost(view)
        assert (lost.table["layer"] == "closed_services").sum() == 36
        assert len(lost.totals) == 14
        assert view.method == "walking"
        assert questions.gaps(view).table["gap_score"].between(0, 1).all()
        land = view.assets[view.assets["layer"] == "public_land"]
        assert len(land) == 80
        assert np.isclose(view.origins["people"].sum(), view.people)
