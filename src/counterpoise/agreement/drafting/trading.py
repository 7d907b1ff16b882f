"""What a draft proposes to a company that sells through retailers, from weeks of sell-through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from counterpoise.agreement.drafting.evidence import ENOUGH, Evidence, RoleFound, Sold, Traded
from counterpoise.agreement.drafting.flow import identifier, value_of
from counterpoise.agreement.drafting.proposing import (
    Entry,
    Rungs,
    proposed,
    rungs_of,
    spent_of,
    who_holds,
    within,
)
from counterpoise.agreement.drafting.rounding import one_digit, round_amount, round_down, round_up
from counterpoise.agreement.quantities import format_rate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from counterpoise.books.books import Books

YEAR = dt.timedelta(weeks=52)
"""How much of the past tells how the trade stands: a year, so that every season counts once."""

_POINT, _HALF_POINT = Decimal("0.01"), Decimal("0.005")
_HARDLY, _OFTEN = Decimal("0.02"), Decimal("0.1")
_MOST_PROTECTED = 3


def roles(evidence: Evidence) -> Iterator[tuple[str, Entry]]:
    """Propose the ladder of the trade, lowest first."""
    rungs: Rungs = rungs_of(evidence)
    parts: tuple[tuple[str, str, tuple[RoleFound, ...]], ...] = (
        ("account_manager", "sales", rungs.reps),
        ("sales_manager", "sales", rungs.managers),
        ("brand_manager", "marketing", rungs.marketing),
        ("commercial_lead", "both", rungs.leads),
    )
    for name, side, found in parts:
        is_default = name == "account_manager"
        yield name, who_holds(evidence, side, found, is_default=is_default)


def goals(evidence: Evidence) -> Iterator[Entry]:
    """Propose goals a little better than the last year: one for both, one for each side.

    An amount, such as net sales, is no goal of a draft: it has no end to measure the pace by.
    """
    traded = evidence.traded
    if traded is None or traded.weeks < ENOUGH:
        return
    if traded.realization is not None:
        target = min(Decimal(1), round_up(traded.realization, _POINT))
        yield _goal(
            ("realization", "base_price_realization"),
            {"at_least": format_rate(target), "shared": True},
            f"{one_digit(traded.realization)} of base price",
        )
    if traded.on_deal is not None and traded.on_deal > _POINT:
        yield _goal(
            ("on_deal", "share_on_deal"),
            {"at_most": format_rate(round_down(traded.on_deal, _POINT)), "owner": "marketing"},
            f"{one_digit(traded.on_deal)} of the volume was sold on deal",
        )
    if traded.spend_share:
        yield _goal(
            ("spend", "trade_spend_share"),
            {"at_most": format_rate(round_up(traded.spend_share, _HALF_POINT)), "owner": "sales"},
            f"trade spend was {one_digit(traded.spend_share)} of net sales",
        )


def _goal(named: tuple[str, str], target: Mapping[str, object], says: str) -> Entry:
    name, metric = named
    return Entry({"id": name, "metric": metric, **target}, f"{says} in the last 52 weeks")


def promises(evidence: Evidence) -> Mapping[str, tuple[Entry, ...]]:
    """Propose what each side owes the other where promotions are agreed, not deals."""
    kept = {each.metric: each for each in evidence.kept}
    answered = kept.get("approval_answered")
    target, says = within(answered) if answered else ({"within": "2 working days"}, "")
    answers = {"id": "answers", "metric": "approval_answered", **target}
    answer = Entry(answers, says) if says else proposed("answers", "approval_answered", target)
    notice = proposed("notice", "campaign_notice", {"at_least": "10 working days"})
    review = proposed("review", "review_attended", {"at_least": "90%"})
    return {"marketing": (notice, answer), "sales": (answer, review)}


def budgets(evidence: Evidence) -> Iterator[Entry]:
    """Propose what a quarter may cost: of each side where both are on record, else of both."""
    of = {"promotion_spend": ("promotions", "marketing"), "trade_spend": ("trade", "sales")}
    found = [each for each in evidence.spent if each.of in of]
    for spent in found:
        name, side = of[spent.of]
        amount = round_amount(spent.usual or spent.most)
        plain = {"id": name, "of": spent.of, "side": side if len(found) > 1 else "both"}
        yield Entry({**plain, "every": "quarter", "amount": amount}, spent_of(spent, evidence))


def protected(evidence: Evidence) -> Iterator[Entry]:
    """Propose to protect the brands that sell without promotion while others do not."""
    traded = evidence.traded
    if traded is None or traded.on_deal is None or traded.on_deal < _OFTEN:
        return
    firm = [each for each in traded.families if each.on_deal <= _HARDLY and each.weeks >= ENOUGH]
    for each in firm[:_MOST_PROTECTED]:
        when = {"product_family": value_of(each.family)}
        up_to = {"commercial_lead": format_rate(5 * _POINT)}
        says = f"{one_digit(each.on_deal)} of its volume was sold on deal in the last 52 weeks"
        yield Entry({"id": identifier(each.family), "when": when, "up_to": up_to}, says)


def terms() -> Entry:
    """Propose who may negotiate what besides promotions, of which weeks of sell-through tell none.

    >>> terms().plain["id"]
    'terms'
    """
    up_to = {"account_manager": "2%", "sales_manager": "5%", "commercial_lead": "10%"}
    says = "proposed with care; no deals are recorded that would tell what is usual"
    return Entry({"id": "terms", "up_to": up_to}, says)


def floor() -> Entry:
    """Propose a floor below which both sides' lead decides."""
    plain = {"margin": "10%", "decides": "commercial_lead"}
    return Entry(plain, "proposed; the cost of no deal is known to tell")


