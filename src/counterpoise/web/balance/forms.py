"""The form of the home page."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms

from counterpoise.web.desk.numerals import amount_typed

_MOST = Decimal(10) ** 15
_LONGEST = 40


class RevenueForm(forms.Form):
    """Won revenue as the CRM's own report gives it."""

    reported = forms.CharField(
        label="Won revenue in your CRM's report",
        help_text="The same days as the books; all of them if the report has no dates.",
        max_length=_LONGEST,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "1,250,000"}
        ),
    )

    def clean_reported(self) -> Decimal:
        """Read the amount as people write it."""
        try:
            amount = Decimal(amount_typed(self.cleaned_data["reported"]))
        except InvalidOperation:
            raise forms.ValidationError("This is no amount; write it as 1,250,000.") from None
        if not amount.is_finite() or not 0 <= amount < _MOST:
            raise forms.ValidationError("An amount from 0 to 1,000,000,000,000,000.")
        return amount.quantize(Decimal("0.01"))
