"""Talk as programs read it: words with who may read them, questions, and campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from counterpoise.web.people.models import User
from counterpoise.web.talk import mentions
from counterpoise.web.talk.calendar import Campaign
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.talk.things import Thing, caller_for
from counterpoise.web.talk.threads import Thread, WordsShown, shown_words
from counterpoise.web.talk.titles import url_of


def thread_object(user: User, thread: Thread) -> dict[str, Any]:
    """Return a thread as a person reads it."""
    called = caller_for(user, thread.thing)
    return {
        "thing": thread.thing.name,
        "title": thread.thing.label,
        "url": thread.thing.url,
        "words": [_words(each, called) for each in (*thread.earlier, *thread.last)],
    }


def words_object(user: User, thing: Thing, words: Words) -> dict[str, Any]:
    """Return one person's words as another reads them, without answers."""
    return _words(shown_words(user, thing, words), caller_for(user, thing))


def question_object(user: User, question: Question, thing: Thing) -> dict[str, Any]:
    """Return an open question as a person reads it."""
    called = caller_for(user, thing)
    words = question.words
    return {
        "id": question.pk,
        "thing": thing.name,
        "text": _text(words.text, called),
        "asked_by": _person(words.author, called),
        "asked_at": words.at.isoformat(),
        "owner": _person(question.owner, called) if question.owner else None,
        "due_at": question.due_at.isoformat(),
        "url": url_of(thing, words),
    }


def campaign_object(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign with what sales was told, and the notice given."""
    told = campaign.told
    return {
        "id": campaign.id,
        "name": campaign.name,
        "channel": campaign.channel,
        "starts_on": campaign.starts_on.isoformat() if campaign.starts_on else None,
        "ends_on": campaign.ends_on.isoformat() if campaign.ends_on else None,
        "line": told.line if told else "",
        "told_at": told.given_at.isoformat() if told else None,
        "notice": campaign.notice.says,
        "revision": told.revision if told else 0,
        "is_kept": campaign.notice.is_kept,
    }


def _words(shown: WordsShown, called: Callable[[User], str]) -> dict[str, Any]:
    words, question = shown.words, shown.question
    asked = question.question if question else None
    return {
        "id": words.pk,
        "by": _person(words.author, called),
        "at": words.at.isoformat(),
        "text": _text(words.text, called),
        "figure": shown.figure.kept() if shown.figure else None,
        "file": shown.file.name if shown.file else None,
        "edited_at": words.edited_at.isoformat() if words.edited_at else None,
        "withdrawn_at": words.withdrawn_at.isoformat() if words.withdrawn_at else None,
        "question": {
            "id": asked.pk,
            "owner": _person(asked.owner, called) if asked.owner else None,
            "due_at": asked.due_at.isoformat(),
            "state": asked.state,
        }
        if asked
        else None,
        "answers": [_words(each, called) for each in shown.answers],
    }


def _text(text: str, called: Callable[[User], str]) -> str:
    ids = mentions.ids_in([text])
    return mentions.typed_again(text, User.objects.in_bulk(ids) if ids else {}, called)


def _person(user: User, called: Callable[[User], str]) -> dict[str, Any]:
    """Return who somebody is; whom a crack calls otherwise has no number, which would name them."""
    name = called(user)
    return {"id": user.pk if name == str(user) else None, "name": name}
