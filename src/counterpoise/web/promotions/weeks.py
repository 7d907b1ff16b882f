"""The calendar as a table: accounts and goods down, weeks across."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.desk.promotion_calendar import Booked, Days
from counterpoise.web.desk.accounts import account_of
from counterpoise.web.desk.states import State
from counterpoise.web.people.models import User
from counterpoise.web.promotions.models import AGREED, AskedPromotion
from counterpoise.web.promotions.on_record import booked_from, known
from counterpoise.web.results.reading import latest
from counterpoise.web.trade.naming import promotion_url
from counterpoise.web.trade.reach import opened_ids

WEEKS = 13
MOST_ROWS = 60
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """A promotion on the calendar; `look` is recorded, agreed or asked."""

    booked: Booked
    look: str
    url: str

    @property
    def says(self) -> str:
        """Return how deep it is, in the width of a cell."""
        rate = self.booked.rate
        return "on" if rate is None else format_rate(short_rate(rate))


@dataclass(frozen=True)
class Cell:
    """A week of a row: the promotions that run in it."""

    entries: tuple[Entry, ...]
    span: int = 1

    @property
    def clashes(self) -> bool:
        """Tell whether several promotions of the same goods run at once, on different days."""
        return len({each.booked.days for each in self.entries}) > 1


@dataclass(frozen=True)
class Row:
    """An account and the goods that are promoted there."""

    account: str
    goods: str
    cells: tuple[Cell, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return its promotions in the order of their days."""
        found = dict.fromkeys(entry for cell in self.cells for entry in cell.entries)
        return tuple(found)

    @property
    def weeks_on_deal(self) -> int:
        """Return how many of the weeks shown have a promotion."""
        return sum(bool(cell.entries) for cell in self.cells)


@dataclass(frozen=True)
class Shown:
    """The calendar: its weeks, rows, and how many rows there are beyond those."""

    weeks: tuple[dt.date, ...]
    rows: tuple[Row, ...]
    more: int
    promotions: int
    clashes: int

    @property
    def earlier(self) -> dt.date:
        """Return where the weeks before begin."""
        return self.weeks[0] - WEEKS * _WEEK

    @property
    def later(self) -> dt.date:
        """Return where the weeks after begin."""
        return self.weeks[-1] + _WEEK


def monday(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def first_week(today: dt.date) -> dt.date:
    """Return where the calendar opens: four weeks ago, or the last weeks on record."""
    booked = known().booked
    here = monday(today) - 4 * _WEEK
    if not booked or AskedPromotion.objects.filter(ends_on__gte=here).exists():
        return here
    last = max(each.days.last for each in booked)
    return here if last >= here else monday(last) - (WEEKS - 1) * _WEEK


def calendar_from(
    first: dt.date, account_id: str = "", family: str = "", reader: User | None = None
) -> Shown:
    """Return the calendar of thirteen weeks, all of it or of one account or family.

    What is on record leads to its page in the ledger where that opens to the reader.
    """
    weeks = tuple(first + at * _WEEK for at in range(WEEKS))
    span = Days(weeks[0], weeks[-1] + dt.timedelta(days=6))
    entries = [
        entry
        for entry in entries_in(span, reader)
        if (not account_id or entry.booked.account_id in (None, account_id))
        and (not family or entry.booked.product_family == family)
    ]
    by_row: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        by_row.setdefault((entry.booked.account_id or "", goods_of(entry.booked)), []).append(entry)
    rows = [
        Row(_account(account), goods, tuple(_cell(week, found) for week in weeks))
        for (account, goods), found in sorted(by_row.items())
    ]
    clashes = sum(any(cell.clashes for cell in row.cells) for row in rows)
    more = max(len(rows) - MOST_ROWS, 0)
    return Shown(weeks, tuple(rows[:MOST_ROWS]), more, len(entries), clashes)


def entries_in(span: Days, reader: User | None) -> Iterable[Entry]:
    """Yield what is on record, then what was agreed and asked here and is not yet."""
    there, recorded = set(), [each for each in known().booked if _meets(each.days, span)]
    ids = {each.promotion_id for each in recorded if each.promotion_id}
    opening = opened_ids(reader, latest(), ids) if reader else frozenset()
    for booked in recorded:
        there.add((booked.account_id, booked.product_id, booked.days.first))
        id_ = booked.promotion_id
        yield Entry(booked, "recorded", promotion_url(id_) if id_ and id_ in opening else "")
    asked = AskedPromotion.objects.filter(
        state__in=[*AGREED, State.OPEN], starts_on__lte=span.last, ends_on__gte=span.first
    )
    for promotion in asked.order_by("starts_on", "pk"):
        look = "asked" if promotion.is_open else "agreed"
        url = f"/promotions/{promotion.pk}/"
        for booked in booked_from(promotion):
            if (booked.account_id, booked.product_id, booked.days.first) not in there:
                yield Entry(booked, look, url)


def _meets(one: Days, other: Days) -> bool:
    return one.first <= other.last and one.last >= other.first


def _cell(week: dt.date, entries: Sequence[Entry]) -> Cell:
    days = Days(week, week + dt.timedelta(days=6))
    return Cell(tuple(entry for entry in entries if _meets(entry.booked.days, days)))


def goods_of(booked: Booked) -> str:
    """Return what the goods of a promotion are called."""
    if booked.product_id:
        product = known().by_id.get(booked.product_id)
        return product.name or product.product_id if product else booked.product_id
    return booked.product_family or "All goods"


def _account(account_id: str) -> str:
    if not account_id:
        return "Every account"
    found = account_of(account_id)
    return found.name or account_id if found else account_id
