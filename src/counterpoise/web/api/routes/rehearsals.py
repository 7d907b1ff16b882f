"""Rehearsals for programs: candidates with what past deals would have met, and the effect."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import PathEx, QueryEx, Router
from ninja.params import P

from counterpoise.rehearse.results import Behaviour
from counterpoise.web.access import scope_of
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import JSON, json_answer
from counterpoise.web.rehearsals.models import Rehearsal
from counterpoise.web.rehearsals.written import written
from counterpoise.web.results.reading import latest

router = Router(tags=["Rehearsals"])
_EXAMPLE = {
    "id": 3,
    "title": "Less for small deals",
    "from": "First half 2026",
    "behaviour": "within_authority",
    "candidates": [
        {
            "number": 1,
            "name": "Two points less",
            "agreement": "agreement: counterpoise/v1\n…",
            "is_of_these_books": True,
            "rehearsal": {"schema": "counterpoise/rehearsal/v1", "deals": 18258},
        }
    ],
}
Id = PathEx[int, P(ge=1, le=2**63 - 1, description="The number in the rehearsal's address.")]
How = QueryEx[
    Behaviour, P(description="What sellers are taken to do whose offer is not let through.")
]


@router.get(
    "rehearsals/{rehearsal_id}",
    auth=TokenAuth(TokenScope.READ),
    operation_id="read_rehearsal",
    summary="A rehearsal",
    openapi_extra={
        "responses": {
            200: {
                "description": "The rehearsal, each candidate with what is worked out of it.",
                "content": {JSON: {"schema": {"type": "object"}, "example": _EXAMPLE}},
            }
        }
    },
)
def read_rehearsal(
    request: HttpRequest, rehearsal_id: Id, behaviour: How = Behaviour.WITHIN_AUTHORITY
) -> HttpResponse:
    """Return the candidates of a rehearsal, each with what is worked out of it.

    Figures of single people are those that open to the token's person.
    """
    found = Rehearsal.objects.filter(pk=rehearsal_id).first()
    if found is None:
        raise refused("no-rehearsal", "There is no such rehearsal.", status=404)
    scope = scope_of(token_of(request).user)
    return json_answer(written(found, behaviour, latest(), scope))
