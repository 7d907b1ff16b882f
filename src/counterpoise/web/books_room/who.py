"""Who may bring facts in, and who may change which facts are in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase

from counterpoise.agreement import Side
from counterpoise.web.access import NotForYouError, user_of

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

View = Callable[..., HttpResponseBase]


def may_import(user: User) -> bool:
    """Tell whether a person may import: administrators, and who stands above both sides."""
    return user.is_administrator or user.side == Side.BOTH


def importers(view: View) -> View:
    """Let those who may import open a view."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        if not may_import(user_of(request)):
            raise NotForYouError(
                "Books are imported by administrators and by who stands above both sides."
            )
        return view(request, *args, **options)

    return guarded
