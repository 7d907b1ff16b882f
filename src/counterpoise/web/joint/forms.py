"""Forms of joint reviews."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from counterpoise.web.joint.models import LONGEST_LINE, LONGEST_NOTES, LONGEST_TEXT
from counterpoise.web.joint.rights import possible_owners
from counterpoise.web.people.models import User

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LARGEST = 2**31 - 1
_YEARS = (1900, 2200)


class WriteForm(forms.Form):
    """Something to write down about a point."""

    text = forms.CharField(max_length=LONGEST_TEXT)
    token = forms.CharField(min_length=8, max_length=64)


class NotesForm(forms.Form):
    """The notes of a point, whole, and the version from which they were written."""

    text = forms.CharField(max_length=LONGEST_NOTES, required=False)
    version = forms.IntegerField(min_value=0, max_value=_LARGEST)
    token = forms.CharField(min_length=8, max_length=64)


class ActionForm(forms.Form):
    """Who does something until when."""

    owner = forms.TypedChoiceField(label="Who", coerce=int)
    due_on = forms.DateField(
        label="Until",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="That day included.",
    )

    def __init__(self, point_id: int, given: Any = None, first: tuple[int, ...] = ()) -> None:
        super().__init__(given, auto_id=f"point-{point_id}-%s")
        people = {user.pk: user for user in possible_owners()}
        self._people = people
        ordered = sorted(people.values(), key=lambda user: user.pk not in first)
        choices = [("", "Choose"), *((user.pk, f"{user}, {user.side}") for user in ordered)]
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices

    def chosen(self) -> User:
        """Return who was chosen."""
        return self._people[self.cleaned_data["owner"]]


class PointForm(forms.Form):
    """A point that somebody brings."""

    says = forms.CharField(label="What do you want to speak of?", max_length=LONGEST_LINE)
    token = forms.CharField(min_length=8, max_length=64, widget=forms.HiddenInput)


class SkipForm(forms.Form):
    """Why a review is skipped."""

    reason = forms.CharField(
        label="Why it is skipped", max_length=LONGEST_LINE, help_text="Both sides read it."
    )


class MoveForm(forms.Form):
    """Another moment for a review, by the room's clock, whoever moves it."""

    on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    at = forms.TimeField(
        label="Hour", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["at"].help_text = f"By the clock of {timezone.get_current_timezone_name()}."

    def clean_on(self) -> dt.date:
        """Refuse a year at the ends of the calendar, which no clock tells."""
        on: dt.date = self.cleaned_data["on"]
        if not _YEARS[0] < on.year < _YEARS[1]:
            raise forms.ValidationError("Choose a day of these years.")
        return on

    def moment(self) -> dt.datetime:
        """Return the moment that was chosen."""
        chosen = dt.datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"])
        zone = timezone.get_current_timezone()
        return chosen.replace(tzinfo=zone).astimezone(dt.UTC)


class RhythmForm(forms.Form):
    """When reviews are held; how often stands in the agreement."""

    weekday = forms.TypedChoiceField(
        label="Weekday",
        coerce=int,
        choices=list(enumerate(_WEEKDAYS)),
        help_text="The first such day of a month or quarter; the next working day after a holiday.",
    )
    at = forms.TimeField(
        label="Hour", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(label="Minutes", min_value=5, max_value=480)
    place = forms.CharField(
        label="Where", max_length=LONGEST_LINE, required=False, help_text="A room, or a link."
    )
