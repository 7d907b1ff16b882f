"""The kinds about leads on made-up companies: each finds its own fault, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.watch import Found, Watched, Watching, watch, watching
from tests.sharing import made_once
from tests.watch.fact_books import watched_of
from tests.watch.lead_books import PLANTED, lead_kinds, make_blameless_company, make_lead_company


def _watched(folder: Path) -> Iterator[Watched]:
    workspace = Workspace.open(folder / "workspace")
    with Books.open(workspace) as books, pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "all_kinds", lead_kinds)
        yield watched_of(books, load_agreements(workspace.root))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "lead_company", make_lead_company) / "faulty"


@pytest.fixture(scope="module")
def faulty(company: Path) -> Iterator[Watching]:
    for watched in _watched(company):
        yield watch(watched)


@pytest.fixture(scope="module")
def blameless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    made = made_once(tmp_path_factory, "blameless_leads", make_blameless_company)
    for watched in _watched(made / "blameless"):
        yield watch(watched)


@pytest.fixture(scope="module")
def subjects(company: Path) -> dict[str, set[tuple[str, str]]]:
    truth = json.loads((company / "truth.json").read_text(encoding="utf-8"))
    return {each["kind"]: {(each["variant"], each["subject"]["id"])} for each in truth["faults"]}


@pytest.mark.parametrize("kind", PLANTED)
def test_names_whom_the_fault_befalls_and_nobody_else(
    faulty: Watching, subjects: dict[str, set[tuple[str, str]]], kind: str
) -> None:
    found = {(each.variant, each.subject.id) for each in faulty.cracks if each.kind == kind}
    assert found == subjects[kind]


def test_a_company_without_faults_raises_nothing(blameless: Watching) -> None:
    assert [crack.says for crack in blameless.cracks] == []
    assert blameless.not_watched == ()
    assert blameless.questions > 150


def found_of(faulty: Watching, kind: str) -> tuple[Watched, Found]:
    assert faulty.watched is not None
    return faulty.watched, next(each for each in faulty.found if each.kind.name == kind)


@pytest.mark.parametrize("kind", PLANTED)
def test_the_rows_behind_it_add_up_to_the_stake(faulty: Watching, kind: str) -> None:
    watched, found = found_of(faulty, kind)
    rows = faulty.rows_of(found)
    assert rows.columns[0] == "lead_id"
    parts = watched.one(rows.stake_part.sum())
    assert parts == pytest.approx(found.crack.stake, rel=0.05)


@pytest.mark.parametrize("kind", PLANTED)
def test_it_says_what_a_manager_can_say_aloud(faulty: Watching, kind: str) -> None:
    watched, found = found_of(faulty, kind)
    assert found.crack.subject.name in found.crack.says
    assert found.crack.subject.name in found.crack.next_step
    assert sum(mark.is_subject for mark in found.tested.picture.marks) >= 1
    view = found.kind.other_view(watched, found.tested)
    assert view.says.endswith(".")
    assert len(view.figures) >= 2
    assert found.crack.low is not None
    assert found.crack.high is not None
    if kind != "score_bunching":  # its interval is that of what is expected
        assert found.crack.low <= (found.crack.observed or 0) <= found.crack.high
    assert "margin" in found.crack.stake_formula
