"""Short ways to ask the desk of the room and to answer."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from counterpoise.web.desk.approvals import Saying, answer
from counterpoise.web.desk.models import Request
from counterpoise.web.desk.requests import Asking, ask
from counterpoise.web.desk.states import Said
from counterpoise.web.people.models import User
from tests.web.desk.company import NOW

_tokens = itertools.count(1)


@dataclass(frozen=True)
class Cast:
    """Everybody by name."""

    rhea: User
    """A rep, under mona."""
    rolf: User
    """A rep, under milo."""
    mona: User
    milo: User
    kira: User
    """Product marketing."""
    lena: User
    """The revenue lead."""
    guest: User
    """Of sales, without a role and not in the books."""


def make_people() -> Cast:
    """Make everybody."""

    def person(name: str, side: str, role: str, person_id: str = "") -> User:
        return User.objects.create_user(
            f"{name}@example.com", name=name.title(), side=side, role=role, person_id=person_id
        )

    return Cast(
        person("rhea", "sales", "rep", "R1"),
        person("rolf", "sales", "rep", "R2"),
        person("mona", "sales", "sales_manager", "M1"),
        person("milo", "sales", "sales_manager", "M2"),
        person("kira", "marketing", "product_marketing", "K1"),
        person("lena", "both", "revenue_lead"),
        person("guest", "sales", ""),
    )


def token() -> str:
    """Return a token that no form had before."""
    return f"token-{next(_tokens):08}"


def written(
    rate: str | None = "0.12", account: str = "A1", customizations: Any = None, **deal: Any
) -> dict[str, Any]:
    """Write a request; by default on a deal of 100,000 at list."""
    stated: dict[str, Any] = dict(deal)
    if "deal_id" not in deal:
        stated = {"account_id": account, "list_amount": 100_000, **deal}
    if rate is not None:
        stated["rate"] = rate
    asked: dict[str, Any] = {"deal": stated}
    if customizations is not None:
        asked["customizations"] = customizations
    return asked


def asked(
    by: User,
    rate: str | None = "0.12",
    *,
    follows: int | None = None,
    note: str = "",
    at: dt.datetime = NOW,
    **terms: Any,
) -> Request:
    """Put a request on record."""
    return ask(by, written(rate, **terms), Asking(token(), note, follows), at)


def say(
    by: User,
    request: Request,
    what: Said = Said.APPROVED,
    *,
    at: dt.datetime = NOW,
    counter: Any = None,
    comment: str = "",
) -> Request:
    """Answer a request."""
    return answer(by, request.pk, Saying(what, comment, counter), at)
