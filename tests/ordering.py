"""The order of tests: what takes long comes first, and what shares a server stays together.

Two processes each begin with half of the tests, and the one that is done takes some from the end
of what the other has. Long tests at the end would leave one idle. Spark and Chromium are started
in one process each, as long as the other has none of the tests that ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

import pytest

_FIRST = (
    frozenset({"chromium", "served_workspace"}),
    frozenset({"spark_session"}),
    frozenset({"postgres"}),
)
"""The fixtures by which files come first, those of a line together."""


def put_long_first(items: list[pytest.Item]) -> None:
    """Put files that are served at the head of one half, those with engines at that of the other.

    Files whose tests use the database of this process stay where they are.
    """
    files = [list(tests) for _, tests in groupby(items, attrgetter("path"))]
    served, spark, postgres, others = (
        [test for tests in files if _rank(tests) == rank for test in tests]
        for rank in range(len(_FIRST) + 1)
    )
    middle = max(0, len(items) // 2 - len(served))
    items[:] = [*served, *others[:middle], *spark, *postgres, *others[middle:]]


def _rank(tests: Iterable[pytest.Item]) -> int:
    asked = {name for test in tests for name in getattr(test, "fixturenames", ())}
    if "db" in asked or "transactional_db" in asked:
        return len(_FIRST)
    return next((rank for rank, names in enumerate(_FIRST) if names & asked), len(_FIRST))
