"""A made-up company with a fault of each kind about whom it sells to, and with what in hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoise.agreement import load_agreements, read_agreement, save_ratified
from counterpoise.books import Books, Workspace, import_books
from counterpoise.demo import Faults, Order, Recipe, make_company
from counterpoise.demo.export import Form
from counterpoise.demo.world import CURRENCY, TIME_ZONE
from counterpoise.watch import Found, Watched, Watching, all_kinds, watch, watching
from tests.sharing import made_once
from tests.watch.fact_books import watched_of

KINDS = {
    name: all_kinds()[name]
    for name in (
        "off_persona",
        "persona_blind_spot",
        "promotion_collision",
        "tool_gap",
        "tools_unused",
    )
}


def _make(folder: Path) -> None:
    orders = tuple(Order(kind) for kind in KINDS)
    recipe = Recipe(form=Form.PARQUET)
    made = make_company(folder / "made", deals=8_000, seed=31, faults=Faults(orders), recipe=recipe)
    workspace = Workspace.create(folder / "workspace", CURRENCY, TIME_ZONE)
    for file in made.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(made.agreement_file, workspace.agreement_file)
    import_books(workspace, made.export)
    shutil.copyfile(made.truth_file, folder / "truth.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "fit_company", _make)


@pytest.fixture(scope="module")
def watched(folder: Path) -> Iterator[Watched]:
    workspace = Workspace.open(folder / "workspace")
    with Books.open(workspace) as books:
        yield watched_of(books, load_agreements(workspace.root))


@pytest.fixture(scope="module")
def found(watched: Watched) -> Watching:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "all_kinds", lambda: KINDS)
        return watch(watched)


def test_finds_each_fault_once_and_nothing_else(found: Watching, folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["faults"]
    planted = {(each["kind"], each["variant"], each["subject"]["id"]) for each in truth}
    named = [(each.kind, each.variant, each.subject.id) for each in found.cracks]
    assert len(planted) == len(KINDS)
    assert sorted(named) == sorted(planted)
    assert found.not_watched == ()


def test_names_the_side_that_should_act(found: Watching, folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["faults"]
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
