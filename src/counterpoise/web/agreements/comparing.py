"""Two versions compared by meaning, and by the past deals that one would answer otherwise.

Counting deals takes a job; its figures are kept for the pair of fingerprints and the snapshot.
The deals behind a figure open to those in whose scope they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.agreement import parse_agreement, write_agreement
from counterpoise.agreement.comparing import Change
from counterpoise.agreement.comparing import compare as compare_meaning
from counterpoise.books import Books
from counterpoise.books.facts import latest_day
from counterpoise.books.snapshot import current_snapshot
from counterpoise.desk.replay import (
    Move,
    PromotionMove,
    PromotionReplay,
    Replay,
    compare_verdicts,
)
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.access import Reach, Scope
from counterpoise.web.agreements import reading
from counterpoise.web.agreements.models import Comparison, ComparisonState
from counterpoise.web.agreements.shelf import Shelved
from counterpoise.web.live import live
from counterpoise.web.work.jobs import JobRunningError, Running, start_job

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

JOB = "compare_agreements"
_MOST_SHOWN = 200
_MOST_LOOKED_AT = 3_000
_COLUMNS = ["deal_id", "owner_id", "net_amount", "concession", "was", "now"]


class ComparingError(CounterpoiseError):
    """Past deals cannot be compared."""


@dataclass(frozen=True)
class ChangedPart:
    """The changes in one part of the agreement."""

    part: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ChangedDeal:
    """A past deal whose verdict differs."""

    deal_id: str
    name: str
    net: Decimal | None
    was: str
    now: str


def changes_of(old: Shelved, new: Shelved) -> list[ChangedPart]:
    """Return what changed by meaning, part by part in the order of the document."""
    found = compare_meaning(old.agreement, new.agreement)
    parts = groupby(found, key=lambda change: change.clause.partition(".")[0] or "title")
    return [ChangedPart(part, tuple(changes)) for part, changes in parts]


def kept(old: Shelved, new: Shelved) -> Comparison | None:
    """Return the comparison of past deals in the books in use, if one was asked for."""
    snapshot = current_snapshot(house.workspace())
    if snapshot is None:
        return None
    return Comparison.objects.filter(
        old=old.fingerprint, new=new.fingerprint, snapshot=snapshot
    ).first()


def past_of(comparison: Comparison) -> Replay:
    """Return the figures of a comparison that is done."""
    found: Any = comparison.found
    moves = tuple(
        Move(**each | {name: Decimal(each[name]) for name in ("net", "conceded")})
        for each in found["moves"]
    )
    return Replay(found["deals"], moves)


def past_promotions_of(comparison: Comparison) -> PromotionReplay | None:
    """Return the same of promotions; None where there were none, or nobody counted them."""
    found: Any = comparison.found
    told = found.get("promotions")
    if not told:
        return None
    moves = (PromotionMove(**each | {"spend": Decimal(each["spend"])}) for each in told["moves"])
    return PromotionReplay(told["promotions"], tuple(moves))


def day_of(comparison: Comparison) -> dt.date:
    """Return the day up to which a comparison that is done counts deals."""
    found: Any = comparison.found
    return dt.date.fromisoformat(found["as_of"])


def ask(user: User, old: Shelved, new: Shelved) -> Comparison:
    """Ask for past deals to be compared; once asked for, the figures are kept.

    Raises:
        ComparingError: If there are no books, or both mean the same.
    """
    snapshot = current_snapshot(house.workspace())
    if snapshot is None:
        raise ComparingError("there are no books yet; import an export first")
    if old.fingerprint == new.fingerprint:
        raise ComparingError("both mean the same, so no deal changes")
    wanted = {"old": old.fingerprint, "new": new.fingerprint, "snapshot": snapshot}
    texts = {"old_text": write_agreement(old.agreement), "new_text": write_agreement(new.agreement)}
    try:
        with transaction.atomic():
            found, is_new = Comparison.objects.get_or_create(
                **wanted, defaults=texts | {"asked_by": user}
            )
            if is_new or found.state == ComparisonState.FAILED:
                Comparison.objects.filter(pk=found.pk).update(
                    state=ComparisonState.ASKED, trouble=""
                )
                start_job(JOB, {"comparison": found.pk}, key=f"{JOB}:{found.pk}", asked_by=user)
    except (JobRunningError, IntegrityError):
        return Comparison.objects.get(**wanted)
    return found


def compare(pk: int, running: Running) -> int:
    """Count the past deals of a comparison and keep them; return how many deals change verdict."""
    asked = Comparison.objects.get(pk=pk)
    workspace = house.workspace()
    old, new = parse_agreement(asked.old_text), parse_agreement(asked.new_text)
    try:
        with Books.open(workspace, asked.snapshot) as books:
            as_of = latest_day(books, reading.today())
            running.start("Judging past deals by both")
            found = compare_verdicts(books, old, new, as_of)
            _keep_deals(books, asked, found.changed_deals)
            running.done()
    except CounterpoiseError as error:
        _end(asked, ComparisonState.FAILED, trouble=str(error))
        raise
    _end(
        asked,
        ComparisonState.DONE,
        found={
            "deals": found.deals.deals,
            "moves": [_plain(move) for move in found.deals.moves],
            "promotions": found.promotions
            and {
                "promotions": found.promotions.promotions,
                "moves": [_plain(move) for move in found.promotions.moves],
            },
            "as_of": as_of.isoformat(),
        },
    )
    return found.deals.changed


def _plain(move: Move | PromotionMove) -> dict[str, Any]:
    """Return a move as JSON holds it, money in words."""
    values = asdict(move).items()
    return {name: str(each) if isinstance(each, Decimal) else each for name, each in values}


def deals_of(
    comparison: Comparison, scope: Scope, move: tuple[str, str] | None = None
) -> list[ChangedDeal]:
    """Return the deals behind the figures that open to a scope, the largest first."""
    import pyarrow.parquet as pq

    file = _file(comparison)
    if scope.reach is Reach.NOTHING or not file.exists():
        return []
    filters: list[Any] = []
    if move is not None:
        filters += [("was", "==", move[0]), ("now", "==", move[1])]
    if scope.reach in {Reach.OWN, Reach.TEAM}:
        filters.append(("owner_id", "in", scope.owners))
    table = pq.read_table(file, columns=_COLUMNS, filters=filters or None)
    rows = table.slice(0, _MOST_LOOKED_AT).to_pylist()
    return [_deal(row) for row in islice(_opened(rows, scope), _MOST_SHOWN)]


def _opened(rows: Sequence[Mapping[str, Any]], scope: Scope) -> Iterator[Mapping[str, Any]]:
    lookup = live()
    for row in rows:
        campaigns = lookup.deal_campaigns(row["deal_id"]) if scope.campaigns else frozenset[str]()
        if scope.opens(row["owner_id"], campaigns):
            yield row


def _deal(row: Mapping[str, Any]) -> ChangedDeal:
    known = live().deal(row["deal_id"]) or {}
    name = known.get("name") or row["deal_id"]
    return ChangedDeal(row["deal_id"], name, row["net_amount"], row["was"], row["now"])


def _keep_deals(books: Books, asked: Comparison, deals: Any) -> None:
    file = _file(asked)
    file.parent.mkdir(parents=True, exist_ok=True)
    ordered = deals.order_by([deals.net_amount.desc(), deals.deal_id])
    books.write(ordered.select(*_COLUMNS), file)


def _file(comparison: Comparison) -> Path:
    return house.workspace().books_dir / "comparisons" / f"{comparison.pk}.parquet"


def _end(asked: Comparison, state: ComparisonState, **changed: Any) -> None:
    Comparison.objects.filter(pk=asked.pk).update(state=state, done_at=timezone.now(), **changed)
