"""The deals that a person helped as plain values, for a page and for a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.ledger.credit import OUTCOMES
from counterpoise.ledger.helping import Helping
from counterpoise.web.ledger.credit_page import RULE_NAMES, ratified_rule
from counterpoise.web.ledger.page import Link
from counterpoise.web.ledger.sheets import Cell, Sheet, SheetColumn
from counterpoise.web.ledger.you_helped_asking import (
    Helper,
    YouHelped,
    is_kept,
    rule_told,
    you_helped,
)
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview

A_PAGE = 50
SAYS: Mapping[Helping, str] = MappingProxyType(
    {
        Helping.CAMPAIGN: "your campaign touched it",
        Helping.PASSED: "you passed its lead on",
        Helping.LEAD: "you took up its lead",
        Helping.TOOL_MADE: "your value tool was used",
        Helping.TOOL_USED: "you used a value tool on it",
        Helping.APPROVED: "you approved its terms",
        Helping.COUNTERED: "you named other terms",
    }
)
_TABS: Mapping[str, str] = MappingProxyType(
    {"": "All", "won": "Won", "lost": "Lost", "open": "Open", "cancelled": "Cancelled"}
)
_COLUMNS = (
    SheetColumn("deal_id", "Deal", Cell.TEXT),
    SheetColumn("name", "Name", Cell.TEXT),
    SheetColumn("account__name", "Account", Cell.TEXT),
    SheetColumn("helped", "How you helped", Cell.TEXT),
    SheetColumn("outcome", "Outcome", Cell.TEXT),
    SheetColumn("month", "Month", Cell.TEXT),
    SheetColumn("day", "Day", Cell.DAY),
    SheetColumn("net_amount", "Net", Cell.MONEY),
    SheetColumn("credit", "Credit of your campaigns", Cell.MONEY),
)


@dataclass(frozen=True)
class YouHelpedRow:
    """A deal, and how it was helped in words."""

    deal: Mapping[str, Any]
    helped: str
    when: str


@dataclass(frozen=True)
class YouHelpedPage:
    """A page of the deals that a person helped."""

    rows: list[YouHelpedRow]
    all: int
    meant: int
    tabs: list[Link]
    rule: str
    has_campaigns: bool
    is_known: bool
    """Whether the person stands in the books."""
    first: int
    last: int
    earlier: str
    later: str
    files: Mapping[str, str]


def you_helped_page(
    kept: KeptReview, user: User, outcome: str, number: int
) -> YouHelpedPage | None:
    """Return a page of the deals that a person helped; None where the review kept none.

    Raises:
        LockHeldError: If too many questions wait.
    """
    if not is_kept(kept):
        return None
    helper, rule, offset = Helper.of(user), rule_told(ratified_rule()), (number - 1) * A_PAGE
    found = you_helped(kept, helper, outcome, rule, (A_PAGE, offset))
    everything = sum(found.counts.values())
    meant = found.counts[outcome] if outcome else everything
    is_last = offset + A_PAGE >= meant
    return YouHelpedPage(
        rows=[_row(row) for row in found.rows],
        all=everything,
        meant=meant,
        tabs=_tabs(found, everything, outcome),
        rule=RULE_NAMES[rule],
        has_campaigns=bool(helper.campaigns),
        is_known=bool(helper.person_id),
        first=offset + 1 if found.rows else 0,
        last=offset + len(found.rows),
        earlier=_url(outcome, str(number - 1)) if number > 1 else "",
        later="" if is_last else _url(outcome, str(number + 1)),
        files={form: _file(form, outcome) for form in ("csv", "parquet")},
    )


def you_helped_sheet(kept: KeptReview, user: User, query: QueryDict) -> Sheet | None:
    """Return all the deals that a person helped; None where the review kept none.

    Raises:
        LockHeldError: If too many questions wait.
    """
    if not is_kept(kept):
        return None
    outcome = outcome_of(query)
    found = you_helped(kept, Helper.of(user), outcome, rule_told(ratified_rule()))
    return Sheet("you_helped", "Deals you helped", _COLUMNS, [_written(row) for row in found.rows])


def outcome_of(query: QueryDict) -> str:
    """Return the outcome that an address asks for; empty for every one."""
    asked = query.get("outcome", "")
    return asked if asked in OUTCOMES else ""


def _tabs(found: YouHelped, everything: int, outcome: str) -> list[Link]:
    counts = {"": everything, **found.counts}
    return [
        Link(f"{label} {counts[name]:,}", _url(name), name == outcome)
        for name, label in _TABS.items()
        if counts[name] or name != "cancelled"
    ]


def _row(deal: Mapping[str, Any]) -> YouHelpedRow:
    says = ", ".join(SAYS[how] for how in deal["helped"])
    return YouHelpedRow(deal, says[:1].upper() + says[1:], _month(deal))


def _month(deal: Mapping[str, Any]) -> str:
    return f"{deal['month']:%B %Y}" if deal["month"] else ""


def _written(deal: Mapping[str, Any]) -> Mapping[str, Any]:
    month = f"{deal['month']:%Y-%m}" if deal["month"] else None
    return {**deal, "helped": ", ".join(deal["helped"]), "month": month}


def _url(outcome: str, page: str = "") -> str:
    return _with(reverse("ledger:you_helped"), outcome=outcome, page=page)


def _file(form: str, outcome: str) -> str:
    return _with(reverse("ledger:file", args=["you_helped", form]), outcome=outcome)


def _with(path: str, **carried: str) -> str:
    told = urlencode({name: value for name, value in carried.items() if value})
    return f"{path}?{told}" if told else path
