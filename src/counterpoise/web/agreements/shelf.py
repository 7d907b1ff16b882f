"""Every version of the agreement in the room: what binds, what bound, what is only drafted.

The files in the workspace's folder are what other programs read. They are written from the
database, and written again from there if a crash, or a hand, took one away.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from counterpoise.agreement import (
    Agreement,
    AgreementError,
    Agreements,
    Status,
    Version,
    VersionsError,
    parse_agreement,
    save_ratified,
)
from counterpoise.agreement.fingerprint import SHORT
from counterpoise.agreement.versions import file_name
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.agreements.models import Ratification, Revision, Wording

_FINGERPRINT = re.compile(r"[0-9a-f]{12,64}")
_REVISION = re.compile(r"draft-(\d{1,9})(?:\.(\d{1,9}))?")
_writing = threading.Lock()


@dataclass(frozen=True)
class Shelved:
    """A version, drafted, proposed or ratified: how it is called, and its text where it has one."""

    ref: str
    label: str
    agreement: Agreement
    fingerprint: str
    version: Version | None = None

    @property
    def short(self) -> str:
        """Return as much of the fingerprint as people compare."""
        return self.fingerprint[:SHORT]


class NotOnShelfError(CounterpoiseError):
    """No version answers to a reference."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"there is no version {ref!r}; take one from the history")


def versions() -> Agreements:
    """Return every version in force on some day, after putting back files that are missing.

    Raises:
        AgreementError: If a file cannot be read as an agreement.
        VersionsError: If files contradict each other.
    """
    restore_files()
    return house.agreements()


def restore_files() -> int:
    """Write the files of ratified agreements that are not in their folder; return how many."""
    folder = house.workspace().agreements_dir
    found = Ratification.objects.values_list("starts_on", "fingerprint")
    missing = [
        fingerprint
        for starts_on, fingerprint in found
        if not (folder / f"{starts_on}-{fingerprint}.yaml").exists()
    ]
    for fingerprint in missing:
        write_file(Ratification.objects.get(fingerprint=fingerprint))
    return len(missing)


def write_file(ratification: Ratification) -> None:
    """Write the file of a ratified agreement; doing so twice is doing it once.

    Raises:
        VersionsError: If a file that was put there by hand contradicts it.
    """
    with _writing:
        save_ratified(house.workspace().agreements_dir, _parsed(ratification.text))


def check_place(agreement: Agreement) -> None:
    """Refuse an agreement that cannot stand beside those that are ratified.

    Raises:
        VersionsError: If another starts on its day, or it binds nobody after one that binds.
    """
    ratified = [each for each in versions().versions if each.status is not Status.AS_IF]
    if any(file_name(each.agreement) == file_name(agreement) for each in ratified):
        raise VersionsError(f"{agreement.title!r} is ratified already, word for word")
    Agreements.of([*(each.agreement for each in ratified), agreement])


def find(ref: str, *, with_drafts: bool = False) -> Shelved:
    """Return a version by fingerprint, or `draft-7` and `draft-7.3` for a draft's revision.

    Raises:
        NotOnShelfError: If there is none.
        AgreementError: If its text cannot be used.
    """
    found = _REVISION.fullmatch(ref) if with_drafts else None
    if found:
        return _revision(ref, int(found[1]), int(found[2]) if found[2] else None)
    if not _FINGERPRINT.fullmatch(ref):
        raise NotOnShelfError(ref)
    return _in_force(ref) or _ratified(ref) or _proposed(ref)


def _in_force(ref: str) -> Shelved | None:
    try:
        known = versions().versions
    except (AgreementError, VersionsError):
        return None
    found = next((each for each in known if each.fingerprint.startswith(ref)), None)
    return None if found is None else of_version(found)


def of_version(version: Version) -> Shelved:
    """Return a version that is in force on some day."""
    name = version.fingerprint
    return Shelved(name, version.agreement.title, version.agreement, name, version)


def _ratified(ref: str) -> Shelved | None:
    """Return a ratified version whose file cannot be read at present."""
    found = Ratification.objects.filter(fingerprint__startswith=ref).first()
    return _shelved(found.fingerprint, found.text) if found else None


def _proposed(ref: str) -> Shelved:
    found = Wording.objects.filter(fingerprint__startswith=ref).order_by("id").first()
    if found is None:
        raise NotOnShelfError(ref)
    return _shelved(found.fingerprint, found.text)


def _revision(ref: str, draft: int, number: int | None) -> Shelved:
    revisions = Revision.objects.filter(draft_id=draft).order_by("-number")
    found = (revisions.filter(number=number) if number else revisions).first()
    if found is None:
        raise NotOnShelfError(ref)
    shelved = _shelved(ref, found.text)
    label = f"{shelved.label} (draft {draft}, revision {found.number})"
    return Shelved(ref, label, shelved.agreement, shelved.fingerprint)


def _shelved(ref: str, text: str) -> Shelved:
    from counterpoise.agreement import fingerprint

    agreement = _parsed(text)
    return Shelved(ref, agreement.title, agreement, fingerprint(agreement))


@lru_cache(maxsize=64)
def _parsed(text: str) -> Agreement:
    return parse_agreement(text)
