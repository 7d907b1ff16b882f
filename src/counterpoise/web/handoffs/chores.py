"""What is done about leads by the clock: take in what the books say, hand on, tell."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.handoffs.escalation import escalate
from counterpoise.web.handoffs.linking import take_in_books
from counterpoise.web.handoffs.notices import tell_what_happened
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=1))
def hand_on_overdue_leads(now: dt.datetime) -> None:
    """Let leads that nobody answers go a rung up the ladder."""
    escalate(now)


@chore(every=dt.timedelta(minutes=5))
def take_in_what_the_books_say(now: dt.datetime) -> None:
    """Take in responses, verdicts and deals of leads in the room."""
    take_in_books(now)


@chore(every=dt.timedelta(seconds=15))
def tell_about_leads(now: dt.datetime) -> None:
    """Tell people what happened to leads."""
    tell_what_happened(now)
