"""How a test that commits leaves the database empty, though guards keep what is in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations

from counterpoise.web import guarding
from counterpoise.web.audit import guards


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_guards() -> Iterator[None]:
    """Lift the guards while Django empties the tables between tests."""
    empty = BaseDatabaseOperations.execute_sql_flush

    def unguarded(self: BaseDatabaseOperations, sql_list: Any) -> None:
        is_refused = self.connection.vendor == "sqlite"  # PostgreSQL truncates: no row is asked for
        guards.remove(self.connection)
        if is_refused:
            guarding.lift(self.connection)
        empty(self, sql_list)
        if is_refused:
            guarding.install(self.connection)
        guards.install(self.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", unguarded)
        yield
