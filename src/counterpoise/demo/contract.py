"""The agreements as both sides signed them: YAML that reads like a contract."""

from __future__ import annotations

import datetime as dt

from counterpoise.demo.accounts import INDUSTRIES, PERSONAS, SEGMENTS, Persona
from counterpoise.demo.customizations import ALONE, AT_MOST, FINISH, LABEL, LABEL_FROM
from counterpoise.demo.figures import Figures
from counterpoise.demo.leads import QUALIFIED, REASONS
from counterpoise.demo.people import MANAGER, PRODUCT_MARKETER, ROLES
from counterpoise.demo.products import FAMILIES, FLAGSHIP
from counterpoise.demo.terms import (
    FLOOR_MARGIN,
    LEVER_CAP,
    LEVERS,
    MILLION,
    PROTECTED_UP_TO,
    Lever,
    Row,
    Version,
)
from counterpoise.demo.world import COUNTRY, CURRENCY, FISCAL_YEAR_STARTS, TIME_ZONE, World

_TEMPLATE = """\
# {title}: what sales and marketing of Halden Drives agreed.
# Both sides signed it (see the end); the desk answers by it, the watch holds both sides to it.
agreement: counterpoise/v1
title: {title}
in_force: {{from: {from_on}, until: {until_on}, if_lapsed: {if_lapsed}}}
company:
  kind: industrial
  currency: {currency}
  time_zone: {time_zone}
  fiscal_year_starts: {fiscal_year}
  working_time: {{days: mon-fri, hours: "09:00-17:00", holidays: {country}}}

# The ladder, lowest first, and who in the books stands on each rung.
roles:
  demand_marketing:  {{side: marketing, people: {{role: [Demand Marketer]}}}}
  rep:               {{side: sales, people: {{role: [Account Executive]}}}}
  sales_manager:     {{side: sales, people: {{role: [Sales Manager]}}}}
  product_marketing: {{side: marketing, people: {{role: [Product Marketing Manager]}}}}
  revenue_lead:      {{side: both, people: {{role: [Chief Revenue Officer]}}}}

# What both sides want.
goals:
  - {{id: revenue, metric: net_revenue, at_least: {revenue}, shared: true}}
  - {{id: realization, metric: price_realization, at_least: {realization}, shared: true}}
  - {{id: fit, metric: persona_share_of_won, at_least: {fit}, owner: marketing}}
  - {{id: wins, metric: win_rate, at_least: {win_rate}, owner: sales}}

# What each side owes the other.
promises:
  marketing:
    - {{id: leads, metric: qualified_leads, at_least: {leads}, every: month}}
    - {{id: tools, metric: tool_request_answered, within: 5 working days}}
    - {{id: notice, metric: campaign_notice, at_least: 10 working days}}
  sales:
    - {{id: response, metric: lead_response, within: 4 working hours}}
    - {{id: offers, metric: lost_offers_recorded, at_least: 95%}}

# What each side may give away or spend.
budgets:
  - {{id: concessions, of: concessions, side: sales, every: quarter, amount: {concessions}}}
  - {{id: promotions, of: promotion_spend, side: marketing, every: quarter, amount: {promotions}}}

# Whom we are for.
personas:
{personas}

# What to sell on instead of price.
values:
  - {{id: uptime, says: Fewer stops a year, proof: two-year field study in 14 plants}}
  - id: hygiene
    says: Cleaned in a third of the time
    proof: audits by two food inspectors
    when: {{industry: [Medical, Food]}}
  - {{id: reach, says: One service contract for every site, when: {{industry: Logistics}}}}
  - {{id: quiet, says: Quiet enough for a ward, when: {{product_family: {flagship}}}}}

# Sold on what it is: marketing built its name, nobody discounts it away.
protected:
  - id: flagship
    when: {{product_family: {flagship}}}
    up_to: {{revenue_lead: {protected}}}
    says: sold on what it is

discounts:
  basis: deal
  limits:            # the first row that fits decides
{limits}
  levers:            # what the customer gives back earns more
{levers}
  lever_cap: {lever_cap}
  floor: {{margin: {floor}, decides: revenue_lead}}
  exclusions:
    - {{id: charities, when: {{segment: Charity}}, says: "one fixed price, no discount"}}

# Offers to resellers: how deep, and how often.
promotions:
  limits:
    - id: resellers
      when: {{industry: Distribution}}
      up_to: {{demand_marketing: 5%, product_marketing: 10%, revenue_lead: 20%}}
      weeks_on_deal: {{per: year, at_most: 16}}
      gap_weeks: 1
    - {{id: others, up_to: {{product_marketing: 5%, revenue_lead: 10%}}}}
  otherwise: refused

customizations:
  limits:
    - id: label
      kind: private_label
      when: {{list_amount: ">= {label_from}"}}
      up_to: {{rep: {label_rep}, product_marketing: {label_most}}}
      quota: {{per: quarter, count: {labels}}}
    - id: finish
      kind: special_finish
      up_to: {{rep: {finish_rep}, sales_manager: {finish_most}, revenue_lead: {finish_most}}}
  otherwise: refused

handoff:
  qualified: {{score: ">= {qualified}"}}
  first_response_within: 4 working hours
  verdict_within: 2 working days
  reasons: [{reasons}]
approvals:
  respond_within: 1 working day
  remind_after: 4 working hours
  escalate_to: revenue_lead
credit: {{rule: position_based}}
watch: {{false_alarms: 10%, material: 5000, promises_kept: 90%}}
review: {{every: week}}
pulse: {{every: month, smallest_group: 5}}

signed:
{signed}
"""


