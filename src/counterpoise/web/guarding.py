"""What the database itself refuses to change, whoever asks it.

A folder says so in `guards.py`, in `GUARDS`; triggers hold it on SQLite and on PostgreSQL. They are
taken away while the schema changes, and put back after; one that is declared anew gets into rooms
that are there already by a migration, if only an empty one.

What names a person or a thing by another's id is left free, so that ids may be remapped; what
somebody wrote may become empty, so that a person may be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from counterpoise.web.places import Feature, declared


class Deed(StrEnum):
    """What somebody would do to a row."""

    CHANGE = "UPDATE"
    ADD = "INSERT"
    REMOVE = "DELETE"


@dataclass(frozen=True)
class Guard:
    """What is refused of the rows of a table. Conditions are SQL that both databases read."""

    table: str
    says: str
    """Why, in words that stand alone."""
    kept: tuple[str, ...] = ()
    """Columns that never change; `quote.value` is a value in a column of JSON."""
    words: tuple[str, ...] = ()
    """Columns that never change but to nothing at all."""
    when: str = ""
    """Of which rows, as `OLD` and `NEW` are; of every row where it is empty."""
    deed: Deed = Deed.CHANGE
    name: str = "unchanged"
    """What tells several guards of a table apart."""

    @property
    def trigger(self) -> str:
        """Return what the database calls it."""
        return f"{self.table}_{self.name}"

    def condition(self, vendor: str) -> str:
        """Return when it refuses, in the database's words; empty where always."""
        changes = " OR ".join(self._changes(vendor))
        return " AND ".join(f"({part})" for part in (changes, self.when) if part)

    def _changes(self, vendor: str) -> Iterator[str]:
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        for column in (*self.kept, *self.words):
            old, new = (_value(vendor, row, column) for row in ("OLD", "NEW"))
            erased = f" AND {new} <> ''" if column in self.words else ""
            yield f"({old} {differs} {new}{erased})"


def _value(vendor: str, row: str, column: str) -> str:
    name, _, key = column.partition(".")
    if not key:
        return f"{row}.{name}"
    if vendor == "postgresql":
        return f"{row}.{name} ->> '{key}'"
    return f"json_extract({row}.{name}, '$.{key}')"


def every() -> tuple[Guard, ...]:
    """Return what all features declare."""
    return tuple(guard for guards in declared("guards", "GUARDS") for guard in guards)


def install(connection: BaseDatabaseWrapper, guards: Iterable[Guard] | None = None) -> None:
    """Put guards in place, anew where they are there already; all, where none are named."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in every() if guards is None else guards:
            if guard.table in there:
                for statement in (*_taken(connection.vendor, guard), *_put(connection, guard)):
                    cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper, guards: Iterable[Guard] | None = None) -> None:
    """Take guards away, for a change of the schema or a whole database put in place."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in every() if guards is None else guards:
            if guard.table in there:
                for statement in _taken(connection.vendor, guard):
                    cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the guards that are not in place, or of which the database holds another than ours."""
    tables = set(connection.introspection.table_names())
    there = read_triggers(connection)
    wanted = (guard for guard in every() if guard.table in tables)
    return sorted(
        guard.trigger
        for guard in wanted
        if there.get(guard.trigger) != _kept_as(connection.vendor, guard)
    )


def read_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return what the database does at each of its triggers that are on, in words to compare."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED_ON_POSTGRESQL if connection.vendor == "postgresql" else _ASKED)
        return {name: words_of(does) for name, does in cursor.fetchall()}


def words_of(sql: str) -> str:
    """Return SQL without what does not matter: how it is spaced.

    >>> words_of("BEGIN  SELECT 1;   END ")
    'BEGIN SELECT 1; END'
    """
    return " ".join(sql.split())


def lift_before(sender: Feature, using: str, plan: Any = (), **_rest: Any) -> None:
    """Take a feature's guards away before migrations run, which may rebuild a table."""
    if plan:
        lift(connections[using], _of(sender))


def install_after(sender: Feature, using: str, **_rest: Any) -> None:
    """Put a feature's guards in place once migrations ran."""
    install(connections[using], _of(sender))


def _of(feature: Feature) -> list[Guard]:
    return [guard for guard in every() if guard.table.startswith(f"{feature.label}_")]


_ASKED = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_ASKED_ON_POSTGRESQL = """
    SELECT tgname, concat_ws(' ', tgtype, relname, tgqual, nullif(tgattr::text, ''), prosrc)
    FROM pg_trigger
    JOIN pg_class ON pg_class.oid = tgrelid
    JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)
"""
_BEFORE_EACH_ROW = 3
_KINDS = {Deed.ADD: 4, Deed.REMOVE: 8, Deed.CHANGE: 16}
"""What PostgreSQL adds up to say when a trigger acts."""


def _kept_as(vendor: str, guard: Guard) -> str:
    """Return how a database keeps a guard that nobody touched."""
    if vendor != "postgresql":
        return words_of(_trigger(vendor, guard))
    return words_of(f"{_BEFORE_EACH_ROW + _KINDS[guard.deed]} {guard.table} {_function(guard)}")


def _taken(vendor: str, guard: Guard) -> tuple[str, ...]:
    if vendor == "postgresql":
        return (f"DROP TRIGGER IF EXISTS {guard.trigger} ON {guard.table}",)
    return (f"DROP TRIGGER IF EXISTS {guard.trigger}",)


def _put(connection: BaseDatabaseWrapper, guard: Guard) -> tuple[str, ...]:
    trigger = _trigger(connection.vendor, guard)
    if connection.vendor != "postgresql":
        return (trigger,)
    function = f"CREATE OR REPLACE FUNCTION {guard.trigger}() RETURNS trigger LANGUAGE plpgsql"
    return (f"{function} AS $$ {_function(guard)} $$", trigger)


def _trigger(vendor: str, guard: Guard) -> str:
    head = f"CREATE TRIGGER {guard.trigger} BEFORE {guard.deed} ON {guard.table} FOR EACH ROW"
    if vendor == "postgresql":
        return f"{head} EXECUTE FUNCTION {guard.trigger}()"
    when = guard.condition(vendor)
    asked = f"WHEN {when} " if when else ""
    return f"{head} {asked}BEGIN SELECT RAISE(ABORT, '{guard.says}'); END"


def _function(guard: Guard) -> str:
    """Return what PostgreSQL runs; a trigger's own condition would hold its columns in place."""
    refuse = f"IF {guard.condition('postgresql') or 'true'} THEN RAISE EXCEPTION '{guard.says}';"
    return f"BEGIN {refuse} END IF; RETURN {'OLD' if guard.deed is Deed.REMOVE else 'NEW'}; END"
