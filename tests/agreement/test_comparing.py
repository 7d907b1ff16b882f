from typing import Any

import pytest
from hypothesis import given

from counterpoise.agreement import Agreement, parse_agreement, write_agreement
from counterpoise.agreement.comparing import Change, ChangeKind, compare
from tests.agreement.strategies import agreements

TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, people: {role: [AE]}}
  manager: {side: sales}
  pm: {side: marketing}
goals: [{id: g, metric: price_realization, at_least: 92%, shared: true}]
promises:
  marketing: [{id: leads, metric: qualified_leads, at_least: 120, every: month}]
  sales: [{id: first, metric: lead_response, within: 4 working hours}]
budgets: [{id: b, of: concessions, side: sales, every: quarter, amount: 250000}]
personas:
  - {id: maker, when: {industry: Steel}}
  - {id: large, when: {employees: "> 1000"}}
protected: [{id: p, when: {product_family: Orion}, up_to: {manager: 5%}}]
discounts:
  limits:
    - {id: big, when: {list_amount: ">= 50000"}, up_to: {rep: 10%, manager: 20%}}
    - {id: small, when: {list_amount: "< 1000"}, up_to: {rep: 2%}}
    - {id: standard, up_to: {rep: 5%, manager: 15%}}
  levers: [{id: long, when: {term_months: ">= 36"}, adds: 5%}]
  lever_cap: 5%
  floor: {margin: 20%, decides: manager}
  exclusions: [{id: x, when: {segment: Charity}}]
customizations:
  limits: [{id: label, kind: label, up_to: {rep: 2000}}]
