"""How a person wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from counterpoise.web.notices.addresses import ChatAddressError, check_address, masked
from counterpoise.web.notices.models import Preference


class PreferenceForm(forms.Form):
    """By mail, by chat, and when the digest comes."""

    by_mail = forms.BooleanField(label="Tell me by mail", required=False)
    chat_address = forms.CharField(
        label="Chat address",
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    no_chat = forms.BooleanField(label="Take the chat address out", required=False)
    digest_at = forms.TimeField(
        label="Digest at",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Once a day by your own clock, what waits and what happened. Empty for none.",
    )

    def __init__(self, kept: Preference, given: Mapping[str, Any] | None = None) -> None:
        initial = {"by_mail": kept.by_mail, "digest_at": kept.digest_at}
        super().__init__(given, initial=initial)
        self._kept = kept
        there = f"{masked(kept.chat_address)} is set; empty keeps it. " if kept.chat_address else ""
        self.fields[
            "chat_address"
        ].help_text = f"{there}As Apprise writes it, such as slack://TokenA/TokenB/TokenC."

    def clean_chat_address(self) -> str:
        """Refuse what is no chat on the public internet."""
        address = str(self.cleaned_data["chat_address"])
        if address:
            try:
                check_address(address)
            except ChatAddressError as error:
                raise forms.ValidationError(str(error)) from error
        return address

    def wanted(self) -> Preference:
        """Return the preference as it is to be kept."""
        given = self.cleaned_data
        kept = self._kept
        kept.by_mail = given["by_mail"]
        kept.digest_at = given["digest_at"]
        if given["no_chat"]:
            kept.chat_address = ""
        elif given["chat_address"]:
            kept.chat_address = given["chat_address"]
        return kept
