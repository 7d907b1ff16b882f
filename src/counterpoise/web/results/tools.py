"""What tools go with, worked out with each review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from counterpoise.ledger.contra_deals import compared
from counterpoise.ledger.tools import tool_rows, tools_object, tools_report
from counterpoise.web.results.measured import Measured, Outcome

if TYPE_CHECKING:
    from counterpoise.web.results.reading import KeptReview

TOOLS, TOOL_ROWS = "tools", "tool_rows"
"""The figures, and the deals won or lost on which tools were used."""


def measure_tools(measured: Measured) -> Outcome:
    """Tell which tools go with wins and shallower discounts, and where one lacks."""
    view, deals = measured.view, measured.deals
    table = view.books.keep(compared(view, deals), "compared")
    report = tools_report(view, deals, table)
    return Outcome(tools_object(report), {TOOL_ROWS: tool_rows(view, table)})


def kept_tools(kept: KeptReview) -> dict[str, Any] | None:
    """Return what tools go with as the review left it; None where none was kept."""
    return cast("dict[str, Any] | None", kept.measure(TOOLS))
