"""The margin floor over a table of deals: below it one more role must approve, or nobody may."""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement, Floor
from counterpoise.books.money import with_product
from counterpoise.books.schema import Kind
from counterpoise.desk.chain import RANKS_A_RUNG
from counterpoise.desk.rules import GRANTED, REFUSED, Rules

_RATE = Kind.RATE.dtype


def with_floor(judged: ir.Table, rules: Rules) -> ir.Table:
    """Make the codes of judged deals heed the floor, and add `floor_approver`.

    A deal whose cost is unknown is not checked. Grain kept.
    """
    if not any(each.agreement.discounts.floor for each in rules.versions):
        return judged.mutate(floor_approver=ibis.null("string"))
    margin = _of_version(judged, rules, lambda floor, _: ibis.literal(floor.margin, _RATE), _RATE)
    code = _of_version(judged, rules, _code, "int64")
    decides = _of_version(judged, rules, lambda floor, _: _text(floor.decides), "string")
    kept = judged.net_amount - judged.cost_amount - judged.customization_cost
    thin = with_product(judged.net_amount, margin, lambda least: kept < least)
    below = thin | (judged.net_amount <= 0)
    below = ibis.coalesce(below & kept.notnull(), ibis.literal(False))

    def heeding(written: ir.IntegerValue, rank: ir.IntegerValue) -> ir.IntegerValue:
        """Return the worse of the code and the floor's; who ranks as high as it decides alone."""
        decided = (code < REFUSED) & (rank + 1 >= code)
        worse = below & ~decided & (code > written)
        return ibis.ifelse(worse, code, written)

    return judged.mutate(
        strict_code=heeding(judged.strict_code, judged.asker_rank_low),
        lenient_code=heeding(judged.lenient_code, judged.asker_rank_high),
        floor_approver=ibis.ifelse(
            below & ~(judged.asker_rank_low + 1 >= code), decides, ibis.null("string")
        ),
    )


def _code(floor: Floor, agreement: Agreement) -> ir.Value:
    if floor.decides is None:
        return ibis.literal(REFUSED).cast("int64")
    return ibis.literal(agreement.ladder.index(floor.decides) * RANKS_A_RUNG + 1 + GRANTED).cast(
        "int64"
    )


def _text(text: str | None) -> ir.Value:
    return ibis.null("string") if text is None else ibis.literal(text)


def _of_version(
    judged: ir.Table, rules: Rules, value: Callable[[Floor, Agreement], ir.Value], dtype: object
) -> ir.Value:
    branches = [
        (judged.version == number, value(each.agreement.discounts.floor, each.agreement))
        for number, each in enumerate(rules.versions)
        if each.agreement.discounts.floor
    ]
    return ibis.cases(*branches, else_=ibis.null(dtype))
