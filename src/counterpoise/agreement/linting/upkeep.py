"""What has fallen out of use or out of date: roles, values, exceptions, approvals, hand-offs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from counterpoise.agreement.binding import bind
from counterpoise.agreement.conditions import all_of, holds
from counterpoise.agreement.document import Agreement, Role, Side
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.linting.findings import LintWarning
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.terms import roles_of
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.spelling import nearest


def check_upkeep(
    agreement: Agreement, roles_in_books: Collection[str] | None, on: dt.date | None
) -> Iterator[LintWarning]:
    """Yield what nobody uses, what is over, and what cannot be kept."""
    yield from _roles(agreement, roles_in_books)
    yield from _default(agreement)
    yield from _values(agreement)
    yield from _personas(agreement)
    yield from _exceptions(agreement, on)
    yield from _approvals(agreement)
    yield from _handoff(agreement)
    yield from _signatures(agreement)


def _roles(agreement: Agreement, in_books: Collection[str] | None) -> Iterator[LintWarning]:
    used = _named_roles(agreement)
    if in_books is not None and not in_books:
        yield LintWarning(
            "roles",
            "the books record nobody's role, so that nobody is known to hold one",
            "record roles, or mark the lowest one as the default",
        )
    for name, role in agreement.roles.items():
        if name not in used:
            yield LintWarning(
                f"roles.{name}",
                "no clause gives this role a say",
                "name it in a row's up_to, or take it off the ladder",
            )
        if in_books and not role.default and not _is_held(name, role, in_books):
            asks = "meets its people condition" if role.people else f"has the role {name!r}"
            meant = nearest(name, in_books) or next(iter(sorted(in_books)), "Account Executive")
            yield LintWarning(
                f"roles.{name}",
                f"nobody in the books {asks}",
                f"say who holds it, like people: {{role: [{meant}]}}",
            )


def _named_roles(agreement: Agreement) -> set[str]:
    tables = [
        *(row.up_to for row in agreement.protected),
        *(row.up_to for row in agreement.discounts.limits),
        *(row.up_to for row in agreement.exceptions),
    ]
    if agreement.promotions:
        tables += [row.up_to for row in agreement.promotions.limits]
    whos = [who for table in tables for who in table]
    whos += [who for row in agreement.customizations.limits for who in row.up_to]
    floor = agreement.discounts.floor
    others = (floor.decides if floor else None, agreement.approvals.escalate_to)
    return {role for who in whos for role in roles_of(who)} | {each for each in others if each}


def _is_held(name: str, role: Role, in_books: Collection[str]) -> bool:
    if any(found.casefold() == name.casefold() for found in in_books):
        return True
    if role.people is None:
        return False
    tests = bind(role.people, Fields(Scope.PERSON))
    return any(
        all_of(holds(each.test, {"role": found}.get(each.field.column)) for each in tests)
        is not False
        for found in in_books
    )


def _default(agreement: Agreement) -> Iterator[LintWarning]:
    for place, (name, role) in enumerate(agreement.roles.items()):
        lower = [
            other for other in agreement.ladder[:place] if agreement.roles[other].side is role.side
        ]
        if role.default and lower:
            yield LintWarning(
                f"roles.{name}.default",
                f"people whose role nobody knows would have the authority of {name}, not of "
                f"{lower[0]}",
                f"mark {lower[0]} as the default",
            )


def _values(agreement: Agreement) -> Iterator[LintWarning]:
    named = {value for persona in agreement.personas for value in persona.values}
    for value in agreement.values:
        if value.id not in named and not value.when:
            yield LintWarning(
                f"values.{value.id}",
                "no persona names this value and no condition says where it applies",
                "name it in a persona's values, or give it a when",
            )


def _personas(agreement: Agreement) -> Iterator[LintWarning]:
    for persona in agreement.personas:
        clause = f"personas.{persona.id}"
        if not persona.values and agreement.values:
            yield LintWarning(
                clause,
                "no value is named for this persona, so that sellers have price alone to talk of",
                "name what it buys for, under values",
            )
        for each in bind(persona.when, Fields()):
            if not each.field.path.startswith("account."):
                yield LintWarning(
                    f"{clause}.when.{each.field.path.removeprefix('deal.')}",
                    f"{each.field.path} is no fact of an account, so that a lead or an account "
                    "without a deal can never be in this persona",
                    "ask for facts of the account, such as industry, segment or employees",
                )


def _exceptions(agreement: Agreement, on: dt.date | None) -> Iterator[LintWarning]:
    start, end = agreement.in_force.from_, agreement.in_force.until
    for row in agreement.exceptions:
        clause = f"exceptions.{row.id}"
        if row.until < start:
            says = f"it ended on {row.until}, before the agreement starts on {start}"
            yield LintWarning(clause, says, "take it out")
        elif end and row.from_ > end:
            says = f"it starts on {row.from_}, after the agreement ends on {end}"
            yield LintWarning(clause, says, "take it out, or let the agreement last longer")
        elif on and row.until < on:
            yield LintWarning(clause, f"it is over since {row.until}", "take it out")
        elif end and row.until > end:
            says = f"it lasts until {row.until}, longer than the agreement, which ends on {end}"
            yield LintWarning(clause, says, f"let it end on {end}")


def _approvals(agreement: Agreement) -> Iterator[LintWarning]:
    approvals = agreement.approvals
    if approvals.respond_within is None and len(agreement.ladder) > 1:
        yield LintWarning(
            "approvals.respond_within",
            "nothing says how soon a request for approval is answered",
            "write it, like 1 working day: sellers wait in front of a customer",
        )
    reminds, responds = approvals.remind_after, approvals.respond_within
    if reminds and responds and _length(agreement, reminds) >= _length(agreement, responds):
        yield LintWarning(
            "approvals.remind_after",
            f"the reminder comes after {reminds}, when the answer is due within {responds}",
            "remind earlier",
        )


def _length(agreement: Agreement, duration: Duration) -> dt.timedelta:
    """Return a duration's length; around the clock counts as its share of working time does."""
    calendar = WorkCalendar.of(agreement.company)
    return calendar.length_of(Duration(duration.amount, duration.unit, working=True))


