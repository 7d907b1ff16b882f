import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from counterpoise.agreement import Agreement, write_agreement
from counterpoise.agreement.schema import json_schema, schema_text
from tests.agreement.strategies import agreements


@cache
def validator() -> Draft202012Validator:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def as_an_editor_sees(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def wrong(text: str) -> list[str]:
    return [error.json_path for error in validator().iter_errors(as_an_editor_sees(text))]


def test_the_published_file_is_current(root: Path) -> None:
    published = (root / "docs" / "reference" / "agreement.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), (
        "run: python -m counterpoise.agreement.schema > docs/reference/agreement.schema.json"
    )


@pytest.mark.parametrize("name", ["industrial", "consumer_goods", "usage_pricing"])
def test_accepts_the_examples(root: Path, name: str) -> None:
    assert wrong((root / "examples" / "agreements" / f"{name}.yaml").read_text()) == []


def test_accepts_the_worked_example(shared: Path) -> None:
    assert wrong((shared / "golden" / "agreement.yaml").read_text()) == []


@given(agreements())
def test_accepts_every_valid_agreement(agreement: Agreement) -> None:
    assert wrong(write_agreement(agreement)) == []


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("rep: 5%", "rep: 5 percent", "$.discounts.limits[0].up_to.rep"),
        ("rep: 5%", "rep: 12", "$.discounts.limits[0].up_to.rep"),
        ("win_rate", "win_ratio", "$.goals[0].metric"),
        ("1 working day", "soon", "$.approvals.respond_within"),
        ("side: sales", "side: sale", "$.roles.rep.side"),
        ("discounts:", "discount:", "$"),
        ("segment: SMB", "segment: []", "$.discounts.limits[0].when.segment"),
    ],
)
def test_refuses_what_the_program_refuses(before: str, after: str, place: str) -> None:
    text = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01}
roles: {rep: {side: sales}}
goals: [{id: g, metric: win_rate, at_least: 30%}]
discounts: {limits: [{id: a, when: {segment: SMB}, up_to: {rep: 5%}}]}
approvals: {respond_within: 1 working day}
"""
    assert wrong(text) == []
    assert wrong(text.replace(before, after)) == [place]


def test_describes_rates_durations_and_conditions() -> None:
    definitions = json_schema()["$defs"]
    limit = definitions["RateTable"]["properties"]
    assert limit["up_to"]["additionalProperties"]["description"] == "A share of list: 18% or 0.18"
    assert "Fields with tests" in limit["when"]["description"]
    respond = definitions["Approvals"]["properties"]["respond_within"]
    assert respond["anyOf"][0]["description"] == "A length of time"
