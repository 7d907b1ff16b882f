"""Transfers between budgets, and thanks, by programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import PathEx, Router, Schema
from ninja.params import P

from counterpoise.agreement import Side
from counterpoise.web.access import NotForYouError, signers_of
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.filling import done, filled, form_token
from counterpoise.web.api.idempotency import KEY
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of, json_answer
from counterpoise.web.api.tool_shapes import LARGEST_ID
from counterpoise.web.api.written import written_of
from counterpoise.web.people.models import User
from counterpoise.web.promises import transfers
from counterpoise.web.promises.budgets import budgets_of
from counterpoise.web.promises.forms import DeclineForm, TransferForm
from counterpoise.web.promises.models import LONGEST_REASON, Transfer
from counterpoise.web.promises.states import TransferState
from counterpoise.web.promises.written import transfer_object
from counterpoise.web.results.reading import latest
from counterpoise.web.thanks import thanking
from counterpoise.web.thanks.models import Thank
from counterpoise.web.thanks.written import deed_object, thank_object

router = Router(tags=["Both sides"])
_READ = TokenAuth(TokenScope.READ, TokenScope.BUDGETS)
_MOVE = TokenAuth(TokenScope.BUDGETS)
_READ_THANKS = TokenAuth(TokenScope.READ, TokenScope.TALK)
_THANK = TokenAuth(TokenScope.TALK)
_SHOWN = 60

TransferId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of a transfer.")]


class SignerShape(Schema):
    """Who proposed a transfer, or answered it."""

    id: int
    name: str


class TransferShape(Schema):
    """Money that moves from one budget to another once both sides have signed."""

    id: int
    from_budget: str
    to_budget: str
    amount: float
    reason: str
    first_on: dt.date
    """The first day of the period of both budgets."""
    state: TransferState
    proposed_by: SignerShape
    proposed_side: Side
    proposed_at: dt.datetime
    settled_by: SignerShape | None
    settled_at: dt.datetime | None
    answer: str


class TransfersShape(Schema):
    """Transfers, the latest first."""

    transfers: list[TransferShape]


class GoodTurnShape(Schema):
    """Something that somebody of the other side did for the token's person."""

    key: str
    says: str
    url: str
    at: dt.datetime
    by: SignerShape | None
    is_thanked: bool


class ThankShape(Schema):
    """Thanks that were said."""

    giver: SignerShape
    taker: SignerShape
    says: str
    url: str
    at: dt.datetime


class ThanksShape(Schema):
    """What may be thanked for, and the thanks that came."""

    deeds: list[GoodTurnShape]
    came: list[ThankShape]


_LEAD, _OTHER = {"id": 3, "name": "Hugo Imhof"}, {"id": 4, "name": "Olga Eastham"}
_TRANSFER: dict[str, Any] = {
    "id": 2,
    "from_budget": "concessions",
    "to_budget": "promotions",
    "amount": 12000.0,
    "reason": "A display beats a deeper price.",
    "first_on": "2026-04-01",
    "state": "open",
    "proposed_by": _LEAD,
    "proposed_side": "sales",
    "proposed_at": "2026-06-10T10:00:00+00:00",
    "settled_by": None,
    "settled_at": None,
    "answer": "",
}
_ANSWERED = {"settled_by": _OTHER, "settled_at": "2026-06-11T08:00:00+00:00"}
_PROPOSED = {
    "type": "object",
    "required": ["from_budget", "to_budget", "amount", "reason"],
    "properties": {
        "from_budget": {"type": "string"},
        "to_budget": {"type": "string"},
        "amount": {"type": ["number", "string"]},
        "reason": {"type": "string", "minLength": 1, "maxLength": LONGEST_REASON},
        "side": {
            "type": ["string", "null"],
            "enum": ["sales", "marketing", None],
            "description": "Needed of who signs for both.",
        },
    },
}
_DECLINED = {
    "type": "object",
    "required": ["answer"],
    "properties": {"answer": {"type": "string", "minLength": 1, "maxLength": LONGEST_REASON}},
}
_THANKED = {
    "type": "object",
    "required": ["key"],
    "properties": {"key": {"type": "string", "minLength": 1, "maxLength": 300}},
}
_SAID = {
    "giver": _LEAD,
    "taker": _OTHER,
    "says": "A lead of Uptime week became a deal",
    "url": "/desk/deals/D1/",
    "at": "2026-06-10T10:00:00+00:00",
}
_DEED = {
    "key": "deal:D1:won",
    **{name: _SAID[name] for name in ("says", "url", "at")},
    "by": _OTHER,
    "is_thanked": False,
}
_WANTED = {name: _TRANSFER[name] for name in ("from_budget", "to_budget", "amount", "reason")}


@router.get(
    "transfers",
    auth=_READ,
    response=TransfersShape,
    operation_id="list_transfers",
    summary="Transfers between budgets",
    openapi_extra=example_of({"transfers": [_TRANSFER]}),
)
def list_transfers(request: HttpRequest) -> HttpResponse:
    """List the latest transfers; both sides see the same."""
    found = Transfer.objects.select_related("proposed_by", "settled_by")[:_SHOWN]
    return json_answer({"transfers": [transfer_object(each) for each in found]})


