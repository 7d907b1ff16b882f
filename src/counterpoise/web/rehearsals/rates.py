"""The rates of an agreement that decide: laid out as the contract has them, and moved.

They are those of discounts, and how deep promotions may be. Nothing else of an agreement is touched
here. Who wants other rows, conditions, weeks on deal or gaps writes a draft.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from counterpoise.agreement import Agreement
from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import ExceptionRow, PromotionRow, RateTable
from counterpoise.agreement.fingerprint import canonical
from counterpoise.agreement.wording import say_condition, say_day, say_group
from counterpoise.web.desk.numerals import plain_number

_NUMBER = re.compile(r"\d{1,3}([.,]\d{1,4})?", re.ASCII)
_SMALLEST = Decimal("0.000001")
_STEP = Decimal("0.5")
_LEAST_REACH = Decimal(20)
_DECIDING = {"roles", "personas", "protected", "exceptions", "discounts"}
_OF_PROMOTIONS = {"promotions", "budgets", "company"}


@dataclass(frozen=True)
class Cell:
    """A rate that can be moved: its field, its clause, what it is now, and what was written.

    `text` is in percent; `reach` is where its slider ends.
    """

    name: str
    clause: str
    label: str
    agreed: Decimal
    text: str
    error: str = ""

    @property
    def rate(self) -> Decimal:
        """Return the rate that is written; what is agreed where that cannot be read."""
        return _read(self.text) if not self.error and self.text else self.agreed

    @property
    def was(self) -> str:
        """Return what is agreed, in percent."""
        return in_percent(self.agreed)

    @property
    def is_moved(self) -> bool:
        """Tell whether it differs from what is agreed."""
        return self.rate != self.agreed

    @property
    def reach(self) -> str:
        """Return where its slider ends: twice what is agreed, in steps of ten points."""
        most = max(_LEAST_REACH, self.agreed * 200, self.rate * 100)
        return plain_number(min(Decimal(100), -(-most // 10) * 10))

    @property
    def step(self) -> str:
        """Return how far its slider moves at once."""
        return plain_number(_STEP)


@dataclass(frozen=True)
class GrantRow:
    """A row of a table: its clause, when it applies, and a cell a column, None for nothing."""

    clause: str
    name: str
    applies: str
    cells: tuple[tuple[str, Cell | None], ...]


@dataclass(frozen=True)
class Grants:
    """A table of who may grant how much."""

    title: str
    rows: tuple[GrantRow, ...]


@dataclass(frozen=True)
class Single:
    """A rate that stands by itself: a lever, their cap, the floor."""

    name: str
    applies: str
    cell: Cell


@dataclass(frozen=True)
class Sheet:
    """Every rate of an agreement, as tables and single ones.

    `whos` are the columns of all tables: roles lowest first, a group after its highest member.
    """

    whos: tuple[str, ...]
    tables: tuple[Grants, ...]
    singles: tuple[Single, ...]

    @property
    def cells(self) -> Iterator[Cell]:
        """Yield every cell in its order."""
        for table in self.tables:
            for row in table.rows:
                yield from (cell for _, cell in row.cells if cell)
        yield from (single.cell for single in self.singles)

    @property
    def moved(self) -> list[Cell]:
        """Return the cells that differ from what is agreed."""
        return [cell for cell in self.cells if cell.is_moved]

    @property
    def is_sound(self) -> bool:
        """Tell whether everything that was written can be read."""
        return not any(cell.error for cell in self.cells)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the cells that differ as an address carries them."""
        return [(cell.name, in_percent(cell.rate)) for cell in self.moved]


@dataclass
class _Writing:
    """Numbers the cells and reads what was written into each."""

    written: Mapping[str, str]
    count: int = field(default=0)

    def cell(self, clause: str, label: str, agreed: Decimal) -> Cell:
        name = f"r{self.count}"
        self.count += 1
        text = self.written.get(name, "").strip().removesuffix("%").strip()[:20]
        if not text:
            return Cell(name, clause, label, agreed, in_percent(agreed))
        error = "" if _is_rate(text) else "A share of list between 0 and 100."
        return Cell(name, clause, label, agreed, text.replace(",", "."), error)


def sheet_of(agreement: Agreement, written: Mapping[str, str]) -> Sheet:
    """Lay out the rates of an agreement, with what was written into their fields.

    Args:
        agreement: What they are moved from.
        written: Percentages by the names of cells, which are numbered in the order of the sheet.
    """
    writing = _Writing(written)
    discounts = agreement.discounts
    parts: list[tuple[str, str, Sequence[RateTable]]] = [
        ("Limits", "discounts.limits", discounts.limits),
        ("Protected", "protected", agreement.protected),
        ("Exceptions", "exceptions", agreement.exceptions),
    ]
    offers = agreement.promotions.limits if agreement.promotions else ()
    whos = _whos(agreement, [*(row for *_, rows in parts for row in rows), *offers])
    tables = [_table(title, path, rows, whos, writing) for title, path, rows in parts if rows]
    singles = tuple(_singles(agreement, writing))
    if offers:  # numbered last: an address that somebody kept still says the same
        tables.append(_table("Promotions", "promotions.limits", offers, whos, writing))
    return Sheet(whos, tuple(tables), singles)


