"""Time one decision: the desk, zen-engine and Cedar on the same 30 limit rows, in one run.

    python benchmarks/decide_speed.py [--requests 2000]

Every engine gets its input ready made and answers the verdict; the desk also gathers the facts of
the request (two lines, their sums, the persona), adds levers and checks the floor, and then
explains: reasons, values, due times, counter-offers that it verified, as JSON values. The rows
are tried first to last, and every request is decided by the last row.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import cedarpy
import zen

from counterpoise.agreement import Agreement, parse_agreement
from counterpoise.desk import Request, decide, decision_json, read_request
from counterpoise.desk.deciding import weigh_request

SEGMENTS = ("Enterprise", "Mid", "SMB", "Public", "Partner")
REGIONS = ("North", "South", "East", "West", "Centre", "Export")
ROWS = [(segment, region) for segment in SEGMENTS for region in REGIONS]
RATES = (5, 15, 25)
ROLES = ("rep", "sales_manager", "revenue_lead")
VERDICT_TARGET_US, DECISION_TARGET_US = 50, 150


@dataclass(frozen=True)
class Timing:
    """What one call took, in microseconds."""

    name: str
    p50: float
    p95: float


def agreement() -> Agreement:
    """Return an agreement with 30 limit rows of lists and ranges, levers, a floor and a persona."""
    rows = "\n".join(
        f"    - {{id: row_{at}, when: {{segment: [{segment}, {segment} Plus],"
        f' owner.region: {region}, list_amount: "[{at}..{10_000_000 + at}]"}},'
        f" up_to: {{rep: {RATES[0]}%, sales_manager: {RATES[1]}%, revenue_lead: {RATES[2]}%}}}}"
        for at, (segment, region) in enumerate(ROWS)
    )
    return parse_agreement(f"""
agreement: counterpoise/v1
title: Benchmark
in_force: {{from: 2026-01-01}}
roles:
  rep: {{side: sales}}
  sales_manager: {{side: sales}}
  product_marketing: {{side: marketing}}
  revenue_lead: {{side: both}}
personas:
  - {{id: maker, when: {{industry: [Manufacturing, Medical], employees: "[50..1000]"}},
      values: [uptime]}}
values:
  - {{id: uptime, says: Fewer stops a year, when: {{product_family: GTX}}}}
discounts:
  exclusions:
    - {{id: charities, when: {{segment: Charity}}}}
  limits:
{rows}
  levers:
    - {{id: three_years, when: {{term_months: ">= 36"}}, adds: 5%}}
    - {{id: prepaid, when: {{payment: upfront}}, adds: 5%}}
  lever_cap: 10%
  floor: {{margin: 20%, decides: revenue_lead}}
