"""Judge customizations: what the desk would have answered to each, as Ibis expressions.

The counterpart of `judge`. Customizations are few beside deals, so each is joined to every row that
may decide, and the answers are combined: the worst of them in the strict reading, the best in the
lenient one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields
from counterpoise.agreement.versions import Version
from counterpoise.books.money import MONEY
from counterpoise.desk.customization_rules import CustomizationRules, KindRow
from counterpoise.desk.expressions import condition_expr
from counterpoise.desk.judge import may_decide
from counterpoise.desk.outcome import Reading
from counterpoise.desk.placing import persona_expr, role_expr, version_expr
from counterpoise.desk.rules import GRANTED, REFUSED, UNKNOWN_ROLE

_PLACES = 100_000
_YES, _NO = ibis.literal(True), ibis.literal(False)

ANSWERS = (
    "clause",
    "authority_low",
    "authority_high",
    "strict_code",
    "lenient_code",
    "strict_approver",
    "lenient_approver",
    "over_least",
    "over_most",
)
"""The columns that `judge_customizations` adds."""


def place_customizations(asked: ir.Table, rules: CustomizationRules, fields: Fields) -> ir.Table:
    """Add what the rows need to know of each customization.

    Args:
        asked: One row a customization: `asked_kind`, `day`, who asked (`asker__*`), and the facts
            that conditions read.
        rules: The versions.
        fields: The fields of a deal.

    Returns:
        The rows with `version` (number, NULL where no agreement is in force), `persona`,
        `ladder_role` (of who asked, NULL unknown), `last_place` (of the first row that surely
        holds) and `possible` (a text with a 1 for every row of the version that may hold).
    """
    asked = asked.mutate(version=version_expr(asked.day, rules.versions))

    def by_version(column: Callable[[int, Version], ir.Value], dtype: str) -> ir.Value:
        branches = [
            (asked.version == number, column(number, version))
            for number, version in enumerate(rules.versions)
        ]
        nothing = ibis.null(dtype)
        return ibis.cases(*branches, else_=nothing) if branches else nothing

    asked = asked.mutate(
        persona=by_version(lambda _, each: persona_expr(asked, each.agreement, fields), "string"),
        ladder_role=by_version(
            lambda _, each: role_expr(asked, each.agreement, fields, "asker__"), "string"
        ),
    )
    return asked.mutate(
        last_place=by_version(
            lambda number, _: _last_place(asked, rules.chain(number), fields), "int64"
        ),
        possible=by_version(
            lambda number, _: _possible(asked, rules.chain(number), fields), "string"
        ),
    )


def _truth(asked: ir.Table, row: KindRow, fields: Fields) -> ir.BooleanValue:
    """Tell whether a row decides about a customization; the end always does."""
    if row.kind is None:
        return _YES
    return (asked.asked_kind == row.kind) & condition_expr(row.condition, asked, fields)


def _last_place(asked: ir.Table, rows: tuple[KindRow, ...], fields: Fields) -> ir.Value:
    return ibis.cases(*((_truth(asked, row, fields), row.place) for row in rows)).cast("int64")


def _possible(asked: ir.Table, rows: tuple[KindRow, ...], fields: Fields) -> ir.StringValue:
    marks: list[ir.StringValue] = [
        ibis.ifelse(ibis.coalesce(_truth(asked, row, fields), _YES), "1", "0") for row in rows
    ]
    return reduce(lambda text, mark: text.concat(mark), marks)


def judge_customizations(placed: ir.Table, rules: CustomizationRules) -> ir.Table:
    """Add the desk's answer to placed customizations.

    Args:
        placed: What `place_customizations` made of rows with `customization_id`, `known_cost` (what
            the kind costs so far, as far as known), `is_costed` (whether that is all of it), and a
            column a quota period with the place in it (NULL unknown).
        rules: The versions by which they were placed.

    Returns:
        The rows with `strict_code` and `lenient_code` (0 granted, rank + 1 of who must approve,
        `REFUSED`; NULL without an agreement), `strict_approver` and `lenient_approver`,
        `authority_low` and `_high` (money that who asked may grant), `over_least` and `over_most`
        (1 where the quota is exceeded surely, and possibly), and `clause` (NULL where several rows
        may decide).
    """
    combined = _combined(_answered(may_answer(placed, rules.outcomes()), rules))
    combined = combined.rename(answered_id="customization_id")
    joined = placed.left_join(combined, placed.customization_id == combined.answered_id)
    return joined.drop("answered_id")


def may_answer(placed: ir.Table, rows: ir.Table) -> ir.Table:
    """Lay each customization beside what every row that may decide gives its asker."""
    asked = placed.mutate(asker=ibis.coalesce(placed.ladder_role, UNKNOWN_ROLE))
    return asked.inner_join(
        rows,
        [
            asked.version == rows.row_version,
            asked.asker == rows.asker_role,
            rows.place <= asked.last_place,
            may_decide(asked.possible, rows.place),
        ],
    )


def _answered(joined: ir.Table, rules: CustomizationRules) -> ir.Table:
    """Answer by each row, in both readings."""
    is_over = _is_over(joined, rules)
    joined = joined.mutate(
        over_least=ibis.coalesce(is_over, _NO),
        over_most=ibis.coalesce(is_over, _YES),
        authority=ibis.ifelse(joined.own_amount >= 0, joined.own_amount, ibis.literal(0, MONEY)),
    )
    return joined.mutate(
        said=ibis.ifelse(joined.over_least, joined.clause + ".quota", joined.clause),
        strict_code=_code(joined, Reading.STRICT, rules.most_routes),
        lenient_code=_code(joined, Reading.LENIENT, rules.most_routes),
        strict_who=_who(joined, Reading.STRICT, rules.most_routes),
        lenient_who=_who(joined, Reading.LENIENT, rules.most_routes),
    )


def _is_over(joined: ir.Table, rules: CustomizationRules) -> ir.BooleanValue:
    """Tell whether a customization is one too many for a row; NULL where nobody knows when."""
    over = [
        (joined.quota_period == each.column, joined[each.column] > joined.quota_count)
        for each in rules.periods
    ]
    return ibis.cases((joined.quota_period == "", _NO), *over, else_=ibis.null("boolean"))


def _covers(joined: ir.Table, amount: ir.DecimalValue, reading: Reading) -> ir.BooleanValue:
    """Tell whether an amount covers the cost; a cost that nobody knows may be any."""
    covers = (amount >= 0) & (joined.known_cost <= amount)
    if reading is Reading.STRICT:
        covers = covers & joined.is_costed
    return ibis.coalesce(covers, _NO)


def _routes(
    joined: ir.Table, reading: Reading, routes: int
) -> tuple[ir.BooleanValue, list[ir.BooleanValue]]:
    """Tell whether nobody may say yes to a customization, and which routes may to its cost."""
    is_over = joined.over_most if reading is Reading.STRICT else joined.over_least
    covering = [_covers(joined, joined[f"route_amount_{at}"], reading) for at in range(routes)]
    return is_over, covering


def _code(joined: ir.Table, reading: Reading, routes: int) -> ir.IntegerValue:
    is_over, covering = _routes(joined, reading, routes)
    steps = [(covers, joined[f"route_rank_{at}"] + 1) for at, covers in enumerate(covering)]
    own = (joined.is_free == 1) | _covers(joined, joined.own_amount, reading)
    return ibis.cases((is_over, REFUSED), (own, GRANTED), *steps, else_=REFUSED).cast("int64")


def _who(joined: ir.Table, reading: Reading, routes: int) -> ir.StringValue:
    """Return who must approve, "" where nobody needs to or may."""
    is_over, covering = _routes(joined, reading, routes)
    own = (joined.is_free == 1) | _covers(joined, joined.own_amount, reading)
    named = [(covers, joined[f"route_who_{at}"]) for at, covers in enumerate(covering)]
    return ibis.cases((is_over | own, ""), *named, else_="")


def _combined(answered: ir.Table) -> ir.Table:
    """Take the worst answer of the strict reading and the best of the lenient one."""
    worst = answered.strict_code * _PLACES - answered.place
    best = answered.lenient_code * _PLACES + answered.place
    one = answered.said.min() == answered.said.max()
    return answered.group_by("customization_id").aggregate(
        clause=ibis.ifelse(one, answered.said.min(), ibis.null("string")),
        authority_low=answered.authority.min(),
        authority_high=answered.authority.max(),
        strict_code=answered.strict_code.max(),
        lenient_code=answered.lenient_code.min(),
        strict_approver=answered.strict_who.argmax(worst).nullif(""),
        lenient_approver=answered.lenient_who.argmin(best).nullif(""),
        over_least=ibis.ifelse(answered.over_least, 1, 0).min(),
        over_most=ibis.ifelse(answered.over_most, 1, 0).max(),
    )
