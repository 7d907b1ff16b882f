"""Value tools for programs: the library, uses, and messages from sellers to marketing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import PathEx, QueryEx, Router
from ninja.params import P

from counterpoise.desk import RequestError
from counterpoise.desk.request import Problem
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.filling import filled, form_token
from counterpoise.web.api.idempotency import KEY, once
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of, json_answer
from counterpoise.web.api.tool_shapes import (
    ABOUT,
    CHANGED_TOOL,
    LARGEST_ID,
    MESSAGE,
    NEW_TOOL,
    PASSED_ON,
    RETIRED,
    SENT,
    SETTLED,
    TOOL,
    USE,
    USED,
    ToolMessageShape,
    ToolMessagesShape,
    ToolShape,
    ToolsShape,
    UseShape,
)
from counterpoise.web.api.written import Written, written_of
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.results.tools import kept_tools
from counterpoise.web.tools import editing, messages, using
from counterpoise.web.tools.forms import ToolForm
from counterpoise.web.tools.library import Card, card_of, cards, counts_by_tool
from counterpoise.web.tools.models import LONGEST_LINE, Message, Use
from counterpoise.web.tools.rights import may_make
from counterpoise.web.tools.states import MessageKind, MessageState
from counterpoise.web.tools.written import message_object, tool_object, use_object

router = Router(tags=["Tools"])
_READ = TokenAuth(TokenScope.READ, TokenScope.TOOLS)
_ACT = TokenAuth(TokenScope.TOOLS)
_A_PAGE = 50
_FIELDS = (
    "title",
    "kind",
    "objection",
    "sentence",
    "proof",
    "question",
    "link",
    "value_ids",
    "product_family",
    "persona",
    "competitor",
    "stage",
    "owner",
    "expires_on",
)
_NO_TOOL = "No such tool; GET tools lists them."

ToolId = PathEx[str, P(pattern="^[^/\x00-\x1f]{1,200}$", description="The id of a tool.")]
UseId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of a use.")]
MessageId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of a message.")]
Page = QueryEx[int, P(ge=1, le=100_000, description="The page; 50 a page.")]


@router.get(
    "tools",
    auth=_READ,
    response=ToolsShape,
    operation_id="list_tools",
    summary="The library",
    openapi_extra=example_of({"tools": [TOOL]}),
)
def list_tools(request: HttpRequest) -> HttpResponse:
    """List every tool by title, retired and expired ones too."""
    counts = counts_by_tool()
    return json_answer({"tools": [tool_object(each, counts.get(each.tool_id)) for each in cards()]})


@router.post(
    "tools",
    auth=_ACT,
    response={201: ToolShape},
    operation_id="make_tool",
    summary="Make a tool",
    openapi_extra={
        **KEY,
        **body_of(NEW_TOOL, {"title": "Downtime calculator", "product_family": "Pumps"}),
        "responses": {201: {"content": {"application/json": {"example": TOOL}}}},
    },
)
def make_tool(request: HttpRequest) -> HttpResponse:
    """Make a tool as marketing does; its file is brought on its page."""
    token = token_of(request)
    _refuse_unless_making(token.user)
    given = written_of(request.body, _FIELDS)

    def act() -> HttpResponse:
        form = _checked(given)
        made = editing.make(token.user, form.written(), form.cleaned_data["token"])
        return json_answer(_tool(made.tool_id), 201)

    return once(request, token, act)


@router.get(
    "tools/{tool_id}",
    auth=_READ,
    response=ToolShape,
    operation_id="read_tool",
    summary="One tool",
    openapi_extra=example_of(TOOL),
)
def read_tool(request: HttpRequest, tool_id: ToolId) -> HttpResponse:
    """Return a tool."""
    return json_answer(_tool(tool_id))


@router.post(
    "tools/{tool_id}",
    auth=_ACT,
    response=ToolShape,
    operation_id="change_tool",
    summary="Change a tool",
    openapi_extra={
        **KEY,
        **body_of(CHANGED_TOOL, {"revision": 1, "title": "Downtime calculator"}),
        **example_of({**TOOL, "revision": 2}),
    },
)
def change_tool(request: HttpRequest, tool_id: ToolId) -> HttpResponse:
    """Change a tool that stands at a revision; what is left out becomes empty."""
    token = token_of(request)
    _refuse_unless_making(token.user)
    card = _card(tool_id)
    given = written_of(request.body, (*_FIELDS, "revision"))

    def act() -> HttpResponse:
        form = _checked(given, card)
        editing.change(token.user, tool_id, form.cleaned_data["revision"], form.written())
        return json_answer(_tool(tool_id))

    return once(request, token, act)


@router.post(
    "tools/{tool_id}/retire",
    auth=_ACT,
    response=ToolShape,
    operation_id="retire_tool",
    summary="Offer a tool no longer, or again",
    openapi_extra={**KEY, **body_of(RETIRED, {"is_retired": True}), **example_of(TOOL)},
)
def retire_tool(request: HttpRequest, tool_id: ToolId) -> HttpResponse:
    """Retire a tool, or take it back into the offer."""
    token = token_of(request)
    _refuse_unless_making(token.user)
    _card(tool_id)
    is_retired = _flag(written_of(request.body, ("is_retired",)), "is_retired")

    def act() -> HttpResponse:
        editing.retire(token.user, tool_id, back=not is_retired)
        return json_answer(_tool(tool_id))

    return once(request, token, act)


@router.post(
    "tools/{tool_id}/use",
    auth=_ACT,
    response=UseShape,
    operation_id="use_tool",
    summary="Say that a tool was used",
    openapi_extra={**KEY, **body_of(USED, {"deal_id": "D1"}), **example_of(USE)},
)
def use_tool(request: HttpRequest, tool_id: ToolId) -> HttpResponse:
    """Say that a tool was used today on a deal, or none; it counts once a day."""
    token = token_of(request)
    _card(tool_id)
    given = written_of(request.body, ("deal_id", "helped"))
    deal_id, helped = given.text("deal_id").strip(), _flag(given, "helped")

    def act() -> HttpResponse:
        return json_answer(use_object(using.use(token.user, tool_id, deal_id, helped=helped)))

    return once(request, token, act)


@router.post(
    "tool-uses/{use_id}/helped",
    auth=_ACT,
    response=UseShape,
    operation_id="say_tool_helped",
    summary="Say that a tool helped",
    openapi_extra={**KEY, **example_of({**USE, "helped": True})},
)
def say_tool_helped(request: HttpRequest, use_id: UseId) -> HttpResponse:
    """Say of one's own use that the tool helped."""
    token = token_of(request)
    found = get_object_or_404(Use, pk=use_id, user=token.user)

    def act() -> HttpResponse:
        using.helped(token.user, found.pk)
        found.refresh_from_db()
        return json_answer(use_object(found))

    return once(request, token, act)


