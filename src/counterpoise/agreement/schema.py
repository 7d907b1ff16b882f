"""The JSON Schema of an agreement, so that editors complete and check while somebody writes.

`python -m counterpoise.agreement.schema` prints it; the published file is
docs/reference/agreement.schema.json.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS, Metric

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORDS = {
    ("Agreement", "title"): "What both sides call it",
    ("Agreement", "roles"): "The ladder, lowest first",
    ("Agreement", "personas"): "Ideal customers; the first that matches counts",
    ("Agreement", "values"): "Value propositions: what to sell on instead of price",
    ("Agreement", "protected"): "Exclusive goods, tried before exceptions and limits",
    ("Agreement", "exceptions"): "Dated rows, tried before the limits",
    ("Agreement", "signed"): "Who signed for each side; not a part of what was signed",
    ("InForce", "if_lapsed"): "What holds after until: it goes on, or nothing does",
    ("InForce", "measured_against"): "Past deals are measured by it; nobody was bound by it",
    ("Company", "leading"): "Which side decides most in such a company; else what is usual for it",
    ("Company", "currency"): "ISO 4217, like USD; the workspace's",
    ("Company", "time_zone"): "Like Europe/Zagreb; the workspace's",
    ("Company", "fiscal_year_starts"): "The month, 1 to 12",
    ("Role", "people"): "Who in the books holds the role; else those whose role is its name",
    ("Role", "default"): "Whether people whose role nobody knows have this one",
    ("Goal", "shared"): "Whether both sides answer for it",
    ("Discounts", "basis"): "Whether a deal is judged whole or line by line",
    ("Discounts", "limits"): "A decision table: the first row whose condition holds decides",
    ("Discounts", "lever_cap"): "The most that levers add together",
    ("Floor", "decides"): "Who must say yes below it; without, nobody may",
    ("Routing", "account_owner"): "Whether who has the account takes up its leads",
    ("Routing", "teams"): "The first row whose condition holds; without rows the account's region",
    ("Routing", "to"): "Roles that take leads up; by default the lowest of sales",
    ("Routing", "capacity"): "How many leads without a verdict one person holds at most",
    ("RoutingRow", "team"): "A team of the books",
    ("Persona", "values"): "Ids of the values that this persona buys for",
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of an agreement's file."""
    schema = Agreement.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    for (model, key), says in _WORDS.items():
        owner = schema if model == "Agreement" else definitions[model]
        owner["properties"][key]["description"] = says
    _close(definitions["Goal"], GOAL_METRICS)
    _close(definitions["Promise"], PROMISE_METRICS)
    schema = _tidy(schema)
    return {
        "$schema": _DIALECT,
        "title": "Counterpoise agreement",
        "description": "One agreement that sales and marketing both sign",
        **{key: value for key, value in schema.items() if key not in {"title", "description"}},
    }


def _close(model: dict[str, Any], metrics: Mapping[str, Metric]) -> None:
    """Let a metric be one of the catalogue's, each with its meaning."""
    model["properties"]["metric"] = {
        "description": "What is measured",
        "oneOf": [
            {"const": metric.name, "description": f"{metric.says} ({metric.unit.value})"}
            for metric in metrics.values()
        ],
    }


def _tidy(node: Any, *, names_follow: bool = False) -> Any:
    """Drop the titles and empty defaults that a generator adds and no reader misses."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    noise = (
        ()
        if names_follow
        else ("title", "default")
        if node.get("default", 0) is None
        else ("title",)
    )
    return {
        key: _tidy(each, names_follow=key in {"properties", "$defs"} and not names_follow)
        for key, each in node.items()
        if key not in noise
    }


def schema_text() -> str:
    """Return the schema as the published file holds it."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
