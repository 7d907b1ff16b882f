"""The forms of a lead: passing, responding, judging, giving to another, passing again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from counterpoise.web.handoffs.answering import Verdict, reasons_of
from counterpoise.web.handoffs.models import LONGEST_NOTE, LONGEST_REASON, Handoff
from counterpoise.web.handoffs.states import LeadEvent
from counterpoise.web.numbers import as_typed

_LONGEST = 200
_MOST_SCORE = Decimal(10) ** 12


def _text(label: str, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(
        label=label, required=False, max_length=_LONGEST, widget=widget, help_text=hint
    )


def _note(label: str, hint: str = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=label, required=required, max_length=LONGEST_NOTE, widget=widget, help_text=hint
    )


class PassForm(forms.Form):
    """A lead that is in no book yet."""

    account = _text("Account", "Name or id, as in the books.", list="accounts")
    about = _text("Who and what", "Whom sales should call, about what. It can be erased later.")
    campaign = _text("Campaign", "Its id; leave out what came by itself.", list="campaigns")
    source = _text("Source", "Such as fair, web or partner.")
    score = _text("Score", inputmode="decimal")
    lead = _text("Its id in the CRM", "So that a later import knows it again.")
    note = _note("Note for sales")
    token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def clean_score(self) -> Decimal | None:
        """Return the score as a number."""
        text = self.cleaned_data["score"].strip()
        if not text:
            return None
        try:
            score = Decimal(as_typed(text).replace(",", ""))
        except InvalidOperation:
            raise forms.ValidationError("A score is a number, such as 72.") from None
        if not score.is_finite() or abs(score) >= _MOST_SCORE:
            raise forms.ValidationError("A score is a number, such as 72.")
        return score


class FileForm(forms.Form):
    """A file of leads."""

    file = forms.FileField(
        label="CSV file",
        help_text="A row a lead. Columns: account, about, campaign, source, score, lead_id.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class RespondForm(forms.Form):
    """That a lead got its first response, now or earlier."""

    at = forms.DateTimeField(
        label="When",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    comment = _note("What was said")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        clock = timezone.get_current_timezone_name()
        self.fields["at"].help_text = f"By the clock of {clock}; leave out if just now."

    def moment(self) -> dt.datetime | None:
        """Return when it was, if it was not just now."""
        found: dt.datetime | None = self.cleaned_data["at"]
        return found


class VerdictForm(forms.Form):
    """Accepted, or rejected with a reason."""

    verdict = forms.ChoiceField(
        label="Verdict",
        choices=[(LeadEvent.ACCEPTED.value, "Accept"), (LeadEvent.REJECTED.value, "Reject")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Reason to reject", required=False, max_length=LONGEST_REASON)
    comment = _note("Comment", "Marketing reads it.")
    insists = forms.BooleanField(
        label="Reject although the account meets a persona",
        required=False,
        help_text="What the check said stays on record.",
    )

    def __init__(
        self, given: Any = None, handoff: Handoff | None = None, *, asks: bool = False
    ) -> None:
        super().__init__(given, auto_id="verdict-%s")
        agreed = reasons_of(handoff)
        if agreed:
            options = [("", "Why it is rejected"), *((each, each) for each in agreed)]
            self.fields["reason"].widget = forms.Select(choices=options)
        self.fields["reason"].help_text = "Always given when a lead is rejected."
        if not asks:
            del self.fields["insists"]

    def said(self) -> Verdict:
        """Return what is said of the lead."""
        given = self.cleaned_data
        kind = LeadEvent(given["verdict"])
        return Verdict(kind, given["reason"], given["comment"], given.get("insists", False))


class AssignForm(forms.Form):
    """To whom a lead is given."""

    person = forms.ChoiceField(label="Give it to")

    def __init__(self, takers: Any, given: Any = None) -> None:
        super().__init__(given, auto_id="assign-%s")
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose a person"), *takers]


class RecycleForm(forms.Form):
    """What is different now."""

    note = _note("What is different now", "Sales reads it with the lead.", required=True)
