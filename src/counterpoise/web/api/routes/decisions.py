"""The desk for programs: decisions that leave no trace."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from counterpoise.desk import NoAgreementError, RequestError
from counterpoise.web.api.authentication import TokenAuth, take_calls, token_of
from counterpoise.web.api.deciding import Desk
from counterpoise.web.api.examples import DECIDE_REQUEST, DECISION
from counterpoise.web.api.problems import ApiError, Fault, Problem, refused
from counterpoise.web.api.request_schema import REQUEST_SCHEMA
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import JSON, JSON_LINES, body_of, example_of
from counterpoise.web.api.shapes import DecisionShape, PromotionDecisionShape

router = Router(tags=["Desk"])
MOST_LINES = 1_000
"""The most requests that one batch may hold."""


@router.post(
    "decide",
    auth=TokenAuth(TokenScope.DECIDE, TokenScope.DECIDE_FOR_ANY),
    response=DecisionShape | PromotionDecisionShape,
    operation_id="decide",
    summary="Decide one request",
    openapi_extra=body_of(REQUEST_SCHEMA, DECIDE_REQUEST) | example_of(DECISION),
)
def decide(request: HttpRequest) -> HttpResponse:
    """Answer a request about a deal or a promotion, with the bytes of `counterpoise decide`.

    The agreement in force decides and nothing is kept. Facts of the books win over what the
    request claims, and a difference is a reason. `asked_by` is the token's own role unless its
    scope is `decide-for-any`.
    """
    desk = Desk.of(token_of(request))
    return HttpResponse(desk.decide(request.body) + "\n", content_type=JSON)


@router.post(
    "decide/batch",
    auth=TokenAuth(TokenScope.DECIDE, TokenScope.DECIDE_FOR_ANY),
    operation_id="decide_batch",
    summary="Decide many requests",
    openapi_extra=body_of({"type": "string"}, json.dumps(DECIDE_REQUEST) + "\n", JSON_LINES)
    | {
        "responses": {
            200: {
                "description": "A decision or a problem a line, in the order of the requests.",
                "content": {
                    JSON_LINES: {
                        "schema": {"type": "string"},
                        "example": json.dumps(DECISION) + "\n",
                    }
                },
            }
        }
    },
)
def decide_batch(request: HttpRequest) -> HttpResponse:
    """Answer a request a line (JSON lines), each with a decision or a problem on a line.

    A batch holds up to 1,000 requests, and each counts as a call.
    """
    lines = [line for line in request.body.split(b"\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise refused("batch-size", f"A batch holds 1 to {MOST_LINES:,} requests, a line each.")
    token = token_of(request)
    take_calls(token, len(lines) - 1)
    desk = Desk.of(token)
    answers = "\n".join(_answer(desk, line) for line in lines)
    return HttpResponse(answers + "\n", content_type=JSON_LINES)


def _answer(desk: Desk, line: bytes) -> str:
    try:
        return desk.decide(line)
    except RequestError as error:
        faults = tuple(Fault(each.field, each.says) for each in error.problems)
        says = "The request cannot be answered as it stands."
        problem = Problem(422, "request-refused", says, faults)
    except NoAgreementError as error:
        problem = Problem(409, "no-agreement", str(error))
    except ApiError as error:
        problem = error.problem
    return json.dumps(problem.as_json(), ensure_ascii=False)
