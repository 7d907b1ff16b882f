"""The leads of the window: whose, how soon answered, how judged, and what they are worth."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from counterpoise.agreement import Agreements
from counterpoise.agreement.document import Company
from counterpoise.watch import Watched
from counterpoise.watch import leads as watch_leads
from counterpoise.watch.leads import history, leads, worth_in_words
from tests.ledger.agreements import agreement
from tests.watch.lead_books import HANDOFF, at, lead, rows_of, watched_leads, won


def seen(watched: Watched, name: str) -> dict[str, Any]:
    return {id_: row[name] for id_, row in rows_of(leads(watched), watched).items()}


ANSWERS = [
    lead("in time", "06-24T09:00", "06-24T13:00"),
    lead("over night", "06-24T16:00", "06-25T12:00"),
    lead("late", "06-24T09:00", "06-24T13:00:01"),
    lead("silent", "06-24T09:00"),
    lead("not yet due", "06-30T14:00"),
    lead("judged", "06-24T09:00", verdict="accepted"),  # nobody wrote down when it was answered
    lead("answered later", "06-24T09:00", "07-01T09:00"),  # after the last day
]


def test_tells_what_was_answered_late_or_never() -> None:
    watched = watched_leads(ANSWERS)
    assert seen(watched, "is_late") == {
        "in time": False,
        "over night": False,
        "late": True,
        "silent": True,
        "not yet due": None,
        "judged": None,
        "answered later": True,
    }
    silent = {id_ for id_, is_silent in seen(watched, "is_silent").items() if is_silent}
    assert silent == {"silent", "answered later"}


def test_holidays_of_the_agreement_are_no_working_time() -> None:
    hours = {"hours": "09:00-17:00", "holidays": [dt.date(2026, 6, 25)]}
    closed = Company.model_validate({"working_time": hours})
    given = agreement(HANDOFF).model_copy(update={"company": closed})
    rows = [lead("over a holiday", "06-24T16:00", "06-26T12:00")]
    watched = watched_leads(rows, agreements=Agreements.single(given))
    assert seen(watched, "is_late") == {"over a holiday": False}
    assert seen(watched_leads(rows), "is_late") == {"over a holiday": True}


def test_tells_what_is_without_verdict_though_due() -> None:
    rows = [
        lead("two days", "06-26T17:00", "06-29T09:00"),  # Monday and Tuesday: due, not over
        lead("over", "06-26T16:59", "06-29T09:00"),
        lead("judged", "06-24T09:00", "06-24T10:00", verdict="rejected"),
        lead("judged later", "06-24T09:00", verdict="rejected", verdict_at=at("07-01T10:00")),
    ]
    overdue = seen(watched_leads(rows), "is_overdue")
    assert {id_ for id_, each in overdue.items() if each} == {"over", "judged later"}


def test_a_lead_stays_under_the_agreement_of_its_day() -> None:
    patient = agreement("handoff: {first_response_within: 8 working hours}")
    hasty = agreement("handoff: {first_response_within: 1 working hour}")
    begins = hasty.in_force.model_copy(update={"from_": dt.date(2026, 6, 1)})
    both = Agreements.of([patient, hasty.model_copy(update={"in_force": begins})])
    rows = [
        lead("before any", "01-01T09:00", "01-05T12:00")
        | {"handed_over_at": dt.datetime(2025, 12, 1)},
        lead("patient", "05-20T09:00", "05-20T12:00"),
        lead("hasty", "06-24T09:00", "06-24T12:00"),
    ]
    found = seen(watched_leads(rows, agreements=both), "is_late")
    assert found == {"before any": None, "patient": False, "hasty": True}


def test_the_team_and_the_account_are_those_of_the_day() -> None:
    rows = [
        lead("before", "04-01T09:00", owner_id="P1", account_id="A1"),
        lead("after", "06-01T09:00", owner_id="P1", account_id="A1"),
        lead("nobody's", "06-01T09:00"),
    ]
    watched = watched_leads(
        rows,
        people=[{"person_id": "P1", "team": "South"}],
        person_roles=[{"person_id": "P1", "valid_from": dt.date(2026, 5, 1), "team": "North"}],
        accounts=[{"account_id": "A1", "industry": "Steel"}],
        account_history=[
            {"account_id": "A1", "valid_from": dt.date(2026, 5, 1), "industry": "Food"}
        ],
    )
    assert seen(watched, "owner__team") == {"before": "South", "after": "North", "nobody's": None}
    assert seen(watched, "is_inside") == {"before": True, "after": False, "nobody's": None}


def test_without_personas_nobody_knows_who_is_inside() -> None:
    rows = [lead("one", "06-01T09:00", account_id="A1")]
    watched = watched_leads(rows, clauses="", accounts=[{"account_id": "A1", "industry": "Steel"}])
    assert seen(watched, "is_inside") == {"one": None}


def test_a_lead_is_worth_what_those_in_time_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_leads, "FEWEST_TO_VALUE", 2)
    rows = [
        lead("L1", "06-01T09:00", "06-01T10:00", verdict="accepted", deal_id="D1"),
        lead("L2", "06-01T09:00", "06-01T10:00", verdict="rejected"),
        lead("L3", "06-01T09:00", "06-01T10:00", verdict="accepted"),
        lead("L4", "06-01T09:00", "06-04T10:00", verdict="rejected"),  # late: not counted
        lead("L5", "06-01T09:00", "06-01T10:00", source="Fair"),
    ]
    deals = [won("D1", None, 1000, 600), won("D2", "L3", 500, 300), won("D3", None, 900, 0)]
    watched = watched_leads(rows, deals)
    # 400 + 200 of margin over three leads of Web, two of them accepted; Fair takes all four.
    assert seen(watched, "worth") == {
        **dict.fromkeys(["L1", "L2", "L3", "L4"], 200.0),
        "L5": 150.0,
    }
    assert seen(watched, "worth_accepted")["L2"] == 300.0
    assert seen(watched, "is_won") == {
        "L1": True,
        "L2": False,
        "L3": True,
        "L4": False,
        "L5": False,
    }
    assert worth_in_words(watched).startswith("margin")


def test_a_deal_that_two_leads_name_counts_for_one() -> None:
    rows = [lead(name, "06-01T09:00", "06-01T10:00", deal_id="D1") for name in ("L1", "L2")]
    watched = watched_leads(rows, [won("D1", None, 1000, 600)])
    assert seen(watched, "money") == {"L1": 400.0, "L2": None}


def test_net_revenue_stands_where_costs_are_not_on_record() -> None:
    rows = [lead("L1", "06-01T09:00", "06-01T10:00", deal_id="D1")]
    costless = {**won("D1", None, 1000, 0), "cost_amount": None}
    watched = watched_leads(rows, [costless])
    assert seen(watched, "worth") == {"L1": 1000.0}
    assert worth_in_words(watched).startswith("net revenue")


def test_history_reaches_thirty_months_back_and_the_window_twelve() -> None:
    days = {"now": (2026, 6, 30), "year": (2025, 6, 30), "old": (2024, 1, 3), "older": (2024, 1, 2)}
    rows = [
        lead(name, "01-01T09:00") | {"handed_over_at": dt.datetime(*day, 9)}
        for name, day in days.items()
    ]
    watched = watched_leads(rows)
    assert set(seen(watched, "day")) == {"now"}
    spans = {id_: row["span"] for id_, row in rows_of(history(watched), watched).items()}
    assert spans == {"now": 0, "year": 365 // 26, "old": 909 // 26}
