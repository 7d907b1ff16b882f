"""The sections of an agreement as forms: which cells each has, and where it stands in the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from counterpoise.agreement import Side
from counterpoise.agreement.metrics import GOAL_METRICS, PROMISE_METRICS
from counterpoise.agreement.quantities import Period
from counterpoise.web.agreements.forms.cells import CellKind, Column

_CONDITION, _LONG, _CHOICE, _DAY, _LIST = (
    CellKind.CONDITION,
    CellKind.LONG,
    CellKind.CHOICE,
    CellKind.DAY,
    CellKind.LIST,
)


class Shape(StrEnum):
    """How a section stands in the text."""

    ROWS = "rows"
    NAMED = "named"
    SINGLE = "single"


@dataclass(frozen=True)
class Section:
    """A section of the agreement; `path` is where its rows stand, empty for the top."""

    name: str
    title: str
    path: str
    columns: tuple[Column, ...]
    shape: Shape = Shape.ROWS
    says: str = ""
    entry: str = "row"

    @property
    def has_order(self) -> bool:
        """Tell whether the order of rows means something."""
        return self.shape is not Shape.SINGLE


_PERIODS = tuple(period.value for period in Period)
_SIDES = tuple(side.value for side in Side)
_FLAG = ("true", "false")
_ID = Column("id", "Name", hint="by which it is cited: letters, digits, _ and -")
_WHEN = Column(
    "when",
    "When",
    _CONDITION,
    "a line a field: segment: Enterprise · list_amount: >= 50000 · industry: [Steel, Glass]",
)
_SAYS = Column("says", "Says", _LONG, "in words, for those who read it")
_UP_TO = Column("up_to", "Up to", CellKind.GRANTS, "10%; empty for a role that may not")
_TARGETS = (
    Column("at_least", "At least", hint="92%, 120 or 10 working days"),
    Column("at_most", "At most"),
)

_SECTIONS = (
    Section(
        "in_force",
        "Title and days",
        "",
        (
            Column("title", "Title"),
            Column("in_force.from", "In force from", _DAY),
            Column("in_force.until", "Until", _DAY, "the last day; empty for no end"),
            Column(
                "in_force.if_lapsed",
                "After the last day",
                _CHOICE,
                "whether it goes on until both sides sign a new one",
                ("continue", "stop"),
            ),
            Column(
                "in_force.measured_against",
                "Measures the past alone",
                _CHOICE,
                "true where deals are held against it and nobody is bound",
                _FLAG,
            ),
        ),
        Shape.SINGLE,
    ),
    Section(
        "company",
        "Company",
        "company",
        (
            Column(
                "kind",
                "Kind",
                _CHOICE,
                choices=("industrial", "consumer_goods", "services", "software"),
            ),
            Column(
                "leading",
                "Side that leads",
                _CHOICE,
                choices=("sales", "marketing", "shared"),
                hint="else what is usual for the kind",
            ),
            Column("currency", "Currency", hint="as the workspace has it"),
            Column("time_zone", "Time zone", hint="as the workspace has it"),
            Column("fiscal_year_starts", "Fiscal year starts in month", hint="1 to 12"),
            Column("working_time.days", "Working days", hint="mon-fri"),
            Column("working_time.hours", "Working hours", hint="09:00-17:00"),
            Column("working_time.holidays", "Holidays", hint="the code of a country, like HR"),
        ),
        Shape.SINGLE,
    ),
    Section(
        "roles",
        "The ladder",
        "roles",
        (
            Column("id", "Role"),
            Column("side", "Side", _CHOICE, choices=_SIDES),
            Column("people", "Held by", _CONDITION, "role: [Account Executive, AE]"),
            Column("default", "Unknown people", _CHOICE, "hold this role", _FLAG),
            _SAYS,
        ),
        Shape.NAMED,
        "The lowest rung first.",
        "role",
    ),
    Section(
        "goals",
        "Goals",
        "goals",
        (
            _ID,
            Column("metric", "What", _CHOICE, choices=tuple(GOAL_METRICS)),
            *_TARGETS,
            Column("shared", "Shared", _CHOICE, choices=_FLAG),
            Column("owner", "Owner", _CHOICE, choices=_SIDES),
        ),
        says="What both sides want, or one of them answers for.",
        entry="goal",
    ),
    *(
        Section(
            f"promises.{side}",
            f"What {side} owes {other}",
            f"promises.{side}",
            (
                _ID,
                Column(
                    "metric",
                    "What",
                    _CHOICE,
                    choices=tuple(
                        name for name, each in PROMISE_METRICS.items() if Side(side) in each.sides
                    ),
                ),
                *_TARGETS,
                Column("within", "Within", hint="4 working hours"),
                Column("every", "Every", _CHOICE, choices=_PERIODS),
            ),
            entry="promise",
        )
        for side, other in (("marketing", "sales"), ("sales", "marketing"))
    ),
    Section(
        "budgets",
        "Budgets",
        "budgets",
        (
            _ID,
            Column(
                "of",
                "Of",
                _CHOICE,
                choices=(
                    "concessions",
                    "promotion_spend",
                    "campaign_spend",
                    "customizations",
                    "trade_spend",
                ),
            ),
            Column("side", "Side", _CHOICE, choices=_SIDES),
            Column("every", "Every", _CHOICE, choices=_PERIODS),
            Column("amount", "Amount"),
        ),
        entry="budget",
    ),
    Section(
        "personas",
        "Personas",
        "personas",
        (
            _ID,
            Column("name", "Called"),
            _WHEN,
            Column("values", "Buys for", _LIST, "ids of values, a line each"),
        ),
        says="Whom it is for. The first that fits counts.",
        entry="persona",
    ),
    Section(
        "values",
        "What to sell on",
        "values",
        (_ID, Column("says", "Says", _LONG), Column("proof", "Proof", _LONG), _WHEN),
        entry="value",
    ),
    Section(
        "discounts",
        "Discounts in general",
        "discounts",
        (
            Column("basis", "Judged by", _CHOICE, choices=("deal", "line")),
            Column("lever_cap", "Levers add at most", hint="10%"),
            Column("floor.margin", "Margin floor", hint="20% of net"),
            Column("floor.decides", "Below it decides", hint="a role; empty: nobody may"),
        ),
        Shape.SINGLE,
    ),
    Section(
        "discounts.limits",
        "Limits",
        "discounts.limits",
        (_ID, _WHEN, _UP_TO, _SAYS),
        says="Who may give how much. The first row that fits a deal decides.",
    ),
    Section(
        "discounts.levers",
        "Levers",
        "discounts.levers",
        (_ID, _WHEN, Column("adds", "Adds", hint="5%"), _SAYS),
        says="What the customer gives back, and what it earns.",
        entry="lever",
    ),
    Section(
        "discounts.exclusions",
        "Exclusions",
        "discounts.exclusions",
        (_ID, _WHEN, _SAYS),
        says="Customers and goods that get no discount at all.",
        entry="exclusion",
    ),
    Section(
        "protected",
        "Protected goods",
        "protected",
        (_ID, _WHEN, _UP_TO, _SAYS),
        says="Sold on what they are; no lever adds to these.",
    ),
    Section(
        "exceptions",
        "Exceptions",
        "exceptions",
        (_ID, _WHEN, Column("from", "From", _DAY), Column("until", "Until", _DAY), _UP_TO, _SAYS),
        says="Dated, for one customer or case; tried before the limits.",
        entry="exception",
    ),
    Section(
        "promotions.limits",
        "Promotions",
        "promotions.limits",
        (
            _ID,
            _WHEN,
            _UP_TO,
            Column("weeks_on_deal.per", "Weeks on deal per", _CHOICE, choices=_PERIODS),
            Column("weeks_on_deal.at_most", "At most"),
            Column("gap_weeks", "Weeks between two"),
            _SAYS,
        ),
    ),
    Section(
        "customizations.limits",
        "Customizations",
        "customizations.limits",
        (
            _ID,
            Column("kind", "Kind", hint="private_label"),
            _WHEN,
            Column("up_to", "Up to", CellKind.GRANTS, "a cost; empty for a role that may not"),
            Column("quota.per", "Quota per", _CHOICE, choices=_PERIODS),
            Column("quota.count", "Count"),
            _SAYS,
        ),
    ),
    Section(
        "otherwise",
        "What no row names",
        "",
        (
            Column(
                "promotions.otherwise",
                "Any other promotion",
                _CHOICE,
                choices=("refused", "granted"),
            ),
            Column(
                "customizations.otherwise",
                "Any other customization",
                _CHOICE,
                choices=("refused", "granted"),
            ),
        ),
        Shape.SINGLE,
    ),
    Section(
        "handoff",
        "Hand-off and approvals",
        "",
        (
            Column("handoff.qualified", "A lead is qualified when", _CONDITION, "score: >= 60"),
            Column("handoff.first_response_within", "Answered within", hint="4 working hours"),
            Column("handoff.verdict_within", "Judged within", hint="2 working days"),
            Column("handoff.reasons", "Reasons to reject", _LIST, "a line each"),
            Column(
                "handoff.routing.account_owner", "To who has the account", _CHOICE, choices=_FLAG
            ),
            Column("handoff.routing.to", "Leads are taken up by", _LIST, "a role a line"),
            Column("handoff.routing.capacity", "Open leads a person", hint="20"),
            Column("approvals.respond_within", "Requests answered within", hint="1 working day"),
            Column("approvals.remind_after", "Reminded after", hint="4 working hours"),
            Column("approvals.escalate_to", "Escalated to", hint="a role"),
        ),
        Shape.SINGLE,
    ),
    Section(
        "routing",
        "Teams that take up leads",
        "handoff.routing.teams",
        (_ID, _WHEN, Column("team", "Team", hint="as in the books")),
        says="The first row that fits a lead; without rows it is the region of its account.",
    ),
    Section(
        "together",
        "Working together",
        "",
        (
            Column(
                "credit.rule",
                "Credit for a deal",
                _CHOICE,
                choices=(
                    "first",
                    "last",
                    "linear",
                    "time_decay",
                    "position_based",
                    "markov",
                ),
            ),
            Column("watch.false_alarms", "False alarms at most", hint="10%"),
            Column("watch.material", "Worth a word from", hint="5000 a quarter"),
            Column("watch.promises_kept", "A promise is kept from", hint="90%"),
            Column("review.every", "Review every", _CHOICE, choices=_PERIODS),
            Column("pulse.every", "Pulse every", _CHOICE, choices=_PERIODS),
            Column("pulse.smallest_group", "Smallest group shown", hint="5"),
        ),
        Shape.SINGLE,
    ),
)
SECTIONS: Mapping[str, Section] = {section.name: section for section in _SECTIONS}
