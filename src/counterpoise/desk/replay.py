"""Past deals under two agreements: which verdicts differ, and what those deals are worth.

Both are read as if they had been in force on every day. Nothing is assumed about behaviour.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.versions import Agreements, Status, Version
from counterpoise.books.books import Books
from counterpoise.books.spans import BEGINNING
from counterpoise.desk.judged import judged_deals

UNPRICED = "unpriced"
"""Stands for the verdict on a deal whose list or net nobody knows."""


@dataclass(frozen=True)
class Move:
    """Deals that one agreement answers so and the other otherwise; money in workspace currency."""

    was: str
    now: str
    deals: int
    net: Decimal
    conceded: Decimal


@dataclass(frozen=True)
class Replay:
    """How many past deals there are, and how those whose verdict differs divide."""

    deals: int
    moves: tuple[Move, ...]

    @property
    def changed(self) -> int:
        """Return how many deals change verdict."""
        return sum(move.deals for move in self.moves)

    @property
    def changed_net(self) -> Decimal:
        """Return what those deals are worth, net."""
        return sum((move.net for move in self.moves), Decimal(0))


def compare_verdicts(books: Books, old: Agreement, new: Agreement, as_of: dt.date) -> Replay:
    """Judge all deals closed by a day by two agreements, and count the verdicts that differ.

    Args:
        books: The facts.
        old: One agreement.
        new: The other.
        as_of: The day up to whose end the books are read.

    Returns:
        The closed deals and those that move, the most frequent move first.
    """
    joined = _judged_by_both(books, old, new, as_of)
    counted = joined.group_by("was", "now").aggregate(
        deals=joined.count(),
        net=ibis.coalesce(joined.net_amount.sum(), Decimal(0)),
        conceded=ibis.coalesce(joined.concession.sum(), Decimal(0)),
    )
    rows = books.run(counted).to_pylist()
    moves = [Move(**row) for row in rows if row["was"] != row["now"]]
    moves.sort(key=lambda move: (-move.deals, move.was, move.now))
    return Replay(sum(row["deals"] for row in rows), tuple(moves))


def changed_deals(books: Books, old: Agreement, new: Agreement, as_of: dt.date) -> ir.Table:
    """Return the deals closed by a day whose verdict differs, one row a deal.

    Columns: `deal_id`, `owner_id`, `net_amount`, `concession`, and the verdicts `was` and `now`.
    """
    joined = _judged_by_both(books, old, new, as_of)
    return joined.filter(joined.was != joined.now).drop("judged_again")


def _judged_by_both(books: Books, old: Agreement, new: Agreement, as_of: dt.date) -> ir.Table:
    before, after = (judged_deals(books, always(each), as_of) for each in (old, new))
    before = before.filter(before.outcome != "open").select(
        "deal_id", "owner_id", "net_amount", "concession", was=_said(before)
    )
    after = after.select(judged_again="deal_id", now=_said(after))
    return before.inner_join(after, before.deal_id == after.judged_again)


def always(agreement: Agreement) -> Agreements:
    """Read an agreement as if it were in force on every day."""
    version = Version(agreement, fingerprint(agreement), BEGINNING, None, Status.AS_IF)
    return Agreements((version,))


def _said(judged: object) -> object:
    """Return the verdict, with who must approve where somebody must."""
    verdict = judged.verdict  # type: ignore[attr-defined]
    approver = judged.approver  # type: ignore[attr-defined]
    asks = (verdict == "needs_approval") & approver.notnull()
    return ibis.coalesce(ibis.ifelse(asks, "approval by " + approver, verdict), UNPRICED)
