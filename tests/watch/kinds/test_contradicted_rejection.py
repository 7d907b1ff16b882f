"""Leads called the wrong persona though their account meets one."""

from __future__ import annotations

import pytest

from counterpoise.watch.kinds.contradicted_rejection import KIND
from counterpoise.watch.rejections import persona_reasons
from tests.ledger.small_books import Row
from tests.watch.lead_books import asked_of, lead, rows_of, watched_leads, won

ACCOUNTS = [{"account_id": "IN", "industry": "Steel"}, {"account_id": "OUT", "industry": "Food"}]


def judged(name: str, account: str | None, verdict: str, reason: str | None = None) -> Row:
    facts = {"verdict": verdict, "rejection_reason": reason, "account_id": account}
    return lead(name, "06-10T09:00", "06-10T10:00", owner_id="P1", **facts)


LEADS = [
    *(judged(f"wrong{n}", "IN", "rejected", "Wrong persona") for n in range(3)),
    judged("fair", "IN", "rejected", "no budget"),
    judged("outside", "OUT", "rejected", "wrong persona"),
    judged("unknown", None, "rejected", "wrong persona"),
    judged("taken up", "IN", "accepted"),
]


def test_counts_rejections_that_the_account_contradicts() -> None:
    deals = [won("D1", "taken up", 900_000, 200_000)]
    watched = watched_leads(LEADS, deals, accounts=ACCOUNTS)
    ana = asked_of(KIND, watched)["rep", "P1"]
    assert (ana.n, ana.observed, ana.p) == (4, 0.75, pytest.approx(0.0037))
    rows = rows_of(KIND.rows(watched, ana), watched)
    assert set(rows) == {"wrong0", "wrong1", "wrong2"}
    assert float(ana.stake) == pytest.approx(sum(row["stake_part"] for row in rows.values()))
    assert 'said "wrong persona" of 3 of them' in KIND.says(watched, ana)
    assert "(Maker)" in KIND.next_step(watched, ana)


def test_reads_the_reasons_of_the_books_where_the_agreement_lists_none() -> None:
    clauses = "personas: [{id: maker, when: {industry: Steel}}]"
    rows = [judged("one", "IN", "rejected", "Not our ICP"), judged("two", "IN", "rejected", "busy")]
    assert persona_reasons(watched_leads(rows, clauses=clauses)) == ("Not our ICP",)


def test_says_why_it_cannot_be_watched() -> None:
    assert "no persona" in KIND.missing(watched_leads(LEADS, clauses=""))
    listed = """
personas: [{id: maker, when: {industry: Steel}}]
handoff: {reasons: [no budget]}
"""
    assert "means the persona" in KIND.missing(watched_leads(LEADS, clauses=listed))
