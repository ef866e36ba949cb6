"""The question of deprivation: Hand Town's to the figure, by place, part and drawn area, in both editions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, box

from assetmap import questions
from assetmap.cli import main
from assetmap.errors import QuestionError, SourceError, UnknownNameError
from assetmap.placeview import PlaceView
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.indices import NO_LOOKUP
from assetmap.questions.outlines import (
    CORNERS_AT_MOST,
    few_corners,
    read_corners,
    read_outlines,
    written_corners,
)
from assetmap.screens import deprived_beside
from assetmap.space import MEASURED_CRS, STORED_CRS, to_measured, to_stored
from assetmap.store import Store, open_store
from conftest import ENGINES, new_url
from test_questions import _put, fill
from test_told import sentences_of
from town import EAST, WEST, Published, stored, town_assets, town_figures

OLD_WEST, OLD_EAST, OLD_FAR_EAST = "E01888801", "E01888802", "E01888803"

OF_2025 = [
    (WEST, "LSOA 2021", 2025, {"imd_rank": 2500, "imd_score": 48.5, "income_rank": 4000, "population": 1200}),
    (EAST, "LSOA 2021", 2025, {"imd_rank": 25000, "imd_score": 9.25, "income_rank": 33755, "population": 1500}),
]
LAST_OF_ALL = {f"{name}_rank": 32_844 for name in NEEDS}
OF_2019 = [
    # first of England in every domain, so that its score is 100 times the weights, which add up to 0.999
    (OLD_WEST, "LSOA 2011", 2019, {f"{name}_rank": 1 for name in NEEDS} | {"population": 1000}),
    (OLD_EAST, "LSOA 2011", 2019, LAST_OF_ALL | {"imd_rank": 10_000, "population": 500}),
    (OLD_FAR_EAST, "LSOA 2011", 2019, LAST_OF_ALL | {"imd_rank": 25_000, "population": 1000}),
]
CHANGES = [
    (OLD_WEST, "LSOA 2011", None, {"became": WEST, "change": "unchanged"}),
    (OLD_EAST, "LSOA 2011", None, {"became": EAST, "change": "merged"}),
    (OLD_FAR_EAST, "LSOA 2011", None, {"became": EAST, "change": "merged"}),
]


def publish(store: Store, layer: str, rows: list[Published]) -> None:
    _put(store, layer, "figures", town_figures(layer, rows), town_assets().head(0))


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("indices")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        fill(store, assets=town_assets())
        publish(store, "deprivation", [*OF_2025, *OF_2019])
        publish(store, "neighbourhood_changes", CHANGES)
        yield fill(store, assets=town_assets())


def here(answer: questions.Answer) -> dict[str, float]:
    return answer.totals.set_index("measure")["here"].to_dict()


def drawn(**boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    shapes = stored([box(*corners) for corners in boxes.values()])
    return gpd.GeoDataFrame({"name": list(boxes)}, geometry=shapes, crs=4326)


def test_people_are_weighed_and_deciles_never_averaged(town: PlaceView) -> None:
    answer = questions.deprivation(town)
    told = here(answer)
    assert told["people"] == 2700
    assert told["people_in_deciles_1_2"] == 1200
    assert told["share_in_deciles_1_2"] == pytest.approx(1200 / 2700)
    assert told["average_score"] == pytest.approx((48.5 * 1200 + 9.25 * 1500) / 2700)
    assert told["average_rank"] == pytest.approx(33_756 - (2500 * 1200 + 25_000 * 1500) / 2700)
    assert told["share_of_areas_in_decile_1"] == 0.5
    assert answer.title.startswith("44% of Hand Town's people live in the most deprived fifth")
    assert answer.table["decile"].tolist() == [1, 8]
    assert len(sentences_of(answer.method)) == 2


def test_figures_of_other_neighbourhoods_are_in_no_sum(store: Store) -> None:
    fill(store, assets=town_assets())
    beyond = ("E01777701", "LSOA 2021", 2025, {"imd_rank": 1, "imd_score": 90.0, "population": 9000})
    publish(store, "deprivation", [*OF_2025, beyond])
    assert here(questions.deprivation(fill(store, assets=town_assets())))["people"] == 2700
    publish(store, "deprivation", [beyond])
    with pytest.raises(QuestionError, match="tell of other neighbourhoods than those of Hand Town: no code is in both"):
        questions.deprivation(fill(store, assets=town_assets()))


def test_without_england_nothing_is_ranked_and_that_is_said(town: PlaceView) -> None:
    for england, words in ((None, "Load the place 'england'"), (town, "2 of 2 rows|0 of 2 rows|need all 33,755")):
        answer = questions.deprivation(town, england=england)
        assert list(answer.totals) == ["measure", "says", "here"], "no column of blanks"
        assert not set(answer.totals["measure"]) & {"extent", "local_concentration"}
        assert any("extent and local concentration are left out" in told for told in answer.caveats)
        assert any(pd.Series(answer.caveats).str.contains(words))
        assert "between_editions" not in answer.parts


def test_a_domain_by_itself(town: PlaceView) -> None:
    answer = questions.deprivation(town, domain="income")
    assert here(answer)["average_rank"] == pytest.approx(33_756 - (4000 * 1200 + 33_755 * 1500) / 2700)
    assert answer.table["decile"].tolist() == [2, 10]
    assert np.isnan(here(answer)["average_score"])


def test_the_edition_of_2019_is_told_on_its_own_neighbourhoods_and_led_to_todays(town: PlaceView) -> None:
    answer = questions.deprivation(town, 2019)
    told = here(answer)
    assert told["people"] == 2500
    assert told["average_rank"] == pytest.approx(32_845 - (1 * 1000 + 10_000 * 500 + 25_000 * 1000) / 2500)
    rows = answer.table.set_index("neighbourhood_code")
    assert rows["rank"].to_dict() == {WEST: 1, EAST: pytest.approx(20_000)}
    assert rows.loc[EAST, "how"] == f"averaged by people: merged since 2011 from {OLD_EAST} and {OLD_FAR_EAST}"
    assert "1 unchanged and copied; 1 merged" in " ".join(answer.caveats)


def test_a_score_that_nobody_published_is_put_together_from_ranks_and_says_so(town: PlaceView) -> None:
    answer = questions.deprivation(town, 2019)
    score = answer.table.set_index("neighbourhood_code")["score"]
    assert score[WEST] == pytest.approx(99.9)
    # last in every domain: a relative rank of 1 in 32,844, which the transform makes next to nothing
    assert score[EAST] == pytest.approx(0.999 * -23 * np.log1p(np.expm1(-100 / 23) / 32_844))
    assert any("within 0.001 of every one" in words for words in answer.caveats)
    assert not any("put together" in words for words in questions.deprivation(town, 2025).caveats)


def test_editions_are_compared_by_rank_alone(town: PlaceView) -> None:
    rows = questions.deprivation(town).table.set_index("neighbourhood_code")
    assert rows.loc[WEST, "moved"] == pytest.approx(2500 / 33_755 - 1 / 32_844)
    assert rows.loc[EAST, "share_then"] == pytest.approx(20_000 / 32_844)
    assert rows.loc[EAST, "how_then"].startswith("averaged by people")
    assert "moved" not in questions.deprivation(town, 2019).table


def test_parts_of_town(town: PlaceView) -> None:
    rows = questions.deprivation(town, by="locality").table.set_index("name")
    assert rows["people_in_deciles_1_2"].to_dict() == {"Westside": 1200, "Eastgate": 0}
    assert rows.loc["Eastgate", "average_rank"] == 33_756 - 25_000


def test_the_page_has_the_same_figures_under_headings_in_words(town: PlaceView) -> None:
    parts = deprived_beside.table(questions.deprivation(town, by="locality"), deprived_beside.LOCALITY)
    assert parts[["Part of town", "People in the most deprived fifth"]].values.tolist() == [
        ["Westside", 1200],
        ["Eastgate", 0],
    ]
    assert parts["In the most deprived fifth, %"].tolist() == [100, 0]
    whole = deprived_beside.table(questions.deprivation(town), deprived_beside.PLACE)
    assert whole["Tenth (1 = most deprived)"].tolist() == [1, 8]
    assert whole["Score"].tolist() == [48.5, 9.25]


def test_without_england_there_are_no_authorities_to_tell(town: PlaceView) -> None:
    with pytest.raises(QuestionError, match=r"Authorities cannot be told\. Load the place 'england'"):
        questions.deprivation(town, by="authority")


def test_it_is_told_by_whom_the_averages_are_weighed(town: PlaceView) -> None:
    assert any(
        "by up to 0.053" in words and "as File 7 has it" in words for words in questions.deprivation(town, 2025).caveats
    )
    assert any("prisoners left out" in words for words in questions.deprivation(town, 2019).caveats)


def test_a_domain_is_averaged_over_the_people_it_is_about(store: Store) -> None:
    fill(store, assets=town_assets())
    of_work = [(50, 900), (100, 100)]
    rows: list[Published] = [
        (code, "LSOA 2021", 2025, {"employment_rank": rank, "population": 1000, "working_age": workers, "imd_rank": 9})
        for code, (rank, workers) in zip((WEST, EAST), of_work, strict=True)
    ]
    publish(store, "deprivation", rows)
    view = fill(store, assets=town_assets())
    answer = questions.deprivation(view, domain="employment")
    assert here(answer)["average_rank"] == pytest.approx(33_756 - (50 * 900 + 100 * 100) / 1000)
    assert here(answer)["people_in_deciles_1_2"] == 2000
    assert "over people of working age, as the official ones" in " ".join(answer.caveats)
    with pytest.raises(QuestionError, match="'Children in families on low incomes' is not measured for Hand Town"):
        questions.deprivation(view, domain="idaci")


def test_the_headline_of_gaps_is_about_the_need_that_was_chosen(store: Store) -> None:
    fill(store, assets=town_assets())
    crime = {WEST: 30_000, EAST: 1000}
    publish(store, "deprivation", [(*row[:3], row[3] | {"crime_rank": crime[row[0]]}) for row in OF_2025])
    view = fill(store, assets=town_assets())
    usual, by_crime = (questions.gaps(view, minutes=12.5, need=need) for need in ("imd", "crime"))
    # all of the west, among the most deprived by the index, have a place near; of the east's 1,500 three in five do not
    west, east = (f"{name} (Hand Town 0{n}) comes first" for name, n in (("Westside", 1), ("Eastgate", 2)))
    assert usual.title.endswith(west)
    assert by_crime.title.endswith(east)
    assert (
        "1,200 people here who live in the most deprived fifth of England, everyone has one that near" in usual.sentence
    )
    assert (
        "1,500 people here who live in the most deprived fifth of England, by crime, 40% have one" in by_crime.sentence
    )
    told = by_crime.table.set_index("neighbourhood_code")
    assert told["need_decile"].to_dict() == {EAST: 1, WEST: 9}
    assert told["deprivation_decile"].to_dict() == {EAST: 8, WEST: 1}
    assert "need_decile" in by_crime.brief
    assert "deprivation_decile" not in by_crime.brief


def test_where_the_people_of_a_domain_are_not_known_everybody_counts_and_that_is_said(store: Store) -> None:
    fill(store, assets=town_assets())
    publish(store, "deprivation", [(WEST, "LSOA 2021", 2025, {"employment_rank": 5, "population": 10, "imd_rank": 9})])
    answer = questions.deprivation(fill(store, assets=town_assets()), domain="employment")
    assert any("How many they are is not loaded: all people count." in words for words in answer.caveats)


def test_a_ward_counts_the_people_who_live_in_it(town: PlaceView) -> None:
    # three postcodes of the west and the first two of the east, 300 people each, and nobody elsewhere
    wards = drawn(Middle=(300, -50, 1100, 700), Far=(1500, -50, 2100, 700), Sea=(-9000, -50, -8000, 50))
    answer = questions.deprivation(town, by="ward", outlines=wards)
    rows = answer.table.set_index("name")
    assert rows["people"].to_dict() == pytest.approx({"Middle": 1500, "Far": 900, "Sea": 0})
    assert rows.loc["Middle", "share_in_deciles_1_2"] == pytest.approx(3 / 5)
    assert rows.loc["Middle", "average_score"] == pytest.approx((48.5 * 3 + 9.25 * 2) / 5)
    assert rows["areas_cut"].to_dict() == {"Middle": 2, "Far": 1, "Sea": 0}
    assert np.isnan(rows.loc["Sea", "share_in_deciles_1_2"])
    assert "In 1 area nobody of Hand Town is known to live: Sea." in answer.caveats


def test_wards_of_elsewhere_and_no_wards_are_refused(town: PlaceView) -> None:
    with pytest.raises(QuestionError, match="they are of elsewhere"):
        questions.deprivation(town, by="ward", outlines=drawn(Sea=(-9000, -50, -8000, 50)))
    with pytest.raises(QuestionError, match="give a file of their outlines"):
        questions.deprivation(town, by="ward")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"edition": 2015}, "Known: 2019, 2025"),
        ({"domain": "wealth"}, "Known: imd, income"),
        ({"by": "street"}, "Known: place, locality, ward, authority"),
    ],
)
def test_what_is_not_known_is_named(town: PlaceView, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(UnknownNameError, match=says):
        questions.deprivation(town, **asked)


def test_without_the_lookup_2019_is_told_of_the_place_and_not_of_its_neighbourhoods(store: Store) -> None:
    fill(store, assets=town_assets())
    publish(store, "deprivation", OF_2019)
    view = fill(store, assets=town_assets())
    answer = questions.deprivation(view)
    assert here(answer)["people"] == 2500
    assert set(answer.table["how"]) == {NO_LOOKUP}
    with pytest.raises(QuestionError, match="load a source of what became of neighbourhoods"):
        questions.deprivation(view, by="locality")


def test_without_the_indices_the_answer_says_what_to_load(store: Store) -> None:
    view = fill(store, assets=town_assets())
    with pytest.raises(QuestionError, match="Load a source of the layer 'deprivation'"):
        questions.deprivation(view)


def saved(tmp_path: Path, frame: gpd.GeoDataFrame, name: str = "wards.geojson") -> Path:
    frame.to_file(tmp_path / name)
    return tmp_path / name


def test_outlines_in_any_system_are_one_area_a_name(tmp_path: Path) -> None:
    shapes = [box(450_000, 250_000, 450_100, 250_100), box(460_000, 250_000, 460_100, 250_100)]
    frame = gpd.GeoDataFrame({"WD25NM": ["Both", "Both"]}, geometry=shapes, crs=27700)
    found = read_outlines(saved(tmp_path, frame, "wards.gpkg"), "wd25nm")
    assert found["name"].tolist() == ["Both"]
    assert found.crs == "EPSG:4326"
    assert found.to_crs(27700).area.sum() == pytest.approx(20_000, rel=1e-3)


@pytest.mark.parametrize(
    ("frame", "error", "says"),
    [
        (drawn(A=(0, 0, 9, 9)).rename(columns={"name": "ward"}), SourceError, "The file has 'ward'"),
        (drawn(A=(0, 0, 9, 9)).assign(name=""), QuestionError, "without a name in the column 'name': row 1"),
        (
            gpd.GeoDataFrame({"name": ["A"]}, geometry=[LineString([(0, 52), (1, 52)])], crs=4326),
            QuestionError,
            "no polygon: row 1",
        ),
    ],
)
def test_outlines_that_are_none_are_refused(
    frame: gpd.GeoDataFrame, error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        read_outlines(saved(tmp_path, frame), "name")


def asked(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr("sys.argv", ["assetmap", "ask", "deprivation", *words])
    main()


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "town.gpkg")
    with open_store(path) as store:
        fill(store, assets=town_assets())
        publish(store, "deprivation", OF_2025)
    wards = str(saved(tmp_path, drawn(Middle=(300, -50, 1100, 700))))
    with pytest.raises(SystemExit) as ended:
        asked(monkeypatch, "--store", path, "--areas", wards, "--name", "name", "--format", "json")
    assert ended.value.code in (0, None)
    (row,) = json.loads(capsys.readouterr().out)["table"]
    assert (row["name"], row["people"]) == ("Middle", pytest.approx(1500))
    for words in (["--by", "ward"], ["--areas", wards]):
        with pytest.raises(SystemExit) as refused:
            asked(monkeypatch, "--store", path, *words)
        assert refused.value.code == 1
    assert "Say with --name which column of wards.geojson" in capsys.readouterr().err


def test_an_outline_that_crosses_itself_is_refused_and_one_that_a_rounding_folds_is_not() -> None:
    with pytest.raises(QuestionError, match="The outline crosses itself"):
        read_corners("0,53 0.1,53.1 0.1,53 0,53.1")
    # round twice, as when a finger goes on after the first round
    with pytest.raises(QuestionError, match="The outline crosses itself"):
        read_corners("0,53 0.1,53 0.1,53.1 0,53 0.11,53 0.11,53.1")
    folded = read_corners("0,53 0.1,53 0.1,53.1 0.05,53.1 0.05001,53.10001 0.05001,53.1 0,53.1")
    assert folded.area == pytest.approx(0.01, rel=0.001)


def test_where_nobody_lives_in_the_most_deprived_fifth_it_says_nobody(store: Store) -> None:
    fill(store, assets=town_assets())
    figures = [(*row[:3], row[3] | {"imd_rank": 30_000, "imd_decile": 9}) for row in OF_2025]
    publish(store, "deprivation", figures)
    answer = questions.deprivation(fill(store, assets=town_assets()))
    assert answer.title.startswith("Nobody in Hand Town lives in the most deprived fifth of England's neighbourhoods")
    assert answer.sentence.startswith("It has 2,700 people.")
    assert "0%" not in f"{answer.title} {answer.sentence}"


def test_one_area_is_told_of_the_people_in_it(town: PlaceView) -> None:
    west = questions.deprivation(town, by="area", areas=["Westside"])
    assert west.title == (
        "100% of the people of Westside live in the most deprived fifth of England's neighbourhoods (Indices of 2025)"
    )
    assert west.table[["people", "people_in_deciles_1_2"]].to_numpy().tolist() == [[1200, 1200]]
    assert "areas_cut" not in west.table
    east = questions.deprivation(town, by="area", areas=["Eastgate"])
    assert east.title.startswith("None of the people of Eastgate")
    assert east.sentence.startswith("It has 1,500 people; of all in Hand Town it is 44%.")
    # three postcodes of the west and the first two of the east, as the ward of the same corners
    middle = drawn(Middle=(300, -50, 1100, 700))
    outline = questions.deprivation(town, by="area", outline=middle.geometry.iloc[0]).table
    ward = questions.deprivation(town, by="ward", outlines=middle).table
    pd.testing.assert_frame_equal(outline.drop(columns="name"), ward.drop(columns="name"))
    with pytest.raises(UnknownNameError, match="Northside"):
        questions.deprivation(town, by="area", areas=["Northside"])


def test_corners_are_written_and_read_again_right_to_a_metre() -> None:
    corners = [(-2.3601234, 53.38), (-2.33, 53.38), (-2.33, 53.4)]
    assert written_corners(corners) == "-2.36012,53.38000 -2.33000,53.38000 -2.33000,53.40000"
    read = shapely.get_coordinates(read_corners(written_corners(corners)))[:-1]
    np.testing.assert_allclose(read, corners, atol=0.5e-5)
    with pytest.raises(QuestionError, match="may have 3"):
        read_corners("1,2 3,4 5,6 7,8", 3)


def test_an_outline_is_made_of_few_corners_or_refused() -> None:
    round_m = shapely.Point(450_000, 250_000).buffer(800, quad_segs=200)
    stored = to_stored(gpd.GeoSeries([round_m], crs=MEASURED_CRS)).iloc[0]
    few = few_corners(stored)
    assert 3 <= len(few) <= CORNERS_AT_MOST
    kept = to_measured(gpd.GeoSeries([shapely.Polygon(few)], crs=STORED_CRS)).iloc[0]
    assert kept.symmetric_difference(round_m).area < 0.02 * round_m.area
    with pytest.raises(QuestionError, match="several parts"):
        few_corners(to_stored(gpd.GeoSeries([round_m.difference(round_m.buffer(-300))], crs=MEASURED_CRS)).iloc[0])


def test_areas_of_a_file_are_called_by_what_tells_them_apart(tmp_path: Path) -> None:
    frame = drawn(Middle=(300, -50, 1100, 700), Far=(1500, -50, 2100, 700)).assign(kind="ward")
    named = read_outlines(saved(tmp_path, frame[["kind", "name", "geometry"]]), None)
    assert list(named["name"]) == ["Middle", "Far"]
    bare = read_outlines(saved(tmp_path, frame[["kind", "geometry"]]), None)
    assert list(bare["name"]) == ["Area 1", "Area 2"]
