"""Fitting: which tools to put beside a deal in place of a discount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.web.tools.library import Card, persona_ids

MOST_OFFERED = 3
_RULES_OUT = ("product_family", "persona", "competitor")


@dataclass(frozen=True)
class Wanted:
    """What a tool should be for."""

    product_family: str = ""
    persona: str = ""
    competitor: str = ""
    stage: str = ""
    objection: str = ""
    values: frozenset[str] = frozenset()

    @classmethod
    def of_facts(
        cls,
        facts: Mapping[str, Any],
        persona: str | None,
        values: Iterable[str] = (),
        objection: str = "",
    ) -> Wanted:
        """Return what would fit a deal of these facts."""
        known = {name: str(facts.get(name) or "") for name in ("product_family", "competitor")}
        said = str(persona or "")
        return cls(
            **known,
            persona=persona_ids().get(said.casefold(), said),
            stage=str(facts.get("stage") or ""),
            objection=objection.strip(),
            values=frozenset(values),
        )


def fitting(cards: Iterable[Card], wanted: Wanted, most: int = MOST_OFFERED) -> list[Card]:
    """Return the tools that fit, the closest first; those that say nowhere what for never do.

    What a tool is made for rules it out elsewhere: family, persona, competitor, and the objection
    where one is named. Values and stage only bring it closer; what answers an objection alone
    comes last.
    """
    scored = [(closeness(card, wanted), card) for card in cards]
    found = [pair for pair in scored if pair[0] > 0]
    return [card for _, card in sorted(found, key=lambda pair: (-pair[0], pair[1].title))[:most]]


def closeness(card: Card, wanted: Wanted) -> int:
    """Count what a tool was made for that a deal has; 0 where it does not fit.

    >>> wanted = Wanted(product_family="Pumps", competitor="Delta", values=frozenset({"uptime"}))
    >>> closeness(Card("T1", "Guide", product_family="Pumps", values=("uptime",)), wanted)
    3
    >>> closeness(Card("T2", "Guide", product_family="Valves"), wanted)
    0
    >>> closeness(Card("T3", "Brochure"), wanted)
    0
    """
    score = 0
    for name in _RULES_OUT:
        made_for, is_there = getattr(card, name), getattr(wanted, name)
        if made_for and made_for.casefold() != is_there.casefold():
            return 0
        score += 2 if made_for else 0
    if wanted.objection:
        if not card.objection or card.objection.casefold() != wanted.objection.casefold():
            return 0
        score += 2
    score += bool(wanted.values.intersection(card.values))
    score += bool(card.stage and card.stage.casefold() == wanted.stage.casefold())
    return score or int(bool(card.objection))