handoff: {qualified: {score: ">= 60"}, verdict_within: 2 working days}
approvals: {respond_within: 1 working day}
"""
OLD = parse_agreement(TEXT)


def changes(*replacements: tuple[str, str]) -> tuple[Change, ...]:
    text = TEXT
    for before, after in replacements:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return compare(OLD, parse_agreement(text))


def change(before: str, after: str) -> Change:
    (only,) = changes((before, after))
    return only


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rep: 10%", "rep: 0.10"),
        ("title: Test", "title: Test # comment"),
        ('list_amount: ">= 50000"', 'deal.list_amount: "not(< 50000)"'),
        ("segment: Charity", "account.segment: [Charity]"),
        ('employees: "> 1000"', 'employees: ">= 1001"'),
        ("lever_cap: 5%", "lever_cap: 5%\n  basis: deal"),
        ("approvals:", "watch: {false_alarms: 10%}\napprovals:"),
        ("goals: [", "signed: [{side: sales, by: A, at: 2026-01-01T10:00}]\ngoals: ["),
    ],
)
def test_sees_no_change_in_what_means_the_same(before: str, after: str) -> None:
    assert changes((before, after)) == ()


def test_sees_no_change_where_rows_that_never_meet_change_places() -> None:
    big = '    - {id: big, when: {list_amount: ">= 50000"}, up_to: {rep: 10%, manager: 20%}}\n'
    small = '    - {id: small, when: {list_amount: "< 1000"}, up_to: {rep: 2%}}\n'
    assert changes((big + small, small + big)) == ()


def test_sees_rows_that_changed_places() -> None:
    big = '    - {id: big, when: {list_amount: ">= 50000"}, up_to: {rep: 10%, manager: 20%}}\n'
    standard = "    - {id: standard, up_to: {rep: 5%, manager: 15%}}\n"
    found = changes((big, ""), (standard, standard + big))
    assert [(each.clause, each.kind, each.after) for each in found] == [
        ("discounts.limits.standard", ChangeKind.MOVED, "standard is tried before big")
    ]


@pytest.mark.parametrize(
    ("before", "after", "clause", "said", "effect"),
    [
        (
            "rep: 10%",
            "rep: 12%",
            "discounts.limits.big.up_to.rep",
            ("rep up to 10%", "rep up to 12%"),
            "looser for rep",
        ),
        (
            "rep: 5%, manager: 15%",
            "rep: 5%",
            "discounts.limits.standard.up_to.manager",
            ("manager up to 15%", None),
            "tighter for manager",
        ),
        (
            "rep: 2%",
            "rep: 2%, rep + pm: 4%",
            "discounts.limits.small.up_to.rep + pm",
            (None, "rep and pm together up to 4%"),
            "looser for rep and pm together",
        ),
        (
            '"< 1000"',
            '"< 2000"',
            "discounts.limits.small.when",
            ("where list price is below 1,000", "where list price is below 2,000"),
            None,
        ),
        ("lever_cap: 5%", "lever_cap: 6%", "discounts.lever_cap", ("5%", "6%"), "looser for sales"),
        (
            "margin: 20%",
            "margin: 25%",
            "discounts.floor",
            (
                "A deal below a margin of 20% of net needs the yes of manager too.",
                "A deal below a margin of 25% of net needs the yes of manager too.",
            ),
            "tighter for sales",
        ),
        (
            "margin: 20%, decides: manager",
            "margin: 20%",
            "discounts.floor",
            (
                "A deal below a margin of 20% of net needs the yes of manager too.",
                "No deal goes below a margin of 20% of net.",
            ),
            "tighter for sales",
        ),
        (
            "segment: Charity",
            "segment: [Charity, School]",
            "discounts.exclusions.x.when",
            (
                "No discount at all where segment is Charity.",
                "No discount at all where segment is Charity or School.",
            ),
            "tighter for sales",
        ),
        (
            'term_months: ">= 36"',
            'term_months: ">= 24"',
            "discounts.levers.long.when",
            (
                "5% more where term in months is at least 36.",
                "5% more where term in months is at least 24.",
            ),
            "looser for sales",
        ),
        (
            "at_least: 120",
            "at_least: 100",
            "promises.marketing.leads.at_least",
            (
                "Marketing hands over at least 120 qualified leads a month.",
                "Marketing hands over at least 100 qualified leads a month.",
            ),
            "looser for marketing",
        ),
        (
            "within: 4 working hours",
            "within: 2 working hours",
            "promises.sales.first.within",
            (
                "Sales answers a lead within 4 working hours of its hand-over.",
                "Sales answers a lead within 2 working hours of its hand-over.",
            ),
            "tighter for sales",
        ),
        (
            "within: 4 working hours",
            "within: 1 day",
            "promises.sales.first.within",
            (
                "Sales answers a lead within 4 working hours of its hand-over.",
                "Sales answers a lead within 1 day of its hand-over.",
            ),
            None,
        ),
        (
            "amount: 250000",
            "amount: 200000",
            "budgets.b.amount",
            (
                "Sales gives away at most 250,000 USD in concessions a quarter.",
                "Sales gives away at most 200,000 USD in concessions a quarter.",
            ),
            "tighter for sales",
        ),
        (
            "at_least: 92%",
            "at_least: 93%",
            "goals.g.at_least",
            (
                (
                    "Both sides want price realization of at least 92%: net as a share of list, "
                    "over won deals."
                ),
                (
                    "Both sides want price realization of at least 93%: net as a share of list, "
                    "over won deals."
                ),
            ),
            "tighter for both sides",
        ),
        (
            "verdict_within: 2 working days",
            "verdict_within: 3 working days",
            "handoff.verdict_within",
            ("2 working days", "3 working days"),
            "looser for sales",
        ),
        (
            '">= 60"',
            '">= 70"',
            "handoff.qualified",
            (
                "a lead is qualified where score is at least 60",
                "a lead is qualified where score is at least 70",
            ),
            "tighter for marketing",
        ),
        (
            "until: 2026-12-31",
            "until: 2027-12-31",
            "in_force.until",
            ("2026-12-31", "2027-12-31"),
            None,
        ),
        (
            "rep: 2000",
            "rep: 500",
            "customizations.limits.label.up_to.rep",
            ("rep up to 2,000 USD", "rep up to 500 USD"),
            "tighter for rep",
        ),
        ("title: Test", "title: Other", "title", ("Test", "Other"), None),
        (
            "role: [AE]",
            "role: [AE, BDR]",
            "roles.rep",
            (
                "**rep** (sales): whoever's role is AE.",
                "**rep** (sales): whoever's role is AE or BDR.",
            ),
            None,
        ),
    ],
)
def test_says_what_a_clause_said_and_says_and_for_whom_it_is_looser(
    before: str, after: str, clause: str, said: tuple[str | None, str | None], effect: str | None
) -> None:
    found = change(before, after)
    assert found.clause == clause
    assert (found.before, found.after) == said
    assert (str(found.effect) if found.effect else None) == effect


def test_says_what_is_new_and_what_is_gone() -> None:
    old_promise = "  sales: [{id: first, metric: lead_response, within: 4 working hours}]\n"
    new_budget = (
        "budgets: [{id: t, of: campaign_spend, side: marketing, every: year, amount: 9}, {id: b,"
    )
    found = changes((old_promise, ""), ("budgets: [{id: b,", new_budget))
    assert [(each.clause, each.kind.value, str(each.effect)) for each in found] == [
        ("promises.sales.first", "removed", "looser for sales"),
        ("budgets.t", "added", "tighter for marketing"),
    ]


def test_sees_the_ladder_turned() -> None:
    found = change(
        "  manager: {side: sales}\n  pm: {side: marketing}",
        "  pm: {side: marketing}\n  manager: {side: sales}",
    )
    assert (found.clause, found.kind) == ("roles", ChangeKind.MOVED)
    assert (found.before, found.after) == ("rep, manager, pm", "rep, pm, manager")


def test_sees_personas_change_places() -> None:
    found = change(
        '  - {id: maker, when: {industry: Steel}}\n  - {id: large, when: {employees: "> 1000"}}',
        '  - {id: large, when: {employees: "> 1000"}}\n  - {id: maker, when: {industry: Steel}}',
    )
    assert (found.clause, found.kind) == ("personas.large", ChangeKind.MOVED)


@given(agreements())
def test_an_agreement_does_not_differ_from_itself(agreement: Agreement) -> None:
    assert compare(agreement, parse_agreement(write_agreement(agreement))) == ()


@given(agreements(), agreements())
def test_what_is_added_one_way_is_removed_the_other(old: Agreement, new: Agreement) -> None:
    def whole(changes: tuple[Change, ...], kind: ChangeKind) -> set[Any]:
        return {each.clause for each in changes if each.kind is kind}

    there, back = compare(old, new), compare(new, old)
    assert whole(there, ChangeKind.ADDED) == whole(back, ChangeKind.REMOVED)
    assert whole(there, ChangeKind.CHANGED) == whole(back, ChangeKind.CHANGED)


def test_says_how_many_weeks_on_deal_as_an_agreement_does() -> None:
    rows = (
        "weeks_on_deal: {per: year, at_most: 13}, gap_weeks: 2",
        "weeks_on_deal: {per: year, at_most: 8}",
    )
    old, new = (
        parse_agreement(TEXT + f"promotions: {{limits: [{{id: r, up_to: {{pm: 9%}}, {row}}}]}}\n")
        for row in rows
    )
    assert [str(each) for each in compare(old, new)] == [
        (
            "promotions.limits.r.weeks_on_deal changed (tighter for both sides): "
            "weeks_on_deal: {per: year, at_most: 13} → weeks_on_deal: {per: year, at_most: 8}"
        ),
        "promotions.limits.r.gap_weeks changed: gap_weeks: 2 → gap_weeks: none",
    ]
