"""The rows behind a crack that open to a reader, those that weigh most first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
from django.urls import reverse

from counterpoise.web.access import EVERYTHING, Reach, Scope, scope_of
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import is_own
from counterpoise.web.live import live
from counterpoise.web.results.keeping import ROWS
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.trade.naming import promotion_url
from counterpoise.web.trade.reach import opened_ids

A_PAGE = 25
_WHOSE = ("owner", "manager", "person")
"""Columns whose names begin so say who it was, as those do that end in `_by`."""

_TELLING = {"name", "deal_id", "lead_id", "account_id", "account__name", "campaign_id"}
"""Columns by which somebody could look up whose row it is."""

_MONEY = ("amount", "cost", "spend", "budget", "price", "leakage", "concession", "value")
_SHARES = ("rate", "share", "authority", "limit", "score_share")


@dataclass(frozen=True)
class Cell:
    """A value of a row, and how it is written."""

    value: Any
    kind: str


@dataclass(frozen=True)
class Row:
    """A row behind a crack: what it is, where it is told whole, and its money a quarter."""

    id: str
    url: str
    cells: tuple[Cell, ...]
    part: float


@dataclass(frozen=True)
class Rows:
    """A page of the rows that open, and how many there are beside them."""

    kind: str
    headings: tuple[Cell, ...]
    rows: tuple[Row, ...]
    opened: int
    """How many of those kept open to the reader."""
    count: int
    """How many there are in all."""
    kept: int
    are_own: bool
    """Whether only the reader's own open."""
    number: int
    earlier: int
    later: int

    @property
    def is_cut(self) -> bool:
        """Tell whether only those that weigh most were kept."""
        return self.kept < self.count


