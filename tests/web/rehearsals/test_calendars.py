"""A promotion calendar under a candidate, on the page."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from counterpoise.web.rehearsals.calendars import calendar_shown

_ENDS = {"estimate": -1200.0, "low": -1500.0, "high": -900.0}
_EFFECT = {
    "status": "estimated",
    "promotions": 40,
    "units": _ENDS,
    "margin": _ENDS,
    "assumes": "So.",
}
_REFUSED = {"status": "refused", "why": "All price cuts were about as deep."}


def _found(**changed: Any) -> dict[str, Any]:
    return {
        "promotions": 90,
        "verdicts_changed": 50,
        "moves": [
            {"was": "granted", "would_be": "granted", "promotions": 40},
            {"was": "granted", "would_be": "refused", "promotions": 50},
        ],
        "approvals": {},
        "trade_spend": 9000.0,
        "trade_spend_freed": 1250.0,
        "trade_spend_let_through": 0.0,
        "newly_refused": {"cut": 30, "not_run": 20},
        "told": [
            {
                "promotion_id": "M7",
                "account_id": None,
                "goods": "Juice",
                "starts_on": "2026-03-02",
                "says": "30% was too deep: it runs at 20%",
                "clause": "promotions.limits.juice",
                "trade_spend_freed": 100.0,
            }
        ],
        "effect": _EFFECT,
        "effect_by_way": {"cut": _EFFECT, "not_run": _REFUSED},
        **changed,
    }


def _page(found: dict[str, Any]) -> str:
    shown = {"calendar": calendar_shown(found), "currency": "EUR"}
    return " ".join(render_to_string("rehearsals/_calendar.html", shown).split())


def test_shows_what_becomes_of_promotions_and_which_of_them() -> None:
    page = _page(_found())
    assert "50 promotions of 90 would meet another answer" in page
    assert "Trade spend of 1.25k EUR would be freed" in page
    assert "Run at the deepest cut allowed" in page
    assert "−1.20k" in page
    assert "−1.50k to −900" in page
    assert "30% was too deep: it runs at 20%" in page
    assert "And 49 more" in page
    assert page.count("nobody can tell") == 1  # of those that do not run


def test_says_why_the_past_cannot_tell() -> None:
    page = _page(_found(effect=_REFUSED, effect_by_way={}))
    assert "The past cannot tell this" in page
    assert "All price cuts were about as deep." in page
    assert "So." not in page
