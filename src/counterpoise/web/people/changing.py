"""What an administrator may do about somebody else's account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import Q
from pydantic import JsonValue

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.places import end_links_of
from counterpoise.web.profile.models import Link

# What entries may hold as it is; of the rest they hold that it changed.
_PLAIN = ("side", "role", "person_id", "may_sign", "is_administrator")


class LastAdministratorError(CounterpoiseError):
    """Nobody could administer the room any more."""

    def __init__(self) -> None:
        super().__init__(
            "This is the last administrator. Make somebody else one first, "
            "or nobody could let people in any more."
        )


class ClosedError(CounterpoiseError):
    """An account that was erased stays so."""

    def __init__(self) -> None:
        super().__init__("This person was erased; the account stays closed. Invite them anew.")


def add(fields: Mapping[str, Any], by: User) -> User:
    """Make an account without a password."""
    with transaction.atomic():
        user = User.objects.create_user(**fields)
        plain = {name: getattr(user, name) for name in _PLAIN}
        record(by, "person.added", f"person:{user.pk}", plain)
    return user


def change(user: User, fields: Mapping[str, Any], by: User) -> list[str]:
    """Change what an account says, and return the names of what changed.

    Raises:
        LastAdministratorError: If nobody would administer the room.
        ClosedError: If the person was erased.
    """
    with transaction.atomic():
        there = _held(user)
        changed = [name for name, value in fields.items() if getattr(there, name) != value]
        if not changed:
            return []
        if "is_administrator" in changed and not fields["is_administrator"]:
            _keep_one(there)
        detail = {name: _shown(name, getattr(there, name), fields[name]) for name in changed}
        for name in changed:
            setattr(there, name, fields[name])
        there.save(update_fields=changed)
        if "email" in changed:
            EmailAddress.objects.filter(user=there).delete()
            Link.objects.filter(user=there, used_at=None).delete()
        record(by, "person.changed", f"person:{there.pk}", detail)
    return changed


def close(user: User, by: User) -> None:
    """Close an account: its sessions end, its links stop working.

    Raises:
        LastAdministratorError: If nobody would administer the room.
    """
    with transaction.atomic():
        there = _held(user)
        _keep_one(there)
        User.objects.filter(pk=user.pk).update(is_active=False)
        Link.objects.filter(user=user, used_at=None).delete()
        ended = _shut_out(user, by)
        record(by, "person.closed", f"person:{user.pk}", {"sessions": ended})


def reopen(user: User, by: User) -> None:
    """Open a closed account again.

    Raises:
        ClosedError: If the person was erased.
    """
    with transaction.atomic():
        _held(user)
        User.objects.filter(pk=user.pk).update(is_active=True)
        record(by, "person.reopened", f"person:{user.pk}")


def sign_out(user: User, by: User) -> int:
    """End every session of somebody, and return how many."""
    with transaction.atomic():
        ended = _shut_out(user, by)
        record(by, "person.signed_out", f"person:{user.pk}", {"sessions": ended})
    return ended


def drop_second_factor(user: User, by: User) -> None:
    """Take the second factor off an account whose phone is lost, and end its sessions."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        _shut_out(user, by)
        record(by, "person.second_factor_removed", f"person:{user.pk}")


def end_sessions(user: User) -> int:
    """End every session of somebody."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        SessionStore(session.session_key).delete()
        session.delete()
    return len(sessions)


def _shut_out(user: User, by: User) -> int:
    """End every session of somebody and the links of theirs that ask for none; count the former."""
    end_links_of(user, by)
    return end_sessions(user)


def _held(user: User) -> User:
    """Return the account as it is now, held against changes by others until this one is done.

    Administrators are held too, all in one order, so that of two who close each other one stays.
    """
    held = User.objects.select_for_update().filter(Q(pk=user.pk) | Q(is_administrator=True))
    there = next(each for each in held.order_by("pk") if each.pk == user.pk)
    if there.erased_at:
        raise ClosedError
    return there


def _keep_one(user: User) -> None:
    others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk)
    if user.is_administrator and user.is_active and not others.exists():
        raise LastAdministratorError


def _shown(name: str, old: object, new: object) -> JsonValue:
    if name not in _PLAIN:
        return "changed"
    return {"from": _plain(old), "to": _plain(new)}


def _plain(value: object) -> JsonValue:
    return value if isinstance(value, bool) else str(value)
