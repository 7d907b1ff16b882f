"""Look up facts by id: a snapshot's indexed copy, opened for reading alone.

A look-up takes some hundredths of a millisecond whatever the size of the books. Values come as
the canonical kinds: exact decimals, days, wall-time instants; attributes as `attr__NAME`.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from counterpoise.books.lookup_file import (
    FORM,
    KEPT,
    Attributes,
    create_tables,
    form_of,
    lookup_file,
)
from counterpoise.books.schema import TABLES, Kind
from counterpoise.books.spans import END
from counterpoise.books.spelling import nearest, trigrams
from counterpoise.books.workspace import Workspace
from counterpoise.errors import CounterpoiseError

Row = dict[str, Any]
"""One row by canonical column; None is unknown."""

_LAST = END - dt.timedelta(days=1)
_DAYS = ("valid_from", "valid_until")
_MOST_COMPARED = 100
_MOST_OF_A_PART = 400
_MOST_LETTERS = 60
_RARE = 100
"""How much more a part weighs that not very many ids share."""
_TOUCHES = 200
_ABOVE = "\U0010ffff"  # sorts after every letter


class NoLookupError(CounterpoiseError):
    """A snapshot has no look-up database yet."""

    def __init__(self, snapshot: str) -> None:
        super().__init__(
            f"snapshot {snapshot} has no look-up database of this version yet; "
            "the worker makes it, and so does `counterpoise import`"
        )


class Lookup:
    """What one snapshot knows of one id at a time. Safe to share between threads.

    `day` is the day whose facts are meant; left out, the last known are.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._own = threading.local()
        about = self._connection.execute("SELECT snapshot, currency, attributes FROM about")
        snapshot, currency, attributes = about.fetchone() or ("", "", "{}")
        self.snapshot: str = snapshot
        self.currency: str = currency
        self.attributes: Attributes = {
            name: {each: Kind(kind) for each, kind in kinds.items()}
            for name, kinds in json.loads(attributes).items()
        }
        self._readers = {
            kept.name: {
                name: _READERS.get(kind) for name, kind in kept.kinds(self.attributes).items()
            }
            for kept in KEPT.values()
        }

    @classmethod
    def open(cls, workspace: Workspace, snapshot: str) -> Lookup:
        """Open the look-up database of a snapshot by its whole id.

        Raises:
            NoLookupError: If it is not made yet.
        """
        file = lookup_file(workspace, snapshot)
        if form_of(file) != FORM:
            raise NoLookupError(snapshot)
        return cls(lambda: _opened(file))

    @classmethod
    def empty(cls) -> Lookup:
        """Return a look-up that knows nothing, for a workspace without books."""
        return cls(_nothing)

    def account(self, account_id: str, day: dt.date | None = None) -> Row | None:
        """Return an account as it was on a day."""
        return self._dated("accounts", "account_id", account_id, day)

    def person(self, person_id: str, day: dt.date | None = None) -> Row | None:
        """Return a person with the role, team and manager of a day."""
        return self._dated("people", "person_id", person_id, day)

    def product(self, product_id: str, day: dt.date | None = None) -> Row | None:
        """Return a product with the list price of a day."""
        found = self._first("products", "product_id = ?", product_id)
        if found is None:
            return None
        price = self._dated("list_prices", "product_id", product_id, day)
        return found if price is None else found | {"list_price": price["list_price"]}

    def exchange_rate(self, currency: str, day: dt.date | None = None) -> Decimal | None:
        """Return the units of workspace currency that one unit was worth on a day."""
        found = self._dated("exchange_rates", "currency", currency, day)
        return None if found is None else found["rate"]

    def deal(self, deal_id: str) -> Row | None:
        """Return a deal's own columns."""
        return self._first("deals", "deal_id = ?", deal_id)

    def deals(self, deal_ids: Iterable[str]) -> dict[str, Row]:
        """Return those of these deals that are known, by id."""
        found = ((deal_id, self.deal(deal_id)) for deal_id in deal_ids)
        return {deal_id: row for deal_id, row in found if row is not None}

    def deals_of_account(self, account_id: str, limit: int = 100) -> list[Row]:
        """Return an account's deals, the one created last first."""
        order = "ORDER BY created_at DESC, deal_id LIMIT ?"
        return self._rows("deals", f"account_id = ? {order}", account_id, limit)

    def lines(self, deal_id: str) -> list[Row]:
        """Return a deal's lines, lowest number first."""
        return self._rows("deal_lines", "deal_id = ? ORDER BY line_no", deal_id)

    def offers(self, deal_id: str) -> list[Row]:
        """Return a deal's offers, first to last."""
        return self._rows("offers", "deal_id = ? ORDER BY offered_at, offer_id", deal_id)

    def customizations(self, deal_id: str) -> list[Row]:
        """Return the customizations on record for a deal."""
        return self._rows("customizations", "deal_id = ? ORDER BY customization_id", deal_id)

    def adjustments(self, deal_id: str) -> list[Row]:
        """Return what was booked on a deal afterwards."""
        return self._rows("adjustments", "deal_id = ? ORDER BY booked_at, adjustment_id", deal_id)

    def approvals(self, deal_id: str) -> list[Row]:
        """Return the approvals on record for a deal."""
        return self._rows("approvals", "deal_id = ? ORDER BY decided_at, approval_id", deal_id)

    def approvals_of_role(self, role: str, limit: int) -> list[Row]:
        """Return the approvals that a role decided last, the latest first; case does not matter."""
        spelt = [each for each in self._deciding_roles if each.lower() == role.lower()]
        marks = ", ".join("?" * len(spelt))
        order = "ORDER BY decided_at DESC, approval_id LIMIT ?"
        return self._rows("approvals", f"decided_role IN ({marks}) {order}", *spelt, limit)

    def tool_uses(self, deal_id: str) -> list[Row]:
        """Return the value tools used on a deal."""
        return self._rows("tool_uses", "deal_id = ? ORDER BY used_at, tool_id", deal_id)

    def tools(self) -> tuple[Row, ...]:
        """Return every value tool, the newest first."""
        return self._tools

    def tool(self, tool_id: str) -> Row | None:
        """Return a value tool."""
        return self._first("tools", "tool_id = ?", tool_id)

    def lead(self, lead_id: str) -> Row | None:
        """Return a lead."""
        return self._first("leads", "lead_id = ?", lead_id)

    def leads_of_deal(self, deal_id: str) -> list[Row]:
        """Return the leads that became a deal, whichever of the two names the other."""
        found = self._rows("leads", "deal_id = ? ORDER BY created_at, lead_id", deal_id)
        deal = self.deal(deal_id)
        named = self.lead(deal["lead_id"]) if deal and deal["lead_id"] else None
        if named and all(each["lead_id"] != named["lead_id"] for each in found):
            found.insert(0, named)
        return found

    def leads_to_hand_over(self) -> list[Row]:
        """Return the leads that nobody handed over, those that qualified last first."""
        query = (
            "SELECT lead_id FROM leads_to_hand_over ORDER BY qualified_at IS NULL, "
            "qualified_at DESC, created_at DESC, lead_id"
        )
        found = (self.lead(row[0]) for row in self._connection.execute(query))
        return [each for each in found if each is not None]

    def deals_of_lead(self, lead_id: str) -> list[Row]:
        """Return the deals that a lead became, whichever of the two names the other."""
        found = self._rows("deals", "lead_id = ? ORDER BY created_at, deal_id", lead_id)
        lead = self.lead(lead_id)
        named = self.deal(lead["deal_id"]) if lead and lead["deal_id"] else None
        if named and all(each["deal_id"] != named["deal_id"] for each in found):
            found.insert(0, named)
        return found

    def touches_of_lead(self, lead_id: str, limit: int = _TOUCHES) -> list[Row]:
        """Return the touches of a lead, first to last."""
        order = "ORDER BY touched_at, touch_id LIMIT ?"
        return self._rows("touches", f"lead_id = ? {order}", lead_id, limit)

    def touches_of_deal(self, deal_id: str, limit: int = _TOUCHES) -> list[Row]:
        """Return the touches of a deal's leads, and of its account while it was open."""
        found = {
            touch["touch_id"]: touch
            for lead in self.leads_of_deal(deal_id)
            for touch in self.touches_of_lead(lead["lead_id"], limit)
        }
        deal = self.deal(deal_id)
        if deal and deal["account_id"] and deal["created_at"]:
            until = deal["closed_at"] or dt.datetime.combine(_LAST, dt.time())
            where = "account_id = ? AND touched_at BETWEEN ? AND ? ORDER BY touched_at LIMIT ?"
            met = (deal["account_id"], str(deal["created_at"]), str(until), limit)
            found |= {touch["touch_id"]: touch for touch in self._rows("touches", where, *met)}
        return sorted(found.values(), key=lambda each: (each["touched_at"], each["touch_id"]))

    def campaign(self, campaign_id: str) -> Row | None:
        """Return a campaign."""
        return self._first("campaigns", "campaign_id = ?", campaign_id)

    def deal_campaigns(self, deal_id: str) -> frozenset[str]:
        """Return the campaigns that touched a deal."""
        query = "SELECT campaign_id FROM deal_campaigns WHERE deal_id = ?"
        return frozenset(row[0] for row in self._connection.execute(query, (deal_id,)))

    def campaigns_of(self, person_id: str) -> frozenset[str]:
        """Return the campaigns that a person owns, or somebody under them."""
        owners = self.people_under(person_id) | {person_id}
        return frozenset(
            each["campaign_id"] for each in self.campaigns() if each["owner_id"] in owners
        )

    def customizations_between(self, kind: str, first: dt.date, last: dt.date) -> int:
        """Count the customizations of a kind requested in those days, both inclusive."""
        query = (
            "SELECT count(*) FROM customizations "
            "WHERE kind = ? AND requested_at >= ? AND requested_at < ?"
        )
        days = (first.isoformat(), (last + dt.timedelta(days=1)).isoformat())
        found: int = self._connection.execute(query, (kind, *days)).fetchone()[0]
        return found

    def people(self) -> tuple[Row, ...]:
        """Return everybody as last known, by id."""
        return self._everybody

    def campaigns(self) -> tuple[Row, ...]:
        """Return every campaign by id."""
        return self._campaigns

    def products(self) -> tuple[Row, ...]:
        """Return every product by id."""
        return tuple(self._rows("products", "product_id IS NOT NULL ORDER BY product_id"))

    def people_under(self, person_id: str) -> frozenset[str]:
        """Return the ids of those who report to a person, directly or through others."""
        found: set[str] = set()
        asked = [person_id]
        while asked:
            for report in self._reports.get(asked.pop(), ()):
                if report not in found:
                    found.add(report)
                    asked.append(report)
        return frozenset(found - {person_id})

    def find_accounts(self, words: str, limit: int) -> list[Row]:
        """Return accounts by id or by the beginnings of words in their names, as last known."""
        found = (self.account(each) for each in self._find_accounts(words, limit))
        return [each for each in found if each is not None]

    def find_deals(self, words: str, limit: int) -> list[Row]:
        """Return deals by id, by the beginnings of words in their names, or by their account's."""
        return list(self.deals(self.find_owners(words, limit)).values())

    def find_owners(self, words: str, limit: int) -> dict[str, str | None]:
        """Return whose the same deals are, by deal; this reads no more of them."""
        by_name = (
            "SELECT deals.deal_id, deals.owner_id FROM deals_words JOIN deals "
            "ON deals.rowid = deals_words.rowid WHERE deals_words MATCH ? LIMIT ?"
        )
        by_account = (
            "SELECT deal_id, owner_id FROM deals WHERE account_id = ? "
            "ORDER BY created_at DESC, deal_id LIMIT ?"
        )
        by_id = self._beginning("deals", ("deal_id", "owner_id"), words, limit)
        found = dict([*by_id, *self._matching(by_name, words, limit)])
        for account in self._find_accounts(words, limit) if len(found) < limit else ():
            for deal, owner in self._connection.execute(by_account, (account, limit)):
                found.setdefault(deal, owner)
            if len(found) >= limit:
                break
        return dict(islice(found.items(), limit))

    def nearest_account(self, account_id: str) -> str | None:
        """Return the known id closest to an unknown one."""
        return nearest(account_id, self._alike("accounts", "account_id", account_id))

    def nearest_product(self, product_id: str) -> str | None:
        """Return the known id closest to an unknown one."""
        return nearest(product_id, self._alike("products", "product_id", product_id))

    @property
    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if found is None:
            found = self._own.connection = self._connect()
        return found

    @cached_property
    def _everybody(self) -> tuple[Row, ...]:
        rows = self._rows("people", "valid_until = ? ORDER BY person_id", END.isoformat())
        return tuple(_without_days(row) for row in rows)

    @cached_property
    def _tools(self) -> tuple[Row, ...]:
        order = "ORDER BY created_at DESC, tool_id"
        return tuple(self._rows("tools", f"tool_id IS NOT NULL {order}"))

    @cached_property
    def _deciding_roles(self) -> tuple[str, ...]:
        query = "SELECT DISTINCT decided_role FROM approvals WHERE decided_role IS NOT NULL"
        return tuple(row[0] for row in self._connection.execute(query))

    @cached_property
    def _campaigns(self) -> tuple[Row, ...]:
        return tuple(self._rows("campaigns", "campaign_id IS NOT NULL ORDER BY campaign_id"))

    @cached_property
    def _reports(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for person in self._everybody:
            if person["manager_id"]:
                found.setdefault(person["manager_id"], []).append(person["person_id"])
        return found

    def _dated(self, table: str, key: str, value: str, day: dt.date | None) -> Row | None:
        meant = (day or _LAST).isoformat()
        where = f"{key} = ? AND valid_from <= ? ORDER BY valid_from DESC"
        found = self._first(table, where, value, meant)
        return None if found is None else _without_days(found)

    def _first(self, table: str, where: str, *values: object) -> Row | None:
        return next(iter(self._rows(table, f"{where} LIMIT 1", *values)), None)

    def _rows(self, table: str, where: str, *values: object) -> list[Row]:
        readers = self._readers[table]
        cursor = self._connection.execute(f"SELECT * FROM {table} WHERE {where}", values)
        return [
            {
                name: value if value is None or read is None else read(value)
                for (name, read), value in zip(readers.items(), row, strict=True)
            }
            for row in cursor
        ]

    def _find_accounts(self, words: str, limit: int) -> list[str]:
        query = (
            "SELECT accounts.account_id FROM accounts_words JOIN accounts "
            "ON accounts.rowid = accounts_words.rowid WHERE accounts_words MATCH ? "
            "ORDER BY accounts.name, accounts.account_id LIMIT ?"
        )
        by_id = self._beginning("accounts", ("account_id",), words, limit)
        found = dict.fromkeys(row[0] for row in (*by_id, *self._matching(query, words, limit)))
        return list(found)[:limit]

    def _beginning(
        self, table: str, columns: tuple[str, ...], words: str, limit: int
    ) -> list[tuple[Any, ...]]:
        """Return columns of what has a first one that begins so, the exact one first."""
        start, key = words.strip(), columns[0]
        if not start:
            return []
        query = (
            f"SELECT DISTINCT {', '.join(columns)} FROM {table} WHERE {key} >= ? AND {key} < ? "
            f"ORDER BY {key} LIMIT ?"
        )
        return self._connection.execute(query, (start, start + _ABOVE, limit)).fetchall()

    def _matching(self, query: str, words: str, limit: int) -> list[tuple[Any, ...]]:
        terms = "".join(letter if letter.isalnum() else " " for letter in words).split()
        wanted = " ".join(f'"{term}"*' for term in terms)
        if not wanted:
            return []
        return self._connection.execute(query, (wanted, limit)).fetchall()

    def _alike(self, table: str, key: str, value: str) -> list[str]:
        """Return the ids that share most parts with a wrong one, by id.

        One slip leaves one half of a word whole, so halves are asked for too. A part that very
        many ids share says little, and some of those are taken.
        """
        query = f"SELECT rowid FROM {table}_parts WHERE {table}_parts MATCH ? LIMIT ?"
        shared: Counter[int] = Counter()
        for part, weight in _asked_parts(trigrams(value[:_MOST_LETTERS])):
            met = self._connection.execute(query, (part, _MOST_OF_A_PART)).fetchall()
            is_rare = len(met) < _MOST_OF_A_PART
            for row in met:
                shared[row[0]] += weight if is_rare else 1
        best = sorted(shared, key=lambda rowid: (-shared[rowid], rowid))[:_MOST_COMPARED]
        found = (
            self._connection.execute(f"SELECT {key} FROM {table} WHERE rowid = ?", (rowid,))
            for rowid in sorted(best)
        )
        return [cursor.fetchone()[0] for cursor in found]


def _asked_parts(parts: list[str]) -> Iterator[tuple[str, int]]:
    """Yield what to ask for, in the words of the index, and how much it weighs if it is rare."""
    quoted = ['"' + part.replace('"', '""') + '"' for part in parts]
    for part in quoted:
        yield part, _RARE
    middle = len(quoted) // 2
    for half in (quoted[:middle], quoted[middle:]):
        if len(half) > 1:
            yield " AND ".join(half), _RARE * len(half)


@lru_cache(maxsize=4096)
def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: Decimal,
    Kind.MONEY: Decimal,
    Kind.RATE: Decimal,
    Kind.BOOLEAN: bool,
    Kind.DAY: _day,
    Kind.INSTANT: dt.datetime.fromisoformat,
}


def _without_days(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _DAYS}


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def _nothing() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    create_tables(connection, {name: {} for name in TABLES})
    return connection
