"""A decision in the terminal: the answer first, then why, then what to offer instead."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from counterpoise.desk import Decision, Verdict
from counterpoise.report.wording import STATUSES

_SAID = {
    Verdict.GRANTED: ("Granted", "bold green"),
    Verdict.NEEDS_APPROVAL: ("Needs approval", "bold yellow"),
    Verdict.REFUSED: ("Refused", "bold red"),
}


def print_decision(decision: Decision, console: Console) -> None:
    """Print a decision as a rep would read it."""
    said, style = _SAID[decision.verdict]
    console.print(Text(said, style=style))
    for approval in decision.approvals:
        due = f", due {approval.due_at:%Y-%m-%d %H:%M}" if approval.due_at else ""
        console.print(Text(f"  by {approval.role}{due}  ({approval.clause})"))
    for reason in decision.reasons:
        console.print(Text(f"· {reason.says}" + (f"  ({reason.clause})" if reason.clause else "")))
    _print_selling(decision, console)
    if decision.counter_offers:
        console.print(Text("Offer instead", style="bold"))
    for offer in decision.counter_offers:
        console.print(Text(f"· {offer.says}  ({offer.clause})"))
    customer = [reason.say_to_customer for reason in decision.reasons if reason.say_to_customer]
    if customer:
        console.print(Text("To the customer", style="bold"))
        for line in dict.fromkeys(customer):
            console.print(Text(f"· {line}"))
    basis = decision.agreement
    console.print(Text(f"By {basis.title}, {STATUSES[basis.status]}", style="dim"))


def _print_selling(decision: Decision, console: Console) -> None:
    if decision.persona:
        console.print(Text(f"Persona: {decision.persona}"))
    if decision.values:
        console.print(Text("Sell on", style="bold"))
    for value in decision.values:
        proof = f": {value.proof}" if value.proof else ""
        console.print(Text(f"· {value.says}{proof}"))
