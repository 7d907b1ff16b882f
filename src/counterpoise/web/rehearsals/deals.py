"""The deals behind a figure of a replay that open to a person, a page of them at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.http import QueryDict

from counterpoise.agreement import Agreement
from counterpoise.rehearse.behind import Behind, deals_behind, told_deals
from counterpoise.rehearse.replay import Verdict
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.access import EVERYTHING, NotForYouError, Reach, Scope
from counterpoise.web.ledger.openness import PERSONAL, opens_person
from counterpoise.web.rehearsals import replaying
from counterpoise.web.rehearsals.page import NO_KEY, VERDICTS, label_of
from counterpoise.web.results.figures import turn
from counterpoise.web.results.reading import KeptReview

A_PAGE = 50
LAST_PAGE = 200
_LONGEST = 300
_EDGES = ("excluded", "stopped")
_KEPT_TABLES = 2
_VERDICTS = {each.value for each in Verdict}
_WORDS = dict(VERDICTS)
_CUTS = {each.value: each for each in Behaviour}


@dataclass(frozen=True)
class Part:
    """Which deals are meant: a figure of the replay, and what an exclusion or the floor stops.

    `was_at` and `now_at` are `excluded`, `stopped` or nothing.
    """

    behind: Behind
    was_at: str = ""
    now_at: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Part:
        """Read which deals an address means; what cannot be read means all."""
        was, now = _text(query, "was"), _text(query, "now")
        by, key = _text(query, "by"), _text(query, "key")
        return cls(
            Behind(
                changed=True if query.get("changed") else None,
                was=was if was not in _VERDICTS else None,
                now=now if now not in _VERDICTS else None,
                was_verdict=was if was in _VERDICTS else None,
                now_verdict=now if now in _VERDICTS else None,
                asked=_text(query, "was_role"),
                asks=_text(query, "now_role"),
                week=_day(query.get("week", "")),
                group=(by, None if key == NO_KEY else key) if by and key else None,
                cut=_CUTS.get(query.get("cut", "")),
            ),
            _edge(query, "was_at"),
            _edge(query, "now_at"),
        )

    @property
    def says(self) -> list[str]:
        """Say which deals are meant, a word or two for each condition."""
        behind = self.behind
        found = ["answer changes"] if behind.changed else []
        for side, answer in (
            ("was", behind.was or behind.was_verdict),
            ("would be", behind.now or behind.now_verdict),
        ):
            if answer:
                found.append(f"{side}: {_WORDS.get(answer, answer).replace('_', ' ').lower()}")
        for side, role in (("asked", behind.asked), ("would ask", behind.asks)):
            if role:
                found.append(f"{side} {role.replace('_', ' ')}")
        for side, edge in (("was", self.was_at), ("would be", self.now_at)):
            if edge:
                found.append(f"{side} {'excluded' if edge == 'excluded' else 'below the floor'}")
        if behind.cut:
            found.append("offers that are cut")
        if behind.week:
            found.append(f"week of {behind.week:%d %b %Y}")
        if behind.group:
            found.append(f"{label_of(behind.group[0]).lower()}: {behind.group[1] or 'none'}")
        return found

    def must_open(self, scope: Scope) -> None:
        """Refuse deals of single people beyond a scope.

        Raises:
            NotForYouError: If a person beyond it is named.
        """
        group = self.behind.group
        if group and group[0] == PERSONAL and not opens_person(scope, group[1]):
            raise NotForYouError("Figures of single people open to themselves and their managers.")


@dataclass(frozen=True)
class AnsweredDeal:
    """A past deal with both answers."""

    told: Mapping[str, Any]
    name: str
    account: str
    owner: str
    cut: Behaviour | None = None
    """What its seller is taken to do, where it is shown as an offer that is cut."""

    @property
    def rate(self) -> Any:
        """Return the rate that was given, None where nobody knows it."""
        listed, net = self.told["list_amount"], self.told["net_amount"]
        return 1 - net / listed if listed and net is not None else None

    @property
    def left_rate(self) -> float | None:
        """Return the rate that the candidate leaves of an offer that is cut."""
        if self.cut is None or self.rate is None:
            return None
        off = float(self.told[f"cut__{self.cut}"])
        return float(self.rate) - off / float(self.told["list_amount"])


@dataclass(frozen=True)
class DealsPage:
    """A page of deals."""

    rows: list[AnsweredDeal]
    opened: int
    everywhere: int
    is_everything: bool
    number: int
    is_last: bool

    @property
    def first(self) -> int:
        """Return the number of the first deal on it."""
        return (self.number - 1) * A_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Return the number of the last deal on it."""
        return (self.number - 1) * A_PAGE + len(self.rows)


