"""Base volume or base price that falls where promotions were many."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.estimate import FEW_ACCOUNTS
from counterpoise.ledger.moments import Observed, moments
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel
from counterpoise.ledger.within import Fit, as_number, fit
from counterpoise.watch.judge import Judgement, alone
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.pictures import among_peers
from counterpoise.watch.sample import Sample
from counterpoise.watch.trade_measures import panel_of, refusal_of, signs_of
from counterpoise.watch.watched import RECENT_DAYS, Watched
from counterpoise.watch.words import money, of_few, percent

_WEEKS_BACK = 26
_FEWEST_BACK = 13
_SMALLEST = 0.02
"""A part of base volume, or of base price, that is worth a talk."""
_MOST_FAMILIES = 30
_LOST = {"volume": "base volume", "price": "base price"}
_OUTCOME = {"volume": "ln_units", "price": "ln_base"}


@dataclass(frozen=True)
class _Family:
    """A family: what it sells without promotion, money a quarter, and how often it is on deal."""

    name: str
    plain_sales: float
    on_deal: float


def _missing(watched: Watched) -> str:
    if why := refusal_of(watched, panel_of):
        return why
    weeks = _weeks(watched)
    has = watched.one(weeks.past.count())
    return "" if has else "no product has half a year of weeks before another one"


def _weeks(watched: Watched) -> ir.Table:
    """Return the panel's weeks with the share of the half year before that was on deal, kept.

    Adds `past`, NULL where fewer than 13 weeks are on record, and `is_plain`: neither on deal nor
    just after.
    """

    def make() -> ir.Table:
        found = panel_of(watched)
        assert isinstance(found, Panel)
        weeks = found.weeks
        back = ibis.window(
            group_by=["account_id", "product_id"],
            order_by="week",
            preceding=(_WEEKS_BACK, 1),
        )
        dealt = as_number(weeks.on_deal)
        count = dealt.count().over(back)
        past = ibis.ifelse(count >= _FEWEST_BACK, dealt.mean().over(back), ibis.null("float64"))
        plain = ~weeks.on_deal
        for name in AFTER:
            plain = plain & (weeks[name] == 0)
        return watched.books.keep(weeks.mutate(past=past, is_plain=plain), "weeks_with_past")

    return watched.share("weeks_with_past", make)


def _families(watched: Watched) -> list[_Family]:
    """Return the families that sell enough, most sales first."""
    weeks = _weeks(watched)
    first = watched.recent_first
    recent = weeks.filter(weeks.week >= ibis.literal(first), weeks.product_family.notnull())
    worth = (recent.units * ibis.coalesce(recent.base_price, recent.net_price)).cast("float64")
    sums = recent.group_by(family=recent.product_family).aggregate(
        sales=worth.sum(where=recent.is_plain), past=recent.past.mean()
    )
    quarters = watched.quarters * RECENT_DAYS / watched.days
    found = [
        _Family(row["family"], (row["sales"] or 0.0) / quarters, row["past"] or 0.0)
        for row in watched.books.run(sums).to_pylist()
    ]
    material = float(watched.agreement.watch.material)
    large = [each for each in found if each.plain_sales * _SMALLEST >= material]
    return sorted(large, key=lambda each: -each.plain_sales)[:_MOST_FAMILIES]


def _fits(watched: Watched, outcome: str, families: list[_Family]) -> Mapping[str, Fit]:
    """Return the slopes of each family: what a half year wholly on deal would do to base."""
    found = panel_of(watched)
    assert isinstance(found, Panel)
    price = found.price if outcome == "ln_units" else ()
    names = ("past", *price, *found.time, *(NEIGHBOURS if outcome == "ln_units" else ()))
    weeks = _weeks(watched)
    plain = weeks.filter(weeks.is_plain, weeks.past.notnull())
    told = {
        each.name: fit(
            moments(
                watched.books,
                Observed(plain.filter(plain.product_family == each.name)),
                outcome,
                names,
            )
        )
        for each in families
    }
    return {
        name: each
        for name, each in told.items()
        if isinstance(each, Fit) and "past" in each.names and each.accounts >= FEW_ACCOUNTS
    }


def _test(watched: Watched) -> Iterator[Tested]:
    families = _families(watched)
    variants = _OUTCOME if signs_of(watched).base_price else {"volume": _OUTCOME["volume"]}
    for variant, outcome in variants.items():
        fits = _fits(watched, outcome, families)
        yield from _tests(watched, variant, [each for each in families if each.name in fits], fits)


def _tests(
    watched: Watched, variant: str, families: list[_Family], fits: Mapping[str, Fit]
) -> Iterator[Tested]:
    sample, freedom = _sample(families, fits)
    if not sample.size:
        return
    found = alone(sample, freedom)
    for at, each in enumerate(families):
        lost = -math.expm1(-max(0.0, float(sample.observed[at])))
        yield Tested(
            variant=variant,
            subject=Subject("product_family", each.name, each.name),
            side=Side.BOTH,
            observed=-float(sample.observed[at]),
            expected=0.0,
            low=-float(found.high[at]),
            high=-float(found.low[at]),
            n=int(sample.n[at]),
            p=float(found.p[at]),
            stake=watched.cents(lost * each.plain_sales),
            stake_formula=f"part of {_LOST[variant]} lost × sales without promotion, a quarter",
            since=watched.recent_first,
            picture=among_peers(*_turned(sample, found), each.name, f"change of {_LOST[variant]}"),
            notes={"on_deal": each.on_deal, "sales": each.plain_sales},
        )


def _sample(
    families: list[_Family], fits: Mapping[str, Fit]
) -> tuple[Sample, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return what families lost at the share on deal that they had: −slope × share."""
    slopes = [fits[each.name].slope("past") for each in families]
    told = [(one, slope) for one, slope in zip(families, slopes, strict=True) if slope]
    sample = Sample(
        ids=tuple(one.name for one, _ in told),
        groups=("",) * len(told),
        n=np.array([slope.n for _, slope in told], dtype=np.int64),
        observed=np.array([-slope.value * one.on_deal for one, slope in told]),
        expected=np.zeros(len(told)),
        variance=np.array([(slope.error * one.on_deal) ** 2 for one, slope in told]),
        base=np.array([one.plain_sales for one, _ in told]),
    )
    return sample, np.array([slope.freedom for _, slope in told])


