"""A decision about a promotion on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.agreement.wording import role_text, say_day, say_period
from counterpoise.desk.promotion_books import Brought
from counterpoise.desk.promotion_decision import OnDeal, PromotionDecision
from counterpoise.desk.wording import amount_text
from counterpoise.report.decision import SAID, cited, section
from counterpoise.report.layout import points
from counterpoise.report.wording import STATUSES


def print_promotion(decision: PromotionDecision, console: Console) -> None:
    """Print a decision as an account manager would read it."""
    for part in _parts(decision):
        console.print(part)


def _parts(decision: PromotionDecision) -> Iterator[RenderableType]:
    said, style = SAID[decision.verdict]
    yield Text(said, style=style)
    for approval in decision.approvals:
        due = f", due {approval.due_at:%Y-%m-%d %H:%M}" if approval.due_at else ""
        yield cited(f"  by {role_text(approval.role)}{due}", approval.clause)
    yield points(cited(reason.says, reason.clause) for reason in decision.reasons)
    if decision.calendar:
        yield Text(calendar_text(decision.calendar))
    yield from section("The last ones", (Text(brought_text(each)) for each in decision.last_ones))
    offers = decision.counter_offers
    yield from section("Ask instead", (cited(each.says, each.clause) for each in offers))
    customer = [reason.say_to_customer for reason in decision.reasons if reason.say_to_customer]
    yield from section("To the retailer", map(Text, dict.fromkeys(customer)))
    basis = decision.agreement
    yield Text(f"By {basis.title}, {STATUSES[basis.status]}", style="dim")


def calendar_text(on_deal: OnDeal) -> str:
    """Say how full the calendar is.

    >>> calendar_text(OnDeal(3, None, None, None, None))
    'With it these goods are 3 weeks on deal a year.'
    """
    weeks = "1 week" if on_deal.weeks == 1 else f"{on_deal.weeks} weeks"
    per = say_period(on_deal.per) if on_deal.per else "a year"
    most = "" if on_deal.at_most is None else f" of {on_deal.at_most}"
    return f"With it these goods are {weeks}{most} on deal {per}."


def brought_text(brought: Brought) -> str:
    """Say what a promotion brought, as it was seen."""
    days = f"{say_day(brought.days.first)} to {say_day(brought.days.last)}"
    depth = "" if brought.rate is None else f", {format_rate(short_rate(brought.rate))} off"
    if brought.lift is None or brought.units is None or brought.usual is None:
        return f"{days}{depth}: what it sold is not on record."
    more = f"{format_rate(short_rate(abs(brought.lift)))} {'more' if brought.lift >= 0 else 'less'}"
    sold = f"{amount_text(brought.units)} a week against {amount_text(brought.usual)} before"
    return f"{days}{depth}: {sold}, {more}."
