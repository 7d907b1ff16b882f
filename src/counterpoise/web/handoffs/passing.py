"""Passing leads to sales: from the books, by form, by file, and again after a rejection."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.agreement.versions import Version
from counterpoise.agreement.wording import say_condition
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import Reach, scope_of
from counterpoise.web.audit.entries import record
from counterpoise.web.handoffs.clocks import deadlines, instant, version_of_today, wall
from counterpoise.web.handoffs.course import Report
from counterpoise.web.handoffs.escalation import ask_above
from counterpoise.web.handoffs.leads import Lead, is_qualified, waiting_leads
from counterpoise.web.handoffs.models import LONGEST_NOTE, Handoff
from counterpoise.web.handoffs.rights import (
    NotYoursError,
    may_pass,
    may_pass_lead,
    visible_to,
)
from counterpoise.web.handoffs.routing import Route, route
from counterpoise.web.handoffs.sellers import asked_of, sellers_now
from counterpoise.web.handoffs.states import LeadEvent, LeadState, RoutingRule
from counterpoise.web.handoffs.telling import Told, tell
from counterpoise.web.live import live
from counterpoise.web.people.models import User

MOST_AT_ONCE = 500
"""The most leads that are passed at once."""


class PassError(CounterpoiseError, ValueError):
    """A lead cannot be passed as it was asked."""


class PassedError(CounterpoiseError):
    """A lead is with sales already."""

    def __init__(self, handoff: Handoff) -> None:
        self.handoff = handoff
        where = "is with sales" if handoff.is_open else f"was {handoff.state}"
        on = timezone.localtime(handoff.passed_at)
        super().__init__(
            f"Lead {handoff.lead_id} {where} already, since {on:%Y-%m-%d %H:%M}; "
            "nothing was passed again."
        )


@dataclass(frozen=True)
class Passing:
    """How a lead is passed. `token` identifies the form, so that sending it twice passes once."""

    token: str = ""
    note: str = ""


def may_be_passed(user: User, version: Version | None) -> list[str]:
    """Return the ids of leads of the books that a person may pass, the latest qualified first."""
    if not may_pass(user):
        return []
    scope = scope_of(user)
    is_all = scope.reach is Reach.EVERYTHING
    ids = [
        lead_id
        for lead_id, campaign_id in waiting_leads(version)
        if is_all or campaign_id in scope.campaigns
    ]
    known = set(Handoff.objects.filter(lead_id__in=ids).values_list("lead_id", flat=True))
    return [each for each in ids if each not in known]


def pass_from_books(
    user: User, lead_ids: Sequence[str], now: dt.datetime | None = None
) -> tuple[list[Handoff], list[str]]:
    """Pass leads of the books, and return those passed and what is to say about the others.

    Raises:
        PassError: If there are none, or too many.
    """
    if not 0 < len(set(lead_ids)) <= MOST_AT_ONCE:
        raise PassError(f"Choose leads to pass, at most {MOST_AT_ONCE} at once.")
    done, said = [], []
    for lead_id in dict.fromkeys(lead_ids):
        try:
            done.append(pass_lead(user, lead_of_books(user, lead_id), now=now))
        except (PassError, PassedError, NotYoursError) as error:
            said.append(str(error))
    return done, said


def pass_lead(
    user: User, lead: Lead, how: Passing | None = None, now: dt.datetime | None = None
) -> Handoff:
    """Pass a lead to sales: it is routed at once, and the clocks run.

    Raises:
        NotYoursError: If the person does not hand leads over, or the books have it elsewhere.
        PassError: If it surely does not qualify, or was handed over as the books say.
        PassedError: If it is with sales already.
    """
    at, said = now or timezone.now(), how or Passing()
    if not may_pass(user):
        raise NotYoursError("Marketing passes leads to sales; you do not.")
    if said.token and (former := Handoff.objects.filter(passed_by=user, token=said.token).first()):
        return former
    if lead.row is not None:  # whoever types the id of a lead of the books may pass that one
        lead_of_books(user, lead.lead_id)
    version = version_of_today(at)
    _refuse_unqualified(lead, version)
    try:
        with transaction.atomic():
            _refuse_passed(lead.lead_id)
            return _pass(user, lead, said, at, None)
    except IntegrityError:
        return _passed_meanwhile(user, lead.lead_id, said)


def pass_all(
    user: User, leads: Iterable[Lead], token: str, now: dt.datetime | None = None
) -> list[Handoff]:
    """Pass every lead of a file, or none of them.

    Raises:
        PassError: If one surely does not qualify.
        PassedError: If one is with sales already.
    """
    with transaction.atomic():
        return [
            pass_lead(user, lead, Passing(f"{token}-{place}"), now)
            for place, lead in enumerate(leads)
        ]


def lead_of_books(user: User, lead_id: str) -> Lead:
    """Return a lead of the books that a person may pass.

    Raises:
        NotYoursError: If it is none of theirs.
        PassError: If the books say that it was handed over.
    """
    row = live().lead(lead_id)
    if row is None or not may_pass_lead(user, row["campaign_id"] or ""):
        raise NotYoursError(f"Lead {lead_id[:60]} is not among those that you may pass.")
    if row["handed_over_at"] is not None and row["verdict"] != "rejected":
        raise PassError(f"Lead {lead_id} was handed over already, as the books say.")
    return Lead.of(row)


def fresh_token() -> str:
    """Return a token that no form had before."""
    return secrets.token_hex(12)


def is_passed(user: User, token: str) -> bool:
    """Tell whether a file was passed before."""
    return Handoff.objects.filter(passed_by=user, token=f"{token}-0").exists()


def recycle(user: User, handoff_id: int, note: str, now: dt.datetime | None = None) -> Handoff:
    """Pass a rejected lead again; what happened before is kept, and tells on.

    Raises:
        Handoff.DoesNotExist: If it does not open to them.
        NotYoursError: If the person does not hand leads over.
        PassError: If it was not rejected, or nothing is said of what changed.
        PassedError: If it was passed again already.
    """
    at = now or timezone.now()
    if not may_pass(user):
        raise NotYoursError("Marketing passes leads to sales; you do not.")
    said = checked_text(note, "note")
    if not said:
        raise PassError("Say what is different now; who rejected it reads that.")
    try:
        with transaction.atomic():
            found = visible_to(user).get(pk=handoff_id)
            old = Handoff.objects.select_for_update().get(pk=found.pk)
            if old.state != LeadState.REJECTED:
                raise PassError(f"Lead {old.lead_id} was not rejected; it is {old.state}.")
            if again := Handoff.objects.filter(follows=old).first():
                raise PassedError(again)
            return _pass(user, _again(old), Passing(note=said), at, old)
    except IntegrityError as error:
        raise PassedError(Handoff.objects.get(follows_id=handoff_id)) from error


def checked_text(text: str, what: str, longest: int = LONGEST_NOTE) -> str:
    """Return a text as it is kept.

    Raises:
        PassError: If it is too long, or holds what no database keeps.
    """
    said = text.strip()
    if "\x00" in said:
        raise PassError(f"The {what} holds characters that cannot be kept; write plain text.")
    if len(said) > longest:
        raise PassError(f"The {what} has {len(said):,} characters; at most {longest:,}.")
    return said


def _pass(user: User, lead: Lead, how: Passing, at: dt.datetime, old: Handoff | None) -> Handoff:
    version = version_of_today(at)
    due = deadlines(at, version.agreement if version else None)
    found = _route(lead, version, at)
    made = Handoff.objects.create(
        lead_id=lead.lead_id,
        round=old.round + 1 if old else 1,
        follows=old,
        account_id=lead.account_id,
        campaign_id=lead.campaign_id,
        source=lead.source[:200],
        score=lead.score,
        created_at=instant(lead.created_at) or at,
        qualified_at=instant(lead.qualified_at),
        about=lead.about,
        note=how.note,
        passed_by=user,
        passed_at=at,
        token=how.token,
        agreement=version.fingerprint if version else "",
        state=LeadState.WAITING,
        team=found.team,
        rule=found.rule,
        why=found.why,
        clause=found.clause,
        soon_at=due.soon_at,
        respond_by=due.respond_by,
        judge_by=due.judge_by,
        escalate_at=due.respond_by,
    )
    tell(made, Told(Report(at, LeadEvent.PASSED), at, user, comment=how.note))
    if found.person_id:
        tell(made, Told(Report(at, LeadEvent.ASSIGNED, found.person_id), at, detail=_said(found)))
    record(user, "lead.passed", f"handoff:{made.pk}", {"lead": lead.lead_id, "round": made.round})
    record(None, "lead.routed", f"handoff:{made.pk}", {**_said(found), "to": found.person_id})
    if not found.person_id:
        ask_above(made, at)
    return made


def _route(lead: Lead, version: Version | None, at: dt.datetime) -> Route:
    if version is None:
        return Route("", "", RoutingRule.NOBODY, "no agreement says who takes leads up")
    rules = version.agreement.handoff.routing
    return route(asked_of(lead, version), sellers_now(version, at), rules)


def _said(found: Route) -> dict[str, str]:
    return {"rule": found.rule.value, "why": found.why, "clause": found.clause}


def _refuse_unqualified(lead: Lead, version: Version | None) -> None:
    if is_qualified(lead, version) is False:
        assert version is not None, "only an agreement refuses"
        asked = say_condition(version.agreement.handoff.qualified)
        raise PassError(
            f"Lead {lead.lead_id} does not qualify: a lead does where {asked} (handoff.qualified)."
        )


def _refuse_passed(lead_id: str) -> None:
    former = Handoff.objects.filter(lead_id=lead_id).order_by("-round").first()
    if former is None:
        return
    if former.state == LeadState.REJECTED:
        raise PassError(f"Lead {lead_id} was rejected; pass it again from what came back.")
    raise PassedError(former)


def _passed_meanwhile(user: User, lead_id: str, how: Passing) -> Handoff:
    """Return what the same form made a moment before; else somebody else passed it."""
    same = Handoff.objects.filter(passed_by=user, token=how.token).first() if how.token else None
    if same is not None:
        return same
    raise PassedError(Handoff.objects.filter(lead_id=lead_id).latest("round"))


def _again(old: Handoff) -> Lead:
    row = live().lead(old.lead_id)
    if row is not None:
        return Lead.of(row)
    return Lead(
        old.lead_id,
        old.account_id,
        old.campaign_id,
        old.source,
        old.score,
        wall(old.created_at),
        wall(old.qualified_at) if old.qualified_at else None,
        old.about,
    )
