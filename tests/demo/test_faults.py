"""Every planted fault shows in a plain figure of the books, and not without it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import read_agreement
from counterpoise.demo import Company, Faults, Order, UnknownFaultError, all_faults
from counterpoise.demo.faults import __path__ as faults_path
from tests.demo.conftest import Ask, Make

_SIZE = 6_000
_RATE = "(1 - d.net_amount / d.list_amount)"
_WINDOW = "d.closed_at >= '2025-07-01'"
_NEGOTIABLE = "d.name not like 'Meridian%' and a.segment <> 'Charity'"
_QUARTER_END = (
    "d.closed_at::date > last_day(d.closed_at::date) - 10 and month(d.closed_at) in (3, 6, 9, 12)"
)
_DEALS = "deals d join accounts a using (account_id) join people p on p.person_id = d.owner_id"
_LEADS = "leads l left join accounts a using (account_id) join people p on p.person_id = l.owner_id"
_YEAR = "l.handed_over_at >= '2025-07-01'"
_INSIDE = """(
    (a.industry in ('Manufacturing', 'Energy') and a.employees >= 50 and a.employees < 1000)
    or (a.industry in ('Medical', 'Food') and a.employees >= 100 and a.employees < 5000)
    or (a.industry = 'Logistics' and a.employees >= 500 and a.employees < 5000))"""


@dataclass(frozen=True)
class Sign:
    """A figure of the subject and how far a fault moves it from that of the same company without.

    `{id}` stands for the subject's id.
    """

    kind: str
    variant: str
    figure: str
    low: float
    high: float


def _working_hours(since: str, until: str) -> str:
    return f"epoch({until} - {since}) / 3600"


SIGNS = (
    Sign(
        "discount_drift",
        "rep",
        f"avg({_RATE}) from {_DEALS} where d.owner_id = '{{id}}' and {_WINDOW} and {_NEGOTIABLE}",
        0.062,
        0.070,
    ),
    Sign(
        "discount_drift",
        "team",
        f"avg({_RATE}) from {_DEALS} where p.team = '{{id}}' and {_WINDOW} and {_NEGOTIABLE}",
        0.064,
        0.068,
    ),
    Sign(
        "leakage",
        "rep",
        "count(*) from approvals where subject = 'discount' and requested_by = '{id}'"
        " and decided_at >= '2025-07-01'",
        -100,
        -10,
    ),
    Sign(
        "leakage",
        "team",
        "count(*) from approvals join people p on p.person_id = requested_by"
        " where subject = 'discount' and p.team = '{id}' and decided_at >= '2025-07-01'",
        -1000,
        -100,
    ),
    Sign(
        "quarter_end",
        "company",
        f"avg({_RATE}) from {_DEALS} where {_NEGOTIABLE} and {_QUARTER_END}",
        0.045,
        0.055,
    ),
    Sign(
        "quarter_end",
        "team",
        f"avg({_RATE}) from {_DEALS} where {_NEGOTIABLE} and p.team = '{{id}}' and {_QUARTER_END}",
        0.045,
        0.055,
    ),
    Sign(
        "slow_handoff",
        "rep",
        f"avg(({_working_hours('l.handed_over_at', 'l.first_response_at')} > 40)::int)"
        f" from leads l where l.owner_id = '{{id}}' and {_YEAR}",
        0.5,
        0.85,
    ),
    Sign(
        "slow_handoff",
        "team",
        f"avg(({_working_hours('l.handed_over_at', 'l.first_response_at')} > 40)::int)"
        f" from {_LEADS} where p.team = '{{id}}' and {_YEAR}",
        0.5,
        0.85,
    ),
    Sign(
        "unexplained_rejection",
        "team",
        f"avg((rejection_reason is null)::int) from {_LEADS}"
        f" where verdict = 'rejected' and p.team = '{{id}}' and {_YEAR}",
        0.5,
        0.8,
    ),
    Sign(
        "unexplained_rejection",
        "rep",
        f"avg((rejection_reason is null)::int) from {_LEADS}"
        f" where verdict = 'rejected' and l.owner_id = '{{id}}' and {_YEAR}",
        0.4,
        0.9,
    ),
    Sign(
        "contradicted_rejection",
        "team",
        f"avg((rejection_reason = 'wrong persona' and {_INSIDE})::int) from {_LEADS}"
        f" where verdict = 'rejected' and p.team = '{{id}}' and {_YEAR}",
        0.25,
        0.8,
    ),
    Sign(
        "contradicted_rejection",
        "rep",
        f"avg((rejection_reason = 'wrong persona' and {_INSIDE})::int) from {_LEADS}"
        f" where verdict = 'rejected' and l.owner_id = '{{id}}' and {_YEAR}",
        0.15,
        0.9,
    ),
    Sign(
        "off_persona",
        "team",
        f"avg({_INSIDE}::int) from {_DEALS}"
        " where p.team = '{id}' and d.created_at >= '2025-07-01'",
        -0.45,
        -0.28,
    ),
    Sign(
        "off_persona",
        "rep",
        f"avg({_INSIDE}::int) from {_DEALS}"
        " where d.owner_id = '{id}' and d.created_at >= '2025-07-01'",
        -0.5,
        -0.2,
    ),
    Sign(
        "customization_sprawl",
        "rep",
        "count(*) from customizations where kind = 'bespoke_build' and requested_by = '{id}'",
        15,
        70,
    ),
    Sign(
        "customization_sprawl",
        "team",
        "count(*) from customizations join people p on p.person_id = requested_by"
        " where kind = 'bespoke_build' and p.team = '{id}'",
        150,
        500,
    ),
    Sign(
        "tools_unused",
        "tool",
        "count(*) filter (used_at >= '2025-07-01') / count(*)::double from tool_uses"
        " where tool_id = '{id}'",
        -0.7,
        -0.2,
    ),
    Sign(
        "late_approval",
        "sales_manager",
        f"avg(({_working_hours('requested_at', 'decided_at')} > 30)::int) from approvals"
        " where decided_role = '{id}' and subject = 'discount' and decided_at >= '2025-07-01'",
        0.25,
        0.6,
    ),
    Sign(
        "late_approval",
        "product_marketing",
        f"avg(({_working_hours('requested_at', 'decided_at')} > 30)::int) from approvals"
        " where decided_role = '{id}' and decided_at >= '2025-07-01'",
        0.2,
        0.8,
    ),
    Sign(
        "price_erosion",
        "segment",
        f"avg({_RATE}) from (select *, row_number()"
        " over (partition by account_id order by created_at) as turn from deals) d"
        " join accounts a using (account_id)"
        f" where a.segment = '{{id}}' and turn = 4 and {_NEGOTIABLE}",
        0.04,
        0.07,
    ),
    Sign(
        "list_not_believed",
        "family",
        "avg((o.net_amount < o.list_amount)::int) from deals d join ("
        " select deal_id, arg_min(net_amount, offered_at) as net_amount,"
        " arg_min(list_amount, offered_at) as list_amount from offers group by all) o"
        " using (deal_id)"
        f" where d.name like '{{id}} for %' and {_WINDOW}",
        0.25,
        0.7,
    ),
    Sign(
        "list_not_believed",
        "list_change",
        f"avg({_RATE}) from {_DEALS} where d.name like '{{id}} for %' and {_NEGOTIABLE}"
        " and d.closed_at >= '2025-12-15'",
        0.055,
        0.085,
    ),
    Sign(
        "budget_overrun",
        "promotions",
        "sum(trade_spend) filter (starts_on >= '2026-01-01')"
        " / sum(trade_spend) filter (starts_on < '2026-01-01') from promotions",
        0.05,
        0.2,
    ),
    Sign(
        "lead_dumping",
        "campaign",
        "avg((handed_over_at::date > last_day(handed_over_at::date) - 10"
        " and month(handed_over_at) in (3, 6, 9, 12))::int)"
        f" from leads l where campaign_id = '{{id}}' and {_YEAR}",
        0.15,
        0.6,
    ),
    Sign(
        "lead_dumping",
        "source",
        "avg((handed_over_at::date > last_day(handed_over_at::date) - 10"
        " and month(handed_over_at) in (3, 6, 9, 12))::int)"
        f" from leads l where source = '{{id}}' and {_YEAR}",
        0.15,
        0.6,
    ),
    Sign(
        "score_bunching",
        "source",
        f"avg((score between 60 and 62)::int) from leads l where source = '{{id}}' and {_YEAR}",
        0.05,
        0.4,
    ),
    Sign(
        "lead_quality",
        "campaign",
        "avg((verdict = 'accepted')::int) from leads where campaign_id = '{id}'"
        " and handed_over_at >= '2026-01-01'",
        -0.5,
        -0.15,
    ),
    Sign(
        "lead_quality",
        "source",
        "avg((verdict = 'accepted')::int) from leads where source = '{id}'"
        " and handed_over_at >= '2026-01-01'",
        -0.5,
        -0.15,
    ),
    Sign(
        "persona_miss",
        "campaign",
        f"avg({_INSIDE}::int) from leads l join accounts a using (account_id)"
        f" where campaign_id = '{{id}}' and {_YEAR}",
        -0.6,
        -0.2,
    ),
    Sign(
        "persona_blind_spot",
        "industry",
        "avg((outcome = 'won')::int) from deals join accounts a using (account_id)"
        " where industry = '{id}' and outcome in ('won', 'lost')",
        0.2,
        0.4,
    ),
    Sign(
        "persona_blind_spot",
        "segment",
        "avg((outcome = 'won')::int) from deals join accounts a using (account_id)"
        f" where segment = '{{id}}' and not {_INSIDE} and outcome in ('won', 'lost')",
        0.2,
        0.4,
    ),
    Sign(
        "promise_broken",
        "offers",
        "avg((list_amount is null)::int) from deals d where outcome = 'lost' and " + _WINDOW,
        0.18,
        0.32,
    ),
)


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: f"{sign.kind}-{sign.variant}")
def test_a_planted_fault_shows_in_a_plain_figure(make: Make, ask: Ask, sign: Sign) -> None:
    company = make(_SIZE, faults=Faults.only(sign.kind, sign.variant))
    question = "select " + sign.figure.format(id=_planted(company)["subject"]["id"])
    [(found,)] = ask(company, question)
    [(without,)] = ask(make(_SIZE, faults=Faults.none()), question)
    assert sign.low <= found - (without or 0) <= sign.high


def test_rates_just_above_a_limit_move_under_it(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("threshold_hugging"))
    row = _planted(company)["subject"]["id"]
    limit = {"midsize": 0.08, "standard": 0.06}[row]
    segment = {"midsize": "= 'Mid-market'", "standard": "in ('Small', 'Enterprise')"}[row]
    question = f"""
        select count(*) filter (rate > {limit - 0.005} and rate <= {limit}),
               count(*) filter (rate > {limit} and rate <= {limit + 0.03})
        from (select round({_RATE}, 3) as rate from {_DEALS}
              where segment {segment} and {_WINDOW} and term_months < 36 and payment <> 'upfront'
                and not (segment = 'Enterprise' and list_amount > 50000))
    """
    [(under, above)] = ask(company, question)
    [(under_before, above_before)] = ask(make(_SIZE, faults=Faults.none()), question)
    assert under > 1.8 * under_before
    assert above < 0.6 * above_before


def test_an_account_pays_less_each_time(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("price_erosion", "account"))
    account = _planted(company)["subject"]["id"]
    rates = ask(
        company,
        f"select {_RATE} from {_DEALS} where account_id = '{account}' and {_NEGOTIABLE}"
        " and d.list_amount is not null order by d.created_at",
    )
    values = [rate for (rate,) in rates]
    assert len(values) >= 8
    half = len(values) // 2
    assert sum(values[half:]) / len(values[half:]) > sum(values[:half]) / half + 0.05


def test_a_competitor_wins_where_no_card_was_made(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("tool_gap"))
    rival, family = str(_planted(company)["subject"]["id"]).split("|")
    where = f"competitor = '{rival}' and name like '{family} for %' and outcome in ('won', 'lost')"
    [(deals, won)] = ask(
        company, f"select count(*), avg((outcome = 'won')::int) from deals where {where}"
    )
    [(rest,)] = ask(
        company,
        f"select avg((outcome = 'won')::int) from deals where not ({where})"
        " and outcome in ('won', 'lost')",
    )
    assert deals > 200
    assert won < rest - 0.12
    card = (
        f"select count(*) from tools where competitor = '{rival}' and product_family = '{family}'"
    )
    assert ask(company, card) == [(0,)]
    assert ask(make(_SIZE, faults=Faults.none()), card) == [(1,)]


def test_a_promotion_meets_discounts_only_when_planted(make: Make, ask: Ask) -> None:
    question = """
        select count(*) from promotions m join deals d using (account_id)
        where d.name like m.product_family || ' for %' and d.outcome = 'won'
          and d.closed_at::date between m.starts_on and m.ends_on and d.net_amount < d.list_amount
    """
    company = make(_SIZE, faults=Faults.only("promotion_collision"))
    [(met,)] = ask(company, question)
    assert met >= _planted(company)["rows_changed"] > 20
    assert ask(make(_SIZE, faults=Faults.none()), question) == [(0,)]


def test_too_many_leads_are_promised(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("promise_broken", "leads"))
    promised = read_agreement(company.agreement_file).promises.marketing[0].at_least
    months = ask(
        company,
        "select count(*) from leads where handed_over_at >= '2026-01-01'"
        " group by month(handed_over_at)",
    )
    assert isinstance(promised, Decimal)
    assert sum(count < promised for (count,) in months) >= 3


def test_the_budget_for_concessions_is_overrun(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("budget_overrun", "concessions"))
    budget = read_agreement(company.agreement_file).budgets[0]
    [(most,)] = ask(
        company,
        """
        select max(given) from (
          select sum((d.list_amount - d.net_amount)
                     * coalesce((select arg_max(x.rate, x.valid_from) from exchange_rates x
                                 where x.currency = d.currency
                                   and x.valid_from <= d.closed_at::date), 1)) as given
          from deals d where outcome = 'won' and closed_at >= '2026-01-01'
          group by quarter(closed_at))
        """,
    )
    assert budget.id == "concessions"
    assert most > budget.amount


@pytest.mark.parametrize("variant", all_faults()["goal_gap"].variants)
def test_a_goal_lies_above_what_was_reached(make: Make, variant: str) -> None:
    none = read_agreement(make(_SIZE, faults=Faults.none()).agreement_file)
    gap = read_agreement(make(_SIZE, faults=Faults.only("goal_gap", variant)).agreement_file)
    before = {goal.id: goal.at_least for goal in none.goals}
    after = {goal.id: goal.at_least for goal in gap.goals}
    assert {id_ for id_ in before if before[id_] != after[id_]} == {variant}


def test_every_kind_and_variant_is_tried() -> None:
    tried = {(sign.kind, sign.variant) for sign in SIGNS} | {
        ("threshold_hugging", "limit"),
        ("price_erosion", "account"),
        ("tool_gap", "competitor"),
        ("promotion_collision", "campaign"),
        ("promise_broken", "leads"),
        ("budget_overrun", "concessions"),
        *(("goal_gap", variant) for variant in all_faults()["goal_gap"].variants),
    }
    assert tried == {
        (kind, variant) for kind, fault in all_faults().items() for variant in fault.variants
    }


def test_a_kind_is_a_module_of_its_own_name() -> None:
    [folder] = faults_path
    modules = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}
    assert set(all_faults()) == modules


def test_a_fault_changes_nobody_elses_deals(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("discount_drift", "rep"))
    rep = _planted(company)["subject"]["id"]
    question = (
        f"select * exclude (outcome, stage, loss_reason) from deals where owner_id <> '{rep}'"
    )
    assert ask(company, question) == ask(make(_SIZE, faults=Faults.none()), question)


def test_strength_scales(make: Make, ask: Ask) -> None:
    company = make(_SIZE, faults=Faults.only("discount_drift", "rep", scale=0.5))
    assert _planted(company)["strength"] == pytest.approx(0.033)


def test_one_kind_is_planted_on_as_many_subjects_as_asked_for(make: Make) -> None:
    company = make(_SIZE, faults=Faults.only("discount_drift", "rep", count=2))
    faults = company.truth["faults"]
    assert isinstance(faults, list)
    assert len({fault["subject"]["id"] for fault in faults}) == 2


def test_a_fault_begins_when_it_is_told_to(make: Make) -> None:
    order = Order("leakage", "rep", since=dt.date(2026, 1, 1))
    company = make(_SIZE, faults=Faults((order,)))
    assert _planted(company)["since"] == "2026-01-01"


def test_refuses_a_fault_that_nobody_wrote(make: Make) -> None:
    with pytest.raises(UnknownFaultError, match="'leekage'; the nearest is 'leakage'"):
        make(faults=Faults.only("leekage"))
    with pytest.raises(UnknownFaultError, match="variant of leakage is called 'reps'"):
        make(faults=Faults.only("leakage", "reps"))


def _planted(company: Company) -> dict[str, Any]:
    faults = company.truth["faults"]
    assert isinstance(faults, list)
    [fault] = faults
    found: dict[str, Any] = fault
    return found
