"""Deciding: from a request and an agreement to an explained decision."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from typing import NamedTuple
from zoneinfo import ZoneInfo

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.versions import Agreements, Status, Version
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.case import Case
from counterpoise.desk.counter_offers import Sources, counter_offers
from counterpoise.desk.decision import Approval, Basis, Decision, Reason, Selling
from counterpoise.desk.facts import case_of, local_time
from counterpoise.desk.missing import missing_reasons
from counterpoise.desk.outcome import Outcome
from counterpoise.desk.reading import read_request
from counterpoise.desk.reasons import reasons_of
from counterpoise.desk.request import Problem, Request, RequestError
from counterpoise.desk.terms import Bundles
from counterpoise.desk.weighing import Burden, Weighing, approvals_of, burden_of, weigh
from counterpoise.errors import CounterpoiseError

_MOST_KEPT = 64


class NoAgreementError(CounterpoiseError, LookupError):
    """No agreement is in force on the day of a request."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            f"no agreement is in force on {day}; ratify one that covers this day, "
            "or ask with asked_at on a day that one covers"
        )


class _Kept(NamedTuple):
    """An agreement made ready once; `ready` holds what the key identifies, so that it stays."""

    agreement: Agreement
    ready: Ready
    bundles: Bundles
    basis: Basis


_kept: OrderedDict[tuple[int, Status, int], _Kept] = OrderedDict()


def decide(
    request: Request,
    agreement: Agreement | Agreements,
    books: BookFacts = NO_BOOKS,
    *,
    books_win: bool = False,
) -> Decision:
    """Answer a request.

    Args:
        request: What is asked.
        agreement: An agreement, by which it is answered as if it were in force, or all versions,
            of which the one in force on the day counts.
        books: What is on record.
        books_win: Take book facts over what the request claims, and say where they differ.

    Returns:
        The decision, the same for the same arguments.

    Raises:
        RequestError: If the request names what nobody knows, or lacks a price.
        NoAgreementError: If no version is in force on its day.
    """
    kept = _keep(agreement, request, books)
    ready = kept.ready
    case = case_of(request, ready, books, books_win=books_win)
    weighing = weigh(case, ready, books)
    outcomes = weighing.outcomes
    burden = burden_of(outcomes)
    sources = Sources(ready, books, books_win, kept.bundles)
    return Decision(
        verdict=max(outcomes, key=_weight).verdict,
        approvals=_approvals(outcomes, case, ready) if burden[1] else (),
        reasons=tuple(_reasons(weighing, burden, kept, books)),
        persona=case.facts["persona"] or None,
        values=_values(case, ready) if ready.values else (),
        counter_offers=counter_offers(weighing, burden, sources),
        agreement=kept.basis,
    )


def answer(
    written: object,
    agreement: Agreement | Agreements,
    books: BookFacts = NO_BOOKS,
    *,
    now: dt.datetime | None = None,
    books_win: bool = False,
) -> Decision:
    """Read a request and answer it, or say everything at once that is wrong with it.

    Args:
        written: JSON text, or what a parser made of it.
        agreement: As for `decide`.
        books: As for `decide`.
        now: When it is asked, where the request does not say.
        books_win: As for `decide`.

    Raises:
        RequestError: If the request cannot be read, names what nobody knows, or lacks a price.
        NoAgreementError: If no version is in force on its day.
    """
    try:
        request = read_request(written, now)
    except RequestError as error:
        raise RequestError([*error.problems, *_further(error, agreement, books)]) from None
    return decide(request, agreement, books, books_win=books_win)


def _further(
    error: RequestError, agreement: Agreement | Agreements, books: BookFacts
) -> list[Problem]:
    """Return what else would be wrong with a request if its unreadable parts were mended."""
    known = {problem.field for problem in error.problems}
    if error.readable is None or "asked_at" in known:
        return []
    try:
        case_of(error.readable, _keep(agreement, error.readable, books).ready, books)
    except RequestError as further:
        return [each for each in further.problems if each.field not in {*known, "deal"}]
    except NoAgreementError:
        return []
    return []


def _weight(outcome: Outcome) -> int:
    return outcome.weight


def weigh_request(
    request: Request,
    agreement: Agreement | Agreements,
    books: BookFacts = NO_BOOKS,
    *,
    books_win: bool = False,
) -> Weighing:
    """Answer a request without explaining the answer; the arguments are those of `decide`.

    Raises:
        RequestError: If the request names what nobody knows, or lacks a price.
        NoAgreementError: If no version is in force on its day.
    """
    ready = _keep(agreement, request, books).ready
    return weigh(case_of(request, ready, books, books_win=books_win), ready, books)


