"""One thing that is said about another, in its time: words, and questions with their answers."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from counterpoise.web.people.models import User
from counterpoise.web.talk import questions, saying
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.saying import Said
from counterpoise.web.talk.things import thing_for

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Happening:
    """Something that was done at a moment."""

    at: dt.datetime
    act: Callable[[], object]


@dataclass(frozen=True)
class Answer:
    """What somebody answered, and when."""

    by: User
    text: str
    at: dt.datetime


@dataclass(frozen=True)
class Exchange:
    """A question of one side to the other, its answer where it came, and what was said then."""

    thing: str
    asker: User
    owner: User
    asks: str
    at: dt.datetime
    within: str = "2 working days"
    answer: Answer | None = None
    quote: Mapping[str, str] | None = None
    then: tuple[Answer, ...] = ()
    token: str = field(default_factory=lambda: f"example-{next(_numbers):04}")


def happenings(exchanges: Iterable[Exchange], until: dt.datetime) -> Iterator[Happening]:
    """Yield what was said until the present, by people to whom the thing opens."""
    for each in exchanges:
        said = (found for found in _of(each) if found.at < until)
        if _opens(each.asker, each.thing) and _opens(each.owner, each.thing):
            yield from said


def _of(each: Exchange) -> Iterator[Happening]:
    said = Said(each.asks, each.token, quote=each.quote)
    yield Happening(
        each.at,
        lambda: questions.ask(each.asker, each.thing, said, each.owner, each.within, each.at),
    )
    if each.answer is not None:
        yield Happening(each.answer.at, lambda: _answer(each, said))
    for number, one in enumerate(each.then):
        yield Happening(one.at, partial(_say, each, one, number))


def _answer(each: Exchange, asked_with: Said) -> None:
    found = each.answer
    if found is not None:
        asked = Question.objects.get(words__author=each.asker, words__token=asked_with.key)
        questions.answer(found.by, asked.pk, Said(found.text, f"{each.token}-answer"), found.at)


def _say(each: Exchange, one: Answer, number: int) -> None:
    if _opens(one.by, each.thing):
        saying.say(one.by, each.thing, Said(one.text, f"{each.token}-then-{number}"), one.at)


def _opens(user: User, name: str) -> bool:
    thing = thing_for(user, name)
    return thing is not None and not thing.is_shut
