"""Letting somebody in: an account without a password, and a link that sets one."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.profile.links import LASTS, make_link

_LOOPBACK = "http://127.0.0.1:8000"


class AddressError(CounterpoiseError):
    """What was given is no mail address."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no mail address; write one such as ada@example.com")


@dataclass(frozen=True)
class Invited:
    """Somebody who may come in, and the link that lets them."""

    user: User
    link: str
    is_mailed: bool = False


def invite(user: User, by: User | None, root: str | None = None) -> Invited:
    """Make a link for a person, and mail it where the room sends mail.

    Args:
        user: Who is to come in.
        by: Who invites; None for the command.
        root: Under which address the room is reached; by default the first of its origins.
    """
    link = (root or home_address()) + reverse("profile:invitation", args=[make_link(user, by)])
    return Invited(user, link, is_mailed=_mail(user, link))


def home_address() -> str:
    """Return under which address the room is reached, as far as it is known here."""
    origins: tuple[str, ...] = settings.ROOM.origins
    return origins[0].rstrip("/") if origins else _LOOPBACK


def administrator(email: str, name: str = "") -> Invited:
    """Make somebody an administrator, known or new, and invite them.

    Raises:
        AddressError: If the address is none.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressError(email) from error
    with transaction.atomic():
        user = User.objects.filter(email=address).first() or User.objects.create_user(
            address, name=name or address.partition("@")[0], side=Side.BOTH
        )
        user.is_administrator = user.is_active = True
        user.name = name or user.name
        user.save(update_fields=["is_administrator", "is_active", "name"])
        record(None, "person.made_administrator", f"person:{user.pk}")
    return invite(user, None)


def _mail(user: User, link: str) -> bool:
    if settings.ROOM.mail is None:
        return False
    from django.core.mail import send_mail

    text = (
        f"You are invited to Counterpoise, where sales and marketing see one agreement.\n\n"
        f"This link lets you choose a password. It works once, for {LASTS.days} days:\n{link}\n"
    )
    return bool(send_mail("You are invited to Counterpoise", text, None, [user.email]))
