"""A thread of its own: reading it, saying something, asking somebody."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.agreement import Side
from counterpoise.web.access import user_of
from counterpoise.web.people.models import User
from counterpoise.web.talk import questions, saying
from counterpoise.web.talk.due import promised_within
from counterpoise.web.talk.forms import AskForm, WordsForm
from counterpoise.web.talk.mentions import candidates
from counterpoise.web.talk.showing import thread_shown
from counterpoise.web.talk.states import Kind
from counterpoise.web.talk.things import Thing, caller_for, readers_of, thing_for

_REFUSED = 422


@require_safe
def thread(request: HttpRequest, thing: str) -> HttpResponse:
    """Show everything that was said about a thing."""
    found = opened(request, thing)
    if found.is_shut:
        return redirect(found.url)
    return _page(request, found)


@require_POST
def say(request: HttpRequest, thing: str) -> HttpResponse:
    """Say something about a thing."""
    found = opened(request, thing)
    user = user_of(request)
    form = WordsForm(user, request.POST, request.FILES)
    if form.is_valid():
        try:
            saying.say(user, found.name, form.said())
        except saying.TalkError as error:
            form.add_error("text", str(error))
        else:
            return done(request, found, "Said.")
    return _page(request, found, _REFUSED, say_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, thing: str) -> HttpResponse:
    """Ask somebody about a thing."""
    found = opened(request, thing)
    if found.is_shut:
        return redirect(found.url)
    user = user_of(request)
    if request.method != "POST":
        quoted = request.GET.get("quote", "")
        return _page(request, found, ask_form=_ask_form(user, found, quote=quoted))
    form = _ask_form(user, found, request.POST, request.FILES)
    if form.is_valid():
        within = form.cleaned_data["within"]
        try:
            questions.ask(user, found.name, form.said(), form.chosen(), within)
        except saying.TalkError as error:
            form.add_error("text", str(error))
        else:
            return done(request, found, "Asked. It waits on their home page.")
    return _page(request, found, _REFUSED, ask_form=form)


@require_safe
def names(request: HttpRequest, thing: str) -> HttpResponse:
    """Offer names of people who may open a thing, as somebody types one."""
    found = opened(request, thing)
    if found.is_shut:
        raise Http404("it is opened on its own page first")
    typed = request.GET.get("q", "")[:100]
    called = caller_for(user_of(request), found)
    offered = candidates(found.name, typed, called)
    return render(request, "talk/_names.html", {"names": offered})


def opened(request: HttpRequest, name: str) -> Thing:
    """Return a thing that opens to who asks.

    Raises:
        Http404: If none does.
    """
    found = thing_for(user_of(request), name)
    if found is None or (found.is_shut and request.method == "POST"):
        raise Http404("no such thing, or none that opens")
    return found


def done(request: HttpRequest, thing: Thing, says: str) -> HttpResponse:
    """Show the thread anew where a script asked for it alone, else go back to the thing's page."""
    if request.headers.get("HX-Request"):
        shown = thread_shown(request, thing, is_open=True)
        return render(request, "talk/_thread.html", shown)
    messages.success(request, says)
    where = thing.url_of_thread if thing.kind is Kind.CLAUSE else thing.url
    return redirect(f"{where}#talk")


def _page(request: HttpRequest, thing: Thing, status: int = 200, **forms: Any) -> HttpResponse:
    shown = thread_shown(request, thing, is_whole=True, **forms)
    if request.headers.get("HX-Request"):  # a script puts in what it gets only where all is well
        part = "talk/_ask.html" if "ask_form" in forms else "talk/_thread.html"
        return render(request, part, shown)
    return render(request, "talk/thread.html", shown, status=status)


def _ask_form(
    user: User, thing: Thing, given: Any = None, files: Any = None, quote: str = ""
) -> AskForm:
    other = {Side.SALES: Side.MARKETING, Side.MARKETING: Side.SALES}.get(Side(user.side))
    promised = promised_within(other) if other else ""
    called = caller_for(user, thing)
    initial = {"token": secrets.token_urlsafe(24), "quote": quote}
    people = readers_of(thing.name)
    return AskForm(user, people, promised, called, given, files, initial=initial)
