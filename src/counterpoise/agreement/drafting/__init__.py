"""Drafting: an agreement proposed from the books, every line with its evidence.

`gather_evidence` asks the books for plain results; `draft` writes YAML from them, without looking
at the books again. A draft can be read as it stands; it is a place to start talking from.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from counterpoise.agreement.drafting import promoting, proposing, trading
from counterpoise.agreement.drafting.evidence import Evidence
from counterpoise.agreement.drafting.flow import flow, printable
from counterpoise.agreement.drafting.proposing import Entry

if TYPE_CHECKING:
    from counterpoise.books.books import Books

__all__ = ["Evidence", "draft", "gather_evidence"]

_WIDTH = 96


def draft(evidence: Evidence) -> str:
    """Propose an agreement as YAML, with the evidence for each line in a comment above it."""
    lines = _of_trade(evidence) if evidence.is_trade else _of_deals(evidence)
    return "\n".join(lines) + "\n"


def _of_trade(evidence: Evidence) -> Iterator[str]:
    yield from _head(evidence)
    yield from _section("roles", _roles(trading.roles(evidence)))
    yield from _section("goals", _entries(trading.goals(evidence)))
    yield from _section("promises", _promises(trading.promises(evidence)))
    yield from _section("budgets", _entries(trading.budgets(evidence)))
    yield from _section("protected", _entries(trading.protected(evidence)))
    yield from _promotions(evidence)
    yield from _section("discounts", _terms())
    yield ""
    yield from _comment("proposed; a retailer prints the leaflet weeks before")
    approvals = {"respond_within": "2 working days", "escalate_to": "commercial_lead"}
    yield f"approvals: {flow(approvals)}"


def _of_deals(evidence: Evidence) -> Iterator[str]:
    return iter(
        (
            *_head(evidence),
            *_section("roles", _roles(proposing.roles(evidence))),
            *_section("goals", _entries(proposing.goals(evidence))),
            *_section("promises", _promises(proposing.promises(evidence))),
            *_section("budgets", _entries(proposing.budgets(evidence))),
            *_section("personas", _entries(proposing.personas(evidence))),
            *_section("values", _entries(proposing.values(evidence))),
            *_section("protected", _entries(proposing.protected(evidence))),
            "",
            "discounts:",
            *_discounts(evidence),
            *_promotions(evidence),
            "",
            "customizations:",
            *_customizations(evidence),
            *_service(evidence),
        )
    )


def gather_evidence(books: Books, as_of: dt.date) -> Evidence:
    """Return what the books tell about how a company sells, as of a day."""
    from counterpoise.agreement.drafting.gathering import gather_evidence as gather

    return gather(books, as_of)


def _comment(text: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(
        printable(text),
        _WIDTH,
        initial_indent=f"{indent}# ",
        subsequent_indent=f"{indent}# ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _head(evidence: Evidence) -> Iterator[str]:
    yield from _comment(
        f"Proposed from the books of {evidence.company} as of {evidence.as_of}: "
        f"{_seen(evidence)}. Every line says what speaks for it. Change what you both want "
        "otherwise. To be bound by it, take out measured_against, let it start today or later, and "
        "sign; sign it as it stands too, and the days before are measured by it."
    )
    totals, traded = evidence.totals, evidence.traded
    first = traded.first if evidence.is_trade and traded else totals.first_day
    yield "agreement: counterpoise/v1"
    yield "title: Draft from the books"
    what = "week" if evidence.is_trade else "deal"
    yield from _comment(f"the first {what}'s day, so that the past can be measured by it")
    yield f"in_force: {flow({'from': first or evidence.as_of, 'measured_against': True})}"
    kind = {"kind": "consumer_goods"} if evidence.is_trade else {}
    company = {**kind, "currency": evidence.currency, "time_zone": evidence.time_zone}
    yield from _comment("as the workspace has them; add the fiscal year and holidays")
    yield f"company: {flow(company)}"


def _seen(evidence: Evidence) -> str:
    """Say what the books hold."""
    totals, traded = evidence.totals, evidence.traded
    if evidence.is_trade and traded:
        return (
            f"{traded.weeks} weeks of sell-through, {traded.first} to {traded.last}, and "
            f"{traded.promotions} promotions"
        )
    return (
        f"{totals.deals} deals, {totals.won} won, {totals.lost} lost; list and net known of "
        f"{totals.priced} won ones"
    )


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield f"{name}:"
        yield from found


def _entries(entries: Iterable[Entry], indent: str = "  ") -> Iterator[str]:
    taken: set[str] = set()
    for entry in entries:
        yield from _comment(entry.evidence, indent)
        yield f"{indent}- {flow(_with_own_id(entry.plain, taken))}"


def _with_own_id(plain: Mapping[str, object], taken: set[str]) -> Mapping[str, object]:
    """Number an id that another entry of the list has already."""
    name = str(plain["id"])
    ids = (name, *(f"{name}_{n}" for n in range(2, len(taken) + 3)))
    own = next(each for each in ids if each not in taken)
    taken.add(own)
    return {**plain, "id": own}


def _roles(entries: Iterable[tuple[str, Entry]]) -> Iterator[str]:
    for name, entry in entries:
        yield from _comment(entry.evidence, "  ")
        yield f"  {name}: {flow(entry.plain)}"


def _promises(by_side: Mapping[str, Iterable[Entry]]) -> Iterator[str]:
    for side, entries in by_side.items():
        yield f"  {side}:"
        yield from _entries(entries, "    ")


def _discounts(evidence: Evidence) -> Iterator[str]:
    yield "  limits:"
    yield from _entries(proposing.limits(evidence), "    ")
    levers = list(_entries(proposing.levers(evidence), "    "))
    if levers:
        yield "  levers:"
        yield from levers
    cap = proposing.lever_cap(evidence)
    if cap:
        yield from _comment("no more than the largest of them alone", "  ")
        yield f"  lever_cap: {cap}"
    yield from _floor(proposing.floor(evidence))


def _terms() -> Iterator[str]:
    yield "  limits:"
    yield from _entries([trading.terms()], "    ")
    yield from _floor(trading.floor())


def _floor(floor: Entry) -> Iterator[str]:
    yield from _comment(floor.evidence, "  ")
    yield f"  floor: {flow(floor.plain)}"


def _promotions(evidence: Evidence) -> Iterator[str]:
    rows = list(_entries(promoting.promotions(evidence), "    "))
    if rows:
        yield ""
        yield "promotions:"
        yield "  limits:"
        yield from rows
        yield from _comment("goods that no row fits are not promoted", "  ")
        yield "  otherwise: refused"


def _customizations(evidence: Evidence) -> Iterator[str]:
    rows = list(_entries(proposing.customizations(evidence), "    "))
    if rows:
        yield "  limits:"
        yield from rows
        yield from _comment("what is not on the list needs a new row", "  ")
    else:
        yield from _comment("the books hold no customizations", "  ")
    yield "  otherwise: refused"


def _service(evidence: Evidence) -> Iterator[str]:
    """Propose hand-off and approvals."""
    yield ""
    yield from _handoff(evidence)
    yield from _comment("proposed; a seller waits in front of a customer")
    approvals = {
        "respond_within": "1 working day",
        "remind_after": "4 working hours",
        "escalate_to": "revenue_lead",
    }
    yield f"approvals: {flow(approvals)}"


def _handoff(evidence: Evidence) -> Iterator[str]:
    if not evidence.rejection_reasons and evidence.qualifying_score is None:
        return
    handoff: dict[str, object] = {}
    says = []
    if evidence.qualifying_score is not None:
        handoff["qualified"] = {"score": f">= {evidence.qualifying_score.to_integral_value():f}"}
        says.append("nine in ten qualified leads reach this score")
    if evidence.rejection_reasons:
        handoff["reasons"] = list(evidence.rejection_reasons)
        says.append("the reasons given most often for a rejection")
    yield from _comment("; ".join(says))
    yield f"handoff: {flow(handoff)}"
