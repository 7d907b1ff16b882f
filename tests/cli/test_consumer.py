"""`counterpoise demo --kind consumer` and `counterpoise new --kind consumer`."""

import datetime as dt
from pathlib import Path

import pytest

from counterpoise.demo import consumer
from counterpoise.demo.consumer import ConsumerRecipe
from tests.cli.running import run

_SMALL = ConsumerRecipe(first_on=dt.date(2024, 1, 1), accounts=12)


@pytest.mark.slow
def test_shows_a_company_that_sells_through_retailers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "ConsumerRecipe", lambda: _SMALL)
    folder = tmp_path / "brightwater"
    ran = run("demo", folder, "--kind", "consumer", "--seed", "3", "--no-serve")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Review as of 2026-06-22, in USD\n")
    for said in ("20 products at 12 accounts", "From base price", "Sold on deal", "signed by both"):
        assert said in ran.out
    assert "Hearth sells less without promotion" in ran.out  # the fault that it was made with
    assert (folder / "review.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert f"What is wrong with this company on purpose: {folder / 'company/truth.json'}" in ran.err


def test_starts_with_an_agreement_of_a_brand_and_a_key_account_manager(tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    assert run("new", folder, "--kind", "consumer", "--currency", "EUR").code == 0
    checked = run("agreement", "check", folder / "agreement.yaml")
    assert checked.code == 0, checked.out + checked.err
    explained = run("agreement", "explain", folder / "agreement.yaml").out
    assert "brand manager" in explained.lower()
    assert "key account manager" in explained.lower()
