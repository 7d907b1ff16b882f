"""The order of tests: what takes long comes first, and what shares a server stays together.

Each process begins with a part of the tests, and the one that is done takes some from the end of
what another has. Long tests at the end would leave others idle. Chromium, Spark and PostgreSQL are
started in one process each, as long as no other has tests that ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby, islice
from operator import attrgetter

import pytest

_FIRST = (
    frozenset({"chromium", "served_workspace"}),
    frozenset({"spark_session"}),
    frozenset({"postgres"}),
)
"""The fixtures by which files come first, those of a line together."""


def put_long_first(items: list[pytest.Item], processes: int) -> None:
    """Put files that are served at the head of one part, those with engines at that of others.

    Files whose tests use the database of this process stay where they are.
    """
    files = [list(tests) for _, tests in groupby(items, attrgetter("path"))]
    heads: list[list[pytest.Item]] = [[] for _ in range(processes)]
    others: list[pytest.Item] = []
    for rank in range(len(_FIRST) + 1):
        part = others if rank == len(_FIRST) else heads[min(rank, processes - 1)]
        part += [test for tests in files if _rank(tests) == rank for test in tests]
    rest = iter(others)
    ordered: list[pytest.Item] = []
    for number, head in enumerate(heads, 1):
        ordered += head
        ordered += islice(rest, max(0, len(items) * number // processes - len(ordered)))
    items[:] = [*ordered, *rest]


def _rank(tests: Iterable[pytest.Item]) -> int:
    asked = {name for test in tests for name in getattr(test, "fixturenames", ())}
    if "db" in asked or "transactional_db" in asked:
        return len(_FIRST)
    return next((rank for rank, names in enumerate(_FIRST) if names & asked), len(_FIRST))
