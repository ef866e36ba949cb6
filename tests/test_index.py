"""A composite index: it can be taken apart, points one way, fills nothing in, and says how firm its ranks are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.errors import QuestionError
from assetmap.measures.index import Combine, Component, Missing, Normalise, Recipe, composite, contributions, firmness

WAYS = [(n, c) for n in ("z", "rank", "min-max") for c in ("arithmetic", "geometric")]
NEED = Component("need")
SHOPS = Component("shops", raises=False)


def table(**columns: list[float]) -> pd.DataFrame:
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=pd.Index([f"E{n:02}" for n in range(rows)], name="area_code"))


def town(rows: int = 40, seed: int = 1) -> tuple[pd.DataFrame, Recipe]:
    values = np.random.default_rng(seed).normal(size=(rows, 4))
    frame = table(**{name: list(column) for name, column in zip("abcd", values.T, strict=True)})
    parts = (Component("a", 2), Component("b", 1), Component("c", 1, raises=False), Component("d", 0))
    return frame, Recipe(parts)


def test_ranks_are_shared_out_with_equals_in_the_middle() -> None:
    parts = contributions(table(need=[10, 20, 20, 40]), Recipe((NEED,)))
    assert parts["normalised"].tolist() == [0.125, 0.5, 0.5, 0.875]


def test_scales_are_those_of_the_handbook() -> None:
    values = table(need=[1, 2, 3])
    z = contributions(values, Recipe((NEED,), "z"))["normalised"]
    assert z.tolist() == pytest.approx([-1.2247449, 0, 1.2247449])
    assert contributions(values, Recipe((NEED,), "min-max"))["normalised"].tolist() == [0, 0.5, 1]
    assert contributions(values, Recipe((NEED,), "z", "geometric"))["normalised"].tolist() == pytest.approx(
        [87.752551, 100, 112.247449]
    )
    assert contributions(values, Recipe((NEED,), "min-max", "geometric"))["normalised"].min() == 0.01


def test_more_provision_lowers_the_index() -> None:
    answer = composite(table(need=[5, 5, 5], shops=[0, 3, 9]), Recipe((NEED, SHOPS)))
    assert answer["rank"].tolist() == [1, 2, 3]
    assert answer["index"].is_monotonic_decreasing


def test_weights_are_shares_of_their_sum() -> None:
    values = table(need=[1, 2], shops=[1, 2])
    answer = composite(values, Recipe((Component("need", 30), Component("shops", 10, raises=False)), "min-max"))
    assert answer["index"].tolist() == [0.25, 0.75]


def test_a_very_low_part_holds_a_geometric_index_down() -> None:
    values = table(need=[1, 5, 9], more=[9, 5, 1])
    recipe = (NEED, Component("more"))
    assert composite(values, Recipe(recipe))["rank"].tolist() == [1, 1, 1]
    assert composite(values, Recipe(recipe, combine="geometric"))["rank"].tolist() == [2, 1, 2]


@given(seed=st.integers(0, 10_000), way=st.sampled_from(WAYS), missing=st.sampled_from(["leave out", "re-weight"]))
@settings(max_examples=40)
def test_the_parts_add_up_to_the_whole(seed: int, way: tuple[Normalise, Combine], missing: Missing) -> None:
    values, recipe = town(20, seed)
    values = values.mask(np.random.default_rng(seed).random(values.shape) < 0.15)
    recipe = Recipe(recipe.components, *way, missing)
    parts = contributions(values, recipe)
    total = parts["contribution"].groupby(level=0, sort=False).sum(min_count=1)
    whole = composite(values, recipe)["index"]
    expected = np.log(whole) if way[1] == "geometric" else whole
    pd.testing.assert_series_equal(total, expected, check_names=False, rtol=1e-12)
    counted = parts["weight"].groupby(level=0, sort=False).sum()[whole.notna()]
    assert np.allclose(counted, 1)


def test_why_is_this_one_high_names_each_part_with_its_raw_value() -> None:
    values = table(need=[1, 9], shops=[4, 0])
    why = contributions(values, Recipe((NEED, SHOPS))).loc["E01"]
    assert why.index.tolist() == ["need", "shops"]
    assert why["value"].tolist() == [9, 0]
    assert why["normalised"].tolist() == [0.75, 0.75]
    assert why["contribution"].tolist() == [0.375, 0.375]


def test_what_is_not_measured_gets_no_index_and_says_what_is_missing() -> None:
    answer = composite(table(need=[1, 2, np.nan], shops=[1, np.nan, np.nan]), Recipe((NEED, SHOPS)))
    assert answer["index"].isna().tolist() == [False, True, True]
    assert answer["rank"].isna().tolist() == [False, True, True]
    assert answer["not_measured"].tolist() == [(), ("shops",), ("need", "shops")]


def test_the_rest_is_re_weighted_only_when_asked() -> None:
    values = table(need=[1, 2, np.nan], shops=[1, np.nan, np.nan])
    answer = composite(values, Recipe((NEED, SHOPS), missing="re-weight"))
    assert answer["index"].notna().tolist() == [True, True, False]
    assert contributions(values, Recipe((NEED, SHOPS), missing="re-weight")).loc[("E01", "need"), "weight"] == 1


def test_a_part_of_no_weight_may_be_missing() -> None:
    recipe = Recipe((NEED, Component("shops", 0)))
    values = table(need=[1, 2], shops=[np.nan, 4])
    assert composite(values, recipe)["index"].tolist() == [0.25, 0.75]
    assert composite(values, recipe)["not_measured"].tolist() == [(), ()]
    assert contributions(values, recipe)["contribution"].tolist() == [0.25, 0, 0.75, 0]


@pytest.mark.parametrize("way", WAYS)
def test_a_part_in_which_all_are_equal_moves_nobody(way: tuple[Normalise, Combine]) -> None:
    values = table(need=[1, 2, 3], shops=[7, 7, 7])
    assert composite(values, Recipe((NEED, SHOPS), *way))["rank"].tolist() == [3, 2, 1]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((Component("need", 0), Component("shops", 0)), "Every weight is 0"),
        ((Component("need", -1),), "from 0 upwards"),
        ((Component("pubs"),), "pubs"),
        ((NEED, NEED), "once"),
    ],
)
def test_a_recipe_without_sense_is_refused(parts: tuple[Component, ...], words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        composite(table(need=[1, 2], shops=[1, 2]), Recipe(parts))


def test_a_walk_without_end_is_refused_by_name() -> None:
    with pytest.raises(QuestionError, match="shops"):
        composite(table(need=[1, 2], shops=[1, np.inf]), Recipe((NEED, SHOPS)))


def test_a_row_that_leads_in_everything_is_firmly_first() -> None:
    values, recipe = town()
    values.iloc[7] = [9, 9, -9, 9]
    firm = firmness(values, recipe)
    assert firm.iloc[7].tolist() == [1, 1, 1, 1]
    assert (firm["rank_low"] <= firm["rank_median"]).all()
    assert (firm["rank_median"] <= firm["rank_high"]).all()
    assert firm["share_in_top_tenth"].sum() == pytest.approx(4, abs=0.01)


def test_firmness_is_the_same_each_time_and_in_any_order_of_rows() -> None:
    values, recipe = town()
    again = firmness(values.sample(frac=1, random_state=2), recipe).loc[values.index]
    pd.testing.assert_frame_equal(firmness(values, recipe), again)


def test_a_wider_spread_of_weights_makes_ranks_less_firm() -> None:
    values, recipe = town()
    only = [("rank", "arithmetic")]
    width = [
        (firm["rank_high"] - firm["rank_low"]).mean()
        for firm in (firmness(values, recipe, spread=spread, variants=only) for spread in (0.01, 0.25, 0.75))
    ]
    assert width[0] < width[1] < width[2]


def test_without_anything_to_vary_the_ranks_are_those_of_the_index() -> None:
    values, _ = town()
    recipe = Recipe((Component("a"),))
    firm = firmness(values, recipe)
    assert firm["rank_median"].tolist() == composite(values, recipe)["rank"].tolist()
    assert (firm["rank_low"] == firm["rank_high"]).all()


def test_equals_stay_equal_in_every_run() -> None:
    values, recipe = town()
    values.iloc[3] = values.iloc[30]
    firm = firmness(values, recipe)
    assert firm.iloc[3].tolist() == firm.iloc[30].tolist()


def test_a_row_without_an_index_is_in_the_answer_and_ranked_nowhere() -> None:
    values, recipe = town()
    values.iloc[5, 0] = np.nan
    assert firmness(values, recipe).iloc[5].isna().all()
    assert firmness(values, recipe).drop(values.index[5]).notna().all().all()
    asked = Recipe(recipe.components, missing="re-weight")
    assert firmness(values, asked).notna().all().all()
    values.iloc[:, 0] = np.nan
    assert firmness(values, recipe).isna().all().all()
