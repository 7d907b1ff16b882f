"""Adjusting for mix: the same as least squares on the rows, and a subject's own past."""

import datetime as dt
from collections.abc import Sequence

import ibis
import numpy as np
import pyarrow as pa
import pytest

from counterpoise.watch.mix import SLICES, Cells, Rows, cells_of
from tests.ledger.small_books import memory_books

LAST = dt.date(2026, 6, 30)


def cells(mix: tuple[str, ...] = (), **columns: object) -> Cells:
    """Return the cells of rows given column by column."""
    size = len(columns["value"])  # type: ignore[arg-type]
    given = {"group": ["T"] * size, "day": [LAST] * size, "base": [1.0] * size} | columns
    table = ibis.memtable(pa.table(given))
    rows = Rows(table, "subject", "value", "base", mix=mix, group="group")
    return cells_of(memory_books(), rows, ibis.literal(LAST))


def test_agrees_with_least_squares_on_every_row() -> None:
    rng = np.random.default_rng(1)
    size = 400
    subject, color = rng.integers(0, 5, size), rng.integers(0, 3, size)
    shape = (color + rng.integers(0, 2, size)) % 4  # goes along with colour
    value = 0.3 * subject - 0.5 * color + 0.2 * shape + rng.normal(0, 0.1, size)
    found = cells(
        ("color", "shape"), subject=subject.astype(str), value=value, color=color, shape=shape
    ).people()
    design = np.c_[
        subject[:, None] == np.arange(5),
        color[:, None] == np.arange(1, 3),
        shape[:, None] == np.arange(1, 4),
    ].astype(float)
    truth = np.linalg.lstsq(design, value, rcond=None)[0][:5]
    effect = found.effect[[found.at(str(at)) for at in range(5)]]
    assert effect - effect.mean() == pytest.approx(truth - truth.mean())


def test_gives_the_variance_of_a_row_that_least_squares_leaves() -> None:
    rng = np.random.default_rng(2)
    subject, color = rng.integers(0, 4, 300), rng.integers(0, 3, 300)
    value = subject + color + rng.normal(0, 2.0, 300)
    found = cells(("color",), subject=subject.astype(str), value=value, color=color)
    design = np.c_[subject[:, None] == np.arange(4), color[:, None] == np.arange(1, 3)]
    left = np.linalg.lstsq(design.astype(float), value, rcond=None)[1][0]
    assert found.sigma2 == pytest.approx(left / (300 - 6))


def test_never_credits_a_subject_with_its_mix() -> None:
    # Everybody sells red at 0.10 and blue at 0.20; one sells blue alone.
    found = cells(
        ("color",),
        subject=["a"] * 4 + ["b"] * 2,
        color=["red", "red", "blue", "blue", "blue", "blue"],
        value=[0.1, 0.1, 0.2, 0.2, 0.2, 0.2],
    ).people()
    assert found.effect == pytest.approx([0.0, 0.0], abs=1e-12)
    assert found.expected[found.at("b")] == pytest.approx(0.2)


def test_counts_a_row_of_nobody_for_the_mix_alone() -> None:
    found = cells(
        ("color",),
        subject=["a", "a", "b", None, None],
        color=["red", "red", "blue", "red", "blue"],
        value=[0.1, 0.1, 0.2, 0.1, 0.2],
    )
    assert found.people().ids == ("a", "b")
    assert found.people().effect == pytest.approx([0.0, 0.0], abs=1e-12)


def test_expects_the_mean_where_there_is_no_mix() -> None:
    found = cells(subject=["a", "b", "b", "b"], value=[1.0, 2.0, 2.0, 3.0]).people()
    assert found.expected.tolist() == [2.0, 2.0]


def test_takes_an_expectation_that_is_known() -> None:
    table = ibis.memtable(
        pa.table({"who": ["a", "a"], "y": [1.0, 2.0], "x": [0.5, 1.0], "day": [LAST] * 2})
    )
    rows = Rows(table, "who", "y", None, expected="x")
    found = cells_of(memory_books(), rows, ibis.literal(LAST)).people()
    assert found.effect.tolist() == [0.75]  # 1.5 - 0.75


