"""The published Indices of 2019 and 2025, and the lookup between their neighbourhoods, every row of them.

The official summaries of authorities (File 10) are not among the files read here. ``tests/published`` holds them, and
says where they come from. Scores, proportions and extents of 2019 stand here as in the public repository
humaniverse/IMD (data-raw/imd_england_lad.csv), ranks of average score in Greater Manchester as in
traffordDataLab/analysis. Of all 317 authorities of 2019, every average score is met to its third decimal, every
proportion to its fourth, and every extent but that of Hammersmith and Fulham.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assetmap.errors import QuestionError
from assetmap.measures.deprivation import (
    DOMAINS,
    EDITIONS,
    OVERALL,
    Domain,
    authority_summaries,
    deciles,
    rebuilt_score,
    weighted_summary,
)
from assetmap.measures.editions import bridge, compare_editions
from assetmap.measures.inequality import by_decile, inequality
from assetmap.questions.indices import REBUILT_WITHIN

TRAFFORD, BLACKPOOL, MIDDLESBROUGH = "E08000009", "E06000009", "E06000002"
BIRMINGHAM, HASTINGS, CHELTENHAM = "E08000025", "E07000062", "E07000078"
FIGURES = Path(__file__).parents[1] / "published"
DECIMALS = {"average_rank": 2, "average_score": 3, "extent": 4, "local_concentration": 2}
RUTLAND, CITY_OF_LONDON, HAMMERSMITH = "E06000017", "E09000001", "E09000013"

STALE = {"E07000246": "E06000066"}
"""The rebuilt file of 2025 has the abolished Somerset West and Taunton beside the Somerset it is part of."""


def published(real_data: Path, name: str, year: int) -> pd.DataFrame:
    path = real_data / "england" / name
    return pd.read_csv(path, encoding="utf-8-sig", thousands=",").set_index(EDITIONS[year].code_header)


@pytest.fixture(scope="module")
def file_2(real_data: Path) -> pd.DataFrame:
    return published(real_data, "File_2_-_IoD2019_Domains_of_Deprivation.csv.gz", 2019)


@pytest.fixture(scope="module")
def of_2019(real_data: Path, file_2: pd.DataFrame) -> pd.DataFrame:
    edition = EDITIONS[2019]
    first = published(real_data, "File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz", 2019)
    people = published(real_data, "File_6_-_IoD2019_Population_Denominators.csv.gz", 2019)[edition.people_header]
    return pd.DataFrame(
        {
            "authority": first[edition.authority_header],
            "name": first["Local Authority District name (2019)"],
            "rank": first["Index of Multiple Deprivation (IMD) Rank"],
            "decile": first["Index of Multiple Deprivation (IMD) Decile"],
            "people": people,
        }
    ).join(file_2[[domain.rank_header for domain in DOMAINS]].set_axis([each.name for each in DOMAINS], axis=1))


@pytest.fixture(scope="module")
def file_7(real_data: Path) -> pd.DataFrame:
    return published(real_data, "File_7_IoD2025_rebuilt.csv.gz", 2025)


@pytest.fixture(scope="module")
def of_2025(file_7: pd.DataFrame) -> pd.DataFrame:
    edition = EDITIONS[2025]
    return pd.DataFrame(
        {
            "authority": file_7[edition.authority_header].replace(STALE),
            "score": file_7[OVERALL.score_header],
            "rank": file_7[OVERALL.rank_header],
            "decile": file_7[OVERALL.decile_header],
            "people": file_7[edition.people_header],
        }
    )


@pytest.fixture(scope="module")
def lookup(real_data: Path) -> pd.DataFrame:
    both = pd.read_csv(real_data / "england" / "LSOA11_LSOA21_lookup.csv.gz")
    return both[both["lsoa21cd"].str.startswith("E")]


@pytest.fixture(scope="module")
def authorities_2019(of_2019: pd.DataFrame) -> pd.DataFrame:
    score = rebuilt_score(of_2019[[domain.name for domain in DOMAINS]], 32_844)
    return authority_summaries(of_2019["authority"], of_2019["rank"], of_2019["people"], 32_844, score)


@pytest.fixture(scope="module")
def authorities_2025(of_2025: pd.DataFrame) -> pd.DataFrame:
    return authority_summaries(
        of_2025["authority"], of_2025["rank"], of_2025["people"], EDITIONS[2025].areas, of_2025["score"]
    )


def figures(name: str) -> pd.DataFrame:
    return pd.read_csv(FIGURES / f"{name}.csv", index_col=0)


@pytest.fixture(scope="module")
def file_10() -> pd.DataFrame:
    """Of 2025, every lower-tier authority."""
    return figures("file_10_of_2025")


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Whom File 7 of 2025 counts, in two authorities."""
    return figures("file_7_of_2025")


