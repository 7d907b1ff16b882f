"""Who does what: marketing makes tools and answers, sales uses them and asks; all read."""

from __future__ import annotations

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import scope_of
from counterpoise.web.live import live
from counterpoise.web.people.models import User


class NotYoursError(CounterpoiseError, PermissionError):
    """Somebody does with a tool or a message what is not theirs to do."""


class NoDealError(CounterpoiseError, LookupError):
    """A deal is not there, or does not open to who names it."""

    def __init__(self, deal_id: str) -> None:
        super().__init__(f"Deal {deal_id} is not among the deals that open to you.")


def may_make(user: User) -> bool:
    """Tell whether a person makes and edits tools, and answers sellers: marketing's side."""
    return user.side in {Side.MARKETING, Side.BOTH}


def may_use(user: User) -> bool:
    """Tell whether a person uses tools and asks marketing: the side of sales."""
    return user.side in {Side.SALES, Side.BOTH}


def deal_opens(user: User, deal_id: str) -> bool:
    """Tell whether a deal is there and opens to a person."""
    lookup = live()
    deal = lookup.deal(deal_id) if deal_id else None
    return deal is not None and scope_of(user).opens(
        deal["owner_id"], lookup.deal_campaigns(deal_id)
    )


def refuse_unless_making(user: User) -> None:
    """Refuse who is not of marketing."""
    if not may_make(user):
        raise NotYoursError("Marketing makes and edits tools, and answers what sellers send.")


def refuse_unless_using(user: User) -> None:
    """Refuse who is not of sales."""
    if not may_use(user):
        raise NotYoursError("Sellers use tools and write to marketing; this is theirs to do.")
