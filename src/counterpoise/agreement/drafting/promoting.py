"""What a draft proposes for promotions: how deep and how often goods were on deal so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from counterpoise.agreement.drafting.evidence import ENOUGH, Evidence, Promoted
from counterpoise.agreement.drafting.flow import identifier, value_of
from counterpoise.agreement.drafting.proposing import Entry
from counterpoise.agreement.drafting.rounding import round_up
from counterpoise.agreement.quantities import format_rate

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from counterpoise.books.books import Books

_HALF_POINT = Decimal("0.005")
_MOST_ROWS = 6
_WEEKS_IN_YEAR = 52
_CAREFUL_WEEKS = 13
_CAREFUL = (Decimal("0.1"), Decimal("0.2"), Decimal("0.3"))


def promotions(evidence: Evidence) -> Iterator[Entry]:
    """Propose a row a family that is promoted enough to tell, and one for the rest."""
    told = [each for each in evidence.promoted if each.family and each.count >= ENOUGH]
    overall = next((each for each in evidence.promoted if each.family is None), None)
    if overall is None:
        return
    who = _OF_TRADE if evidence.is_trade else _BESIDE_DEALS
    usual = _row(overall, who)
    for each in told[:_MOST_ROWS]:
        if each.family is not None and (row := _row(each, who)) != usual:
            when = {"product_family": value_of(each.family)}
            yield Entry({"id": identifier(each.family), "when": when, **row}, _says(each))
    if overall.count < ENOUGH:
        weeks = {"per": "year", "at_most": _CAREFUL_WEEKS}
        row = {"id": "standard", "up_to": _granted(who, _CAREFUL), "weeks_on_deal": weeks}
        yield Entry(row, f"proposed with care; only {overall.count} promotions record a rate")
        return
    yield Entry({"id": "standard", **usual}, _says(overall))


_BESIDE_DEALS = ("sales_manager", "product_marketing")
_OF_TRADE = ("account_manager", "brand_manager")


def _row(each: Promoted, who: tuple[str, str]) -> dict[str, object]:
    """Let sales grant what half had, the brand what four in five had, both what nearly all had."""
    rates = (_up(each.half), _up(each.four_in_five), _up(each.nineteen_in_twenty))
    weeks = min(Decimal(_WEEKS_IN_YEAR), each.weeks_a_year.to_integral_value(ROUND_CEILING))
    return {
        "up_to": _granted(who, rates),
        "weeks_on_deal": {"per": "year", "at_most": int(weeks)},
    }


def _granted(who: tuple[str, str], rates: tuple[Decimal, Decimal, Decimal]) -> dict[str, str]:
    """Grant a depth to sales, to the brand, and to both together where that is more."""
    account, brand, both = rates
    granted = {who[0]: format_rate(account), who[1]: format_rate(brand)}
    if both > brand:
        granted[" + ".join(who)] = format_rate(both)
    return granted


def _says(each: Promoted) -> str:
    of = f"{each.family}: " if each.family else "all together: "
    return (
        f"{of}{each.count} promotions; half of them up to {format_rate(each.half, 1)} off, four in "
        f"five up to {format_rate(each.four_in_five, 1)}, 19 in 20 up to "
        f"{format_rate(each.nineteen_in_twenty, 1)}; in three of four years the same goods were "
        f"on deal at an account for at most {each.weeks_a_year:.0f} weeks"
    )


def _up(rate: Decimal) -> Decimal:
    return min(Decimal(1), round_up(rate, _HALF_POINT))


def gather_promoted(books: Books) -> tuple[Promoted, ...]:
    """Return how promotions were made so far: all together, then by family, most first."""
    if not books.has("promotions"):
        return ()
    rows, products = books.table("promotions"), books.table("products")
    products = products.select(known_product=products.product_id, known_family=products.family)
    joined = rows.left_join(products, rows.product_id == products.known_product)
    dated = joined.select(
        goods=joined.product_id.fill_null(joined.product_family).fill_null(""),
        account=joined.account_id.fill_null(""),
        family=joined.product_family.fill_null(joined.known_family),
        year=joined.starts_on.year(),
        days=joined.ends_on.delta(joined.starts_on, unit="day") + 1,
        rate=joined.rate.cast("float64"),
    )
    import ibis

    together = dated.mutate(family=ibis.literal(_ALL))
    return (*_told(books, together), *_told(books, dated.filter(dated.family.notnull())))


_ALL = ""
"""Stands for the family of all promotions together."""


def _told(books: Books, dated: ir.Table) -> Sequence[Promoted]:
    years = dated.group_by("family", "goods", "account", "year").aggregate(
        weeks=dated.days.sum().cast("float64") / 7
    )
    weeks = years.group_by("family").aggregate(weeks=years.weeks.quantile(0.75))
    cut = dated.filter(dated.rate > 0)
    rates = cut.group_by("family").aggregate(
        count=cut.count(),
        half=cut.rate.quantile(0.5),
        four=cut.rate.quantile(0.8),
        most=cut.rate.quantile(0.95),
    )
    found = books.run(rates.join(weeks, "family")).to_pylist()
    told = [
        Promoted(
            row["family"] or None,
            row["count"],
            *(Decimal(str(round(row[name], 6))) for name in ("half", "four", "most", "weeks")),
        )
        for row in found
    ]
    return sorted(told, key=lambda each: (-each.count, each.family or ""))
