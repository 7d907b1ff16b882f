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

_ASKING: dict[str, Any] = {
    "asked_by": {"type": "string", "description": "A role of the ladder."},
    "asked_at": {"type": "string", "description": "ISO 8601; now when left out."},
}

_DEAL_REQUEST: dict[str, Any] = {
    "type": "object",
    "title": "A request about a deal",
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
        **_ASKING,
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

_PROMOTION_REQUEST: dict[str, Any] = {
    "type": "object",
    "title": "A request about a promotion",
    "properties": {
        "promotion": {
            "type": "object",
            "description": "Columns of `promotions`, and any field that a condition may use.",
            "properties": {
                "account_id": {**_TEXT, "description": "All accounts when left out."},
                "products": {
                    "type": ["array", "null"],
                    "items": {"type": "string"},
                    "maxItems": 100,
                },
                "product_family": _TEXT,
                "starts_on": {"type": "string", "format": "date"},
                "ends_on": {"type": ["string", "null"], "format": "date"},
                "weeks": {"type": ["integer", "null"], "description": "In place of a last day."},
                "rate": {**_AMOUNT, "description": "How deep, 0–1."},
                "kind": _TEXT,
                "featured": {"type": ["boolean", "null"]},
                "displayed": {"type": ["boolean", "null"]},
                "trade_spend": _AMOUNT,
                "expected_lift": {
                    **_AMOUNT,
                    "description": "Sold beyond a usual week; 1 is twice.",
                },
            },
            "required": ["starts_on", "rate"],
        },
        **_ASKING,
    },
    "required": ["promotion"],
}

REQUEST_SCHEMA: dict[str, Any] = {"anyOf": [_DEAL_REQUEST, _PROMOTION_REQUEST]}
