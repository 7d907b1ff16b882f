"""What fit says, in words: how sure it is, and what is a persona to add and no fault."""

from __future__ import annotations

from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.fit_outside import Lead, Leads

_MORE = {
    "win_rate": "are won more often",
    "discount": "are sold at deeper discounts",
    "margin_per_pursued": "earn more a deal pursued",
    "cycle_days": "take longer to win",
}
_LESS = {
    "win_rate": "are won less often",
    "discount": "are sold at shallower discounts",
    "margin_per_pursued": "earn less a deal pursued",
    "cycle_days": "are won sooner",
}


def differs(figure: str, found: Estimate | None) -> str:
    """Say how deals outside the personas differ from those inside in one figure.

    >>> differs("win_rate", None)
    'Too few deals on one side to tell.'
    """
    if found is None or found.is_small:
        return "Too few deals on one side to tell."
    if not found.is_clear_of_zero:
        return "No difference that is sure."
    told = (_MORE if found.value > 0 else _LESS)[figure]
    return f"Deals outside {told}."


def lead_says(lead: Lead, word: str) -> str:
    """Say what deals outside the personas earn in a segment or an industry, and what follows."""
    above = lead.above
    earned = f"{lead.earned:.1%} of the list value pursued comes back as {word}"
    beside = f"where {lead.expected:.1%} does on such deals inside"
    interval = f"95% interval {points(above.low)} to {points(above.high)} points"
    base = f"{above.n:,} deals of {above.accounts:,} customers"
    found = f"In {lead.name}, outside every persona, {earned}, {beside} ({interval}; {base})"
    if lead.pays:
        return f"{found}. That is a persona to add, not a fault."
    if lead.costs:
        return f"{found}. Selling there costs more than it brings elsewhere."
    return f"{found}. That is no sure difference."


def leads_say(leads: Leads, *, has_personas: bool) -> str:
    """Say in one sentence whether selling outside the personas pays anywhere."""
    if not has_personas:
        return "The agreement names no persona, so nothing is outside."
    if not leads.leads:
        return "Too little is pursued outside the personas to tell where it pays."
    names = [lead.name for lead in leads.leads if lead.pays]
    if not names:
        return "Nowhere do deals outside the personas surely earn more than such deals inside."
    told = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Selling outside the personas pays in {told}: a persona to add, not a fault."


def points(rate: float) -> str:
    """Return a difference of rates in points, with its sign.

    >>> points(0.0123), points(-0.2), points(-0.0001)
    ('+1.2', '−20.0', '0.0')
    """
    digit = f"{abs(rate) * 100:.1f}"
    if float(digit) == 0:
        return digit
    return f"{'+' if rate > 0 else '−'}{digit}"
