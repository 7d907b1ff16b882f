"""A made-up company with a fault of each kind about whom it sells to, and with what in hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.watch import Found, Watched, Watching, watch, watching
from tests.watch.fact_books import watched_of
from tests.watch.fit_books import KINDS


@pytest.fixture(scope="module")
def watched(fit_folder: Path) -> Iterator[Watched]:
    workspace = Workspace.open(fit_folder / "workspace")
    with Books.open(workspace) as books:
        yield watched_of(books, load_agreements(workspace.root))


@pytest.fixture(scope="module")
def found(watched: Watched) -> Watching:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "all_kinds", lambda: KINDS)
        return watch(watched)


def test_finds_each_fault_once_and_nothing_else(found: Watching, fit_folder: Path) -> None:
    truth = json.loads((fit_folder / "truth.json").read_text(encoding="utf-8"))["faults"]
    planted = {(each["kind"], each["variant"], each["subject"]["id"]) for each in truth}
    named = [(each.kind, each.variant, each.subject.id) for each in found.cracks]
    assert len(planted) == len(KINDS)
    assert sorted(named) == sorted(planted)
    assert found.not_watched == ()


def test_names_the_side_that_should_act(found: Watching, fit_folder: Path) -> None:
    truth = json.loads((fit_folder / "truth.json").read_text(encoding="utf-8"))["faults"]
    sides = {each["kind"]: each["side"] for each in truth}
    assert {each.kind: each.side for each in found.cracks} == sides


@pytest.mark.parametrize("kind", KINDS)
def test_every_finding_opens(found: Watching, watched: Watched, kind: str) -> None:
    one: Found = next(each for each in found.found if each.crack.kind == kind)
    rows = watched.books.run(one.kind.rows(watched, one.tested))
    assert rows.column_names[0] == "deal_id"
    parts = sum(rows["stake_part"].to_pylist())
    assert parts == pytest.approx(one.crack.stake, rel=0.01)
    assert one.kind.other_view(watched, one.tested).figures
    assert any(mark.is_subject for mark in one.tested.picture.marks)


def test_is_silent_where_other_things_are_wrong(
    fact_company: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "all_kinds", lambda: KINDS)
    assert fact_company.watched is not None
    assert watch(fact_company.watched).cracks == ()
