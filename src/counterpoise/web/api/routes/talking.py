"""Talking by programs: saying something, asking, answering, in the name of a token's person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import PathEx, Router
from ninja.params import P

from counterpoise.agreement import Side
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.filling import done, filled, form_token
from counterpoise.web.api.idempotency import KEY
from counterpoise.web.api.problems import refused
from counterpoise.web.api.routes.talk import WORDS, ThingName, WordsShape
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of
from counterpoise.web.api.tool_shapes import LARGEST_ID, PASSED_ON
from counterpoise.web.api.written import Written, written_of
from counterpoise.web.people.models import User
from counterpoise.web.talk import questions, saying
from counterpoise.web.talk.due import CHOICES, promised_within
from counterpoise.web.talk.forms import AskForm, OwnerForm, WordsForm
from counterpoise.web.talk.models import LONGEST_TEXT, Question, Words
from counterpoise.web.talk.saying import Said
from counterpoise.web.talk.things import Thing, caller_for, readers_of, thing_for
from counterpoise.web.talk.written import words_object

router = Router(tags=["Talk"])
_ACT = TokenAuth(TokenScope.TALK)

WordsId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of words.")]
QuestionId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of a question.")]

_TEXT = {"type": "string", "maxLength": LONGEST_TEXT, "description": "@name names somebody."}
_QUOTE = {
    "type": ["string", "null"],
    "maxLength": 4_000,
    "description": "A figure, sealed: what follows /talk/quote/ in the link beside it.",
}
_SAID: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": _TEXT, "quote": _QUOTE},
}
_OWNER = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
_CHANGED = {"type": "object", "required": ["text"], "properties": {"text": _TEXT}}
_ASKED: dict[str, Any] = {
    "type": "object",
    "required": ["text", "owner", "within"],
    "properties": {
        **_SAID["properties"],
        "owner": _OWNER,
        "within": {"type": "string", "description": f"As promised, or {', '.join(CHOICES)}."},
    },
}
_SAYS = {"text": "Who else was offered more than this?"}
_ASKS = {**_SAYS, "owner": 4, "within": "2 working days"}
_PLAIN: dict[str, Any] = {**WORDS, "question": None}


@router.post(
    "threads/{thing}/words",
    auth=_ACT,
    response={201: WordsShape},
    operation_id="say_words",
    summary="Say something about a thing",
    openapi_extra={**KEY, **body_of(_SAID, _SAYS), **example_of(_PLAIN, status=201)},
)
def say_words(request: HttpRequest, thing: ThingName) -> HttpResponse:
    """Say something in the thread of a thing; a file is brought by a call of its own."""
    given = written_of(request.body, ("text", "quote"))

    def act(user: User) -> object:
        found = opened_thing(user, thing)
        return words_object(user, found, saying.say(user, found.name, _said(user, given)))

    return done(request, act, 201)


@router.post(
    "threads/{thing}/questions",
    auth=_ACT,
    response={201: WordsShape},
    operation_id="ask_question",
    summary="Ask somebody about a thing",
    openapi_extra={**KEY, **body_of(_ASKED, _ASKS), **example_of(WORDS, status=201)},
)
def ask_question(request: HttpRequest, thing: ThingName) -> HttpResponse:
    """Ask somebody who may open the thing; they owe the answer within a working time."""
    given = written_of(request.body, ("text", "quote", "owner", "within"))

    def act(user: User) -> object:
        found = opened_thing(user, thing)
        form = filled(_ask_form(user, found, given))
        within = form.cleaned_data["within"]
        asked = questions.ask(user, found.name, form.said(), form.chosen(), within)
        return words_object(user, found, asked)

    return done(request, act, 201)


@router.post(
    "words/{words_id}",
    auth=_ACT,
    response=WordsShape,
    operation_id="change_words",
    summary="Change one's own words",
    openapi_extra={**KEY, **body_of(_CHANGED, _SAYS), **example_of(_PLAIN)},
)
def change_words(request: HttpRequest, words_id: WordsId) -> HttpResponse:
    """Change one's own words; they show that they were changed."""
    thing = thing_of(token_of(request).user, found_words(words_id))
    text = written_of(request.body, ("text",)).text("text")
    return done(request, lambda user: words_object(user, thing, saying.edit(user, words_id, text)))


