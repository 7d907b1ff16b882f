"""The boards: what sales has to answer, what marketing passed, and both by team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from counterpoise.agreement import Side
from counterpoise.web.access import Scope
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.naming import names_of, state_look, state_text, title_of
from counterpoise.web.handoffs.rights import deal_shown
from counterpoise.web.handoffs.states import OPEN, UNANSWERED, LeadState

PAGE = 25
"""Leads on one page of a board."""

_FRESH = dt.timedelta(days=90)
"""How far back the figures by team go."""


class Tab(StrEnum):
    """A part of a board."""

    NEW = "new"
    SOON = "soon"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    JUDGED = "judged"
    PASSED = "passed"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        """Return what the tab is called."""
        return _LABELS[self]


_LABELS = {
    Tab.NEW: "New",
    Tab.SOON: "Due soon",
    Tab.OVERDUE: "Overdue",
    Tab.ANSWERED: "Answered",
    Tab.JUDGED: "Judged",
    Tab.PASSED: "With sales",
    Tab.WAITING: "No response yet",
    Tab.ACCEPTED: "Accepted",
    Tab.RETURNED: "Returned",
}
TABS = {
    Side.SALES: (Tab.NEW, Tab.SOON, Tab.OVERDUE, Tab.ANSWERED, Tab.JUDGED),
    Side.MARKETING: (Tab.PASSED, Tab.WAITING, Tab.ACCEPTED, Tab.RETURNED),
}
_EMPTY = {
    Tab.NEW: "No new lead waits for you.",
    Tab.SOON: "Nothing is due soon.",
    Tab.OVERDUE: "Nothing is overdue.",
    Tab.ANSWERED: "No lead that was answered waits for its verdict.",
    Tab.JUDGED: "No lead was judged yet.",
    Tab.PASSED: "No lead is with sales now.",
    Tab.WAITING: "Every lead got its first response.",
    Tab.ACCEPTED: "No lead was accepted yet.",
    Tab.RETURNED: "No lead came back.",
}


@dataclass(frozen=True)
class TabShown:
    """A tab with how many leads it holds."""

    tab: Tab
    count: int


@dataclass(frozen=True)
class Line:
    """A lead on a board."""

    handoff: Handoff
    title: str
    about: str
    """Whom it is about, beside the account."""
    owner: str
    state: str
    look: str
    due_at: dt.datetime | None
    is_overdue: bool
    deal_id: str
    """Its deal, where that opens too."""


@dataclass(frozen=True)
class TeamLine:
    """What became of the leads of a team."""

    team: str
    passed: int
    open: int
    in_time: Decimal | None
    """The share of responses due that came in time."""
    accepted: int
    rejected: int


def condition_of(tab: Tab, now: dt.datetime) -> Q:
    """Return which hand-offs stand on a tab."""
    silent = Q(state__in=sorted(UNANSWERED))
    is_late, is_soon = Q(respond_by__lte=now), Q(soon_at__lte=now)
    unjudged, is_unjudged_late = Q(state=LeadState.ANSWERED.value), Q(judge_by__lte=now)
    again = Exists(Handoff.objects.filter(follows=OuterRef("pk")))
    # An instant that is not agreed is NULL, so that what it should be past is asked for plainly.
    not_late = Q(respond_by=None) | Q(respond_by__gt=now)
    not_soon = Q(soon_at=None) | Q(soon_at__gt=now)
    conditions = {
        Tab.NEW: silent & not_soon & not_late,
        Tab.SOON: silent & is_soon & not_late,
        Tab.OVERDUE: (silent & is_late) | (unjudged & is_unjudged_late),
        Tab.ANSWERED: unjudged & (Q(judge_by=None) | Q(judge_by__gt=now)),
        Tab.JUDGED: Q(state__in=[LeadState.ACCEPTED.value, LeadState.REJECTED.value]),
        Tab.PASSED: Q(state__in=sorted(OPEN)),
        Tab.WAITING: silent,
        Tab.ACCEPTED: Q(state=LeadState.ACCEPTED.value),
        Tab.RETURNED: Q(state=LeadState.REJECTED.value) & ~Q(again),
    }
    return conditions[tab]


def tabs_of(found: QuerySet[Handoff], side: Side, now: dt.datetime) -> list[TabShown]:
    """Return the tabs of a side's board with their counts."""
    counts = found.order_by().aggregate(
        **{
            tab.value: Count(Case(When(condition_of(tab, now), then=Value(1))))
            for tab in TABS[side]
        }
    )
    return [TabShown(tab, counts[tab.value]) for tab in TABS[side]]


def on_tab(found: QuerySet[Handoff], tab: Tab, now: dt.datetime) -> QuerySet[Handoff]:
    """Return the leads of a tab, what is due first at the top, what is over the latest first."""
    rows = found.filter(condition_of(tab, now))
    if tab in {Tab.JUDGED, Tab.ACCEPTED, Tab.RETURNED}:
        return rows.order_by("-verdict_at", "-pk")
    if tab is Tab.ANSWERED:
        return rows.order_by(F("judge_by").asc(nulls_last=True), "pk")
    return rows.order_by(F("respond_by").asc(nulls_last=True), "pk")


def lines_of(rows: Iterable[Handoff], scope: Scope, now: dt.datetime) -> list[Line]:
    """Return leads as a board shows them to somebody of a scope."""
    found = list(rows)
    names = names_of(each.owner_person_id for each in found)
    return [_line(each, names, scope, now) for each in found]


def empty_text(tab: Tab) -> str:
    """Say that nothing stands on a tab."""
    return _EMPTY[tab]


def teams_of(now: dt.datetime) -> list[TeamLine]:
    """Return what became of the leads of the last 90 days by team: figures for both sides."""
    due = Q(respond_by__lte=now) | Q(responded_at__isnull=False, respond_by__isnull=False)
    kept = Q(responded_at__lte=F("respond_by"))
    rows = (
        Handoff.objects.filter(passed_at__gte=now - _FRESH)
        .order_by()
        .values("team")
        .annotate(
            passed=Count("pk"),
            open=Count("pk", filter=Q(state__in=sorted(OPEN))),
            due=Count("pk", filter=due),
            kept=Count("pk", filter=kept),
            accepted=Count("pk", filter=Q(state=LeadState.ACCEPTED.value)),
            rejected=Count("pk", filter=Q(state=LeadState.REJECTED.value)),
        )
        .order_by("team")
    )
    return [
        TeamLine(
            row["team"] or "(nobody yet)",
            row["passed"],
            row["open"],
            Decimal(row["kept"]) / row["due"] if row["due"] else None,
            row["accepted"],
            row["rejected"],
        )
        for row in rows
    ]


def _line(handoff: Handoff, names: dict[str, str], scope: Scope, now: dt.datetime) -> Line:
    due_at = handoff.judge_by if handoff.state == LeadState.ANSWERED else handoff.respond_by
    is_open, title = handoff.is_open, title_of(handoff)
    return Line(
        handoff,
        title,
        "" if handoff.about == title else handoff.about,
        names[handoff.owner_person_id],
        state_text(handoff.state),
        state_look(handoff.state),
        due_at if is_open else None,
        is_open and due_at is not None and due_at <= now,
        deal_shown(scope, handoff.deal_id),
    )
