"""The kinds about prices where there is next to nothing to look at."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.watch.fit_books import small_company
from tests.watch.kinds.test_price_engines import NAMES
from tests.watch.price_books import AGREEMENT, LAST, deal, person


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_is_suspected_of_next_to_nothing(tmp_path: Path, count: int) -> None:
    deals = [deal(f"D{at}", 0.1, LAST, owner_id="R0", account_id="A0") for at in range(count)]
    people = [person("R0")]
    accounts = [{"account_id": "A0", "name": "Alto", "segment": "Small"}]
    tables = {"people": people, "accounts": accounts, "deals": deals}
    with small_company(tmp_path / "c", tables, AGREEMENT) as watched:
        for name in NAMES:
            kind = import_module(f"counterpoise.watch.kinds.{name}").KIND
            assert list(kind.test(watched)) == [], name
