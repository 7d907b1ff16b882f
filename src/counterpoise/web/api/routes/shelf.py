"""Promotions of the books for programs, as the last review measured those that open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import PathEx, QueryEx, Router, Schema
from ninja.params import P

from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import example_of
from counterpoise.web.results.reading import KeptReview, latest
from counterpoise.web.trade.reach import TradeReach, reach_of
from counterpoise.web.trade.reading import (
    ORDERS,
    RESULTS,
    Which,
    promoted_of,
    promotion_of,
    promotions_of,
    result_of,
    weeks_of_promotion,
)
from counterpoise.web.trade.sheets import UNSENT

router = Router(tags=["Reviews"])
_READ = TokenAuth(TokenScope.READ)
_PROMOTION: dict[str, Any] = {
    "promotion_id": "M00974",
    "account_id": "A004",
    "product_id": "P012",
    "product_family": "Hearth",
    "starts_on": "2026-01-26",
    "ends_on": "2026-02-08",
    "verdict": "granted",
    "earned": -22143.0,
    "earned_low": -24010.0,
    "earned_high": -20276.0,
    "result": "lost",
}
_WEEK: dict[str, Any] = {
    "week": "2026-01-26",
    "part": "during",
    "units": 5210.0,
    "base_units": 2480.0,
    "base_error": 0.17,
}


class PromotionsShape(Schema):
    """Some promotions that open, how many do, and how many there are in all."""

    as_of: date
    rows: list[dict[str, Any]]
    opened: int
    everywhere: int
    next: int | None
    """The number of the next page, if there is any."""


class PromotionShape(Schema):
    """A promotion with the weeks around it."""

    as_of: date
    promotion: dict[str, Any]
    weeks: list[dict[str, Any]]


Id = PathEx[str, P(max_length=200)]
Text = QueryEx[str, P(max_length=200)]
Page = QueryEx[int, P(ge=1, le=10_000)]
Result = QueryEx[str, P(pattern=f"^({'|'.join(RESULTS)})?$", description="How they went.")]
Order = QueryEx[
    str, P(pattern=f"^-?({'|'.join(ORDERS)})$", description="The order; - turns it round.")
]
_LIMIT = 100


@router.get(
    "reviews/latest/promotions",
    auth=_READ,
    response=PromotionsShape,
    operation_id="read_promotions",
    summary="Promotions of the last review",
    openapi_extra=example_of(
        {
            "as_of": "2026-06-30",
            "rows": [_PROMOTION],
            "opened": 340,
            "everywhere": 6785,
            "next": 2,
        }
    ),
)
def read_promotions(
    request: HttpRequest,
    brand: Text = "",
    account: Text = "",
    result: Result = "",
    order: Order = "-starts_on",
    page: Page = 1,
) -> PromotionsShape:
    """Return the promotions that open to the token's person, a hundred a page."""
    kept, reach = _kept(request)
    which = Which(brand, account, result, order, page)
    found = promotions_of(kept, which, reach, _LIMIT)
    is_last = page * _LIMIT >= found.opened
    return PromotionsShape(
        as_of=kept.as_of,
        rows=[_told(row) for row in found.rows],
        opened=found.opened,
        everywhere=found.everywhere,
        next=None if is_last else page + 1,
    )


@router.get(
    "reviews/latest/promotions/{path:promotion_id}",
    auth=_READ,
    response=PromotionShape,
    operation_id="read_promotion",
    summary="A promotion of the last review",
    openapi_extra=example_of({"as_of": "2026-06-30", "promotion": _PROMOTION, "weeks": [_WEEK]}),
)
def read_promotion(request: HttpRequest, promotion_id: Id) -> PromotionShape:
    """Return a promotion that opens: what it earned, its verdict, and the weeks around it."""
    kept, reach = _kept(request)
    found = promotion_of(kept, promotion_id, reach)
    if found is None:
        says = f"There is no promotion {promotion_id}, or it does not open to you."
        raise refused("not-there", says, status=404)
    weeks = [
        {name: value for name, value in week.items() if name != "promotion_id"}
        for week in weeks_of_promotion(kept, promotion_id)
    ]
    return PromotionShape(as_of=kept.as_of, promotion=_told(found), weeks=weeks)


def _told(row: Any) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in UNSENT}
    return {**shown, "result": result_of(row)}


def _kept(request: HttpRequest) -> tuple[KeptReview, TradeReach]:
    kept = latest()
    if kept is None or promoted_of(kept) is None:
        says = "There is no review with promotions; import `promotions` and `sell_through`."
        raise refused("no-review", says, status=404)
    return kept, reach_of(token_of(request).user, kept)
