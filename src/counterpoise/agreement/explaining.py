"""The agreement in plain sentences, each with the clause that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from counterpoise.agreement.document import (
    Agreement,
    CustomizationRow,
    RateTable,
    Side,
)
from counterpoise.agreement.layout import bullet, paragraph, table
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
from counterpoise.agreement.wording import join_words, say_condition, say_day, say_period

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WEEKDAY_NAMES = ("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()


def explain(agreement: Agreement) -> str:
    """Return the agreement as Markdown in plain sentences, each with its clause."""
    parts = [f"# {agreement.title}", *_opening(agreement)]
    for title, section in _SECTIONS.items():
        lines = list(section(agreement))
        if lines:
            parts += [f"## {title}", *lines]
    return "\n\n".join(parts) + "\n"


def _cited(sentence: str, clause: str) -> str:
    return f"{sentence} (`{clause}`)"


def _bullets(sentences: Iterable[str]) -> Iterator[str]:
    """Yield one list, or nothing where there is no sentence."""
    lines = [bullet(sentence) for sentence in sentences]
    if lines:
        yield "\n".join(lines)


def _opening(agreement: Agreement) -> Iterator[str]:
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
    yield paragraph(_cited(sentence, "in_force"))
    yield paragraph(
        _cited(
            f"Amounts are in {company.currency}. The fiscal year starts in "
            f"{_MONTHS[company.fiscal_year_starts - 1]}. {_working_time(agreement)}",
            "company",
        )
    )


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


def _roles(agreement: Agreement) -> Iterator[str]:
    yield "From the lowest rung of the ladder to the highest:"
    yield "\n".join(
        bullet(_cited(say_role(name, role), f"roles.{name}"), f"{place}.")
        for place, (name, role) in enumerate(agreement.roles.items(), 1)
    )


def _goals(agreement: Agreement) -> Iterator[str]:
    currency = agreement.company.currency
    yield from _bullets(
        _cited(say_goal(goal, currency), f"goals.{goal.id}") for goal in agreement.goals
    )


def _promises(side: Side) -> Callable[[Agreement], Iterator[str]]:
    def section(agreement: Agreement) -> Iterator[str]:
        yield from _bullets(
            _cited(say_promise(promise, side), f"promises.{side}.{promise.id}")
            for of_side, promise in agreement.promises
            if of_side is side
        )

    return section


def _budgets(agreement: Agreement) -> Iterator[str]:
    currency = agreement.company.currency
    yield from _bullets(
        _cited(say_budget(budget, currency), f"budgets.{budget.id}") for budget in agreement.budgets
    )


def _personas(agreement: Agreement) -> Iterator[str]:
    values = agreement.values
    yield from _bullets(
        _cited(say_persona(persona, values), f"personas.{persona.id}")
        for persona in agreement.personas
    )


def _values(agreement: Agreement) -> Iterator[str]:
    yield from _bullets(
        _cited(say_proposition(value), f"values.{value.id}") for value in agreement.values
    )


def _discounts(agreement: Agreement) -> Iterator[str]:
    discounts = agreement.discounts
    yield from _bullets(_no_discount(agreement))
    if discounts.limits:
        each = "deal" if discounts.basis == "deal" else "line of a deal"
        yield paragraph(
            _cited(
                f"For every other {each} the first row decides whose condition it meets. Who wants "
                "to give more than the own authority asks the next role up whose authority is "
                "enough; beyond every authority the answer is no.",
                "discounts.limits",
            )
        )
        yield from _rate_rows("discounts.limits", discounts.limits)
    yield from _bullets(_levers(agreement))


def _no_discount(agreement: Agreement) -> Iterator[str]:
    for row in agreement.discounts.exclusions:
        yield _cited(say_exclusion(row), f"discounts.exclusions.{row.id}")
    for protected in agreement.protected:
        yield _cited(say_protected(protected), f"protected.{protected.id}")
    for exception in agreement.exceptions:
        yield _cited(say_exception(exception), f"exceptions.{exception.id}")


def _rate_rows(part: str, rows: Iterable[RateTable]) -> Iterator[str]:
    rows = tuple(rows)
    yield _grants({row.id: row.up_to for row in rows}, format_rate)
    yield from _bullets(
        _cited(_applies(row.id, row, is_last=row is rows[-1]), f"{part}.{row.id}") for row in rows
    )


def _applies(name: str, row: RateTable | CustomizationRow, *, is_last: bool) -> str:
    where = f"where {say_condition(row.when)}" if row.when else "for every other deal"
    if not row.when and not is_last:
        where = "for every deal"
    return f"**{name}**: {where}{f', {row.says}' if row.says else ''}."


def _grants(rows: Mapping[str, Mapping[str, Decimal]], say: Callable[[Decimal], str]) -> str:
    """Lay out who may grant how much, a row a line and a role a column."""
    whos = list(dict.fromkeys(who for up_to in rows.values() for who in up_to))
    lines = [
        [name, *(say(up_to[who]) if who in up_to else "–" for who in whos)]
        for name, up_to in rows.items()
    ]
    return table(["", *whos], lines)


def _levers(agreement: Agreement) -> Iterator[str]:
    discounts = agreement.discounts
    for lever in discounts.levers:
        yield _cited(say_lever(lever), f"discounts.levers.{lever.id}")
    if len(discounts.levers) > 1 and discounts.lever_cap is not None:
        sentence = f"All of these together add at most {format_rate(discounts.lever_cap)}."
        yield _cited(sentence, "discounts.lever_cap")
    if discounts.floor:
        yield _cited(say_floor(discounts.floor), "discounts.floor")


def _promotions(agreement: Agreement) -> Iterator[str]:
    promotions = agreement.promotions
    if promotions is None:
        return
    if promotions.limits:
        yield from _rate_rows("promotions.limits", promotions.limits)
    yield from _bullets(_promotion_calendar(agreement))
    yield _otherwise("promotion", promotions.otherwise, "promotions.otherwise")


def _promotion_calendar(agreement: Agreement) -> Iterator[str]:
    for row in agreement.promotions.limits if agreement.promotions else ():
        clause = f"promotions.limits.{row.id}"
        if row.weeks_on_deal:
            weeks, per = row.weeks_on_deal.at_most, say_period(row.weeks_on_deal.per)
            yield _cited(f"**{row.id}**: at most {weeks} weeks {per} on deal.", clause)
        if row.gap_weeks is not None:
            yield _cited(f"**{row.id}**: at least {row.gap_weeks} weeks between two.", clause)


def _customizations(agreement: Agreement) -> Iterator[str]:
    customizations, currency = agreement.customizations, agreement.company.currency
    limits = customizations.limits
    if limits:
        yield f"Up to this cost in {currency}:"
        yield _grants({row.id: row.up_to for row in limits}, lambda amount: f"{amount:,f}")
        yield from _bullets(_customization_rows(limits))
    if limits or customizations.otherwise == "granted":
        yield _otherwise("customization", customizations.otherwise, "customizations.otherwise")


def _customization_rows(limits: Iterable[CustomizationRow]) -> Iterator[str]:
    for row in limits:
        where = f" where {say_condition(row.when)}" if row.when else ""
        quota = ""
        if row.quota:
            quota = f", at most {row.quota.count} {say_period(row.quota.per)}"
        sentence = f"**{row.id}**: {row.kind.replace('_', ' ')}{where}{quota}."
        yield _cited(sentence, f"customizations.limits.{row.id}")


def _otherwise(what: str, otherwise: str, clause: str) -> str:
    return paragraph(_cited(f"Any other {what} is {otherwise}.", clause))


def _handoff(agreement: Agreement) -> Iterator[str]:
    handoff = agreement.handoff

    def sentences() -> Iterator[str]:
        if handoff.qualified:
            sentence = f"A lead is qualified where {say_condition(handoff.qualified)}."
            yield _cited(sentence, "handoff.qualified")
        if handoff.first_response_within:
            sentence = f"Sales answers it within {handoff.first_response_within}."
            yield _cited(sentence, "handoff.first_response_within")
        if handoff.verdict_within:
            sentence = f"Sales accepts or rejects it within {handoff.verdict_within}."
            yield _cited(sentence, "handoff.verdict_within")
        if handoff.reasons:
            reasons = join_words(handoff.reasons, "or")
            yield _cited(f"A rejection gives a reason: {reasons}.", "handoff.reasons")

    yield from _bullets(sentences())


def _approvals(agreement: Agreement) -> Iterator[str]:
    approvals = agreement.approvals

    def sentences() -> Iterator[str]:
        if approvals.respond_within:
            sentence = f"A request is answered within {approvals.respond_within}."
            yield _cited(sentence, "approvals.respond_within")
        if approvals.remind_after:
            sentence = f"After {approvals.remind_after} a reminder goes out."
            yield _cited(sentence, "approvals.remind_after")
        if approvals.escalate_to:
            sentence = f"What is not answered in time goes to {approvals.escalate_to}."
            yield _cited(sentence, "approvals.escalate_to")
        yield "Nobody approves their own request."

    yield from _bullets(sentences())


def _together(agreement: Agreement) -> Iterator[str]:
    watch, currency = agreement.watch, agreement.company.currency
    yield from _bullets(
        (
            _cited(
                f"A promise kept in fewer than {format_rate(watch.promises_kept)} of cases is a "
                f"crack. A finding is named from {watch.material:,f} {currency} a quarter on, and "
                f"at most {format_rate(watch.false_alarms)} of the findings may be false alarms.",
                "watch",
            ),
            _cited(
                f"Credit for a deal is shared {agreement.credit.rule.replace('_', ' ')} between "
                "its touches.",
                "credit",
            ),
            _cited(
                f"Both sides review this together once {say_period(agreement.review.every)}.",
                "review",
            ),
            _cited(
                f"Both are asked how they work together once {say_period(agreement.pulse.every)}; "
                f"answers of fewer than {agreement.pulse.smallest_group} people are never shown.",
                "pulse",
            ),
        )
    )


def _signatures(agreement: Agreement) -> Iterator[str]:
    yield from _bullets(
        f"{each.by} for {each.side}, {say_day(each.at.date())} (`signed`)"
        for each in agreement.signed
    )


_SECTIONS: Mapping[str, Callable[[Agreement], Iterator[str]]] = {
    "Who takes part": _roles,
    "What both sides want": _goals,
    "What marketing owes sales": _promises(Side.MARKETING),
    "What sales owes marketing": _promises(Side.SALES),
    "How much may be given away and spent": _budgets,
    "Whom it is for": _personas,
    "What to sell on instead of price": _values,
    "Discounts": _discounts,
    "Promotions": _promotions,
    "Customizations": _customizations,
    "Hand-off": _handoff,
    "Approvals": _approvals,
    "Working together": _together,
    "Signed": _signatures,
}
