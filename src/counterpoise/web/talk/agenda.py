"""What talk brings to a joint review: questions between the sides that wait for an answer.

What a question says stands there only where everybody may open its thing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.states import Kind, QuestionState
from counterpoise.web.talk.titles import words_title

_MOST = 5
_FOR_ALL = (Kind.CLAUSE, Kind.TOOL, Kind.CAMPAIGN)


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - all that is open
    """Return open questions of one side to the other; those about rows in one line a side."""
    open_ones = Question.objects.filter(state=QuestionState.OPEN).select_related("words")
    between = [each for each in open_ones.order_by("due_at", "pk") if _is_between(each)]
    shown = [each for each in between if _is_for_all(each)][:_MOST]
    rest = [each for each in between if each not in shown]
    return [*(_item(each) for each in shown), *_others(rest)]


def _item(question: Question) -> AgendaItem:
    late = "overdue" if question.due_at < timezone.now() else "open"
    asker = "both sides" if question.asker_side == "both" else question.asker_side
    about = question.words.thing.partition(":")[2]
    says = f"Asked by {asker}, {late}: {words_title(question.words)} ({about})"
    url = reverse("talk:thread", args=[question.words.thing])
    anchor = f"#words-{question.words_id}"
    return AgendaItem(
        Section.OPEN_QUESTIONS, says, url + anchor, question.due_at, question.owner_side
    )


def _others(rest: Sequence[Question]) -> Iterator[AgendaItem]:
    for side in dict.fromkeys(each.owner_side for each in rest):
        own = [each for each in rest if each.owner_side == side]
        whom = "those above both sides" if side == "both" else side
        says = f"{counted(len(own), 'other question')} for {whom} about deals, leads and requests"
        url = f"{reverse('talk:home')}?side={side}"
        yield AgendaItem(Section.OPEN_QUESTIONS, says, url, own[0].due_at, side)


def _is_between(question: Question) -> bool:
    return question.asker_side != question.owner_side


def _is_for_all(question: Question) -> bool:
    return question.words.thing.partition(":")[0] in _FOR_ALL
