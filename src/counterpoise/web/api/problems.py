"""Problem details (RFC 9457): what went wrong, in one form, for every error of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what was sent: where, and what to do."""

    field: str
    says: str


@dataclass(frozen=True)
class Problem:
    """An error as a program reads it.

    `kind` names it for programs and never changes; `says` is for whoever reads the log.
    """

    status: int
    kind: str
    says: str
    faults: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the members that are sent."""
        title = HTTPStatus(self.status).phrase
        sent: dict[str, Any] = {
            "type": f"urn:counterpoise:problem:{self.kind}",
            "title": title,
            "status": self.status,
            "detail": self.says,
        }
        if self.faults:
            sent["errors"] = [{"field": each.field, "says": each.says} for each in self.faults]
        return sent

    def response(self) -> HttpResponse:
        """Return the answer that carries it."""
        content = json.dumps(self.as_json(), ensure_ascii=False) + "\n"
        return HttpResponse(
            content, status=self.status, content_type=MEDIA_TYPE, headers=self.headers
        )


class ApiError(Exception):
    """A call ends with a problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.says)


def refused(kind: str, says: str, *, status: int = 422, **headers: str) -> ApiError:
    """Return the error of a call that cannot be answered as it stands."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ApiError(Problem(status, kind, says, headers=named))
