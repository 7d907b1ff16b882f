"""That it is really the person who signs: by their password, or a sign-in minutes ago."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import user_of
from counterpoise.web.profile.lockout import SIGNATURE, attempt

RECENT = dt.timedelta(minutes=15)


class NotConfirmedError(CounterpoiseError):
    """Whoever sits there did not show that they are the person who is signed in."""


def needs_password(request: HttpRequest) -> bool:
    """Tell whether the person confirms by password; else by having signed in just now."""
    return user_of(request).has_usable_password()


def confirm(request: HttpRequest, password: str) -> None:
    """Take it for confirmed, or refuse.

    Raises:
        NotConfirmedError: If the password is wrong, tried too often, or the sign-in too old.
    """
    user = user_of(request)
    if not needs_password(request):
        if user.last_login is None or timezone.now() - user.last_login > RECENT:
            raise NotConfirmedError(
                "your sign-in is too long ago for a signature; sign out, sign in again, and sign "
                "within a quarter of an hour"
            )
        return
    ticket = attempt((SIGNATURE, str(user.pk)))
    if ticket.is_refused:
        raise NotConfirmedError("too many wrong passwords; wait a quarter of an hour and try again")
    if not user.check_password(password):
        raise NotConfirmedError("this is not your password; nothing was signed")
    ticket.succeed()