approvals: {{respond_within: 1 working day}}
""")


def written(number: int) -> str:
    """Write a request for 11 to 13 % by a rep, which a manager must approve, as JSON text."""
    segment, region = ROWS[-1]
    lines = [
        {"product_id": "P1", "quantity": 10 + number % 50, "list_price": 1000,
         "net_price": 880 - number % 7, "unit_cost": 500},
        {"product_id": "P2", "quantity": 1, "list_price": 500, "net_price": 480, "unit_cost": 300},
    ]  # fmt: skip
    deal = {
        "segment": segment, "owner.region": region, "industry": "Medical", "employees": 200,
        "product_family": "GTX", "term_months": 12, "payment": "net30", "lines": lines,
    }  # fmt: skip
    at = f"2026-06-{1 + number % 28:02d}T10:{number % 60:02d}:00"
    return json.dumps({"deal": deal, "asked_by": "rep", "asked_at": at})


def zen_table() -> zen.ZenDecision:
    """Return the rows as a decision table of zen-engine, first match decides."""
    outputs = [{"id": role, "name": role, "field": role} for role in ROLES]
    rules = [
        {
            "_id": str(at),
            "segment": f'"{segment}", "{segment} Plus"',
            "region": f'"{region}"',
            "list": f"[{at}..{10_000_000 + at}]",
            **{role: str(rate / 100) for role, rate in zip(ROLES, RATES, strict=True)},
        }
        for at, (segment, region) in enumerate(ROWS)
    ]
    inputs = [
        {"id": name, "name": name, "field": field}
        for name, field in (("segment", "segment"), ("region", "region"), ("list", "list_amount"))
    ]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": content},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def zen_verdict(decision: zen.ZenDecision, facts: dict[str, Any]) -> str:
    """Ask zen-engine for the limits, and compare the rate with them."""
    limits = decision.evaluate(facts)["result"]
    if facts["rate"] <= limits["rep"]:
        return "granted"
    above = [role for role in ROLES[1:] if facts["rate"] <= limits[role]]
    return "needs_approval" if above else "refused"


def cedar_policies() -> cedarpy.PolicySet:
    """Return the rows as Cedar policies, one for each role that may act."""
    policies = [
        f'permit(principal == Role::"{role}", action == Action::"discount", resource)\n'
        f'when {{ ["{segment}", "{segment} Plus"].contains(context.segment)\n'
        f'  && context.region == "{region}" && context.list_amount >= {at}\n'
        f"  && context.list_amount <= {10_000_000 + at} && context.rate <= {rate * 100} }};"
        for at, (segment, region) in enumerate(ROWS)
        for role, rate in list(zip(ROLES, RATES, strict=True))[:1]
    ]
    return cedarpy.PolicySet.from_str("\n".join(policies))


def facts_of(request: Request) -> dict[str, Any]:
    """Return what the peers are given: the columns that the rows read, and the rate."""
    listed = sum((line.quantity * (line.list_price or 0) for line in request.lines), Decimal(0))
    net = sum((line.quantity * (line.net_price or 0) for line in request.lines), Decimal(0))
    return {
        "segment": request.claims["account__segment"],
        "region": request.claims["owner__region"],
        "list_amount": int(listed),
        "rate": float(1 - net / listed),
    }


def cedar_request(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts as a request to Cedar, the rate in basis points."""
    return {
        "principal": {"type": "Role", "id": "rep"},
        "action": {"type": "Action", "id": "discount"},
        "resource": {"type": "Deal", "id": "D1"},
        "context": {**facts, "rate": round(facts["rate"] * 10_000)},
    }


def timed(name: str, call: Callable[[Any], object], inputs: Sequence[Any]) -> Timing:
    """Time every call by itself, after a tenth of them to warm up."""
    for each in inputs[: len(inputs) // 10]:
        call(each)
    spent = []
    for each in inputs:
        start = time.perf_counter_ns()
        call(each)
        spent.append((time.perf_counter_ns() - start) / 1000)
    return Timing(name, statistics.median(spent), statistics.quantiles(spent, n=20)[18])


def measure(count: int) -> list[Timing]:
    """Time the desk and its peers, and check that they agree on every verdict."""
    agreed, table, policies = agreement(), zen_table(), cedar_policies()
    entities = cedarpy.Entities.from_json_str("[]")
    texts = [written(number) for number in range(count)]
    requests = [read_request(text) for text in texts]
    facts = [facts_of(request) for request in requests]
    asked = [cedar_request(each) for each in facts]

    def by_cedar(request: dict[str, Any]) -> bool:
        return cedarpy.is_authorized(request, policies, entities).allowed

    for request, known, question in zip(requests, facts, asked, strict=True):
        verdict = weigh_request(request, agreed).verdict
        assert verdict == decide(request, agreed).verdict == "needs_approval"
        assert zen_verdict(table, known) == verdict
        assert not by_cedar(question)
    gc.collect()
    gc.freeze()
    return [
        timed("desk: verdict", lambda each: weigh_request(each, agreed).verdict, requests),
        timed("zen-engine: verdict", lambda each: zen_verdict(table, each), facts),
        timed("cedarpy: verdict", by_cedar, asked),
        timed("desk: whole decision", lambda each: decide(each, agreed).as_json(), requests),
        timed("desk: reading JSON", read_request, texts),
        timed(
            "desk: text to text",
            lambda each: decision_json(decide(read_request(each), agreed)),
            texts,
        ),
    ]


def show(timings: list[Timing]) -> None:
    """Print the timings as a table, each beside the desk's verdict."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'30 rows, the last decides':26} {'p50':>10} {'p95':>10} {'times':>7}")
    for each in timings:
        ratio = each.p50 / timings[0].p50
        print(f"{each.name:26} {each.p50:7.1f} µs {each.p95:7.1f} µs {ratio:6.1f}x")
    for each, target in ((timings[0], VERDICT_TARGET_US), (timings[3], DECISION_TARGET_US)):
        met = "met" if each.p50 <= target else "MISSED"
        print(f"{each.name}: at most {target} µs is wanted: {met}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=2000)
    show(measure(parser.parse_args().requests))


if __name__ == "__main__":
    main()
