"""Forms of a crack: answer, owner and day, accepting; and how people are shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from counterpoise.web.cracks.models import LONGEST_TEXT, Crack, Showing
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import possible_owners
from counterpoise.web.people.models import User

_WEEKS = 3
_ACCEPTED_DAYS = 90


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


def _sentence(label: str, hint: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, widget=widget, help_text=hint)


class AnswerForm(forms.Form):
    """What the side that should act says to it."""

    text = _sentence("Your answer", "What happened, as you see it. It stays with the crack.")


class AcceptForm(forms.Form):
    """Why it is left as it is, and until when."""

    reason = _sentence("Why it is accepted", "Both sides read it. It is measured on all the same.")
    until_on = _day("Until")

    def __init__(self, given: Any = None) -> None:
        later = timezone.localdate() + dt.timedelta(days=_ACCEPTED_DAYS)
        super().__init__(given, initial={"until_on": later}, auto_id="accept-%s")


class AssignForm(forms.Form):
    """Who owns it, and by when it should have healed."""

    owner = forms.TypedChoiceField(label="Owner", coerce=int)
    due_on = _day("Due")

    def __init__(self, crack: Crack, naming: Naming, given: Any = None) -> None:
        later = timezone.localdate() + dt.timedelta(weeks=_WEEKS)
        first = crack.owner_id or naming.reader.pk
        initial = {"owner": first, "due_on": crack.due_on or later}
        super().__init__(given, initial=initial, auto_id="assign-%s")
        self._people = {user.pk: user for user in possible_owners(crack)}
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(user.pk, naming.colleague(user, crack)) for user in self._people.values()]

    def chosen(self) -> User:
        """Return who was chosen."""
        return self._people[self.cleaned_data["owner"]]


class PeopleForm(forms.Form):
    """How people are shown in cracks."""

    people = forms.ChoiceField(
        label="People are shown",
        widget=forms.RadioSelect,
        choices=[
            (Showing.NAMES.value, "By name, to those who may see the person's figures"),
            (Showing.PSEUDONYMS.value, "By pseudonym, to everybody but the person"),
        ],
    )
