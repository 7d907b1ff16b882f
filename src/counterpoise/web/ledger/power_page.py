"""The page on power as plain values: who decided, by what right, and who waited for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.web.ledger.behind import NO_ROLE, behind_url
from counterpoise.web.ledger.whiskers import Part, parts_of

_KINDS = {"sales": "held", "marketing": "given", "both": "unknown"}
_BEYOND = ("without_right", "above", "own")
_NOBODY = "(unknown)"


@dataclass(frozen=True)
class RoleRow:
    """A role: its rights, what it decided, and where that opens."""

    told: Mapping[str, Any]
    name: str
    urls: Mapping[str, str]


@dataclass(frozen=True)
class WaitRow:
    """Who waited for whom."""

    told: Mapping[str, Any]
    asker: str
    decider: str
    url: str
    still_url: str


@dataclass(frozen=True)
class PowerPage:
    """Everything that the page on power shows."""

    told: Mapping[str, Any]
    parts: tuple[Part, ...]
    roles: list[RoleRow]
    waiting: list[WaitRow]
    has_decisions: bool


def power_page(told: Mapping[str, Any]) -> PowerPage:
    """Lay out power as the review left it."""
    return PowerPage(
        told=told,
        parts=parts_of({_KINDS[each["side"]]: each["decisions"] for each in told["sides"]}),
        roles=[_role(each) for each in told["roles"]],
        waiting=[_wait(each) for each in told["waiting"]],
        has_decisions=any(each["decisions"] for each in told["roles"]),
    )


def _role(told: Mapping[str, Any]) -> RoleRow:
    role = told["role"] or NO_ROLE
    urls = {
        "approved": behind_url("power", decider_role=role, verdict="approved"),
        "refused": behind_url("power", decider_role=role, verdict="refused"),
        **{name: behind_url("power", decider_role=role, beyond=name) for name in _BEYOND},
        **{
            f"customizations_{verdict}": behind_url(
                "power", decider_role=role, verdict=verdict, about="customization"
            )
            for verdict in ("approved", "refused")
        },
    }
    return RoleRow(told, _named(told["role"]), urls)


def _wait(told: Mapping[str, Any]) -> WaitRow:
    pair = {"asker_role": told["asker"] or NO_ROLE, "decider_role": told["decider"] or NO_ROLE}
    return WaitRow(
        told,
        _named(told["asker"]),
        _named(told["decider"]),
        behind_url("power", **pair, state="answered"),
        behind_url("power", **pair, state="waiting"),
    )


def _named(role: str | None) -> str:
    return _NOBODY if role is None else role.replace("_", " ")
