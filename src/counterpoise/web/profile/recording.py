"""Recording what people change about how they sign in, and ending what went with the old way."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.places import end_links_of

_CHANGED = "person.password_changed"
_ACTS = {
    password_changed: _CHANGED,
    password_set: _CHANGED,
    password_reset: _CHANGED,
    authenticator_added: "person.second_factor_added",
    authenticator_reset: "person.second_factor_added",
    authenticator_removed: "person.second_factor_removed",
}


def connect() -> None:
    """Listen for as long as the process lives."""
    for signal in _ACTS:
        signal.connect(_recorded, dispatch_uid="counterpoise.web.profile.recording")


def _recorded(signal: Any, user: User, **rest: Any) -> None:
    kind = getattr(rest.get("authenticator"), "type", None)
    if _ACTS[signal] == _CHANGED:
        end_links_of(user, user)
    record(user, _ACTS[signal], f"person:{user.pk}", {"kind": str(kind)} if kind else {})
