"""Which tools fit a deal."""

import pytest

from counterpoise.web.tools.fitting import Wanted, fitting
from counterpoise.web.tools.library import Card

PUMP = Card("1", "Pump case", product_family="Pumps", objection="Too expensive")
DELTA = Card("2", "Against Delta", product_family="pumps", competitor="Delta")
MAKER = Card("3", "For makers", persona="maker", values=("uptime",), stage="offer")
ANYWHERE = Card("4", "Anywhere", objection="No time")
NOWHERE = Card("5", "Brochure")
ALL = [NOWHERE, ANYWHERE, MAKER, DELTA, PUMP]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["4"]),
        (Wanted(product_family="Pumps"), ["1", "4"]),
        (Wanted(product_family="Pumps", competitor="delta"), ["2", "1", "4"]),
        (Wanted(persona="maker", product_family="Pumps"), ["3", "1", "4"]),
        (Wanted(persona="maker", values=frozenset({"uptime"})), ["3", "4"]),
        (Wanted(product_family="Pumps", objection="too expensive"), ["1"]),
        (Wanted(objection="No time"), ["4"]),
        (Wanted(product_family="Valves", competitor="Delta"), ["4"]),
    ],
)
def test_offers_what_fits_the_closest_first(wanted: Wanted, expected: list[str]) -> None:
    assert [card.tool_id for card in fitting(ALL, wanted, 5)] == expected


def test_offers_no_more_than_asked_for() -> None:
    assert len(fitting([PUMP] * 9, Wanted(product_family="Pumps"))) == 3
