"""The way from audience to buyer, worked out with each review: the funnel, and credit for deals."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from counterpoise.ledger.credit import Credit, credit
from counterpoise.ledger.funnel import (
    BY,
    Funnel,
    Now,
    Touches,
    funnel_of,
    stages_recorded,
)
from counterpoise.ledger.funnel_leads import funnel_leads
from counterpoise.ledger.journeys import leads_of_deals
from counterpoise.web.results.measured import Measured, Outcome

if TYPE_CHECKING:
    from counterpoise.web.results.reading import KeptReview

FUNNEL, CREDIT = "funnel", "credit"
LEADS, PARTS = "funnel_leads", "credit_parts"
"""The tables of rows behind them."""

_FUNNEL, _CREDIT = TypeAdapter(Funnel), TypeAdapter(Credit)


def measure_funnel(measured: Measured) -> Outcome:
    """Count the funnel of all leads."""
    view, books = measured.view, measured.view.books
    touched = measured.touched
    table = funnel_leads(view, measured.agreements, measured.deals, touched)
    leads = books.keep_to_write(table, LEADS)
    agreement = measured.agreement
    starts = agreement.company.fiscal_year_starts if agreement else 1
    stages = stages_recorded(books.run, leads)
    found = funnel_of(books.run, leads, stages, BY, Now(view.end, starts))
    counted = books.run(touched.by_campaign()).to_pylist()
    counted.sort(key=lambda row: (-row["touches"], row["campaign_id"] or ""))
    without = measured.deals.anti_join(leads_of_deals(view), "deal_id").count()
    whole = Funnel(
        **{
            **vars(found),
            "touches": tuple(Touches(**row) for row in counted),
            "deals_without_lead": books.run(without.name("n").as_table()).to_pylist()[0]["n"],
        }
    )
    return Outcome(told_funnel(whole), {LEADS: leads})


def measure_credit(measured: Measured) -> Outcome:
    """Share the value of won deals between touches, by every rule."""
    found = credit(measured.view, measured.deals, measured.touched)
    return Outcome(_CREDIT.dump_python(found.credit, mode="json"), {PARTS: found.parts})


def told_funnel(found: Funnel) -> Any:
    """Return a funnel as files and programs have it."""
    return _FUNNEL.dump_python(found, mode="json")


@lru_cache(maxsize=4)
def kept_funnel(kept: KeptReview) -> Funnel | None:
    """Return the funnel of all leads; None where an earlier program kept none."""
    told = kept.measure(FUNNEL)
    return None if told is None else _FUNNEL.validate_python(told)


@lru_cache(maxsize=4)
def kept_credit(kept: KeptReview) -> Credit | None:
    """Return the credit of all deals; None where an earlier program kept none."""
    told = kept.measure(CREDIT)
    return None if told is None else _CREDIT.validate_python(told)
