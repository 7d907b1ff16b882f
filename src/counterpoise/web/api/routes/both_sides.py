"""What both sides promised and how they say they work together, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from counterpoise.web.api.authentication import TokenAuth
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import JSON, json_answer
from counterpoise.web.promises.written import promises_object
from counterpoise.web.pulse.written import pulses_object
from counterpoise.web.results.reading import latest

router = Router(tags=["Both sides"])
_READ = TokenAuth(TokenScope.READ)
_PULSES: dict[str, Any] = {
    "pulses": [
        {
            "first_on": "2026-06-01",
            "closed_on": "2026-06-15",
            "smallest_group": 5,
            "sides": [
                {
                    "side": "sales",
                    "answers": 12,
                    "score": 74.0,
                    "low": 69.1,
                    "high": 78.9,
                    "band": "aligned",
                    "ratings": {"decide": [0, 1, 3, 6, 2]},
                }
            ],
            "gap": None,
        }
    ]
}
_PROMISES: dict[str, Any] = {
    "as_of": "2026-06-30",
    "promises": [
        {
            "side": "sales",
            "id": "response",
            "says": "Sales answers a lead within 4 working hours of its hand-over.",
            "status": "kept",
            "kept": 0.942,
            "enough": 0.9,
            "due": 2639,
            "why": "",
        }
    ],
    "budgets": [
        {
            "id": "concessions",
            "of": "concessions",
            "side": "sales",
            "first": "2026-04-01",
            "last": "2026-06-30",
            "agreed": 250000.0,
            "moved": -12000.0,
            "used": 190000.0,
            "left": 48000.0,
        }
    ],
}


def _answers(says: str, example: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": list(example)}
    content = {JSON: {"schema": schema, "example": example}}
    return {"responses": {200: {"description": says, "content": content}}}


@router.get(
    "pulses",
    auth=_READ,
    operation_id="list_pulses",
    summary="Counted pulses of both sides",
    openapi_extra=_answers("The latest first; sides too small are left out.", _PULSES),
)
def list_pulses(request: HttpRequest) -> HttpResponse:
    """Return what the page shows of whole sides; nothing tells of teams or people."""
    return json_answer({"pulses": pulses_object()})


@router.get(
    "promises",
    auth=_READ,
    operation_id="read_promises",
    summary="Promises and budgets of both sides",
    openapi_extra=_answers("As the last review measured them, with what was moved.", _PROMISES),
)
def read_promises(request: HttpRequest) -> HttpResponse:
    """Return how often each promise was due and kept, and what is left of each budget."""
    kept = latest()
    if kept is None:
        says = "There is no review yet; import books, and one is made by itself."
        raise refused("no-review", says, status=404)
    return json_answer(promises_object(kept))
