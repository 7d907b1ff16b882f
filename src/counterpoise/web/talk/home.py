"""What talk adds to the home page: questions that wait, answers, names and new words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.shell.templatetags.figures import day
from counterpoise.web.signs import Signs
from counterpoise.web.talk.calendar import waits_for_notice
from counterpoise.web.talk.models import Announcement, Question, Words
from counterpoise.web.talk.questions import open_questions
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import Thing, things_for
from counterpoise.web.talk.titles import url_of, words_title
from counterpoise.web.tools.rights import may_make, may_use

_MOST = 20
_KIND = "talk"


def signs_of_waiting(user: User) -> Signs | None:
    """Return questions that wait for a person; whose campaigns are in the books is asked anyway."""
    if may_make(user) and user.person_id:
        return None
    return (Question.objects.filter(_mine(user), state=QuestionState.OPEN),)


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return what others said since, and campaigns of which they told sales."""
    return (_said(user, since), _told(user, since))


def waits_for(user: User) -> Sequence[Item]:
    """Return questions that a person owes an answer, and their own that nobody owns."""
    found = open_questions(_mine(user), _MOST)
    things = things_for(user, (each.words.thing for each in found))
    items = [
        _waiting(user, each, things[each.words.thing])
        for each in found
        if each.words.thing in things
    ]
    return [*items, *waits_for_notice(user)]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return answers to a person's questions, where they were named, and threads that went on."""
    related = ("author", "question", "answers__words")
    mine = Words.objects.filter(author=user).values("thing")
    concerned = Q(answers__words__author=user) | Q(mentions__user=user) | Q(thing__in=mine)
    found = (
        _said(user, since)
        .filter(concerned)
        .select_related(*related)
        .distinct()
        .order_by("-at", "-pk")
    )
    every = list(found[: _MOST * 3])
    things = things_for(user, (each.thing for each in every))
    shown = [each for each in every if each.thing in things]
    named = set(
        Words.objects.filter(pk__in=[each.pk for each in shown], mentions__user=user).values_list(
            "pk", flat=True
        )
    )
    return [*list(_news(user, shown, things, named))[:_MOST], *_campaigns(user, since)]


def _mine(user: User) -> Q:
    mine = Q(owner=user) | Q(words__author=user, owner=None)
    return mine | Q(words__author=user, owner__is_active=False)


def _said(user: User, since: dt.datetime) -> QuerySet[Words]:
    return Words.objects.filter(at__gt=since, withdrawn_at=None).exclude(author=user)


def _told(user: User, since: dt.datetime) -> QuerySet[Announcement]:
    return Announcement.objects.filter(given_at__gt=since).exclude(given_by=user)


def _campaigns(user: User, since: dt.datetime) -> list[Item]:
    """Return the campaigns of which sales was told."""
    if not may_use(user):
        return []
    told = _told(user, since)
    return [
        Item(
            f"Marketing tells of a campaign: {each.name}, from {day(each.starts_on)}",
            reverse("talk:campaign", args=[each.campaign_id]),
            each.given_at,
            _KIND,
        )
        for each in told.order_by("-given_at", "-pk")[:_MOST]
    ]


def _news(
    user: User, every: Sequence[Words], things: dict[str, Thing], named: set[int]
) -> Iterator[Item]:
    """Yield an item an answer and a name, and one a thread for everything else in it."""
    told: set[str] = set()
    for words in every:
        thing = things[words.thing]
        question = words.answers
        if question is not None and question.words.author_id == user.pk:
            yield _item(
                f"Your question was answered: {_title(thing, question.words)}", thing, words
            )
        elif words.pk in named:
            yield _item(f"You were named: {_title(thing, words)}", thing, words)
        elif words.thing not in told:
            told.add(words.thing)
            yield _item(f"The talk went on about {thing.label}", thing, words)


def _waiting(user: User, question: Question, thing: Thing) -> Item:
    title = _title(thing, question.words)
    if question.words.author_id == user.pk:
        says = f"Your question has no owner: {title}"
    else:
        late = "overdue: " if question.due_at < timezone.now() else ""
        says = f"Answer a question, {late}{title}"
    return Item(says, url_of(thing, question.words), question.due_at, _KIND)


def _item(says: str, thing: Thing, words: Words) -> Item:
    return Item(says, url_of(thing, words), words.at, _KIND)


def _title(thing: Thing, words: Words) -> str:
    """Return what words are about; their text where the thing was opened."""
    return thing.label if thing.is_shut or thing.crack else words_title(words)
