"""Rows that can never decide, and deals that no row decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from counterpoise.agreement.boxes import Box, Space, TooManyPiecesError, is_empty, sample, uncovered
from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import Agreement, ExceptionRow
from counterpoise.agreement.extents import ABOVE_ALL, Domain, Extent
from counterpoise.agreement.fields import Scope
from counterpoise.agreement.linting.findings import LintWarning
from counterpoise.books.schema import Kind

_THE_DAY = "(the day)"
"""Stands for the day of a deal among the columns, because exceptions are dated."""
_DAYS = Domain(Kind.DAY)


class _Conditional(Protocol):
    """An entry of the agreement with an id and a condition."""

    @property
    def id(self) -> str:
        """Return the name by which the entry is cited."""

    @property
    def when(self) -> Condition:
        """Return what the entry asks of the facts."""


@dataclass(frozen=True)
class _Row:
    clause: str
    box: Box


def check_rows(agreement: Agreement) -> Iterator[LintWarning]:
    """Yield rows that can never decide and tables that leave deals undecided."""
    space = Space.of(agreement)
    first = _rows("discounts.exclusions", agreement.discounts.exclusions, space)
    protected = _rows("protected", agreement.protected, space)
    exceptions = _exceptions(agreement, space)
    limits = _rows("discounts.limits", agreement.discounts.limits, space)
    yield from _never(first)
    yield from _never(protected, first)
    yield from _never(exceptions, (*first, *protected))
    yield from _never(limits, (*first, *protected))
    yield from _gap(limits, (*first, *protected))
    yield from _never(_rows("personas", agreement.personas, space))
    yield from _customizations(agreement, space)
    for part, rows in (
        ("values", agreement.values),
        ("discounts.levers", agreement.discounts.levers),
    ):
        yield from _contradictions(_rows(part, rows, space))
    if agreement.promotions:
        in_promotions = Space.of(agreement, scope=Scope.PROMOTION)
        yield from _never(_rows("promotions.limits", agreement.promotions.limits, in_promotions))


def _rows(part: str, entries: Iterable[_Conditional], space: Space) -> tuple[_Row, ...]:
    return tuple(_Row(f"{part}.{entry.id}", space.box_of(entry.when)) for entry in entries)


def _exceptions(agreement: Agreement, space: Space) -> tuple[_Row, ...]:
    def box(row: ExceptionRow) -> Box:
        days = Extent.between(_DAYS, (0, row.from_, 0), (0, row.until, 1))
        return {**space.box_of(row.when), _THE_DAY: days}

    return tuple(_Row(f"exceptions.{row.id}", box(row)) for row in agreement.exceptions)


def _customizations(agreement: Agreement, space: Space) -> Iterator[LintWarning]:
    """Check rows a kind: those of different kinds never stand in each other's way."""
    limits = agreement.customizations.limits
    for kind in dict.fromkeys(row.kind for row in limits):
        of_kind = [row for row in limits if row.kind == kind]
        yield from _never(_rows("customizations.limits", of_kind, space))


def _never(rows: Sequence[_Row], before: Sequence[_Row] = ()) -> Iterator[LintWarning]:
    """Yield the rows that can never be the first whose condition holds."""
    earlier = list(before)
    for row in rows:
        if is_empty(row.box):
            yield _contradiction(row)
        elif covering := _covering(row, earlier):
            yield LintWarning(
                row.clause,
                f"this row never decides: {covering}",
                "move it up, narrow the other, or take it out",
            )
        earlier.append(row)


def _contradictions(rows: Iterable[_Row]) -> Iterator[LintWarning]:
    yield from (_contradiction(row) for row in rows if is_empty(row.box))


def _contradiction(row: _Row) -> LintWarning:
    columns = [column for column, extent in row.box.items() if extent.is_empty]
    return LintWarning(
        f"{row.clause}.when",
        f"the condition can never hold: nothing passes what is asked of {_field(columns[0])}",
        "correct the test, or take the row out",
    )


def _covering(row: _Row, earlier: Sequence[_Row]) -> str | None:
    """Say which earlier rows take everything this row could decide, if they do."""
    for other in earlier:
        if not uncovered([row.box], [other.box]):
            return f"{other.clause} before it takes every deal that it would"
    try:
        left = uncovered([row.box], [other.box for other in earlier])
    except TooManyPiecesError:
        return None
    return None if left else "the rows before it together take every deal that it would"


def _gap(rows: Sequence[_Row], before: Sequence[_Row]) -> Iterator[LintWarning]:
    if not rows:
        yield LintWarning(
            "discounts.limits",
            "there is no row, so that every discount outside protected goods and exceptions is "
            "refused",
            "add one without conditions, such as {id: standard, up_to: {rep: 5%}}",
        )
        return
    try:
        left = uncovered([{}], [row.box for row in (*before, *rows)])
    except TooManyPiecesError:
        return
    if left:
        example, is_recorded = _example(left)
        of_whom = f"a deal with {example}" if is_recorded else f"a deal whose {example}"
        yield LintWarning(
            "discounts.limits",
            f"{of_whom} meets no row, so that any discount on it is refused",
            "add a last row without conditions, or say in an exclusion that this is meant",
        )


def _example(left: Sequence[Box]) -> tuple[str, bool]:
    """Describe one deal that no row decides, one with recorded facts where there is one."""
    for box in left:
        recorded = {column: extent.known for column, extent in box.items()}
        if not any(extent.is_empty or _is_below_zero(extent) for extent in recorded.values()):
            facts = (f"{_field(column)} {sample(extent)}" for column, extent in recorded.items())
            return ", ".join(facts) or "any facts", True
    missing = [column for column, extent in left[0].items() if extent.known.is_empty]
    fields = " and ".join(_field(column) for column in missing) or "facts"
    return f"{fields} {'is' if len(missing) == 1 else 'are'} not recorded", False


def _is_below_zero(extent: Extent) -> bool:
    """Tell whether nothing but negative numbers is within, which books hardly ever hold."""
    if not extent.domain.kind.is_numeric:
        return False
    positive = Extent.between(extent.domain, (0, Decimal(0), 0), ABOVE_ALL)
    return (extent & positive).is_empty


def _field(column: str) -> str:
    """Name a column as a condition would.

    >>> _field("account__segment"), _field("attr__tier")
    ('segment', 'attr.tier')
    """
    entity, _, name = column.partition("__")
    if not name:
        return column
    if entity == "attr" or name.startswith("attr__"):
        return column.replace("__", ".")
    return name if entity in {"account", "product"} else f"{entity}.{name}"
