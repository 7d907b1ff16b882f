from pathlib import Path

import pytest
from hypothesis import given

from counterpoise.agreement import Agreement, parse_agreement, read_agreement
from counterpoise.agreement.explaining import explain
from counterpoise.agreement.layout import WIDTH, table
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS
from tests.agreement.strategies import agreements

TEXT = """
agreement: counterpoise/v1
title: Second half 2026
in_force: {from: 2026-07-01, until: 2026-12-31, if_lapsed: continue}
company:
  currency: EUR
  time_zone: Europe/Zagreb
  fiscal_year_starts: 2
  working_time: {days: [mon, wed], holidays: HR}
roles:
  rep: {side: sales, default: true, people: {role: [Account Executive, AE]}}
  lead: {side: both}
goals: [{id: fit, metric: persona_share_of_won, at_least: 70%, owner: marketing}]
promises:
  marketing: [{id: leads, metric: qualified_leads, at_least: 120, every: month}]
  sales: [{id: first, metric: lead_response, within: 4 working hours}]
budgets: [{id: c, of: concessions, side: sales, every: quarter, amount: 250000}]
personas:
  - id: maker
    name: Maker
    when: {industry: [Steel, Glass], employees: "[50..1000)"}
    values: [uptime]
values:
  - {id: uptime, says: Fewer stops a year., proof: two-year field study,
     when: {product_family: GTX}}
protected:
  - {id: flagship, when: {product_family: Orion}, up_to: {lead: 5%}, says: sold on what it is}
discounts:
  limits:
    - id: big
      when: {list_amount: ">= 50000", owner.region: not(North)}
      up_to: {rep: 10%, rep + lead: 20%}
    - {id: standard, up_to: {rep: 5%}}
  levers: [{id: long, when: {term_months: ">= 36"}, adds: 5%}]
  lever_cap: 5%
  floor: {margin: 20%, decides: lead}
  exclusions: [{id: charities, when: {segment: Charity}, says: "fixed price, no discount"}]
customizations:
  limits: [{id: label, kind: private_label, up_to: {rep: 2000}, quota: {per: quarter, count: 12}}]
exceptions:
  - {id: acme, when: {account_id: A17}, from: 2026-07-01, until: 2026-09-30, up_to: {rep: 18%}}
handoff:
  qualified: {score: ">= 60"}
  verdict_within: 2 working days
  reasons: [no need, duplicate]
"""
SAYS = explain(parse_agreement(TEXT))
PLAIN = " ".join(SAYS.split()).replace(" - ", " ")


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "In force from 1 July 2026 until 31 December 2026. After that it goes on until both "
            "sides sign a new one. (`in_force`)"
        ),
        (
            "Amounts are in EUR. The fiscal year starts in February. People work Monday and "
            "Wednesday, 09:00 to 17:00 in Europe/Zagreb, but for the public holidays of HR. "
            "(`company`)"
        ),
        (
            "1. **rep** (sales): whoever's role is Account Executive or AE, and whoever's role "
            "nobody knows. (`roles.rep`)"
        ),
        "2. **lead** (both sides): whoever has that role. (`roles.lead`)",
        "Marketing answers for persona share of won of at least 70%",
        "Marketing hands over at least 120 qualified leads a month. (`promises.marketing.leads`)",
        "Sales answers a lead within 4 working hours of its hand-over. (`promises.sales.first`)",
        "Sales gives away at most 250,000 EUR in concessions a quarter. (`budgets.c`)",
        (
            "**Maker**: customers whose industry is Steel or Glass and number of employees is at "
            "least 50 and below 1,000. They buy for: Fewer stops a year. (`personas.maker`)"
        ),
        (
            "Fewer stops a year where product family is GTX, proved by: two-year field study. "
            "(`values.uptime`)"
        ),
        (
            "No discount at all where segment is Charity: fixed price, no discount. "
            "(`discounts.exclusions.charities`)"
        ),
        (
            "Protected where product family is Orion (sold on what it is): lead up to 5%; no lever "
            "adds to that. (`protected.flagship`)"
        ),
        (
            "From 1 July 2026 until 30 September 2026 where account is A17, before the limits: rep "
            "up to 18%. (`exceptions.acme`)"
        ),
        (
            "**big**: where list price is at least 50,000 and region of the deal's owner is not "
            "North. (`discounts.limits.big`)"
        ),
        "**standard**: for every other deal. (`discounts.limits.standard`)",
        "5% more where term in months is at least 36. (`discounts.levers.long`)",
        "A deal below a margin of 20% of net needs the yes of lead too. (`discounts.floor`)",
        "**label**: private label, at most 12 a quarter. (`customizations.limits.label`)",
        "Any other customization is refused. (`customizations.otherwise`)",
        "A lead is qualified where score is at least 60. (`handoff.qualified`)",
        "A rejection gives a reason: no need or duplicate. (`handoff.reasons`)",
    ],
)
def test_says_each_clause_in_a_sentence(sentence: str) -> None:
    assert sentence in PLAIN


