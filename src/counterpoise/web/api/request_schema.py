"""The form of a request to the desk, for programs that check before they send."""

from __future__ import annotations

from typing import Any

_AMOUNT = {"type": ["number", "string", "null"]}
_TEXT = {"type": ["string", "null"]}

_LINE: dict[str, Any] = {
    "type": "object",
    "required": ["quantity"],
    "properties": {
        "line_no": {"type": ["integer", "null"]},
        "product_id": _TEXT,
        "quantity": {"type": ["number", "string"]},
        "list_price": _AMOUNT,
        "net_price": _AMOUNT,
        "unit_cost": _AMOUNT,
    },
}

REQUEST_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "deal": {
            "type": "object",
            "description": "Columns of `deals`, and any field that a condition may use.",
            "properties": {
                "deal_id": _TEXT,
                "account_id": _TEXT,
                "owner_id": _TEXT,
                "currency": _TEXT,
                "list_amount": _AMOUNT,
                "net_amount": _AMOUNT,
                "cost_amount": _AMOUNT,
                "rate": {**_AMOUNT, "description": "0–1, in place of a net amount."},
                "term_months": {"type": ["integer", "null"]},
                "payment": _TEXT,
                "lines": {"type": ["array", "null"], "items": _LINE, "maxItems": 1000},
            },
        },
        "asked_by": {"type": "string", "description": "A role of the ladder."},
        "asked_at": {"type": "string", "description": "ISO 8601; now when left out."},
        "customizations": {
            "type": ["array", "null"],
            "maxItems": 100,
            "items": {
                "type": "object",
                "required": ["kind", "cost"],
                "properties": {"kind": {"type": "string"}, "cost": {"type": ["number", "string"]}},
            },
        },
    },
    "required": ["deal"],
}
