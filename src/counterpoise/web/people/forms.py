"""What an administrator says about people."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from counterpoise.web.people.models import User
from counterpoise.web.people.remapping import Kind


class PersonForm(forms.ModelForm[User]):
    """Who somebody is, and what they may do."""

    role = forms.ChoiceField(required=False, help_text="Where they stand on the ladder.")

    class Meta:
        """Everything that an administrator sets."""

        model = User
        fields: ClassVar = [
            "name",
            "email",
            "side",
            "role",
            "person_id",
            "may_sign",
            "is_administrator",
        ]
        labels: ClassVar = {
            "email": "Mail address",
            "person_id": "Id in the books",
            "may_sign": "Signs agreements for their side",
            "is_administrator": "Administers the room",
        }
        help_texts: ClassVar = {
            "person_id": "Decides whose deals open to them. Empty for somebody who is not there.",
            "is_administrator": "Lets people in, imports, sets the room up.",
        }

    def __init__(self, *arguments: Any, roles: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        held = self.instance.role if self.instance.pk else ""
        known = [*roles, *([held] if held and held not in roles else [])]
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [("", "None"), *((name, name.replace("_", " ")) for name in known)]

    def clean_email(self) -> str:
        """Keep addresses in one case, so that nobody has two accounts."""
        address = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=address).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody here has this address already.")
        return address


class RemapForm(forms.Form):
    """An id that changed."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    old = forms.CharField(label="Old id", max_length=200)
    new = forms.CharField(label="New id", max_length=200)


class SuccessorForm(forms.Form):
    """Who takes over from somebody who leaves."""

    successor = forms.ModelChoiceField(
        User.objects.none(), label="Pass on to", empty_label="Choose somebody"
    )

    def __init__(self, leaver: User, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        successor = self.fields["successor"]
        assert isinstance(successor, forms.ModelChoiceField)
        successor.queryset = User.objects.filter(is_active=True).exclude(pk=leaver.pk)
