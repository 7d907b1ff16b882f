"""The versions of an agreement in a workspace, and which of them is in force on a day.

A ratified version is a file `agreements/FROM-FINGERPRINT.yaml` that nobody edits: its name must
agree with what stands in it, and both sides have signed it. Until there is one, the draft in
`agreement.yaml` is what reviews measure by "as if".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise, zip_longest
from pathlib import Path

from counterpoise.agreement.document import Agreement, Side
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.reading import read_agreement
from counterpoise.agreement.writing import write_agreement
from counterpoise.books.durable import replace_text
from counterpoise.errors import CounterpoiseError

DRAFT = "agreement.yaml"
RATIFIED = "agreements"
_RATIFIED_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{64}\.yaml")
_ONE_DAY = dt.timedelta(days=1)


class Status(StrEnum):
    """Whether a version binds anybody."""

    RATIFIED = "ratified"
    MEASURED_AGAINST = "measured_against"
    AS_IF = "as_if"


@dataclass(frozen=True)
class Version:
    """An agreement with the days on which it is in force, both ends inclusive."""

    agreement: Agreement
    fingerprint: str
    from_: dt.date
    until: dt.date | None
    status: Status

    def covers(self, day: dt.date) -> bool:
        """Tell whether the version is in force on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)


class VersionsError(CounterpoiseError):
    """The versions in a workspace contradict each other, or one of them itself."""


class _MisnamedError(VersionsError):
    """A ratified file has a name that does not fit what stands in it."""

    def __init__(self, path: Path, expected: str) -> None:
        if _RATIFIED_NAME.fullmatch(path.name):
            says = (
                "what stands in this file is not what was ratified under its name (by its content "
                f"it would be {expected}); put back the file as it was signed, and ratify a "
                "change as a new version"
            )
        else:
            says = (
                "a ratified agreement is named FROM-FINGERPRINT.yaml, by the day from which it is "
                "in force and the fingerprint of what stands in it. If both sides signed this, "
                f"name it {expected}; if not, keep it as {DRAFT}, or outside of {RATIFIED}/"
            )
        super().__init__(f"{path}: {says}")


@dataclass(frozen=True)
class Agreements:
    """The versions of an agreement, earliest first, never two in force on one day."""

    versions: tuple[Version, ...] = ()

    @classmethod
    def single(cls, agreement: Agreement, status: Status = Status.AS_IF) -> Agreements:
        """Return the versions of a workspace that has this one alone."""
        return cls.of([agreement], status)

    @classmethod
    def of(cls, agreements: Iterable[Agreement], status: Status = Status.RATIFIED) -> Agreements:
        """Lay agreements end to end: a later one ends the former the day before it starts.

        Those marked `measured_against` have that status whatever is asked for.

        Raises:
            VersionsError: If two start on one day, or one that binds nobody would end one that
                binds.
        """
        return _laid_end_to_end(_version(each, status) for each in agreements)

    def on(self, day: dt.date) -> Version | None:
        """Return the version in force on a day, or None."""
        return next((version for version in self.versions if version.covers(day)), None)

    @property
    def latest(self) -> Version | None:
        """Return the version that starts last."""
        return self.versions[-1] if self.versions else None

    @property
    def is_ratified(self) -> bool:
        """Tell whether both sides have signed any of them."""
        return any(version.status is Status.RATIFIED for version in self.versions)


def _version(agreement: Agreement, status: Status) -> Version:
    in_force = agreement.in_force
    measures = in_force.measured_against and status is Status.RATIFIED
    return Version(
        agreement,
        fingerprint(agreement),
        in_force.from_,
        None if in_force.if_lapsed == "continue" else in_force.until,
        Status.MEASURED_AGAINST if measures else status,
    )


def _laid_end_to_end(versions: Iterable[Version]) -> Agreements:
    ordered = sorted(versions, key=lambda version: version.from_)
    for former, later in pairwise(ordered):
        _refuse_clash(former, later)
    ended = [
        replace(version, until=_end(version, later))
        for version, later in zip_longest(ordered, ordered[1:])
    ]
    return Agreements(tuple(ended))


