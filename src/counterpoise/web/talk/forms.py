"""Forms of talk: saying, asking, answering, changing, passing on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from counterpoise.web.people.models import User
from counterpoise.web.talk.due import CHOICES, USUAL
from counterpoise.web.talk.models import LONGEST_TEXT
from counterpoise.web.talk.quoting import BrokenSealError, unseal
from counterpoise.web.talk.saying import Said
from counterpoise.web.tools.editing import Brought
from counterpoise.web.tools.files import KINDS, FileRefusedError, brought


class WordsForm(forms.Form):
    """What somebody says, with a file and a figure that may come along."""

    text = forms.CharField(
        label="Say something",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = forms.FileField(label="A file", required=False)
    quote = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)
    token = forms.CharField(min_length=8, max_length=64, widget=forms.HiddenInput)

    def __init__(self, user: User, given: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(given, files, **{"auto_id": "say-%s", **options})
        self._user = user
        self.fields["file"].help_text = f"At most 10 MB: {', '.join(KINDS)}."

    def clean_file(self) -> Brought | None:
        """Read the file that was brought."""
        upload = self.cleaned_data.get("file")
        if upload is None:
            return None
        try:
            return brought(upload)
        except FileRefusedError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_quote(self) -> dict[str, str] | None:
        """Read the figure that is quoted."""
        sealed = self.cleaned_data.get("quote")
        if not sealed:
            return None
        try:
            return unseal(sealed, self._user).kept()
        except BrokenSealError as error:
            raise forms.ValidationError(str(error)) from error

    def said(self) -> Said:
        """Return what was said."""
        given = self.cleaned_data
        return Said(given["text"], given["token"], given["file"], given["quote"])


class AskForm(WordsForm):
    """A question: whom it asks, and within which time."""

    owner = forms.TypedChoiceField(label="Who answers", coerce=int)
    within = forms.ChoiceField(label="Reply within")

    field_order = ("text", "owner", "within", "file", "quote", "token")

    def __init__(
        self,
        user: User,
        people: Iterable[User],
        promised: str = "",
        called: Callable[[User], str] = str,
        given: Any = None,
        files: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(user, given, files, **{"auto_id": "ask-%s", **options})
        self._people = {each.pk: each for each in people if each.pk != user.pk}
        self.fields["text"].label, self.fields["text"].required = "Your question", True
        named = [(pk, f"{called(each)} ({each.side})") for pk, each in self._people.items()]
        self._choose("owner", [("", "Choose somebody"), *named])
        times = [each for each in CHOICES if each != promised]
        first = [(promised, f"{promised}, as promised")] if promised else []
        self._choose("within", [*first, *((each, each) for each in times)])
        self.fields["within"].initial = promised or USUAL

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def chosen(self) -> User:
        """Return whom it asks."""
        return self._people[self.cleaned_data["owner"]]


class EditForm(forms.Form):
    """One's own words anew."""

    text = forms.CharField(
        label="Your words",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class OwnerForm(forms.Form):
    """Who answers from now on."""

    owner = forms.TypedChoiceField(label="Who answers", coerce=int)

    def __init__(
        self, people: Iterable[User], called: Callable[[User], str] = str, given: Any = None
    ) -> None:
        super().__init__(given, auto_id="owner-%s")
        self._people = {each.pk: each for each in people}
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(pk, f"{called(each)} ({each.side})") for pk, each in self._people.items()]

    def chosen(self) -> User:
        """Return who was chosen."""
        return self._people[self.cleaned_data["owner"]]