@router.get(
    "tool-messages",
    auth=_READ,
    response=ToolMessagesShape,
    operation_id="list_tool_messages",
    summary="Requests for tools, and what was heard from customers",
    openapi_extra=example_of({"messages": [MESSAGE], "page": 1, "more": False}),
)
def list_tool_messages(
    request: HttpRequest,
    kind: MessageKind = MessageKind.REQUEST,
    state: MessageState | None = None,
    page: Page = 1,
) -> HttpResponse:
    """List messages, the latest first; both sides see the same."""
    user = token_of(request).user
    found = Message.objects.filter(kind=kind).select_related("sender", "owner", "settled_by")
    if state is not None:
        found = found.filter(state=state)
    start = (page - 1) * _A_PAGE
    rows = list(found[start : start + _A_PAGE + 1])
    shown = [message_object(user, each) for each in rows[:_A_PAGE]]
    return json_answer({"messages": shown, "page": page, "more": len(rows) > _A_PAGE})


@router.post(
    "tool-messages",
    auth=_ACT,
    response={201: ToolMessageShape},
    operation_id="send_tool_message",
    summary="Ask for a tool, or tell what you heard",
    openapi_extra={
        **KEY,
        **body_of(SENT, {"kind": "request", "text": "They say Delta is cheaper."}),
        "responses": {201: {"content": {"application/json": {"example": MESSAGE}}}},
    },
)
def send_tool_message(request: HttpRequest) -> HttpResponse:
    """Send marketing a message as a seller does; it gets an owner and the promised time."""
    token = token_of(request)
    given = written_of(request.body, ("kind", "text", *ABOUT))
    kind = given.word("kind", MessageKind)
    about = {name: given.text(name).strip() for name in ABOUT}
    _refuse_long({name: value for name, value in about.items() if len(value) > LONGEST_LINE})

    def act() -> HttpResponse:
        named = messages.About(**about)
        made = messages.send(token.user, kind, given.text("text"), named, form_token())
        return json_answer(message_object(token.user, made), 201)

    return once(request, token, act)


