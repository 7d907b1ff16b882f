"""What somebody looks for in the trail."""

from __future__ import annotations

from django import forms


class SearchForm(forms.Form):
    """Entries by act, subject, actor and days."""

    act = forms.CharField(required=False, max_length=100, help_text="Its beginning is enough.")
    subject = forms.CharField(required=False, max_length=300, help_text="Such as request:17.")
    actor = forms.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, label="Actor", help_text="The id."
    )
    first = forms.DateField(
        required=False, label="From", widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        required=False, label="Until", widget=forms.DateInput(attrs={"type": "date"})
    )
