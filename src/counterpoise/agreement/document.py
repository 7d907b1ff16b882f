"""The agreement as both sides write and sign it: every clause, validated, in the order written.

Reading a file with its line numbers is `reading`; what makes no sense between clauses (a role that
is not on the ladder) is `references`. A model here knows only its own clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.quantities import Hours, Period
from counterpoise.agreement.terms import (
    Amount,
    Amounts,
    Day,
    Flag,
    Holidays,
    Identifier,
    Moment,
    OfficeHours,
    Rate,
    Rates,
    Span,
    Target,
    Text,
    Weekdays,
    When,
    Whole,
)


class Side(StrEnum):
    """Who a clause binds, or who a role belongs to."""

    SALES = "sales"
    MARKETING = "marketing"
    BOTH = "both"


class Clause(BaseModel):
    """A part of the agreement. Nothing in it may be changed or misspelt."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class InForce(Clause):
    """When an agreement binds; `until` is inclusive."""

    from_: Day = Field(alias="from")
    until: Day | None = None
    if_lapsed: Literal["continue", "stop"] = "stop"
    measured_against: Flag = False

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> InForce:
        if self.until and self.until < self.from_:
            raise ValueError(f"until {self.until} lies before from {self.from_}")
        return self


class WorkingTime(Clause):
    """When people work: for response times, due dates and reminders.

    `holidays` is a country code (`HR`, `DE-BY`) or a list of days.
    """

    days: Weekdays = ("mon", "tue", "wed", "thu", "fri")
    hours: OfficeHours = Hours(9 * 60, 17 * 60)
    holidays: Holidays | None = None


class Company(Clause):
    """What kind of company this is, its money, its clock and its fiscal year."""

    kind: Literal["industrial", "consumer_goods", "services", "software"] = "industrial"
    leading: Literal["sales", "marketing", "shared"] | None = None
    currency: Text = "USD"
    time_zone: Text = "UTC"
    fiscal_year_starts: Whole = Field(default=1, ge=1, le=12)
    working_time: WorkingTime = WorkingTime()


class Role(Clause):
    """A rung of the ladder: its side, and who in the books holds it."""

    side: Side
    default: Flag = False
    people: When | None = None
    says: Text | None = None


class Goal(Clause):
    """What both sides want, or one of them owes to both."""

    id: Identifier
    metric: Text
    at_least: Target | None = None
    at_most: Target | None = None
    shared: Flag = False
    owner: Side | None = None

    @model_validator(mode="after")
    def _has_one_target(self) -> Goal:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("write at_least or at_most, one of the two")
        return self


class Promise(Clause):
    """What one side owes the other."""

    id: Identifier
    metric: Text
    at_least: Target | None = None
    at_most: Target | None = None
    within: Span | None = None
    every: Period | None = None

    @model_validator(mode="after")
    def _has_one_target(self) -> Promise:
        if sum(value is not None for value in (self.at_least, self.at_most, self.within)) != 1:
            raise ValueError("write at_least, at_most or within, one of the three")
        return self


class Promises(Clause):
    """The promises of both sides."""

    marketing: tuple[Promise, ...] = ()
    sales: tuple[Promise, ...] = ()

    def __iter__(self) -> Iterator[tuple[Side, Promise]]:  # type: ignore[override]
        """Yield every promise with the side that made it."""
        yield from ((Side.MARKETING, promise) for promise in self.marketing)
        yield from ((Side.SALES, promise) for promise in self.sales)


class Budget(Clause):
    """How much one side may give away or spend in a period."""

    id: Identifier
    of: Literal["concessions", "promotion_spend", "campaign_spend", "customizations", "trade_spend"]
    side: Side
    every: Period
    amount: Amount


class Persona(Clause):
    """An ideal customer: conditions that an account meets or not."""

    id: Identifier
    name: str = ""
    when: When
    values: tuple[Text, ...] = ()


class ValueProposition(Clause):
    """What to sell on instead of price."""

    id: Identifier
    says: Text
    proof: Text | None = None
    when: When = Condition()


class RateTable(Clause):
    """A row that grants rates to roles; `a + b` names two that must both approve."""

    id: Identifier
    when: When = Condition()
    up_to: Rates
    says: Text | None = None


class ExceptionRow(RateTable):
    """A dated row for one customer or case, tried before the limits."""

    from_: Day = Field(alias="from")
    until: Day


class Lever(Clause):
    """Something that the customer gives back and that earns a higher rate."""

    id: Identifier
    when: When
    adds: Rate
    says: Text | None = None


