"""How the room is set up, in a few facts."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from counterpoise.web.audit.entries import head
from counterpoise.web.audit.models import Check
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import counted, day
from counterpoise.web.webhooks.models import Endpoint, Sending, State


@dataclass(frozen=True)
class Section:
    """A part of the settings: what stands there now, and where it is changed."""

    title: str
    facts: tuple[str, ...]
    url: str = ""
    icon: str = "settings"
    is_wrong: bool = False


def sections() -> list[Section]:
    """Return every part of the settings."""
    found = (_people(), _sign_in(), _notices(), _tokens(), _webhooks(), _cracks(), _audit())
    return [each for each in found if each]


def _people() -> Section:
    there = User.objects.filter(is_active=True)
    invited = there.filter(last_login=None).count()
    everybody = there.count()
    facts = (
        f"{everybody - invited} here, {invited} not yet",
        counted(_administrators(), "administrator"),
    )
    return Section("People", facts, reverse("people:people"), "people")


def _administrators() -> int:
    return User.objects.filter(is_active=True, is_administrator=True).count()


def _sign_in() -> Section:
    room = settings.ROOM
    second = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__is_active=True
    ).count()
    facts = (
        f"Company sign-in: {room.oidc.name}" if room.oidc else "Passwords; no company sign-in",
        f"{second} with a second factor",
        "Reached by https alone" if room.is_behind_https else "Reached without https",
    )
    return Section("Signing in", facts, icon="key")


def _notices() -> Section:
    mail = settings.ROOM.mail
    facts = (f"Mail by {mail.host}" if mail else "No mail is sent",)
    return Section("Notices", facts, reverse("notices:outbox"), "bell")


def _tokens() -> Section | None:
    address = _address("tokens:all")
    return Section("Programs", ("Tokens for the API",), address, "api") if address else None


def _cracks() -> Section | None:
    address = _address("cracks:people")
    if not address:
        return None
    from counterpoise.web.cracks.naming import people_shown

    return Section(
        "Cracks", (f"People are shown by {people_shown().rstrip('s')}",), address, "crack"
    )


def _webhooks() -> Section:
    told = counted(Endpoint.objects.filter(is_on=True).count(), "program is told,programs are told")
    failed = Sending.objects.filter(state=State.FAILED).count()
    facts = (told, counted(failed, "message given up,messages given up")) if failed else (told,)
    return Section("Webhooks", facts, reverse("webhooks:all"), "out", bool(failed))


def _audit() -> Section:
    last, end = Check.objects.first(), head()
    said = counted(end.count if end else 0, "entry,entries")
    if last is None:
        return Section("Audit trail", (said, "Never verified"), reverse("audit:trail"), "audit")
    found = "whole" if not last.findings else "tampered with"
    facts = (said, f"Verified {day(last.at)}: {found}")
    return Section("Audit trail", facts, reverse("audit:trail"), "audit", bool(last.findings))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
