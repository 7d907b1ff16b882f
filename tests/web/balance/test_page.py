"""What the home page says of a review, from each side."""

from typing import Any

import pytest

from counterpoise.agreement import Agreements, Side
from counterpoise.web.balance.page import page_of
from tests.web.balance.reviews import month, review

NOBODY = Agreements()


def shown(made: dict[str, Any], viewer: Side = Side.BOTH, over: str = "") -> Any:
    """Lay out a review without any agreement in the workspace."""
    return page_of(made, NOBODY, over, viewer)


@pytest.mark.parametrize(
    ("held", "goal", "says"),
    [
        (90.0, 0.92, "Given outweighs held: realization is 2.0 points, 2 of list, below"),
        (95.0, 0.92, "Held outweighs given: realization is 3.0 points, 3 of list, above"),
        (92.0, 0.92, "Held and given are in balance"),
        (92.0, None, "No realization was agreed on"),
    ],
)
def test_says_what_the_picture_shows(held: float, goal: float | None, says: str) -> None:
    page = shown(review(month("2026-06", held, 100 - held), goal=goal))
    assert page.says.replace("\u00a0", " ").startswith(says)


def test_says_that_nothing_can_be_weighed() -> None:
    assert shown(review()).says.startswith("No won deal has both list and net known")


def test_shows_five_figures_the_last_of_them_the_viewers_own() -> None:
    made = review(month("2026-06", 90.0, 10.0, deals_won=3, deals_lost=1))
    assert [each.label for each in shown(made).figures] == [
        "Price realization",
        "Value held",
        "Value given",
        "Leakage",
        "Win rate",
    ]
    assert shown(made, Side.MARKETING).figures[-1].label == "Fit"


def test_gives_leakage_between_its_bounds() -> None:
    made = review(month("2026-06", 90.0, 10.0, leakage_low=2.0, leakage_high=4.0))
    assert shown(made).figures[3].value == "2 to 4"


def test_gives_no_leakage_without_an_agreement() -> None:
    made = review(month("2026-06", 90.0, 10.0))
    made["agreement"]["title"] = None
    assert shown(made).figures[3].value == "–"


def promise(side: str, name: str) -> dict[str, Any]:
    """Return a promise that was kept."""
    return {
        "id": name,
        "side": side,
        "metric": name,
        "kept": 0.95,
        "due": 20,
        "enough": 0.9,
        "status": "kept",
        "why": "",
    }


@pytest.mark.parametrize(
    ("viewer", "headings"),
    [
        (Side.BOTH, ["Sales owes", "Marketing owes"]),
        (Side.SALES, ["Marketing owes us", "We owe"]),
        (Side.MARKETING, ["Sales owes us", "We owe"]),
    ],
)
def test_puts_first_what_the_viewer_is_owed(viewer: Side, headings: list[str]) -> None:
    made = review(promises=[promise("sales", "offers"), promise("marketing", "leads")])
    assert [owed.heading for owed in shown(made, viewer).owed] == headings


@pytest.mark.parametrize(
    ("viewer", "whose"),
    [
        (Side.SALES, ["Marketing"]),
        (Side.MARKETING, ["Sales"]),
        (Side.BOTH, ["Marketing", "Sales"]),
    ],
)
def test_thanks_the_other_side(viewer: Side, whose: list[str]) -> None:
    assert [said.split()[0] for said in shown(review(), viewer).done_for_us] == whose


def test_marks_the_span_that_was_asked_for() -> None:
    made = review(month("2026-06", 90.0, 10.0))
    taken = [each.label for each in shown(made, over="all").choices if each.is_taken]
    assert taken == ["All books"]
    assert sum(each.is_taken for each in shown(made, over="no such").choices) == 1
