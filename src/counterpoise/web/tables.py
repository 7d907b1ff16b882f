"""The tables of a room on PostgreSQL, copied out and in as the server writes them: exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

_COLUMNS = "columns.json"
_NOT_COPIED = frozenset({"django_migrations"})


def copy_out(folder: Path) -> None:
    """Write every table into a file of a new folder, all as of one moment."""
    folder.mkdir()
    columns: dict[str, list[str]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in _tables():
            described = connection.introspection.get_table_description(cursor, table)
            columns[table] = [column.name for column in described]
            with (folder / table).open("wb") as file, _copy(cursor, table, columns, "TO") as rows:
                for part in rows:
                    file.write(part)
    (folder / _COLUMNS).write_text(json.dumps(columns), encoding="utf-8")


def copy_in(folder: Path) -> None:
    """Replace the rows of every table, within the transaction around."""
    columns: dict[str, list[str]] = json.loads((folder / _COLUMNS).read_text(encoding="utf-8"))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(map(_quoted, _tables()))} CASCADE")
        for table in columns:
            with (folder / table).open("rb") as file, _copy(cursor, table, columns, "FROM") as rows:
                while part := file.read(1 << 20):
                    rows.write(part)
        models = [model for model in apps.get_models(include_auto_created=True) if _is_own(model)]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _tables() -> list[str]:
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(there) - _NOT_COPIED)


def _is_own(model: Any) -> bool:
    return bool(model._meta.managed) and not model._meta.proxy  # noqa: SLF001 - Django's own word


def _copy(cursor: Any, table: str, columns: dict[str, list[str]], way: str) -> Any:
    names = ", ".join(map(_quoted, columns[table]))
    end = "TO STDOUT" if way == "TO" else "FROM STDIN"
    return cursor.cursor.copy(f"COPY {_quoted(table)} ({names}) {end}")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