def write_contract(world: World, version: Version, figures: Figures, is_last: bool) -> str:
    """Return one version as YAML, signed by a manager of sales and one of marketing."""
    return _TEMPLATE.format(
        title=version.title,
        from_on=version.from_on,
        until_on=version.until_on,
        if_lapsed="continue" if is_last else "stop",
        currency=CURRENCY,
        time_zone=TIME_ZONE,
        country=COUNTRY,
        fiscal_year=FISCAL_YEAR_STARTS,
        flagship=FAMILIES[FLAGSHIP],
        protected=_percent(PROTECTED_UP_TO),
        lever_cap=_percent(LEVER_CAP),
        floor=_percent(FLOOR_MARGIN),
        qualified=QUALIFIED,
        reasons=", ".join(REASONS),
        personas="\n".join(_persona(persona) for persona in PERSONAS),
        limits="\n".join(_row(row) for row in version.rows),
        levers="\n".join(_lever(lever) for lever in LEVERS),
        signed=_signatures(world, version.from_on),
        **_amounts(figures),
    )


def _amounts(figures: Figures) -> dict[str, object]:
    return {
        "revenue": figures.revenue // 100,
        "realization": _percent(figures.realization * 1_000),
        "fit": _percent(figures.fit * 1_000),
        "win_rate": _percent(figures.win_rate * 1_000),
        "leads": figures.leads_a_month,
        "concessions": figures.concessions_a_quarter // 100,
        "promotions": figures.promotions_a_quarter // 100,
        "labels": figures.labels_a_quarter,
        "label_from": LABEL_FROM // 100,
        "label_rep": ALONE[LABEL],
        "label_most": AT_MOST[LABEL],
        "finish_rep": ALONE[FINISH],
        "finish_most": AT_MOST[FINISH],
    }


def _persona(persona: Persona) -> str:
    industries = ", ".join(INDUSTRIES[at] for at in persona.industries)
    when = f'{{industry: [{industries}], employees: "[{persona.at_least}..{persona.below})"}}'
    return (
        f"  - {{id: {persona.id}, name: {persona.name}, when: {when}, values: [{persona.value}]}}"
    )


def _row(row: Row) -> str:
    when = []
    if row.segment is not None:
        when.append(f"segment: {SEGMENTS[row.segment]}")
    if row.list_at_least:
        when.append(f'list_amount: ">= {row.list_at_least // 100}"')
    rep, manager, lead = (_percent(rate) for rate in row.up_to)
    pair = f", sales_manager + product_marketing: {_percent(row.pair)}" if row.pair else ""
    given = f"rep: {rep}, sales_manager: {manager}{pair}, revenue_lead: {lead}"
    condition = f"when: {{{', '.join(when)}}}, " if when else ""
    return f"    - {{id: {row.id}, {condition}up_to: {{{given}}}}}"


def _lever(lever: Lever) -> str:
    test = f'"{lever.test}"' if lever.test.startswith(">") else lever.test
    adds = _percent(lever.adds)
    return f"    - {{id: {lever.id}, when: {{{lever.field}: {test}}}, adds: {adds}}}"


def _signatures(world: World, from_on: dt.date) -> str:
    """Let the longest-serving manager sign for sales and a product marketer for marketing."""
    people = world.people
    signers = {
        "sales": people.with_role(MANAGER)[0],
        "marketing": people.with_role(PRODUCT_MARKETER)[0],
    }
    roles = {"sales": ROLES[MANAGER], "marketing": ROLES[PRODUCT_MARKETER]}
    on = from_on - dt.timedelta(days=12)
    return "\n".join(
        f'  - {{side: {side}, by: "{people.names[who]}, {roles[side]}", at: {on}T15:30}}'
        for side, who in signers.items()
    )


def _percent(millionths: int) -> str:
    """Write a rate as people do.

    >>> _percent(80_000), _percent(905_000)
    ('8%', '90.5%')
    """
    return f"{millionths * 100 / MILLION:.1f}".rstrip("0").rstrip(".") + "%"
