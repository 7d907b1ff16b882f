"""The form of an endpoint."""

from __future__ import annotations

from django import forms

from counterpoise.web.webhooks.models import Topic
from counterpoise.web.webhooks.posting import EndpointError, check_url

_OFFERED = [(topic.value, topic.label) for topic in Topic if topic is not Topic.TEST]


class EndpointForm(forms.Form):
    """Where messages go, and of what they tell."""

    url = forms.CharField(
        max_length=500,
        label="Address",
        widget=forms.URLInput(attrs={"placeholder": "https://crm.example.com/hooks/counterpoise"}),
        help_text="https, on the public internet.",
    )
    topics = forms.MultipleChoiceField(
        choices=_OFFERED, label="Tell when", widget=forms.CheckboxSelectMultiple
    )

    def clean_url(self) -> str:
        """Refuse an address that cannot be told."""
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except EndpointError as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def wanted(self) -> list[Topic]:
        """Return of what a valid form wants to tell."""
        return [Topic(each) for each in self.cleaned_data["topics"]]
