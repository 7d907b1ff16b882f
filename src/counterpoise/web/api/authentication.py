"""Who calls: the token of a call, what it may do, and whether it calls too often."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from counterpoise.web.api.models import Token
from counterpoise.web.api.problems import refused
from counterpoise.web.api.rates import Buckets
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import find, note_use


class TokenAuth(HttpBearer):
    """Let a call in whose token has one of these scopes."""

    def __init__(self, *scopes: TokenScope) -> None:
        super().__init__()
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> Token:
        """Return the token of a call.

        Raises:
            ApiError: If there is none that opens, it may not do this, or it calls too often.
        """
        token: Token | None = super().__call__(request)
        if token is None:
            raise refused(
                "no-token",
                "Send a token that is neither expired nor revoked as `Authorization: Bearer …`.",
                status=401,
                WWW_Authenticate='Bearer realm="counterpoise"',
            )
        if not any(token.may(scope) for scope in self.scopes):
            wanted = " or ".join(self.scopes)
            raise refused("scope-missing", f"This token lacks the scope {wanted}.", status=403)
        take_calls(token, 1)
        note_use(token)
        return token

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Return the token that a text stands for."""
        return find(token)


def token_of(request: HttpRequest) -> Token:
    """Return the token that let a call in."""
    return cast("Token", request.auth)  # type: ignore[attr-defined]


def take_calls(token: Token, calls: int) -> None:
    """Count calls of a token against its rate.

    Raises:
        ApiError: If it has called too often.
    """
    seconds = math.ceil(buckets().wait(token.pk, calls))
    if seconds:
        says = f"This token calls too often; call again in {seconds} s."
        raise refused("too-many-calls", says, status=429, Retry_After=str(seconds))


@lru_cache(maxsize=1)
def buckets() -> Buckets:
    """Return this process's share of the rate that the workspace sets."""
    share = settings.ROOM.calls_a_minute / settings.ROOM.workers
    return Buckets(a_minute=share, burst=max(1.0, share))
