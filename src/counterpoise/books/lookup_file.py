"""Write the look-up database of a snapshot: one SQLite file, indexed by id, that never changes.

A page or a decision asks for one deal, account or person; the snapshot's Parquet would be scanned
for each. The rows are copied by the engine, so that a row costs no Python.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.books.durable import sync_folder
from counterpoise.books.engines import EMBEDDED
from counterpoise.books.facts import accounts_over_time, people_over_time
from counterpoise.books.quoting import literal, quoted
from counterpoise.books.schema import TABLES, Kind, attribute_column
from counterpoise.books.sources.database import extension_file
from counterpoise.books.spans import spans
from counterpoise.books.spelling import framed
from counterpoise.books.touching import deal_campaigns
from counterpoise.books.workspace import Workspace

FORM = 4
"""Written into every file; one of another form is written anew."""

MOST_WAITING = 5_000
"""The most leads that are listed as waiting to be handed over."""

_PAGE_BYTES = 8192
_DAYS = ("valid_from", "valid_until")
Attributes = Mapping[str, Mapping[str, Kind]]


@dataclass(frozen=True)
class KeptTable:
    """A table of the file: what it is made of, its order, and the columns that are looked up by."""

    name: str
    rows: Callable[[Books], ir.Table]
    order: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...]
    is_dated: bool = False
    of: str = ""
    """The table of the books that it is made of, where its name is another."""

    def kinds(self, attributes: Attributes) -> dict[str, Kind]:
        """Return every column and what it holds."""
        if self.name not in TABLES:
            return dict.fromkeys(self.order, Kind.TEXT)
        kinds = {column.name: column.kind for column in TABLES[self.name].columns}
        own = attributes.get(self.name, {})
        kinds |= {attribute_column(name): kind for name, kind in own.items()}
        return kinds | dict.fromkeys(_DAYS, Kind.DAY) if self.is_dated else kinds


def _plain(name: str, *indexes: str) -> KeptTable:
    keys = tuple(tuple(index.split()) for index in indexes)
    return KeptTable(name, lambda books: books.table(name), keys[0], keys)


def _spans(name: str, key: str) -> KeptTable:
    order = (key, "valid_from")
    return KeptTable(name, lambda books: spans(books.table(name), key), order, (order,), True)


def _over_time(name: str, key: str, rows: Callable[[Books], ir.Table], *indexes: str) -> KeptTable:
    order = (key, "valid_from")
    return KeptTable(name, rows, order, (order, *((each,) for each in indexes)), True)


def _leads_to_hand_over(books: Books) -> ir.Table:
    """Return the leads that nobody handed over or judged: the latest that qualified, then others.

    There are at most so many as a person could go through; older ones are cold. Grain: a lead.
    """
    leads = books.table("leads")
    waiting = leads.filter(leads.handed_over_at.isnull() & leads.verdict.isnull())
    latest = waiting.order_by(
        [
            ibis.desc(waiting.qualified_at, nulls_first=False),
            ibis.desc(waiting.created_at),
            waiting.lead_id,
        ]
    )
    return latest.limit(MOST_WAITING)


KEPT = {
    each.name: each
    for each in (
        _over_time("people", "person_id", people_over_time),
        _over_time("accounts", "account_id", accounts_over_time),
        _plain("products", "product_id"),
        _spans("list_prices", "product_id"),
        _spans("exchange_rates", "currency"),
        _plain("campaigns", "campaign_id", "owner_id"),
        _plain("deals", "deal_id", "account_id", "owner_id", "lead_id"),
        _plain("deal_lines", "deal_id line_no"),
        _plain("offers", "deal_id offered_at"),
        _plain("customizations", "deal_id customization_id", "kind requested_at"),
        _plain("adjustments", "deal_id adjustment_id"),
        _plain("approvals", "deal_id approval_id", "decided_role decided_at"),
        _plain("leads", "lead_id", "deal_id", "account_id"),
        _plain("touches", "lead_id touched_at", "account_id touched_at"),
        _plain("tools", "tool_id"),
        _plain("tool_uses", "deal_id used_at"),
        KeptTable(
            "deal_campaigns",
            deal_campaigns,
            ("deal_id", "campaign_id"),
            (("deal_id",), ("campaign_id",)),
            of="deals",
        ),
        KeptTable(
            "leads_to_hand_over",
            _leads_to_hand_over,
            ("qualified_at", "created_at", "lead_id"),
            (("lead_id",),),
            of="leads",
        ),
    )
}
"""The tables of the file by name."""

_SEARCHED = {
    "accounts": "valid_from = '0001-01-01' AND name IS NOT NULL",
    "deals": "name IS NOT NULL",
}
_MISSPELT = {"accounts": "account_id", "products": "product_id"}
"""The ids for which the nearest known one is looked up, by their three-letter parts."""
_STORED = {Kind.INTEGER: "INTEGER", Kind.BOOLEAN: "INTEGER"}


def lookup_file(workspace: Workspace, snapshot: str) -> Path:
    """Return where a snapshot's look-up database lies, once it is made."""
    return workspace.books_dir / "lookups" / f"{snapshot}.sqlite3"


