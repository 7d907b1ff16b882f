"""What a person says about themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from counterpoise.web import zones
from counterpoise.web.people import naming
from counterpoise.web.people.models import User


class SignInForm(LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, label in (
            ("login", "Mail address"),
            ("password", "Password"),
            ("remember", "Stay signed in for two weeks"),
        ):
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class ProfileForm(forms.ModelForm[User]):
    """How others see a person, and how numbers, days and hours are written for them."""

    class Meta:
        """Side, role and rights are the administrator's."""

        model = User
        fields: ClassVar = ["name", "pseudonym", "figures", "days", "time_zone"]
        labels: ClassVar = {
            "pseudonym": "Shown as",
            "figures": "Numbers",
            "days": "Days",
            "time_zone": "Time zone",
        }
        help_texts: ClassVar = {
            "pseudonym": "What others see instead of your name. Administrators see both.",
            "time_zone": "Hours are shown by this clock, and your digest comes by it. Working time "
            "and due dates go by the company's.",
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        rooms = f"The room's ({timezone.get_default_timezone_name()})"
        choices = [("", rooms), *((name, name.replace("_", " ")) for name in zones.names())]
        self.fields["time_zone"].widget = forms.Select(choices=choices)

    def clean_name(self) -> str:
        """Refuse to become somebody else."""
        said = str(self.cleaned_data["name"])
        if said != self.initial.get("name"):
            _refuse(said, is_taken=naming.is_anothers(self.instance, said))
        return said

    def clean_pseudonym(self) -> str:
        """Refuse to pass for somebody else, by their first name too."""
        said = str(self.cleaned_data["pseudonym"])
        if said and said != self.initial.get("pseudonym"):
            user = self.instance
            is_taken = naming.is_anothers(user, said) or naming.is_anothers_first(user, said)
            _refuse(said, is_taken=is_taken)
        return said

    def clean_time_zone(self) -> str:
        """Refuse a zone that is not on offer."""
        chosen = str(self.cleaned_data["time_zone"])
        if chosen and chosen not in zones.names():
            raise forms.ValidationError("Choose one of the zones on offer.")
        return chosen


def _refuse(name: str, *, is_taken: bool) -> None:
    if naming.holds_hidden_marks(name):
        raise forms.ValidationError("This holds marks that nobody sees; type the name anew.")
    if is_taken:
        raise forms.ValidationError("Somebody else in this room is called so; choose another.")


class PasswordForm(forms.Form):
    """Choose a password."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Twelve characters or more. A few words that only you put together do well.",
    )

    def __init__(self, user: User, *arguments: Any, **options: Any) -> None:
        self._user = user
        super().__init__(*arguments, **options)

    def clean_password(self) -> str:
        """Refuse a password that is short, common or like the person's own name."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self._user)
        return password
