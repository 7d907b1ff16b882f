"""The measures of the ledger's pages for programs, as the last review worked them out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import PathEx, QueryEx, Router
from ninja.params import P

from counterpoise.ledger.funnel import OWNER
from counterpoise.web.access import scope_of
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import JSON, json_answer
from counterpoise.web.ledger.funnel_asking import funnel
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.results.journeys import FUNNEL, told_funnel
from counterpoise.web.results.reading import KeptReview, latest

router = Router(tags=["Reviews"])
_READ = TokenAuth(TokenScope.READ)
_EXAMPLE: dict[str, Any] = {
    "measure": "credit",
    "as_of": "2026-06-30",
    "figures": {"value": "15620.0000", "deals": 3, "by": {"channel": [], "campaign": []}},
}
_SHAPE = {
    "type": "object",
    "required": ["measure", "as_of", "figures"],
    "properties": {
        "measure": {"type": "string"},
        "as_of": {"type": "string", "format": "date"},
        "figures": {"type": ["object", "array"]},
    },
}

Name = PathEx[str, P(pattern="^(funnel|credit|fit|together|power|trade|shelf)$")]
By = QueryEx[
    str, P(pattern="^(owner)?$", description="`owner` adds the funnel of each person that opens.")
]


@router.get(
    "reviews/latest/measures/{name}",
    auth=_READ,
    operation_id="read_measure",
    summary="A measure of the last review",
    openapi_extra={
        "responses": {
            200: {
                "description": "Its figures. Money that adds up is text, so that no cent is lost; "
                "estimates are numbers with their interval. `together` is a list of answers.",
                "content": {JSON: {"schema": _SHAPE, "example": _EXAMPLE}},
            }
        }
    },
)
def read_measure(request: HttpRequest, name: Name, by: By = "") -> HttpResponse:
    """Return what a page of the ledger shows of all deals; people stand in it when asked for.

    The funnel with its cohorts, credit by every rule, fit by persona, what one side's work goes
    with on the other's (`together`), who decided and who waited for whom (`power`), the months of
    the trade (`trade`), or its brands and accounts (`shelf`). The funnel takes `by=owner`: leads
    of the people whose figures open to the token's person stand in `figures.by.owner` then.
    """
    kept = latest()
    found = kept.measure(name) if kept else None
    if kept is None or found is None:
        says = "There is no review with it yet; import books, and one is made by itself."
        raise refused("no-review", says, status=404)
    if by and name != FUNNEL:
        raise refused("request-refused", "Only the funnel is told by owner; leave `by` out.")
    figures = _by_owner(request, kept) if by else found
    return json_answer({"measure": name, "as_of": kept.as_of.isoformat(), "figures": figures})


def _by_owner(request: HttpRequest, kept: KeptReview) -> Any:
    found = funnel(kept, Selection(), OWNER, scope_of(token_of(request).user))
    return None if found is None else told_funnel(found)
