"""Promotions that earned less than they cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.promotion_earned import PromotionBook, PromotionEarned
from counterpoise.watch.judge import alone
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Sample
from counterpoise.watch.trade_measures import account_names, book_of, offers_of, refusal_of
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import money

_FORMULA = "what promotions earned less than they cost, a quarter"


@dataclass(frozen=True)
class _Subjects:
    """Promotions or accounts with what they brought, and the chance of such a loss by luck."""

    earned: Sequence[PromotionEarned]
    p: Sequence[float]


def _missing(watched: Watched) -> str:
    return refusal_of(watched, book_of)


def _facts(watched: Watched) -> Mapping[str, Mapping[str, Any]]:
    """Return the promotions of the window by id: days, goods, where, and what they cost."""

    def make() -> Mapping[str, Mapping[str, Any]]:
        offers = offers_of(watched)
        found = offers.group_by("promotion_id").aggregate(
            account=offers.account_id.min(),
            accounts=offers.account_id.nunique(),
            product=offers.product_id.min(),
            family=offers.family.min(),
            starts=offers.starts_on.min(),
            ends=offers.ends_on.max(),
            cost=offers.cost.sum(),
        )
        return {row["promotion_id"]: row for row in watched.books.run(found).to_pylist()}

    return watched.share("promotion_facts", make)


def _judged(earned: Sequence[PromotionEarned]) -> _Subjects:
    freedom = np.array([each.earned.freedom for each in earned])
    sample = Sample(
        ids=tuple(each.key for each in earned),
        groups=("",) * len(earned),
        n=np.array([each.weeks for each in earned], dtype=np.int64),
        observed=np.array([-each.earned.value for each in earned]),
        expected=np.zeros(len(earned)),
        variance=np.array([each.earned.error**2 for each in earned]),
        base=np.zeros(len(earned)),
    )
    return _Subjects(earned, alone(sample, freedom).p.tolist())


def _test(watched: Watched) -> Iterator[Tested]:
    book = book_of(watched)
    facts, material = _facts(watched), float(watched.agreement.watch.material)
    if not isinstance(book, PromotionBook) or not facts:
        return
    least = material * watched.quarters
    only = offers_of(watched).select("promotion_id").distinct()
    each = _judged([one for one in book.earned(only) if facts[one.key]["cost"] >= least])
    by_account = {one.key: one for one in book.earned_by_account(only)}
    for one, p in zip(each.earned, each.p, strict=True):
        fact = facts[one.key]
        where = fact["account"] if fact["accounts"] == 1 else ""
        found = _tested(watched, "promotion", _promotion(watched, one.key), (one, p), where)
        yield replace(found, p_among=_among(one, by_account.get(where)))
    yield from _accounts(watched, book, only)


def _among(one: PromotionEarned, account: PromotionEarned | None) -> float | None:
    """Return the chance that a promotion loses so much if it loses as all of its account's do.

    None where it is no loss of the account's kind: the account loses nothing, or has no other.
    """
    if account is None or account.weeks <= one.weeks or not account.cost > one.cost > 0:
        return None
    rest = account.earned.value - one.earned.value
    usual = rest / (account.cost - one.cost) * one.cost
    (p,) = _judged([_moved(one, one.earned.value - usual)]).p
    return p


def _accounts(watched: Watched, book: PromotionBook, only: ir.Table) -> Iterator[Tested]:
    """Test the promotions of an account together, with the one that lost most and without it."""
    least = float(watched.agreement.watch.material) * watched.quarters
    offers, names = offers_of(watched), account_names(watched)
    costs = offers.group_by("account_id").aggregate(cost=offers.cost.sum())
    cost = {row["account_id"]: row["cost"] for row in watched.books.run(costs).to_pylist()}
    large = [one for one in book.earned_by_account(only) if cost.get(one.key, 0.0) >= least]
    subjects = _judged(large)
    worst = _worst(watched, book, only)
    for one, p in zip(subjects.earned, subjects.p, strict=True):
        member, lost = worst.get(one.key, ("", 0.0))
        rest = one.earned.value - lost
        (without,) = _judged([_moved(one, rest)]).p
        subject = Subject("account", one.key, names.get(one.key, one.key))
        yield _tested(watched, "account", subject, (one, p), "", (member, without))


def _moved(one: PromotionEarned, value: float) -> PromotionEarned:
    return replace(one, earned=replace(one.earned, value=value))


def _worst(
    watched: Watched, book: PromotionBook, only: ir.Table
) -> Mapping[str, tuple[str, float]]:
    """Return the promotion that lost most at each account, of those at one account alone."""
    facts, found = _facts(watched), dict[str, tuple[str, float]]()
    for one in book.earned(only):
        fact, value = facts[one.key], one.earned.value
        if fact["accounts"] == 1 and value < found.get(fact["account"], ("", 0.0))[1]:
            found[fact["account"]] = (one.key, value)
    return found


def _tested(
    watched: Watched,
    variant: str,
    subject: Subject,
    judged: tuple[PromotionEarned, float],
    group: str,
    without: tuple[str, float | None] = ("", None),
) -> Tested:
    one, p = judged
    facts = _facts(watched)
    starts: dt.date = facts[one.key]["starts"] if one.key in facts else watched.first
    return Tested(
        variant=variant,
        subject=subject,
        side=Side.SALES,
        observed=one.earned.value,
        expected=0.0,
        low=one.earned.low,
        high=one.earned.high,
        n=one.weeks,
        p=p,
        stake=watched.cents(max(0.0, -one.earned.value) / watched.quarters),
        stake_formula=_FORMULA,
        since=max(starts, watched.first),
        picture=_picture(one),
        group=group,
        member=without[0],
        p_without=without[1],
        notes={"earned": one},
    )


def _picture(one: PromotionEarned) -> Picture:
    parts = (
        ("more sold", one.more_sold),
        ("price given", one.price_given),
        ("weeks after", one.after),
        ("neighbours", one.neighbours),
        ("trade spend", -one.trade_spend),
    )
    whole = one.earned
    marks = [Mark(name, value) for name, value in parts]
    marks.append(Mark("earned", whole.value, whole.low, whole.high, one.weeks, is_subject=True))
    return Picture(Axis.PEERS, tuple(marks), 0.0, "money that the promotion brought or took")


def _promotion(watched: Watched, id_: str) -> Subject:
    fact = _facts(watched)[id_]
    product = fact["product"]
    goods = watched.names["product"].get(product, product) if product else fact["family"]
    where = account_names(watched).get(fact["account"], fact["account"])
    if fact["accounts"] > 1:
        where = f"{fact['accounts']} accounts"
    return Subject("promotion", id_, f"{goods or 'all goods'} at {where} from {fact['starts']}")


def _earned(found: Tested) -> PromotionEarned:
    one = found.notes["earned"]
    assert isinstance(one, PromotionEarned)
    return one


def _says(watched: Watched, found: Tested) -> str:
    one, currency = _earned(found), watched.books.workspace.currency
    what = "The promotion of" if found.variant == "promotion" else "Promotions at"
    brought = one.more_sold + one.after + one.neighbours
    return (
        f"{what} {found.subject.name} brought {money(brought, currency)} of margin and cost "
        f"{money(one.cost, currency)}: {money(max(0.0, -one.earned.value), currency)} lost "
        f"(95%: {money(-one.earned.high, currency)} to {money(-one.earned.low, currency)})."
    )


def _next_step(watched: Watched, found: Tested) -> str:
    one = _earned(found)
    told = "price given on what would have sold anyway"
    if one.trade_spend > -one.price_given:
        told = "trade spend"
    clause = "promotions.limits" if watched.agreement.promotions else "promotions"
    return (
        f"Before the next one like it, cut what cost most ({told}): shallower with a feature or a "
        f"display, shorter, or not at all; write what holds into the agreement (clause {clause})."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    book = book_of(watched)
    assert isinstance(book, PromotionBook)
    cells = book.cells
    if found.variant == "promotion":
        cells = cells.filter(cells.promotion_id == found.subject.id)
    else:
        cells = cells.filter(cells.account_id == found.subject.id)
        cells = cells.semi_join(offers_of(watched), "promotion_id")
    laid = cells.inner_join(
        book.spend.select("promotion_id", "trade_spend", "all_weeks"), "promotion_id"
    )
    spend = laid.trade_spend * laid.weeks / laid.all_weeks.nullif(0.0)
    earned = laid.more_sold + laid.price_given + laid.after + laid.neighbours
    earned = earned - ibis.coalesce(spend, 0.0)
    lost = ibis.greatest(-earned, 0.0)
    return laid.select(
        "promotion_id",
        "account_id",
        "product_id",
        "weeks",
        "units",
        "gained",
        "more_sold",
        "price_given",
        "after",
        "neighbours",
        trade_spend=ibis.coalesce(spend, 0.0),
        stake_part=lost / watched.quarters,
    )


def _other_view(_: Watched, found: Tested) -> OtherView:
    """Tell what the brand had of it: units more, and what they were in all."""
    one = _earned(found)
    net = one.gained + one.dipped + one.taken
    share = net / one.units if one.units else 0.0
    return OtherView(
        f"What the brand had of it: {net:,.0f} units more in all, {share:.0%} of the "
        f"{one.units:,.0f} sold on deal.",
        (("Units more", f"{net:,.0f}"), ("of those sold on deal", f"{share:.0%}")),
    )


KIND = Kind(
    name="losing_promotion",
    side=Side.SALES,
    counterpart="unsupported_promotion",
    variants=MappingProxyType({"promotion": "promotion", "account": "account"}),
    asks="Did a promotion, or all of an account's, earn less than they cost?",
    measure="Margin on what promotions sold more, less the price given on what would have sold "
    "anyway, what the two weeks after and the family's other goods lost, and trade spend; by the "
    "measured lift, with errors by account. Against nothing earned and nothing lost.",
    stake="What they earned less than they cost, a quarter.",
    unit=Unit.MONEY,
    needs=("sell_through", "promotions", "products"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
