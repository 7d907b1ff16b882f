"""The description of the API: complete, with examples that hold, and true whatever is sent."""

import importlib
import pkgutil
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from counterpoise.web import api
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.people.models import User
from tests.web.api.calling import Caller
from tests.web.api.conftest import MakeCaller

DESCRIPTION = "/api/v1/openapi.json"
CHECKS: tuple[Callable[..., Any], ...] = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
PERSONAL = frozenset(TokenScope) - {TokenScope.ADMIN}
EXAMPLES = 6
"""How many calls of each operation are made up."""


@schemathesis.serializer("application/x-ndjson")
def lines_as_they_are(context: Any, value: Any) -> bytes:
    """Send what stands for lines of JSON as it is."""
    return str(value).encode("utf-8", "surrogatepass")


@pytest.fixture
def everything(reviewed: object, analyst: User, caller_of: MakeCaller) -> Caller:
    """Return a caller who may do everything."""
    return caller_of(analyst, *TokenScope)


@pytest.fixture
def described(everything: Caller) -> dict[str, Any]:
    """Return the description of the API."""
    found: dict[str, Any] = everything.get("openapi.json").json()
    return found


def operations_of(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for methods in described["paths"].values() for each in methods.values()]


def test_describes_every_operation_with_an_example(described: dict[str, Any]) -> None:
    operations = operations_of(described)
    assert len(operations) >= 18
    for operation in operations:
        name = operation["operationId"]
        assert operation["summary"], name
        assert operation["security"] == [{"TokenAuth": []}], name
        if "requestBody" in operation:
            assert all("example" in each for each in operation["requestBody"]["content"].values())
        answers = [
            operation["responses"][status]
            for status in ("200", "201")
            if status in operation["responses"]
        ]
        assert any("example" in each for each in answers[0]["content"].values()), name


def test_gives_no_two_kinds_of_value_one_name() -> None:
    named: dict[str, set[type]] = {}
    for found in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        for value in vars(importlib.import_module(found.name)).values():
            if isinstance(value, type) and issubclass(value, (Enum, BaseModel)):
                named.setdefault(value.__name__, set()).add(value)
    assert [sorted(map(repr, same)) for same in named.values() if len(same) > 1] == []


def test_describes_problems_as_what_they_are(described: dict[str, Any]) -> None:
    for operation in operations_of(described):
        for status in ("401", "403", "422", "429"):
            assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


# The caller that makes the calls up leaves files that it was sent open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_answers_calls_of_any_form_as_described(everything: Caller) -> None:
    schema = schemathesis.openapi.from_wsgi(DESCRIPTION, get_wsgi_application())
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        headers = {"Authorization": f"Bearer {everything.secret}"}

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy())
        def calls(case: Any) -> None:
            response = case.call(headers=headers)  # noqa: B023
            case.validate_response(response, checks=list(CHECKS))

        calls()