def test_every_published_decile_is_met(of_2019: pd.DataFrame, file_7: pd.DataFrame) -> None:
    assert (len(of_2019), len(file_7)) == (EDITIONS[2019].areas, EDITIONS[2025].areas) == (32_844, 33_755)
    assert deciles(of_2019["rank"], 32_844).tolist() == of_2019["decile"].tolist()
    for domain in (OVERALL, *DOMAINS):
        found = deciles(file_7[domain.rank_header], 33_755)
        assert found.tolist() == file_7[domain.decile_header].tolist(), domain.name


def test_every_published_decile_of_a_domain_of_2019_is_met(file_2: pd.DataFrame) -> None:
    for domain in (OVERALL, *DOMAINS):
        found = deciles(file_2[domain.rank_header], 32_844)
        assert found.tolist() == file_2[domain.decile_header].tolist(), domain.name


def test_domains_their_weights_and_the_transform_make_up_the_published_score(file_7: pd.DataFrame) -> None:
    """To every decimal that is published among all of England; within 0.001 in a part of it, where no tie is told."""
    ranks, score = file_7[[domain.rank_header for domain in DOMAINS]], file_7[OVERALL.score_header]
    assert (rebuilt_score(ranks, 33_755).round(3) - score).abs().max() < 1e-9
    assert (rebuilt_score(ranks.iloc[1:], 33_755) - score.iloc[1:]).abs().max() < REBUILT_WITHIN


def test_trafford_in_2025(of_2025: pd.DataFrame, authorities_2025: pd.DataFrame) -> None:
    here = of_2025[of_2025["authority"] == TRAFFORD]
    found = weighted_summary(here["score"], here["rank"], here["people"], 33_755)
    assert found.people_in_deciles_1_2 == 18_287
    assert found.people == 236_301
    assert found.areas == 139
    assert found.share_in_deciles_1_2 == pytest.approx(18_287 / 236_301)
    row = authorities_2025.loc[TRAFFORD]
    assert row["average_rank"] == pytest.approx(found.average_rank_inverted, abs=1e-6)
    assert row["average_score"] == pytest.approx(found.average_score, abs=1e-9)
    assert row["share_in_decile_1"] == pytest.approx(found.share_of_areas_in_decile_1)


