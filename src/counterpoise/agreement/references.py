"""What makes no sense between clauses: words that refer to nothing, values that cannot be.

Each check reads one part of the agreement and yields flaws by clause; where they stand in the file
is found later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from counterpoise.agreement.coherence import check_conditions
from counterpoise.agreement.document import Agreement, Goal, Promise, PromotionRow, Side
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS, Metric, MetricUnit
from counterpoise.agreement.problems import Flaw
from counterpoise.agreement.quantities import Duration, Period
from counterpoise.agreement.source import join_item
from counterpoise.agreement.terms import roles_of
from counterpoise.books.currencies import CURRENCIES
from counterpoise.books.spelling import unknown

WEEKS_IN: Mapping[Period, int] = {
    Period.WEEK: 1,
    Period.MONTH: 5,
    Period.QUARTER: 14,
    Period.YEAR: 53,
}
"""The most weeks that a period can touch."""


@dataclass(frozen=True)
class Names:
    """The names that clauses may refer to."""

    roles: tuple[str, ...]
    personas: tuple[str, ...]
    values: tuple[str, ...]

    @classmethod
    def of(cls, agreement: Agreement) -> Names:
        """Collect the names that an agreement declares."""
        return cls(
            agreement.ladder,
            tuple(persona.id for persona in agreement.personas),
            tuple(value.id for value in agreement.values),
        )


def find_flaws(agreement: Agreement, names: Names | None = None) -> tuple[Flaw, ...]:
    """Return everything in an agreement that refers to nothing or cannot be.

    `names` are given where an agreement could be read only in part, so that what is missing from
    it is not held against the rest.
    """
    known = names or Names.of(agreement)
    return (
        *_company(agreement),
        *_roles(agreement),
        *_grants(agreement, known),
        *_personas(agreement, known),
        *_goals(agreement),
        *_promises(agreement),
        *_promotions(agreement),
        *_duplicates(agreement),
        *check_conditions(agreement, known.personas),
    )


def _company(agreement: Agreement) -> Iterator[Flaw]:
    company = agreement.company
    if company.currency not in CURRENCIES:
        yield Flaw("company.currency", unknown("currency", company.currency, CURRENCIES))
    if company.time_zone not in _zones():
        says = unknown("time zone", company.time_zone, _zones())
        yield Flaw("company.time_zone", f"{says} (zones are written like Europe/Zagreb)")
    holidays = company.working_time.holidays
    wrong = _wrong_holidays(holidays) if isinstance(holidays, str) else None
    if wrong:
        yield Flaw("company.working_time.holidays", wrong)


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _wrong_holidays(code: str) -> str | None:
    from holidays import list_supported_countries

    supported = list_supported_countries(include_aliases=False)
    country, _, region = code.partition("-")
    if country not in supported:
        return unknown("country for holidays", country, sorted(supported))
    if region and region not in supported[country]:
        return unknown(f"region of {country} for holidays", region, sorted(supported[country]))
    return None


def _roles(agreement: Agreement) -> Iterator[Flaw]:
    defaults = [name for name, role in agreement.roles.items() if role.default]
    for name in defaults[1:]:
        yield Flaw(
            f"roles.{name}.default",
            f"{defaults[0]!r} is the default role already; a ladder has at most one",
        )


def _grants(agreement: Agreement, names: Names) -> Iterator[Flaw]:
    """Check every place that names a role of the ladder."""
    tables: tuple[tuple[str, Iterable[tuple[str, Mapping[str, object]]]], ...] = (
        ("protected", ((row.id, row.up_to) for row in agreement.protected)),
        ("exceptions", ((row.id, row.up_to) for row in agreement.exceptions)),
        ("discounts.limits", ((row.id, row.up_to) for row in agreement.discounts.limits)),
        ("customizations.limits", ((row.id, row.up_to) for row in agreement.customizations.limits)),
        ("promotions.limits", ((row.id, row.up_to) for row in _promotion_rows(agreement))),
    )
    for part, rows in tables:
        for row, up_to in rows:
            for who in up_to:
                for role in roles_of(who):
                    yield from _role(f"{part}.{row}.up_to.{who}", role, names)
    floor = agreement.discounts.floor
    if floor and floor.decides:
        yield from _role("discounts.floor.decides", floor.decides, names)
    if agreement.approvals.escalate_to:
        yield from _role("approvals.escalate_to", agreement.approvals.escalate_to, names)
    for role in agreement.handoff.routing.to:
        yield from _role("handoff.routing.to", role, names)


def _promotion_rows(agreement: Agreement) -> tuple[PromotionRow, ...]:
    return agreement.promotions.limits if agreement.promotions else ()


def _role(clause: str, role: str, names: Names) -> Iterator[Flaw]:
    if role not in names.roles:
        yield Flaw(clause, unknown("role", role, names.roles))


def _personas(agreement: Agreement, names: Names) -> Iterator[Flaw]:
    for persona in agreement.personas:
        for value in persona.values:
            if value not in names.values:
                says = unknown("value", value, names.values)
                hint = "" if names.values else "; declare it under values"
                yield Flaw(f"personas.{persona.id}.values", says + hint)


def _goals(agreement: Agreement) -> Iterator[Flaw]:
    for goal in agreement.goals:
        clause = f"goals.{goal.id}"
        metric = GOAL_METRICS.get(goal.metric)
        if metric is None:
            yield Flaw(f"{clause}.metric", unknown("metric of goals", goal.metric, GOAL_METRICS))
        else:
            yield from _target(clause, goal, metric)


def _promises(agreement: Agreement) -> Iterator[Flaw]:
    for side, promise in agreement.promises:
        clause = f"promises.{side}.{promise.id}"
        metric = PROMISE_METRICS.get(promise.metric)
        if metric is None:
            says = unknown("metric of promises", promise.metric, PROMISE_METRICS)
            yield Flaw(f"{clause}.metric", says)
            continue
        yield from _target(clause, promise, metric)
        yield from _promise_side(clause, side, metric)
        if metric.by_period and promise.every is None:
            yield Flaw(
                clause, f"{metric.name} counts within a period; add every, like every: month"
            )


def _promise_side(clause: str, side: Side, metric: Metric) -> Iterator[Flaw]:
    if side not in metric.sides:
        sides = " or ".join(metric.sides)
        yield Flaw(f"{clause}.metric", f"{metric.name} is a promise of {sides}, not of {side}")


def _target(clause: str, asked: Goal | Promise, metric: Metric) -> Iterator[Flaw]:
    for key in ("at_least", "at_most", "within"):
        target = getattr(asked, key, None)
        if target is None:
            continue
        if key not in metric.targets:
            allowed = " or ".join(metric.targets)
            yield Flaw(f"{clause}.{key}", f"{metric.name} is written with {allowed}, not {key}")
            continue
        is_time = isinstance(target, Duration)
        if is_time != (metric.unit is MetricUnit.TIME):
            wanted = (
                f"a {metric.unit.value}" if metric.unit is not MetricUnit.MONEY else "an amount"
            )
            says = f"{metric.name} is {wanted}; write it like {metric.unit.example}"
            yield Flaw(f"{clause}.{key}", says)
        elif metric.unit is MetricUnit.SHARE and target > 1:
            yield Flaw(f"{clause}.{key}", f"{target} is above 1; write a share like 92% or 0.92")


def _promotions(agreement: Agreement) -> Iterator[Flaw]:
    for row in _promotion_rows(agreement):
        weeks = row.weeks_on_deal
        most = WEEKS_IN.get(weeks.per) if weeks else None
        clause = f"promotions.limits.{row.id}.weeks_on_deal"
        if weeks and most is None:
            yield Flaw(
                f"{clause}.per", f"weeks are counted in a month, quarter or year, not a {weeks.per}"
            )
        elif weeks and most and weeks.at_most > most:
            yield Flaw(f"{clause}.at_most", f"a {weeks.per} has at most {most} weeks")


def _duplicates(agreement: Agreement) -> Iterator[Flaw]:
    lists: Mapping[str, Iterable[str]] = {
        "goals": (goal.id for goal in agreement.goals),
        "promises.marketing": (promise.id for promise in agreement.promises.marketing),
        "promises.sales": (promise.id for promise in agreement.promises.sales),
        "budgets": (budget.id for budget in agreement.budgets),
        "personas": (persona.id for persona in agreement.personas),
        "values": (value.id for value in agreement.values),
        "protected": (row.id for row in agreement.protected),
        "discounts.limits": (row.id for row in agreement.discounts.limits),
        "discounts.levers": (lever.id for lever in agreement.discounts.levers),
        "discounts.exclusions": (row.id for row in agreement.discounts.exclusions),
        "promotions.limits": (row.id for row in _promotion_rows(agreement)),
        "customizations.limits": (row.id for row in agreement.customizations.limits),
        "exceptions": (row.id for row in agreement.exceptions),
        "handoff.routing.teams": (row.id for row in agreement.handoff.routing.teams),
    }
    for part, ids in lists.items():
        first: dict[str, int] = {}
        for place, name in enumerate(ids):
            if name in first:
                says = (
                    f"entry {first[name] + 1} is called {name!r} too; a clause is cited by its id"
                )
                yield Flaw(join_item(part, place, None), says)
            first.setdefault(name, place)
