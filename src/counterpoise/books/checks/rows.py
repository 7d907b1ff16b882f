"""Check each row by itself: values missing, unreadable, negative, or at odds with each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from counterpoise.books.checks.examination import Examination, in_use
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.quoting import quoted
from counterpoise.books.schema import Column, Kind
from counterpoise.books.spelling import unknown
from counterpoise.books.staged import ROW, UNREAD, Staged

_SET_ASIDE = "the rows are set aside"
_UNREAD_RULES = {
    Kind.BOOLEAN: Rule.UNPARSEABLE_BOOLEAN,
    Kind.DAY: Rule.UNPARSEABLE_DATE,
    Kind.INSTANT: Rule.UNPARSEABLE_DATE,
}
_MAY_BE_NEGATIVE = {("adjustments", "amount"), ("accounts", "annual_revenue"), ("leads", "score")}
_NET_TIMES_LIST = 10
_AMOUNTS = {
    "deals": ("net_amount", "list_amount"),
    "offers": ("net_amount", "list_amount"),
    "deal_lines": ("net_price", "list_price"),
}
_MISSING = {
    "created_at": "the rows stay in use; they count in no figure that asks when they began",
    "quantity": "the amounts of these lines, and of their deals, are unknown",
    "net_price": "the amounts of these lines, and of their deals, are unknown",
    "list_price": "the list price of these products is unknown from that day",
    "rate": _SET_ASIDE,
}
_MISSING_OF = {
    ("sell_through", "net_price"): "the weeks stay in use; what they sold for is unknown",
}


@dataclass(frozen=True)
class RowRule:
    """A condition that no row of a table should meet."""

    rule: Rule
    condition: str
    effect: str
    column: str
    shows: tuple[str, ...] = ()
    sets_aside: bool = False


def check_rows(examination: Examination) -> Iterator[Problem]:
    """Count the rows that break each rule, and set aside those that cannot be used."""
    for staged in examination.tables.values():
        rules = [rule for rule in _rules(staged) if _can_ask(staged, rule)]
        yield from _broken(examination, staged, rules)
        yield from staged.notes


def _broken(examination: Examination, staged: Staged, rules: list[RowRule]) -> Iterator[Problem]:
    if not rules or not staged.rows:
        return
    found = _counted(examination, quoted(staged.name), rules)
    if any(rows for rule, (rows, _) in found.items() if rule.sets_aside):
        found = _set_aside(examination, staged, found)
    for rule, (rows, first) in found.items():
        if not rows:
            continue
        shown = (rule.column, *rule.shows)
        example = examination.example(staged.name, first, shown)
        effect = rule.effect + _nearest_word(examination, staged, rule, first)
        yield Problem(rule.rule, staged.name, rows, example, effect, rule.column)


def _counted(
    examination: Examination, relation: str, rules: Iterable[RowRule]
) -> dict[RowRule, tuple[int, int]]:
    """Return how many rows break each rule, and the number of the first."""
    asked = list(rules)
    counts = ", ".join(
        f"count_if({each.condition}), min({ROW}) FILTER ({each.condition})" for each in asked
    )
    found = examination.row(f"SELECT {counts} FROM {relation}")
    return dict(zip(asked, zip(found[::2], found[1::2], strict=True), strict=True))


def _set_aside(
    examination: Examination, staged: Staged, found: dict[RowRule, tuple[int, int]]
) -> dict[RowRule, tuple[int, int]]:
    """Set rows aside, and count what is wrong with those that are left anew."""
    for rule, (rows, _) in found.items():
        if rows and rule.sets_aside:
            numbers = f"SELECT {ROW} FROM {quoted(staged.name)} WHERE {rule.condition}"
            examination.set_aside(staged.name, rule.rule, numbers)
    others = [rule for rule in found if not rule.sets_aside]
    if not others:
        return found
    left = _counted(examination, in_use(staged.name), others)
    return {rule: left.get(rule, counted) for rule, counted in found.items()}


def _nearest_word(examination: Examination, staged: Staged, rule: RowRule, row: int) -> str:
    """Say which word was likely meant, where the column's words are a closed set."""
    if rule.rule not in (Rule.UNKNOWN_WORD, Rule.UNKNOWN_OUTCOME):
        return ""
    words = staged.table.column(rule.column).one_of
    if rule.column in staged.unread:
        unread = quoted(UNREAD + rule.column)
        query = f"SELECT {unread} FROM {quoted(staged.name)} WHERE {ROW} = {row}"
        if (word := examination.row(query)[0]) is not None:
            return f"; {unknown(rule.column, word, words)}"
    return f"; known: {', '.join(words)}"


def _can_ask(staged: Staged, rule: RowRule) -> bool:
    return {rule.column, *rule.shows} <= {
        *staged.present,
        *staged.columns[len(staged.table.names) :],
    }


