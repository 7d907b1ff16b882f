"""A thread as one person reads it: last words, older ones folded, open questions in full.

Beneath a thing stand its last words; the thread's own page has all of them, so many at a time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString

from counterpoise.web.people.models import User
from counterpoise.web.talk import mentions, questions
from counterpoise.web.talk.models import Question, Words, WordsFile
from counterpoise.web.talk.quoting import Figure, figure_of
from counterpoise.web.talk.saying import may_change, question_of
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import Thing, caller_for, url_of_words

LAST = 3
"""So many of the last words stand open."""

_RECENT = 20
"""So many are read beneath a thing, those before the last folded; its thread's own page has all."""

A_PAGE = 50
"""So many words at least stand on a page of a long thread, their answers beside them."""

_RELATED = ("author", "file", "question__owner", "question__settled_by", "question__words")
_LOOKS = {QuestionState.ANSWERED: "good", QuestionState.WITHDRAWN: "quiet"}


@dataclass(frozen=True)
class QuestionShown:
    """A question as one person reads it."""

    question: Question
    asks: str
    """Whom it asks."""
    state: str
    look: str
    may_answer: bool
    may_pass_on: bool


@dataclass(frozen=True)
class WordsShown:
    """Words as one person reads them, with their answers."""

    words: Words
    author: str
    text: SafeString
    figure: Figure | None
    file: WordsFile | None
    question: QuestionShown | None
    may_change: bool
    answers: Sequence[WordsShown] = ()


@dataclass(frozen=True)
class Thread:
    """What was said about a thing."""

    thing: Thing
    earlier: Sequence[WordsShown]
    last: Sequence[WordsShown]
    before: str = ""
    """Where the words before these stand; nothing where these are the first."""
    page: Page[Words] | None = None
    """Which page of a long thread this is, the first words on the first."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """For the form that says something."""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was said yet."""
        return not self.last and not self.earlier


def thread_of(user: User, thing: Thing, *, is_whole: bool = False) -> Thread:
    """Return the thread of a thing that opens to a person.

    Args:
        user: Who reads it.
        thing: What it is about.
        is_whole: Read all of it and fold nothing away.
    """
    if is_whole:
        return Thread(thing, (), _shown(user, thing, list(_about(thing))))
    first = _about(thing).filter(answers=None)
    recent = list(first.reverse()[: _RECENT + 1])[::-1]
    older, recent = recent[:-_RECENT], recent[-_RECENT:]
    waiting = _waiting(first, recent[0]) if older else []
    every = [*waiting, *recent]
    shown = _shown(user, thing, [*every, *_answers(thing, every)])
    folded = [each for each in shown[:-LAST] if not _stays(each)]
    kept = [each for each in shown[:-LAST] if _stays(each)]
    before = url_of_words(thing.name, older[-1].pk) if older else ""
    return Thread(thing, folded, [*kept, *shown[-LAST:]], before)


def page_of(user: User, thing: Thing, number: str = "", words_id: int | None = None) -> Thread:
    """Return a page of the whole thread of a thing that opens to a person.

    Args:
        user: Who reads it.
        thing: What it is about.
        number: Which page; by default the newest.
        words_id: Words that are to stand on it, where no page is named.
    """
    first = _about(thing).filter(answers=None)
    pages = Paginator(first, A_PAGE, orphans=A_PAGE - 1)
    before = None if number else _before(first, words_id)
    met = pages.num_pages if before is None else min(before // A_PAGE + 1, pages.num_pages)
    page = pages.get_page(number or met)
    return Thread(thing, (), _shown(user, thing, [*page, *_answers(thing, page)]), page=page)


def _waiting(first: QuerySet[Words], oldest: Words) -> list[Words]:
    """Return the open questions that were asked before the words that are read."""
    asked = first.filter(question__state=QuestionState.OPEN)
    return list(asked.filter(_is_before(oldest))[:_RECENT])


def _answers(thing: Thing, every: Iterable[Words]) -> Iterable[Words]:
    """Return what answers the questions among some words."""
    asked = [words for words in every if question_of(words)]
    return _about(thing).filter(answers__words__in=asked) if asked else ()


def _is_before(words: Words) -> Q:
    return Q(at__lt=words.at) | Q(at=words.at, pk__lt=words.pk)


def _before(first: QuerySet[Words], words_id: int | None) -> int | None:
    """Return how many words stand before some, or before what they answer; None if none are so."""
    if words_id is None:
        return None
    met = first.filter(Q(pk=words_id) | Q(question__answers=words_id)).first()
    if met is None:
        return None
    return first.filter(_is_before(met)).count()


def _about(thing: Thing) -> QuerySet[Words]:
    found = Words.objects.filter(thing=thing.name).order_by("at", "pk")
    return found.select_related(*_RELATED).defer("file__content")


def _shown(user: User, thing: Thing, every: Sequence[Words]) -> list[WordsShown]:
    """Return words as somebody reads them, answers below what they answer."""
    if not every:
        return []
    reading = _Reading(user, caller_for(user, thing), _named(every))
    by_question: dict[int, list[Words]] = {}
    for words in every:
        if words.answers_id is not None:
            by_question.setdefault(words.answers_id, []).append(words)
    return [reading.shown(words, by_question) for words in every if words.answers_id is None]


def shown_words(user: User, thing: Thing, words: Words) -> WordsShown:
    """Return one person's words as another reads them, without answers."""
    reading = _Reading(user, caller_for(user, thing), _named([words]))
    return reading.shown(words, {})


@dataclass(frozen=True)
class _Reading:
    """What one person reads, and how people are called to them."""

    user: User
    called: Callable[[User], str]
    people: dict[int, User]

    def shown(self, words: Words, answers: dict[int, list[Words]]) -> WordsShown:
        question = question_of(words)
        replies = answers.get(question.pk, []) if question else []
        return WordsShown(
            words=words,
            author=self.called(words.author),
            text=mentions.shown(words.text, self.people, self.called),
            figure=figure_of(words.quote, self.user) if words.quote else None,
            file=getattr(words, "file", None),
            question=self._question(question) if question else None,
            may_change=may_change(self.user, words),
            answers=[self.shown(each, answers) for each in replies],
        )

    def _question(self, question: Question) -> QuestionShown:
        state, look = self._state(question)
        return QuestionShown(
            question,
            self.called(question.owner) if question.owner else "nobody yet",
            state,
            look,
            questions.may_answer(self.user, question),
            questions.may_pass_on(self.user, question),
        )

    def _state(self, question: Question) -> tuple[str, str]:
        if not question.is_open:
            return question.state, _LOOKS[QuestionState(question.state)]
        is_late = question.due_at < timezone.now()
        return ("overdue", "bad") if is_late else ("open", "wait")


def _stays(shown: WordsShown) -> bool:
    return shown.question is not None and shown.question.question.is_open


def _named(every: Iterable[Words]) -> dict[int, User]:
    ids = mentions.ids_in(words.text for words in every)
    return User.objects.in_bulk(ids) if ids else {}