def _refuse_clash(former: Version, later: Version) -> None:
    if former.from_ == later.from_:
        raise VersionsError(
            f"two agreements start on {later.from_}: {_named(former)} and {_named(later)}; "
            "two are never in force on one day, let one of them start later"
        )
    if later.status is Status.MEASURED_AGAINST and former.status is Status.RATIFIED:
        raise VersionsError(
            f"{_named(later)} is measured_against, which binds nobody, and starts on "
            f"{later.from_}, after {_named(former)}, which binds; let it start before "
            f"{former.from_}, or have both sides sign it"
        )


def _named(version: Version) -> str:
    return f"{version.agreement.title!r} ({version.fingerprint[:12]})"


def _end(version: Version, later: Version | None) -> dt.date | None:
    ends = [version.until, later.from_ - _ONE_DAY if later else None]
    return min((end for end in ends if end is not None), default=None)


def load_agreements(root: Path) -> Agreements:
    """Return the versions in a workspace's folder; the draft alone while none is ratified.

    Raises:
        AgreementError: If a file cannot be used.
        VersionsError: If a ratified file was changed or lacks a signature, or two files clash.
    """
    folder = root / RATIFIED
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    signed = Agreements.of(_read_ratified(path) for path in paths if not path.name.startswith("."))
    draft = root / DRAFT
    if signed.is_ratified or not draft.is_file():
        return signed
    return _before_draft(signed, read_agreement(draft))


def _before_draft(measured: Agreements, draft: Agreement) -> Agreements:
    """Let the draft end what the past is measured against, as a ratified version would."""
    version = _version(draft, Status.AS_IF)
    earlier = [each for each in measured.versions if each.from_ < version.from_]
    return _laid_end_to_end([*earlier, version])


def _read_ratified(path: Path) -> Agreement:
    agreement = read_agreement(path)
    expected = file_name(agreement)
    if path.name != expected:
        raise _MisnamedError(path, expected)
    missing = missing_signatures(agreement)
    if missing and not agreement.in_force.measured_against:
        raise VersionsError(
            f"{path}: {' and '.join(missing)} did not sign; an agreement is in force when both "
            "sides have signed it. Take the file out of the folder until then"
        )
    return agreement


def missing_signatures(agreement: Agreement) -> tuple[Side, ...]:
    """Return the sides that have not signed."""
    signed = {signature.side for signature in agreement.signed}
    return tuple(side for side in (Side.SALES, Side.MARKETING) if side not in signed)


def file_name(agreement: Agreement) -> str:
    """Return the name of the file that holds a ratified agreement."""
    return f"{agreement.in_force.from_}-{fingerprint(agreement)}.yaml"


def save_ratified(directory: Path, agreement: Agreement) -> Path:
    """Write a ratified agreement into a folder, whole or not at all, and return its file.

    Raises:
        VersionsError: If a side has not signed, or another agreement starts on that day.
    """
    missing = missing_signatures(agreement)
    if missing and not agreement.in_force.measured_against:
        raise VersionsError(
            f"{agreement.title!r}: {' and '.join(missing)} did not sign; both sides must"
        )
    directory.mkdir(parents=True, exist_ok=True)
    others = [_read_ratified(path) for path in sorted(directory.glob("*.yaml"))]
    target = directory / file_name(agreement)
    Agreements.of([*(each for each in others if file_name(each) != target.name), agreement])
    replace_text(target, write_agreement(agreement))
    return target


def check_company(agreement: Agreement, currency: str, time_zone: str) -> None:
    """Refuse an agreement that contradicts its workspace.

    Raises:
        VersionsError: If the currency or the time zone differs.
    """
    stated = {"currency": agreement.company.currency, "time_zone": agreement.company.time_zone}
    for name, ruling in {"currency": currency, "time_zone": time_zone}.items():
        if stated[name] != ruling:
            raise VersionsError(
                f"the agreement {agreement.title!r} says company.{name}: {stated[name]}, the "
                f"workspace says {ruling}; the books are kept in the workspace's, so write "
                f"{name}: {ruling} in the agreement"
            )
