"""Book facts for a request that takes up others: what those had agreed to is asked anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from counterpoise.desk import BookFacts, Recorded
from counterpoise.web.desk.covering import chain_of
from counterpoise.web.desk.models import Request
from counterpoise.web.live import live


@dataclass(frozen=True)
class _WithoutOwn:
    """The facts of the books but for the customizations that some requests brought into them."""

    facts: BookFacts
    own: tuple[str, ...]

    def customizations(self, deal_id: str) -> Sequence[Recorded]:
        """Return the customizations on record for a deal that others asked for."""
        rows = live().customizations(deal_id)
        return tuple(
            Recorded(row["kind"], row["cost"], row["requested_at"] and row["requested_at"].date())
            for row in rows
            if not str(row["customization_id"]).startswith(self.own)
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self.facts, name)


def facts_for(facts: BookFacts, follows: Request | None) -> BookFacts:
    """Return the facts by which a request is answered that takes up another."""
    own = tuple(f"room-{each.pk}-" for each in chain_of(follows))
    return cast("BookFacts", _WithoutOwn(facts, own)) if own else facts
