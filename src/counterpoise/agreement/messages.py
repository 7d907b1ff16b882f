"""What a clause's model objects to, in words that a person can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from counterpoise.agreement.conditions import ConditionError
from counterpoise.agreement.document import Agreement, Clause
from counterpoise.agreement.problems import Flaw
from counterpoise.agreement.source import Tree, join, join_item, unique
from counterpoise.books.spelling import unknown

Place = tuple[str | int, ...]
"""Keys and positions that lead from the top of a document to one value."""

_EXAMPLES = {
    "agreement": "agreement: counterpoise/v1",
    "title": "title: Second half 2026",
    "in_force": "in_force: {from: 2026-07-01, until: 2026-12-31}",
    "roles": "roles: {rep: {side: sales}, product_marketing: {side: marketing}}",
    "from": "from: 2026-07-01",
    "until": "until: 2026-12-31",
    "side": "side: sales",
    "id": "id: standard",
    "metric": "metric: price_realization",
    "of": "of: concessions",
    "every": "every: quarter",
    "amount": "amount: 250000",
    "when": "when: {segment: Enterprise}",
    "says": "says: Fewer stops a year",
    "up_to": "up_to: {rep: 10%}",
    "adds": "adds: 5%",
    "margin": "margin: 20%",
    "per": "per: quarter",
    "at_most": "at_most: 13",
    "count": "count: 12",
    "kind": "kind: private_label",
    "by": "by: Ana Horvat",
    "at": "at: 2026-06-24T15:30",
}


def flaws_of(error: ValidationError, tree: Tree) -> Iterator[Flaw]:
    """Yield what a model objects to, clause by clause, in plain words."""
    for details in error.errors(include_url=False):
        clause = address(tree, details["loc"])
        cause = details.get("ctx", {}).get("error")
        if isinstance(cause, ConditionError):
            yield from (Flaw(join(clause, field), says) for field, says in cause.wrong.items())
        else:
            yield Flaw(clause, _says(details))


def address(tree: Tree, place: Place) -> str:
    """Return the clause at a place: list items by their id, what is not in the file left out."""
    clause = ""
    for part in place:
        if isinstance(tree, dict) and part in tree:
            tree, clause = tree[str(part)], join(clause, str(part))
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            clause = join_item(clause, part, names_of(tree)[part])
            tree = tree[part]
        else:
            break
    return clause


def names_of(items: list[Tree]) -> list[str | None]:
    """Return the id of each item of a list, None where it has none of its own."""
    return unique([item.get("id") if isinstance(item, dict) else None for item in items])


def _says(details: ErrorDetails) -> str:
    kind, key, found = details["type"], str(details["loc"][-1]), details["input"]
    context: Mapping[str, Any] = details.get("ctx", {})
    if kind == "missing":
        return f"{key!r} is missing; write it like {_EXAMPLES.get(key, f'{key}: …')}"
    if kind == "extra_forbidden":
        return unknown("key", key, _keys_at(details["loc"][:-1]))
    if kind == "value_error":
        return str(context["error"])
    if found is None:
        return "nothing is written here; fill it in, or take the key out"
    if kind in {"literal_error", "enum"}:
        return unknown("word", str(found), re.findall(r"'([^']*)'", context["expected"]))
    if kind == "too_short":
        return f"nobody is named; write at least one, like {_EXAMPLES.get(key, key)}"
    return _bounds_or_shape(kind, found, context) or str(details["msg"])


def _bounds_or_shape(kind: str, found: object, context: Mapping[str, Any]) -> str | None:
    if kind in _SHAPES:
        return f"{_SHAPES[kind]}, not {_shape_of(found)}"
    if kind == "greater_than_equal":
        return f"{found} is below {context['ge']}"
    if kind == "less_than_equal":
        return f"{found} is above {context['le']}"
    return None


_SHAPES = {
    "string_type": "a text belongs here",
    "string_too_short": "a text belongs here",
    "tuple_type": "a list belongs here, each entry after a dash or all in [ ]",
    "model_type": "keys with values belong here, like {id: standard, …}",
    "model_attributes_type": "keys with values belong here, like {id: standard, …}",
    "mapping_type": "names with values belong here, like {rep: 10%}",
    "dict_type": "names with values belong here, like {rep: 10%}",
}


def _shape_of(found: object) -> str:
    if isinstance(found, str):
        return f"the text {found!r}" if found.strip() else "an empty text"
    return "a list" if isinstance(found, list | tuple) else "keys with values"


def _keys_at(place: Place) -> tuple[str, ...]:
    """Return the keys that the clause at a place knows."""
    kind: Any = Agreement
    for part in place:
        kind = _inside(_bare(kind), part)
    model = _bare(kind)
    if not (isinstance(model, type) and issubclass(model, Clause)):
        return ()
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _inside(kind: Any, part: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, Clause):
        by_key = {field.alias or name: field for name, field in kind.model_fields.items()}
        return by_key[str(part)].annotation if part in by_key else None
    arguments = get_args(kind)
    if not arguments:
        return None
    return arguments[0] if isinstance(part, int) else arguments[-1]


def _bare(kind: Any) -> Any:
    """Take an annotation out of `Annotated` and `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(each for each in get_args(kind) if each is not NoneType))
    return kind
