"""A new database is made quickly, and holds what the usual way makes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from counterpoise.web.migrating import building_what_changes

_WHEN = "django_migrations"


@pytest.mark.usefixtures("django_db_setup")  # a migration of a package asks the usual database
def test_a_new_database_is_as_the_usual_way_makes_it(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        with _database("usual") as usual:
            call_command("migrate", database="usual", verbosity=0)
            expected = _content(usual)
        with _database("quick") as quick, building_what_changes():
            call_command("migrate", database="quick", verbosity=0)
            found = _content(quick)
    assert len(expected) > 100
    assert found == expected


@contextmanager
def _database(name: str) -> Iterator[BaseDatabaseWrapper]:
    """Add a database in memory for as long as a block takes."""
    own = connections["default"].settings_dict
    connections.databases[name] = {
        **own,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {},
    }
    try:
        yield connections[name]
    finally:
        connections[name].close()
        del connections.databases[name]
        del connections[name]


def _content(database: BaseDatabaseWrapper) -> list[object]:
    """Return the definition of every table, index and guard, and every row but when it came."""
    with database.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        found: list[object] = cursor.fetchall()
        for table in sorted(set(database.introspection.table_names(cursor)) - {_WHEN}):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found += [(table, *row) for row in cursor.fetchall()]
    return found
