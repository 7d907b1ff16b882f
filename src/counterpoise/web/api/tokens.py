"""Making a token, knowing it again, and taking it back."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.api.models import Token
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.audit.entries import record

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

MARK = "cpt"
"""Starts every token, so that scanners for leaked secrets can find them."""

LONGEST_DAYS = 365
_PREFIX_BYTES, _SECRET_BYTES = 6, 32


class TokenRefusedError(CounterpoiseError, ValueError):
    """A token may not be made so."""


@dataclass(frozen=True)
class Wanted:
    """A token to be made."""

    name: str
    scopes: frozenset[TokenScope]
    days: int
    is_program: bool = False


@dataclass(frozen=True)
class Minted:
    """A token just made, with the secret that is shown once."""

    token: Token
    secret: str


def mint(user: User, wanted: Wanted) -> Minted:
    """Make a token for a person.

    Raises:
        TokenRefusedError: If this person may not make such a token.
    """
    _refuse_unfit(user, wanted)
    prefix, secret = _letters(_PREFIX_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        token = Token.objects.create(
            user=user,
            name=wanted.name,
            is_program=wanted.is_program,
            prefix=prefix,
            digest=_digest(secret),
            scopes=_written(wanted.scopes),
            expires_on=timezone.localdate() + dt.timedelta(days=wanted.days),
        )
        detail = {"scopes": token.scopes, "expires_on": token.expires_on.isoformat()}
        record(user, "token.made", f"token:{token.pk}", detail)
    return Minted(token, f"{MARK}_{prefix}_{secret}")


def find(text: str) -> Token | None:
    """Return the token that a text stands for, if it opens today and its person may sign in."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != MARK or not secret:
        return None
    token = Token.objects.select_related("user").filter(prefix=prefix).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(secret)):
        return None
    is_open = token.opens_on(timezone.localdate()) and token.user.is_active
    return token if is_open else None


def note_use(token: Token) -> None:
    """Remember the day on which a token was last used; written once a day."""
    today = timezone.localdate()
    if token.last_used_on != today:
        unused = Q(last_used_on__isnull=True) | Q(last_used_on__lt=today)
        Token.objects.filter(unused, pk=token.pk).update(last_used_on=today)


def revoke(actor: User, token: Token) -> bool:
    """Take a token back for ever; tell whether it was open until now."""
    with transaction.atomic():
        taken = Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )
        if taken:
            record(actor, "token.revoked", f"token:{token.pk}")
    return bool(taken)


_PERSONAL = {
    TokenScope.APPROVE: "a program approves nothing; an approval is a person's word",
    TokenScope.CRACKS: "a program answers no crack; an answer is a person's word",
    TokenScope.TALK: "a program speaks for nobody; what is said and thanked is a person's word",
    TokenScope.BUDGETS: "a program moves no budget; a signature is a person's word",
}
"""What only a person does, and why."""


def _refuse_unfit(user: User, wanted: Wanted) -> None:
    high = sorted(scope for scope in wanted.scopes if scope.is_for_administrators)
    if high and not user.is_administrator:
        raise TokenRefusedError(f"only an administrator gives {', '.join(high)} to a token")
    if wanted.is_program and not user.is_administrator:
        raise TokenRefusedError("only an administrator makes a token for a program")
    if wanted.is_program and (personal := [each for each in _PERSONAL if each in wanted.scopes]):
        raise TokenRefusedError(_PERSONAL[personal[0]])
    if not wanted.scopes:
        raise TokenRefusedError("a token that may do nothing is of no use; choose what it may do")
    if not 1 <= wanted.days <= LONGEST_DAYS:
        raise TokenRefusedError(f"a token lasts 1 to {LONGEST_DAYS} days, not {wanted.days}")


def _written(scopes: Iterable[TokenScope]) -> str:
    return " ".join(scope.value for scope in TokenScope if scope in scopes)


def _letters(count: int) -> str:
    return secrets.token_hex(count)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