def test_leaves_out_rows_without_a_value() -> None:
    found = cells(subject=["a", "a", "b"], value=[1.0, None, 3.0]).people()
    assert found.n.tolist() == [1, 1]


def test_cuts_the_window_into_spans_of_26_days_from_its_end() -> None:
    days = [LAST, LAST - dt.timedelta(25), LAST - dt.timedelta(26), LAST - dt.timedelta(364)]
    found = cells(subject=["a"] * 4, value=[1.0] * 4, day=days)
    assert sorted(found.slice.tolist()) == [0, SLICES - 2, SLICES - 1]


def test_puts_a_person_of_two_teams_into_the_larger() -> None:
    found = cells(subject=["a"] * 3, value=[1.0] * 3, group=["T", "U", "U"]).people()
    assert found.groups == ("U",)


def test_holds_the_last_182_days_against_those_before() -> None:
    early, late = LAST - dt.timedelta(200), LAST
    found = cells(
        subject=["a"] * 4, value=[1.0, 2.0, 4.0, 6.0], day=[early, early, late, late]
    ).change()
    assert found.effect == pytest.approx([3.5])  # 5 - 1.5
    assert found.n.tolist() == [2]
    assert found.base.tolist() == [2.0]  # what was at stake in the last 182 days


def test_knows_no_change_of_who_has_no_past() -> None:
    found = cells(subject=["a", "b"], value=[1.0, 2.0]).change()
    assert found.size == 0


def past_cells(**columns: Sequence[object]) -> Cells:
    """Return the cells of rows of which some lie before the window."""
    table = ibis.memtable(pa.table(columns))
    rows = Rows(table, "who", "y", None, expected="x", window_first=LAST - dt.timedelta(364))
    return cells_of(memory_books(), rows, ibis.literal(LAST))


def test_what_lies_before_the_window_tells_the_past_alone() -> None:
    days = [LAST, LAST - dt.timedelta(364), LAST - dt.timedelta(365), LAST - dt.timedelta(400)]
    found = past_cells(who=["a"] * 4, y=[4.0, 1.0, 3.0, 3.0], x=[0.0] * 4, day=days)
    assert sorted(found.slice.tolist()) == [-2, -1, 0, SLICES - 1]
    assert found.people().n.tolist() == [2]
    assert found.over_time("a").ids == ("0", str(SLICES - 1))


def test_who_came_late_is_not_held_against_what_all_did_before() -> None:
    # All gave 2 more in the year before the last; "c" came after that year's first half.
    long_ago, before, now = (LAST - dt.timedelta(each) for each in (600, 380, 10))
    rows = [
        *[(who, 5.0, long_ago) for who in "ab"],
        *[(who, 3.0, before) for who in "abc"],
        *[(who, 3.0, now) for who in "abc"],
    ] * 10
    who, y, day = (list(each) for each in zip(*rows, strict=True))
    change = past_cells(who=who, y=y, x=[0.0] * len(who), day=day).change()
    assert change.effect == pytest.approx([0.0, 0.0, 0.0], abs=1e-3)


def test_gives_a_subject_slice_by_slice() -> None:
    days = [LAST, LAST, LAST - dt.timedelta(30)]
    found = cells(subject=["a"] * 3, value=[1.0, 3.0, 5.0], day=days)
    over = found.over_time("a")
    assert dict(zip(over.ids, over.observed.tolist(), strict=True)) == {"13": 2.0, "12": 5.0}


def test_is_empty_without_rows() -> None:
    none = pa.array([], pa.string())
    found = cells(
        ("color",), subject=none, value=pa.array([], pa.float64()), color=none, group=none,
        day=pa.array([], pa.date32()), base=pa.array([], pa.float64()),
    )  # fmt: skip
    assert found.people().size == 0
