"""The page of one lead: where it stands, its two clocks, why it went where it went, its story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from counterpoise.agreement.wording import role_text
from counterpoise.web.access import scope_of
from counterpoise.web.handoffs.clocks import Clocks, calendar_of, clocks_of, version_named
from counterpoise.web.handoffs.leads import Meets, persona_of
from counterpoise.web.handoffs.linking import Suggested, suggestions
from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.naming import names_of, person_name, state_look, state_text, title_of
from counterpoise.web.handoffs.rights import deal_shown, may_answer, may_assign, may_pass, may_take
from counterpoise.web.handoffs.sellers import people_of_sales
from counterpoise.web.handoffs.states import UNANSWERED, LeadEvent, LeadState, ReportSource
from counterpoise.web.people.models import User

_SAYS = {
    LeadEvent.PASSED: "Passed to sales",
    LeadEvent.ASSIGNED: "Given to {who}",
    LeadEvent.RESPONDED: "First response",
    LeadEvent.ACCEPTED: "Accepted",
    LeadEvent.REJECTED: "Rejected: {reason}",
    LeadEvent.ESCALATED: "Handed on to {to}",
    LeadEvent.LINKED: "Became {deal}",
}
_TONES = {
    LeadEvent.ACCEPTED: "good",
    LeadEvent.REJECTED: "bad",
    LeadEvent.ESCALATED: "wait",
    LeadEvent.LINKED: "good",
}


@dataclass(frozen=True)
class Told:
    """A report as the story tells it."""

    says: str
    who: str
    at: dt.datetime
    note: str
    text: str
    tone: str


@dataclass(frozen=True)
class Page:
    """What the page of a lead shows."""

    handoff: Handoff
    title: str
    state: str
    look: str
    owner: str
    clocks: Clocks
    persona: str
    due_at: dt.datetime | None
    is_overdue: bool
    story: tuple[Told, ...]
    deal_id: str
    """Its deal, where that opens too."""
    former: tuple[Handoff, ...]
    may_respond: bool
    may_judge: bool
    may_recycle: bool
    takers: tuple[tuple[str, str], ...]
    suggested: tuple[Suggested, ...]
    is_about_account: bool


def page_of(handoff: Handoff, user: User, now: dt.datetime) -> Page:
    """Lay out a lead for a person to whom it opens."""
    version = version_named(handoff.agreement)
    calendar = calendar_of(version.agreement if version else None)
    answers = may_answer(user, handoff)
    due_at = handoff.judge_by if handoff.state == LeadState.ANSWERED else handoff.respond_by
    scope = scope_of(user)
    deal_id = deal_shown(scope, handoff.deal_id)
    meets = persona_of(handoff.account_id, version) if version else Meets(None)
    is_returned = handoff.state == LeadState.REJECTED and not _again(handoff)
    return Page(
        handoff,
        title_of(handoff),
        state_text(handoff.state),
        state_look(handoff.state),
        person_name(handoff.owner_person_id),
        clocks_of(handoff, calendar, now),
        _persona_text(meets, handoff),
        due_at if handoff.is_open else None,
        handoff.is_open and due_at is not None and due_at <= now,
        tuple(_story(handoff, deal_id)),
        deal_id,
        tuple(_former(handoff)),
        answers and handoff.state in UNANSWERED,
        answers and handoff.is_open,
        is_returned and may_pass(user),
        tuple(_takers(handoff, user)) if may_assign(user, handoff) else (),
        tuple(suggestions(handoff, scope)) if answers else (),
        bool(handoff.account_id),
    )


def _persona_text(meets: Meets, handoff: Handoff) -> str:
    """Say which persona the account of a lead meets."""
    if meets.persona:
        return f"meets {meets.persona}: {meets.says}"
    if meets.persona == "":
        return "meets none of the personas"
    if not handoff.account_id:
        return "no account is known, so no persona can be told"
    return "cannot be told: facts of the account are missing"


def _again(handoff: Handoff) -> bool:
    return Handoff.objects.filter(follows=handoff).exists()


def _story(handoff: Handoff, deal_id: str) -> Iterator[Told]:
    found = list(handoff.happenings.select_related("actor"))
    names = names_of(each.person_id for each in found)
    return (_told(each, names[each.person_id], deal_id) for each in found)


def _told(happening: Happening, who: str, deal_id: str) -> Told:
    kind = LeadEvent(happening.kind)
    says = _SAYS[kind].format(
        who=who,
        reason=happening.reason,
        to=role_text(str(happening.detail.get("to", ""))),
        deal=f"deal {deal_id}" if deal_id else "a deal",
    )
    return Told(
        says,
        str(happening.actor) if happening.actor else _teller(happening),
        happening.at,
        _note(happening),
        happening.comment,
        _TONES.get(kind, ""),
    )


def _teller(happening: Happening) -> str:
    if happening.source == ReportSource.BOOKS:
        return "the books"
    return ""


def _note(happening: Happening) -> str:
    """Say what stands beside a report: why it was routed so, what the persona check said."""
    detail = happening.detail
    late = happening.recorded_at - happening.at > dt.timedelta(minutes=1)
    parts = [str(detail.get("why") or "")]
    if "persona" in detail:
        parts.append(_checked_text(detail))
    if late and happening.source == ReportSource.ROOM:
        parts.append("reported later")
    return "; ".join(filter(None, parts))


def _checked_text(detail: dict[str, object]) -> str:
    if detail["persona"]:
        return f"rejected although the account meets {detail['persona']}: {detail['persona_says']}"
    if detail["persona"] == "":
        return "checked: the account meets none of the personas"
    return "not checked: facts of the account are missing"


def _former(handoff: Handoff) -> Iterator[Handoff]:
    each = handoff.follows
    while each is not None:
        yield each
        each = each.follows


def _takers(handoff: Handoff, user: User) -> Iterator[tuple[str, str]]:
    """Yield to whom a person may give a lead, by name."""
    rows: Sequence[tuple[str, str]] = [
        (row["person_id"], row["name"] or row["person_id"])
        for row in people_of_sales()
        if row["person_id"] != handoff.owner_person_id and may_take(user, row["person_id"])
    ]
    yield from sorted(rows, key=lambda row: (row[1], row[0]))
