"""Examples that the description of the API shows; tests send them."""

from __future__ import annotations

from typing import Any

DECIDE_REQUEST: dict[str, Any] = {
    "deal": {"list_amount": 60000, "net_amount": 54000, "term_months": 12},
    "asked_by": "rep",
    "asked_at": "2026-06-10T10:00:00",
}
DECISION: dict[str, Any] = {
    "verdict": "needs_approval",
    "approvals": [
        {
            "role": "sales_manager",
            "clause": "discounts.limits.standard",
            "due_at": "2026-06-11T10:00:00",
        }
    ],
    "reasons": [
        {
            "clause": "discounts.limits.standard",
            "asked": 0.1,
            "limit": 0.05,
            "says": "10% is asked; rep may give 5% here.",
            "say_to_customer": "I can offer 5% today, or ask for more.",
        }
    ],
    "persona": None,
    "values": [],
    "counter_offers": [
        {
            "says": "Give 5%.",
            "rate": 0.05,
            "net_amount": 57000,
            "needs": [],
            "verdict": "granted",
            "clause": "discounts.limits.standard",
        }
    ],
    "agreement": {"title": "Second half 2026", "fingerprint": "5d3a…", "status": "ratified"},
}
AGREEMENT_DOCUMENT = """\
agreement: counterpoise/v1
title: Second half 2026
in_force: {from: 2026-07-01, until: 2026-12-31}
roles:
  rep: {side: sales}
  product_marketing: {side: marketing}
discounts:
  limits:
    - {id: standard, up_to: {rep: 5%}}
"""
VERSION: dict[str, Any] = {
    "title": "Second half 2026",
    "fingerprint": "5d3a…",
    "status": "ratified",
    "in_force_from": "2026-07-01",
    "in_force_until": "2026-12-31",
    "in_force_today": True,
}
REQUEST: dict[str, Any] = {
    "id": 17,
    "state": "open",
    "asked_at": "2026-06-10T08:00:00+00:00",
    "settled_at": None,
    "asked_by": "rep",
    "deal_id": None,
    "account_id": None,
    "currency": "USD",
    "list_amount": 60000,
    "net_amount": 54000,
    "rate": 0.1,
    "note": "Their budget ends in June.",
    "follows": None,
    "approvals": [
        {
            "role": "sales_manager",
            "clause": "discounts.limits.standard",
            "due_at": "2026-06-11T08:00:00+00:00",
            "escalated_to": None,
            "is_covered": False,
            "answer": None,
        }
    ],
    "decision": DECISION,
}
