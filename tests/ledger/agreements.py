"""Agreements for tests, written as in a file."""

from __future__ import annotations

from counterpoise.agreement import Agreement, parse_agreement

_HEAD = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01, until: 2026-12-31}
company: {working_time: {days: mon-fri, hours: "09:00-17:00"}}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
"""


def agreement(clauses: str = "") -> Agreement:
    """Return an agreement of 2026 with further clauses."""
    return parse_agreement(_HEAD + clauses)