def deals_page(
    kept: KeptReview, candidate: Agreement, part: Part, number: int, scope: Scope
) -> DealsPage:
    """Return a page of the deals that are meant and open, the largest first.

    Raises:
        NotForYouError: If single people beyond the scope are named.
        LockHeldError: If too many such questions wait.
    """
    part.must_open(scope)
    told = _told(kept, candidate)
    with turn():
        meant = _meant(told, part)
        opened = meant.filter(_opens(kept, meant, scope))
        everywhere = _count(kept, meant)
        open_here = everywhere if scope == EVERYTHING else _count(kept, opened)
        offset = (number - 1) * A_PAGE
        ordered = opened.order_by([opened.net_amount.desc(nulls_first=False), opened.deal_id])
        rows = kept.tables.run(ordered.limit(A_PAGE, offset=offset)).to_pylist()
        named = _named(kept, [row["deal_id"] for row in rows])
    return DealsPage(
        [_deal(row, named.get(row["deal_id"], {}), part.behind.cut) for row in rows],
        open_here,
        everywhere,
        scope == EVERYTHING,
        number,
        offset + A_PAGE >= open_here or number >= LAST_PAGE,
    )


_tables: dict[tuple[str, str], pa.Table] = {}


def _told(kept: KeptReview, candidate: Agreement) -> pa.Table:
    """Return every deal with both answers; the last few such tables are kept."""
    key = replaying.answer_key(kept, candidate)
    found = _tables.get(key)
    if found is None:
        found = told_deals(replaying.counted(kept, candidate))
        while len(_tables) >= _KEPT_TABLES:
            _tables.pop(next(iter(_tables)), None)
        _tables[key] = found
    return found


def _meant(told: pa.Table, part: Part) -> ir.Table:
    rows = deals_behind(told, part.behind)
    tests = [
        rows[f"{side}_{edge}"]
        for side, edge in (("was", part.was_at), ("now", part.now_at))
        if edge
    ]
    return rows.filter(tests) if tests else rows


def _opens(kept: KeptReview, rows: ir.Table, scope: Scope) -> ir.BooleanValue:
    """Test that a deal opens: the same rule as `Scope.opens`, over a table."""
    if scope.reach is Reach.EVERYTHING:
        return ibis.literal(True)
    opens: ir.BooleanValue = ibis.literal(False)
    if scope.owners:
        opens = rows.owner_id.isin(sorted(scope.owners))
    if scope.campaigns:
        touching = kept.tables.table("deal_campaigns")
        touched = touching.filter(touching.campaign_id.isin(sorted(scope.campaigns)))
        opens = opens | rows.deal_id.isin(touched.deal_id)
    return opens


def _count(kept: KeptReview, rows: ir.Table) -> int:
    counted = kept.tables.run(rows.count().name("n").as_table())
    return int(counted.column("n")[0].as_py())


def _named(kept: KeptReview, deal_ids: list[str]) -> dict[str, dict[str, Any]]:
    """Return what the review calls deals, their accounts and owners."""
    deals = kept.tables.table("deals")
    wanted = [
        name
        for name in ("deal_id", "name", "account__name", "owner__name")
        if name in deals.columns
    ]
    rows = kept.tables.run(deals.filter(deals.deal_id.isin(deal_ids)).select(*wanted))
    return {row["deal_id"]: row for row in rows.to_pylist()}


def _deal(row: Mapping[str, Any], named: Mapping[str, Any], cut: Behaviour | None) -> AnsweredDeal:
    return AnsweredDeal(
        row,
        named.get("name") or row["deal_id"],
        named.get("account__name") or "",
        named.get("owner__name") or row["owner_id"] or "",
        cut,
    )


def _text(query: QueryDict, name: str) -> str | None:
    return query.get(name, "").replace("\x00", "")[:_LONGEST] or None


def _edge(query: QueryDict, name: str) -> str:
    asked = query.get(name, "")
    return asked if asked in _EDGES else ""


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
