"""The first page of talk: questions of both directions, and the threads that a person is in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils import timezone

from counterpoise.web.people.models import User
from counterpoise.web.talk.calendar import Campaign, calendar_on
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.talk.questions import open_questions
from counterpoise.web.talk.replies import Replies, replies_both_ways
from counterpoise.web.talk.things import Thing, caller_for, things_for
from counterpoise.web.talk.threads import WordsShown, shown_words
from counterpoise.web.talk.titles import url_of

_MOST = 20
"""So many of each are listed, what is due first or was said last."""
_FEW = 3


@dataclass(frozen=True)
class Asked:
    """An open question with the thing that it is about."""

    question: Question
    thing: Thing
    who: str
    """Who asks it, or whom it asks."""
    shown: WordsShown
    is_late: bool
    url: str
    """Where it stands in its thread."""


@dataclass(frozen=True)
class LastWords:
    """A thread with the last that was said in it."""

    thing: Thing
    at: dt.datetime
    shown: WordsShown


@dataclass(frozen=True)
class Landing:
    """What one person finds first."""

    owed: Sequence[Asked]
    """Questions that wait for them."""
    asked: Sequence[Asked]
    """Questions of theirs that wait for others."""
    threads: Sequence[LastWords]
    replies: Sequence[Replies]
    campaigns: Sequence[Campaign]
    """What runs and what comes next."""


def landing_of(user: User) -> Landing:
    """Return what a person finds first; nothing of a thing that does not open to them."""
    owed = open_questions(Q(owner=user), _MOST)
    asked = open_questions(Q(words__author=user), _MOST)
    names = [*names_of_threads(user)]
    every = [*names, *(each.words.thing for each in (*owed, *asked))]
    things = {name: thing for name, thing in things_for(user, every).items() if not thing.is_shut}
    now = timezone.now()
    calendar = calendar_on(timezone.localdate(now))
    coming = [each for month in calendar.coming for each in month.campaigns]
    return Landing(
        _all_asked(user, owed, things, is_own=False),
        _all_asked(user, asked, things, is_own=True),
        _threads(user, [name for name in names if name in things], things),
        replies_both_ways(now),
        [*coming[:_FEW], *calendar.running[-_FEW:]][:_FEW],
    )


def _all_asked(
    user: User, found: Sequence[Question], things: dict[str, Thing], *, is_own: bool
) -> list[Asked]:
    return [
        _asked(user, each, things[each.words.thing], is_own=is_own)
        for each in found
        if each.words.thing in things
    ]


def names_of_threads(user: User) -> list[str]:
    """Return the things that a person spoke about, was asked about or named in, latest first."""
    mine = Words.objects.filter(
        Q(author=user) | Q(question__owner=user) | Q(mentions__user=user)
    ).values("thing")
    latest = Words.objects.filter(thing__in=mine).values("thing").annotate(last=Max("at"))
    return [row["thing"] for row in latest.order_by("-last", "thing")[:_MOST]]


def _threads(user: User, names: Sequence[str], things: dict[str, Thing]) -> list[LastWords]:
    found: dict[str, Words] = {}
    said = Words.objects.filter(thing__in=names, withdrawn_at=None)
    last = said.values("thing").annotate(last=Max("pk")).values("last")
    related = Words.objects.select_related("author", "file", "question").defer("file__content")
    for words in related.filter(pk__in=last):
        found[words.thing] = words
    return [
        LastWords(things[name], found[name].at, shown_words(user, things[name], found[name]))
        for name in names
        if name in found
    ]


def _asked(user: User, question: Question, thing: Thing, *, is_own: bool) -> Asked:
    called = caller_for(user, thing)
    other = question.owner if is_own else question.words.author
    return Asked(
        question,
        thing,
        called(other) if other else "nobody yet",
        shown_words(user, thing, question.words),
        question.due_at < timezone.now(),
        url_of(thing, question.words),
    )