def test_says_of_a_row_that_stands_alone_that_it_is_for_every_deal() -> None:
    said = explain(
        parse_agreement(
            "agreement: counterpoise/v1\ntitle: Small\nin_force: {from: 2026-01-01}\n"
            "roles: {rep: {side: sales}}\n"
            "discounts: {limits: [{id: all, up_to: {rep: 5%}}]}\n"
        )
    )
    assert "For every deal the first row decides" in said
    assert "**all**: for every deal." in said


def test_says_that_every_customization_is_refused_where_that_is_written() -> None:
    text = (
        "agreement: counterpoise/v1\ntitle: Small\nin_force: {from: 2026-01-01}\n"
        "roles: {rep: {side: sales}}\ncustomizations: {otherwise: refused}\n"
    )
    said = explain(parse_agreement(text))
    assert "Every customization is refused. (`customizations.otherwise`)" in said


def test_lays_limits_out_as_a_table() -> None:
    assert (
        "|          | rep | rep + lead |\n"
        "|:---------|----:|-----------:|\n"
        "| big      | 10% |        20% |\n"
        "| standard |  5% |          – |\n"
    ) in SAYS


def test_turns_a_table_that_is_too_wide() -> None:
    header = ["", *(f"a_very_long_name_of_a_role_{n}" for n in range(4))]
    drawn = table(header, [["standard", "1%", "2%", "3%", "4%"]])
    assert drawn.splitlines()[2] == "| a_very_long_name_of_a_role_0 |       1% |"
    assert all(len(line) <= WIDTH for line in drawn.splitlines())


def test_cuts_a_table_in_two_that_is_too_wide_either_way() -> None:
    names = [f"name_of_a_role_{n}" for n in range(8)]
    rows = [[f"name_of_a_row_{n}", *["10%"] * 8] for n in range(8)]
    drawn = table(["", *names], rows)
    assert all(len(line) <= WIDTH for line in drawn.splitlines())
    assert all(name in drawn for name in names)


@pytest.mark.parametrize("name", ["industrial", "consumer_goods", "usage_pricing"])
def test_fits_a_terminal(root: Path, name: str) -> None:
    said = explain(read_agreement(root / "examples" / "agreements" / f"{name}.yaml"))
    assert max(len(line) for line in said.splitlines()) <= WIDTH


def test_has_words_for_every_metric() -> None:
    assert all(metric.says for metric in (*GOAL_METRICS.values(), *PROMISE_METRICS.values()))
    for metric in PROMISE_METRICS.values():
        phrase = metric.phrase.format(side="SIDE", target="TARGET")
        assert "SIDE" in phrase
        assert "TARGET" in phrase


@given(agreements())
def test_cites_every_row_of_any_agreement(agreement: Agreement) -> None:
    said = " ".join(explain(agreement).split())
    cited = [f"roles.{name}" for name in agreement.ladder]
    cited += [f"personas.{each.id}" for each in agreement.personas]
    cited += [f"protected.{each.id}" for each in agreement.protected]
    cited += [f"exceptions.{each.id}" for each in agreement.exceptions]
    discounts = agreement.discounts
    cited += [f"discounts.limits.{each.id}" for each in discounts.limits]
    cited += [f"discounts.levers.{each.id}" for each in discounts.levers]
    cited += [f"discounts.exclusions.{each.id}" for each in discounts.exclusions]
    cited += [f"customizations.limits.{each.id}" for each in agreement.customizations.limits]
    assert [clause for clause in cited if f"(`{clause}`)" not in said] == []
