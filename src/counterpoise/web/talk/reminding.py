"""What is done about talk by the clock: reminders, what is overdue, and who is told.

Run again at any time, it does nothing twice: what it marks is marked only where it was not, and
each thing is told under a key of its own. Of a question, its owner is told the latest that holds:
who hears that it is overdue does not hear as well that it was asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from counterpoise.web.audit.entries import record
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
from counterpoise.web.numbers import read_by
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import moment_there
from counterpoise.web.talk.models import Mention, Question, Words
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import Thing, thing_for
from counterpoise.web.talk.titles import url_of, words_title

_LATEST = dt.timedelta(days=1)


def mark(now: dt.datetime) -> int:
    """Mark whose owner is to be reminded, and what is overdue; return how many."""
    reminded = _marked("reminded_at", now, remind_at__lte=now)
    return reminded + _marked("overdue_at", now, due_at__lt=now)


def tell(now: dt.datetime) -> int:
    """Tell people what happened of late and was not told yet; return how many notices there are."""
    recent = now - _LATEST
    every = [*_of_questions(recent, now), *_of_answers(recent), *_named(recent)]
    keys = {key for each in every for key in (each.key, *each.later)}
    known = set(Notice.objects.filter(key__in=keys).values_list("user_id", "key"))
    told = 0
    for each in every:
        is_known = any((each.user.pk, key) in known for key in (each.key, *each.later))
        thing = None if is_known else thing_for(each.user, each.words.thing)
        if thing is not None:
            text, url = _text(thing, each.words), url_of(thing, each.words)
            told += notify(each.user, each.subject, text, url, key=each.key) is not None
    return told


@dataclass(frozen=True)
class _Told:
    user: User
    subject: str
    words: Words
    key: str
    later: tuple[str, ...] = ()
    """Whoever was told one of these needs not be told this any more."""


def _of_questions(recent: dt.datetime, now: dt.datetime) -> Iterator[_Told]:
    found = Question.objects.filter(state=QuestionState.OPEN).select_related(
        "words__author", "owner"
    )
    for question in found.order_by("pk"):
        if question.owner is not None:
            yield _to_owner(question, question.owner, recent, now)
        if _is_new(question.overdue_at, question.due_at, recent, now):
            key = f"question:{question.pk}:overdue"
            asker = question.words.author
            yield _Told(asker, "A question of yours is overdue", question.words, key)


def _to_owner(question: Question, owner: User, recent: dt.datetime, now: dt.datetime) -> _Told:
    """Return the latest that there is to tell who owes an answer."""
    key, words = f"question:{question.pk}", question.words
    reminded, overdue = f"{key}:reminded:{owner.pk}", f"{key}:overdue"
    with read_by(owner):
        due = moment_there(question.due_at)
    if _is_new(question.overdue_at, question.due_at, recent, now):
        return _Told(owner, "Your answer is overdue", words, overdue)
    if _is_new(question.reminded_at, question.remind_at, recent, now):
        subject = f"A question still waits for you, due {due}"
        return _Told(owner, subject, words, reminded, (overdue,))
    subject = f"A question waits for you, due {due}"
    return _Told(owner, subject, words, f"{key}:{owner.pk}", (reminded, overdue))


def _is_new(
    marked_at: dt.datetime | None, at: dt.datetime, recent: dt.datetime, now: dt.datetime
) -> bool:
    """Tell whether a time was marked of late, or has come and is marked at the next round."""
    return marked_at > recent if marked_at is not None else at < now


def _of_answers(recent: dt.datetime) -> Iterator[_Told]:
    settled = Question.objects.filter(state=QuestionState.ANSWERED, settled_at__gt=recent)
    for question in settled.select_related("words__author").order_by("pk"):
        subject = "Your question was answered"
        key = f"question:{question.pk}:answered"
        yield _Told(question.words.author, subject, question.words, key)


def _named(recent: dt.datetime) -> Iterator[_Told]:
    found = Mention.objects.filter(words__at__gt=recent) | Mention.objects.filter(
        words__edited_at__gt=recent
    )
    for mention in found.select_related("user", "words").order_by("pk"):
        if mention.user_id != mention.words.author_id:
            key = f"named:{mention.words_id}"
            yield _Told(mention.user, "You were named", mention.words, key)


def _text(thing: Thing, words: Words) -> str:
    """Return what a notice says: the thing and, but for cracks, the words."""
    return thing.label if thing.crack else f"{thing.label}\n\n{words_title(words)}"


def _marked(column: str, now: dt.datetime, **due: dt.datetime) -> int:
    """Mark open questions in a column that is empty, each with an entry of the trail."""
    waiting = Question.objects.filter(state=QuestionState.OPEN, **{column: None}, **due)
    done = 0
    for question in waiting.select_related("words").order_by("pk"):
        with transaction.atomic():
            still = Question.objects.filter(
                pk=question.pk, state=QuestionState.OPEN, **{column: None}
            )
            if still.update(**{column: now}):
                deed = f"question.{column.removesuffix('_at')}"
                record(None, deed, question.words.thing, {"question": question.pk})
                done += 1
    return done
