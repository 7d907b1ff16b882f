"""Forms of the tools: a tool, a message to marketing, and what is said to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import URLValidator

from counterpoise.web.people.models import User
from counterpoise.web.tools.editing import Brought, Written
from counterpoise.web.tools.files import KINDS, FileRefusedError, brought
from counterpoise.web.tools.library import Card, agreement_today
from counterpoise.web.tools.models import LONGEST_LINE, LONGEST_TEXT
from counterpoise.web.tools.owners import possible_owners

_OF_BOOKS = ("title", "kind", "product_family", "persona", "competitor")
"""What the books say of an imported tool; it is changed where it came from."""


def _line(
    label: str, hint: str = "", *, required: bool = False, listed: str = ""
) -> forms.CharField:
    attributes = {"autocomplete": "off", **({"list": listed} if listed else {})}
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_LINE,
        help_text=hint,
        widget=forms.TextInput(attrs=attributes),
    )


def _text(label: str, hint: str = "", *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, required=required, max_length=LONGEST_TEXT, help_text=hint, widget=widget
    )


class ToolForm(forms.Form):
    """A tool: what the customer says, what to say, what proves it, and what it is for."""

    title = _line("Title", required=True)
    objection = _line(
        "They say", "The objection that it answers, as customers say it.", listed="objections"
    )
    sentence = _text("You say", "One sentence that a seller can say aloud.")
    proof = _text("The proof", "What shows that it is true: a figure, a study, a customer.")
    question = _text("Ask back", "The question that opens the talk about value.")
    kind = _line("Kind", "Battle card, calculator, case.", listed="tool-kinds")
    link = forms.URLField(
        label="Link",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        help_text="Begins with https://.",
    )
    file = forms.FileField(label="File", required=False)
    drops_file = forms.BooleanField(label="Take the file away", required=False)
    value_ids = forms.MultipleChoiceField(
        label="Sells on", required=False, widget=forms.CheckboxSelectMultiple
    )
    product_family = _line("Product family", "Left out: any.", listed="families")
    persona = forms.ChoiceField(label="Persona", required=False)
    competitor = _line("Competitor", "Left out: any.", listed="competitors")
    stage = _line("Stage", "When in a deal it is best used.", listed="stages")
    owner = forms.TypedChoiceField(label="Owner", required=False, coerce=int, empty_value=None)
    expires_on = forms.DateField(
        label="Offered until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="That day included. Its owner is told two weeks before.",
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    token = forms.CharField(min_length=8, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        given: Any = None,
        files: Any = None,
        *,
        card: Card | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            given, files, initial={**_initial(card), **(initial or {})}, auto_id="tool-%s"
        )
        self.card = card
        agreement = agreement_today()
        personas = (
            [(each.id, each.name or each.id) for each in agreement.personas] if agreement else []
        )
        values = [(each.id, each.says) for each in agreement.values] if agreement else []
        people = {user.pk: str(user) for user in possible_owners()}
        if card is not None:
            personas = _with(personas, card.persona)
            for value in card.values:
                values = _with(values, value)
            if card.owner_id:
                people.setdefault(card.owner_id, card.owner)
        self._choose("persona", [("", "Any"), *personas])
        self._choose("value_ids", values)
        self._choose("owner", [("", "Nobody"), *people.items()])
        self.fields["file"].help_text = f"At most 10 MB: {', '.join(KINDS)}."
        self._leave_out(has_values=bool(values))

    def _leave_out(self, *, has_values: bool) -> None:
        if self.card is None or self.card.file is None:
            del self.fields["drops_file"]
        if not has_values:
            del self.fields["value_ids"]
        if self.card is not None and self.card.is_imported:
            for name in _OF_BOOKS:
                self.fields[name].disabled = True
                self.fields[name].required = False

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_file(self) -> Brought | None:
        """Read the file that was brought."""
        upload = self.cleaned_data.get("file")
        if upload is None:
            return None
        try:
            return brought(upload)
        except FileRefusedError as error:
            raise forms.ValidationError(str(error)) from error

    def written(self) -> Written:
        """Return the tool as it was filled in."""
        given = self.cleaned_data
        apart = {"file", "drops_file", "revision", "token", "owner", "value_ids"}
        fields = {name: value for name, value in given.items() if name not in apart}
        fields |= {"value_ids": given.get("value_ids", []), "owner_id": given["owner"]}
        return Written(fields, given["file"], bool(given.get("drops_file")))


class MessageForm(forms.Form):
    """What a seller sends to marketing."""

    text = _text("What do you need?", required=True)
    objection = _line("The customer says", listed="objections")
    product_family = _line("Product family", listed="families")
    persona = forms.ChoiceField(label="Persona", required=False)
    competitor = _line("Competitor", listed="competitors")
    deal_id = _line("Deal", "Its id in the CRM. Only those see it to whom the deal opens.")
    account_id = _line("Account", "Its id in the CRM.")
    token = forms.CharField(min_length=8, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, given: Any = None, *, label: str = "", initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(given, initial=dict(initial or {}), auto_id="message-%s")
        if label:
            self.fields["text"].label = label
        self.fields["text"].help_text = "Both sides read it."
        agreement = agreement_today()
        personas = (
            [(each.id, each.name or each.id) for each in agreement.personas] if agreement else []
        )
        field = self.fields["persona"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *personas]


class ToolAnswerForm(forms.Form):
    """The tool that answers a request."""

    tool_id = forms.ChoiceField(label="The tool")
    text = _text("What to know about it")

    def __init__(self, cards: Iterable[Card], given: Any = None, initial: Any = None) -> None:
        super().__init__(given, initial=initial, auto_id="answer-%s")
        field = self.fields["tool_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose a tool"), *((card.tool_id, card.title) for card in cards)]


class WordsForm(forms.Form):
    """An answer, or a reason."""

    text = _text("Your answer", required=True)

    def __init__(self, label: str, hint: str = "", given: Any = None, prefix: str = "say") -> None:
        super().__init__(given, auto_id=f"{prefix}-%s")
        self.fields["text"].label = label
        self.fields["text"].help_text = hint


class OwnerForm(forms.Form):
    """Who of marketing answers."""

    owner = forms.TypedChoiceField(label="Owner", coerce=int)

    def __init__(self, owner_id: int | None, given: Any = None) -> None:
        super().__init__(given, initial={"owner": owner_id}, auto_id="owner-%s")
        self._people = {user.pk: user for user in possible_owners()}
        field = self.fields["owner"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(pk, str(user)) for pk, user in self._people.items()]

    def chosen(self) -> User:
        """Return who was chosen."""
        return self._people[self.cleaned_data["owner"]]


def _initial(card: Card | None) -> dict[str, Any]:
    if card is None:
        return {"revision": 0}
    told = {name: getattr(card, name) for name in ToolForm.base_fields if hasattr(card, name)}
    told |= {"value_ids": list(card.values), "owner": card.owner_id, "file": None}
    return told | {"revision": card.revision}


def _with(choices: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """Let what stands there already be chosen, though the agreement has it no more."""
    known = {name for name, _ in choices}
    return choices if not value or value in known else [*choices, (value, value)]
