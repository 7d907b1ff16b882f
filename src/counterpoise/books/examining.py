"""Check all that was read, with the accepted spellings in place of those that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise.books.checks import CHECKS, Examination, respell
from counterpoise.books.problems import Problem

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.accepted import Accepted
    from counterpoise.books.staged import Staged


@dataclass(frozen=True)
class Findings:
    """The tables as they were examined, and what is wrong with them."""

    examination: Examination
    problems: tuple[Problem, ...]


def examine(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Staged],
    currency: str,
    accepted: Accepted,
) -> Findings:
    """Apply accepted spellings, then run every check."""
    examination = Examination(connection, tables, currency)
    problems: list[Problem] = []
    if any(accepted.values()):
        respelt = {}
        for name, staged in tables.items():
            path = staged.path.with_name(f"{name}-respelt.parquet")
            respelt[name], problem = respell(examination, staged, accepted, path)
            problems += [problem] if problem else []
        examination = Examination(connection, respelt, currency)
    for check in CHECKS:
        problems += check(examination)
    return Findings(examination, tuple(problems))
