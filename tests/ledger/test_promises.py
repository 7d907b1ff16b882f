"""Promises of both sides, and budgets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement.metrics import PROMISE_METRICS
from counterpoise.books.facts import View
from counterpoise.ledger.budgets import BudgetState, budget_states
from counterpoise.ledger.period import Period
from counterpoise.ledger.promises import PromiseState, promise_states
from tests.ledger.agreements import agreement
from tests.ledger.small_books import deal, deals_of, memory_books

AS_OF = dt.date(2026, 3, 31)

DEALS = [
    deal("D1", list_amount=100, net_amount=90, customization_cost=7),
    deal("D2", list_amount=300, net_amount=210, leakage=30),
    deal("D3", list_amount=300, net_amount=290, unjudged=4),
    deal("D4", "lost", list_amount=50, net_amount=40, loss_reason="price"),
    deal("D5", "lost", list_amount=50),
    deal("D6", "lost", list_amount=50, day=dt.date(2025, 6, 1)),
]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}")


def lead(number: int, handed: str, **facts: Any) -> dict[str, Any]:
    return {
        "lead_id": f"L{number}",
        "created_at": at("01-01"),
        "qualified_at": at("01-02"),
        "handed_over_at": at(handed),
        "account_id": "A1",
        **facts,
    }


def period(
    clauses: str, tables: dict[str, Iterable[Any]], first: dt.date = dt.date(2026, 1, 1)
) -> Period:
    books = memory_books(**{"deals": DEALS, **tables})
    return Period(View(books, AS_OF), deals_of(DEALS), agreement(clauses), first, AS_OF)


def promise(side: str, asked: str, clauses: str = "", **tables: Iterable[Any]) -> PromiseState:
    written = f"promises: {{{side}: [{{id: p, {asked}}}]}}\n{clauses}"
    return promise_states(period(written, tables))[0]


def test_counts_whole_periods_in_which_enough_was_done() -> None:
    leads = [lead(1, "01-05"), lead(2, "01-20"), lead(3, "02-03"), lead(4, "03-31T23:00")]
    leads += [lead(5, "03-01", qualified_at=None), lead(6, "03-30")]
    found = promise("marketing", "metric: qualified_leads, at_least: 2, every: month", leads=leads)
    assert (found.kept, found.due, found.status) == (Decimal(2) / 3, 3, "broken")
    assert found.enough == Decimal("0.9")


def test_is_unknown_before_the_first_period_is_over() -> None:
    leads = [lead(1, "01-05")]
    found = promise("marketing", "metric: qualified_leads, at_least: 2, every: year", leads=leads)
    assert (found.kept, found.due, found.status, found.why) == (
        None, 0, "unknown", "nothing was due yet",
    )  # fmt: skip


def test_counts_shares_against_their_own_target() -> None:
    found = promise("sales", "metric: lost_offers_recorded, at_least: 50%")
    assert (found.kept, found.due, found.status) == (Decimal("0.5"), 2, "kept")
    found = promise("sales", "metric: loss_reason_recorded, at_least: 60%")
    assert (found.kept, found.due, found.status) == (Decimal("0.5"), 2, "broken")


def test_leaves_unjudged_discounts_out_of_the_bounds() -> None:
    found = promise("sales", "metric: discounts_in_bounds, at_least: 90%")
    assert (found.kept, found.due) == (Decimal("0.5"), 2)


def test_counts_answers_within_the_promised_time() -> None:
    leads = [
        lead(1, "03-02T09:00", first_response_at=at("03-02T11:00"), verdict_at=at("03-04T09:00")),
        lead(2, "03-02T09:00", first_response_at=at("03-03T09:00")),
        lead(3, "03-31T16:00"),
    ]
    found = promise("sales", "metric: lead_response, within: 4 working hours", leads=leads)
    assert (found.kept, found.due, found.status) == (Decimal("0.5"), 2, "broken")
    found = promise("sales", "metric: lead_verdict, within: 2 working days", leads=leads)
    assert (found.kept, found.due) == (Decimal("0.5"), 2)


def test_counts_verdicts_and_reasons() -> None:
    leads = [
        lead(1, "03-02", verdict="accepted"),
        lead(2, "03-02", verdict="rejected", rejection_reason="no budget"),
        lead(3, "03-02", verdict="rejected"),
        lead(4, "03-02"),
    ]
    found = promise("marketing", "metric: lead_acceptance, at_least: 30%", leads=leads)
    assert (found.kept, found.due, found.status) == (Decimal(1) / 3, 3, "kept")
    found = promise("sales", "metric: rejection_reason_given, at_least: 95%", leads=leads)
    assert (found.kept, found.due, found.status) == (Decimal("0.5"), 2, "broken")


def test_counts_only_reasons_of_the_agreed_list_however_they_are_cased() -> None:
    leads = [
        lead(1, "03-02", verdict="rejected", rejection_reason="No Budget"),
        lead(2, "03-02", verdict="rejected", rejection_reason="did not like it"),
        lead(3, "03-02", verdict="rejected"),
        lead(4, "03-02", verdict="rejected", rejection_reason="no need"),
    ]
    found = promise(
        "sales",
        "metric: rejection_reason_given, at_least: 95%",
        "handoff: {reasons: [no budget, no need]}",
        leads=leads,
    )
    assert (found.kept, found.due) == (Decimal("0.5"), 4)


def test_asks_of_a_lead_whether_its_account_met_a_persona_that_day() -> None:
    found = promise(
        "marketing",
        "metric: persona_share_of_leads, at_least: 50%",
        "personas: [{id: maker, name: Maker, when: {industry: Medical}}]",
        leads=[
            lead(1, "01-05"),
            lead(2, "03-05"),
            lead(3, "03-05", account_id="A2"),
            lead(4, "03-05", account_id="A3"),
            lead(5, "03-05", account_id="nobody"),
        ],
        accounts=[
            {"account_id": "A1", "industry": "Medical"},
            {"account_id": "A2", "industry": "Retail"},
            {"account_id": "A3"},
        ],
        account_history=[
            {"account_id": "A1", "valid_from": dt.date(2025, 1, 1), "industry": "Retail"},
            {"account_id": "A1", "valid_from": dt.date(2026, 2, 1), "industry": "Medical"},
        ],
    )
    assert (found.kept, found.due) == (Decimal(1) / 3, 3)


def test_counts_tools_made_and_used() -> None:
    tools = [{"tool_id": "T1", "created_at": at("01-15")}]
    uses = [
        {"tool_id": "T1", "used_at": at("02-01"), "deal_id": "D1"},
        {"tool_id": "T1", "used_at": at("02-02"), "deal_id": "D1"},
        {"tool_id": "T1", "used_at": at("05-02"), "deal_id": "D2"},
    ]
    found = promise("marketing", "metric: new_tools, at_least: 1, every: month", tools=tools)
    assert (found.kept, found.due) == (Decimal(1) / 3, 3)
    found = promise("sales", "metric: tools_used, at_least: 50%", tool_uses=uses)
    assert (found.kept, found.due) == (Decimal("0.2"), 5)


def test_counts_answers_to_requests_by_roles_of_the_side() -> None:
    answers = [("rep", "03-02T12:00"), ("rep", "03-05T09:00"), ("marketer", "03-02T10:00")]
    approvals = [
        {"approval_id": "Q1", "deal_id": "D1", "subject": "discount", "verdict": "approved",
         "decided_role": role, "requested_at": at("03-02T09:00"), "decided_at": at(decided)}
        for role, decided in answers
    ]  # fmt: skip
    asked = "metric: approval_answered, within: 1 working day"
    assert promise("sales", asked, approvals=approvals).kept == Decimal("0.5")
    assert promise("marketing", asked, approvals=approvals).kept == 1


def test_counts_answers_to_sellers_who_ask_for_a_tool() -> None:
    answered = ["03-02T12:00", "03-05T09:00", None]
    requests = [
        {"request_id": f"Q{number}", "asked_at": at("03-02T09:00"),
         "answered_at": each and at(each)}
        for number, each in enumerate(answered)
    ]  # fmt: skip
    asked = "metric: tool_request_answered, within: 1 working day"
    found = promise("marketing", asked, tool_requests=requests)
    assert (found.kept, found.due) == (Decimal(1) / 3, 3)
    assert promise("marketing", asked).why == "the books hold no tool requests"


def test_counts_questions_of_the_other_side_that_were_answered() -> None:
    asked = [
        ("sales", "marketing", "03-02T12:00"),
        ("sales", "marketing", "03-06T12:00"),
        ("sales", "marketing", None),
        ("both", "marketing", "03-02T12:00"),
        ("marketing", "marketing", None),
        ("marketing", "sales", "03-02T12:00"),
    ]
    questions = [
        {"question_id": f"Q{number}", "asked_at": at("03-02T09:00"), "due_at": at("03-04T09:00"),
         "asker_side": by, "owner_side": of, "answered_at": answered and at(answered)}
        for number, (by, of, answered) in enumerate(asked)
    ]  # fmt: skip
    within = "metric: question_answered, within: 2 working days"
    found = promise("marketing", within, questions=questions)
    assert (found.kept, found.due) == (Decimal("0.5"), 4)
    assert promise("sales", within, questions=questions).kept == 1


def test_counts_campaigns_of_which_sales_was_told_so_long_before() -> None:
    days = [("C1", "03-16", "03-02"), ("C2", "03-16", "03-03"), ("C3", "03-16", None)]
    days += [("C4", "04-02", "03-30")]
    notices = [
        {"campaign_id": name, "starts_on": at(starts).date(), "told_on": told and at(told).date()}
        for name, starts, told in days
    ]
    found = promise(
        "marketing", "metric: campaign_notice, at_least: 10 working days", campaign_notices=notices
    )
    assert (found.kept, found.due) == (Decimal(1) / 3, 3)
    around = promise(
        "marketing", "metric: campaign_notice, at_least: 13 days", campaign_notices=notices
    )
    assert around.kept == Decimal(2) / 3


def test_counts_joint_reviews_that_were_held() -> None:
    reviews = [
        {"review_id": f"R{number}", "due_on": at(day).date(), "outcome": outcome,
         "decisions": 0, "actions": 0}
        for number, (day, outcome) in enumerate(
            [("03-02", "held"), ("03-09", "skipped"), ("03-16", "held"), ("04-06", "skipped")]
        )
    ]  # fmt: skip
    found = promise("sales", "metric: review_attended, at_least: 60%", joint_reviews=reviews)
    assert (found.kept, found.due, found.status) == (Decimal(2) / 3, 3, "kept")


@pytest.mark.parametrize("metric", sorted(PROMISE_METRICS))
def test_every_promise_that_can_be_made_is_measured(metric: str) -> None:
    known = PROMISE_METRICS[metric]
    targets = {"share": "50%", "time": "2 working days", "count": "3, every: month"}
    asked = f"{known.targets[0]}: {targets[known.unit]}"
    found = promise(known.sides[0], f"metric: {metric}, {asked}")
    assert found.status != "unknown" or found.why


def test_says_which_table_is_missing() -> None:
    found = promise("sales", "metric: lead_response, within: 4 working hours")
    assert (found.status, found.why) == ("unknown", "the books hold no leads")


def budgets(
    of: str, every: str, amount: int, first: dt.date, **tables: Iterable[Any]
) -> BudgetState:
    clause = f"budgets: [{{id: b, of: {of}, side: sales, every: {every}, amount: {amount}}}]"
    return budget_states(period(clause, tables, first))[0]


def test_counts_concessions_of_the_present_period() -> None:
    found = budgets("concessions", "quarter", 110, dt.date(2026, 1, 1))
    assert (found.spent, found.status) == (110, "within")
    assert (found.first, found.last) == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert budgets("concessions", "quarter", 109, dt.date(2026, 1, 1)).status == "over"
    assert budgets("concessions", "month", 1, dt.date(2026, 1, 1)).spent == 0
    assert budgets("customizations", "quarter", 1, dt.date(2026, 1, 1)).spent == 7


def test_counts_spend_from_the_day_on_which_the_agreement_is_in_force() -> None:
    campaigns = [
        {"campaign_id": f"C{month}", "started_at": at(f"0{month}-15"), "spend": Decimal(month)}
        for month in (1, 2, 3, 4)
    ]
    found = budgets("campaign_spend", "quarter", 9, dt.date(2026, 2, 1), campaigns=campaigns)
    assert found.spent == 5


def test_does_not_know_what_is_spent_where_no_table_says() -> None:
    found = budgets("promotion_spend", "quarter", 9, dt.date(2026, 1, 1))
    assert (found.spent, found.status) == (None, "unknown")


def test_counts_what_both_sides_moved_in_the_period() -> None:
    def moved(number: int, out: str, into: str, amount: int, **more: Any) -> dict[str, Any]:
        row = {"first_on": dt.date(2026, 1, 1), "signed_at": at("02-10T09:00")} | more
        budgets = {"from_budget": out, "to_budget": into}
        return {"transfer_id": f"T{number}", "amount": Decimal(amount), **budgets, **row}

    found = budgets(
        "concessions",
        "quarter",
        100,
        dt.date(2026, 1, 1),
        budget_transfers=[
            moved(1, "other", "b", 15),
            moved(2, "b", "other", 4),
            moved(3, "other", "b", 7, first_on=dt.date(2025, 10, 1)),
            moved(4, "other", "b", 9, signed_at=dt.datetime(2027, 1, 1)),
            moved(5, "other", "third", 90),
        ],
    )
    assert (found.amount, found.transferred) == (111, 11)
    assert (found.spent, found.status) == (110, "within")