def _turned(sample: Sample, found: Judgement) -> tuple[Sample, Judgement]:
    return sample.turned(), found.turned()


def _share(found: Tested) -> float:
    share = found.notes["on_deal"]
    assert isinstance(share, float)
    return share


def _says(_: Watched, found: Tested) -> str:
    lost = -math.expm1(min(0.0, found.observed))
    what = "sells less" if found.variant == "volume" else "has a lower base price"
    return (
        f"{found.subject.name} {what} without promotion where it was promoted more often before: "
        f"{percent(lost)} of its {_LOST[found.variant]} at the {percent(_share(found), 0)} of "
        f"weeks on deal that it has.{of_few(found.n, 'week')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    rules = watched.agreement.promotions
    row = (
        next((each for each in rules.limits if each.gap_weeks is not None), None) if rules else None
    )
    clause = f"promotions.limits.{row.id}" if row else "promotions.limits"
    return (
        f"Let {found.subject.name} rest: a quarter with half the weeks on deal at some accounts, "
        f"and a longer gap in the agreement (clause {clause}); then look at its "
        f"{_LOST[found.variant]} again."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    """Return what stands behind it. Grain: account × product of the family."""
    weeks = _weeks(watched)
    own = weeks.filter(
        weeks.product_family == found.subject.id, weeks.week >= ibis.literal(watched.recent_first)
    )
    worth = (own.units * ibis.coalesce(own.base_price, own.net_price)).cast("float64")
    sums = own.group_by("account_id", "product_id").aggregate(
        weeks_without=own.is_plain.sum(),
        units_without=own.units.sum(where=own.is_plain),
        share_on_deal_before=own.past.mean(),
        sales=ibis.coalesce(worth.sum(where=own.is_plain), 0.0),
    )
    lost = -math.expm1(min(0.0, found.observed))
    quarters = watched.quarters * RECENT_DAYS / watched.days
    return sums.select(
        account_product=sums.account_id.concat("|", sums.product_id),
        account_id="account_id",
        product_id="product_id",
        weeks_without="weeks_without",
        units_without="units_without",
        share_on_deal_before="share_on_deal_before",
        stake_part=sums.sales * lost / quarters,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell how often it is on deal and what it sells without."""
    currency, sales = watched.books.workspace.currency, found.notes["sales"]
    assert isinstance(sales, float)
    share = percent(_share(found), 0)
    return OtherView(
        f"{found.subject.name} was on deal in {share} of the weeks of the half year before, and "
        f"sells {money(sales, currency)} a quarter without promotion.",
        (("Weeks on deal", share), ("Sales without, a quarter", money(sales, currency))),
    )


KIND = Kind(
    name="base_price_drift",
    side=Side.BOTH,
    counterpart="promotion_dependence",
    variants=MappingProxyType({"volume": "product_family", "price": "product_family"}),
    asks="Does base volume or base price fall where promotions were many?",
    measure="Of weeks without promotion, ln(units), and ln(base price), on the share of the 26 "
    "weeks before that was on deal, within account × product, beside base price, trend, season and "
    "neighbours, family by family; with errors by account. Against no change.",
    stake="The part lost × sales without promotion, a quarter.",
    unit=Unit.POINTS,
    needs=("sell_through",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
