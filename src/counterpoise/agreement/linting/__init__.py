"""What an agreement forgets: it can be used as it stands, and is probably not what was meant.

Every check yields warnings with the clause, what is odd, and what to do. What makes an agreement
unusable is refused when it is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.linting.authority import check_authority
from counterpoise.agreement.linting.balance import check_balance
from counterpoise.agreement.linting.findings import LintWarning
from counterpoise.agreement.linting.promotions import check_promotions
from counterpoise.agreement.linting.rows import check_rows
from counterpoise.agreement.linting.upkeep import check_upkeep

__all__ = ["LintWarning", "lint"]


def lint(
    agreement: Agreement,
    roles_in_books: Collection[str] | None = None,
    *,
    on: dt.date | None = None,
    line_of: Callable[[str], int | None] | None = None,
) -> tuple[LintWarning, ...]:
    """Return what is odd about an agreement, in the order of its parts.

    Args:
        agreement: The agreement to look at.
        roles_in_books: The roles that people have in the books, to find rungs that nobody holds.
        on: The day for which exceptions may be over.
        line_of: Where a clause stands in the file, as `Reading.line_of` tells.
    """
    found = (
        *check_balance(agreement),
        *check_rows(agreement),
        *check_authority(agreement),
        *check_promotions(agreement),
        *check_upkeep(agreement, roles_in_books, on),
    )
    if line_of is None:
        return found
    placed = (replace(warning, line=line_of(warning.clause)) for warning in found)
    return tuple(sorted(placed, key=lambda warning: warning.line or 0))
