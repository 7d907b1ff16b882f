"""A rising share of volume that sells on deal alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.estimate import FEW_ACCOUNTS, Sums, sums_by
from counterpoise.watch.judge import FEWEST_PEERS, Judgement, against_few, against_peers, alone
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.pictures import among_peers
from counterpoise.watch.sample import Sample
from counterpoise.watch.trade_measures import (
    account_names,
    of_other_trade,
    recent_or_before,
    signs_of,
    weeks_of,
)
from counterpoise.watch.watched import RECENT_DAYS, Watched
from counterpoise.watch.words import money, of_few, percent, points

_SMALLEST = 0.02
"""Points of volume more on deal that are worth a talk."""
_MEASURE = "share of units sold on deal in the last 182 days"
_KEY = {"company": "company", "product_family": "product_family", "account": "account_id"}
_CLUSTER = {"company": "account_id", "product_family": "account_id", "account": "product_id"}
_FEWEST_CLUSTERS = 2
_STANDS_OUT = 0.05


@dataclass(frozen=True)
class _Change:
    """The subjects of a variant: their share on deal now and a year before, and what it costs."""

    sample: Sample
    freedom: np.ndarray[tuple[int], np.dtype[np.float64]]


def _missing(watched: Watched) -> str:
    if why := of_other_trade(watched):
        return why
    if not signs_of(watched).any:
        return "the weeks record no base price, feature or display"
    weeks = weeks_of(watched)
    before = watched.one((recent_or_before(watched, weeks.week) == "before").sum())
    return "" if before else "the weeks do not reach back a year and a half"


def _weeks(watched: Watched) -> ir.Table:
    """Return the weeks of both spans of which is known whether they were on deal."""
    weeks = weeks_of(watched)
    weeks = weeks.mutate(
        span=recent_or_before(watched, weeks.week),
        company=ibis.literal("company"),
        sold=weeks.units.cast("float64"),
    )
    weeks = weeks.filter(weeks.span.notnull(), weeks.on_deal.notnull(), weeks.sold > 0)
    return weeks.mutate(dealt=ibis.ifelse(weeks.on_deal, weeks.sold, 0.0))


def _change(watched: Watched, variant: str, weeks: ir.Table) -> _Change:
    """Return by how much the share on deal rose, with errors by account or by product."""
    key = _KEY[variant]
    own = weeks.filter(weeks[key].notnull())
    measures = {"dealt": (own.dealt, own.sold)}
    keys = {"key": own[key], "span": own.span}
    found = watched.books.run(sums_by(own, keys, measures, own[_CLUSTER[variant]])).to_pylist()
    sums = {(row["key"], row["span"]): Sums.read(row, "dealt") for row in found}
    both = [
        (key, sums[key, "recent"], sums[key, "before"])
        for key in sorted({key for key, _ in sums})
        if (key, "recent") in sums and (key, "before") in sums
    ]
    both = [each for each in both if min(one.accounts for one in each[1:]) >= _FEWEST_CLUSTERS]
    base = _given(watched, variant)
    sample = Sample(
        ids=tuple(key for key, _, _ in both),
        groups=("",) * len(both),
        n=np.array([int(min(now.n, then.n)) for _, now, then in both], dtype=np.int64),
        observed=np.array([now.ratio for _, now, _ in both]),
        expected=np.array([then.ratio for _, _, then in both]),
        variance=np.array([now.variance + then.variance for _, now, then in both]),
        base=np.array([base.get(key, 0.0) for key, _, _ in both]),
    )
    return _Change(sample, np.array([min(now.freedom, then.freedom) for _, now, then in both]))


def _given(watched: Watched, variant: str) -> Mapping[str, float]:
    """Return what the whole volume would give away on deal, money a quarter, by subject."""
    weeks = _weeks(watched)
    recent = weeks.filter(weeks.span == "recent")
    sums = recent.group_by(key=recent[_KEY[variant]]).aggregate(
        base=recent.base_sales.cast("float64").sum(),
        net=recent.net_sales.cast("float64").sum(),
        dealt=recent.base_sales.cast("float64").sum(where=recent.on_deal),
        cut=recent.depth_amount.cast("float64").sum(where=recent.on_deal),
    )
    quarters = watched.quarters * RECENT_DAYS / watched.days
    return {
        row["key"]: (row["base"] or row["net"] or 0.0)
        * ((row["cut"] or 0.0) / row["dealt"] if row["dealt"] else 0.0)
        / quarters
        for row in watched.books.run(sums).to_pylist()
    }


def _test(watched: Watched) -> Iterator[Tested]:
    weeks = _weeks(watched)
    families = _change(watched, "product_family", weeks).sample
    company, found = _whole(watched, weeks)
    for each in _tests(watched, "company", company, found):
        yield _with_member(watched, each, families, weeks)
    if families.size > 1:
        yield from _tests(watched, "product_family", families, against_few(families))
    accounts = _change(watched, "account", weeks).sample
    if accounts.size >= FEWEST_PEERS:
        yield from _tests(watched, "account", accounts, against_peers(accounts))


def _whole(watched: Watched, weeks: ir.Table) -> tuple[Sample, Judgement]:
    """Judge the company by errors between its accounts; where they are few, nobody is judged."""
    company = _change(watched, "company", weeks)
    enough = company.freedom >= FEW_ACCOUNTS - 1
    found = alone(company.sample, np.maximum(company.freedom, 1.0))
    return company.sample, replace(found, p=np.where(enough, found.p, np.nan))


def _with_member(watched: Watched, found: Tested, families: Sample, weeks: ir.Table) -> Tested:
    """Name the family that adds most to the company's rise, and how it stands without it."""
    if not families.size or found.p is None or found.p >= _STANDS_OUT:
        return found
    most = families.ids[int(np.argmax(families.effect * families.n))]
    rest = weeks.filter(ibis.coalesce(weeks.product_family, "") != most)
    sample, without = _whole(watched, rest)
    p = float(without.p[0]) if sample.size else 1.0
    return replace(found, member=most, p_without=1.0 if np.isnan(p) else p)


