"""The forms of the pulse: twelve ratings, and words where a side is too small."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.forms import BoundField

from counterpoise.web.pulse.items import HIGHEST, ITEMS, LOWEST, Matter
from counterpoise.web.pulse.models import LONGEST_WORDS

_RATINGS = [(str(each), str(each)) for each in range(LOWEST, HIGHEST + 1)]


class RatingForm(forms.Form):
    """A rating for every sentence; none may be left out, so that no item has a group of its own."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        for item in ITEMS:
            self.fields[item.id] = forms.ChoiceField(
                label=item.says,
                choices=_RATINGS,
                widget=forms.RadioSelect,
                error_messages={"required": "Rate this sentence too."},
            )

    def matters(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield the sentences by what they are about."""
        for matter in Matter:
            yield matter.heading, [self[item.id] for item in ITEMS if item.matter is matter]

    def ratings(self) -> tuple[int, ...]:
        """Return the ratings in the order of the items."""
        return tuple(int(self.cleaned_data[item.id]) for item in ITEMS)


class WordsForm(forms.Form):
    """What somebody wants to say to both leads."""

    text = forms.CharField(
        label="Your words",
        max_length=LONGEST_WORDS,
        help_text="With your name, to those who sign for either side, and to nobody else.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
