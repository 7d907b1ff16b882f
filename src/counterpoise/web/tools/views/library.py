"""The library, one tool, its form and its file."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.tools import editing
from counterpoise.web.tools.acts import acts_for
from counterpoise.web.tools.files import download
from counterpoise.web.tools.forms import ToolForm
from counterpoise.web.tools.helping import told_of, used_ids
from counterpoise.web.tools.library import Card, card_of, counts_by_tool
from counterpoise.web.tools.lists import (
    Asked,
    library_page,
    persona_name,
    suggestions,
    value_names,
)
from counterpoise.web.tools.models import LONGEST_LINE, Message, ToolFile, Use
from counterpoise.web.tools.rights import may_make, may_use
from counterpoise.web.tools.states import MessageKind, MessageState

_REFUSED = 422
_LATEST = 20


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Show the library by objection."""
    user = user_of(request)
    page = library_page(user, Asked.of(request.GET.dict()), used_ids(latest()))
    open_ones = Message.objects.filter(state=MessageState.OPEN)
    shown = {
        "page": page,
        "requests": open_ones.filter(kind=MessageKind.REQUEST).count(),
        "notes": open_ones.filter(kind=MessageKind.NOTE).count(),
    }
    return render(request, "tools/library.html", shown)


@require_safe
def tool(request: HttpRequest, tool_id: str) -> HttpResponse:
    """Show one tool."""
    user, card = user_of(request), _found(tool_id)
    deal = request.GET.get("deal", "").replace("\x00", "")[:200]
    (acts,) = acts_for(user, [card], deal, request.get_full_path())
    today = timezone.localdate()
    shown = {
        "card": card,
        "acts": acts,
        "values": value_names(card),
        "persona": persona_name(card),
        "told": told_of(tool_id, latest()),
        "counts": counts_by_tool().get(tool_id),
        "mine": Use.objects.filter(user=user, tool_id=tool_id)[:_LATEST] if may_use(user) else (),
        "may_make": may_make(user),
        "is_over": card.is_over(today),
        "ends_soon": card.ends_soon(today),
        "today": today,
    }
    return render(request, "tools/tool.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a tool, also one that answers a request."""
    user = _maker(request)
    answers = request.GET.get("answers", "") or request.POST.get("answers", "")
    asked = _request_answered(answers)
    if request.method != "POST":
        form = ToolForm(
            initial={"token": secrets.token_urlsafe(24), "owner": user.pk, **_of(asked, request)}
        )
        return _form(request, form, answers=asked)
    form = ToolForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, answers=asked, status=_REFUSED)
    made = editing.make(user, form.written(), form.cleaned_data["token"])
    if asked is not None and asked.is_open:
        messages.success(request, "The tool stands in the library. Now answer with it.")
        return redirect(f"{_message_url(asked)}?tool={made.tool_id}#answering")
    messages.success(request, "The tool stands in the library; the desk offers it where it fits.")
    return redirect("tools:tool", made.tool_id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, tool_id: str) -> HttpResponse:
    """Change a tool, or add to an imported one."""
    user, card = _maker(request), _found(tool_id)
    if request.method != "POST":
        form = ToolForm(card=card, initial={"token": secrets.token_urlsafe(24)})
        return _form(request, form, card)
    form = ToolForm(request.POST, request.FILES, card=card)
    if not form.is_valid():
        return _form(request, form, card, status=_REFUSED)
    try:
        editing.change(user, tool_id, form.cleaned_data["revision"], form.written())
    except editing.ChangedMeanwhileError as error:
        form.add_error(None, str(error))
        return _form(request, form, card, status=_REFUSED)
    messages.success(request, "Changed.")
    return redirect("tools:tool", tool_id)


@require_POST
def retire(request: HttpRequest) -> HttpResponse:
    """Offer a tool no longer, or again."""
    user, card = _maker(request), _found(request.POST.get("tool", ""))
    back = request.POST.get("back") == "1"
    editing.retire(user, card.tool_id, back=back)
    messages.success(request, "It is offered again." if back else "It is not offered any more.")
    return redirect("tools:tool", card.tool_id)


@require_safe
def file(request: HttpRequest, tool_id: str) -> HttpResponse:  # noqa: ARG001 - all read
    """Give out the file of a tool."""
    found = ToolFile.objects.filter(tool__tool_id=tool_id.replace("\x00", "")).first()
    if found is None:
        raise Http404("no such file")
    return download(found)


def _found(tool_id: str) -> Card:
    card = card_of(tool_id)
    if card is None:
        raise Http404("no such tool")
    return card


def _maker(request: HttpRequest) -> User:
    user = user_of(request)
    if not may_make(user):
        raise NotForYouError("Marketing makes and edits tools; sellers ask for one.")
    return user


def _request_answered(text: str) -> Message | None:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return Message.objects.filter(pk=int(text), kind=MessageKind.REQUEST).first()


def _of(asked: Message | None, request: HttpRequest) -> dict[str, str]:
    """Return what a new tool is for: what was asked for, or what the address says."""
    names = ("objection", "product_family", "persona", "competitor")
    if asked is not None:
        return {name: getattr(asked, name) for name in names}
    return {name: request.GET.get(name, "").replace("\x00", "")[:LONGEST_LINE] for name in names}


def _message_url(message: Message) -> str:
    return reverse("tools:message", args=[message.pk])


def _form(
    request: HttpRequest,
    form: ToolForm,
    card: Card | None = None,
    answers: Message | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {"form": form, "card": card, "answers": answers, "lists": suggestions()}
    return render(request, "tools/form.html", shown, status=status)
