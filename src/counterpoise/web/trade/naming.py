"""What accounts, goods and promotions are called, and where their pages are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.web.ledger.names import Naming
from counterpoise.web.live import live

KINDS: Mapping[str, str] = {
    "price_off": "Price cut",
    "feature": "Feature",
    "display": "Display",
    "multi_buy": "Multi-buy",
    "coupon": "Coupon",
}


def account_name(account_id: str | None) -> str:
    """Return an account's name."""
    return Naming(live()).account(account_id) or "Every account"


def brand_name(family: str | None) -> str:
    """Return a brand's name."""
    return family or "(no brand)"


def goods_name(promotion: Mapping[str, Any]) -> str:
    """Return the goods of a promotion."""
    product_id = promotion["product_id"]
    if product_id:
        found = live().product(product_id)
        return str((found and found["name"]) or product_id)
    return promotion["product_family"] or "all goods"


def promotion_name(promotion: Mapping[str, Any]) -> str:
    """Return what a promotion is about in a few words."""
    rate = promotion["rate"]
    depth = f"{format_rate(short_rate(Decimal(str(rate))))} off " if rate else ""
    kind = KINDS.get(promotion["kind"] or "", "Promotion")
    goods = goods_name(promotion)
    what = f"{depth}{goods}" if depth else f"{kind}: {goods}"
    return f"{what} at {account_name(promotion['account_id'])}"


def brand_url(family: str | None) -> str:
    """Return the address of a brand's page."""
    return reverse("trade:brand", args=[family]) if family else reverse("trade:no_brand")


def account_url(account_id: str) -> str:
    """Return the address of an account's page."""
    return reverse("trade:account", args=[account_id])


def promotion_url(promotion_id: str) -> str:
    """Return the address of a promotion's page."""
    return reverse("trade:promotion", args=[promotion_id])


def list_url(**asked: str) -> str:
    """Return the address of the list of promotions."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('trade:promotions')}?{query}" if query else reverse("trade:promotions")