def gather_traded(books: Books, as_of: dt.date) -> Traded | None:
    """Return what the weeks of sell-through come to; None where there are none."""
    if not books.has("sell_through"):
        return None
    from counterpoise.books.facts import View
    from counterpoise.books.on_deal import recorded, weeks_on_deal

    view = View(books, as_of)
    weeks = weeks_on_deal(view, recorded(books))
    goods = books.table("products").select(sold="product_id", family="family")
    laid = weeks.left_join(goods, weeks.product_id == goods.sold)
    laid = laid.mutate(last_year=laid.week > as_of - YEAR)
    by_family = laid.group_by("family", "last_year").aggregate(**_sums(laid))
    rows = books.run(by_family.order_by("family", "last_year")).to_pylist()
    days = books.run(weeks.aggregate(first=weeks.week.min(), last=weeks.week.max())).to_pylist()[0]
    if not rows:
        return None
    late = [row for row in rows if row["last_year"]]
    net, spend = _added(late, "net"), _spent(view, late, as_of)
    return Traded(
        weeks=int(_added(rows, "weeks") or 0),
        first=days["first"],
        last=days["last"],
        promotions=_count(books),
        realization=_ratio(_added(late, "priced_net"), _added(late, "base")),
        on_deal=_ratio(_added(late, "on_deal_units"), _added(late, "told_units")),
        spend_share=_ratio(spend, net),
        families=tuple(_families(late)),
    )


def _sums(weeks: ir.Table) -> dict[str, Any]:
    net = weeks.units.cast("float64") * weeks.net_price.cast("float64")
    base = weeks.units.cast("float64") * weeks.base_price.cast("float64")
    return {
        "weeks": weeks.count(),
        "net": net.sum(),
        "priced_net": net.sum(where=base.notnull()),
        "base": base.sum(where=net.notnull()),
        "told_units": weeks.units.cast("float64").sum(where=weeks.on_deal.notnull()),
        "on_deal_units": weeks.units.cast("float64").sum(where=weeks.on_deal),
        "spend": weeks.trade_spend.cast("float64").sum(),
    }


def _added(rows: list[dict[str, Any]], name: str) -> float | None:
    known = [float(row[name]) for row in rows if row[name] is not None]
    return sum(known) if known else None


def _spent(view: Any, rows: list[dict[str, Any]], as_of: dt.date) -> float | None:
    """Return the trade spend of the weeks; where they record none, that of promotions."""
    of_weeks = _added(rows, "spend")
    if of_weeks or not view.books.has("promotions"):
        return of_weeks
    offers = view.seen(view.books.table("promotions"), "starts_on")
    offers = offers.filter(offers.starts_on > as_of - YEAR)
    found = view.books.run(offers.trade_spend.cast("float64").sum()).as_py()
    return None if found is None else float(found)


def _families(rows: list[dict[str, Any]]) -> Iterator[Sold]:
    for row in rows:
        share = _ratio(row["on_deal_units"] or 0.0, row["told_units"])
        if row["family"] and share is not None:
            yield Sold(row["family"], row["weeks"], share)


def _count(books: Books) -> int:
    rows = books.table("promotions") if books.has("promotions") else None
    return 0 if rows is None else int(books.run(rows.count()).as_py())


def _ratio(part: float | None, whole: float | None) -> Decimal | None:
    """Divide, to six digits; None without a denominator."""
    return Decimal(str(round(part / whole, 6))) if part is not None and whole else None
