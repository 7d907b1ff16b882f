"""The form of a new token."""

from __future__ import annotations

from django import forms

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted
from counterpoise.web.people.models import User

_SPANS = ((30, "30 days"), (90, "90 days"), (365, "a year"))


class TokenForm(forms.Form):
    """What a token is called, what it may do, and how long."""

    name = forms.CharField(
        max_length=100, label="What it is for", help_text="Such as “Order system”."
    )
    scopes = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(choices=_SPANS, coerce=int, initial=90, label="It opens for")
    is_program = forms.BooleanField(
        required=False,
        label="A program uses it without me",
        help_text="It sees what I may see and approves nothing.",
    )

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offered = [s for s in TokenScope if user.is_administrator or not s.is_for_administrators]
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope.value, scope.says) for scope in offered]
        if not user.is_administrator:
            del self.fields["is_program"]

    def wanted(self) -> Wanted:
        """Return the token that a valid form asks for."""
        cleaned = self.cleaned_data
        return Wanted(
            name=cleaned["name"],
            scopes=frozenset(TokenScope(word) for word in cleaned["scopes"]),
            days=cleaned["days"],
            is_program=cleaned.get("is_program", False),
        )
