"""Forms of budgets: a transfer, and why one is declined."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from counterpoise.agreement import Side
from counterpoise.web.promises.budgets import Budget
from counterpoise.web.promises.models import LONGEST_REASON


class TransferForm(forms.Form):
    """What is moved from where to where, and why."""

    token = forms.CharField(widget=forms.HiddenInput, min_length=16, max_length=64)
    from_budget = forms.ChoiceField(label="From")
    to_budget = forms.ChoiceField(label="To")
    amount = forms.DecimalField(label="Amount", min_value=1, max_digits=14, decimal_places=2)
    reason = forms.CharField(
        label="Why", max_length=LONGEST_REASON, help_text="Both sides read it."
    )
    side = forms.ChoiceField(label="You sign for")

    def __init__(
        self, budgets: Iterable[Budget], sides: Iterable[Side], data: object = None, token: str = ""
    ) -> None:
        super().__init__(data, initial={"token": token})  # type: ignore[arg-type]
        named = [(each.id, f"{each.id.replace('_', ' ')} ({each.side})") for each in budgets]
        self.fields["from_budget"].choices = named  # type: ignore[attr-defined]
        self.fields["to_budget"].choices = named[1:] + named[:1]  # type: ignore[attr-defined]
        own = [(side.value, side.value) for side in sorted(sides)]
        self.fields["side"].choices = own  # type: ignore[attr-defined]
        if len(own) == 1:
            self.fields["side"].widget = forms.HiddenInput()
            self.fields["side"].initial = own[0][0]


class DeclineForm(forms.Form):
    """Why a transfer is declined."""

    answer = forms.CharField(label="The reason", max_length=LONGEST_REASON)
