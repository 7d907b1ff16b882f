"""Who is in the room, and who in the books is not yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.books.lookup import Lookup
from counterpoise.web import house
from counterpoise.web.people.ladder import ladder_role
from counterpoise.web.people.models import User
from counterpoise.web.profile.models import Link

STATES = ("here", "invited", "closed")


@dataclass(frozen=True)
class Suggestion:
    """Somebody in the books who could be invited, with what the books say of them."""

    person_id: str
    name: str
    email: str
    side: str
    role: str
    team: str


def roster(words: str = "", state: str = "") -> QuerySet[User]:
    """Return people with whether a second factor is on and a link waits, filtered."""
    waiting = Link.objects.filter(user=OuterRef("pk"), used_at=None, expires_at__gt=timezone.now())
    second = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = User.objects.filter(erased_at=None).annotate(
        has_link=Exists(waiting), has_second_factor=Exists(second)
    )
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(email__icontains=word)
            | Q(role__icontains=word)
            | Q(person_id__iexact=word)
        )
    match state:
        case "here":
            found = found.filter(is_active=True, last_login__isnull=False)
        case "invited":
            found = found.filter(is_active=True, last_login=None)
        case "closed":
            found = found.filter(is_active=False)
    return found.order_by("-is_active", "name", "pk")


def ladder() -> list[str]:
    """Return the roles that somebody may have, lowest first."""
    agreement = _agreement()
    return list(agreement.roles) if agreement else []


def suggestions(books: Lookup, words: str = "") -> list[Suggestion]:
    """Return active people of the books without an account, by name."""
    taken = set(User.objects.exclude(person_id="").values_list("person_id", flat=True))
    agreement = _agreement()
    wanted = [word.lower() for word in words.split()]
    return sorted(
        (
            _suggestion(row, agreement)
            for row in books.people()
            if row["person_id"] not in taken
            and row.get("active") is not False
            and row.get("side") in {"sales", "marketing", "both"}
            and _matches(row, wanted)
        ),
        key=lambda each: (each.name.casefold(), each.person_id),
    )


def suggestion(books: Lookup, person_id: str) -> Suggestion | None:
    """Return what the books say of one person."""
    row = books.person(person_id) if person_id else None
    return _suggestion(row, _agreement()) if row else None


def _matches(row: Mapping[str, Any], wanted: list[str]) -> bool:
    said = " ".join(str(row.get(name) or "") for name in ("name", "role", "team", "person_id"))
    return all(word in said.lower() for word in wanted)


def _suggestion(row: Mapping[str, Any], agreement: Agreement | None) -> Suggestion:
    return Suggestion(
        row["person_id"],
        row.get("name") or row["person_id"],
        row.get("email") or "",
        row.get("side") or "",
        (ladder_role(row, agreement) if agreement else None) or "",
        row.get("team") or "",
    )


def _agreement() -> Agreement | None:
    latest = house.agreements().latest
    return latest.agreement if latest else None
