"""Writing an agreement as YAML that reads like a contract and means the same when read again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS, Metric, MetricUnit
from counterpoise.agreement.quantities import format_rate, is_number

_WIDTH = 100
"""Letters of a row that stands on one line; longer ones have a line a key."""
_NEVER_WRAP = 1_000_000
_BLOCKS = frozenset({"", "roles", "promises", "discounts", "promotions", "customizations"})
"""Sections that are written with a line an entry; all others stand on one line."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class _Plain:
    """A scalar that stands without quotes: a number, a day, nothing."""

    tag: str
    text: str


class _Representer(RoundTripRepresenter):
    """Writes plain scalars as they are."""

    def represent_plain(self, scalar: _Plain) -> ScalarNode:
        """Write a scalar without quotes."""
        node: ScalarNode = self.represent_scalar(f"tag:yaml.org,2002:{scalar.tag}", scalar.text)
        return node


_Representer.add_representer(_Plain, _Representer.represent_plain)


def write_agreement(agreement: Agreement) -> str:
    """Write an agreement as YAML; what equals its default is left out."""
    plain = agreement.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    plain["roles"] = {name: plain["roles"][name] for name in agreement.ladder}
    _write_shares(plain)
    yaml = YAML()
    yaml.Representer = _Representer
    yaml.width = _NEVER_WRAP
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(_styled({"agreement": agreement.agreement, **plain}, ""), stream)
    return stream.getvalue()


def _write_shares(plain: dict[str, Any]) -> None:
    """Write the targets that are shares as percentages."""
    promises = plain.get("promises", {})
    for promise in (*promises.get("marketing", ()), *promises.get("sales", ())):
        _write_share(promise, PROMISE_METRICS.get(promise["metric"]))
    for goal in plain.get("goals", ()):
        _write_share(goal, GOAL_METRICS.get(goal["metric"]))


def _write_share(entry: dict[str, Any], metric: Metric | None) -> None:
    for key in ("at_least", "at_most"):
        if key in entry and metric is not None and metric.unit is MetricUnit.SHARE:
            entry[key] = format_rate(Decimal(entry[key]))


def _styled(value: object, section: str) -> object:
    """Give sections a line an entry and rows a line each, and scalars no quotes they can spare."""
    if isinstance(value, dict):
        mapping = CommentedMap()
        for key, inner in value.items():
            mapping[key] = _styled(inner, key if section == "" else f"{section}.{key}")
        if section not in _BLOCKS and not (section.endswith("[]") and len(str(value)) > _WIDTH):
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        items = CommentedSeq([_styled(item, f"{section}[]") for item in value])
        if not value or not isinstance(value[0], dict):
            items.fa.set_flow_style()
        return items
    return _scalar(value)


def _scalar(value: object) -> object:
    if value is None:
        return _Plain("null", "null")
    if isinstance(value, int) and not isinstance(value, bool):
        return _Plain("int", str(value))
    if isinstance(value, str) and is_number(value) and not value.startswith(("+", "0")):
        return _Plain("float" if "." in value else "int", value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _Plain("timestamp", value)
    return value
