"""Reviews for programs: the last one whole, its tables, and the deals behind it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from ninja import PathEx, QueryEx, Router, Schema
from ninja.params import P

from counterpoise.books.lock import LockHeldError
from counterpoise.web.access import Scope, scope_of
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import JSON, example_of, json_answer
from counterpoise.web.cracks.written import cracks_of_review
from counterpoise.web.ledger import files
from counterpoise.web.ledger.asking import attributes_of
from counterpoise.web.ledger.deals import ORDERS
from counterpoise.web.ledger.exports import Format, file_of
from counterpoise.web.ledger.openness import open_part
from counterpoise.web.ledger.reading import asked_of
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.ledger.sheets import Sheet, plain_rows
from counterpoise.web.ledger.you_helped_page import you_helped_sheet
from counterpoise.web.results.reading import KeptReview, latest

router = Router(tags=["Reviews"])
_READ = TokenAuth(TokenScope.READ)
_MOST = 1_000
_YOU_HELPED = "you_helped"
_TABLES = ("waterfall", "over_time", "groups", "crossed", "deals", _YOU_HELPED)
_FIRST_PART = {
    "schema": "counterpoise/review/v1",
    "as_of": "2026-06-30",
    "currency": "USD",
    "ledger": {"deals_won": 3, "net_revenue": 15620.0, "price_realization": 0.91},
}
_ROW = {"team": "North", "name": "North", "deals_won": 12, "net_revenue": 110000.0}
_TABLE = {
    "table": "groups",
    "as_of": "2026-06-30",
    "columns": ["team", "name", "deals_won", "net_revenue"],
    "rows": [_ROW],
    "next": None,
}
_FILTERS = {
    "parameters": [
        {
            "in": "query",
            "name": name,
            "required": False,
            "schema": {"type": "string", "maxLength": 200},
            "description": says,
        }
        for name, says in (
            ("team", "Only deals of this team; every filter may be given several times."),
            ("segment", "Only deals of accounts in this segment."),
            ("quarter", "Only deals of this fiscal quarter, such as FY2026-Q1."),
            ("outcome", "won, lost, open or cancelled."),
            ("rate_from", "Only deals that gave at least so many percent."),
            ("rate_to", "Only deals that gave at most so many percent."),
            ("by", "The grouping of `groups` and `crossed`, such as segment."),
            ("across", "The second grouping of `crossed`."),
        )
    ]
}


class KeptShape(Schema):
    """A review that is kept."""

    key: str
    snapshot: str
    as_of: date
    made_at: datetime
    is_behind: bool
    """Newer books are in use, and a review of them is on its way."""
    tables: list[str]


class TableShape(Schema):
    """Rows of a table; `next` is the offset of the rows after these, if there are any."""

    table: str
    as_of: date
    columns: list[str]
    rows: list[dict[str, Any]]
    next: int | None


Name = PathEx[str, P(pattern=f"^({'|'.join(_TABLES)})$")]
Form = QueryEx[str, P(alias="format", pattern="^(json|csv|parquet)$")]
Offset = QueryEx[int, P(ge=0, le=1_000_000, description="How many deals to pass over.")]
Limit = QueryEx[int, P(ge=1, le=_MOST, description="How many deals to return.")]
Order = QueryEx[
    str,
    P(pattern=f"^-?({'|'.join(ORDERS)})$", description="How deals are sorted; - turns the order."),
]


@router.get(
    "reviews/latest",
    auth=_READ,
    operation_id="read_review",
    summary="The last review",
    openapi_extra={
        "responses": {
            200: {
                "description": "The review, as `counterpoise review --json` prints it.",
                "content": {JSON: {"schema": {"type": "object"}, "example": _FIRST_PART}},
            }
        }
    },
)
def read_review(request: HttpRequest) -> HttpResponse:
    """Return the last review (`counterpoise/review/v1`).

    Figures of single people are those that open to the token's person, and cracks are those that
    the person sees, by the ids that the room gives them.
    """
    kept, scope = _kept(), _scope(request)
    opened = open_part(kept.object, scope)
    if opened is kept.object and not opened["cracks"]:
        return HttpResponse(kept.json, content_type=JSON)
    cracks = cracks_of_review(kept, token_of(request).user)
    return HttpResponse(_written({**opened, "cracks": cracks}), content_type=JSON)


@router.get(
    "reviews/latest/about",
    auth=_READ,
    response=KeptShape,
    operation_id="read_review_about",
    summary="What the last review is of",
    openapi_extra=example_of(
        {
            "key": "9c1f…",
            "snapshot": "4be2…",
            "as_of": "2026-06-30",
            "made_at": "2026-07-01T06:00:00Z",
            "is_behind": False,
            "tables": list(_TABLES),
        }
    ),
)
def read_about(request: HttpRequest) -> KeptShape:
    """Say of which books and day the last review is, and which tables it has."""
    kept = _kept()
    return KeptShape(
        key=kept.key,
        snapshot=kept.snapshot,
        as_of=kept.as_of,
        made_at=kept.made_at,
        is_behind=kept.is_behind,
        tables=list(_TABLES),
    )


@router.get(
    "reviews/latest/tables/{name}",
    auth=_READ,
    response=TableShape,
    operation_id="read_table",
    summary="A table of the last review",
    openapi_extra={
        **_FILTERS,
        "responses": {
            200: {
                "content": {
                    JSON: {"example": _TABLE},
                    "text/csv": {"schema": {"type": "string"}, "example": "team,name\r\n"},
                    "application/vnd.apache.parquet": {
                        "schema": {"type": "string", "format": "binary"}
                    },
                }
            },
        },
    },
)
def read_table(
    request: HttpRequest,
    name: Name,
    form: Form = "json",
    order: Order = "-day",
    offset: Offset = 0,
    limit: Limit = 100,
) -> HttpResponseBase:
    """Return a table, filtered as the ledger's pages are; deals are those that open.

    `you_helped` holds the deals of others in which the token's person had a part; it knows
    `outcome` alone. `format` is json, csv or parquet; as a file a table is whole.
    """
    kept, scope = _kept(), _scope(request)
    try:
        if name == _YOU_HELPED:
            sheet = _you_helped(kept, request)
            if form == "json":
                return _part_of(kept, sheet, (offset, limit))
            told = f"ledger-{name}-{kept.as_of}"
            return file_of(told, sheet.schema, sheet.batches(), Format(form))
        if form != "json":
            return _file(kept, name, request.GET, (scope, Format(form)))
        if name == "deals":
            return _deals(kept, request.GET, scope, (order, offset, limit))
        return _table(kept, name, request.GET, scope)
    except LockHeldError as error:
        says = "Two such questions run at a time; ask again in a moment."
        raise refused("busy", says, status=503, Retry_After="3") from error


def _kept() -> KeptReview:
    kept = latest()
    if kept is None:
        says = "There is no review yet; import books, and one is made by itself."
        raise refused("no-review", says, status=404)
    return kept


def _scope(request: HttpRequest) -> Scope:
    return scope_of(token_of(request).user)


def _written(review: dict[str, Any]) -> str:
    return json.dumps(review, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _file(
    kept: KeptReview, name: str, query: QueryDict, to: tuple[Scope, Format]
) -> HttpResponseBase:
    scope, form = to
    asked = asked_of(query, kept, accounts=name == "deals")
    found = files.file_for(kept, name, asked, scope, form)
    if found is None:
        raise _not_crossed()
    return found


def _table(kept: KeptReview, name: str, query: QueryDict, scope: Scope) -> HttpResponse:
    sheet = files.sheet_of(kept, name, asked_of(query, kept), scope)
    if sheet is None:
        raise _not_crossed()
    columns = [column.name for column in sheet.columns]
    rows = plain_rows(sheet.columns, sheet.rows)
    told = {"table": name, "as_of": kept.as_of.isoformat(), "columns": columns}
    return json_answer({**told, "rows": rows, "next": None})


def _you_helped(kept: KeptReview, request: HttpRequest) -> Sheet:
    found = you_helped_sheet(kept, token_of(request).user, request.GET)
    if found is None:
        says = "An earlier program made the review; the next one has this table."
        raise refused("no-review", says, status=404)
    return found


def _part_of(kept: KeptReview, sheet: Sheet, part: tuple[int, int]) -> HttpResponse:
    offset, limit = part
    after = offset + limit
    told = {
        "table": sheet.name,
        "as_of": kept.as_of.isoformat(),
        "columns": [column.name for column in sheet.columns],
        "rows": plain_rows(sheet.columns, sheet.rows[offset:after]),
    }
    return json_answer({**told, "next": after if after < len(sheet.rows) else None})


def _deals(
    kept: KeptReview, query: QueryDict, scope: Scope, part: tuple[str, int, int]
) -> HttpResponse:
    selection = Selection.read(query, attributes_of(kept))
    told = files.deal_rows(kept, selection, scope, part)
    return json_answer({"table": "deals", "as_of": kept.as_of.isoformat(), **told})


def _not_crossed() -> Exception:
    says = "`crossed` needs two groupings that differ: `by` and `across`."
    return refused("not-crossed", says)
