"""Check staged tables: what is wrong is told, what cannot be used is set aside, nothing is lost.

Each module looks at one kind of trouble and yields problems. Counting runs over whole columns and
costs one pass a table; rows are looked at only where the count says that there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from counterpoise.books.checks.amounts import check_capped, check_zeros
from counterpoise.books.checks.examination import Examination
from counterpoise.books.checks.exchange import check_exchange
from counterpoise.books.checks.keys import check_keys
from counterpoise.books.checks.lines import check_lines
from counterpoise.books.checks.references import check_references, respell
from counterpoise.books.checks.rows import check_rows
from counterpoise.books.problems import Problem

CHECKS: tuple[Callable[[Examination], Iterator[Problem]], ...] = (
    check_rows,
    check_keys,
    check_exchange,
    check_references,
    check_lines,
    check_zeros,
    check_capped,
)
"""In this order: a row set aside by one check is no duplicate for the next."""

__all__ = ["CHECKS", "Examination", "respell"]