def _tests(watched: Watched, variant: str, sample: Sample, found: Judgement) -> Iterator[Tested]:
    material = float(watched.agreement.watch.material)
    for at, id_ in enumerate(sample.ids):
        p, base = float(found.p[at]), float(sample.base[at])
        if np.isnan(p) or base * _SMALLEST < material:
            continue
        over = max(0.0, float(sample.observed[at] - found.expected[at]))
        yield Tested(
            variant=variant,
            subject=_subject(watched, variant, id_),
            side=Side.BOTH,
            observed=float(sample.observed[at]),
            expected=float(found.expected[at]),
            low=float(found.low[at]),
            high=float(found.high[at]),
            n=int(sample.n[at]),
            p=p,
            stake=watched.cents(over * base),
            stake_formula="share of volume on deal beyond what is expected × sales at base price × "
            "average cut on deal, a quarter",
            since=watched.recent_first,
            picture=among_peers(sample, found, id_, _MEASURE),
            by_past=True,
            group="company" if variant == "product_family" else "",
            notes={"before": float(sample.expected[at])},
        )


def _subject(watched: Watched, variant: str, id_: str) -> Subject:
    if variant == "company":
        return Subject("company", "company", "the company")
    name = account_names(watched).get(id_, id_) if variant == "account" else id_
    return Subject(variant, id_, name)


def _says(_: Watched, found: Tested) -> str:
    before = found.notes["before"]
    assert isinstance(before, float)
    whose = "" if found.variant == "company" else f" of {found.subject.name}"
    return (
        f"{percent(found.observed)} of the volume{whose} sold on deal in the last 182 days, "
        f"{points(found.observed - before)} more than in the same days a year before; "
        f"{percent(found.expected)} would be expected.{of_few(found.n, 'week')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    rules = watched.agreement.promotions
    row = next((each for each in rules.limits if each.weeks_on_deal), None) if rules else None
    clause = f"promotions.limits.{row.id}" if row else "promotions.limits"
    where = "" if found.variant == "company" else f" for {found.subject.name}"
    return (
        f"Plan the next half year{where} together with fewer weeks on deal and a longer gap "
        f"between them (clause {clause}), and say what the brand brings in their place."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    weeks = _weeks(watched)
    if found.variant == "company":
        return weeks
    return weeks.filter(weeks[_KEY[found.variant]] == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    """Return what stands behind it. Grain: account × product, those with a cut on deal first."""
    own = _own(watched, found)
    recent = own.filter(own.span == "recent")
    sums = recent.group_by("account_id", "product_id").aggregate(
        units=recent.sold.sum(),
        units_on_deal=recent.dealt.sum(),
        cut=ibis.coalesce(recent.depth_amount.cast("float64").sum(where=recent.on_deal), 0.0),
    )
    over = max(0.0, found.observed - found.expected)
    part = over / found.observed if found.observed else 0.0
    quarters = watched.quarters * RECENT_DAYS / watched.days
    return sums.select(
        account_product=sums.account_id.concat("|", sums.product_id),
        account_id="account_id",
        product_id="product_id",
        units="units",
        units_on_deal="units_on_deal",
        cut="cut",
        stake_part=sums.cut * part / quarters,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what volume did meanwhile, off deal and in all."""
    own, currency = _own(watched, found), watched.books.workspace.currency
    sums = own.group_by("span").aggregate(
        sold=own.sold.sum(), dealt=own.dealt.sum(), net=own.net_sales.cast("float64").sum()
    )
    rows = {row["span"]: row for row in watched.books.run(sums).to_pylist()}
    now, then = rows["recent"], rows["before"]
    plain = (now["sold"] - now["dealt"]) / max(then["sold"] - then["dealt"], 1e-9) - 1
    whole = now["sold"] / max(then["sold"], 1e-9) - 1
    return OtherView(
        f"What volume did meanwhile: {percent(whole)} in all and {percent(plain)} off deal, for "
        f"{money(now['net'] or 0.0, currency)} net.",
        (("Volume in all", percent(whole)), ("off deal", percent(plain))),
    )


KIND = Kind(
    name="promotion_dependence",
    side=Side.BOTH,
    counterpart="base_price_drift",
    variants=MappingProxyType(
        {"company": "company", "product_family": "product_family", "account": "account"}
    ),
    asks="Does ever more of the volume sell on deal?",
    measure="Share of units sold on deal in the last 182 days less that in the same days a year "
    "before. Accounts against the other accounts' change, with errors by product; families against "
    "the other families', and the company against none, with errors by account. Weeks of which "
    "nobody knows whether they were on deal are left out.",
    stake="Share beyond what is expected × sales at base price × the average cut on deal, a "
    "quarter.",
    unit=Unit.POINTS,
    needs=("sell_through",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
