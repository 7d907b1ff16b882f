"""A decision in the terminal: the answer first, then why, then what to offer instead."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from counterpoise.agreement.wording import role_text
from counterpoise.desk import Decision, Verdict
from counterpoise.report.layout import points
from counterpoise.report.wording import STATUSES

SAID = {
    Verdict.GRANTED: ("Granted", "bold green"),
    Verdict.NEEDS_APPROVAL: ("Needs approval", "bold yellow"),
    Verdict.REFUSED: ("Refused", "bold red"),
}


def print_decision(decision: Decision, console: Console) -> None:
    """Print a decision as a rep would read it."""
    for part in _parts(decision):
        console.print(part)


def _parts(decision: Decision) -> Iterator[RenderableType]:
    said, style = SAID[decision.verdict]
    yield Text(said, style=style)
    for approval in decision.approvals:
        due = f", due {approval.due_at:%Y-%m-%d %H:%M}" if approval.due_at else ""
        yield cited(f"  by {role_text(approval.role)}{due}", approval.clause)
    yield points(cited(reason.says, reason.clause) for reason in decision.reasons)
    if decision.persona:
        yield Text(f"Persona: {decision.persona}")
    yield from section("Sell on", (_value(each.says, each.proof) for each in decision.values))
    offers = decision.counter_offers
    yield from section("Offer instead", (cited(each.says, each.clause) for each in offers))
    customer = [reason.say_to_customer for reason in decision.reasons if reason.say_to_customer]
    yield from section("To the customer", map(Text, dict.fromkeys(customer)))
    basis = decision.agreement
    yield Text(f"By {basis.title}, {STATUSES[basis.status]}", style="dim")


def section(title: str, said: Iterator[Text]) -> Iterator[RenderableType]:
    """Yield a title and its lines, nothing where there are none."""
    lines = list(said)
    if lines:
        yield Text(title, style="bold")
        yield points(lines)


def cited(said: str, clause: str | None) -> Text:
    """Write a sentence with its clause."""
    text = Text(said)
    if clause:
        text.append(f" ({clause})", style="dim")
    return text


def _value(says: str, proof: str | None) -> Text:
    return Text(f"{says}: {proof}" if proof else says)