@pytest.mark.parametrize("code", [TRAFFORD, BLACKPOOL, BIRMINGHAM, HASTINGS, CHELTENHAM])
def test_authorities_by_another_way(code: str, of_2019: pd.DataFrame, authorities_2019: pd.DataFrame) -> None:
    """One neighbourhood, one person at a time: everybody of the authority in a row by rank."""
    here = of_2019[of_2019["authority"] == code].sort_values("rank")
    everyone = np.repeat(here["rank"].to_numpy(), here["people"])
    row = authorities_2019.loc[code]
    assert row["average_rank"] == pytest.approx(32_845 - everyone.mean(), abs=1e-6)
    hundredth = -(-everyone * 100 // 32_844)
    counts_for = {
        **dict.fromkeys(range(1, 11), 1.0),
        **dict(zip(range(11, 31), np.linspace(0.95, 0.05, 20), strict=True)),
    }
    assert row["extent"] == pytest.approx(np.mean([counts_for.get(each, 0.0) for each in hundredth]), abs=1e-9)
    # ten of everybody, so that a tenth of them is a whole number
    most = np.repeat(everyone, 10)[: len(everyone)]
    assert row["local_concentration"] == pytest.approx(32_845 - most.mean(), abs=1e-6)


def test_all_authorities_add_up_to_england(
    of_2019: pd.DataFrame, authorities_2019: pd.DataFrame, of_2025: pd.DataFrame, authorities_2025: pd.DataFrame
) -> None:
    for rows, found, many in ((of_2019, authorities_2019, 317), (of_2025, authorities_2025, 296)):
        assert len(found) == many
        assert found["areas"].sum() == len(rows)
        assert found["people"].sum() == rows["people"].sum()
        whole = weighted_summary(None, rows["rank"], rows["people"], len(rows))
        again = np.average(found["average_rank"], weights=found["people"])
        assert again == pytest.approx(whole.average_rank_inverted, abs=1e-6)
        tenth = (found["share_in_decile_1"] * found["areas"]).sum()
        assert round(tenth) == (rows["decile"] == 1).sum()
        assert (found["extent"] <= 1).all()
        assert (found["local_concentration"] >= found["average_rank"]).all()


def test_what_was_published_of_2019(of_2019: pd.DataFrame, authorities_2019: pd.DataFrame) -> None:
    names = of_2019.drop_duplicates("authority").set_index("authority")["name"]
    first = names[authorities_2019.sort_values("rank_of_share_in_decile_1").index[:5]].tolist()
    assert first == ["Middlesbrough", "Liverpool", "Knowsley", "Kingston upon Hull, City of", "Manchester"]
    assert round((authorities_2019["share_in_decile_1"] > 0).mean(), 2) == 0.61
    trafford, blackpool = authorities_2019.loc[TRAFFORD], authorities_2019.loc[BLACKPOOL]
    assert trafford["share_in_decile_1"] == 7 / 138
    assert blackpool["share_in_decile_1"] == 39 / 94
    assert blackpool["rank_of_share_in_decile_1"] == 6
    assert blackpool["rank_of_average_rank"] == 1
    assert blackpool["rank_of_local_concentration"] == 1


def test_ranks_are_not_taken_for_those_of_the_other_edition(of_2025: pd.DataFrame) -> None:
    with pytest.raises(QuestionError, match="another edition"):
        deciles(of_2025["rank"], EDITIONS[2019].areas)


def test_every_neighbourhood_of_2021_has_its_story(of_2019: pd.DataFrame, lookup: pd.DataFrame) -> None:
    found = bridge(of_2019["rank"], lookup, of_2019["people"])
    assert len(found) == 33_755
    assert found["change"].value_counts().to_dict() == {"U": 31_810, "S": 1_842, "M": 97, "X": 6}
    assert found["figure"].isna().sum() == 6
    assert (found["how"].str.len() > 20).all()
    assert not found.loc[found["change"] == "U", "flagged"].any()
    assert found.loc[found["change"] != "U", "flagged"].all()
    unchanged = found.index[found["change"] == "U"]
    assert found.loc[unchanged, "figure"].tolist() == of_2019.loc[unchanged, "rank"].tolist()
    merged = lookup[lookup["chgind"] == "M"].groupby("lsoa21cd")["lsoa11cd"].agg(list)
    for code, parts in merged.items():
        ranks, people = of_2019.loc[parts, "rank"], of_2019.loc[parts, "people"]
        assert found.loc[code, "figure"] == pytest.approx((ranks * people).sum() / people.sum())


def test_figures_of_2025_do_not_pass_for_those_of_2011(of_2025: pd.DataFrame, lookup: pd.DataFrame) -> None:
    with pytest.raises(QuestionError, match="It is a neighbourhood of 2021"):
        bridge(of_2025["rank"], lookup, of_2025["people"])


def test_two_editions_side_by_side(of_2019: pd.DataFrame, of_2025: pd.DataFrame, lookup: pd.DataFrame) -> None:
    """MHCLG: 82 % of the most deprived tenth of 2025 were in that of 2019."""
    then = bridge(of_2019["rank"], lookup, of_2019["people"])["figure"]
    found = compare_editions(then, 32_844, of_2025["rank"], 33_755)
    assert found["moved"].notna().sum() == 33_755 - 6
    in_tenth = found[(found["share_now"] <= 0.1) & found["share_then"].notna()]
    assert round((in_tenth["share_then"] <= 0.1).mean(), 2) == 0.82


def test_the_index_itself_is_as_unequal_as_can_be(of_2025: pd.DataFrame) -> None:
    found = inequality(of_2025["score"], of_2025["people"], of_2025["rank"])
    assert found.areas == 33_755
    assert found.sii < 0
    assert found.sii_interval[0] < found.sii < found.sii_interval[1] < 0
    assert found.straight is False
    tenths = by_decile(of_2025["rank"] * 0 + 1, of_2025["people"], deciles(of_2025["rank"], 33_755))
    assert tenths["events"].sum() == 33_755
    assert tenths["people"].sum() == of_2025["people"].sum()


FILE_10_OF_2019 = {
    # average score, proportion of neighbourhoods in the most deprived tenth, extent
    "E06000001": (35.037, 0.3621, 0.4973),
    "E06000002": (40.46, 0.4884, 0.571),
    "E06000009": (45.039, 0.4149, 0.5766),
    "E06000017": (8.381, 0, 0),
    "E06000053": (12.005, 0, 0),
    "E07000031": (12.501, 0, 0),
    "E07000062": (34.281, 0.3019, 0.4376),
    "E07000078": (14.26, 0.0267, 0.0963),
    "E07000246": (19.142, 0.0341, 0.0894),
    "E08000003": (40.005, 0.4326, 0.5999),
    "E08000009": (16.088, 0.0507, 0.1127),
    "E08000011": (43.006, 0.4694, 0.5992),
    "E08000012": (42.412, 0.4866, 0.6213),
    "E08000025": (38.067, 0.4131, 0.5792),
    "E09000001": (14.72, 0, 0.0322),
    "E09000027": (9.425, 0, 0.0076),
    "E09000033": (20.339, 0.0234, 0.1587),
}
"""South Lakeland's (E07000031) average score comes out a thousandth too high where ties do not share their ranks."""


@pytest.mark.parametrize("code", FILE_10_OF_2019)
def test_file_10_of_2019_is_met_to_every_published_decimal(code: str, authorities_2019: pd.DataFrame) -> None:
    row = authorities_2019.loc[code]
    score, proportion, extent = FILE_10_OF_2019[code]
    assert round(row["average_score"], 3) == score
    assert round(row["share_in_decile_1"], 4) == proportion
    assert round(row["extent"], 4) == extent


def test_ranks_of_average_score_in_greater_manchester_are_those_published(authorities_2019: pd.DataFrame) -> None:
    ranks = authorities_2019.loc[[f"E080000{number:02}" for number in range(1, 11)], "rank_of_average_score"]
    assert ranks.tolist() == [34, 95, 6, 19, 15, 18, 130, 28, 191, 75]


def test_every_authority_of_2019_has_the_published_rank_of_average_rank(authorities_2019: pd.DataFrame) -> None:
    average = figures("file_10_of_2019")["average_rank"]
    assert len(average) == 317
    ranks = average.rank(ascending=False, method="min")
    assert ranks.tolist() == authorities_2019["rank_of_average_rank"].reindex(average.index).tolist()


def test_average_ranks_of_2019_are_those_published_or_one_person_away(
    of_2019: pd.DataFrame, authorities_2019: pd.DataFrame
) -> None:
    """257 of 317 are met to the second decimal, and 60 are off by less than 0.15.

    None of the 60 needs more than one person more or fewer in one of its neighbourhoods. File 6 gives whole people less
    those in prison, and many of the 60 have a prison, such as Bedford, Durham and Maidstone.
    """
    average = figures("file_10_of_2019")["average_rank"]
    found = authorities_2019.reindex(average.index)
    away = (found["average_rank"] - average).abs()
    off = found[found["average_rank"].round(2) != average]
    assert len(off) == 60
    assert away.max() < 0.15
    places = 32_845 - of_2019["rank"]
    furthest = (places - of_2019["authority"].map(found["average_rank"])).abs().groupby(of_2019["authority"]).max()
    needed = away * found["people"] / furthest.reindex(average.index)
    assert needed[off.index].max() < 1


def test_one_person_more_meets_both_figures_of_hammersmith_and_fulham(of_2019: pd.DataFrame) -> None:
    """Its average rank is published as 18,643.47 and its extent as 0.1644."""

    def told(code: str) -> tuple[float, float]:
        counted = of_2019["people"] + (of_2019.index == code)
        row = authority_summaries(of_2019["authority"], of_2019["rank"], counted, 32_844).loc[HAMMERSMITH]
        return round(row["average_rank"], 2), round(row["extent"], 4)

    assert told("nowhere") == (18_643.42, 0.1643)
    assert told("E01001961") == (18_643.47, 0.1644)


@pytest.mark.parametrize("measure", DECIMALS)
def test_every_authority_of_2025_is_where_it_was_published_or_next_to_it(
    measure: str, file_10: pd.DataFrame, authorities_2025: pd.DataFrame
) -> None:
    """Weighed by other estimates of mid-2022, which the file read here holds in place of those of File 7."""
    found = authorities_2025.reindex(file_10.index)
    moved = (found[f"rank_of_{measure}"] - file_10[f"rank_of_{measure}"]).abs()
    same, furthest = {
        "average_rank": (274, 1), "average_score": (292, 1), "extent": (279, 2), "local_concentration": (290, 1),
    }[measure]  # fmt: skip
    assert ((moved == 0).sum(), moved.max()) == (same, furthest)
    away = (found[measure] - file_10[measure]).abs()
    median, most = {
        "average_rank": (1.7, 56.3), "average_score": (0.0022, 0.053), "extent": (0.0001, 0.0009),
        "local_concentration": (1.1, 45.1),
    }[measure]  # fmt: skip
    assert away.median() < median
    assert away.max() < most


def test_weighed_by_the_people_of_file_7_the_summaries_of_2025_are_met_to_every_decimal(
    file_10: pd.DataFrame, file_7: pd.DataFrame, of_2025: pd.DataFrame, people: pd.DataFrame
) -> None:
    """Rutland, with its prison, and the City of London, which is furthest off with the other estimates."""
    counted = of_2025["people"].astype(float)
    counted.update(people["people"])
    score = rebuilt_score(file_7[[domain.rank_header for domain in DOMAINS]], 33_755)
    found = authority_summaries(of_2025["authority"], of_2025["rank"], counted, 33_755, score)
    for code in (RUTLAND, CITY_OF_LONDON):
        for measure, decimals in DECIMALS.items():
            assert round(found.loc[code, measure], decimals) == file_10.loc[code, measure], (code, measure)


def test_prisoners_are_in_the_people_of_file_7_of_2025(of_2025: pd.DataFrame, people: pd.DataFrame) -> None:
    """Rutland has a prison. File 7 counts 74 people more there than the other estimates, nowhere ten fewer."""
    rutland = of_2025.index[of_2025["authority"] == RUTLAND]
    assert people.loc[rutland, "people"].sum() - of_2025.loc[rutland, "people"].sum() == 74
    assert (people.loc[rutland, "people"] - of_2025.loc[rutland, "people"]).abs().max() == 10


RUTLAND_BY_DOMAIN = {
    # average rank, average score, proportion of neighbourhoods in the most deprived tenth
    "Income": (8054.81, 0.105, 0),
    "Employment": (7336.7, 0.067, 0),
    "Education, Skills and Training": (6886.48, 6.437, 0),
    "Health Deprivation and Disability": (5481.08, -0.955, 0),
    "Crime": (6680.1, -0.899, 0),
    "Barriers to Housing and Services": (21626.91, 28.122, 0.3462),
    "Living Environment": (16273.86, 19.98, 0.0385),
}
"""File 10 of 2025, from the same repository as the Index of Multiple Deprivation."""


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_each_domain_of_2025_is_averaged_over_the_people_it_is_about(
    domain: Domain, file_7: pd.DataFrame, of_2025: pd.DataFrame, people: pd.DataFrame
) -> None:
    """Employment over people of working age; all others over everybody."""
    counted = of_2025["people"].astype(float)
    counted.update(people["working_age" if domain.name == "Employment" else "people"])
    rank, score = file_7[domain.rank_header], file_7[domain.score_header]
    row = authority_summaries(of_2025["authority"], rank, counted, 33_755, score).loc[RUTLAND]
    told = round(row["average_rank"], 2), round(row["average_score"], 3), round(row["share_in_decile_1"], 4)
    assert told == RUTLAND_BY_DOMAIN[domain.name]
