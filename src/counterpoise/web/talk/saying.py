"""Saying something about a thing, changing and withdrawing it.

Each act is one transaction with its entry of the trail; the same form says the same once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User
from counterpoise.web.talk.mentions import marked
from counterpoise.web.talk.models import LONGEST_TEXT, Mention, Question, Words, WordsFile
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import Thing, caller_for, opened_by, readers_of
from counterpoise.web.tools.editing import Brought


class TalkError(CounterpoiseError, ValueError):
    """Something cannot be said like this."""


class NotYoursError(CounterpoiseError, PermissionError):
    """Somebody does with words or a question what is not theirs to do."""


@dataclass(frozen=True)
class Said:
    """What somebody says, as the form brings it."""

    text: str
    token: str
    file: Brought | None = None
    quote: Mapping[str, str] | None = None
    """A figure as it was."""

    @property
    def key(self) -> str:
        """Return what is said once: other words sent from the same form are not lost."""
        return once_key(self.token, self.text, self.quote, self.file)


def say(user: User, thing: str, said: Said, now: dt.datetime | None = None) -> Words:
    """Say something about a thing.

    Raises:
        NoThingError: If the thing does not open to them.
        TalkError: If nothing is said, or too much.
    """
    found = opened_by(user, thing)
    try:
        with transaction.atomic():
            words = keep(user, found, said, now or timezone.now())
            record(user, "words.said", thing, {"words": words.pk})
    except IntegrityError:
        return Words.objects.get(author=user, token=said.key)
    return words


def keep(
    user: User, thing: Thing, said: Said, at: dt.datetime, answers: Question | None = None
) -> Words:
    """Write words down with whom they name and what came along, inside the caller's transaction.

    Raises:
        TalkError: If nothing is said, or too much.
    """
    text, people = _read(user, thing, said.text, is_empty_fine=bool(said.file or said.quote))
    words = Words.objects.create(
        thing=thing.name,
        author=user,
        token=said.key,
        at=at,
        text=text,
        quote=dict(said.quote) if said.quote else None,
        answers=answers,
    )
    _name(words, people)
    if said.file is not None:
        content = said.file.content
        WordsFile.objects.create(
            words=words, name=said.file.name, size=len(content), content=content
        )
    return words


def edit(user: User, pk: int, text: str, now: dt.datetime | None = None) -> Words:
    """Change one's own words; they show that they were changed.

    Raises:
        Words.DoesNotExist: If there are none.
        NoThingError: If their thing does not open to them any more.
        NotYoursError: If they are somebody else's, withdrawn, or a question that was settled.
        TalkError: If nothing is said, or too much.
    """
    with transaction.atomic():
        words, thing = _own(user, pk)
        _refuse_settled(words)
        is_empty_fine = bool(words.quote) or hasattr(words, "file")
        new, people = _read(user, thing, text, is_empty_fine=is_empty_fine)
        if new == words.text:
            return words
        words.text, words.edited_at = new, now or timezone.now()
        words.save(update_fields=["text", "edited_at"])
        Mention.objects.filter(words=words).exclude(user__in=people).delete()
        _name(words, people)
        record(user, "words.changed", words.thing, {"words": words.pk})
    return words


def withdraw(user: User, pk: int, now: dt.datetime | None = None) -> Words:
    """Take back one's own words; a line stays that says so. A question waits no longer.

    Raises:
        Words.DoesNotExist: If there are none.
        NoThingError: If their thing does not open to them any more.
        NotYoursError: If they are somebody else's, withdrawn before, or settled a question.
    """
    at = now or timezone.now()
    with transaction.atomic():
        words, _ = _own(user, pk)
        _refuse_settled(words)
        if words.answers_id is not None:
            raise NotYoursError("These words answered a question, and stay; change them instead.")
        Question.objects.filter(words=words, state=QuestionState.OPEN).update(
            state=QuestionState.WITHDRAWN,
            settled_at=at,
            settled_by=user,
            settled_person_id=user.person_id,
        )
        WordsFile.objects.filter(words=words).delete()
        Mention.objects.filter(words=words).delete()
        words.text, words.quote, words.withdrawn_at = "", None, at
        words.save(update_fields=["text", "quote", "withdrawn_at"])
        record(user, "words.withdrawn", words.thing, {"words": words.pk})
    return words


def may_change(user: User, words: Words) -> bool:
    """Tell whether a person may change words: their own, unless they asked what was settled."""
    question = question_of(words)
    is_settled = question is not None and not question.is_open
    return words.author_id == user.pk and not words.is_withdrawn and not is_settled


def question_of(words: Words) -> Question | None:
    """Return the question that words ask; None where they ask nobody."""
    found: Question | None = getattr(words, "question", None)
    return found


def _own(user: User, pk: int) -> tuple[Words, Thing]:
    words = Words.objects.select_for_update().get(pk=pk)
    thing = opened_by(user, words.thing)
    if words.author_id != user.pk or words.is_withdrawn:
        raise NotYoursError("Who said it changes or withdraws it, nobody else, and only once.")
    return words, thing


def _refuse_settled(words: Words) -> None:
    question = Question.objects.select_for_update().filter(words=words).first()
    if question is not None and not question.is_open:
        raise NotYoursError(
            f"This question was {question.state}; its words stay as they were asked."
        )


def _read(user: User, thing: Thing, text: str, *, is_empty_fine: bool) -> tuple[str, list[User]]:
    said = text.replace("\r\n", "\n").strip()
    if not said and not is_empty_fine:
        raise TalkError("Nothing is said yet; write a sentence.")
    if "\x00" in said:
        raise TalkError("These words hold characters that cannot be kept.")
    if len(said) > LONGEST_TEXT:
        raise TalkError(
            f"These words have {len(said):,} characters; at most {LONGEST_TEXT:,} are kept."
        )
    if "@" not in said:
        return marked(said, ())
    return marked(said, readers_of(thing.name), caller_for(user, thing))


def _name(words: Words, people: list[User]) -> None:
    for user in people:
        Mention.objects.get_or_create(words=words, user=user)


def detail(question: Question) -> dict[str, Any]:
    """Return a question as the trail keeps it."""
    return {
        "question": question.pk,
        "owner": f"person:{question.owner_id}" if question.owner_id else None,
        "due_at": question.due_at.isoformat(),
    }
