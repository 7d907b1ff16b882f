"""Short ways to say something and to ask."""

import datetime as dt
from collections.abc import Mapping

from counterpoise.web.people.models import User
from counterpoise.web.talk import questions, saying
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.tools.editing import Brought
from tests.web.desk.asking import token
from tests.web.desk.company import NOW

DEAL, CLAUSE = "deal:D1", "clause:discounts.limits.standard"
"""Rhea's deal, which opens to her, to Mona above her and to Lena; and a clause, open to all."""


def said(
    by: User,
    text: str = "They want it by June.",
    thing: str = DEAL,
    now: dt.datetime = NOW,
    file: Brought | None = None,
    quote: Mapping[str, str] | None = None,
) -> Words:
    """Say something."""
    return saying.say(by, thing, saying.Said(text, token(), file, quote), now)


def asked(
    by: User,
    of: User,
    text: str = "Who else was offered this?",
    thing: str = CLAUSE,
    within: str = "2 working days",
    now: dt.datetime = NOW,
) -> Question:
    """Ask somebody."""
    words = questions.ask(by, thing, saying.Said(text, token()), of, within, now)
    return Question.objects.select_related("words", "owner").get(words=words)


def answered(by: User, question: Question, text: str = "Nobody.", now: dt.datetime = NOW) -> Words:
    """Answer a question."""
    return questions.answer(by, question.pk, saying.Said(text, token()), now)
