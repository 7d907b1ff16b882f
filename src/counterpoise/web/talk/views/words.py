"""Words that were said: changing, withdrawing, their file, answering and passing on questions."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.people.models import User
from counterpoise.web.talk import mentions, questions, saying
from counterpoise.web.talk.forms import EditForm, OwnerForm, WordsForm
from counterpoise.web.talk.models import Question, Words, WordsFile
from counterpoise.web.talk.things import Thing, caller_for, readers_of, thing_for
from counterpoise.web.talk.threads import shown_words
from counterpoise.web.talk.views.threads import done
from counterpoise.web.tools.files import download

_REFUSED = 422
_LARGEST_ID = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own words."""
    user = user_of(request)
    words, thing = _found(user, pk)
    if not saying.may_change(user, words):
        raise NotForYouError("Who said it changes it, until a question was answered.")
    if request.method != "POST":
        people = User.objects.in_bulk(mentions.ids_in([words.text]))
        typed = mentions.typed_again(words.text, people, caller_for(user, thing))
        return _asked_for(request, thing, words, edit_form=EditForm(initial={"text": typed}))
    form = EditForm(request.POST)
    if form.is_valid():
        try:
            saying.edit(user, pk, form.cleaned_data["text"])
        except saying.TalkError as error:
            form.add_error("text", str(error))
        except saying.NotYoursError as error:
            raise NotForYouError(str(error)) from error
        else:
            return done(request, thing, "Changed.")
    return _asked_for(request, thing, words, _REFUSED, edit_form=form)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own words."""
    user = user_of(request)
    _, thing = _found(user, pk)
    try:
        saying.withdraw(user, pk)
    except saying.NotYoursError as error:
        raise NotForYouError(str(error)) from error
    return done(request, thing, "Withdrawn.")


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out the file that came along with words."""
    words, _ = _found(user_of(request), pk)
    found = WordsFile.objects.filter(words=words).first()
    if found is None:
        raise Http404("no file")
    return download(found)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question."""
    user = user_of(request)
    question, thing = _question(user, pk)
    if not questions.may_answer(user, question):
        raise NotForYouError("Somebody else than who asked answers, until it is withdrawn.")
    if request.method != "POST":
        form = WordsForm(user, initial={"token": secrets.token_urlsafe(24)})
        return _asked_for(request, thing, question.words, answer_form=form)
    form = WordsForm(user, request.POST, request.FILES)
    if form.is_valid():
        try:
            questions.answer(user, pk, form.said())
        except saying.TalkError as error:
            form.add_error("text", str(error))
        else:
            return done(request, thing, "Answered; who asked is told.")
    return _asked_for(request, thing, question.words, _REFUSED, answer_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a question to somebody else."""
    user = user_of(request)
    question, thing = _question(user, pk)
    if not questions.may_pass_on(user, question):
        raise NotForYouError("Who asked an open question, and who owns it, pass it on.")
    out = {question.words.author_id, question.owner_id}
    people = [each for each in readers_of(thing.name) if each.pk not in out]
    form = OwnerForm(people, caller_for(user, thing), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questions.pass_on(user, pk, form.chosen())
        except saying.TalkError as error:
            form.add_error("owner", str(error))
        except saying.NotYoursError as error:
            raise NotForYouError(str(error)) from error
        else:
            return done(request, thing, "Passed on.")
    status = _REFUSED if request.method == "POST" else 200
    return _asked_for(request, thing, question.words, status, owner_form=form)


def _asked_for(
    request: HttpRequest, thing: Thing, words: Words, status: int = 200, **forms: Any
) -> HttpResponse:
    """Show words with the form that asks what to do with them."""
    said = shown_words(user_of(request), thing, words)
    shown = {"thing": thing, "said": said, **forms}
    return render(request, "talk/words.html", shown, status=status)


def _question(user: User, pk: int) -> tuple[Question, Thing]:
    related = ("words__author", "owner")
    found = (
        Question.objects.select_related(*related).filter(pk=pk).first()
        if pk <= _LARGEST_ID
        else None
    )
    if found is None:
        raise Http404("no such question")
    return found, _thing(user, found.words)


def _found(user: User, pk: int) -> tuple[Words, Thing]:
    related = ("author", "question")
    found = (
        Words.objects.select_related(*related).filter(pk=pk).first() if pk <= _LARGEST_ID else None
    )
    if found is None:
        raise Http404("no such words")
    return found, _thing(user, found)


def _thing(user: User, words: Words) -> Thing:
    thing = thing_for(user, words.thing)
    if thing is None or thing.is_shut:
        raise Http404("no such words, or none that open")
    return thing
