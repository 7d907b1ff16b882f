"""Short ways to write an agreement and to ask the desk."""

from collections.abc import Sequence
from typing import Any

from counterpoise.agreement import Agreement
from counterpoise.desk import NO_BOOKS, BookFacts, Decision, decide, read_request

LADDER = {
    "rep": {"side": "sales"},
    "manager": {"side": "sales"},
    "marketing": {"side": "marketing"},
    "lead": {"side": "both"},
}
STANDARD = {"id": "standard", "up_to": {"rep": "5%", "manager": "15%", "lead": "25%"}}
AT = "2026-06-10T10:00:00"  # a Wednesday


def agree(**sections: Any) -> Agreement:
    """Write an agreement with the ladder rep, manager, marketing, lead."""
    return Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": "Test",
            "in_force": {"from": "2026-01-01", "until": "2026-12-31"},
            "roles": LADDER,
            "discounts": {"limits": [STANDARD]},
            **sections,
        }
    )


def asking(
    rate: object = None,
    by: str | None = "rep",
    customizations: Sequence[object] = (),
    at: str | None = AT,
    **deal: Any,
) -> dict[str, Any]:
    """Write a request for a discount on a list amount of 100,000 unless said otherwise."""
    if "lines" not in deal:
        deal.setdefault("list_amount", 100_000)
    if rate is not None:
        deal["rate"] = rate
    return {"deal": deal, "asked_by": by, "asked_at": at, "customizations": list(customizations)}


def ask(
    agreement: Agreement, rate: object = None, books: BookFacts = NO_BOOKS, **asked: Any
) -> Decision:
    """Ask the desk; the same words as `asking`."""
    return decide(read_request(asking(rate, **asked)), agreement, books)


Answer = tuple[str, list[tuple[str, str]]]
"""A verdict, and who must approve under which clause."""


def answer(decision: Decision) -> Answer:
    """Return the verdict and who must approve under which clause."""
    return decision.verdict.value, [(each.role, each.clause) for each in decision.approvals]


def clauses(decision: Decision) -> list[str | None]:
    """Return the clauses that the reasons cite."""
    return [reason.clause for reason in decision.reasons]
