"""Some hand-offs for a first look at a made-up company: a marketer passes, sellers answer some."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import transaction

from counterpoise.watch.rejections import means_persona
from counterpoise.web.access import scope_of
from counterpoise.web.handoffs.answering import Verdict, judge, reasons_of, respond
from counterpoise.web.handoffs.clocks import wall
from counterpoise.web.handoffs.leads import Lead
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.passing import pass_lead
from counterpoise.web.handoffs.rights import may_answer, visible_to
from counterpoise.web.handoffs.states import LeadEvent
from counterpoise.web.live import live
from counterpoise.web.people.models import User

_LEADS = 13
_SCORE = 60
_TURN = 4
_APART = dt.timedelta(hours=7)
_SOON = dt.timedelta(hours=2)


def hand_some_over(passer: User, people: Sequence[User], now: dt.datetime) -> list[Handoff]:
    """Pass some fresh leads over the last days, and answer three in four of them.

    Args:
        passer: Who passes them, from campaigns that open to them.
        people: Who answers, the first whose they are.
        now: The present; the last lead is passed some hours before.
    """
    if Handoff.objects.exists():
        return []
    with transaction.atomic():
        made = [
            pass_lead(passer, lead, now=now - _APART * (_LEADS - place))
            for place, lead in enumerate(_fresh(passer, now))
        ]
        for place, handoff in enumerate(made):
            _answer(handoff, people, place)
    return made


def left_alone(made: Sequence[Handoff]) -> Sequence[Handoff]:
    """Return those of the hand-offs that nobody answered."""
    return made[::_TURN]


def _fresh(passer: User, now: dt.datetime) -> list[Lead]:
    """Make up leads of the passer's campaigns, from accounts of the books that nobody pursues."""
    campaigns = sorted(scope_of(passer).campaigns) or [""]
    waiting = (row["account_id"] for row in live().leads_to_hand_over())
    accounts = itertools.islice(dict.fromkeys(each for each in waiting if each), _LEADS)
    return [
        Lead(
            lead_id=f"form-{place + 1}",
            account_id=account,
            campaign_id=campaigns[place % len(campaigns)],
            source="Website form",
            score=Decimal(_SCORE + 3 * place),
            created_at=wall(now - _APART * (_LEADS - place) - _SOON),
            about="Asked for a quote on the website",
        )
        for place, account in enumerate(accounts)
    ]


def _answer(handoff: Handoff, people: Iterable[User], place: int) -> None:
    """Leave the first of four alone, respond to the second, accept one, and reject the last."""
    who = next((each for each in people if _is_theirs(each, handoff)), None)
    step, at = place % _TURN, handoff.passed_at + _SOON
    if who is None or not step:
        return
    respond(who, handoff.pk, now=at)
    if step == 1:
        return
    reason = next((each for each in reasons_of() if not means_persona(each)), "no need now")
    verdict = Verdict(LeadEvent.ACCEPTED) if step == 2 else Verdict(LeadEvent.REJECTED, reason)
    judge(who, handoff.pk, verdict, now=at + _SOON)


def _is_theirs(user: User, handoff: Handoff) -> bool:
    return visible_to(user).filter(pk=handoff.pk).exists() and may_answer(user, handoff)
