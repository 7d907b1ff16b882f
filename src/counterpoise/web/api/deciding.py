"""The desk as a token may use it: its own role, or any; the agreements and books of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.agreement import Agreements
from counterpoise.desk import BookFacts, answer, decision_json
from counterpoise.desk.promotion_deciding import answer_promotion
from counterpoise.desk.promotion_decision import promotion_json
from counterpoise.desk.promotion_request import is_about_a_promotion
from counterpoise.desk.reading import parse_json
from counterpoise.web import asking, house
from counterpoise.web.access import EVERYTHING, Scope, scope_of
from counterpoise.web.api.models import Token
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.live import live
from counterpoise.web.promotions.on_record import RoomPromotions


@dataclass(frozen=True)
class Desk:
    """Decides for one token. `role` is the only one it may ask as; None where it may as any."""

    agreements: Agreements
    facts: BookFacts
    role: str | None
    scope: Scope

    @classmethod
    def of(cls, token: Token) -> Desk:
        """Open the desk for a token."""
        is_any = token.may(TokenScope.DECIDE_FOR_ANY)
        role = None if is_any else token.user.role
        return cls(house.agreements(), asking.facts(), role, scope_of(token.user))

    def decide(self, written: bytes) -> str:
        """Answer a request, as the line of JSON that the command prints.

        Raises:
            RequestError: If the request cannot be answered as it stands.
            NoAgreementError: If no agreement is in force on its day.
            ApiError: If it asks as a role that is not the token's.
        """
        content = self._asked(parse_json(written))
        if is_about_a_promotion(content):
            return self._promotion(content)
        self._refuse_closed_deal(content)
        made = answer(content, self.agreements, self.facts, now=asking.now(), books_win=True)
        return decision_json(made)

    def _promotion(self, content: Any) -> str:
        """Answer a request about a promotion; the calendar is open to everybody."""
        made = answer_promotion(
            content, self.agreements, self.facts, RoomPromotions(), now=asking.now()
        )
        return promotion_json(made)

    def _asked(self, content: Any) -> Any:
        """Let the token's role ask."""
        if self.role is None or not isinstance(content, Mapping):
            return content
        asked_by = content.get("asked_by")
        if asked_by is None:
            return {**content, "asked_by": self.role} if self.role else content
        if asked_by != self.role:
            mine = f"asks as {self.role}" if self.role else "has no role on the ladder"
            says = f"This token {mine}; asking as another role needs the scope decide-for-any."
            raise refused("role-not-yours", says, status=403)
        return content

    def _refuse_closed_deal(self, content: Any) -> None:
        """Let nobody read the facts of a deal out of decisions about it."""
        if self.scope == EVERYTHING or not isinstance(content, Mapping):
            return
        asked = content.get("deal")
        deal_id = asked.get("deal_id") if isinstance(asked, Mapping) else None
        deal = self.facts.deal(deal_id.strip()) if isinstance(deal_id, str) else None
        if deal is None:
            return
        if not self.scope.opens(deal["owner_id"], live().deal_campaigns(deal["deal_id"])):
            raise refused("deal-not-yours", f"Deal {deal_id} does not open to you.", status=403)
