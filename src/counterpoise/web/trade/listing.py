"""Promotions in a table: what each was, what it earned, and where it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.web.ledger.whiskers import Scale, Whisker
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.trade.naming import (
    KINDS,
    account_name,
    account_url,
    brand_name,
    brand_url,
    goods_name,
    list_url,
    promotion_url,
)
from counterpoise.web.trade.reach import TradeReach
from counterpoise.web.trade.reading import (
    A_PAGE,
    LAST_PAGE,
    ORDERS,
    RESULTS,
    Found,
    Which,
    promotions_of,
    result_of,
    shelf_of,
)

_LOOKS = {"lost": "bad", "earned": "good", "unsure": "quiet", "untold": "quiet"}


@dataclass(frozen=True)
class Line:
    """A promotion in a table."""

    told: Mapping[str, Any]
    url: str
    goods: str
    account: str
    account_url: str
    brand_url: str
    kind: str
    result: str
    look: str
    whisker: Whisker | None


@dataclass(frozen=True)
class Sort:
    """A column that rows can be sorted by: its address, and how they are sorted now."""

    label: str
    url: str
    turned: str


@dataclass(frozen=True)
class Choice:
    """An option of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class ListPage:
    """A page of promotions."""

    lines: list[Line]
    found: Found
    which: Which
    first: int
    last: int
    earlier: str
    later: str
    sorts: Mapping[str, Sort]
    brands: list[Choice]
    accounts: list[Choice]
    results: list[Choice]
    files: Mapping[str, str]


def lines_of(found: Found) -> list[Line]:
    """Lay out promotions, their intervals on one scale."""
    scale = Scale.of(_interval(row) for row in found.rows)
    return [
        Line(
            told=row,
            url=promotion_url(row["promotion_id"]),
            goods=goods_name(row),
            account=account_name(row["account_id"]),
            account_url=account_url(row["account_id"]) if row["account_id"] else "",
            brand_url=brand_url(row["product_family"]),
            kind=KINDS.get(row["kind"] or "", "–"),
            result=RESULTS[result_of(row)],
            look=_LOOKS[result_of(row)],
            whisker=scale.whisker(told) if (told := _interval(row)) else None,
        )
        for row in found.rows
    ]


def _interval(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row["earned"] is None:
        return None
    return {
        "value": row["earned"],
        "low": row["earned_low"],
        "high": row["earned_high"],
        "is_small": row["is_small"],
    }


def list_page(kept: KeptReview, which: Which, reach: TradeReach) -> ListPage:
    """Return a page of the promotions that are meant and open."""
    found = promotions_of(kept, which, reach)
    first = (which.number - 1) * A_PAGE
    is_last = first + A_PAGE >= found.opened or which.number >= LAST_PAGE
    address = _addresses(which)
    shelf = shelf_of(kept) or {"brands": [], "accounts": []}
    brands = [(each["key"] or "", brand_name(each["key"])) for each in shelf["brands"]]
    accounts = [(each["key"], account_name(each["key"])) for each in shelf["accounts"]]
    return ListPage(
        lines=lines_of(found),
        found=found,
        which=which,
        first=first + 1 if found.rows else 0,
        last=first + len(found.rows),
        earlier=address(page=str(which.number - 1)) if which.number > 1 else "",
        later="" if is_last else address(page=str(which.number + 1)),
        sorts={name: _sort(name, which.order, address) for name in ORDERS},
        brands=_choices([each for each in brands if each[0]], which.brand),
        accounts=_choices(sorted(accounts, key=lambda each: str(each[1])), which.account),
        results=_choices(list(RESULTS.items()), which.result),
        files=file_urls(
            "promotions", brand=which.brand, account=which.account, result=which.result
        ),
    )


def file_urls(name: str, **asked: str) -> dict[str, str]:
    """Return where a table is to be had as a file."""
    query = urlencode({key: value for key, value in asked.items() if value})
    tail = f"?{query}" if query else ""
    return {form: reverse("trade:file", args=[name, form]) + tail for form in ("csv", "parquet")}


def _addresses(which: Which) -> Callable[..., str]:
    def address(**changed: str) -> str:
        asked = {
            "brand": which.brand,
            "account": which.account,
            "result": which.result,
            "order": which.order,
        }
        return list_url(**{**asked, **changed})

    return address


def _sort(name: str, order: str, address: Callable[..., str]) -> Sort:
    if order.removeprefix("-") != name:
        return Sort(ORDERS[name], address(order=f"-{name}"), "")
    is_down = order.startswith("-")
    turned = "descending" if is_down else "ascending"
    return Sort(ORDERS[name], address(order=name if is_down else f"-{name}"), turned)


def _choices(known: list[tuple[str, str]], chosen: str) -> list[Choice]:
    return [Choice(value, label, value == chosen) for value, label in known]