def with_rates(agreement: Agreement, sheet: Sheet) -> Agreement:
    """Return the agreement with the rates of a sheet that was laid out from it."""
    rates = {cell.clause: cell.rate for cell in sheet.moved}
    if not rates:
        return agreement
    discounts = agreement.discounts
    changed = discounts.model_copy(
        update={
            "limits": _moved("discounts.limits", discounts.limits, rates),
            "levers": tuple(
                lever.model_copy(
                    update={"adds": rates.get(f"discounts.levers.{lever.id}", lever.adds)}
                )
                for lever in discounts.levers
            ),
            "lever_cap": rates.get("discounts.lever_cap", discounts.lever_cap),
            "floor": discounts.floor
            and discounts.floor.model_copy(
                update={"margin": rates.get("discounts.floor", discounts.floor.margin)}
            ),
        }
    )
    promotions = agreement.promotions
    if promotions is not None:
        limits = _moved("promotions.limits", promotions.limits, rates)
        promotions = promotions.model_copy(update={"limits": limits})
    return agreement.model_copy(
        update={
            "discounts": changed,
            "promotions": promotions,
            "protected": _moved("protected", agreement.protected, rates),
            "exceptions": _moved("exceptions", agreement.exceptions, rates),
        }
    )


def rules_of(agreement: Agreement) -> str:
    """Return the fingerprint of what decides: two titles of one table are one question.

    Days in force are left out too: a rehearsal reads a candidate as if it held on every day.
    """
    plain = json.loads(canonical(agreement))
    names = _DECIDING | _OF_PROMOTIONS if plain.get("promotions") else _DECIDING
    told = json.dumps({name: plain.get(name) for name in sorted(names)}, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def in_percent(rate: Decimal) -> str:
    """Write a rate in percent, as a field holds it.

    >>> in_percent(Decimal("0.125")), in_percent(Decimal("0.2"))
    ('12.5', '20')
    """
    return plain_number(rate * 100)


def _whos(agreement: Agreement, rows: Sequence[RateTable]) -> tuple[str, ...]:
    rungs = {role: at for at, role in enumerate(agreement.ladder)}
    named = dict.fromkeys(who for row in rows for who in row.up_to)
    return tuple(sorted(named, key=lambda who: _rank(who, rungs)))


def _table(
    title: str, path: str, rows: Sequence[RateTable], whos: Sequence[str], writing: _Writing
) -> Grants:
    laid = []
    for row in rows:
        clause = f"{path}.{row.id}"
        cells = tuple(
            (
                who,
                writing.cell(f"{clause}.{who}", f"{row.id}, {who}", row.up_to[who])
                if who in row.up_to
                else None,
            )
            for who in whos
        )
        thing = "promotion" if isinstance(row, PromotionRow) else "deal"
        laid.append(GrantRow(clause, row.id, _applies(row, rows, thing), cells))
    return Grants(title, tuple(laid))


def _rank(who: str, rungs: Mapping[str, int]) -> tuple[int, int]:
    """Order roles by the ladder, a group just after its highest member."""
    roles = [role.strip() for role in who.split("+")]
    return max(rungs.get(role, -1) for role in roles), len(roles)


def _applies(row: RateTable, rows: Sequence[RateTable], thing: str) -> str:
    if not row.when:
        said = f"every other {thing}" if len(rows) > 1 else f"every {thing}"
    else:
        said = f"where {say_condition(row.when)}"
    if isinstance(row, ExceptionRow):
        said += f", {say_day(row.from_)} to {say_day(row.until)}"
    return said


def _singles(agreement: Agreement, writing: _Writing) -> Iterator[Single]:
    discounts = agreement.discounts
    for lever in discounts.levers:
        cell = writing.cell(f"discounts.levers.{lever.id}", f"lever {lever.id}", lever.adds)
        yield Single(lever.id, f"a lever adds, {_where(lever.when)}", cell)
    if discounts.lever_cap is not None:
        cell = writing.cell("discounts.lever_cap", "cap of levers", discounts.lever_cap)
        yield Single("lever_cap", "all levers together add at most", cell)
    if discounts.floor is not None:
        cell = writing.cell("discounts.floor", "floor", discounts.floor.margin)
        after = (
            f"{say_group(discounts.floor.decides)} decides"
            if discounts.floor.decides
            else "nobody may"
        )
        yield Single("floor", f"below this margin of net {after}", cell)


def _where(condition: Condition) -> str:
    return f"where {say_condition(condition)}" if condition else "always"


def _moved(
    path: str, rows: Sequence[RateTable], rates: Mapping[str, Decimal]
) -> tuple[RateTable, ...]:
    return tuple(
        row.model_copy(
            update={
                "up_to": {
                    who: rates.get(f"{path}.{row.id}.{who}", rate)
                    for who, rate in row.up_to.items()
                }
            }
        )
        for row in rows
    )


def _is_rate(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and _read(text) <= 1


def _read(text: str) -> Decimal:
    try:
        percent = Decimal(text.replace(",", "."))
    except InvalidOperation:  # a cell with an error never asks
        return Decimal(0)
    return (percent / 100).quantize(_SMALLEST, rounding=ROUND_HALF_EVEN)
