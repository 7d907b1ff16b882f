"""The reference page on the clauses of an agreement, made from its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from counterpoise.agreement.schema import json_schema

Json = dict[str, Any]

_HEAD = """# Agreement

<!-- Written by scripts/clauses.py from the schema in src/counterpoise/agreement. -->

Every clause that an agreement may hold. **Bold** fields must be there. A clause is cited by its
path, with ids in place of numbers: `discounts.limits.enterprise`.
[Write an agreement](../how-to/write-an-agreement.md) shows how to begin,
[how an agreement is read](agreement-rules.md) what it means; whole ones stand in
`examples/agreements/`. For editors that complete and check YAML, point them at the
[JSON Schema](agreement.schema.json).

| in a table below | you write |
|---|---|
| share | `18%` or `0.18` |
| condition | fields with tests: `{segment: Enterprise, list_amount: ">= 50000"}` |
| rates by role | `{rep: 5%, sales_manager + product_marketing: 30%}`; `a + b` must both say yes |
"""
_SHAPES = {
    "id": "the name by which the clause is cited",
    "says": "in words, for people",
    "when": "condition",
    "qualified": "condition",
    "people": "condition",
    "up_to": "rates by role; of customizations, costs",
    "name": "what people call it",
    "proof": "why it may be believed",
    "kind": "which kind",
    "gap_weeks": "weeks between two promotions of the same goods",
    "count": "how many at most",
    "reasons": "why a lead may be rejected",
    "team": "the team",
    "escalate_to": "the role that is asked when nobody answers",
    "by": "who signed",
    "at": "when",
    "at_least": "the target: an amount, a share, a count or a duration",
    "at_most": "the target: an amount, a share, a count or a duration",
}


def agreement_page() -> str:
    """Return the page on the clauses of an agreement."""
    schema = json_schema()
    sections = [
        _section(name, clause, schema)
        for name, clause in schema["properties"].items()
        if name not in ("agreement", "title")
    ]
    return "\n".join([_HEAD, *sections, _metrics(schema)])


def _section(name: str, clause: Json, schema: Json) -> str:
    """Return the section on a clause, with the records that stand inside it."""
    definition = _definition(clause, schema)
    says = clause.get("description") or definition.get("description") or ""
    parts = [f"## {name}\n\n{_sentence(says)}\n\n{_table(definition, schema)}"]
    for path, inner in _inside(name, definition, schema):
        parts.append(
            f"### {path}\n\n{_sentence(inner.get('description', ''))}\n\n{_table(inner, schema)}"
        )
    return "\n".join(parts)


def _inside(path: str, definition: Json, schema: Json) -> Iterator[tuple[str, Json]]:
    for name, field in definition.get("properties", {}).items():
        inner = _definition(field, schema)
        if "properties" in inner:
            yield f"{path}.{name}", inner
            yield from _inside(f"{path}.{name}", inner, schema)


def _definition(field: Json, schema: Json) -> Json:
    """Return the record that a field holds one or many of, or nothing."""
    choices = [
        field,
        field.get("items", {}),
        *field.get("patternProperties", {}).values(),
        *field.get("anyOf", ()),
    ]
    for choice in choices:
        if "$ref" in choice:
            found: Json = schema["$defs"][choice["$ref"].rpartition("/")[2]]
            return found
    return {}


def _table(definition: Json, schema: Json) -> str:
    required = definition.get("required", ())
    rows = [
        f"| {_bold(name) if name in required else f'`{name}`'} | {_field(name, field, schema)} |"
        for name, field in definition.get("properties", {}).items()
    ]
    return "\n".join(["| field | |", "|---|---|", *rows, ""]) if rows else ""


def _bold(name: str) -> str:
    return f"**`{name}`**"


def _field(name: str, field: Json, schema: Json) -> str:
    """Return what a field holds, in a line."""
    if name == "metric":
        return "one of the [metrics](#metrics)"
    definition = _definition(field, schema)
    if "properties" in definition:
        return _first_sentence(definition["description"])
    says = _SHAPES.get(name) or _described(field)
    return "; ".join(filter(None, (says, _words(field, definition), _default(field))))


def _described(field: Json) -> str:
    choices = (field, field.get("items", {}), *field.get("anyOf", ()))
    return next((each["description"] for each in choices if each.get("description")), "")


def _words(field: Json, definition: Json) -> str:
    return " or ".join(
        f"`{word}`" for word in (*field.get("enum", ()), *definition.get("enum", ()))
    )


def _default(field: Json) -> str:
    default = field.get("default")
    if default in (None, [], {}, False, "") or isinstance(default, dict):
        return ""
    return f"`{default if isinstance(default, str) else json.dumps(default)}` if it is missing"


def _metrics(schema: Json) -> str:
    """Return the section on what goals and promises may be measured by."""
    parts = ["## metrics\n"]
    for title, clause in (("Of goals", "Goal"), ("Of promises", "Promise")):
        known = schema["$defs"][clause]["properties"]["metric"].get("oneOf", ())
        rows = [f"| `{each['const']}` | {each['description']} |" for each in known]
        parts.append("\n".join([f"{title}:\n", "| metric | is |", "|---|---|", *rows, ""]))
    return "\n".join(parts)


def _first_sentence(text: str) -> str:
    return text.partition("\n")[0].rstrip(".")


def _sentence(text: str) -> str:
    return text if not text or text.endswith(".") else f"{text}."
