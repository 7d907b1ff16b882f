"""People, and short ways to pass leads."""

import datetime as dt
from dataclasses import dataclass

from counterpoise.web.handoffs.leads import Lead
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.passing import pass_from_books, pass_lead
from counterpoise.web.people.models import User
from tests.web.handoffs.company import NOW


@dataclass(frozen=True)
class Cast:
    """Everybody by name."""

    rhea: User
    """A rep, under mona."""
    rolf: User
    """A rep, under milo."""
    rita: User
    """A rep, under mona; has the account A1."""
    mona: User
    milo: User
    kira: User
    """Product marketing; the campaign C1 is hers."""
    kurt: User
    """Product marketing; the campaign C2 is his."""
    lena: User
    """The revenue lead."""


def make_people() -> Cast:
    """Make everybody."""

    def person(name: str, side: str, role: str, person_id: str = "") -> User:
        return User.objects.create_user(
            f"{name}@example.com", name=name.title(), side=side, role=role, person_id=person_id
        )

    return Cast(
        person("rhea", "sales", "rep", "R1"),
        person("rolf", "sales", "rep", "R2"),
        person("rita", "sales", "rep", "R3"),
        person("mona", "sales", "sales_manager", "M1"),
        person("milo", "sales", "sales_manager", "M2"),
        person("kira", "marketing", "product_marketing", "K1"),
        person("kurt", "marketing", "product_marketing", "K2"),
        person("lena", "both", "revenue_lead"),
    )


def passed(by: User, lead_id: str = "L1", at: dt.datetime = NOW) -> Handoff:
    """Pass a lead of the books."""
    done, said = pass_from_books(by, [lead_id], at)
    assert not said, said
    return done[0]


def typed(by: User, lead_id: str, account_id: str = "", at: dt.datetime = NOW) -> Handoff:
    """Pass a lead that is in no book."""
    return pass_lead(by, Lead(lead_id, account_id, about="Somebody"), now=at)
