"""The description of the API that other programs read, with examples."""

from __future__ import annotations

from typing import Any

from ninja.openapi.schema import get_schema

from counterpoise.web.api.problems import MEDIA_TYPE

_PROBLEM = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Names the kind of problem; never changes."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "says"],
                "properties": {"field": {"type": "string"}, "says": {"type": "string"}},
            },
        },
    },
    "example": {
        "type": "urn:counterpoise:problem:scope-missing",
        "title": "Forbidden",
        "status": 403,
        "detail": "This token lacks the scope decide.",
    },
}
_ALWAYS = {401: "No token that opens", 403: "Not open to this token", 429: "Called too often"}
_IF_READ = {
    404: "Nothing is here",
    409: "Not in this state",
    422: "Refused as it stands",
    503: "Busy; ask again in a moment",
}
_IF_SENT = {400: "Not readable", 413: "Too long"}


def describe(api: Any, path_prefix: str) -> dict[str, Any]:
    """Return the description, each operation with the problems that it may end in."""
    described: dict[str, Any] = get_schema(api=api, path_prefix=path_prefix)
    described["components"]["schemas"]["Problem"] = _PROBLEM
    for methods in described["paths"].values():
        for method, operation in methods.items():
            operation["responses"] = _responses(method, operation)
    return described


def _responses(method: str, operation: dict[str, Any]) -> dict[str, Any]:
    """Name every answer; statuses are texts, as the standard wants."""
    answers = {str(status): said for status, said in operation["responses"].items()}
    problems = {**_ALWAYS, **_IF_READ} | (_IF_SENT if method == "post" else {})
    if method == "get":
        answers["304"] = {"description": "The caller has it already"}
    for status, says in problems.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        answers[str(status)] = {"description": says, "content": content}
    return answers