def _rules(staged: Staged) -> Iterator[RowRule]:
    """Yield the rules of a table, those that set aside first."""
    for column in staged.table.columns:
        yield from _reading_rules(staged, column)
    for name in staged.columns[len(staged.table.names) :]:
        if name in staged.unread:
            yield _unread(Rule.UNPARSEABLE_NUMBER, name)
    for column in staged.table.columns:
        yield from _value_rules(staged.name, column)
    if staged.name in _AMOUNTS:
        yield _far_above_list(*_AMOUNTS[staged.name])
    if staged.name == "deals":
        yield from _deal_rules()


def _reading_rules(staged: Staged, column: Column) -> Iterator[RowRule]:
    name, table = column.name, staged.table
    missing = f"{quoted(name)} IS NULL"
    if name in staged.unread:
        missing += f" AND {quoted(UNREAD + name)} IS NULL"
    is_key, is_outcome = name in table.key, (staged.name, name) == ("deals", "outcome")
    if name in staged.unread:
        rule = _UNREAD_RULES.get(column.kind, Rule.UNPARSEABLE_NUMBER)
        rule = Rule.UNKNOWN_WORD if column.one_of else rule
        rule = Rule.UNKNOWN_OUTCOME if is_outcome else rule
        yield _unread(rule, name, sets_aside=is_key or is_outcome or name == "rate")
    if is_key:
        yield RowRule(Rule.MISSING_KEY, missing, _SET_ASIDE, name, sets_aside=True)
    elif is_outcome:
        yield RowRule(Rule.UNKNOWN_OUTCOME, missing, _SET_ASIDE, name, sets_aside=True)
    elif column.required:
        effect = _MISSING_OF.get((staged.name, name)) or _MISSING.get(
            name, f"the rows stay in use, their {name} unknown"
        )
        aside = effect == _SET_ASIDE
        yield RowRule(Rule.MISSING_VALUE, missing, effect, name, sets_aside=aside)


def _unread(rule: Rule, name: str, *, sets_aside: bool = False) -> RowRule:
    effect = _SET_ASIDE if sets_aside else f"the rows stay in use, their {name} unknown"
    condition = f"{quoted(UNREAD + name)} IS NOT NULL"
    return RowRule(rule, condition, effect, name, sets_aside=sets_aside)


def _value_rules(table: str, column: Column) -> Iterator[RowRule]:
    name, value = column.name, quoted(column.name)
    if (table, name) == ("exchange_rates", "rate"):
        yield RowRule(Rule.NEGATIVE_VALUE, f"{value} <= 0", _SET_ASIDE, name, sets_aside=True)
    elif column.kind.is_numeric and (table, name) not in _MAY_BE_NEGATIVE:
        effect = "the values are used as they are and lower the sums that they enter"
        yield RowRule(Rule.NEGATIVE_VALUE, f"{value} < 0", effect, name)
    if (table, name) == ("promotions", "rate"):
        effect = "the values are used as they are: a rate is a fraction, 18% is 0.18"
        yield RowRule(Rule.RATE_ABOVE_ONE, f"{value} > 1", effect, name)
    if column.kind.is_temporal:
        strange = f"year({value}) NOT BETWEEN 1900 AND 2199"
        effect = "the dates are used as they are; spans that begin or end there are too long"
        yield RowRule(Rule.IMPLAUSIBLE_DATE, strange, effect, name)


def _far_above_list(net: str, listed: str) -> RowRule:
    condition = f"{listed} > 0 AND {net} > {_NET_TIMES_LIST} * {listed}"
    effect = "the rows are used as they are and raise what is above list"
    return RowRule(Rule.NET_FAR_ABOVE_LIST, condition, effect, net, (listed,))


def _deal_rules() -> Iterator[RowRule]:
    effect = "the deals stay in use; their cycle times count as the shortest"
    # A closing without a time of day may have been later on the day of the creation.
    created = (
        "CASE WHEN closed_at = CAST(closed_at AS DATE) THEN CAST(created_at AS DATE) "
        "ELSE created_at END"
    )
    condition = f"closed_at < {created} AND outcome <> 'open'"
    yield RowRule(Rule.CLOSED_BEFORE_CREATED, condition, effect, "closed_at", ("created_at",))
    effect = "no day is known for the deals: they stand in no period, and no agreement judges them"
    condition = "closed_at IS NULL AND outcome IN ('won', 'lost')"
    yield RowRule(Rule.CLOSED_WITHOUT_DATE, condition, effect, "closed_at", ("outcome",))
    effect = "the dates are taken for expectations and not used"
    condition = "closed_at IS NOT NULL AND outcome = 'open'"
    yield RowRule(Rule.OPEN_WITH_CLOSING_DATE, condition, effect, "closed_at")
