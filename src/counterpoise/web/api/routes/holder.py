"""Who the token of a call stands for."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import example_of
from counterpoise.web.api.shapes import HolderShape

router = Router(tags=["Tokens"])
_EXAMPLE = {
    "name": "Order system",
    "side": "sales",
    "role": "rep",
    "person_id": "P17",
    "is_program": True,
    "scopes": ["decide", "decide-for-any"],
    "expires_on": "2027-06-30",
}


@router.get(
    "token",
    auth=TokenAuth(*TokenScope),
    response=HolderShape,
    operation_id="read_token",
    summary="Who this token stands for",
    openapi_extra=example_of(_EXAMPLE),
)
def read_token(request: HttpRequest) -> HolderShape:
    """Say whose rows open to the token of this call, and what it may do."""
    token = token_of(request)
    return HolderShape(
        name=token.name,
        side=token.user.side,
        role=token.user.role or None,
        person_id=token.user.person_id or None,
        is_program=token.is_program,
        scopes=[scope.value for scope in token.granted],
        expires_on=token.expires_on,
    )
