"""Negotiation by clause: object, counter, trade one clause for another, ask for an exception."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.agreement import AgreementError, Side
from counterpoise.agreement.editing import ClauseError, Sheet, read_fragment
from counterpoise.web.access import NotForYouError
from counterpoise.web.agreements.forms.sections import SECTIONS, Shape
from counterpoise.web.agreements.models import (
    Comment,
    Point,
    PointKind,
    PointState,
    Proposal,
    Trade,
    Wording,
)
from counterpoise.web.agreements.proposals import (
    ProposalError,
    WordingChangedError,
    hold,
    readable,
    reword,
    wording_of,
)
from counterpoise.web.agreements.rights import may_draft, must_draft
from counterpoise.web.audit.entries import record

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

_ANSWERED = "this was answered already; load the page anew to see how"
_EXCEPTIONS = "exceptions"
_LISTS = tuple(each.path for each in SECTIONS.values() if each.shape is not Shape.SINGLE)
_LONGEST_TEXT = 5_000
_LONGEST_SAYS = 2_000


@dataclass(frozen=True)
class Asked:
    """What somebody puts forward: about which clause, which text instead, and why."""

    kind: PointKind
    clause: str
    text: str = ""
    says: str = ""


def put_forward(user: User, proposal: Proposal, asked: Sequence[Asked]) -> list[Point]:
    """Put points forward; several counters at once are a trade, accepted together or not at all.

    Raises:
        NotForYouError: If the person may not negotiate.
        ProposalError: If the proposal is closed, or with the change it would be no agreement.
    """
    must_draft(user)
    if not asked:
        raise ProposalError("nothing is put forward")
    for each in asked:
        _refuse_empty(each)
    with transaction.atomic():
        held = hold(proposal)
        wording = wording_of(held)
        if any(each.kind is not PointKind.OBJECTION for each in asked):
            readable(changed(wording.text, asked))
        is_trade = len(asked) > 1
        trade = Trade.objects.create(proposal=held, made_by=user) if is_trade else None
        points = [_point(user, held, wording, each, trade) for each in asked]
        detail: dict[str, JsonValue] = {
            "points": [point.pk for point in points],
            "clauses": [p.clause for p in points],
        }
        record(user, f"agreement.{_act(asked, trade)}", f"proposal:{held.pk}", detail)
    return points


def accept(user: User, point: Point, fingerprint: str) -> Wording:
    """Accept a counter or an exception, with all of its trade: the proposal gets a new wording.

    `fingerprint` is of the wording that the person read.

    Raises:
        NotForYouError: If the person may not answer it.
        WordingChangedError: If the wording was changed in between.
        ProposalError: If the proposal is closed, or the point is.
    """
    with transaction.atomic():
        held = hold(point.proposal)
        points = _together(point)
        for each in points:
            must_answer(user, each)
        _refuse_answered(points)
        wording = wording_of(held)
        if wording.fingerprint != fingerprint:
            raise WordingChangedError(wording)
        if any(each.kind == PointKind.OBJECTION for each in points):
            raise ProposalError("an objection says no; it has no text to accept")
        text = changed(wording.text, map(_asked_by, points))
        clauses = ", ".join(each.clause for each in points)
        made = reword(held, text, user, f"accepted: {clauses}")
        _decide(user, points, PointState.ACCEPTED)
        detail: dict[str, JsonValue] = {
            "points": [each.pk for each in points],
            "fingerprint": made.fingerprint,
            "former": wording.fingerprint,
        }
        record(user, "agreement.counter_accepted", f"proposal:{held.pk}", detail)
    return made


def decline(user: User, point: Point) -> None:
    """Decline a point, with all of its trade.

    Raises:
        NotForYouError: If the person may not answer it.
        ProposalError: If the proposal is closed, or the point is.
    """
    with transaction.atomic():
        held = hold(point.proposal)
        points = _together(point)
        for each in points:
            must_answer(user, each)
        _decide(user, points, PointState.DECLINED)
        detail: dict[str, JsonValue] = {"points": [each.pk for each in points]}
        record(user, "agreement.counter_declined", f"proposal:{held.pk}", detail)


def withdraw(user: User, point: Point) -> None:
    """Withdraw one's own point, with all of its trade.

    Raises:
        NotForYouError: If it is somebody else's.
        ProposalError: If the proposal is closed, or the point is.
    """
    if point.made_by_id != user.pk:
        raise NotForYouError("Only who put a point forward may withdraw it.")
    with transaction.atomic():
        held = hold(point.proposal)
        points = _together(point)
        _decide(user, points, PointState.WITHDRAWN)
        detail: dict[str, JsonValue] = {"points": [each.pk for each in points]}
        record(user, "agreement.point_withdrawn", f"proposal:{held.pk}", detail)


def comment(user: User, proposal: Proposal, says: str, point: Point | None = None) -> Comment:
    """Say something to a proposal or to a point; everybody who is signed in may.

    Raises:
        ProposalError: If nothing is said.
    """
    said = says.strip()[:_LONGEST_SAYS]
    if not said:
        raise ProposalError("nothing is written; say what you want the others to read")
    clause = point.clause if point else ""
    return Comment.objects.create(
        proposal=proposal, point=point, clause=clause, says=said, side=user.side, made_by=user
    )


def may_answer(user: User, point: Point) -> bool:
    """Tell whether a person may accept or decline: not their own, and of the other side or both."""
    if not may_draft(user) or point.made_by_id == user.pk:
        return False
    return Side.BOTH in {Side(user.side), Side(point.side)} or user.side != point.side


def must_answer(user: User, point: Point) -> None:
    """Refuse a person who may not answer a point.

    Raises:
        NotForYouError: If they may not.
    """
    if not may_answer(user, point):
        raise NotForYouError(
            "A point is answered by the other side, and by nobody who put it forward."
        )


def changed(text: str, asked: Iterable[Asked]) -> str:
    """Return a wording with what is asked put into it.

    Raises:
        ProposalError: If a clause is not there, or a text cannot be read.
    """
    try:
        sheet = Sheet.open(text)
        for each in asked:
            _put(sheet, each)
        return sheet.write()
    except ClauseError as error:
        raise ProposalError(str(error)) from error
    except AgreementError as error:
        said = "; ".join(f"{each.clause}: {each.says}".lstrip(": ") for each in error.problems[:5])
        raise ProposalError(f"the text of the clause cannot be read: {said}") from error


def clause_text(wording: Wording, clause: str) -> str:
    """Return what a clause says in a wording, as YAML; empty where it is not written there."""
    try:
        return Sheet.open(wording.text).written(clause)
    except (ClauseError, AgreementError):
        return ""


def _put(sheet: Sheet, asked: Asked) -> None:
    if asked.kind is PointKind.OBJECTION:
        return
    if asked.kind is PointKind.EXCEPTION:
        sheet.add(_EXCEPTIONS, asked.text)
    elif asked.text.strip():
        _replace(sheet, asked)
    else:
        sheet.remove(asked.clause)


def _replace(sheet: Sheet, asked: Asked) -> None:
    """Replace a clause; one that keeps its default has no place in the text yet, and gets one."""
    try:
        sheet.replace(asked.clause, asked.text)
    except ClauseError:
        around = asked.clause.rpartition(".")[0]
        if around in _LISTS:
            sheet.add(around, asked.text)
        elif "." in asked.clause and not any(
            asked.clause.startswith(f"{each}.") for each in _LISTS
        ):
            sheet.put(asked.clause, read_fragment(asked.text))
        else:
            raise


def _refuse_empty(asked: Asked) -> None:
    if asked.kind is PointKind.OBJECTION and not asked.says.strip():
        raise ProposalError("say what is wrong with the clause, so that the other side can answer")
    if asked.kind is PointKind.EXCEPTION and not asked.text.strip():
        raise ProposalError("write the exception: for whom, from when until when, up to how much")
    if not asked.clause.strip():
        raise ProposalError("name the clause")
    if len(asked.text) > _LONGEST_TEXT:
        raise ProposalError(
            f"the clause has {len(asked.text):,} characters; one has at most {_LONGEST_TEXT:,}"
        )


def _point(
    user: User, held: Proposal, wording: Wording, asked: Asked, trade: Trade | None
) -> Point:
    return Point.objects.create(
        proposal=held,
        trade=trade,
        kind=asked.kind.value,
        clause=asked.clause.strip()[:300],
        text=asked.text.strip(),
        instead_of=clause_text(wording, asked.clause.strip()),
        says=asked.says.strip()[:_LONGEST_SAYS],
        side=user.side,
        made_by=user,
    )


def _act(asked: Sequence[Asked], trade: Trade | None) -> str:
    if trade is not None:
        return "trade_offered"
    return {
        PointKind.OBJECTION: "objected",
        PointKind.COUNTER: "countered",
        PointKind.EXCEPTION: "exception_asked",
    }[asked[0].kind]


def _asked_by(point: Point) -> Asked:
    return Asked(PointKind(point.kind), point.clause, point.text, point.says)


def _together(point: Point) -> list[Point]:
    """Return a point with those of its trade, all of them locked by the proposal that is held."""
    found = Point.objects.filter(pk=point.pk)
    if point.trade_id is not None:
        found = Point.objects.filter(trade_id=point.trade_id)
    return list(found.order_by("id"))


def _refuse_answered(points: Sequence[Point]) -> None:
    if not all(each.is_open for each in points):
        raise ProposalError(_ANSWERED)


def _decide(user: User, points: Sequence[Point], state: PointState) -> None:
    open_ones = Point.objects.filter(pk__in=[each.pk for each in points], state=PointState.OPEN)
    now = timezone.now()
    if open_ones.update(state=state, decided_by=user, decided_at=now) != len(points):
        raise ProposalError(_ANSWERED)
