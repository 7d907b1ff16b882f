"""What a view asks of the person who opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from counterpoise.agreement import Side

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

View = Callable[..., HttpResponseBase]


class NotForYouError(PermissionDenied):
    """The person may not do this; the page says why."""


def user_of(request: HttpRequest) -> User:
    """Return the person who is signed in; the middleware lets nobody else in."""
    return cast("User", request.user)


def administrators(view: View) -> View:
    """Let administrators alone open a view."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not user_of(request).is_administrator:
            raise NotForYouError("Only an administrator may open this.")
        return view(request, *args, **options)

    return guarded


def signers_of(user: User) -> frozenset[Side]:
    """Return the sides for which a person may sign: their own, and both for the lead above."""
    if not user.may_sign:
        return frozenset()
    side = Side(user.side)
    return frozenset({Side.SALES, Side.MARKETING}) if side is Side.BOTH else frozenset({side})
