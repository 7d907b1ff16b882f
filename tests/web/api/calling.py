"""Calling the API with a token."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

BASE = "/api/v1/"


@dataclass(frozen=True)
class Caller:
    """Sends one token with every call."""

    secret: str

    def get(self, path: str, **headers: str) -> Any:
        """Read an address below the API's."""
        return Client().get(BASE + path, headers=self._with(headers))

    def post(self, path: str, body: object, **headers: str) -> Any:
        """Send JSON, or text as it is."""
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().post(
            BASE + path, data, content_type="application/json", headers=self._with(headers)
        )

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.secret}"} | named


def kind_of(response: Any) -> str:
    """Return the kind of problem that an answer carries."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    problem = response.json()
    assert problem["status"] == response.status_code
    return str(problem["type"].removeprefix("urn:counterpoise:problem:"))
