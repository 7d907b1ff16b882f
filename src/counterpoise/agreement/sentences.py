"""One sentence for each kind of clause, the same in an explanation and in a comparison."""

from __future__ import annotations

from counterpoise.agreement.document import (
    Budget,
    CustomizationRow,
    ExceptionRow,
    Exclusion,
    Floor,
    Goal,
    Lever,
    Persona,
    Promise,
    PromotionRow,
    RateTable,
    Role,
    Side,
    ValueProposition,
)
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS, MetricUnit
from counterpoise.agreement.quantities import format_rate
from counterpoise.agreement.wording import (
    join_words,
    role_text,
    say_condition,
    say_day,
    say_group,
    say_kind,
    say_number,
    say_period,
    say_rates,
    say_target,
)

_SPENT = {
    "concessions": "gives away at most {amount} in concessions",
    "promotion_spend": "spends at most {amount} on promotions",
    "campaign_spend": "spends at most {amount} on campaigns",
    "customizations": "spends at most {amount} on customizations",
    "trade_spend": "spends at most {amount} on the trade",
}
_BOUNDS = {"at_least": "at least", "at_most": "at most", "within": "within"}


def say_role(name: str, role: Role) -> str:
    """Say who holds a role."""
    side = "both sides" if role.side is Side.BOTH else role.side.value
    held = "whoever has that role"
    if role.people is not None:
        held = f"whoever's {say_condition(role.people)}" if role.people else "everybody"
    default = ", and whoever's role nobody knows" if role.default else ""
    return f"**{role_text(name)}** ({side}): {held}{default}.{f' {role.says}' if role.says else ''}"


def say_goal(goal: Goal, currency: str) -> str:
    """Say what a goal asks for and who answers for it."""
    metric = GOAL_METRICS[goal.metric]
    shared = goal.shared or goal.owner in {None, Side.BOTH}
    owner = "Both sides want" if shared else f"{str(goal.owner).capitalize()} answers for"
    target = _target(goal, metric.unit, currency)
    return f"{owner} {metric.name.replace('_', ' ')} of {target}: {metric.says}."


def say_promise(promise: Promise, side: Side) -> str:
    """Say what a promise asks of its side."""
    metric = PROMISE_METRICS[promise.metric]
    phrase = metric.phrase.format(side=side.value, target=_target(promise, metric.unit, ""))
    every = f" {say_period(promise.every)}" if promise.every else ""
    return f"{phrase[0].upper()}{phrase[1:]}{every}."


def _target(asked: Goal | Promise, unit: MetricUnit, currency: str) -> str:
    key = next(key for key in _BOUNDS if getattr(asked, key, None) is not None)
    money = currency if unit is MetricUnit.MONEY else None
    target = getattr(asked, key)
    return f"{_BOUNDS[key]} {say_target(target, is_share=unit is MetricUnit.SHARE, currency=money)}"


def say_budget(budget: Budget, currency: str) -> str:
    """Say how much a side may give away or spend."""
    who = "Both sides together" if budget.side is Side.BOTH else budget.side.value.capitalize()
    does = _SPENT[budget.of].format(amount=say_number(budget.amount, currency))
    return f"{who} {does} {say_period(budget.every)}."


def say_persona(persona: Persona, values: tuple[ValueProposition, ...]) -> str:
    """Say which customers a persona stands for, and what they buy for."""
    names = {value.id: value.says.rstrip(".") for value in values}
    buys = [names.get(each, each) for each in persona.values]
    reason = f" They buy for: {join_words(buys, 'and')}." if buys else ""
    name = persona.name or persona.id
    who = f"customers whose {say_condition(persona.when)}" if persona.when else "every customer"
    return f"**{name}**: {who}.{reason}"


def say_proposition(value: ValueProposition) -> str:
    """Say what to sell on instead of price."""
    proof = f", proved by: {value.proof.rstrip('.')}" if value.proof else ""
    return f"{value.says.rstrip('.')}{_where(value)}{proof}."


def say_exclusion(row: Exclusion) -> str:
    """Say who gets no discount at all."""
    return f"No discount at all{_where(row)}{f': {row.says}' if row.says else ''}."


def say_protected(row: RateTable) -> str:
    """Say how far protected goods may be discounted."""
    why = f" ({row.says})" if row.says else ""
    return f"Protected{_where(row)}{why}: {say_rates(row.up_to)}; no lever adds to that."


def say_exception(row: ExceptionRow) -> str:
    """Say when and for whom an exception holds, and what it grants."""
    why = f" ({row.says})" if row.says else ""
    return (
        f"From {say_day(row.from_)} until {say_day(row.until)}{_where(row)}{why}, before the "
        f"limits: {say_rates(row.up_to)}."
    )


def say_limit(row: RateTable) -> str:
    """Say what a row of limits grants, and to whom."""
    where = _where(row) or " for every other deal"
    return f"**{row.id}**:{where}, {say_rates(row.up_to)}."


def say_lever(lever: Lever) -> str:
    """Say what a lever adds."""
    why = f" ({lever.says})" if lever.says else ""
    return f"{format_rate(lever.adds)} more{_where(lever)}{why}."


def say_floor(floor: Floor) -> str:
    """Say where discounts end."""
    margin = f"below a margin of {format_rate(floor.margin)} of net"
    if floor.decides:
        return f"A deal {margin} needs the yes of {role_text(floor.decides)} too."
    return f"No deal goes {margin}."


def say_customization(row: CustomizationRow, currency: str) -> str:
    """Say what of a kind may be tailored."""
    quota = f", at most {row.quota.count} {say_period(row.quota.per)}" if row.quota else ""
    grants = ", ".join(
        f"{say_group(who)} up to {say_number(amount, currency)}"
        for who, amount in row.up_to.items()
    )
    return f"**{row.id}**: {say_kind(row.kind)}{_where(row)}{quota}; {grants}."


def say_promotion(row: PromotionRow) -> str:
    """Say how deep and how often goods may be on promotion."""
    weeks = row.weeks_on_deal
    often = f", at most {weeks.at_most} weeks {say_period(weeks.per)} on deal" if weeks else ""
    gap = "" if row.gap_weeks is None else f", at least {row.gap_weeks} weeks between two"
    return f"**{row.id}**:{_where(row) or ' everywhere'}, {say_rates(row.up_to)}{often}{gap}."


def _where(
    row: RateTable | Lever | Exclusion | CustomizationRow | ValueProposition,
) -> str:
    return f" where {say_condition(row.when)}" if row.when else ""
