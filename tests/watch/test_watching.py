"""The watch: one family of questions, and what becomes a crack of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from counterpoise.agreement.document import Side
from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.ledger.crack import Subject
from counterpoise.watch import Kind, OtherView, Watched, Watching, crack_id, watch, watching
from counterpoise.watch import kind as kinds
from counterpoise.watch.kind import Unit
from counterpoise.watch.picture import Axis, Picture
from tests.ledger.agreements import agreement
from tests.ledger.small_books import deals_of, memory_books

AS_OF = dt.date(2026, 6, 30)
RULES = "watch: {false_alarms: 10%, material: 5000, promises_kept: 90%}"


def answer(id_: str, p: float | None, stake: int = 9_000, **more: Any) -> kinds.Tested:
    return kinds.Tested(
        variant=more.pop("variant", "rep"),
        subject=Subject("person", id_, f"Name of {id_}"),
        side=Side.SALES,
        observed=0.2,
        expected=0.1,
        low=0.15,
        high=0.25,
        n=40,
        p=p,
        stake=Decimal(stake),
        stake_formula="counted by hand",
        since=dt.date(2026, 1, 1),
        picture=Picture(Axis.PEERS, ()),
        **more,
    )


def _no_rows(_: Watched, found: kinds.Tested) -> ir.Table:
    part = {"deal_id": [found.subject.id], "stake_part": [float(found.stake)]}
    return ibis.memtable(part, schema={"deal_id": "string", "stake_part": "float64"})


def kind(name: str, *answers: kinds.Tested, needs: tuple[str, ...] = (), missing: str = "") -> Kind:
    def test(_: Watched) -> Iterable[kinds.Tested]:
        assert not missing, "a kind that is not watched is not asked"
        return answers

    return Kind(
        name=name,
        side=Side.SALES,
        counterpart="other",
        variants={"rep": "person"},
        asks="",
        measure="",
        stake="",
        unit=Unit.POINTS,
        needs=needs,
        test=test,
        says=lambda _, found: f"{found.subject.name} does.",
        next_step=lambda _, found: f"Talk with {found.subject.name}.",
        rows=_no_rows,
        other_view=lambda *_: OtherView(""),
        missing=lambda _: missing,
    )


@pytest.fixture
def watched() -> Watched:
    agreed = agreement(RULES)
    books = memory_books(deals=[{"deal_id": "D1"}])
    return Watched(View(books, AS_OF), Agreements.single(agreed), agreed, deals_of([]))


class Asking:
    """Watches with the kinds that a test names."""

    def __init__(self, watched: Watched, patch: pytest.MonkeyPatch) -> None:
        self.watched = watched
        self.patch = patch

    def __call__(self, *kinds: Kind, is_open: Sequence[str] = ()) -> Watching:
        self.patch.setattr(watching, "all_kinds", lambda: {each.name: each for each in kinds})
        return watch(self.watched, is_open)


@pytest.fixture
def ask(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Asking:
    return Asking(watched, monkeypatch)


def named(found: Watching) -> list[tuple[str, str]]:
    return [(each.kind, each.subject.id) for each in found.cracks]


def id_of(kind_: str, person: str) -> str:
    return crack_id(kind_, "rep", "person", person)


class TestFamily:
    def test_adjusts_every_p_value_for_all_questions_of_all_kinds(self, ask: Asking) -> None:
        # Benjamini-Hochberg by hand over 0.01, 0.03, 0.5, 0.9: 0.01 × 4, 0.03 × 4 / 2, the rest.
        found = ask(
            kind("a", answer("P1", 0.01), answer("P2", 0.5)),
            kind("b", answer("P3", 0.03), answer("P4", 0.9)),
        )
        assert {each.subject.id: each.q_value for each in found.cracks} == {
            "P1": pytest.approx(0.04),
            "P3": pytest.approx(0.06),
        }
        assert found.questions == 4

    def test_one_question_more_may_close_what_it_has_nothing_to_do_with(self, ask: Asking) -> None:
        few = [answer(f"P{at}", 0.8) for at in range(4)]
        assert named(ask(kind("a", answer("X", 0.02), *few))) == [("a", "X")]
        assert named(ask(kind("a", answer("X", 0.02), *few), kind("b", answer("Y", 0.8)))) == []

    def test_leaves_out_what_nobody_could_judge(self, ask: Asking) -> None:
        found = ask(kind("a", answer("P1", float("nan")), answer("P2", 0.05)))
        assert named(found) == [("a", "P2")]
        assert found.cracks[0].q_value == pytest.approx(0.05)
        assert found.questions == 1

    def test_finds_nothing_where_nothing_was_asked(self, ask: Asking) -> None:
        assert named(ask(kind("a"))) == []

    def test_a_plain_fact_has_no_q_value_and_is_no_member(self, ask: Asking) -> None:
        found = ask(kind("a", answer("B1", None), answer("B2", None)), kind("b", answer("P", 0.09)))
        by_id = {each.subject.id: each.q_value for each in found.cracks}
        assert by_id == {"B1": None, "B2": None, "P": pytest.approx(0.09)}


class TestThresholds:
    def test_opens_at_the_agreed_rate(self, ask: Asking) -> None:
        assert named(ask(kind("a", answer("P", 0.1)))) == [("a", "P")]
        assert named(ask(kind("a", answer("P", 0.1001)))) == []

    def test_keeps_what_is_open_up_to_thirty_percent(self, ask: Asking) -> None:
        open_ = [id_of("a", "P")]
        assert named(ask(kind("a", answer("P", 0.3)), is_open=open_)) == [("a", "P")]
        assert named(ask(kind("a", answer("P", 0.3001)), is_open=open_)) == []

    def test_keeps_nobody_else_for_it(self, ask: Asking) -> None:
        both = kind("a", answer("P", 0.2), answer("Q", 0.2))
        assert named(ask(both, is_open=[id_of("a", "P")])) == [("a", "P")]

    def test_asks_for_the_material_stake_of_facts_and_of_what_is_open(self, ask: Asking) -> None:
        found = ask(
            kind(
                "a",
                answer("P1", 0.001, stake=4_999),
                answer("P2", 0.001, stake=5_000),
                answer("B1", None, stake=4_999),
                answer("B2", None, stake=5_000),
            ),
            is_open=[id_of("a", "P1")],
        )
        assert sorted(named(found)) == [("a", "B2"), ("a", "P2")]

    def test_judges_before_it_looks_at_money(self, ask: Asking) -> None:
        small = [answer(f"P{at}", 0.9, stake=0) for at in range(9)]
        assert named(ask(kind("a", answer("X", 0.011), *small))) == []


class TestOneCause:
    def test_names_the_member_who_explains_a_team_and_not_the_team(self, ask: Asking) -> None:
        found = ask(
            kind(
                "a",
                answer("P", 0.0001, group="North", p_among=0.001),
                answer("North", 0.002, variant="team", member="P", p_without=0.4),
            )
        )
        assert named(found) == [("a", "P")]

    def test_names_the_team_and_not_each_member(self, ask: Asking) -> None:
        found = ask(
            kind(
                "a",
                answer("P", 0.001, group="North", p_among=0.3),
                answer("Q", 0.001, group="North", p_among=0.2),
                answer("North", 0.0001, variant="team", member="P", p_without=0.001),
            )
        )
        assert named(found) == [("a", "North")]

    def test_names_a_member_who_stands_out_in_a_team_that_is_named(self, ask: Asking) -> None:
        found = ask(
            kind(
                "a",
                answer("P", 0.0001, group="North", p_among=0.001),
                answer("North", 0.0001, variant="team", member="P", p_without=0.001),
            )
        )
        assert sorted(named(found)) == [("a", "North"), ("a", "P")]

    def test_names_a_member_of_a_team_that_is_not_named(self, ask: Asking) -> None:
        found = ask(
            kind(
                "a",
                answer("P", 0.001, group="North", p_among=0.5),
                answer("North", 0.5, variant="team", member="P", p_without=0.9),
            )
        )
        assert named(found) == [("a", "P")]

    def test_a_team_of_another_kind_explains_nobody(self, ask: Asking) -> None:
        found = ask(
            kind("a", answer("P", 0.001, group="North", p_among=0.5)),
            kind("b", answer("North", 0.001, variant="team", member="Q", p_without=0.001)),
        )
        assert sorted(named(found)) == [("a", "P"), ("b", "North")]


class TestNotWatched:
    def test_names_the_tables_that_are_not_there(self, ask: Asking) -> None:
        found = ask(kind("a", answer("P", 0.001), needs=("deals", "leads", "tool_uses")))
        assert [(each.kind, each.why) for each in found.not_watched] == [
            ("a", "the books hold no leads and no tool uses")
        ]
        assert named(found) == []
        assert found.questions == 0

    def test_gives_the_reason_of_the_kind_and_does_not_ask_it(self, ask: Asking) -> None:
        found = ask(kind("a", missing="nobody writes it down"), kind("b", answer("P", 0.001)))
        assert [(each.kind, each.why) for each in found.not_watched] == [
            ("a", "nobody writes it down")
        ]
        assert named(found) == [("b", "P")]

    def test_lists_a_kind_that_fails_and_goes_on_with_the_others(
        self, ask: Asking, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fails(_: Watched) -> Iterable[kinds.Tested]:
            yield answer("Q", 0.0001)
            raise ZeroDivisionError("nothing to divide by")

        broken = replace(kind("a"), test=fails)
        found = ask(broken, kind("b", answer("P", 0.001)), is_open=[id_of("a", "Q")])
        assert [(each.kind, each.why) for each in found.not_watched] == [
            ("a", "it failed over these books: ZeroDivisionError: nothing to divide by")
        ]
        assert named(found) == [("b", "P")]
        assert (found.questions, found.no_longer) == (1, ())
        assert "ZeroDivisionError" in caplog.text


class TestWhatHeals:
    def test_what_was_open_and_is_not_found_is_told_as_it_was_measured(self, ask: Asking) -> None:
        healed = answer("P", 0.4, 7_000)
        found = ask(kind("a", healed, answer("Q", 0.8)), is_open=[id_of("a", "P")])
        # Benjamini-Hochberg by hand over 0.4 and 0.8: 0.4 × 2.
        assert found.no_longer == (
            watching.Measured(id_of("a", "P"), 0.2, 0.1, 0.15, 0.25, 40, 0.8, 7_000.0),
        )

    def test_what_stays_open_or_never_was_is_not_told(self, ask: Asking) -> None:
        found = ask(kind("a", answer("P", 0.001), answer("Q", 0.8)), is_open=[id_of("a", "P")])
        assert named(found) == [("a", "P")]
        assert found.no_longer == ()


class TestCracks:
    def test_are_told_whole(self, ask: Asking) -> None:
        crack = ask(kind("a", answer("P", 0.01))).cracks[0]
        assert crack.id == id_of("a", "P")
        assert crack.says == "Name of P does."
        assert crack.next_step == "Talk with Name of P."
        assert (crack.observed, crack.expected, crack.low, crack.high) == (0.2, 0.1, 0.15, 0.25)
        assert (crack.side, crack.n, crack.stake) == ("sales", 40, 9_000.0)
        assert crack.stake_formula == "counted by hand"
        assert crack.since == dt.date(2026, 1, 1)

    def test_stand_with_most_money_first(self, ask: Asking) -> None:
        found = ask(kind("a", answer("P1", 0.01, 6_000), answer("P2", 0.01, 8_000)))
        assert named(found) == [("a", "P2"), ("a", "P1")]

    def test_keep_their_id_from_review_to_review(self) -> None:
        same = {crack_id("a", "rep", "person", "P7"), crack_id("a", "rep", "person", "P7")}
        others = {crack_id("b", "rep", "person", "P7"), crack_id("a", "rep", "person", "P8")}
        assert len(same) == 1
        assert not same & others

    def test_count_the_money_of_a_deal_once(self, ask: Asking) -> None:
        found = ask(
            kind("a", answer("D1", 0.01, 6_000), answer("D2", 0.01, 7_000)),
            kind("b", answer("D1", 0.01, 8_000)),
        )
        assert found.total_stake() == 15_000.0
        assert (
            found.total_stake([each for each in found.found if each.kind.name == "a"]) == 13_000.0
        )

    def test_are_worth_nothing_without_an_agreement(self) -> None:
        assert Watching(None, (), (), 0).total_stake() == 0.0
