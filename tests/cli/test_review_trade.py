"""A review of books that hold weeks of sell-through and no deal."""

import json
from pathlib import Path

import pytest

from tests.cli.running import done

WEEKS = """\
week,account_id,product_id,units,net_price,base_price,featured,displayed
2026-01-05,Konzum,P1,100,2.00,2.00,no,no
2026-01-12,Konzum,P1,300,1.50,2.00,yes,no
2026-01-05,Spar,P1,50,2.00,2.00,no,no
2026-01-12,Spar,P1,60,2.00,,,
"""


@pytest.fixture(scope="module")
def grocer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace of four weeks."""
    folder = tmp_path_factory.mktemp("grocer")
    (folder / "source").mkdir()
    (folder / "source" / "sell_through.csv").write_text(WEEKS, encoding="utf-8")
    products = "product_id,name,family\nP1,Orange 1 l,juice\n"
    (folder / "source" / "products.csv").write_text(products, encoding="utf-8")
    done("new", folder / "space")
    done("-w", folder / "space", "import", folder / "source")
    return folder / "space"


def test_the_terminal_says_what_is_there_and_speaks_of_no_deals(grocer: Path) -> None:
    said = done("-w", grocer, "review")
    assert "4 weeks of sell-through: 1 product at 2 accounts, 2026-01-05 to 2026-01-12." in said
    assert "Net sales" in said
    assert "870" in said  # 200 + 450 + 100 + 120
    assert "58.8% to 70.6%" in said  # 300 and 360 of 510
    assert "Win rate" not in said
    assert "No won deal" not in said


def test_the_page_shows_the_trade_in_place_of_deals(grocer: Path, tmp_path: Path) -> None:
    done("-w", grocer, "review", "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "The trade" in page
    assert "58.8% to 70.6%" in page
    assert "83.3%" in page  # 750 of 900, where both prices are known
    assert "Value held" not in page
    assert "Win rate" not in page


def test_the_form_for_programs_stays_as_it_is(grocer: Path) -> None:
    found = json.loads(done("-w", grocer, "review", "--json"))
    assert found["schema"] == "counterpoise/review/v1"
    assert found["books"]["tables"]["sell_through"] == {"rows": 4, "set_aside": 0}
    assert found["ledger"]["price_realization"] is None
    assert "trade" not in found
