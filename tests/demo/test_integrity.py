"""The books of a company hold together: keys, words, times."""

import pytest

from counterpoise.books.schema import TABLES, Kind
from counterpoise.demo import Company
from tests.demo.conftest import Ask, Make

_REFERENCES = [
    (table.name, column.name, column.references)
    for table in TABLES.values()
    for column in table.columns
    if column.references
]


@pytest.fixture(scope="module")
def company(make: Make) -> Company:
    """Return the company of the demo, faults and all."""
    return make()


@pytest.mark.parametrize(("table", "column", "other"), _REFERENCES)
def test_every_reference_is_answered(
    company: Company, ask: Ask, table: str, column: str, other: str
) -> None:
    key = TABLES[other].key[0]
    [(orphans,)] = ask(
        company,
        f"select count(*) from {table} where {column} is not null"
        f" and {column} not in (select {key} from {other})",
    )
    assert orphans == 0


@pytest.mark.parametrize("table", [table.name for table in TABLES.values() if table.key])
def test_every_key_stands_once_and_whole(company: Company, ask: Ask, table: str) -> None:
    key = ", ".join(TABLES[table].key)
    assert ask(company, f"select {key} from {table} group by all having count(*) > 1") == []
    missing = " or ".join(f"{column} is null" for column in TABLES[table].key)
    assert ask(company, f"select 1 from {table} where {missing}") == []


@pytest.mark.parametrize("table", list(TABLES))
def test_required_values_are_there_and_closed_words_are_kept(
    company: Company, ask: Ask, table: str
) -> None:
    for column in TABLES[table].columns:
        if column.required:
            assert ask(company, f"select 1 from {table} where {column.name} is null") == []
        if column.one_of:
            words = ask(company, f"select distinct {column.name} from {table}")
            assert {word for (word,) in words} <= {*column.one_of, None}


@pytest.mark.parametrize("table", list(TABLES))
def test_nothing_happens_after_the_last_day(company: Company, ask: Ask, table: str) -> None:
    for column in TABLES[table].columns:
        if column.kind is Kind.INSTANT:
            [(late,)] = ask(
                company,
                f"select count(*) from {table} where {column.name}::timestamp >= '2026-07-01'",
            )
            assert late == 0, column.name


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ("deals", "closed_at < created_at"),
        ("deals", "(outcome = 'open') <> (closed_at is null)"),
        ("leads", "qualified_at < created_at"),
        ("leads", "handed_over_at < qualified_at"),
        ("leads", "first_response_at < handed_over_at"),
        ("leads", "verdict_at < first_response_at"),
        ("leads", "handed_over_at is null and first_response_at is not null"),
        ("leads", "(verdict is null) <> (verdict_at is null)"),
        ("leads l join deals d using (deal_id)", "l.verdict_at > d.created_at"),
        ("accounts a join deals d using (account_id)", "a.created_at > d.created_at"),
        ("approvals", "decided_at < requested_at"),
        ("approvals a join deals d using (deal_id)", "a.requested_at < d.created_at"),
        ("offers join deals using (deal_id)", "offered_at < created_at or offered_at > closed_at"),
        (
            "customizations join deals using (deal_id)",
            "requested_at < created_at or requested_at > closed_at",
        ),
        ("adjustments join deals using (deal_id)", "booked_at < closed_at"),
        ("tool_uses join deals using (deal_id)", "used_at < created_at or used_at > closed_at"),
        ("touches t join leads l using (lead_id)", "t.touched_at > l.created_at"),
        ("campaigns", "ended_at < started_at or spend > budget"),
        ("promotions", "ends_on < starts_on"),
    ],
)
def test_events_come_in_their_order(company: Company, ask: Ask, rows: str, wrong: str) -> None:
    assert ask(company, f"select 1 from {rows} where {wrong}") == []


def test_leads_and_deals_name_each_other(company: Company, ask: Ask) -> None:
    [(forth,)] = ask(
        company,
        "select count(*) from deals d join leads l on d.lead_id = l.lead_id"
        " where l.deal_id <> d.deal_id or l.verdict <> 'accepted' or l.owner_id <> d.owner_id"
        " or l.account_id <> d.account_id or d.source <> l.source",
    )
    [(of_deals,)] = ask(company, "select count(*) from deals where lead_id is not null")
    [(of_leads,)] = ask(company, "select count(*) from leads where deal_id is not null")
    assert (forth, of_deals) == (0, of_leads)
    assert 1_000 < of_deals < 2_500


def test_leads_are_handed_over_from_the_mark_upwards(company: Company, ask: Ask) -> None:
    assert (
        ask(company, "select 1 from leads where (score >= 60) <> (qualified_at is not null)") == []
    )


def test_scores_have_no_step_at_the_mark(blameless: Company, ask: Ask) -> None:
    [(below, above)] = ask(
        blameless,
        "select count(*) filter (score between 55 and 59),"
        " count(*) filter (score between 60 and 64) from leads",
    )
    # The density is symmetric about 62, so 60-64 holds hardly more than 55-59.
    assert 1.0 < above / below < 1.25
