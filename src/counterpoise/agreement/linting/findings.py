"""What the linter says: a clause, what is odd about it, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LintWarning:
    """Something in an agreement that can be used, and is probably not what was meant."""

    clause: str
    says: str
    do: str
    line: int | None = None

    def __str__(self) -> str:
        """Write the warning on one line.

        >>> str(LintWarning("goals.fit", "nobody owns this goal", "name an owner", 12))
        'line 12: goals.fit: nobody owns this goal; name an owner'
        """
        place = "" if self.line is None else f"line {self.line}: "
        return f"{place}{self.clause}: {self.says}; {self.do}"
