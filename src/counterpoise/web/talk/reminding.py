"""What is done about talk by the clock: reminders, what is overdue, and who is told.

Run again at any time, it does nothing twice: what it marks is marked only where it was not, and
each thing is told under a key of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from counterpoise.web.audit.entries import record
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
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
    every = [*_of_questions(recent), *_of_answers(recent), *_named(recent)]
    before = Notice.objects.filter(key__in={key for *_, key in every})
    known = set(before.values_list("user_id", "key"))
    told = 0
    for user, subject, words, key in every:
        thing = None if (user.pk, key) in known else thing_for(user, words.thing)
        if thing is not None:
            text = _text(thing, words)
            told += notify(user, subject, text, url_of(thing, words), key=key) is not None
    return told


_Told = tuple[User, str, Words, str]


def _of_questions(recent: dt.datetime) -> Iterator[_Told]:
    found = Question.objects.filter(state=QuestionState.OPEN).select_related(
        "words__author", "owner"
    )
    for question in found.order_by("pk"):
        key, words = f"question:{question.pk}", question.words
        if question.owner is not None:
            subject = f"A question waits for you, due {moment_there(question.due_at)}"
            yield question.owner, subject, words, f"{key}:{question.owner_id}"
        if question.reminded_at and question.reminded_at > recent and question.owner:
            subject = "A question still waits for you"
            yield question.owner, subject, words, f"{key}:reminded:{question.owner_id}"
        if question.overdue_at and question.overdue_at > recent:
            if question.owner is not None:
                yield question.owner, "Your answer is overdue", words, f"{key}:overdue"
            yield words.author, "A question of yours is overdue", words, f"{key}:overdue"


def _of_answers(recent: dt.datetime) -> Iterator[_Told]:
    settled = Question.objects.filter(state=QuestionState.ANSWERED, settled_at__gt=recent)
    for question in settled.select_related("words__author").order_by("pk"):
        subject = "Your question was answered"
        yield question.words.author, subject, question.words, f"question:{question.pk}:answered"


def _named(recent: dt.datetime) -> Iterator[_Told]:
    found = Mention.objects.filter(words__at__gt=recent) | Mention.objects.filter(
        words__edited_at__gt=recent
    )
    for mention in found.select_related("user", "words").order_by("pk"):
        if mention.user_id != mention.words.author_id:
            yield mention.user, "You were named", mention.words, f"named:{mention.words_id}"


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