def ready_for(
    request: Request, agreement: Agreement | Agreements, books: BookFacts = NO_BOOKS
) -> Ready:
    """Return the agreement that answers a request, made ready for these books.

    Raises:
        NoAgreementError: If no version is in force on its day.
    """
    return _keep(agreement, request, books).ready


def basis_on(
    asked_at: dt.datetime, agreement: Agreement | Agreements, books: BookFacts = NO_BOOKS
) -> tuple[Ready, Basis]:
    """Return the agreement that answers at a time, made ready, and how it is cited.

    Raises:
        NoAgreementError: If no version is in force then.
    """
    kept = _keep_at(agreement, asked_at, books)
    return kept.ready, kept.basis


def _keep(agreement: Agreement | Agreements, request: Request, books: BookFacts) -> _Kept:
    return _keep_at(agreement, request.asked_at, books)


def _keep_at(agreement: Agreement | Agreements, asked_at: dt.datetime, books: BookFacts) -> _Kept:
    """Return the agreement that answers, made ready for these books; the last few stay ready."""
    fields = books.fields
    if isinstance(agreement, Agreement):
        found = _kept.get((id(agreement), Status.AS_IF, id(fields)))
        return found or _make_ready(_as_if(agreement), fields)
    version = _version_on(agreement, asked_at)
    found = _kept.get((id(version.agreement), version.status, id(fields)))
    return found or _make_ready(version, fields)


def _as_if(agreement: Agreement) -> Version:
    in_force = agreement.in_force
    mark = fingerprint(agreement)
    return Version(agreement, mark, in_force.from_, in_force.until, Status.AS_IF)


def _version_on(agreements: Agreements, asked_at: dt.datetime) -> Version:
    """Return the version in force at a time; a draft also answers for days outside its own."""
    latest = agreements.latest
    day = asked_at.date()
    if latest is not None and asked_at.tzinfo is not None:
        day = asked_at.astimezone(ZoneInfo(latest.agreement.company.time_zone)).date()
    version = agreements.on(day)
    if version is None and latest is not None and latest.status is Status.AS_IF:
        version = latest
    if version is None:
        raise NoAgreementError(day)
    return version


def _make_ready(version: Version, fields: Fields) -> _Kept:
    ready = Ready(version.agreement, fields)
    basis = Basis(version.agreement.title, version.fingerprint, version.status.value)
    kept = _Kept(version.agreement, ready, Bundles.of(ready), basis)
    _kept[id(version.agreement), version.status, id(fields)] = kept
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return kept


def _approvals(outcomes: list[Outcome], case: Case, ready: Ready) -> tuple[Approval, ...]:
    due_at = _due_at(case, ready)
    return tuple([Approval(role, clause, due_at) for role, clause in approvals_of(outcomes)])


def _due_at(case: Case, ready: Ready) -> dt.datetime | None:
    """Return when an answer is due, with the zone where the request states one."""
    span = ready.agreement.approvals.respond_within
    if span is None:
        return None
    asked_at = case.request.asked_at
    due_at = ready.calendar.due_at(local_time(asked_at, ready), span)
    return due_at if asked_at.tzinfo is None else due_at.replace(tzinfo=ready.zone)


def _reasons(weighing: Weighing, burden: Burden, kept: _Kept, books: BookFacts) -> list[Reason]:
    reasons = reasons_of(weighing, kept.ready)
    reasons += missing_reasons(weighing, burden, kept.ready, books)
    in_force, day = kept.agreement.in_force, weighing.case.day
    is_over = in_force.until is not None and day > in_force.until
    if day < in_force.from_ or (is_over and in_force.if_lapsed == "stop"):
        until = f" until {in_force.until}" if in_force.until else ""
        says = f"The agreement is for days from {in_force.from_}{until}; {day} is answered as if."
        reasons.append(Reason("in_force", day, None, says, None))
    return reasons


def _values(case: Case, ready: Ready) -> tuple[Selling, ...]:
    """Return the value propositions that apply, those of the persona first."""
    if not ready.values:
        return ()
    persona = case.facts["persona"]
    own = next((each.values for each, _ in ready.personas if each.id == persona), ())
    applying = [
        Selling(value.id, value.says, value.proof)
        for value, predicate in ready.values
        if (truth := predicate.truth(case.facts)) or (truth is None and value.id in own)
    ]
    return tuple(sorted(applying, key=lambda each: _place(each.id, own)))


def _place(value_id: str, own: tuple[str, ...]) -> int:
    return own.index(value_id) if value_id in own else len(own)