def rows_of(kept: KeptReview | None, crack: Crack, naming: Naming, number: int = 1) -> Rows | None:
    """Return a page of the rows behind a crack; None where the review that is shown has none."""
    told = _told(kept, crack)
    if kept is None or told is None or not kept.tables.has(ROWS):
        return None
    table = kept.tables.table(ROWS)
    own = table.filter(table.crack_id == crack.crack_id)
    open_ones = _open_part(kept, own, crack, naming)
    opened = int(kept.tables.run(open_ones.count().name("n").as_table()).column("n")[0].as_py())
    last = max(1, -(-opened // A_PAGE))
    number = min(max(number, 1), last)
    page = open_ones.order_by("place").limit(A_PAGE, offset=(number - 1) * A_PAGE)
    read = kept.tables.run(page).to_pylist()
    is_hidden = not naming.knows(crack)
    shown = [dict(_shown(row, crack, naming, is_hidden=is_hidden)) for row in read]
    shown = _without_the_subject(shown, crack)
    promotions = [row["row_id"] for row in read if row["kind"] == "promotion"]
    opening = opened_ids(naming.reader, kept, promotions)
    rows = tuple(
        _row(row, cells, naming, is_hidden=is_hidden, opening=opening)
        for row, cells in zip(read, shown, strict=True)
    )
    return Rows(
        kind=str(read[0]["kind"]).replace("_", " ") if read else "row",
        headings=_headings(shown),
        rows=rows,
        opened=opened,
        count=told["rows"],
        kept=told["rows_kept"],
        are_own=scope_of(naming.reader).reach is Reach.OWN,
        number=number,
        earlier=number - 1,
        later=number + 1 if number < last else 0,
    )


def heaviest_deals(
    kept: KeptReview, crack: Crack, naming: Naming, limit: int
) -> list[Mapping[str, Any]]:
    """Return the deals behind a crack that open to the reader, the heaviest first."""
    if _told(kept, crack) is None or not kept.tables.has(ROWS):
        return []
    table = kept.tables.table(ROWS)
    own = table.filter(table.crack_id == crack.crack_id, table.kind == "deal")
    found = _open_part(kept, own, crack, naming).order_by("place").limit(limit)
    return list(kept.tables.run(found).to_pylist())


def _told(kept: KeptReview | None, crack: Crack) -> Mapping[str, Any] | None:
    cracks = kept.watch["cracks"] if kept else []
    return next((each for each in cracks if each["id"] == crack.crack_id), None)


def _open_part(kept: KeptReview, own: ir.Table, crack: Crack, naming: Naming) -> ir.Table:
    """Keep the rows of deals and leads that open; what is of neither is for everyone."""
    scope = scope_of(naming.reader)
    if scope == EVERYTHING or is_own(naming.reader, crack):
        return own
    return own.filter(_opens(kept, own, scope))


def _opens(kept: KeptReview, own: ir.Table, scope: Scope) -> ir.BooleanValue:
    is_nobodys = own.owner_id.isnull() & own.deal_id.isnull() & own.campaign_id.isnull()
    opens = is_nobodys & ~own.kind.isin(["deal", "lead", "touch"])
    if scope.owners:
        opens = opens | own.owner_id.isin(sorted(scope.owners))
    if scope.campaigns:
        campaigns = sorted(scope.campaigns)
        touching = kept.tables.table("deal_campaigns")
        touched = touching.filter(touching.campaign_id.isin(campaigns)).deal_id
        key = ibis.coalesce(own.deal_id, own.row_id)
        of_deal = own.deal_id.notnull() | (own.kind == "deal")
        opens = opens | own.campaign_id.isin(campaigns) | (of_deal & key.isin(touched))
    return opens


def _row(
    row: Mapping[str, Any],
    shown: Mapping[str, Any],
    naming: Naming,
    *,
    is_hidden: bool,
    opening: Collection[str],
) -> Row:
    cells = tuple(Cell(value, _kind(name, value)) for name, value in shown.items())
    if is_hidden:
        return Row("", "", cells, row["part"])
    if row["row_id"] in opening:
        return Row(row["row_id"], promotion_url(row["row_id"]), cells, row["part"])
    deal = row["deal_id"] or (row["row_id"] if row["kind"] == "deal" else None)
    url = reverse("ledger:deal", args=[deal]) if deal and _is_deals(row, naming) else ""
    return Row(row["row_id"], url, cells, row["part"])


def _is_deals(row: Mapping[str, Any], naming: Naming) -> bool:
    """Tell whether the deal's own page opens: a lead's may not where the lead does."""
    return row["kind"] != "lead" or scope_of(naming.reader) == EVERYTHING


def _shown(
    row: Mapping[str, Any], crack: Crack, naming: Naming, *, is_hidden: bool
) -> Iterator[tuple[str, Any]]:
    for name, value in json.loads(row["shown"]).items():
        says_whose = name.startswith(_WHOSE) or name.endswith("_by")
        if name == "owner_id" and crack.is_personal:
            continue
        if name != "deal_id" and not (is_hidden and (says_whose or name in _TELLING)):
            yield name, _named(name, value, naming, crack)


def _without_the_subject(shown: list[dict[str, Any]], crack: Crack) -> list[dict[str, Any]]:
    """Leave out the columns that say of every row what the crack is about."""
    about = set(crack.subject_id.split("|"))
    same = {name for row in shown for name in row if row[name] in about}
    same -= {name for row in shown for name in row if row[name] not in about}
    return [{name: row[name] for name in row if name not in same} for row in shown]


def _named(name: str, value: Any, naming: Naming, crack: Crack) -> Any:
    """Return a person, campaign or account by name."""
    if not isinstance(value, str):
        return value
    if name.startswith(_WHOSE) or name.endswith("_by"):
        return naming.person(value, crack)
    lookup = live()
    match name:
        case "campaign_id":
            found = lookup.campaign(value)
        case "account_id":
            found = lookup.account(value)
        case _:
            return value
    return (found and found["name"]) or value


def _headings(shown: list[dict[str, Any]]) -> tuple[Cell, ...]:
    kinds: dict[str, str] = {}
    for row in shown:
        for name, value in row.items():
            kind = _kind(name, value)
            kinds[name] = kind if kind != "none" else kinds.get(name, "text")
    return tuple(Cell(_heading(name), kind) for name, kind in kinds.items())


def _heading(name: str) -> str:
    said = name.rpartition("__")[2].replace("_amount", "").replace("_", " ")
    return said.removesuffix(" id").removesuffix(" at").removesuffix(" on").capitalize()


def _kind(name: str, value: Any) -> str:
    """Return how a value is written, by its type and its name."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float):
        if any(word in name for word in _SHARES) and -1.5 <= value <= 1.5:
            return "share"
        return "money" if any(word in name for word in _MONEY) else "number"
    if isinstance(value, str) and len(value) in {10, 19} and value[4:5] == "-":
        return "day"
    return "text"