@router.post(
    "transfers",
    auth=_MOVE,
    response={201: TransferShape},
    operation_id="propose_transfer",
    summary="Propose a transfer",
    openapi_extra={**KEY, **body_of(_PROPOSED, _WANTED), **example_of(_TRANSFER, status=201)},
)
def propose_transfer(request: HttpRequest) -> HttpResponse:
    """Propose to move money between budgets, which signs it for one's own side."""
    names = ("from_budget", "to_budget", "reason", "side")
    given = written_of(request.body, (*names, "amount"))
    told: dict[str, Any] = {name: given.text(name) for name in names}
    told |= {"amount": str(given.parts.get("amount", "")), "token": form_token()}

    def act(user: User) -> object:
        sides = signers_of(user)
        if not sides:
            raise NotForYouError("Only who signs for a side moves budgets.")
        side = told["side"] or (next(iter(sides)).value if len(sides) == 1 else "")
        form = filled(TransferForm(budgets_of(latest()), sides, {**told, "side": side}))
        named = ("from_budget", "to_budget", "amount", "reason", "token")
        wanted = transfers.Wanted(**{name: form.cleaned_data[name] for name in named})
        chosen = Side(form.cleaned_data["side"])
        return transfer_object(transfers.propose(user, wanted, chosen, timezone.now()))

    return done(request, act, 201)


@router.post(
    "transfers/{transfer_id}/sign",
    auth=_MOVE,
    response=TransferShape,
    operation_id="sign_transfer",
    summary="Sign a transfer for the other side",
    openapi_extra={**KEY, **example_of({**_TRANSFER, **_ANSWERED, "state": "signed"})},
)
def sign_transfer(request: HttpRequest, transfer_id: TransferId) -> HttpResponse:
    """Sign a transfer that the other side proposed; it counts from then on."""
    _found(transfer_id)
    return done(
        request,
        lambda user: transfer_object(transfers.sign(user, transfer_id, timezone.now())),
    )


@router.post(
    "transfers/{transfer_id}/decline",
    auth=_MOVE,
    response=TransferShape,
    operation_id="decline_transfer",
    summary="Decline a transfer",
    openapi_extra={
        **KEY,
        **body_of(_DECLINED, {"answer": "The quarter is not over."}),
        **example_of({**_TRANSFER, **_ANSWERED, "state": "declined"}),
    },
)
def decline_transfer(request: HttpRequest, transfer_id: TransferId) -> HttpResponse:
    """Decline a transfer with a reason."""
    _found(transfer_id)
    told = {"answer": written_of(request.body, ("answer",)).text("answer")}
    answer = filled(DeclineForm(told)).cleaned_data["answer"]
    return done(
        request,
        lambda user: transfer_object(transfers.decline(user, transfer_id, answer, timezone.now())),
    )


@router.post(
    "transfers/{transfer_id}/withdraw",
    auth=_MOVE,
    response=TransferShape,
    operation_id="withdraw_transfer",
    summary="Take back a transfer",
    openapi_extra={**KEY, **example_of({**_TRANSFER, **_ANSWERED, "state": "withdrawn"})},
)
def withdraw_transfer(request: HttpRequest, transfer_id: TransferId) -> HttpResponse:
    """Take back one's own transfer that the other side has not signed."""
    _found(transfer_id)
    return done(
        request,
        lambda user: transfer_object(transfers.withdraw(user, transfer_id, timezone.now())),
    )


@router.get(
    "thanks",
    auth=_READ_THANKS,
    response=ThanksShape,
    operation_id="list_thanks",
    summary="What the other side did, and thanks that came",
    openapi_extra=example_of({"deeds": [_DEED], "came": []}),
)
def list_thanks(request: HttpRequest) -> HttpResponse:
    """List what the other side did lately for the token's person, and thanks that they got."""
    user = token_of(request).user
    thanked = thanking.thanked_for(user)
    deeds = thanking.done_for(user, timezone.now())[:_SHOWN]
    came = Thank.objects.filter(taker=user).select_related("giver", "taker")[:_SHOWN]
    return json_answer(
        {
            "deeds": [deed_object(each, is_thanked=each.key in thanked) for each in deeds],
            "came": [thank_object(each) for each in came],
        }
    )


@router.post(
    "thanks",
    auth=_THANK,
    response={201: ThankShape},
    operation_id="say_thanks",
    summary="Thank for something",
    openapi_extra={
        **KEY,
        **body_of(_THANKED, {"key": "deal:D1:won"}),
        **example_of(_SAID, status=201),
    },
)
def say_thanks(request: HttpRequest) -> HttpResponse:
    """Thank for something that the other side did; the same is thanked for once."""
    key = written_of(request.body, ("key",)).text("key")[:300]
    return done(request, lambda user: thank_object(thanking.thank(user, key, timezone.now())), 201)


def _found(transfer_id: int) -> None:
    if not Transfer.objects.filter(pk=transfer_id).exists():
        raise refused("not-there", "There is no such transfer.", status=404)
