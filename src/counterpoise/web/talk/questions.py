"""Questions: asking somebody, answering, passing on.

Whatever happens at the same instant, a question is settled once: its state moves on only where it
is still open. An answer that comes second is kept as words, since somebody wrote it.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.talk.due import CHOICES, due, promised_within
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.talk.saying import NotYoursError, Said, TalkError, detail, keep
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import opened_by, thing_for


def ask(
    user: User,
    thing: str,
    said: Said,
    owner: User,
    within: str,
    now: dt.datetime | None = None,
) -> Words:
    """Ask somebody about a thing, who owes the answer within a working time.

    Raises:
        NoThingError: If the thing does not open to them.
        TalkError: If nothing is asked, the owner may not open it, or the time is not on offer.
    """
    found = opened_by(user, thing)
    at = now or timezone.now()
    if within not in {*CHOICES, *(promised_within(side) for side in Side)}:
        raise TalkError(f"{within!r} is not among the times on offer: {', '.join(CHOICES)}.")
    _refuse_owner(user, thing, owner)
    if not said.text.strip():
        raise TalkError("Nothing is asked yet; write a question.")
    time = due(within, at)
    try:
        with transaction.atomic():
            words = keep(user, found, said, at)
            question = Question.objects.create(
                words=words,
                owner=owner,
                asker_side=user.side,
                owner_side=owner.side,
                asker_person_id=user.person_id,
                within=time.within,
                due_at=time.at,
                remind_at=time.remind_at,
                state=QuestionState.OPEN,
            )
            record(user, "question.asked", thing, detail(question))
    except IntegrityError:
        return Words.objects.get(author=user, token=said.key)
    return words


def answer(user: User, pk: int, said: Said, now: dt.datetime | None = None) -> Words:
    """Answer a question; what comes after the answer is kept as words beside it.

    Raises:
        Question.DoesNotExist: If there is none.
        NoThingError: If its thing does not open to them.
        NotYoursError: If they asked it themselves.
        TalkError: If nothing is said, or too much.
    """
    at = now or timezone.now()
    question = Question.objects.select_related("words").get(pk=pk)
    thing = question.words.thing
    found = opened_by(user, thing)
    if question.words.author_id == user.pk:
        raise NotYoursError("Nobody answers their own question; say it as words.")
    try:
        with transaction.atomic():
            words = keep(user, found, said, at, question)
            settled = Question.objects.filter(pk=pk, state=QuestionState.OPEN).update(
                state=QuestionState.ANSWERED,
                settled_at=at,
                settled_by=user,
                settled_person_id=user.person_id,
            )
            act = "question.answered" if settled else "words.said"
            record(user, act, thing, {"question": pk, "words": words.pk})
    except IntegrityError:
        return Words.objects.get(author=user, token=said.key)
    return words


def pass_on(user: User, pk: int, owner: User) -> Question:
    """Give a question to somebody else; its reply date stays.

    Raises:
        Question.DoesNotExist: If there is none.
        NoThingError: If its thing does not open to them.
        NotYoursError: If they neither asked nor own it, or it was settled.
        TalkError: If the new owner may not open the thing, or asked it.
    """
    question = Question.objects.select_related("words").get(pk=pk)
    thing = question.words.thing
    opened_by(user, thing)
    if not may_pass_on(user, question):
        raise NotYoursError("Who asked an open question, and who owns it, pass it on.")
    _refuse_owner(question.words.author, thing, owner)
    with transaction.atomic():
        found = Question.objects.filter(pk=pk, state=QuestionState.OPEN)
        if not found.update(owner=owner, owner_side=owner.side, reminded_at=None):
            raise NotYoursError("This question was settled a moment before; nothing was changed.")
        question.refresh_from_db()
        record(user, "question.passed_on", thing, detail(question))
    return question


def may_answer(user: User, question: Question) -> bool:
    """Tell whether a person who may open the thing may answer: anybody but who asked."""
    return question.words.author_id != user.pk and question.state != QuestionState.WITHDRAWN


def may_pass_on(user: User, question: Question) -> bool:
    """Tell whether a person may give a question to another: who asked, and who owns it."""
    return question.is_open and user.pk in {question.words.author_id, question.owner_id}


def open_questions(mine: Q, most: int | None = None) -> list[Question]:
    """Return open questions, what is due first at the top; all, or the first of them."""
    found = Question.objects.filter(mine, state=QuestionState.OPEN)
    related = ("words__author", "words__file", "owner")
    rows = found.select_related(*related).defer("words__file__content")
    return list(rows.order_by("due_at", "pk")[:most])


def _refuse_owner(asker: User, thing: str, owner: User) -> None:
    if owner.pk == asker.pk:
        raise TalkError("Ask somebody else; your own words need no owner.")
    if not owner.is_active or thing_for(owner, thing) is None:
        raise TalkError("Whom you chose may not open this; ask somebody who may.")
