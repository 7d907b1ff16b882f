"""Whatever is typed is read as an amount or refused with a word."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.balance.forms import RevenueForm

TYPED = st.text() | st.from_regex(r"[-+]?[0-9 ,.'km%eE_]{0,30}", fullmatch=True)


@given(typed=TYPED)
def test_reads_an_amount_or_says_why_not(typed: str) -> None:
    form = RevenueForm({"reported": typed})
    if form.is_valid():
        amount = form.cleaned_data["reported"]
        assert 0 <= amount < 10**15
        assert amount == amount.quantize(Decimal("0.01"))
    else:
        assert form.errors["reported"]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,250,000", "1250000.00"),
        ("1 250 000.5", "1250000.50"),
        ("12,5", "12.50"),
        ("1.2m", "1200000.00"),
        ("0", "0.00"),
    ],
)
def test_takes_amounts_as_people_write_them(typed: str, amount: str) -> None:
    form = RevenueForm({"reported": typed})
    assert form.is_valid()
    assert str(form.cleaned_data["reported"]) == amount
