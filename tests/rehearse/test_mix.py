"""The mix: what was known before an offer, as columns."""

from __future__ import annotations

import dataclasses

import numpy as np

from counterpoise.rehearse.mix import cause_columns, codes_of, level_columns, mix_of
from tests.rehearse.made_offers import World, made, with_cause


def test_levels_have_a_column_each_but_for_the_most_frequent() -> None:
    values = np.array(["a"] * 50 + ["b"] * 40 + [None] * 30 + ["c"] * 5, dtype=object)
    found = cause_columns(values)
    assert found.shape == (125, 2)
    np.testing.assert_array_equal(found[:, 0], values == "b")
    np.testing.assert_array_equal(found[:, 1], [value is None for value in values])


def test_five_thousand_names_have_no_columns() -> None:
    names = np.array([f"v{at}" for at in range(5_000)], dtype=object)
    assert cause_columns(names).shape == (5_000, 0)


def test_at_most_twenty_levels_have_columns() -> None:
    assert level_columns(np.repeat(np.arange(40), 40)).shape == (1_600, 20)


def test_unknown_codes_have_no_column() -> None:
    assert level_columns(np.full(100, -1)).shape == (100, 0)


def test_number_is_standardised_and_says_where_it_is_unknown() -> None:
    values = np.array([1.0, 3.0, np.nan, 1.0, 3.0])
    np.testing.assert_allclose(
        cause_columns(values), [[-1, 0], [1, 0], [0, 1], [-1, 0], [1, 0]], atol=1e-12
    )


def test_number_that_reaches_far_is_read_by_its_logarithm() -> None:
    values = np.array([0.0, np.e**4 - 1, np.e**8 - 1])
    np.testing.assert_allclose(cause_columns(values)[:, 0], np.array([-1, 0, 1]) * np.sqrt(1.5))


def test_number_that_is_the_same_or_nowhere_has_no_column() -> None:
    assert cause_columns(np.full(9, 7.0)).shape == (9, 0)
    assert cause_columns(np.full(9, np.nan)).shape == (9, 0)


def test_missing_value_is_a_level_of_its_own() -> None:
    np.testing.assert_array_equal(codes_of(np.array(["x", None, "x"], dtype=object)), [0, 1, 0])


def test_columns_name_their_cause_and_can_be_left_out() -> None:
    offers = made(0, World(deals=400)).offers
    mix = mix_of(offers)
    assert mix.named == (
        "deal.list_amount",
        "season",
        "account.segment",
        "deal.source",
        "account.employees",
        "row",
    )
    assert (mix.columns[:, 0] == 1.0).all()
    without = mix.without("account.segment")
    assert "account.segment" not in without.named
    assert without.columns.shape[1] == mix.columns.shape[1] - 2


def test_price_is_left_out_with_what_takes_a_price() -> None:
    mix = mix_of(made(0, World(deals=400)).offers, ["deal.source"], with_price=False)
    assert mix.named == ("season", "account.segment", "account.employees")


def test_groups_are_rows_segments_and_sources() -> None:
    assert mix_of(made(0, World(deals=400)).offers).groups.shape == (400, 2 + 3 + 4)


def test_offers_that_are_all_alike_have_a_mix() -> None:
    offers = made(0, World(deals=200)).offers
    same = dataclasses.replace(
        with_cause(offers, "deal.attr.same", np.array(["x"] * 200, dtype=object)),
        listed=np.full(200, 100.0),
        row=np.full(200, -1),
        created=np.full(200, 19_000),
    )
    columns = mix_of(same).columns
    assert np.isfinite(columns).all()
