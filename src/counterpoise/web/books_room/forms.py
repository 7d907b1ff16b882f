"""What people write on the pages of the books."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from counterpoise.books.sources.address import Address, is_address
from counterpoise.books.sources.refusal import SourceError
from counterpoise.web.books_room import sources
from counterpoise.web.books_room.models import Source
from counterpoise.web.books_room.uploads import KINDS

BEST_FIT = ("", "The one that fits best")
WEEKDAYS = (
    ("", "Every day"),
    *enumerate("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
)


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files that were brought; none is none."""
        brought = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in brought if each]


class ImportForm(forms.Form):
    """What to import, and how to read it."""

    files = FilesField(  # type: ignore[assignment]
        required=False,
        label="Files",
        help_text="An export: one file a table, as CSV, Excel or Parquet.",
        widget=_Files(attrs={"accept": ",".join(KINDS)}),
    )
    source = forms.ChoiceField(required=False, label="Or an allowed source")
    adapter = forms.ChoiceField(required=False, label="Read as")
    accept = forms.BooleanField(
        required=False,
        label="Take the spellings that are suggested",
        help_text="They are remembered; later imports take them too.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        allowed = [(each.key, f"{each.name} ({each.shown})") for each in sources.choices()]
        self.fields["source"].choices = [("", "No, the files above"), *allowed]  # type: ignore[attr-defined]
        self.fields["adapter"].choices = [BEST_FIT, *_adapters()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hold files and source against each other."""
        found = super().clean() or {}
        if bool(found.get("files")) == bool(found.get("source")):
            raise forms.ValidationError("Bring files, or choose a source: one of the two.")
        return found


class SourceForm(forms.ModelForm[Source]):
    """A folder or database to allow."""

    class Meta:
        """What an administrator writes."""

        model = Source
        fields = ("name", "address", "adapter")
        help_texts = {  # noqa: RUF012 - Django's form
            "address": "A folder or file on this machine, sqlite:////path/to/file.db, or "
            "postgresql://user:${VARIABLE}@host/database. The password stands in the environment.",
        }
        widgets = {"adapter": forms.Select}  # noqa: RUF012

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["adapter"].widget.choices = [BEST_FIT, *_adapters()]

    def clean_address(self) -> str:
        """Refuse an address that cannot be read, or that holds a password."""
        address: str = self.cleaned_data["address"].strip()
        if "\x00" in address:
            raise forms.ValidationError("That is no address.")
        if is_address(address):
            try:
                Address.parse(address)
            except SourceError as error:
                raise forms.ValidationError(str(error)) from error
        return address

    def clean_adapter(self) -> str:
        """Refuse an adapter that is not there."""
        adapter: str = self.cleaned_data["adapter"]
        if adapter and adapter not in sources.adapters():
            raise forms.ValidationError("There is no such adapter.")
        return adapter


class ScheduleForm(forms.Form):
    """When a source is imported by itself."""

    weekday = forms.TypedChoiceField(
        choices=WEEKDAYS, coerce=int, empty_value=None, required=False, label="Day"
    )
    at = forms.TimeField(
        label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class PruneForm(forms.Form):
    """How many snapshots to keep."""

    keep = forms.IntegerField(min_value=1, max_value=1000, initial=5, label="Keep")


def _adapters() -> list[tuple[str, str]]:
    return [(name, _said(name)) for name in sources.adapters()]


def _said(name: str) -> str:
    if name.startswith(sources.OWN):
        return f"{name.removeprefix(sources.OWN)} (your own)"
    return name
