"""What pages show of an answer: plain values, what to sell on first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.agreement.wording import role_text
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web.desk.answer_times import AnswerTime, answer_time
from counterpoise.web.desk.deciders import Party, holders
from counterpoise.web.desk.naming import state_look, state_text
from counterpoise.web.desk.question import Question
from counterpoise.web.people.models import User
from counterpoise.web.places import offered

_HEADINGS = {
    "granted": "Yes, you may",
    "needs_approval": "Needs a yes from above",
    "refused": "Not like this",
}


@dataclass(frozen=True)
class ReasonShown:
    """Why, with the address of its clause."""

    says: str
    clause: str
    url: str


@dataclass(frozen=True)
class OfferShown:
    """A counter-offer, and where it can be tried."""

    says: str
    clause: str
    look: str
    url: str


@dataclass(frozen=True)
class ApproverShown:
    """A role that must say yes, who may say it, and how long that usually takes."""

    role: str
    clause: str
    url: str
    due_at: dt.datetime | str | None
    people: tuple[str, ...]
    usual: AnswerTime | None


@dataclass(frozen=True)
class AnswerShown:
    """The desk's answer as a page shows it."""

    verdict: str
    heading: str
    look: str
    values: tuple[Mapping[str, Any], ...]
    beside: tuple[Any, ...]
    """What other features lay beside it, each with its template."""
    to_customer: tuple[str, ...]
    reasons: tuple[ReasonShown, ...]
    offers: tuple[OfferShown, ...]
    approvers: tuple[ApproverShown, ...]
    agreement: Mapping[str, str]


@dataclass(frozen=True)
class About:
    """What an answer is about, beside the decision itself."""

    question: Question
    facts: Mapping[str, Any]
    follows: str = ""
    is_kept: bool = False
    reader: User | None = None
    """Who reads it; what stands beside it is for them."""
    deal_id: str = ""
    page: str = ""
    """The address of the page that shows it, to come back to."""
    objection: str = ""
    """What the customer says, where the reader chose it."""


def answer_shown(
    decision: Mapping[str, Any], about: About, approvers: Iterable[ApproverShown] = ()
) -> AnswerShown:
    """Lay out a decision, as it was made or as it was kept."""
    verdict = decision["verdict"]
    reasons = decision["reasons"]
    version = version_of(decision) if about.is_kept else ""
    return AnswerShown(
        verdict,
        _HEADINGS[verdict],
        state_look(verdict),
        tuple(decision["values"]),
        _beside(decision, about),
        tuple(
            dict.fromkeys(each["say_to_customer"] for each in reasons if each["say_to_customer"])
        ),
        tuple(
            ReasonShown(each["says"], each["clause"] or "", clause_url(each["clause"], version))
            for each in reasons
        ),
        tuple(_offer(each, about) for each in decision["counter_offers"]),
        tuple(approvers),
        decision["agreement"],
    )


def version_of(decision: Mapping[str, Any]) -> str:
    """Return the version that a decision cites for ever; nothing where it was a draft."""
    agreement = decision["agreement"]
    return "" if agreement["status"] == "as_if" else str(agreement["fingerprint"])


def clause_url(clause: str | None, version: str = "") -> str:
    """Return the address of a clause: in the agreement of today, or in one version for ever."""
    if not clause:
        return ""
    page = f"/agreement/versions/{version}/" if version else "/agreement/"
    return f"{page}#{clause}"


def named_approvers(
    approvals: Sequence[Mapping[str, Any]],
    party: Party,
    calendar: WorkCalendar,
    now: dt.datetime,
) -> list[ApproverShown]:
    """Name who may say yes: never who asks, nor whose deal it is."""
    return [
        ApproverShown(
            role_text(each["role"]),
            each["clause"],
            clause_url(each["clause"]),
            each["due_at"],
            tuple(user.name for user in holders(each["role"], party, now)),
            answer_time(each["role"], calendar),
        )
        for each in approvals
    ]


def _beside(decision: Mapping[str, Any], about: About) -> tuple[Any, ...]:
    """Return what other features lay beside an answer for its reader."""
    if about.reader is None:
        return ()
    found = (
        beside(about.reader, about.facts, decision, about.deal_id, about.page, about.objection)
        for beside in offered("beside", "beside_answer")
    )
    return tuple(each for each in found if each is not None)


def _offer(offer: Mapping[str, Any], about: About) -> OfferShown:
    changed = about.question.with_offer(offer)
    follows = f"&follows={about.follows}" if about.follows else ""
    return OfferShown(
        offer["says"],
        state_text(offer["verdict"]),
        state_look(offer["verdict"]),
        f"/desk/?{changed.query()}{follows}#answer",
    )
