"""The kinds about the trade: every fault of the consumer-goods company is found."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.demo.consumer import CONSUMER_FAULTS, ConsumerRecipe
from counterpoise.watch import Watching, all_kinds, watch, watching
from scripts.crack_examples import make_consumer_books
from tests.postgres import Server
from tests.sharing import made_once
from tests.spark import engine_of
from tests.watch.elsewhere import Asked
from tests.watch.fact_books import watched_of

RECIPE = ConsumerRecipe(first_on=dt.date(2024, 1, 1), accounts=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(
        tmp_path_factory, "consumer", lambda folder: make_consumer_books(folder, recipe=RECIPE)
    )


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    text = (folder / "made" / "truth.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="module")
def watched(folder: Path) -> Iterator[Watching]:
    """Watch the company for the kinds about the trade. Its books are open."""
    workspace = Workspace.open(folder / "workspace")
    kinds = {name: all_kinds()[name] for name in CONSUMER_FAULTS}
    with Books.open(workspace) as books, pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "all_kinds", lambda: kinds)
        yield watch(watched_of(books, load_agreements(workspace.root), RECIPE.last_on))


def test_finds_every_planted_fault_and_hardly_anything_else(
    watched: Watching, truth: dict[str, Any]
) -> None:
    planted = {(each["kind"], each["subject"]["id"]) for each in truth["faults"]}
    found = {(each.kind, each.subject.id) for each in watched.cracks}
    assert planted - found == set()
    assert len(found - planted) <= 0.1 * len(found)  # the share that was agreed
    assert watched.not_watched == ()


def test_a_planted_loser_lost_about_what_the_watch_says(
    watched: Watching, truth: dict[str, Any]
) -> None:
    known = {each["subject"]["id"]: each["earned"] for each in truth["faults"] if "earned" in each}
    found = {each.subject.id: each for each in watched.cracks if each.variant == "promotion"}
    assert len(known) == 8
    for id_, earned in known.items():
        assert found[id_].observed == pytest.approx(earned, rel=0.1)


def test_each_says_who_should_act_and_shows_the_rows_behind_it(watched: Watching) -> None:
    sides = {each.kind.name: each.crack.side for each in watched.found}
    assert sides == {
        "base_price_drift": "both",
        "calendar_clash": "both",
        "losing_promotion": "sales",
        "promotion_dependence": "both",
        "unsupported_promotion": "marketing",
    }
    kinds = {each.kind.name: each for each in watched.found}
    assert watched.watched is not None
    for each in kinds.values():
        rows = watched.watched.books.run(watched.rows_of(each)).to_pylist()
        whole = sum(row["stake_part"] for row in rows)
        assert whole == pytest.approx(float(each.tested.stake), rel=0.25), each.kind.name
        assert each.kind.other_view(watched.watched, each.tested).says
        assert each.crack.next_step


def test_a_company_of_another_kind_is_not_watched_for_its_trade(watched: Watching) -> None:
    assert watched.watched is not None
    company = watched.watched.agreement.company.model_copy(update={"kind": "industrial"})
    agreement = watched.watched.agreement.model_copy(update={"company": company})
    other = type(watched.watched)(
        watched.watched.view, watched.watched.agreements, agreement, watched.watched.judged
    )
    for name in CONSUMER_FAULTS:
        assert "company.kind" in all_kinds()[name].missing(other), name


PLAIN = ("calendar_clash", "promotion_dependence", "unsupported_promotion")
"""The kinds that need no lift; that of the lift is the same on PostgreSQL by its own tests."""


def _asked(folder: Path, names: Iterable[str], scratch: Path) -> Asked:
    kinds = {name: all_kinds()[name] for name in names}
    return Asked.of(folder / "workspace", kinds, scratch, RECIPE.last_on)


def test_on_postgresql(folder: Path, tmp_path: Path, postgres: Server) -> None:
    asked = _asked(folder, PLAIN, tmp_path)
    assert {name for name, _, _ in asked.answers} == {*PLAIN}
    engine = ibis.connect(postgres.url)
    asked.check(engine, shown=PLAIN[:1])
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_all_on_postgresql_and_spark(
    folder: Path, tmp_path: Path, postgres: Server, spark_session: Any
) -> None:
    asked = _asked(folder, CONSUMER_FAULTS, tmp_path)
    assert {name for name, _, _ in asked.answers} == {*CONSUMER_FAULTS}
    engine = ibis.connect(postgres.url)
    asked.check(engine)
    engine.disconnect()
    asked.check(engine_of(spark_session))
