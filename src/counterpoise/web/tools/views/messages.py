"""Requests for tools and notes from customers: the lists, one, and what is done about it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages as told
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.tools import messages
from counterpoise.web.tools.forms import MessageForm, OwnerForm, ToolAnswerForm, WordsForm
from counterpoise.web.tools.inbox import STANDINGS, inbox, shown_message
from counterpoise.web.tools.library import offered_cards
from counterpoise.web.tools.lists import suggestions
from counterpoise.web.tools.models import Message
from counterpoise.web.tools.rights import NoDealError, NotYoursError, may_make, may_use
from counterpoise.web.tools.states import MessageKind

_REFUSED = 422
_LARGEST_ID = 2**63 - 1
_ABOUT = ("objection", "product_family", "persona", "competitor", "deal_id", "account_id")
_LABELS = {
    MessageKind.REQUEST: "What do you need, and what would you do with it?",
    MessageKind.NOTE: "What did you hear?",
}
_SENT = {
    MessageKind.REQUEST: "Asked. Marketing sees it now.",
    MessageKind.NOTE: "Told. Marketing reads it now.",
}


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List the requests for tools."""
    return _listed(request, MessageKind.REQUEST)


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """List what was heard from customers."""
    return _listed(request, MessageKind.NOTE)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask marketing for a tool."""
    return _sending(request, MessageKind.REQUEST)


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Tell marketing what was heard from customers."""
    return _sending(request, MessageKind.NOTE)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one message."""
    return _shown(request, _found(pk))


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a message: a request with a tool, a note in words."""
    found = _found(pk)
    form: ToolAnswerForm | WordsForm
    if found.is_request:
        form = ToolAnswerForm(offered_cards(), request.POST)
    else:
        form = WordsForm("Your answer", "", request.POST, "answer")

    def act() -> None:
        given = form.cleaned_data
        messages.answer(user_of(request), pk, given["text"], given.get("tool_id", ""))

    return _done(request, found, ("answer_form", form), act, "Answered; who asked is told.")


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline a request with a reason."""
    found = _found(pk)
    form = WordsForm("The reason", "", request.POST, "decline")

    def act() -> None:
        messages.decline(user_of(request), pk, form.cleaned_data["text"])

    return _done(request, found, ("decline_form", form), act, "Declined; who asked is told why.")


@require_POST
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a message another owner."""
    found = _found(pk)
    form = OwnerForm(found.owner_id, request.POST)

    def act() -> None:
        messages.pass_on(user_of(request), pk, form.chosen())

    return _done(request, found, ("owner_form", form), act, "Passed on.")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own message."""
    found = _found(pk)
    try:
        messages.withdraw(user_of(request), pk)
    except NotYoursError as error:
        raise NotForYouError(str(error)) from error
    except messages.SettledMeanwhileError as error:
        told.error(request, str(error))
    else:
        told.success(request, "Taken back.")
    return redirect("tools:message", found.pk)


def _found(pk: int) -> Message:
    related = ("sender", "owner", "settled_by")
    found = (
        Message.objects.select_related(*related).filter(pk=pk).first()
        if pk <= _LARGEST_ID
        else None
    )
    if found is None:
        raise Http404("no such message")
    return found


def _listed(request: HttpRequest, kind: MessageKind) -> HttpResponse:
    user = user_of(request)
    page = inbox(user, kind, request.GET.dict())
    shown = {
        "page": page,
        "kind": kind.value,
        "standings": STANDINGS.items(),
        "may_send": may_use(user),
        "may_answer": may_make(user),
    }
    return render(request, "tools/messages.html", shown)


def _sending(request: HttpRequest, kind: MessageKind) -> HttpResponse:
    user = user_of(request)
    if not may_use(user):
        raise NotForYouError("Sellers write to marketing here; marketing answers.")
    given = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in _ABOUT}
    initial = {**given, "token": secrets.token_urlsafe(24)}
    form = MessageForm(request.POST or None, label=_LABELS[kind], initial=initial)
    if request.method == "POST" and form.is_valid():
        about = messages.About(**{name: form.cleaned_data[name] for name in _ABOUT})
        token, text = form.cleaned_data["token"], form.cleaned_data["text"]
        try:
            sent = messages.send(user, kind, text, about, token)
        except NoDealError as error:
            form.add_error("deal_id", str(error))
        except messages.MessageError as error:
            form.add_error(None, str(error))
        else:
            told.success(request, _SENT[kind])
            return redirect("tools:message", sent.pk)
    shown = {"form": form, "kind": kind.value, "lists": suggestions()}
    status = _REFUSED if request.method == "POST" else 200
    return render(request, "tools/send.html", shown, status=status)


def _shown(
    request: HttpRequest, found: Message, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    user = user_of(request)
    shown: dict[str, Any] = {"shown": shown_message(user, found), "message": found}
    if messages.may_answer(user, found):
        if found.is_request:
            chosen = {"tool_id": request.GET.get("tool", "")}
            shown["answer_form"] = ToolAnswerForm(offered_cards(), initial=chosen)
            reason = "Both sides read it."
            shown["decline_form"] = WordsForm("The reason", reason, prefix="decline")
        else:
            shown["answer_form"] = WordsForm("Your answer", prefix="answer")
    if found.is_open and may_make(user):
        shown["owner_form"] = OwnerForm(found.owner_id)
    shown["may_withdraw"] = found.is_open and found.sender_id == user.pk
    return render(request, "tools/message.html", shown | (forms or {}), status=status)


def _done(
    request: HttpRequest,
    found: Message,
    named: tuple[str, Any],
    act: Callable[[], None],
    says: str,
) -> HttpResponse:
    """Do what a form asks where the person may, or show the page again with what is wrong."""
    name, form = named
    user = user_of(request)
    may = may_make(user) if name == "owner_form" else found.sender_id != user.pk and may_make(user)
    if not may:
        raise NotForYouError("Somebody of marketing answers this, never who sent it.")
    if not form.is_valid():
        return _shown(request, found, {name: form}, _REFUSED)
    try:
        act()
    except messages.MessageError as error:
        form.add_error(None, str(error))
        return _shown(request, found, {name: form}, _REFUSED)
    except messages.SettledMeanwhileError as error:
        told.error(request, str(error))
    else:
        told.success(request, says)
    return redirect("tools:message", found.pk)
