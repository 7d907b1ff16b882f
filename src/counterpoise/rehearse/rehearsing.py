"""The rehearsal whole: replay, break-even and effect of one candidate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from counterpoise.agreement import check_company
from counterpoise.agreement.coherence import check_fields
from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.problems import AgreementError, Flaw, Problem
from counterpoise.agreement.reading import Reading
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.progress import Progress, Silent
from counterpoise.rehearse.break_even import BreakEven, break_even_of
from counterpoise.rehearse.calendar import CalendarRehearsal, rehearse_calendar
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.replay import Replay
from counterpoise.rehearse.results import Assumptions, Behaviour, Effect

CONSUMER = "consumer_goods"


@dataclass(frozen=True)
class Rehearsal:
    """What a candidate would have answered, what it would have done, and how sure that is.

    Attributes:
        deals: Deals closed by the as-of day: won, lost or cancelled.
        from_: The first of their days; None where no deal has one.
        until: The last.
        replay: Every verdict under the candidate and under the agreement of its day.
        effect: What it would have done to wins, revenue and margin, or why that is refused.
        break_even: What it would have cut, and the wins that this pays for.
        as_of: The day up to whose end the books are read.
        currency: Of every amount.
        title: The candidate's.
        fingerprint: The candidate's.
        calendar: The same of promotions; None where the company sells through no retail accounts.
    """

    deals: int
    from_: dt.date | None
    until: dt.date | None
    replay: Replay
    effect: Effect
    break_even: BreakEven
    as_of: dt.date
    currency: str
    title: str
    fingerprint: str
    calendar: CalendarRehearsal | None = None


def rehearse(
    books: Books,
    agreements: Agreements,
    candidate: Agreement,
    as_of: dt.date,
    behaviour: Behaviour = Behaviour.WITHIN_AUTHORITY,
    progress: Progress | None = None,
) -> Rehearsal:
    """Try a candidate on the company's own past.

    Args:
        books: The facts.
        agreements: Every version; a deal's is the one in force on its day.
        candidate: The agreement to try, as if in force on every day.
        as_of: The day up to whose end the books are read.
        behaviour: What sellers are taken to do whose offer the candidate does not let through.
        progress: Told how far it is.

    Raises:
        VersionsError: If the candidate contradicts the workspace's currency or time zone.
        AgreementError: If it asks for what nothing in the books has.
    """
    check_candidate(books, candidate)
    telling = progress or Silent()
    telling.start("Reading past deals")
    replaying = Replaying.of(books, agreements, as_of)
    telling.done()
    return rehearse_on(replaying, candidate, Assumptions(behaviour), telling)


def rehearse_on(
    replaying: Replaying,
    candidate: Agreement,
    assumptions: Assumptions | None = None,
    progress: Progress | None = None,
) -> Rehearsal:
    """Try a candidate on past deals that are read already, grouped as they are.

    Args:
        replaying: The deals.
        candidate: The agreement to try, taken as it is.
        assumptions: What is assumed of people; by default that sellers stay within authority.
        progress: Told how far it is.
    """
    from counterpoise.rehearse.effect import effect_of

    telling, assumed = progress or Silent(), assumptions or Assumptions()
    past = replaying.past
    books, as_of = past.view.books, past.view.as_of
    telling.start("Replaying past deals")
    counting = replaying.counting(candidate)
    replay = counting.replay(counting.groups(replaying.names))
    pays = break_even_of(counting.now, assumed.behaviour)
    telling.done()
    effect = effect_of(counting, assumed, telling)
    first, last = past.span or (None, None)
    return Rehearsal(
        deals=replay.deals,
        from_=first,
        until=last,
        replay=replay,
        effect=effect,
        break_even=pays,
        as_of=as_of,
        currency=books.workspace.currency,
        title=candidate.title,
        fingerprint=fingerprint(candidate),
        calendar=_calendar(replaying, candidate),
    )


def _calendar(replaying: Replaying, candidate: Agreement) -> CalendarRehearsal | None:
    past = replaying.past
    books = past.view.books
    is_trade = candidate.company.kind == CONSUMER and candidate.promotions is not None
    if not (is_trade and books.has("promotions")):
        return None
    return rehearse_calendar(books, past.agreements, candidate, past.view.as_of)


def check_candidate(books: Books, candidate: Agreement | Reading) -> None:
    """Refuse a candidate that the workspace or its books contradict.

    Args:
        books: The books.
        candidate: The agreement; where it comes with its lines, messages name them.

    Raises:
        VersionsError: If it contradicts the workspace's currency or time zone.
        AgreementError: If it asks for what nothing in the books has.
    """
    agreement = candidate.agreement if isinstance(candidate, Reading) else candidate
    check_company(agreement, books.workspace.currency, books.workspace.time_zone)
    flaws = check_fields(agreement, books.all_attributes)
    if flaws:
        raise AgreementError(tuple(_problem(candidate, flaw) for flaw in flaws))


def _problem(candidate: Agreement | Reading, flaw: Flaw) -> Problem:
    if isinstance(candidate, Reading):
        return candidate.source.problem(flaw.clause, flaw.says)
    return Problem(candidate.title, None, flaw.clause, flaw.says)


def with_owners_as(found: Rehearsal, shown: Callable[[str], str]) -> Rehearsal:
    """Return a rehearsal whose owners are called otherwise.

    Args:
        found: The rehearsal.
        shown: What a person is called, by their id.
    """
    owners = tuple(
        each if each.key is None else replace(each, name=shown(each.key))
        for each in found.replay.by["owner"]
    )
    return replace(found, replay=replace(found.replay, by={**found.replay.by, "owner": owners}))
