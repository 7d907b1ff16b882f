"""What talk brings to a joint review: questions between the sides that wait for an answer.

What a question says stands there only where everybody may open its thing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.states import Kind, QuestionState
from counterpoise.web.talk.things import thing_for, url_of_words
from counterpoise.web.talk.titles import words_title

_MOST = 5
_FOR_ALL = (Kind.CLAUSE, Kind.TOOL, Kind.CAMPAIGN)


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - all that is open
    """Return open questions of one side to the other; those about rows in one line a side."""
    open_ones = Question.objects.filter(state=QuestionState.OPEN).select_related("words__author")
    between = [each for each in open_ones.order_by("due_at", "pk") if _is_between(each)]
    shown = [each for each in between if _is_for_all(each)][:_MOST]
    rest = [each for each in between if each not in shown]
    sides = {each.owner_side for each in shown}
    return [*(_item(each) for each in shown), *_others(rest, sides)]


def _item(question: Question) -> AgendaItem:
    late = "overdue" if question.due_at < timezone.now() else "open"
    asker = "both sides" if question.asker_side == "both" else question.asker_side
    about = _label(question)
    says = f"Asked by {asker}, {late}: {words_title(question.words)} ({about})"
    url = url_of_words(question.words.thing, question.words_id)
    return AgendaItem(Section.OPEN_QUESTIONS, says, url, question.due_at, question.owner_side)


def _label(question: Question) -> str:
    """Return what a thing that opens to everybody is called."""
    name = question.words.thing
    found = thing_for(question.words.author, name)
    return found.label if found else name.partition(":")[2]


def _others(rest: Sequence[Question], shown: Collection[str]) -> Iterator[AgendaItem]:
    for side in dict.fromkeys(each.owner_side for each in rest):
        own = [each for each in rest if each.owner_side == side]
        whom = "those above both sides" if side == "both" else side
        what = "other question" if side in shown else "question"
        says = f"{counted(len(own), what)} for {whom} about deals, leads and requests"
        url = f"{reverse('talk:home')}?side={side}"
        yield AgendaItem(Section.OPEN_QUESTIONS, says, url, own[0].due_at, side)


def _is_between(question: Question) -> bool:
    return question.asker_side != question.owner_side


def _is_for_all(question: Question) -> bool:
    return question.words.thing.partition(":")[0] in _FOR_ALL
