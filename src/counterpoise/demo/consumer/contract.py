"""The agreement of the consumer-goods company, as both sides signed it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from counterpoise.demo.consumer.market import BRANDS
from counterpoise.demo.world import CURRENCY, TIME_ZONE

_TEMPLATE = """\
# {title}: what sales and marketing of Brightwater Foods agreed.
# Both sides signed it (see the end); the desk answers by it, the watch holds both sides to it.
agreement: counterpoise/v1
title: {title}
in_force: {{from: {from_on}, until: {until_on}, if_lapsed: continue}}
company:
  kind: consumer_goods
  currency: {currency}
  time_zone: {time_zone}
  fiscal_year_starts: 1

# The ladder, lowest first. Brand managers lead on brand and price, key account managers on the
# account, both on what lies between.
roles:
  account_manager:  {{side: sales, people: {{role: [Key Account Manager]}}}}
  brand_manager:    {{side: marketing, people: {{role: [Brand Manager]}}}}
  sales_director:   {{side: sales, people: {{role: [Sales Director]}}}}
  revenue_lead:     {{side: both, people: {{role: [Chief Commercial Officer]}}}}

# What both want.
goals:
  - {{id: realization, metric: base_price_realization, at_least: 90%, shared: true}}
  - {{id: on_deal, metric: share_on_deal, at_most: 40%, owner: marketing}}
  - {{id: spend, metric: trade_spend_share, at_most: 2%, owner: sales}}

# What each side owes the other.
promises:
  marketing:
    - {{id: notice, metric: campaign_notice, at_least: 10 working days}}
  sales:
    - {{id: answers, metric: approval_answered, within: 2 working days}}

# What each side may spend on the trade.
budgets:
  - {{id: promotions, of: promotion_spend, side: marketing, every: quarter, amount: {budget}}}

# The brand that is sold on what it is.
protected:
  - id: flagship
    when: {{product_family: {flagship}}}
    up_to: {{brand_manager: 20%, account_manager + brand_manager: 30%, revenue_lead: 35%}}
    says: sold on what it is

# Offers to accounts: how deep, and how often.
promotions:
  limits:
    - id: brands
      up_to:
        account_manager: 20%
        brand_manager: 25%
        account_manager + brand_manager: 33%
        revenue_lead: 40%
      weeks_on_deal: {{per: year, at_most: 13}}
      gap_weeks: 3
  otherwise: refused

approvals:
  respond_within: 2 working days
  remind_after: 4 working hours
  escalate_to: revenue_lead
watch: {{false_alarms: 10%, material: 5000, promises_kept: 90%}}
review: {{every: week}}
pulse: {{every: month, smallest_group: 5}}

signed:
  - {{side: sales, by: "{sales}, Sales Director", at: {signed_on}T15:30}}
  - {{side: marketing, by: "{marketing}, Brand Manager", at: {signed_on}T15:30}}
"""


@dataclass(frozen=True)
class Terms:
    """What one version says beside what all say."""

    title: str
    from_on: dt.date
    until_on: dt.date
    budget: int


def write_consumer_contract(terms: Terms, sales: str, marketing: str) -> str:
    """Return one version as YAML, signed for both sides."""
    return _TEMPLATE.format(
        title=terms.title,
        from_on=terms.from_on,
        until_on=terms.until_on,
        budget=terms.budget,
        currency=CURRENCY,
        time_zone=TIME_ZONE,
        flagship=BRANDS[0],
        signed_on=terms.from_on - dt.timedelta(days=12),
        sales=sales,
        marketing=marketing,
    )
