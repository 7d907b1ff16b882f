"""Past deals and promotions under two agreements: which verdicts differ, and what they are worth.

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
from counterpoise.desk.judge_promotions import judge_promotions
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


@dataclass(frozen=True)
class PromotionMove:
    """Promotions that one agreement answers so and the other otherwise, and what they cost."""

    was: str
    now: str
    promotions: int
    spend: Decimal


@dataclass(frozen=True)
class PromotionReplay:
    """How many past promotions there are, and how those whose verdict differs divide."""

    promotions: int
    moves: tuple[PromotionMove, ...]

    @property
    def changed(self) -> int:
        """Return how many promotions change verdict."""
        return sum(move.promotions for move in self.moves)

    @property
    def changed_spend(self) -> Decimal:
        """Return what the trade was paid for those, as far as on record."""
        return sum((move.spend for move in self.moves), Decimal(0))


@dataclass(frozen=True)
class Compared:
    """What past deals, and promotions where there are any, would have met.

    Attributes:
        deals: The closed deals and those that move, the most frequent move first.
        changed_deals: Those that move, one row a deal: `deal_id`, `owner_id`, `net_amount`,
            `concession`, and the verdicts `was` and `now`.
        promotions: The same of promotions; None where the books hold none.
    """

    deals: Replay
    changed_deals: ir.Table
    promotions: PromotionReplay | None


def compare_verdicts(books: Books, old: Agreement, new: Agreement, as_of: dt.date) -> Compared:
    """Judge what was closed and what started by a day by two agreements, each once.

    Args:
        books: The facts.
        old: One agreement.
        new: The other.
        as_of: The day up to whose end the books are read.
    """
    joined = books.keep(_judged_by_both(books, old, new, as_of), "compared_deals")
    counted = joined.group_by("was", "now").aggregate(
        deals=joined.count(),
        net=ibis.coalesce(joined.net_amount.sum(), Decimal(0)),
        conceded=ibis.coalesce(joined.concession.sum(), Decimal(0)),
    )
    rows = books.run(counted).to_pylist()
    moves = [Move(**row) for row in rows if row["was"] != row["now"]]
    moves.sort(key=lambda move: (-move.deals, move.was, move.now))
    replay = Replay(sum(row["deals"] for row in rows), tuple(moves))
    changed = joined.filter(joined.was != joined.now).drop("judged_again")
    return Compared(replay, changed, _promotions(books, old, new, as_of))


def _judged_by_both(books: Books, old: Agreement, new: Agreement, as_of: dt.date) -> ir.Table:
    before, after = (judged_deals(books, always(each), as_of) for each in (old, new))
    before = before.filter(before.outcome != "open").select(
        "deal_id", "owner_id", "net_amount", "concession", was=_said(before)
    )
    after = after.select(judged_again="deal_id", now=_said(after))
    return before.inner_join(after, before.deal_id == after.judged_again)


def _promotions(
    books: Books, old: Agreement, new: Agreement, as_of: dt.date
) -> PromotionReplay | None:
    if not books.has("promotions"):
        return None
    before, after = (judge_promotions(books, always(each), as_of) for each in (old, new))
    before = before.select("promotion_id", "trade_spend", was=_said(before))
    before = books.keep(before, "promotions_before")
    after = books.keep(after.select(again="promotion_id", now=_said(after)), "promotions_after")
    joined = before.inner_join(after, before.promotion_id == after.again)
    counted = joined.group_by("was", "now").aggregate(
        promotions=joined.count(), spend=ibis.coalesce(joined.trade_spend.sum(), Decimal(0))
    )
    rows = books.run(counted).to_pylist()
    moves = [PromotionMove(**row) for row in rows if row["was"] != row["now"]]
    moves.sort(key=lambda move: (-move.promotions, move.was, move.now))
    return PromotionReplay(sum(row["promotions"] for row in rows), tuple(moves))


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
