"""The published Indices of 2019 and 2025, and the lookup between their neighbourhoods, every row of them.

The official summaries of authorities are not among the files. What is known of them is what others published: the ranks
of average rank of 2025 on Lancashire County Council's pages, the proportions of 2019 in the statistical release of
MHCLG and in the health profiles of Trafford and Blackpool.
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
    authority_summaries,
    bridge,
    compare_editions,
    deciles,
    exponential_transform,
    weighted_summary,
)
from assetmap.measures.inequality import by_decile, inequality

TRAFFORD, BLACKPOOL, MIDDLESBROUGH = "E08000009", "E06000009", "E06000002"
BIRMINGHAM, HASTINGS, CHELTENHAM = "E08000025", "E07000062", "E07000078"

STALE = {"E07000246": "E06000066"}
"""The rebuilt file of 2025 has the abolished Somerset West and Taunton beside the Somerset it is part of."""


def published(real_data: Path, name: str, year: int) -> pd.DataFrame:
    path = real_data / "england" / name
    return pd.read_csv(path, encoding="utf-8-sig", thousands=",").set_index(EDITIONS[year].code_header)


@pytest.fixture(scope="module")
def of_2019(real_data: Path) -> pd.DataFrame:
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
    )


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
    return authority_summaries(of_2019["authority"], of_2019["rank"], of_2019["people"], EDITIONS[2019].areas)


@pytest.fixture(scope="module")
def authorities_2025(of_2025: pd.DataFrame) -> pd.DataFrame:
    return authority_summaries(
        of_2025["authority"], of_2025["rank"], of_2025["people"], EDITIONS[2025].areas, of_2025["score"]
    )


def test_every_published_decile_is_met(of_2019: pd.DataFrame, file_7: pd.DataFrame) -> None:
    assert (len(of_2019), len(file_7)) == (EDITIONS[2019].areas, EDITIONS[2025].areas) == (32_844, 33_755)
    assert deciles(of_2019["rank"], 32_844).tolist() == of_2019["decile"].tolist()
    for domain in (OVERALL, *DOMAINS):
        found = deciles(file_7[domain.rank_header], 33_755)
        assert found.tolist() == file_7[domain.decile_header].tolist(), domain.name


def test_every_published_decile_of_a_domain_of_2019_is_met(real_data: Path) -> None:
    second = published(real_data, "File_2_-_IoD2019_Domains_of_Deprivation.csv.gz", 2019)
    for domain in (OVERALL, *DOMAINS):
        found = deciles(second[domain.rank_header], 32_844)
        assert found.tolist() == second[domain.decile_header].tolist(), domain.name


def test_domains_their_weights_and_the_transform_make_up_the_published_score(file_7: pd.DataFrame) -> None:
    """Within the third decimal that is published, and what the ties of domain ranks leave."""
    made = sum(
        domain.weight / 100 * exponential_transform(((33_756 - file_7[domain.rank_header]) / 33_755).to_numpy())
        for domain in DOMAINS
    )
    assert np.abs(made - file_7[OVERALL.score_header].to_numpy()).max() < 0.001


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


def test_what_was_published_of_2025(authorities_2025: pd.DataFrame) -> None:
    lancashire = {"E06000009": 1, "E07000117": 4, "E06000008": 11, "E07000122": 13, "E07000120": 16}
    assert authorities_2025.loc[list(lancashire), "rank_of_average_rank"].to_dict() == lancashire


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
