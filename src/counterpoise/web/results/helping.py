"""Who helped which deal, written down with each review for each to find their own."""

from __future__ import annotations

from counterpoise.ledger.helping import helpers
from counterpoise.web.results.measured import Measured, Outcome

HELPERS, HELPER_ROWS = "helpers", "helper_rows"
"""The measure, which tells no figures of people, and its rows by person."""


def measure_helpers(measured: Measured) -> Outcome:
    """Tell who had a part in a deal beside owning it."""
    rows = helpers(measured.view, measured.deals)
    kept = measured.view.books.keep_to_write(rows, HELPER_ROWS, ("person_id", "deal_id", "helped"))
    return Outcome({}, {HELPER_ROWS: kept})
