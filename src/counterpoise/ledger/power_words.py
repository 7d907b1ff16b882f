"""What power says, in words: who decides, beside what is usual, which is no verdict."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from counterpoise.ledger.power import FEWEST, SIDES, Decided, Power

_KINDS = {
    "industrial": "where goods are sold to industry",
    "consumer_goods": "where consumer goods are sold",
    "services": "where services are sold",
    "software": "where software is sold",
}
_LEADS = {
    "sales": "sales usually leads",
    "marketing": "marketing usually leads",
    "shared": "both sides usually lead together",
}


def usual_says(found: Power) -> str:
    """Say which side is expected to lead, and who says so."""
    if found.is_agreed:
        agreed = {"shared": "both sides lead together"}.get(found.usual, f"{found.usual} leads")
        return f"The agreement says that {agreed} (clause company.leading)."
    return (
        f"{_KINDS[found.kind].capitalize()}, {_LEADS[found.usual]}. That is what is usual, not a "
        "verdict; the agreement can say otherwise (clause company.leading)."
    )


def power_says(found: Power) -> str:
    """Say who decided, in one sentence."""
    total = sum(each.decisions for each in found.sides.values())
    unknown = sum(each.decisions for each in found.roles.values()) - total
    if not found.roles:
        return "No decision on a request is on record."
    if not total:
        return f"Nobody knows which roles made the {unknown:,} decisions on record."
    shares = {side: found.share(side) or 0.0 for side in SIDES}
    told = (
        f"Of {total:,} decisions, roles of sales made {shares['sales']:.0%}, of marketing "
        f"{shares['marketing']:.0%}, and roles above both {shares['both']:.0%}."
    )
    if unknown:
        told += f" Of {unknown:,} more nobody knows the role."
    return told if total >= FEWEST else f"{told} So few say little."


def overrides_say(found: Power) -> str:
    """Say how many decisions went beyond the agreement's rights."""
    all_ = sum(found.roles.values(), Decided())
    if not found.roles or not found.rights:
        return ""
    if not all_.overrides + all_.own:
        told = "No decision went beyond what the agreement gives its role."
    else:
        told = (
            f"{_count(all_.without_right)} by a role that has no say there, {_count(all_.above)} "
            f"above what the role may grant, {_count(all_.own)} by who had asked."
        ).capitalize()
    if all_.unjudged:
        told += f" Of {all_.unjudged:,} it cannot be told: no agreement, or a role unknown."
    return told


def customizations_say(found: Power) -> str:
    """Say who decided about customizations, by side."""
    told = {side: _customizations(each) for side, each in found.sides.items()}
    whole = sum(_customizations(each) for each in found.roles.values())
    if not whole:
        return "No decision about a customization is on record."
    unknown = whole - sum(told.values())
    said = (
        f"About customizations {_decisions(whole)}: {told['sales']:,} by roles of sales, "
        f"{told['marketing']:,} of marketing, {told['both']:,} above both"
    )
    return f"{said}; of {unknown:,} nobody knows the role." if unknown else f"{said}."


def _customizations(found: Decided) -> int:
    return found.customizations_approved + found.customizations_refused


def _decisions(number: int) -> str:
    return "1 was decided" if number == 1 else f"{number:,} were decided"


def power_object(found: Power) -> dict[str, Any]:
    """Return power as plain data with its sentences."""
    return {
        "says": power_says(found),
        "usual": found.usual,
        "usual_says": usual_says(found),
        "is_agreed": found.is_agreed,
        "overrides_say": overrides_say(found),
        "customizations_say": customizations_say(found),
        "sides": [
            {"side": side, "share": found.share(side), **_decided(each)}
            for side, each in found.sides.items()
        ],
        "roles": [_role(found, role) for role in _roles(found)],
        "rights": [asdict(each) for each in found.rights],
        "waiting": [asdict(each) for each in found.waiting],
    }


def _roles(found: Power) -> list[str | None]:
    """Return the ladder's roles in order, then those that decided and are on none."""
    return list(dict.fromkeys([*(each.role for each in found.rights), *found.roles]))


def _role(found: Power, role: str | None) -> dict[str, Any]:
    right = next((each for each in found.rights if each.role == role), None)
    own = found.roles.get(role, Decided())
    return {
        "role": role,
        "side": right.side if right else None,
        "right": asdict(right) if right else None,
        **_decided(own),
    }


def _decided(found: Decided) -> dict[str, Any]:
    return {**asdict(found), "decisions": found.decisions, "overrides": found.overrides}


def _count(number: int) -> str:
    return "none" if not number else f"{number:,} decided" if number > 1 else "one decided"
