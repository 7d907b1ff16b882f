"""Forms of talk: saying, asking, answering, changing, passing on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from counterpoise.web.people.models import User
from counterpoise.web.talk.announcing import Told
from counterpoise.web.talk.calendar import Campaign
from counterpoise.web.talk.due import CHOICES, USUAL
from counterpoise.web.talk.models import LONGEST_LINE, LONGEST_TEXT
from counterpoise.web.talk.quoting import BrokenSealError, unseal
from counterpoise.web.talk.saying import Said
from counterpoise.web.tools.editing import Brought
from counterpoise.web.tools.files import KINDS, FileRefusedError, brought

HIDDEN = 0
"""Chooses whom a crack is about where it calls them otherwise than their account."""


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
        others = (each for each in people if each.pk != user.pk)
        self._people, named = _offered(others, called)
        self.fields["text"].label, self.fields["text"].required = "Your question", True
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
        self._people, named = _offered(people, called)
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = named

    def chosen(self) -> User:
        """Return who was chosen."""
        return self._people[self.cleaned_data["owner"]]


class CampaignForm(forms.Form):
    """What sales is told of a campaign; what the books say of it is not asked."""

    name = forms.CharField(label="Campaign", max_length=LONGEST_LINE)
    channel = forms.CharField(
        label="Channel", required=False, max_length=LONGEST_LINE, help_text="Fair, mail, search."
    )
    starts_on = forms.DateField(label="Starts", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label="Ends", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    line = forms.CharField(
        label="The line to say in the field",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What a seller says when a customer has seen it.",
    )
    revision = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput
    )
    token = forms.CharField(min_length=8, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, given: Any = None, *, campaign: Campaign | None = None, initial: Any = None
    ) -> None:
        first = {"token": secrets.token_urlsafe(24), **_said_of(campaign), **(initial or {})}
        super().__init__(given, initial=first, auto_id="campaign-%s")
        if campaign is not None and campaign.is_imported:
            for name in ("name", "channel", "starts_on", "ends_on"):
                self.fields[name].disabled = bool(first.get(name)) or name in {"name", "channel"}

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        given: dict[str, Any] = super().clean() or {}
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", f"It starts on {starts}; name a day from then on.")
        return given

    def told(self) -> Told:
        """Return what sales is told."""
        given = self.cleaned_data
        return Told(
            given["name"], given["starts_on"], given["line"], given["ends_on"], given["channel"]
        )


class LinkForm(forms.Form):
    """Which campaign of the books it became."""

    campaign = forms.ChoiceField(label="Campaign in the books")

    def __init__(self, campaigns: Iterable[Campaign], given: Any = None) -> None:
        super().__init__(given, auto_id="link-%s")
        field = self.fields["campaign"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.id, f"{each.name} ({each.starts_on})") for each in campaigns]


def _said_of(campaign: Campaign | None) -> dict[str, Any]:
    if campaign is None:
        return {"revision": 0}
    told = campaign.told
    return {
        "name": campaign.name,
        "channel": campaign.channel,
        "starts_on": campaign.starts_on,
        "ends_on": campaign.ends_on,
        "line": told.line if told else "",
        "revision": told.revision if told else 0,
    }


def _offered(
    people: Iterable[User], called: Callable[[User], str]
) -> tuple[dict[int, User], list[tuple[int, str]]]:
    """Return people by the number that chooses them, and how they are called.

    Who is called otherwise than their account has neither its number nor its place in the order:
    both would tell who it is.
    """
    named = sorted(((called(each), each) for each in people), key=lambda one: one[0].casefold())
    numbered = [(each.pk if name == str(each) else HIDDEN, name, each) for name, each in named]
    choices = [(number, f"{name} ({each.side})") for number, name, each in numbered]
    return {number: each for number, _, each in numbered}, choices
