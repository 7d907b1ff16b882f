"""Candidates: past deals, read once, and any number of agreements that are tried on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.progress import Progress, Silent
from counterpoise.ledger.names import group_names
from counterpoise.rehearse.answering import Answers, answered
from counterpoise.rehearse.counting import Counting, Names
from counterpoise.rehearse.past import Past
from counterpoise.rehearse.replay import Replay


@dataclass(frozen=True)
class Replaying:
    """Past deals with what the agreements of their days answer, for candidates to be tried on.

    Candidates that differ from one before in rates alone need no further reading of the books,
    which may be closed by then.
    """

    past: Past

    @classmethod
    def of(
        cls, books: Books, agreements: Agreements, as_of: dt.date, by: Iterable[str] = ()
    ) -> Replaying:
        """Read the deals closed by the end of a day, and place them under the latest agreement.

        Args:
            books: The facts.
            agreements: Every version; a deal's is the one in force on its day.
            as_of: The day up to which the books are seen.
            by: Further fields to group by, as conditions name them.

        Raises:
            UnknownFieldError: If nothing has such a field, with the nearest name.
        """
        made = cls(Past.of(books, agreements, as_of, by))
        made.then  # noqa: B018 - read now, so that the first candidate does not wait for it
        if agreements.latest:
            made.past.under(agreements.latest.agreement)  # most candidates have its conditions
        return made

    @cached_property
    def then(self) -> Answers:
        """Return what the agreements of their days answer."""
        versions = self.past.agreements.versions
        return answered(self.past, self.past.was, [each.agreement for each in versions])

    def counting(self, candidate: Agreement) -> Counting:
        """Return past deals under the agreements of their days and under a candidate."""
        now = answered(self.past, self.past.under(candidate), [candidate])
        former = (each.agreement for each in reversed(self.past.agreements.versions))
        roles = dict.fromkeys(role for each in (candidate, *former) for role in each.ladder)
        return Counting(self.then, now, tuple(roles), candidate.company.fiscal_year_starts)

    def replay(self, candidate: Agreement) -> Replay:
        """Answer every past deal by a candidate, and count what changes, by every grouping too."""
        counting = self.counting(candidate)
        return counting.replay(counting.groups(self.names))

    @cached_property
    def names(self) -> Names:
        """Return what the keys of groupings are called."""
        return group_names(self.past.view.books, self.past.agreements)


def replay_many(
    replaying: Replaying, candidates: Iterable[Agreement], progress: Progress | None = None
) -> tuple[Replay, ...]:
    """Answer every past deal by each of many candidates; the groups of `by` are left out.

    The books are read once for all candidates that differ in rates alone.
    """
    wanted = list(candidates)
    telling = progress or Silent()
    telling.start("Replaying", len(wanted))
    found = []
    for each in wanted:
        found.append(replaying.counting(each).replay())
        telling.advance()
    telling.done()
    return tuple(found)
