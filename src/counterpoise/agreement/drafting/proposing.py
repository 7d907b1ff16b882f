"""What a draft proposes: a document section by section, each entry with its evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from counterpoise.agreement.drafting.evidence import (
    ENOUGH,
    Evidence,
    GroupWon,
    Kept,
    RatesGiven,
    RoleFound,
    Spent,
)
from counterpoise.agreement.drafting.flow import identifier, value_of
from counterpoise.agreement.drafting.rounding import one_digit, round_amount, round_down, round_up
from counterpoise.agreement.quantities import format_rate, parse_rate

_POINT = Decimal("0.01")
_HALF_POINT = Decimal("0.005")
_HIGHEST = Decimal("0.6")
_HARDLY = Decimal("0.01")
_SMALLEST_LEVER, _LARGEST_LEVER = Decimal("0.01"), Decimal("0.05")
_HOURS_IN_DAY = 24
_MOST_PERSONAS, _MOST_LEVERS, _MOST_ROWS = 3, 3, 6


@dataclass(frozen=True)
class Entry:
    """A line of a draft with what speaks for it."""

    plain: Mapping[str, object]
    evidence: str


_MANAGES = re.compile(
    r"\b(sales|regional|area|district|country|team)\W+(manager|lead|leader|director)\b"
    r"|\b(head|director|vp|vice president)\W+(of\W+)?sales\b|^manager$",
    re.IGNORECASE,
)
"""Names of roles that manage sellers; an account manager is one."""


@dataclass(frozen=True)
class Rungs:
    """The ladder of a draft: rungs with the roles of the books that hold them."""

    reps: tuple[RoleFound, ...]
    managers: tuple[RoleFound, ...]
    marketing: tuple[RoleFound, ...]
    leads: tuple[RoleFound, ...]


def rungs_of(evidence: Evidence) -> Rungs:
    """Place the roles of the books on four rungs by what they own and whom they manage.

    Where the books do not tell who manages whom, their names do; where nobody owns a deal, who is
    of sales and manages nobody sells.
    """
    marketing = tuple(role for role in evidence.roles if _is_marketing(role))
    others = [role for role in evidence.roles if role not in marketing]
    sellers = [role for role in others if role.side in {None, "sales"}]
    owners = {role.name for role in sellers if role.deals}
    owners = owners or {role.name for role in sellers if role.side == "sales"}
    managers = {role.name for role in others if owners & set(role.managed_roles) - {role.name}}
    leads = {role.name for role in others if managers & set(role.managed_roles) - {role.name}}
    if not managers:
        named = {role.name for role in sellers if _MANAGES.search(role.name)}
        managers = named if owners - named else set()
    leads |= {role.name for role in others if role.side == "both"}
    return Rungs(
        tuple(role for role in others if role.name in owners - managers - leads),
        tuple(role for role in others if role.name in managers - leads),
        marketing,
        tuple(role for role in others if role.name in leads),
    )


def _is_marketing(role: RoleFound) -> bool:
    return role.side == "marketing" or (role.side is None and "market" in role.name.lower())


def roles(evidence: Evidence) -> Iterator[tuple[str, Entry]]:
    """Propose the ladder, lowest first."""
    rungs = rungs_of(evidence)
    for name, side, found, default in (
        ("rep", "sales", rungs.reps, True),
        ("sales_manager", "sales", rungs.managers, False),
        ("product_marketing", "marketing", rungs.marketing, False),
        ("revenue_lead", "both", rungs.leads, False),
    ):
        yield name, who_holds(evidence, side, found, is_default=default)


def who_holds(
    evidence: Evidence, side: str, found: tuple[RoleFound, ...], *, is_default: bool
) -> Entry:
    """Propose a rung of the ladder for the roles of the books that hold it."""
    plain: dict[str, object] = {"side": side}
    if is_default:
        plain["default"] = True
    if found:
        plain["people"] = {"role": [value_of(role.name) for role in found]}
    return Entry(plain, _of_roles(evidence, found, is_default=is_default))


def _of_roles(evidence: Evidence, found: tuple[RoleFound, ...], *, is_default: bool) -> str:
    if not found:
        nobody = "nobody in the books is seen in this part; say who holds it"
        return "no roles are recorded, so everybody has this one" if is_default else nobody
    return "; ".join(f"{role.name}: {_holding(role, evidence)}" for role in found)


def _holding(role: RoleFound, evidence: Evidence) -> str:
    people = _count(role.people, "person", "people")
    return people if evidence.is_trade else f"{people}, {_count(role.deals, 'deal', 'deals')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def goals(evidence: Evidence) -> Iterator[Entry]:
    """Propose goals a little above what is reached today."""
    totals = evidence.totals
    if totals.realization is not None and totals.priced >= ENOUGH:
        target = min(Decimal(1), round_up(totals.realization, _POINT))
        plain = _goal("realization", "price_realization", format_rate(target))
        yield Entry(
            plain, f"{one_digit(totals.realization)} of list today, over {totals.priced} won deals"
        )
    if totals.margin_rate is not None and totals.margin_rate > 0:
        plain = _goal("margin", "margin_rate", format_rate(round_down(totals.margin_rate, _POINT)))
        yield Entry(plain, f"{one_digit(totals.margin_rate)} today, where the cost is known")
    win_rate = totals.win_rate
    if win_rate is not None and totals.won + totals.lost >= ENOUGH:
        plain = _goal("wins", "win_rate", format_rate(round_down(win_rate, _POINT)))
        yield Entry(plain, f"{one_digit(win_rate)} today: {totals.won} won, {totals.lost} lost")


def _goal(name: str, metric: str, at_least: str) -> dict[str, object]:
    return {"id": name, "metric": metric, "at_least": at_least, "shared": True}


def promises(evidence: Evidence) -> Mapping[str, tuple[Entry, ...]]:
    """Propose what each side owes the other, from what is kept today."""
    kept = {each.metric: each for each in evidence.kept}
    marketing = [
        _promise(kept, "leads", "qualified_leads", _a_month, {"at_least": 20, "every": "month"}),
        _promise(kept, "acceptance", "lead_acceptance", _share, None),
        proposed("tools", "tool_request_answered", {"within": "5 working days"}),
        proposed("notice", "campaign_notice", {"at_least": "10 working days"}),
    ]
    sales = [
        _promise(kept, "response", "lead_response", within, {"within": "1 working day"}),
        _promise(kept, "verdict", "lead_verdict", within, None),
        _promise(kept, "offers", "lost_offers_recorded", _at_least_most, {"at_least": "95%"}),
        _promise(kept, "loss_reasons", "loss_reason_recorded", _at_least_most, None),
        _promise(kept, "reasons", "rejection_reason_given", _at_least_most, None),
    ]
    return {
        "marketing": tuple(each for each in marketing if each),
        "sales": tuple(each for each in sales if each),
    }


Target = Mapping[str, object]


def _promise(
    kept: Mapping[str, Kept],
    name: str,
    metric: str,
    ask: Callable[[Kept], tuple[Target, str]],
    default: Target | None,
) -> Entry | None:
    """Propose a promise from what is kept, else the default, else none."""
    if metric in kept:
        target, says = ask(kept[metric])
        return Entry({"id": name, "metric": metric, **target}, says)
    return proposed(name, metric, default) if default is not None else None


def proposed(name: str, metric: str, target: Target) -> Entry:
    """Propose a promise that the books do not tell of."""
    return Entry({"id": name, "metric": metric, **target}, "proposed; the books do not tell it yet")


def _a_month(kept: Kept) -> tuple[Target, str]:
    leads = max(Decimal(1), kept.value.to_integral_value(ROUND_FLOOR))
    says = f"half of all months had {kept.value:.0f} or more"
    return {"at_least": leads, "every": "month"}, says


def _share(kept: Kept) -> tuple[Target, str]:
    target = round_down(kept.value, 5 * _POINT)
    return {"at_least": format_rate(target)}, f"{one_digit(kept.value)} of {kept.cases} today"


def _at_least_most(kept: Kept) -> tuple[Target, str]:
    """Ask for 95 % of what costs a minute to record, whatever is recorded today."""
    target = max(95 * _POINT, round_down(kept.value, _POINT))
    says = f"{one_digit(kept.value)} of {kept.cases} today"
    if kept.value < target:
        says += "; what is not recorded cannot be learned from"
    return {"at_least": format_rate(target)}, says


def within(kept: Kept) -> tuple[Target, str]:
    """Ask for what four in five keep today, in the next longer round span."""
    hours = kept.value
    says = f"four in five of {kept.cases} within {hours:.1f} hours around the clock today"
    for most, within in ((4, "4 working hours"), (_HOURS_IN_DAY, "1 working day")):
        if hours <= most:
            return {"within": within}, says
    days = (hours / _HOURS_IN_DAY).to_integral_value(ROUND_CEILING)
    return {"within": f"{min(days, Decimal(20)):f} working days"}, says


_SIDE_OF = {
    "concessions": "sales",
    "customizations": "both",
    "campaign_spend": "marketing",
    "promotion_spend": "marketing",
    "trade_spend": "sales",
}


def budgets(evidence: Evidence) -> Iterator[Entry]:
    """Propose budgets from quarter totals, of both sides or of neither."""
    sides = {_SIDE_OF[spent.of] for spent in evidence.spent}
    for spent in evidence.spent if sides >= {"sales", "marketing"} else ():
        plain = {"id": spent.of, "of": spent.of, "side": _SIDE_OF[spent.of], "every": "quarter"}
        amount = round_amount(spent.usual or spent.most)
        yield Entry({**plain, "amount": amount}, spent_of(spent, evidence))


def spent_of(spent: Spent, evidence: Evidence) -> str:
    """Say what quarters came to."""
    return (
        f"three in four of {spent.quarters} quarters stayed within {spent.usual:,.0f} "
        f"{evidence.currency}; the most was {spent.most:,.0f}"
    )


def personas(evidence: Evidence) -> Iterator[Entry]:
    """Propose as personas the groups of customers that are won more often than others."""
    overall = evidence.totals.win_rate
    if overall is None:
        return
    better = [group for group in evidence.groups if group.win_rate > overall]
    better.sort(key=lambda group: (-group.won, group.value))
    for group in better[:_MOST_PERSONAS]:
        when: dict[str, object] = {group.field: value_of(group.value)}
        if _has_sizes(group):
            when["employees"] = f"[{group.least_employees}..{group.most_employees}]"
        says = (
            f"{group.won} of {group.won + group.lost} won ({one_digit(group.win_rate)}), against "
            f"{one_digit(overall)} of all"
        )
        plain = {"id": identifier(group.value), "name": group.value, "when": when}
        yield Entry({**plain, "values": [_VALUE]}, says)


_VALUE = "to_be_written"


def values(evidence: Evidence) -> Iterator[Entry]:
    """Propose a place for the value propositions, which no books tell."""
    if any(True for _ in personas(evidence)):
        yield Entry(
            {"id": _VALUE, "says": "What these customers buy instead of a lower price"},
            "for marketing to write: what makes these customers stay, and what proves it",
        )


def _has_sizes(group: GroupWon) -> bool:
    least, most = group.least_employees, group.most_employees
    return least is not None and most is not None and least < most


def protected(evidence: Evidence) -> Iterator[Entry]:
    """Propose to protect what is sold without discount anyway."""
    overall = evidence.rates
    if overall.discounted < ENOUGH or overall.half <= 2 * _POINT:
        return
    for rates in evidence.rates_by_family:
        if rates.nineteen_in_twenty <= 2 * _POINT and rates.value is not None:
            plain = {
                "id": identifier(rates.value),
                "when": {"product_family": value_of(rates.value)},
                "up_to": {"revenue_lead": format_rate(2 * _POINT)},
            }
            yield Entry(plain, f"sold at list already: {_of_rates(rates)}")


_BOTH_SIDES = "sales_manager + product_marketing"
_CAREFUL = {"rep": "5%", "sales_manager": "10%", _BOTH_SIDES: "15%", "revenue_lead": "20%"}


def limits(evidence: Evidence) -> Iterator[Entry]:
    """Propose limits at quantiles of what was given, by segment where there is enough."""
    overall = evidence.rates
    if overall.discounted < ENOUGH:
        known = f"a rate above 0 is recorded on {overall.discounted} won deals of {overall.deals}"
        yield Entry(
            {"id": "standard", "up_to": _CAREFUL},
            f"proposed with care, because {known}; too few to tell what is usual",
        )
        return
    usual = _granted(overall)
    for rates in evidence.rates_by_segment[:_MOST_ROWS]:
        if rates.value is not None and _granted(rates) != usual:
            when = {"segment": value_of(rates.value)}
            plain = {"id": identifier(rates.value), "when": when, "up_to": _granted(rates)}
            yield Entry(plain, f"{rates.value}: {_of_rates(rates)}")
    yield Entry({"id": "standard", "up_to": usual}, f"all together: {_of_rates(overall)}")


def _granted(rates: RatesGiven) -> dict[str, str]:
    """Let a rep grant what half had, a manager what four in five had, the lead nearly all.

    Halfway to the lead, manager and product marketing decide together.
    """
    rep = round_up(rates.half, _HALF_POINT)
    manager = max(rep, round_up(rates.four_in_five, _HALF_POINT))
    lead = max(manager, round_up(rates.nineteen_in_twenty, _HALF_POINT))
    together = round_up((manager + lead) / 2, _HALF_POINT)
    granted = {"rep": rep, "sales_manager": manager, _BOTH_SIDES: together, "revenue_lead": lead}
    if together == lead:
        del granted[_BOTH_SIDES]
    return {role: format_rate(min(rate, _HIGHEST)) for role, rate in granted.items()}


def _of_rates(rates: RatesGiven) -> str:
    return (
        f"{rates.discounted} of {rates.deals} won deals had a discount; half of them up to "
        f"{one_digit(rates.half)}, four in five up to {one_digit(rates.four_in_five)}, "
        f"19 in 20 up to {one_digit(rates.nineteen_in_twenty)}"
    )


def levers(evidence: Evidence) -> Iterator[Entry]:
    """Propose as levers what customers gave on deals with higher rates."""
    seen: set[str] = set()
    for lever in sorted(evidence.levers, key=lambda each: -each.adds):
        adds = min(round_down(lever.adds, _HALF_POINT), _LARGEST_LEVER)
        if adds < _SMALLEST_LEVER or lever.field in seen or len(seen) == _MOST_LEVERS:
            continue
        seen.add(lever.field)
        compares = lever.test.startswith(">")
        test = lever.test if compares else value_of(lever.test)
        named = lever.name if compares else f"{lever.field} {lever.test}"
        says = (
            f"on {lever.deals} won deals: half of them had {one_digit(lever.half_with)} or more, "
            f"without it {one_digit(lever.half_without)}"
        )
        plain = {"id": identifier(named), "when": {lever.field: test}, "adds": format_rate(adds)}
        yield Entry(plain, says)


def lever_cap(evidence: Evidence) -> str | None:
    """Propose that levers add no more together than the largest of them alone."""
    adds = [parse_rate(entry.plain["adds"]) for entry in levers(evidence)]
    return format_rate(max(adds)) if adds else None


def floor(evidence: Evidence) -> Entry:
    """Propose a floor near the lowest margins of today."""
    tenth = evidence.totals.tenth_margin
    if tenth is None:
        plain = {"margin": "10%", "decides": "revenue_lead"}
        return Entry(plain, "proposed; the cost of too few won deals is known to tell")
    margin = max(Decimal(0), round_down(min(tenth, Decimal(1)), 5 * _POINT))
    plain = {"margin": format_rate(margin), "decides": "revenue_lead"}
    return Entry(plain, f"nine in ten won deals have a margin above {one_digit(tenth)}")


def customizations(evidence: Evidence) -> Iterator[Entry]:
    """Propose rows for the kinds that were made."""
    for made in evidence.kinds:
        up_to = {
            "rep": round_amount(made.half),
            "product_marketing": round_amount(max(made.half, made.nine_in_ten)),
            "revenue_lead": round_amount(2 * max(made.half, made.nine_in_ten)),
        }
        says = (
            f"made {_count(made.made, 'time', 'times')}; half cost up to {made.half:,.0f}, "
            f"nine in ten up to {made.nine_in_ten:,.0f}"
        )
        yield Entry({"id": identifier(made.kind), "kind": made.kind, "up_to": up_to}, says)