class Floor(Clause):
    """The margin below which `decides` must approve as well; without it, nobody may."""

    margin: Rate
    decides: Text | None = None


class Exclusion(Clause):
    """Customers or goods that get no discount at all."""

    id: Identifier
    when: When
    says: Text | None = None


class Discounts(Clause):
    """Who may give what: the decision table, what earns more, and where it ends."""

    basis: Literal["deal", "line"] = "deal"
    limits: tuple[RateTable, ...] = ()
    levers: tuple[Lever, ...] = ()
    lever_cap: Rate | None = None
    floor: Floor | None = None
    exclusions: tuple[Exclusion, ...] = ()


class WeeksOnDeal(Clause):
    """How many weeks of a period goods may be on promotion."""

    per: Period
    at_most: Whole = Field(ge=0)


class PromotionRow(RateTable):
    """A row that grants promotion depth, and how often."""

    weeks_on_deal: WeeksOnDeal | None = None
    gap_weeks: Whole | None = Field(default=None, ge=0)


class Promotions(Clause):
    """Promotion depth by role, and how much of the year may be on deal."""

    limits: tuple[PromotionRow, ...] = ()
    otherwise: Literal["refused", "granted"] = "refused"


class Quota(Clause):
    """How many of a kind the company takes on in a period."""

    per: Period
    count: Whole = Field(ge=0)


class CustomizationRow(Clause):
    """A row that grants a kind of customization by cost and count."""

    id: Identifier
    kind: Text
    when: When = Condition()
    up_to: Amounts
    quota: Quota | None = None
    says: Text | None = None


class Customizations(Clause):
    """What may be tailored, for how much, and by whom."""

    limits: tuple[CustomizationRow, ...] = ()
    otherwise: Literal["refused", "granted"] = "refused"


class RoutingRow(Clause):
    """A team that takes up the leads of a condition."""

    id: Identifier
    when: When = Condition()
    team: Text


class Routing(Clause):
    """Who takes up a lead: who has the account, else a team, else who has the fewest."""

    account_owner: Flag = True
    teams: tuple[RoutingRow, ...] = ()
    to: tuple[Text, ...] = ()
    capacity: Whole | None = Field(default=None, ge=1)


class Handoff(Clause):
    """When a lead is qualified, who takes it up, how soon it is answered, why it is rejected."""

    qualified: When = Condition()
    first_response_within: Span | None = None
    verdict_within: Span | None = None
    reasons: tuple[Text, ...] = ()
    routing: Routing = Routing()


class Approvals(Clause):
    """How soon a request is answered, and what happens when it is not."""

    respond_within: Span | None = None
    remind_after: Span | None = None
    escalate_to: Text | None = None


class CreditRule(Clause):
    """How the credit for a deal is shared between touches."""

    rule: Literal["first", "last", "linear", "time_decay", "position_based", "markov"] = (
        "position_based"
    )


class Watch(Clause):
    """How much the watch may cry wolf, and what is worth a word."""

    false_alarms: Rate = Decimal("0.1")
    material: Amount = Decimal(5000)
    promises_kept: Rate = Decimal("0.9")


class Review(Clause):
    """How often both sides look at it together."""

    every: Period = Period.WEEK


class Pulse(Clause):
    """How often both sides are asked, and the smallest group that is shown."""

    every: Period = Period.MONTH
    smallest_group: Whole = Field(default=5, ge=3)


class Signature(Clause):
    """Who signed for a side, and when. Not a part of what was signed."""

    side: Literal[Side.SALES, Side.MARKETING]
    by: Text
    at: Moment


class Agreement(Clause):
    """The whole agreement, as written."""

    agreement: Literal["counterpoise/v1"]
    title: Text
    in_force: InForce
    company: Company = Company()
    roles: Mapping[Identifier, Role] = Field(min_length=1)
    goals: tuple[Goal, ...] = ()
    promises: Promises = Promises()
    budgets: tuple[Budget, ...] = ()
    personas: tuple[Persona, ...] = ()
    values: tuple[ValueProposition, ...] = ()
    protected: tuple[RateTable, ...] = ()
    discounts: Discounts = Discounts()
    promotions: Promotions | None = None
    customizations: Customizations = Customizations()
    exceptions: tuple[ExceptionRow, ...] = ()
    handoff: Handoff = Handoff()
    approvals: Approvals = Approvals()
    credit: CreditRule = CreditRule()
    watch: Watch = Watch()
    review: Review = Review()
    pulse: Pulse = Pulse()
    signed: tuple[Signature, ...] = ()

    @property
    def ladder(self) -> tuple[str, ...]:
        """Return the roles, lowest first."""
        return tuple(self.roles)
