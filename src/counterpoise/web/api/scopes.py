"""What a token may do."""

from __future__ import annotations

from enum import StrEnum


class TokenScope(StrEnum):
    """One thing that a token may do; each call says which it needs."""

    DECIDE = "decide"
    DECIDE_FOR_ANY = "decide-for-any"
    ASK = "ask"
    APPROVE = "approve"
    CRACKS = "cracks"
    HANDOFFS = "handoffs"
    TOOLS = "tools"
    TALK = "talk"
    BUDGETS = "budgets"
    READ = "read"
    ADMIN = "admin"

    @property
    def says(self) -> str:
        """Say it in words."""
        return _WORDS[self]

    @property
    def is_for_administrators(self) -> bool:
        """Tell whether only an administrator may give it to a token."""
        return self in {TokenScope.DECIDE_FOR_ANY, TokenScope.ADMIN}


_WORDS = {
    TokenScope.DECIDE: "Ask the desk without leaving a trace, as your own role",
    TokenScope.DECIDE_FOR_ANY: "Ask the desk without leaving a trace, as any role",
    TokenScope.ASK: "Put requests on record in your name",
    TokenScope.APPROVE: "Approve, refuse and counter in your name",
    TokenScope.CRACKS: "Open, answer, assign and accept cracks in your name",
    TokenScope.HANDOFFS: "Pass, answer, judge and give leads in your name",
    TokenScope.TOOLS: "Make, use and ask for tools, and answer sellers, in your name",
    TokenScope.TALK: "Speak, ask, answer, sit together and thank in your name",
    TokenScope.BUDGETS: "Propose, sign and decline transfers between budgets in your name",
    TokenScope.READ: "Read reviews, agreements, cracks, leads, tools, talk and your requests",
    TokenScope.ADMIN: "Check agreements and do what administrators do",
}
