"""Links that let somebody set a password, once and for a few days.

A link holds random bytes under the room's signature; the database holds only their digest. So
neither a copy of the database nor a row added to it lets anybody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.places import end_links_of
from counterpoise.web.profile.models import Link

LASTS = dt.timedelta(days=3)
_SALT = "counterpoise.web.profile.links"


class LinkError(CounterpoiseError):
    """A link does not work, or no longer."""

    def __init__(self) -> None:
        super().__init__(
            "This link does not work any more: it was used, replaced by a newer one, or is older "
            f"than {LASTS.days} days. Ask an administrator for a new one."
        )


def make_link(user: User, by: User | None) -> str:
    """Return a token that lets a person set a password; earlier ones stop working."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Link.objects.filter(user=user, used_at=None).delete()
        Link.objects.create(
            user=user,
            digest=_digest(token),
            made_by_id=by.pk if by else None,
            expires_at=timezone.now() + LASTS,
        )
        record(by, "person.link_made", f"person:{user.pk}")
    return _signer().sign(token)


def open_link(token: str) -> Link:
    """Return the link of a token, to be shown.

    Raises:
        LinkError: If it does not work.
    """
    try:
        digest = _digest(_signer().unsign(token))
    except BadSignature as error:
        raise LinkError from error
    now = timezone.now()
    found = Link.objects.select_related("user").filter(
        digest=digest, used_at=None, expires_at__gt=now, user__is_active=True
    )
    link = found.first()
    if link is None:
        raise LinkError
    return link


def use_link(token: str, password: str) -> User:
    """Set the password of a link's person, and spend the link.

    Raises:
        LinkError: If it does not work, or somebody else used it at this moment.
    """
    with transaction.atomic():
        link = open_link(token)
        spent = Link.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now())
        if not spent:
            raise LinkError
        user = link.user
        user.set_password(password)
        user.save(update_fields=["password"])
        end_links_of(user, user)
        record(user, "person.password_changed", f"person:{user.pk}")
    return user


def is_waiting(user: User) -> bool:
    """Tell whether a link of this person still works."""
    return Link.objects.filter(user=user, used_at=None, expires_at__gt=timezone.now()).exists()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".")