def build_lookup(books: Books) -> Path:
    """Write the look-up database of a snapshot unless it is there; return its file.

    Two processes that do so at once write the same and one of them wins.
    """
    target = lookup_file(books.workspace, books.manifest.snapshot)
    if form_of(target) == FORM:
        return target
    with making_file(target) as made:
        _write(books, made)
    return target


def form_of(file: Path) -> int | None:
    """Return the form in which a look-up database is written, or None where there is none."""
    if not file.exists():
        return None
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as opened:
        found: int = opened.execute("PRAGMA user_version").fetchone()[0]
    return found


@contextmanager
def making_file(target: Path) -> Iterator[Path]:
    """Give a file to write; it takes its name when the block ends, whole and read-only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.with_name(f".{target.name}.{os.getpid()}.making")
    made.unlink(missing_ok=True)
    try:
        yield made
        with made.open("rb+") as stream:
            os.fsync(stream.fileno())
        made.chmod(0o444)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    sync_folder(target.parent)


def create_tables(connection: sqlite3.Connection, attributes: Attributes) -> None:
    """Create the tables, empty and without their indexes."""
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.execute("CREATE TABLE about (snapshot TEXT, currency TEXT, attributes TEXT)")
    for kept in KEPT.values():
        columns = ", ".join(
            f"{quoted(name)} {_STORED.get(kind, 'TEXT')}"
            for name, kind in kept.kinds(attributes).items()
        )
        connection.execute(f"CREATE TABLE {quoted(kept.name)} ({columns})")
    for name in _SEARCHED:
        connection.execute(
            f"CREATE VIRTUAL TABLE {name}_words USING fts5(name, content='', columnsize=0, "
            "detail=none, tokenize='unicode61 remove_diacritics 2')"
        )
    for name in _MISSPELT:
        connection.execute(
            f"CREATE VIRTUAL TABLE {name}_parts USING fts5(id, content='', columnsize=0, "
            "detail=none, tokenize='trigram case_sensitive 1')"
        )
    connection.execute(f"PRAGMA user_version = {FORM}")


def _write(books: Books, file: Path) -> None:
    attributes = books.all_attributes
    with closing(sqlite3.connect(file)) as connection:
        create_tables(connection, attributes)
        connection.commit()
    home = replace(books.workspace, engine=EMBEDDED)
    with Books(home, books.folder, books.manifest) as embedded:
        _copy_rows(embedded, file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.execute("BEGIN")
        _finish(connection, books)
        connection.execute("COMMIT")


def _copy_rows(books: Books, file: Path) -> None:
    engine = books.engine.con
    engine.load_extension(str(extension_file("sqlite_scanner")))
    engine.execute(f"ATTACH {literal(str(file))} AS kept (TYPE sqlite)")
    for kept in KEPT.values():
        if books.has(kept.of or kept.name):
            kinds = kept.kinds(books.all_attributes)
            query = ibis.to_sql(kept.rows(books).select(*kinds), dialect="duckdb")
            columns = ", ".join(map(partial(_stored, kinds), kinds))
            order = ", ".join(map(quoted, kept.order))
            engine.execute(
                f"INSERT INTO kept.{quoted(kept.name)} "
                f"SELECT {columns} FROM ({query}) ORDER BY {order}"
            )
    engine.execute("DETACH kept")


def _stored(kinds: Mapping[str, Kind], name: str) -> str:
    if kinds[name] in _STORED:
        return f"CAST({quoted(name)} AS BIGINT)"
    return f"CAST({quoted(name)} AS VARCHAR)"


def _finish(connection: sqlite3.Connection, books: Books) -> None:
    for kept in KEPT.values():
        for index in kept.indexes:
            columns = ", ".join(map(quoted, index))
            connection.execute(
                f"CREATE INDEX {quoted('_'.join((kept.name, 'by', *index)))} "
                f"ON {quoted(kept.name)} ({columns}) WHERE {quoted(index[0])} IS NOT NULL"
            )
    for name, condition in _SEARCHED.items():
        connection.execute(
            f"INSERT INTO {name}_words (rowid, name) "
            f"SELECT rowid, name FROM {name} WHERE {condition}"
        )
    connection.create_function("framed", 1, framed, deterministic=True)
    for name, key in _MISSPELT.items():
        connection.execute(
            f"INSERT INTO {name}_parts (rowid, id) SELECT min(rowid), framed({key}) FROM {name} "
            f"WHERE {key} IS NOT NULL GROUP BY {key}"
        )
    connection.execute(
        "INSERT INTO about VALUES (?, ?, ?)",
        (
            books.manifest.snapshot,
            books.workspace.currency,
            json.dumps({name: dict(each) for name, each in books.all_attributes.items()}),
        ),
    )
