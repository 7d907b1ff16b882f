"""Answering a lead: the first response, and the verdict with its reason, one by one or in bulk.

Of two who answer at the same instant one wins and the other is told. What is said twice by the same
person changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from counterpoise.books.spelling import unknown
from counterpoise.errors import CounterpoiseError
from counterpoise.watch.rejections import means_persona
from counterpoise.web.audit.entries import record
from counterpoise.web.handoffs.clocks import version_named
from counterpoise.web.handoffs.course import Report
from counterpoise.web.handoffs.leads import Meets, persona_of
from counterpoise.web.handoffs.models import LONGEST_NOTE, LONGEST_REASON, Handoff
from counterpoise.web.handoffs.naming import person_name
from counterpoise.web.handoffs.rights import (
    NotYoursError,
    may_answer,
    may_assign,
    may_take,
    visible_to,
)
from counterpoise.web.handoffs.sellers import people_of_sales
from counterpoise.web.handoffs.states import VERDICTS, LeadEvent, LeadState, RoutingRule
from counterpoise.web.handoffs.telling import Told, tell
from counterpoise.web.people.models import User

MOST_AT_ONCE = 500
"""The most leads that are judged at once."""


class AnswerError(CounterpoiseError, ValueError):
    """A lead cannot be answered as it was asked."""


class AnsweredError(CounterpoiseError):
    """Somebody answered a lead a moment before."""

    def __init__(self, handoff: Handoff) -> None:
        self.handoff = handoff
        by = f" by {person_name(handoff.responder_id)}" if handoff.responder_id else ""
        on = handoff.verdict_at or handoff.responded_at or handoff.passed_at
        said = f"{timezone.localtime(on):%Y-%m-%d %H:%M}"
        super().__init__(
            f"Lead {handoff.lead_id} was {handoff.state}{by} on {said}; "
            "what you sent changed nothing."
        )


class PersonaError(CounterpoiseError):
    """A lead is called the wrong persona, and its account meets one."""

    def __init__(self, handoff: Handoff, meets: Meets) -> None:
        self.handoff, self.meets = handoff, meets
        super().__init__(
            f"Lead {handoff.lead_id}: this account meets {meets.persona}: {meets.says}. Choose "
            "another reason, or reject it all the same; what the check said stays on record."
        )


@dataclass(frozen=True)
class Verdict:
    """What is said of a lead; `insists` rejects it although its account meets a persona."""

    kind: LeadEvent
    reason: str = ""
    comment: str = ""
    insists: bool = False


@dataclass(frozen=True)
class Judged:
    """What became of a bulk: those done, and what is to say about the others."""

    done: tuple[Handoff, ...]
    said: tuple[str, ...]


def respond(
    user: User,
    handoff_id: int,
    comment: str = "",
    at: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> Handoff:
    """Say that a lead got its first response, now or at an earlier instant.

    Raises:
        Handoff.DoesNotExist: If it does not open to them.
        NotYoursError: If it is not theirs to answer.
        AnsweredError: If it was answered before that.
        AnswerError: If the instant is to come, or before the lead was passed.
    """
    present = now or timezone.now()
    when, said = at or present, _text(comment, "comment", LONGEST_NOTE)
    with _held(user, handoff_id) as handoff:
        _refuse_time(handoff, when, present)
        if handoff.responded_at is not None and handoff.responded_at <= when:
            if handoff.responder_id == user.person_id and handoff.state == LeadState.ANSWERED:
                return handoff
            raise AnsweredError(handoff)
        report = Report(when, LeadEvent.RESPONDED, user.person_id)
        _take(handoff, user, when, present)
        tell(handoff, Told(report, present, user, comment=said))
        detail = {"at": when.isoformat()}
        record(user, "lead.responded", f"handoff:{handoff.pk}", detail)
    return handoff


def judge(user: User, handoff_id: int, verdict: Verdict, now: dt.datetime | None = None) -> Handoff:
    """Accept a lead, or reject it with a reason of the agreement.

    Raises:
        Handoff.DoesNotExist: If it does not open to them.
        NotYoursError: If it is not theirs to judge.
        AnsweredError: If it was judged already.
        AnswerError: If a rejection has no reason, or none of the agreement's.
        PersonaError: If its account meets a persona and the reason says that it does not.
    """
    present = now or timezone.now()
    comment = _text(verdict.comment, "comment", LONGEST_NOTE)
    with _held(user, handoff_id) as handoff:
        reason = _reason(handoff, verdict)
        if not handoff.is_open:
            if _is_same(handoff, user, verdict.kind, reason):
                return handoff
            raise AnsweredError(handoff)
        checked = _checked(handoff, reason, insists=verdict.insists)
        _take(handoff, user, present, present)
        report = Report(present, verdict.kind, user.person_id, reason)
        tell(handoff, Told(report, present, user, comment=comment, detail=checked))
        detail = {"reason": reason, **checked} if reason else {}
        record(user, f"lead.{verdict.kind.value}", f"handoff:{handoff.pk}", detail)
    return handoff


def judge_all(
    user: User, handoff_ids: Sequence[int], verdict: Verdict, now: dt.datetime | None = None
) -> Judged:
    """Judge several leads alike; what cannot be is left as it is, and said.

    Raises:
        AnswerError: If there are none or too many, or the reason is none.
    """
    if not 0 < len(set(handoff_ids)) <= MOST_AT_ONCE:
        raise AnswerError(f"Choose leads to judge, at most {MOST_AT_ONCE} at once.")
    if verdict.kind is LeadEvent.REJECTED and not verdict.reason.strip():
        raise AnswerError("A rejection gives a reason; choose one.")
    present, done, said = now or timezone.now(), [], []
    for handoff_id in dict.fromkeys(handoff_ids):
        try:
            done.append(judge(user, handoff_id, verdict, present))
        except Handoff.DoesNotExist:
            said.append(f"Hand-off {handoff_id} does not open to you.")
        except (AnsweredError, PersonaError, NotYoursError, AnswerError) as error:
            said.append(str(error))
    return Judged(tuple(done), tuple(said))


def assign(user: User, handoff_id: int, person_id: str, now: dt.datetime | None = None) -> Handoff:
    """Give a lead to somebody by hand; the clocks run on.

    Raises:
        Handoff.DoesNotExist: If it does not open to them.
        NotYoursError: If they may not give it away, or not to this person.
        AnswerError: If nobody of sales has this id, or the lead is judged.
    """
    present = now or timezone.now()
    with _held(user, handoff_id) as handoff:
        if not handoff.is_open:
            raise AnswerError(f"Lead {handoff.lead_id} is {handoff.state}; nobody takes it up now.")
        if not may_assign(user, handoff):
            raise NotYoursError("Who leads the team, or is asked above it, gives leads to others.")
        taker = next((row for row in people_of_sales() if row["person_id"] == person_id), None)
        if taker is None:
            raise AnswerError(f"Nobody of sales has the id {person_id[:60]!r}; choose one of them.")
        if not may_take(user, person_id):
            raise NotYoursError("You give leads to those whom you lead.")
        if handoff.owner_person_id == person_id:
            return handoff
        _assign(handoff, taker, RoutingRule.BY_HAND, "given by hand")
        why = {"rule": RoutingRule.BY_HAND.value, "why": handoff.why, "clause": ""}
        report = Report(present, LeadEvent.ASSIGNED, person_id)
        tell(handoff, Told(report, present, user, detail=why))
        record(user, "lead.assigned", f"handoff:{handoff.pk}", {"to": person_id})
    return handoff


def reasons_of(handoff: Handoff | None = None) -> tuple[str, ...]:
    """Return the reasons for which a lead may be rejected; none where any may be given."""
    version = version_named(handoff.agreement if handoff else "")
    return version.agreement.handoff.reasons if version else ()


@contextmanager
def _held(user: User, handoff_id: int) -> Iterator[Handoff]:
    """Give a hand-off that a person may answer, locked until the block ends."""
    with transaction.atomic():
        pk = visible_to(user).get(pk=handoff_id).pk
        handoff = Handoff.objects.select_for_update().get(pk=pk)
        if not may_answer(user, handoff):
            raise NotYoursError("Who has a lead answers it, or who leads them.")
        yield handoff


def _take(handoff: Handoff, user: User, when: dt.datetime, present: dt.datetime) -> None:
    """Give a lead that nobody has to who answers it."""
    if handoff.state != LeadState.WAITING or handoff.owner_person_id or not user.person_id:
        return
    row = next((each for each in people_of_sales() if each["person_id"] == user.person_id), None)
    if row is not None:
        _assign(handoff, row, RoutingRule.TAKEN_UP, "taken up by who answered")
        why = {"rule": RoutingRule.TAKEN_UP.value, "why": handoff.why, "clause": ""}
        tell(
            handoff,
            Told(Report(when, LeadEvent.ASSIGNED, user.person_id), present, user, detail=why),
        )


def _assign(handoff: Handoff, taker: Any, rule: RoutingRule, why: str) -> None:
    handoff.team, handoff.rule, handoff.why, handoff.clause = taker["team"] or "", rule, why, ""
    handoff.save(update_fields=["team", "rule", "why", "clause"])


def _reason(handoff: Handoff, verdict: Verdict) -> str:
    """Return the reason as the agreement spells it."""
    if verdict.kind not in VERDICTS:
        raise AnswerError("Accept the lead or reject it.")
    if verdict.kind is LeadEvent.ACCEPTED:
        return ""
    given = _text(verdict.reason, "reason", LONGEST_REASON)
    if not given:
        raise AnswerError("A rejection gives a reason; choose one.")
    agreed = reasons_of(handoff)
    found = next((each for each in agreed if each.casefold() == given.casefold()), None)
    if agreed and found is None:
        raise AnswerError(f"{unknown('reason', given[:60], agreed)} (handoff.reasons)")
    return found or given


def _checked(handoff: Handoff, reason: str, *, insists: bool) -> dict[str, Any]:
    """Check a reason that speaks of the persona; return what to keep of the check."""
    version = version_named(handoff.agreement)
    if not reason or not means_persona(reason) or version is None:
        return {}
    meets = persona_of(handoff.account_id, version)
    if meets.persona and not insists:
        raise PersonaError(handoff, meets)
    return {"persona": meets.persona, "persona_says": meets.says}


def _is_same(handoff: Handoff, user: User, kind: LeadEvent, reason: str) -> bool:
    said = handoff.happenings.filter(kind=kind.value, actor=user, reason=reason)
    return handoff.state == kind.value and said.exists()


def _refuse_time(handoff: Handoff, when: dt.datetime, present: dt.datetime) -> None:
    if when > present:
        raise AnswerError("A response cannot be in the future; say when it was.")
    if when < handoff.passed_at:
        since = f"{timezone.localtime(handoff.passed_at):%Y-%m-%d %H:%M}"
        raise AnswerError(f"The lead was passed at {since}; the response came after that.")


def _text(text: str, what: str, longest: int) -> str:
    said = text.strip()
    if "\x00" in said:
        raise AnswerError(f"The {what} holds characters that cannot be kept; write plain text.")
    if len(said) > longest:
        raise AnswerError(f"The {what} has {len(said):,} characters; at most {longest:,}.")
    return said
