"""Open deals on the goods that a promotion is about: one cut a customer at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from counterpoise.web.access import scope_of
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.promotions.on_record import known
from counterpoise.web.shell.templatetags.figures import counted

_MOST = 100


@dataclass(frozen=True)
class Negotiated:
    """The open deals of an account on some goods, and those of them that open to the reader."""

    many: int
    links: tuple[tuple[str, str], ...]
    """What each is called, and its address."""

    @property
    def says(self) -> str:
        """Say that a negotiated discount and a promotion would meet."""
        verb = "is" if self.many == 1 else "are"
        return (
            f"{counted(self.many, 'open deal')} {verb} negotiated on the same goods at this "
            "account: a discount and a promotion would come on top of each other. Tell who "
            "negotiates before it starts."
        )


def negotiated_goods(
    user: User, account_id: str, products: Collection[str], family: str
) -> Negotiated | None:
    """Return the open deals on goods of a promotion; None where there are none, or no account."""
    lookup = live()
    if not account_id or not lookup.snapshot:
        return None
    by_id, scope = known().by_id, scope_of(user)
    families = {by_id[each].family for each in products if each in by_id} | {family}
    found = []
    for deal in lookup.deals_of_account(account_id, _MOST):
        if deal["outcome"] != "open":
            continue
        sold = {line["product_id"] for line in lookup.lines(deal["deal_id"])}
        brands = {by_id[each].family for each in sold if each in by_id}
        if sold & set(products) or (not products and brands & families):
            found.append(deal)
    if not found:
        return None
    links = tuple(
        (str(each["name"] or each["deal_id"]), reverse("ledger:deal", args=[each["deal_id"]]))
        for each in found
        if scope.opens(each["owner_id"], lookup.deal_campaigns(each["deal_id"]))
    )
    return Negotiated(len(found), links)