def _handoff(agreement: Agreement) -> Iterator[LintWarning]:
    handoff = agreement.handoff
    if handoff.verdict_within and not handoff.reasons:
        yield LintWarning(
            "handoff.reasons",
            "leads are judged and no reasons are listed, so that a rejection teaches nothing",
            "list them, like [no budget, wrong persona, no need]",
        )
    yield from _routing(agreement)
    clocks = {
        "lead_response": ("first_response_within", handoff.first_response_within),
        "lead_verdict": ("verdict_within", handoff.verdict_within),
    }
    for promise in agreement.promises.sales:
        name, said = clocks.get(promise.metric, ("", None))
        if said and promise.within and said != promise.within:
            yield LintWarning(
                f"promises.sales.{promise.id}.within",
                f"this promise says {promise.within}, handoff.{name} says {said}",
                "say the same in both, or leave one out",
            )


def _routing(agreement: Agreement) -> Iterator[LintWarning]:
    """Find who cannot take up leads, and teams that no lead reaches."""
    routing = agreement.handoff.routing
    for role in routing.to:
        if agreement.roles[role].side is Side.MARKETING:
            yield LintWarning(
                "handoff.routing.to",
                f"{role} is a role of marketing, which hands leads over and does not take them up",
                "name roles of sales",
            )
    taken_by = None
    for row in routing.teams:
        if taken_by:
            yield LintWarning(
                f"handoff.routing.teams.{row.id}",
                f"no lead comes so far, since {taken_by} takes every one",
                "put it before, or leave it out",
            )
        elif not row.when:
            taken_by = row.id


def _signatures(agreement: Agreement) -> Iterator[LintWarning]:
    """Find an agreement that starts before both sides had signed it."""
    start, signed = agreement.in_force.from_, [each.at.date() for each in agreement.signed]
    if signed and max(signed) > start and not agreement.in_force.measured_against:
        yield LintWarning(
            "in_force.from",
            f"it starts on {start} and was signed on {max(signed)}, so that it binds people on "
            "days on which they had not agreed",
            "let it start later, or mark the past with measured_against",
        )
