"""The agreement as a contract: parts, sentences with their clauses, and tables of who may grant.

What a page shows and what a terminal prints are laid out from the same parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from counterpoise.agreement.document import (
    Agreement,
    Company,
    CustomizationRow,
    RateTable,
    Routing,
    Side,
)
from counterpoise.agreement.quantities import WEEKDAYS, format_rate
from counterpoise.agreement.sentences import (
    say_budget,
    say_exception,
    say_exclusion,
    say_floor,
    say_goal,
    say_lever,
    say_persona,
    say_promise,
    say_proposition,
    say_protected,
    say_role,
)
from counterpoise.agreement.wording import join_words, role_text, say_condition, say_day, say_period

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WEEKDAY_NAMES = ("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()


@dataclass(frozen=True)
class Sentence:
    """What a clause says, in words; `**name**` is what to stress. Without a clause it explains."""

    says: str
    clause: str = ""


@dataclass(frozen=True)
class Paragraphs:
    """Sentences that stand one below the other."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Listed:
    """Sentences of one list; `is_ranked` where their order is a rank."""

    sentences: tuple[Sentence, ...]
    is_ranked: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table: its name, when it applies, and what each column says; None is nothing."""

    name: str
    applies: Sentence
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Grants:
    """Who may grant how much: a row a clause, a column a role or a pair of roles."""

    whos: tuple[str, ...]
    rows: tuple[Row, ...]


Block = Paragraphs | Listed | Grants


@dataclass(frozen=True)
class Part:
    """A part of the contract; `side` is the one that it binds, where it binds one."""

    title: str
    blocks: tuple[Block, ...]
    side: Side | None = None


def opening_of(agreement: Agreement) -> tuple[Sentence, ...]:
    """Return what stands above all parts: the days, the money and the clock."""
    force, company = agreement.in_force, agreement.company
    until = f" until {say_day(force.until)}" if force.until else ", with no end"
    after = ""
    if force.until:
        lapses = {
            "continue": " After that it goes on until both sides sign a new one.",
            "stop": " After that nothing is agreed until both sides sign a new one.",
        }
        after = lapses[force.if_lapsed]
    sentence = f"In force from {say_day(force.from_)}{until}.{after}"
    if force.measured_against:
        sentence += " Deals are measured by it; nobody was bound by it at the time."
    year = _MONTHS[company.fiscal_year_starts - 1]
    money = f"Amounts are in {company.currency}. The fiscal year starts in {year}."
    return (
        Sentence(sentence, "in_force"),
        Sentence(f"{money} {_working_time(agreement)}{_leading(company)}", "company"),
    )


def _leading(company: Company) -> str:
    if company.leading is None:
        return ""
    shared = company.leading == "shared"
    return " Both sides lead together." if shared else f" {company.leading.capitalize()} leads."


def parts_of(agreement: Agreement) -> Iterator[Part]:
    """Yield the parts of an agreement that say something, in their order."""
    for title, (side, blocks) in _PARTS.items():
        found = tuple(blocks(agreement))
        if found:
            yield Part(title, found, side)


def _working_time(agreement: Agreement) -> str:
    working = agreement.company.working_time
    places = [WEEKDAYS.index(day) for day in working.days]
    days = join_words((_WEEKDAY_NAMES[place] for place in places), "and")
    if len(places) > 1 and places == list(range(places[0], places[-1] + 1)):
        days = f"{_WEEKDAY_NAMES[places[0]]} to {_WEEKDAY_NAMES[places[-1]]}"
    holidays = ""
    if isinstance(working.holidays, str):
        holidays = f", but for the public holidays of {working.holidays}"
    elif working.holidays:
        holidays = f", but for {len(working.holidays)} holidays"
    hours = str(working.hours).replace("-", " to ")
    return f"People work {days}, {hours} in {agreement.company.time_zone}{holidays}."


def _listed(sentences: Iterable[Sentence]) -> Iterator[Listed]:
    """Yield one list, or nothing where there is no sentence."""
    found = tuple(sentences)
    if found:
        yield Listed(found)


def _said(*sentences: Sentence) -> Paragraphs:
    return Paragraphs(sentences)


def _roles(agreement: Agreement) -> Iterator[Block]:
    yield _said(Sentence("From the lowest rung of the ladder to the highest:"))
    rungs = (
        Sentence(say_role(name, role), f"roles.{name}") for name, role in agreement.roles.items()
    )
    yield Listed(tuple(rungs), is_ranked=True)


def _goals(agreement: Agreement) -> Iterator[Block]:
    currency = agreement.company.currency
    yield from _listed(
        Sentence(say_goal(goal, currency), f"goals.{goal.id}") for goal in agreement.goals
    )


def _promises(side: Side) -> Callable[[Agreement], Iterator[Block]]:
    def blocks(agreement: Agreement) -> Iterator[Block]:
        yield from _listed(
            Sentence(say_promise(promise, side), f"promises.{side}.{promise.id}")
            for of_side, promise in agreement.promises
            if of_side is side
        )

    return blocks


def _budgets(agreement: Agreement) -> Iterator[Block]:
    currency = agreement.company.currency
    yield from _listed(
        Sentence(say_budget(budget, currency), f"budgets.{budget.id}")
        for budget in agreement.budgets
    )


def _personas(agreement: Agreement) -> Iterator[Block]:
    values = agreement.values
    yield from _listed(
        Sentence(say_persona(persona, values), f"personas.{persona.id}")
        for persona in agreement.personas
    )


def _values(agreement: Agreement) -> Iterator[Block]:
    yield from _listed(
        Sentence(say_proposition(value), f"values.{value.id}") for value in agreement.values
    )


def _discounts(agreement: Agreement) -> Iterator[Block]:
    discounts = agreement.discounts
    yield from _listed(_no_discount(agreement))
    if discounts.limits:
        each = "deal" if discounts.basis == "deal" else "line of a deal"
        every = "every other" if any(True for _ in _no_discount(agreement)) else "every"
        sentence = (
            f"For {every} {each} the first row decides whose condition it meets. Who wants "
            "to give more than the own authority asks the next role up whose authority is "
            "enough; beyond every authority the answer is no."
        )
        yield _said(Sentence(sentence, "discounts.limits"))
        yield _rates("discounts.limits", discounts.limits)
    yield from _listed(_levers(agreement))


def _no_discount(agreement: Agreement) -> Iterator[Sentence]:
    for row in agreement.discounts.exclusions:
        yield Sentence(say_exclusion(row), f"discounts.exclusions.{row.id}")
    for protected in agreement.protected:
        yield Sentence(say_protected(protected), f"protected.{protected.id}")
    for exception in agreement.exceptions:
        yield Sentence(say_exception(exception), f"exceptions.{exception.id}")


def _rates(part: str, rows: tuple[RateTable, ...], what: str = "deal") -> Grants:
    applies = [Sentence(_applies(row, rows, what), f"{part}.{row.id}") for row in rows]
    return _grants(applies, {row.id: row.up_to for row in rows}, format_rate)


def _applies(row: RateTable, rows: tuple[RateTable, ...], what: str) -> str:
    is_rest = len(rows) > 1 and row is rows[-1]
    where = f"for every {'other ' if is_rest else ''}{what}"
    if row.when:
        where = f"where {say_condition(row.when)}"
    return f"**{row.id}**: {where}{f', {row.says}' if row.says else ''}."


def _grants(
    applies: Iterable[Sentence],
    rows: Mapping[str, Mapping[str, Decimal]],
    say: Callable[[Decimal], str],
) -> Grants:
    """Lay out who may grant how much, a row a line and a role a column."""
    whos = tuple(dict.fromkeys(who for up_to in rows.values() for who in up_to))
    laid = (
        Row(name, applied, tuple(say(up_to[who]) if who in up_to else None for who in whos))
        for applied, (name, up_to) in zip(applies, rows.items(), strict=True)
    )
    return Grants(whos, tuple(laid))


def _levers(agreement: Agreement) -> Iterator[Sentence]:
    discounts = agreement.discounts
    for lever in discounts.levers:
        yield Sentence(say_lever(lever), f"discounts.levers.{lever.id}")
    if len(discounts.levers) > 1 and discounts.lever_cap is not None:
        sentence = f"All of these together add at most {format_rate(discounts.lever_cap)}."
        yield Sentence(sentence, "discounts.lever_cap")
    if discounts.floor:
        yield Sentence(say_floor(discounts.floor), "discounts.floor")


def _promotions(agreement: Agreement) -> Iterator[Block]:
    promotions = agreement.promotions
    if promotions is None:
        return
    if promotions.limits:
        yield _rates("promotions.limits", promotions.limits, "promotion")
    yield from _listed(_promotion_calendar(agreement))
    yield _otherwise("Any other promotion", promotions.otherwise, "promotions.otherwise")


def _promotion_calendar(agreement: Agreement) -> Iterator[Sentence]:
    for row in agreement.promotions.limits if agreement.promotions else ():
        clause = f"promotions.limits.{row.id}"
        if row.weeks_on_deal:
            weeks, per = row.weeks_on_deal.at_most, say_period(row.weeks_on_deal.per)
            yield Sentence(f"**{row.id}**: at most {weeks} weeks {per} on deal.", clause)
        if row.gap_weeks is not None:
            yield Sentence(f"**{row.id}**: at least {row.gap_weeks} weeks between two.", clause)


def _customizations(agreement: Agreement) -> Iterator[Block]:
    customizations, currency = agreement.customizations, agreement.company.currency
    limits = customizations.limits
    if limits:
        yield _said(Sentence(f"Up to this cost in {currency}:"))
        costs = {row.id: row.up_to for row in limits}
        yield _grants(_customization_rows(limits), costs, lambda amount: f"{amount:,f}")
    if limits or customizations.model_fields_set:
        which = "Any other customization" if limits else "Every customization"
        yield _otherwise(which, customizations.otherwise, "customizations.otherwise")


def _customization_rows(limits: Iterable[CustomizationRow]) -> Iterator[Sentence]:
    for row in limits:
        where = f" where {say_condition(row.when)}" if row.when else ""
        quota = ""
        if row.quota:
            quota = f", at most {row.quota.count} {say_period(row.quota.per)}"
        sentence = f"**{row.id}**: {row.kind.replace('_', ' ')}{where}{quota}."
        yield Sentence(sentence, f"customizations.limits.{row.id}")


def _otherwise(what: str, otherwise: str, clause: str) -> Paragraphs:
    return _said(Sentence(f"{what} is {otherwise}.", clause))


def _handoff(agreement: Agreement) -> Iterator[Block]:
    handoff = agreement.handoff

    def sentences() -> Iterator[Sentence]:
        if handoff.qualified:
            sentence = f"A lead is qualified where {say_condition(handoff.qualified)}."
            yield Sentence(sentence, "handoff.qualified")
        if handoff.first_response_within:
            sentence = f"Sales answers it within {handoff.first_response_within}."
            yield Sentence(sentence, "handoff.first_response_within")
        if handoff.verdict_within:
            sentence = f"Sales accepts or rejects it within {handoff.verdict_within}."
            yield Sentence(sentence, "handoff.verdict_within")
        if handoff.reasons:
            reasons = join_words(handoff.reasons, "or")
            yield Sentence(f"A rejection gives a reason: {reasons}.", "handoff.reasons")
        yield from _routing(handoff.routing)

    yield from _listed(sentences())


def _routing(routing: Routing) -> Iterator[Sentence]:
    """Say who takes up leads where that is not left to the usual way."""
    clause = "handoff.routing"
    if not routing.account_owner:
        says = "A lead does not go to who has its account."
        yield Sentence(says, f"{clause}.account_owner")
    for row in routing.teams:
        where = f" where {say_condition(row.when)}" if row.when else " of anybody else"
        yield Sentence(f"Leads{where} go to team {row.team}.", f"{clause}.teams.{row.id}")
    if routing.to:
        roles = join_words([role_text(role) for role in routing.to], "or")
        yield Sentence(f"They are taken up by {roles}.", f"{clause}.to")
    if routing.capacity:
        says = f"Nobody holds more than {routing.capacity} without a verdict."
        yield Sentence(says, f"{clause}.capacity")


def _approvals(agreement: Agreement) -> Iterator[Block]:
    approvals = agreement.approvals

    def sentences() -> Iterator[Sentence]:
        if approvals.respond_within:
            sentence = f"A request is answered within {approvals.respond_within}."
            yield Sentence(sentence, "approvals.respond_within")
        if approvals.remind_after:
            sentence = f"After {approvals.remind_after} a reminder goes out."
            yield Sentence(sentence, "approvals.remind_after")
        if approvals.escalate_to:
            sentence = f"What is not answered in time goes to {role_text(approvals.escalate_to)}."
            yield Sentence(sentence, "approvals.escalate_to")
        yield Sentence("Nobody approves their own request.")

    yield from _listed(sentences())


def _together(agreement: Agreement) -> Iterator[Block]:
    watch, currency = agreement.watch, agreement.company.currency
    yield Listed(
        (
            Sentence(
                f"A promise kept in fewer than {format_rate(watch.promises_kept)} of cases is a "
                f"crack. A finding is named from {watch.material:,f} {currency} a quarter on, and "
                f"at most {format_rate(watch.false_alarms)} of the findings may be false alarms.",
                "watch",
            ),
            Sentence(
                f"Credit for a deal is shared {agreement.credit.rule.replace('_', ' ')} between "
                "its touches.",
                "credit",
            ),
            Sentence(
                f"Both sides review this together once {say_period(agreement.review.every)}.",
                "review",
            ),
            Sentence(
                f"Both are asked how they work together once {say_period(agreement.pulse.every)}; "
                f"answers of fewer than {agreement.pulse.smallest_group} people are never shown.",
                "pulse",
            ),
        )
    )


def _signatures(agreement: Agreement) -> Iterator[Block]:
    yield from _listed(
        Sentence(f"{each.by} for {each.side}, {say_day(each.at.date())}", "signed")
        for each in agreement.signed
    )


SIGNED = "Signed"
"""The title of the part that says who signed."""

_Blocks = Callable[[Agreement], Iterator[Block]]
_PARTS: Mapping[str, tuple[Side | None, _Blocks]] = {
    "Who takes part": (None, _roles),
    "What both sides want": (Side.BOTH, _goals),
    "What marketing owes sales": (Side.MARKETING, _promises(Side.MARKETING)),
    "What sales owes marketing": (Side.SALES, _promises(Side.SALES)),
    "How much may be given away and spent": (None, _budgets),
    "Whom it is for": (None, _personas),
    "What to sell on instead of price": (None, _values),
    "Discounts": (Side.SALES, _discounts),
    "Promotions": (Side.MARKETING, _promotions),
    "Customizations": (None, _customizations),
    "Hand-off": (Side.BOTH, _handoff),
    "Approvals": (None, _approvals),
    "Working together": (Side.BOTH, _together),
    SIGNED: (None, _signatures),
}
