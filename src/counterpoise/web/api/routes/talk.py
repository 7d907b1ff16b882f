"""Talk for programs: the thread of a thing, questions that wait, and the campaign calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import PathEx, Router, Schema
from ninja.params import P

from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import example_of, json_answer
from counterpoise.web.talk.calendar import campaigns, promised_notice
from counterpoise.web.talk.questions import open_questions
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import thing_for, things_for
from counterpoise.web.talk.threads import thread_of
from counterpoise.web.talk.written import campaign_object, question_object, thread_object

router = Router(tags=["Talk"])
_READ = TokenAuth(TokenScope.READ)

ThingName = PathEx[
    str,
    P(
        pattern="^[^/\x00-\x1f]{1,240}$",
        description="What it is about: `deal:D1`, `clause:discounts.floor`, `lead:`, `campaign:`, "
        "`tool:`, `request:`, `crack:`.",
    ),
]


class SpeakerShape(Schema):
    """Somebody as the room calls them there; without a number beside a crack of theirs."""

    id: int | None
    name: str


class FigureShape(Schema):
    """A figure as it was when it was quoted."""

    label: str
    value: str
    note: str
    day: str
    source: str
    url: str
    of: str
    about: str


class AskedShape(Schema):
    """Whom words ask, and by when."""

    id: int
    owner: SpeakerShape | None
    due_at: dt.datetime
    state: QuestionState


class WordsShape(Schema):
    """What somebody said."""

    id: int
    by: SpeakerShape
    at: dt.datetime
    text: str
    figure: FigureShape | None
    file: str | None
    edited_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    question: AskedShape | None
    answers: list[WordsShape]


class ThreadShape(Schema):
    """What was said about a thing, first to last."""

    thing: str
    title: str
    url: str
    words: list[WordsShape]


class OpenQuestionShape(Schema):
    """A question that waits for an answer."""

    id: int
    thing: str
    text: str
    asked_by: SpeakerShape
    asked_at: dt.datetime
    owner: SpeakerShape | None
    due_at: dt.datetime
    url: str


class OpenQuestionsShape(Schema):
    """Open questions of the token's person, what is due first at the top."""

    questions: list[OpenQuestionShape]


class CampaignShape(Schema):
    """A campaign, the line to say, and the notice given."""

    id: str
    name: str
    channel: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    line: str
    told_at: dt.datetime | None
    notice: str
    revision: int
    """How often what sales is told was written; 0 where it was not."""
    is_kept: bool | None
    """Whether the promised notice was kept; nothing where nothing is promised or due."""


class CampaignsShape(Schema):
    """Campaigns by the day of their start."""

    campaigns: list[CampaignShape]


WordsShape.model_rebuild()

_REP = {"id": 2, "name": "Ada Abara"}
_MARKETER = {"id": 4, "name": "Olga Eastham"}
_QUESTION: dict[str, Any] = {
    "id": 3,
    "thing": "clause:discounts.limits.standard",
    "text": "Who else was offered more than this?",
    "asked_by": _REP,
    "asked_at": "2026-06-10T10:00:00+00:00",
    "owner": _MARKETER,
    "due_at": "2026-06-12T10:00:00+00:00",
    "url": "/talk/on/clause:discounts.limits.standard/?words=9#words-9",
}
WORDS: dict[str, Any] = {
    "id": 9,
    "by": _REP,
    "at": "2026-06-10T10:00:00+00:00",
    "text": "Who else was offered more than this?",
    "figure": None,
    "file": None,
    "edited_at": None,
    "withdrawn_at": None,
    "question": {"id": 3, "owner": _MARKETER, "due_at": _QUESTION["due_at"], "state": "open"},
    "answers": [],
}
_THREAD: dict[str, Any] = {
    "thing": "clause:discounts.limits.standard",
    "title": "discounts.limits.standard",
    "url": "/agreement/#discounts.limits.standard",
    "words": [WORDS],
}
CAMPAIGN: dict[str, Any] = {
    "id": "C7",
    "name": "Uptime week",
    "channel": "fair",
    "starts_on": "2026-09-07",
    "ends_on": "2026-09-11",
    "line": "May I show you what an hour of standstill costs your line?",
    "told_at": "2026-08-03T08:00:00+00:00",
    "notice": "told 25 working days before",
    "revision": 1,
    "is_kept": True,
}


@router.get(
    "threads/{thing}",
    auth=_READ,
    response=ThreadShape,
    operation_id="read_thread",
    summary="What was said about a thing",
    openapi_extra=example_of(_THREAD),
)
def read_thread(request: HttpRequest, thing: ThingName) -> HttpResponse:
    """Return the thread of a thing that opens to the token's person.

    A crack about a person has to be opened that day first.
    """
    user = token_of(request).user
    found = thing_for(user, thing)
    if found is None or found.is_shut:
        raise refused("no-thing", f"Nothing called {thing} opens to you.", status=404)
    return json_answer(thread_object(user, thread_of(user, found, is_whole=True)))


@router.get(
    "questions",
    auth=_READ,
    response=OpenQuestionsShape,
    operation_id="list_questions",
    summary="Questions that wait",
    openapi_extra=example_of({"questions": [_QUESTION]}),
)
def list_questions(request: HttpRequest) -> HttpResponse:
    """List open questions that the token's person owes an answer, or asked."""
    user = token_of(request).user
    found = open_questions(Q(owner=user) | Q(words__author=user))
    things = things_for(user, (each.words.thing for each in found))
    return json_answer(
        {
            "questions": [
                question_object(user, each, things[each.words.thing])
                for each in found
                if each.words.thing in things and not things[each.words.thing].is_shut
            ]
        }
    )


@router.get(
    "campaigns",
    auth=_READ,
    response=CampaignsShape,
    operation_id="list_campaigns",
    summary="The campaign calendar",
    openapi_extra=example_of({"campaigns": [CAMPAIGN]}),
)
def list_campaigns(request: HttpRequest) -> HttpResponse:
    """List campaigns with the line to say and the notice that was given."""
    found = campaigns(timezone.localdate(), promised_notice())
    return json_answer({"campaigns": [campaign_object(each) for each in found]})
