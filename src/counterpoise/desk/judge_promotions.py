"""Judge promotions: what the desk would have answered to each, as Ibis expressions.

The counterpart of `judge`. Promotions are few beside deals and weeks, so each is joined to every
row that may decide, and the answers are combined: the worst of them in the strict reading, the
best in the lenient one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View, accounts_over_time, people_over_time
from counterpoise.books.money import MONEY
from counterpoise.books.schema import Kind
from counterpoise.books.spans import in_span
from counterpoise.desk.chain import ranks_of
from counterpoise.desk.customization_rules import QuotaPeriod
from counterpoise.desk.expressions import condition_expr
from counterpoise.desk.judge import may_decide
from counterpoise.desk.outcome import Reading, Verdict
from counterpoise.desk.placing import persona_expr, role_expr, version_expr
from counterpoise.desk.promotion_chain import Ending, is_of_goods, promotion_budgets
from counterpoise.desk.promotion_rules import NO_LIMIT, PlacedRule, PromotionRules
from counterpoise.desk.promotion_windows import (
    days_column,
    own_days_column,
    spent_column,
    with_calendar,
)
from counterpoise.desk.rules import GRANTED, REFUSED, UNKNOWN_ROLE

_PLACES = 100_000
_YES, _NO = ibis.literal(True), ibis.literal(False)
_NO_TEXT = ibis.null("string")
UNJUDGED = "unjudged"


def judge_promotions(books: Books, agreements: Agreements, as_of: dt.date) -> ir.Table:
    """Return every promotion that started by a day with the desk's answer to it.

    Args:
        books: The facts.
        agreements: Every version; a promotion is judged by the one in force on its first day.
        as_of: The day up to which the books are seen.

    Returns:
        One row a promotion: its own columns, product_family (its own, else its product's), depth,
        weeks, featured, displayed, agreement (fingerprint, NULL where none was in force),
        ladder_role of who asked (NULL unknown), clause (NULL where several may decide), verdict
        (granted, needs_approval, refused or unjudged) and approver (a role or `a + b`; NULL where
        nobody needs to or may approve). Beside it how far it would have to give way: most_depth
        (the deepest cut that anybody may grant, NULL where nothing limits it), days_left (of those
        in the period it starts in, NULL where weeks on deal leave room for all), days_too_soon
        (after the one before, 0 where the gap is kept) and days_free (by which it may start later
        with the gap to the next one kept, NULL where none follows or no gap is asked for).
    """
    rules = PromotionRules(agreements)
    promotions = promotion_facts(View(books, as_of))
    counted = with_calendar(books, promotions, rules.periods)
    placed = _placed(counted, rules, Fields(Scope.PROMOTION, books.all_attributes))
    placed = books.keep(placed, "placed_promotions")
    worded = _worded(_with_budgets(_judged(placed, rules), rules), rules)
    own = books.table("promotions").columns
    return worded.select(*dict.fromkeys((*own, *_TOLD)))


_TOLD = (
    "depth",
    "weeks",
    "featured",
    "displayed",
    "agreement",
    "ladder_role",
    "clause",
    "verdict",
    "approver",
    "most_depth",
    "days_left",
    "days_too_soon",
    "days_free",
)


def promotion_facts(view: View) -> ir.Table:
    """Return the promotions that started by a day with the facts of their first day.

    Grain: a promotion. Its columns with `ends_on` never before `starts_on`, `product_family` that
    of its product where it names none, `day`, `depth`, `weeks`, `featured`, `displayed`, and the
    facts of account (`account__*`), product (`product__*`) and who asked (`asker__*`).
    """
    books = view.books
    rows = view.seen(books.table("promotions"), "starts_on")
    rows = rows.mutate(ends_on=ibis.greatest(rows.starts_on, rows.ends_on), day=rows.starts_on)
    rows = rows.mutate(
        depth=rows.rate,
        weeks=(rows.ends_on.delta(rows.starts_on, unit="day") // 7 + 1).cast("int64"),
        featured=rows.kind == "feature",
        displayed=rows.kind == "display",
    )
    products = books.table("products").rename(lambda name: f"product__{name}")
    rows = rows.left_join(products, rows.product_id == products.product__product_id)
    family = ibis.coalesce(rows.product_family, rows.product__family)
    rows = rows.mutate(product_family=family, product__family=family)
    rows = _of_the_day(rows, accounts_over_time(books), "account", rows.account_id)
    return _of_the_day(rows, people_over_time(books), "asker", rows.requested_by)


def _of_the_day(rows: ir.Table, entity: ir.Table, prefix: str, key: ir.StringValue) -> ir.Table:
    right = entity.rename(lambda name: name if name.startswith("valid_") else f"{prefix}__{name}")
    identity = next(name for name in right.columns if name.startswith(f"{prefix}__"))
    joined = rows.left_join(right, [key == right[identity], *in_span(rows.day, right)])
    return joined.drop("valid_from", "valid_until")


def _placed(promotions: ir.Table, rules: PromotionRules, fields: Fields) -> ir.Table:
    """Add the version of the day, who asked, and which rows may decide.

    What is protected asks about a deal: its tests see the account and the goods of a promotion,
    and never a column that merely has the same name, such as `kind`.
    """
    of_deals = Fields(Scope.DEAL, fields.attributes)
    facts = promotions.mutate(version=version_expr(promotions.day, rules.versions))
    asked = [role_expr(facts, each.agreement, of_deals, "asker__") for each in rules.versions]
    facts = facts.mutate(ladder_role=_by_version(facts, asked, "string"))
    own = [name for name in facts.columns if not is_of_goods(name) and name != "version"]
    facts = facts.rename({_OWN + name: name for name in own})
    personas = [persona_expr(facts, each.agreement, of_deals) for each in rules.versions]
    facts = facts.mutate(persona=_by_version(facts, personas, "string"))
    protected = [each for each in rules.rows if each.rule.scope is Scope.DEAL]
    facts = facts.mutate(
        **{_name(each): condition_expr(each.rule.condition, facts, of_deals) for each in protected}
    ).rename(lambda name: name.removeprefix(_OWN))
    chains = [
        [_truth(facts, each, fields) for each in rules.chain(number)]
        for number in range(len(rules.versions))
    ]
    return facts.mutate(
        last_place=_by_version(facts, [_last_place(chain) for chain in chains], "int64"),
        possible=_by_version(facts, [_possible(chain) for chain in chains], "string"),
    ).drop(*map(_name, protected))


_OWN = "own__"


def _name(row: PlacedRule) -> str:
    return f"protected_{row.version}_{row.place}"


def _by_version(facts: ir.Table, columns: Sequence[ir.Value], dtype: str) -> ir.Value:
    """Choose a column's expression by the version of the day; NULL where none is in force."""
    branches = [(facts.version == number, column) for number, column in enumerate(columns)]
    nothing = ibis.null(dtype)
    return ibis.cases(*branches, else_=nothing) if branches else nothing


def _truth(facts: ir.Table, row: PlacedRule, fields: Fields) -> ir.BooleanValue:
    if row.rule.scope is Scope.DEAL:
        held: ir.BooleanValue = facts[_name(row)]
        return held
    return condition_expr(row.rule.condition, facts, fields)


def _last_place(truths: Sequence[ir.BooleanValue]) -> ir.Value:
    return ibis.cases(*((truth, place) for place, truth in enumerate(truths, start=1))).cast(
        "int64"
    )


def _possible(truths: Sequence[ir.BooleanValue]) -> ir.StringValue:
    marks: list[ir.StringValue] = [
        ibis.ifelse(ibis.coalesce(truth, _YES), "1", "0") for truth in truths
    ]
    return reduce(lambda text, mark: text.concat(mark), marks)


def _judged(placed: ir.Table, rules: PromotionRules) -> ir.Table:
    """Answer by depth and calendar: the worst and the best of the rows that may decide."""
    rows = rules.outcomes()
    asked = placed.mutate(asker=ibis.coalesce(placed.ladder_role, UNKNOWN_ROLE))
    joined = asked.inner_join(
        rows,
        [
            asked.version == rows.row_version,
            asked.asker == rows.asker_role,
            rows.place <= asked.last_place,
            may_decide(asked.possible, rows.place),
        ],
    )
    combined = _combined(_answered(joined, rules)).rename(answered_id="promotion_id")
    judged = placed.left_join(combined, placed.promotion_id == combined.answered_id)
    return judged.drop("answered_id")


def _answered(joined: ir.Table, rules: PromotionRules) -> ir.Table:
    on_deal = _in_period(joined, rules, days_column)
    joined = joined.mutate(
        is_full=_surely((joined.most_days != NO_LIMIT) & (on_deal > joined.most_days)),
        is_soon=_surely((joined.least_gap != NO_LIMIT) & (joined.gap_days < joined.least_gap)),
    )
    said = ibis.cases(
        (joined.is_full, joined.clause + ".weeks_on_deal"),
        (joined.is_soon, joined.clause + ".gap_weeks"),
        else_=joined.clause,
    )
    answers = {"said": said, **_giving_way(joined, rules)}
    for reading in Reading:
        answers[f"{reading.value}_code"] = _code(joined, reading, rules.most_routes)
        answers[f"{reading.value}_who"] = _who(joined, reading, rules.most_routes)
    return joined.mutate(**answers)


def _in_period(
    joined: ir.Table, rules: PromotionRules, column: Callable[[QuotaPeriod], str]
) -> ir.IntegerValue:
    """Return the days that a row counts, in the period that it counts in."""
    days = [(joined.period == each.column, joined[column(each)]) for each in rules.periods]
    none = ibis.null("int64")
    found: ir.IntegerValue = ibis.cases(*days, else_=none) if days else none
    return found


def _giving_way(joined: ir.Table, rules: PromotionRules) -> dict[str, ir.Value]:
    """Return how deep and how long the row lets it be, and how far it may be moved."""
    rates = [joined.own_rate, *(joined[f"route_rate_{at}"] for at in range(rules.most_routes))]
    deepest = ibis.greatest(*rates, ibis.literal(0, Kind.RATE.dtype))
    is_free = joined.ending.isin([Ending.GRANTED.value, Ending.UNSAID.value])
    none = ibis.null("int64")
    over = _in_period(joined, rules, days_column) - joined.most_days
    left = ibis.greatest(_in_period(joined, rules, own_days_column) - over, 0)
    free = ibis.ifelse(joined.least_gap > 0, joined.gap_after_days - joined.least_gap, none)
    return {
        "may_cut": ibis.ifelse(is_free, ibis.null(Kind.RATE.dtype), deepest),
        "may_run": ibis.ifelse(joined.is_full, left, none),
        "too_soon": ibis.ifelse(joined.is_soon, joined.least_gap - joined.gap_days, 0),
        "may_move": free,
    }


def _surely(truth: ir.BooleanValue) -> ir.BooleanValue:
    return ibis.coalesce(truth, _NO)


def _covers(joined: ir.Table, rate: ir.DecimalValue, reading: Reading) -> ir.BooleanValue:
    """Tell whether a rate covers the depth; a depth that nobody knows may be any."""
    is_there = rate >= 0
    if reading is Reading.LENIENT:
        return is_there & ibis.coalesce(joined.depth <= rate, _YES)
    return _surely(is_there & (joined.depth <= rate))


def _own(joined: ir.Table, reading: Reading) -> ir.BooleanValue:
    """Tell whether who asked may grant it, or nobody has to."""
    is_lenient = reading is Reading.LENIENT
    no_cut = ibis.coalesce(joined.depth <= 0, ibis.literal(is_lenient))
    is_free = joined.ending == Ending.GRANTED.value
    if is_lenient:
        is_free |= joined.ending == Ending.UNSAID.value
    else:
        no_cut &= joined.ending != Ending.UNSAID.value
    return no_cut | is_free | _covers(joined, joined.own_rate, reading)


def _steps(
    joined: ir.Table, reading: Reading, routes: int
) -> tuple[ir.BooleanValue, ir.BooleanValue, list[ir.BooleanValue]]:
    covering = [_covers(joined, joined[f"route_rate_{at}"], reading) for at in range(routes)]
    return joined.is_full | joined.is_soon, _own(joined, reading), covering


def _code(joined: ir.Table, reading: Reading, routes: int) -> ir.IntegerValue:
    is_barred, own, covering = _steps(joined, reading, routes)
    steps = [(covers, joined[f"route_rank_{at}"] + 1) for at, covers in enumerate(covering)]
    return ibis.cases((is_barred, REFUSED), (own, GRANTED), *steps, else_=REFUSED).cast("int64")


def _who(joined: ir.Table, reading: Reading, routes: int) -> ir.StringValue:
    """Return who must approve, "" where nobody needs to or may."""
    is_barred, own, covering = _steps(joined, reading, routes)
    named = [(covers, joined[f"route_who_{at}"]) for at, covers in enumerate(covering)]
    return ibis.cases((is_barred | own, ""), *named, else_="")


def _combined(answered: ir.Table) -> ir.Table:
    """Take the worst answer of the strict reading and the best of the lenient one."""
    worst = answered.strict_code * _PLACES - answered.place
    best = answered.lenient_code * _PLACES + answered.place
    one = answered.said.min() == answered.said.max()
    return answered.group_by("promotion_id").aggregate(
        clause=ibis.ifelse(one, answered.said.min(), _NO_TEXT),
        most_depth=answered.may_cut.min(),
        days_left=answered.may_run.min(),
        days_too_soon=answered.too_soon.max(),
        days_free=answered.may_move.min(),
        strict_code=answered.strict_code.max(),
        lenient_code=answered.lenient_code.min(),
        strict_approver=answered.strict_who.argmax(worst).nullif(""),
        lenient_approver=answered.lenient_who.argmin(best).nullif(""),
    )


def _with_budgets(judged: ir.Table, rules: PromotionRules) -> ir.Table:
    """Let the highest role approve what takes a budget over, where its answer is the stricter."""
    for number, version in enumerate(rules.versions):
        highest = version.agreement.ladder[-1]
        code = ranks_of(version.agreement)[highest] + 1
        starts = version.agreement.company.fiscal_year_starts
        for budget in promotion_budgets(version.agreement):
            spent = judged[spent_column(QuotaPeriod(budget.every, starts))]
            is_over = (judged.version == number) & (judged.trade_spend > 0)
            is_over &= spent > ibis.literal(budget.amount, MONEY)
            by_others = _surely(is_over & (judged.ladder_role != highest))
            by_anybody = _surely(is_over & (judged.ladder_role.isnull()))
            strict = (by_others | by_anybody) & (judged.strict_code < code)
            lenient = by_others & (judged.lenient_code < code)
            judged = judged.mutate(
                clause=ibis.ifelse(strict, f"budgets.{budget.id}", judged.clause),
                strict_code=ibis.ifelse(strict, code, judged.strict_code),
                lenient_code=ibis.ifelse(lenient, code, judged.lenient_code),
                strict_approver=ibis.ifelse(strict, highest, judged.strict_approver),
                lenient_approver=ibis.ifelse(lenient, highest, judged.lenient_approver),
            )
    return judged


def _worded(judged: ir.Table, rules: PromotionRules) -> ir.Table:
    """Turn codes into verdicts."""
    agree = (judged.strict_code == judged.lenient_code) & (
        ibis.coalesce(judged.strict_approver, "") == ibis.coalesce(judged.lenient_approver, "")
    )
    verdict = ibis.cases(
        (~_surely(agree), UNJUDGED),
        (judged.strict_code == GRANTED, Verdict.GRANTED.value),
        (judged.strict_code == REFUSED, Verdict.REFUSED.value),
        else_=Verdict.NEEDS_APPROVAL.value,
    )
    marks = [ibis.literal(each.fingerprint) for each in rules.versions]
    return judged.mutate(
        agreement=_by_version(judged, marks, "string"),
        verdict=verdict,
        approver=ibis.ifelse(
            verdict == Verdict.NEEDS_APPROVAL.value, judged.strict_approver, _NO_TEXT
        ),
    )