@router.post(
    "words/{words_id}/withdraw",
    auth=_ACT,
    response=WordsShape,
    operation_id="withdraw_words",
    summary="Take back one's own words",
    openapi_extra={**KEY, **example_of({**_PLAIN, "text": "", "withdrawn_at": WORDS["at"]})},
)
def withdraw_words(request: HttpRequest, words_id: WordsId) -> HttpResponse:
    """Take back one's own words; a line stays that says so, and a question waits no longer."""
    thing = thing_of(token_of(request).user, found_words(words_id))

    def act(user: User) -> object:
        saying.withdraw(user, words_id)
        return words_object(user, thing, found_words(words_id))

    return done(request, act)


@router.post(
    "questions/{question_id}/answer",
    auth=_ACT,
    response={201: WordsShape},
    operation_id="answer_question",
    summary="Answer a question",
    openapi_extra={**KEY, **body_of(_SAID, {"text": "Nobody."}), **example_of(_PLAIN, status=201)},
)
def answer_question(request: HttpRequest, question_id: QuestionId) -> HttpResponse:
    """Answer a question of somebody else; what comes after the answer is kept beside it."""
    found = _question(question_id)
    thing = thing_of(token_of(request).user, found.words)
    given = written_of(request.body, ("text", "quote"))

    def act(user: User) -> object:
        if not questions.may_answer(user, found):
            says = "Somebody else than who asked answers, until it is withdrawn."
            raise refused("not-open", says, status=403)
        return words_object(user, thing, questions.answer(user, question_id, _said(user, given)))

    return done(request, act, 201)


@router.post(
    "questions/{question_id}/withdraw",
    auth=_ACT,
    response=WordsShape,
    operation_id="withdraw_question",
    summary="Take back a question",
    openapi_extra={**KEY, **example_of({**_PLAIN, "text": "", "withdrawn_at": WORDS["at"]})},
)
def withdraw_question(request: HttpRequest, question_id: QuestionId) -> HttpResponse:
    """Take back one's own question that nobody answered."""
    words_id = _question(question_id).words_id
    thing = thing_of(token_of(request).user, found_words(words_id))

    def act(user: User) -> object:
        saying.withdraw(user, words_id)
        return words_object(user, thing, found_words(words_id))

    return done(request, act)


@router.post(
    "questions/{question_id}/pass-on",
    auth=_ACT,
    response=WordsShape,
    operation_id="pass_on_question",
    summary="Give a question to somebody else",
    openapi_extra={**KEY, **body_of(PASSED_ON, {"owner": 5}), **example_of(WORDS)},
)
def pass_on_question(request: HttpRequest, question_id: QuestionId) -> HttpResponse:
    """Give an open question that one asked or owes to another; its reply date stays."""
    found = _question(question_id)
    thing = thing_of(token_of(request).user, found.words)
    number = written_of(request.body, ("owner",)).number("owner")

    def act(user: User) -> object:
        out = {found.words.author_id, found.owner_id}
        people = [each for each in readers_of(thing.name) if each.pk not in out]
        form = filled(OwnerForm(people, caller_for(user, thing), {"owner": number}))
        questions.pass_on(user, question_id, form.chosen())
        return words_object(user, thing, found_words(found.words_id))

    return done(request, act)


def _said(user: User, given: Written) -> Said:
    return filled(WordsForm(user, _parts(given))).said()


def _ask_form(user: User, thing: Thing, given: Written) -> AskForm:
    told = {**_parts(given), "owner": given.number("owner"), "within": given.text("within")}
    other = {Side.SALES: Side.MARKETING, Side.MARKETING: Side.SALES}.get(Side(user.side))
    promised = promised_within(other) if other else ""
    return AskForm(user, readers_of(thing.name), promised, caller_for(user, thing), told)


def _parts(given: Written) -> dict[str, Any]:
    return {**{name: given.text(name) for name in ("text", "quote")}, "token": form_token()}


def opened_thing(user: User, name: str) -> Thing:
    """Return a thing that opens to a person, and was opened where that is asked."""
    found = thing_for(user, name)
    if found is None or found.is_shut:
        raise refused("no-thing", f"Nothing called {name} opens to you.", status=404)
    return found


def thing_of(user: User, words: Words) -> Thing:
    """Return what words are about; where it does not open, they are not there."""
    found = thing_for(user, words.thing)
    if found is None or found.is_shut:
        raise refused("not-there", "There are no such words that open to you.", status=404)
    return found


def found_words(words_id: int) -> Words:
    """Return words by their number."""
    found = Words.objects.select_related("author", "question__owner", "file")
    words = found.filter(pk=words_id).first()
    if words is None:
        raise refused("not-there", "There are no such words that open to you.", status=404)
    return words


def _question(question_id: int) -> Question:
    found = Question.objects.select_related("words__author", "owner").filter(pk=question_id).first()
    if found is None:
        raise refused("not-there", "There are no such words that open to you.", status=404)
    return found
