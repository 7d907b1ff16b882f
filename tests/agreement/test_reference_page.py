"""The page on the agreement tells every clause and every metric."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from counterpoise.agreement.document import Agreement, Clause
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "reference" / "agreement.md").read_text(encoding="utf-8")


def test_tells_every_metric_with_its_meaning(page: str) -> None:
    for title, metrics in (("Goals", GOAL_METRICS), ("Promises", PROMISE_METRICS)):
        section = page.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0]
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [re.findall(r"`(\w+)`", row)[0] for row in rows] == list(metrics)
        for metric, row in zip(metrics.values(), rows, strict=True):
            assert row.endswith(f" {metric.says} |")


def test_tells_every_key(page: str) -> None:
    missing = [key for key in sorted(keys_of(Agreement)) if not re.search(rf"[`.{{ ]{key}\b", page)]
    assert missing == []


def keys_of(model: type[Clause]) -> set[str]:
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        keys.add(field.alias or name)
        for inner in models_in(field.annotation):
            keys |= keys_of(inner)
    return keys


def models_in(kind: Any) -> list[type[Clause]]:
    if isinstance(kind, type) and issubclass(kind, Clause):
        return [kind]
    return [model for each in get_args(kind) for model in models_in(each)]
