"""Words for kinds and figures of cracks."""

from __future__ import annotations

from counterpoise.web.shell.templatetags import figures

_KINDS = {
    "discount_drift": "Deeper discounts",
    "leakage": "Above authority, not approved",
    "quarter_end": "Rush at quarter end",
    "threshold_hugging": "Rates just under a limit",
    "slow_handoff": "Slow answers to leads",
    "unexplained_rejection": "Leads rejected without reason",
    "contradicted_rejection": "Rejections that facts contradict",
    "off_persona": "Selling outside the personas",
    "customization_sprawl": "Bespoke work beyond what was agreed",
    "tools_unused": "A good tool left unused",
    "late_approval": "Answers that come late",
    "list_not_believed": "A list price nobody believes",
    "budget_overrun": "Over budget",
    "lead_dumping": "Leads handed over in a heap",
    "score_bunching": "Scores just above the mark",
    "lead_quality": "Leads that sell less",
    "persona_miss": "Reaching the wrong people",
    "persona_blind_spot": "Good deals outside the personas",
    "promotion_collision": "Two reductions on the same goods",
    "tool_unanswered": "Sellers wait for a tool",
    "trust_gap": "The two sides see it differently",
    "silence": "The sides fall silent",
    "tool_gap": "Lost for want of a tool",
    "promise_broken": "A promise not kept",
    "price_erosion": "Price falls deal by deal",
    "goal_gap": "On the way past a goal",
    "losing_promotion": "A promotion that lost money",
    "unsupported_promotion": "Planned features that did not happen",
    "promotion_dependence": "Ever more is sold on deal",
    "base_price_drift": "Promotions wear the base away",
    "calendar_clash": "Promotions against each other",
}


def kind_words(kind: str) -> str:
    """Return a kind as people read it.

    >>> kind_words("discount_drift"), kind_words("brand_new")
    ('Deeper discounts', 'Brand new')
    """
    return _KINDS.get(kind) or kind.replace("_", " ").capitalize()


def measured_words(value: float | None, unit: str) -> str:
    """Write a measured value in its unit.

    >>> measured_words(0.1234, "points"), measured_words(2.345, "days"), measured_words(17, "count")
    ('12.3%', '2.3 days', '17')
    """
    if value is None:
        return "–"
    match unit:
        case "points":
            return figures.percent(value)
        case "days":
            return f"{value:,.1f} days"
        case "money":
            return figures.money(value)
        case _:
            return f"{value:,.1f}".removesuffix(".0")
