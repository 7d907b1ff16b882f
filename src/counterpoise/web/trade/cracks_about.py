"""Cracks about a brand, an account or a promotion, and the page of what a crack is about."""

from __future__ import annotations

from counterpoise.web.cracks.lines import Line, line
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.trade.naming import account_url, brand_url, promotion_url
from counterpoise.web.trade.reach import opened_ids
from counterpoise.web.trade.reading import group_of

BRAND, ACCOUNT, PROMOTION = "product_family", "account", "promotion"
"""What the watch calls the subjects that have a page here."""
_MOST = 10


def cracks_about(user: User, subject_type: str, subject_id: str) -> list[Line]:
    """Return the open cracks about a subject that a person sees, most money first."""
    found = visible_to(user).filter(subject_type=subject_type, subject_id=subject_id)
    naming = Naming(user)
    open_ones = (each for each in found.order_by("-stake", "pk")[:_MOST] if each.is_open)
    return [line(each, naming) for each in open_ones]


def page_of_subject(user: User, kept: KeptReview | None, crack: Crack) -> str:
    """Return the address of the page of what a crack is about; "" where there is none."""
    if kept is None:
        return ""
    id_ = crack.subject_id
    match crack.subject_type:
        case "product_family":
            return brand_url(id_) if group_of(kept, "brand", id_) else ""
        case "account":
            return account_url(id_) if group_of(kept, "account", id_) else ""
        case "promotion":
            return promotion_url(id_) if opened_ids(user, kept, [id_]) else ""
    return ""
