"""How the pages of promotions name things."""

from __future__ import annotations

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.web.desk.accounts import account_of
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.promotions.on_record import known


def goods_of(promotion: AskedPromotion) -> str:
    """Return the goods of a promotion: up to three names, else how many."""
    by_id = known().by_id
    names = [by_id[each].name or each if each in by_id else each for each in promotion.products]
    if not names:
        return promotion.product_family or "all goods"
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} products"


def promotion_title(promotion: AskedPromotion) -> str:
    """Return what a promotion is about in a few words."""
    account = account_of(promotion.account_id)
    where = (account.name if account else "") or promotion.account_id or "every account"
    depth = f"{format_rate(short_rate(promotion.depth))} off " if promotion.depth else "No cut on "
    return f"{depth}{goods_of(promotion)} at {where}"


_STATES = {
    "open": "waits for approval",
    "granted": "on the calendar",
    "countered": "has a counter-offer",
    "expired": "over without an answer",
}


def state_text(state: str) -> str:
    """Return a state as people say it."""
    return _STATES.get(state, state)
