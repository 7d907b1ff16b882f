"""What is wrong with an agreement, said so that a person can put it right."""

from __future__ import annotations

from dataclasses import dataclass

from counterpoise.errors import CounterpoiseError

MOST_SHOWN = 50
"""Problems that a message lists; the error holds all of them."""


@dataclass(frozen=True)
class Flaw:
    """Something wrong with one clause, before it is known where the clause stands in a file."""

    clause: str
    says: str


@dataclass(frozen=True)
class Problem:
    """Something wrong with an agreement: the file, the line, the clause, and what to do."""

    file: str
    line: int | None
    clause: str
    says: str

    def __str__(self) -> str:
        """Write the problem on one line, the place first.

        >>> str(Problem("agreement.yaml", 12, "discounts.lever_cap", "'x' is not a rate"))
        "agreement.yaml:12: discounts.lever_cap: 'x' is not a rate"
        """
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.clause, self.says) if part)


class AgreementError(CounterpoiseError, ValueError):
    """An agreement cannot be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """List every problem, in the order of the file."""
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line or 0)))
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "".join(f"\n  {problem}" for problem in self.problems[:MOST_SHOWN])
        if len(problems) > MOST_SHOWN:
            lines += f"\n  and {len(problems) - MOST_SHOWN} more"
        files = dict.fromkeys(problem.file for problem in self.problems)
        named = ", ".join(files) or "this agreement"
        super().__init__(f"{named} cannot be used, it has {count}:{lines}")
