"""Tokens as a page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from counterpoise.web.api.models import Token


@dataclass(frozen=True)
class Standing:
    """A token with whether it opens, in a word."""

    token: Token
    state: str
    says: str

    @property
    def opens(self) -> bool:
        """Tell whether it opens."""
        return self.state == "good"


def standing_of(tokens: Iterable[Token], today: dt.date) -> list[Standing]:
    """Say of each token whether it opens today."""
    return [Standing(token, *_state(token, today)) for token in tokens]


def _state(token: Token, today: dt.date) -> tuple[str, str]:
    if token.revoked_at is not None:
        return "quiet", "revoked"
    return ("good", "opens") if token.opens_on(today) else ("quiet", "expired")
