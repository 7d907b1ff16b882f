"""Deciding: from a request and an agreement to an explained decision."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from typing import NamedTuple, Protocol

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.counter_offers import Sources, counter_offers
from counterpoise.desk.decision import Approval, Basis, Decision, Reason, Selling
from counterpoise.desk.facts import Case, case_of, local_time
from counterpoise.desk.missing import missing_reasons
from counterpoise.desk.reasons import reasons_of
from counterpoise.desk.request import Request
from counterpoise.desk.terms import Bundles
from counterpoise.desk.weighing import Weighing, approvals_of, weigh
from counterpoise.errors import CounterpoiseError

AS_IF = "as_if"
"""The status of an agreement that nobody has ratified."""

_MOST_KEPT = 64


class NoAgreementError(CounterpoiseError, LookupError):
    """No agreement is in force on the day of a request."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(
            f"no agreement is in force on {day}; ratify one that covers this day, "
            "or ask with asked_at on a day that one covers"
        )


class InForce(Protocol):
    """A version of an agreement."""

    @property
    def agreement(self) -> Agreement:
        """Return what was agreed."""

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of it."""

    @property
    def status(self) -> str:
        """Return whether anybody is bound by it."""


class Versions(Protocol):
    """The versions of a workspace, of which one at most is in force on a day."""

    def on(self, day: dt.date) -> InForce | None:
        """Return the version in force on a day."""


class _Draft(NamedTuple):
    """An agreement by itself, as if it were in force."""

    agreement: Agreement
    fingerprint: str
    status: str


class _Kept(NamedTuple):
    """An agreement made ready once, with the agreement itself so that its identity stays."""

    agreement: Agreement
    ready: Ready
    bundles: Bundles
    basis: Basis


_kept: OrderedDict[tuple[int, str], _Kept] = OrderedDict()


def decide(
    request: Request,
    agreement: Agreement | Versions,
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
    kept = _keep(agreement, request)
    case = case_of(request, kept.ready, books, books_win=books_win)
    weighing = weigh(case, kept.ready, books)
    sources = Sources(kept.ready, books, books_win, kept.bundles)
    outcomes = weighing.outcomes
    return Decision(
        weighing.verdict,
        tuple(
            Approval(role, clause, _due_at(request, kept.ready))
            for role, clause in approvals_of(outcomes)
        ),
        tuple(_reasons(weighing, kept, books)),
        case.facts["persona"] or None,
        _values(case, kept.ready),
        counter_offers(weighing, sources),
        kept.basis,
    )


def weigh_request(
    request: Request, agreement: Agreement | Versions, books: BookFacts = NO_BOOKS
) -> Weighing:
    """Answer a request without explaining the answer.

    Raises:
        RequestError: If the request names what nobody knows, or lacks a price.
        NoAgreementError: If no version is in force on its day.
    """
    ready = _keep(agreement, request).ready
    return weigh(case_of(request, ready, books), ready, books)


def _keep(agreement: Agreement | Versions, request: Request) -> _Kept:
    """Return the agreement that answers, made ready; the last few stay ready."""
    if isinstance(agreement, Agreement):
        key = (id(agreement), AS_IF)
        found = _kept.get(key)
        return found or _make_ready(key, _Draft(agreement, fingerprint(agreement), AS_IF))
    day = request.asked_at.date()
    version = agreement.on(day)
    if version is not None:
        zone_day = local_time(request.asked_at, _ready_of(version).ready).date()
        version = version if zone_day == day else agreement.on(zone_day)
    if version is None:
        raise NoAgreementError(day)
    return _ready_of(version)


def _ready_of(version: InForce) -> _Kept:
    key = (id(version.agreement), version.status)
    return _kept.get(key) or _make_ready(key, version)


def _make_ready(key: tuple[int, str], version: InForce) -> _Kept:
    ready = Ready(version.agreement)
    basis = Basis(version.agreement.title, version.fingerprint, version.status)
    kept = _Kept(version.agreement, ready, Bundles.of(ready), basis)
    _kept[key] = kept
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return kept


def _reasons(weighing: Weighing, kept: _Kept, books: BookFacts) -> list[Reason]:
    reasons = reasons_of(weighing, kept.ready)
    reasons += missing_reasons(weighing, kept.ready, books)
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


def _due_at(request: Request, ready: Ready) -> dt.datetime | None:
    return None