@router.get(
    "tool-messages/{message_id}",
    auth=_READ,
    response=ToolMessageShape,
    operation_id="read_tool_message",
    summary="One message",
    openapi_extra=example_of(MESSAGE),
)
def read_tool_message(request: HttpRequest, message_id: MessageId) -> HttpResponse:
    """Return a message."""
    found = get_object_or_404(Message, pk=message_id)
    return json_answer(message_object(token_of(request).user, found))


@router.post(
    "tool-messages/{message_id}/settle",
    auth=_ACT,
    response=ToolMessageShape,
    operation_id="settle_tool_message",
    summary="Answer, decline or take back a message",
    openapi_extra={
        **KEY,
        **body_of(SETTLED, {"state": "answered", "tool_id": "room-4f1c2a9b7d"}),
        **example_of({**MESSAGE, "state": "answered", "tool_id": "room-4f1c2a9b7d"}),
    },
)
def settle_tool_message(request: HttpRequest, message_id: MessageId) -> HttpResponse:
    """Answer a request with a tool and a note in words, decline with a reason, or take it back."""
    get_object_or_404(Message, pk=message_id)
    given = written_of(request.body, ("state", "text", "tool_id"))
    state, text = given.word("state", MessageState), given.text("text")
    tool_id = given.text("tool_id")
    if state is MessageState.OPEN:
        raise RequestError([Problem("state", "answered, declined or withdrawn belongs here")])

    def settle(user: User) -> Message:
        if state is MessageState.ANSWERED:
            return messages.answer(user, message_id, text, tool_id)
        if state is MessageState.DECLINED:
            return messages.decline(user, message_id, text)
        return messages.withdraw(user, message_id)

    return _done(request, settle)


@router.post(
    "tool-messages/{message_id}/pass-on",
    auth=_ACT,
    response=ToolMessageShape,
    operation_id="pass_on_tool_message",
    summary="Give a message another owner",
    openapi_extra={**KEY, **body_of(PASSED_ON, {"owner": 5}), **example_of(MESSAGE)},
)
def pass_on_tool_message(request: HttpRequest, message_id: MessageId) -> HttpResponse:
    """Give a message another owner of marketing."""
    get_object_or_404(Message, pk=message_id)
    number = written_of(request.body, ("owner",)).number("owner")
    owner = User.objects.filter(pk=number or 0).first()
    if owner is None:
        raise RequestError([Problem("owner", "nobody has this number")])
    return _done(request, lambda user: messages.pass_on(user, message_id, owner))


@router.get(
    "tool-results",
    auth=_READ,
    response=dict[str, Any],
    operation_id="read_tool_results",
    summary="What tools go with",
    openapi_extra=example_of({"why": "", "used": [], "unused": [], "gaps": []}),
)
def read_tool_results(request: HttpRequest) -> HttpResponse:
    """Return what the latest review found: what tools go with, which lie unused, where one lacks.

    Differences are association at the same mix, with their intervals.
    """
    kept = latest()
    found = kept_tools(kept) if kept else None
    if found is None:
        raise refused("not-there", "No review has measured tools yet.", status=404)
    return json_answer(found)


def _tool(tool_id: str) -> dict[str, Any]:
    return tool_object(_card(tool_id), counts_by_tool().get(tool_id))


def _card(tool_id: str) -> Card:
    card = card_of(tool_id)
    if card is None:
        raise refused("not-there", _NO_TOOL, status=404)
    return card


def _checked(given: Written, card: Card | None = None) -> ToolForm:
    """Read a tool through the form that people fill in.

    Raises:
        RequestError: If something in it is wrong.
    """
    told = {name: value for name, value in given.parts.items() if value is not None}
    return filled(ToolForm({"revision": 0, **told, "token": form_token()}, card=card))


def _flag(given: Written, name: str) -> bool:
    found = given.parts.get(name)
    if found is not None and not isinstance(found, bool):
        raise RequestError([Problem(name, "true or false belongs here")])
    return bool(found)


def _refuse_long(found: dict[str, str]) -> None:
    if found:
        says = f"at most {LONGEST_LINE} characters belong here"
        raise RequestError([Problem(name, says) for name in found])


def _refuse_unless_making(user: User) -> None:
    if not may_make(user):
        raise refused("not-open", "Marketing makes and edits tools.", status=403)


def _done(request: HttpRequest, do: Callable[[User], Message]) -> HttpResponse:
    """Do something to a message once, and return it as it then stands."""
    token = token_of(request)
    return once(request, token, lambda: json_answer(message_object(token.user, do(token.user))))
