"""Agreements for programs: which is in force, what it says, what is wrong with a draft."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import PathEx, QueryEx, Router
from ninja.params import P

from counterpoise.agreement import AgreementError, Version
from counterpoise.agreement.explaining import explain
from counterpoise.agreement.fingerprint import fingerprint
from counterpoise.agreement.linting import lint
from counterpoise.agreement.reading import parse_with_lines
from counterpoise.web import asking, house
from counterpoise.web.api.authentication import TokenAuth
from counterpoise.web.api.examples import AGREEMENT_DOCUMENT, VERSION
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import example_of
from counterpoise.web.api.shapes import (
    AgreementShape,
    CheckedShape,
    DocumentShape,
    ExplainedShape,
    FindingShape,
    VersionShape,
)

router = Router(tags=["Agreements"])
_READ = TokenAuth(TokenScope.READ)
_FEWEST_LETTERS = 8
Fingerprint = PathEx[
    str,
    P(
        min_length=_FEWEST_LETTERS,
        max_length=64,
        pattern="^[0-9a-f]+$",
        description="The fingerprint, or its first letters, eight at least.",
        example="5d3a0c71",
    ),
]


@router.get(
    "agreements",
    auth=_READ,
    response=list[VersionShape],
    operation_id="list_agreements",
    summary="All versions",
    openapi_extra=example_of([VERSION]),
)
def list_agreements(request: HttpRequest) -> list[VersionShape]:
    """List every version, the earliest first."""
    return [_version(each) for each in house.agreements().versions]


@router.get(
    "agreements/in-force",
    auth=_READ,
    response=AgreementShape,
    operation_id="read_agreement_in_force",
    summary="The version in force",
    openapi_extra=example_of({**VERSION, "document": {"agreement": "counterpoise/v1"}}),
)
def in_force(
    request: HttpRequest,
    on: QueryEx[dt.date | None, P(description="The day; today when left out.")] = None,
) -> AgreementShape:
    """Return the version in force on a day."""
    day = on or asking.now().date()
    version = house.agreements().on(day)
    if version is None:
        raise refused("no-agreement", f"No agreement is in force on {day}.", status=404)
    return _whole(version)


@router.post(
    "agreements/check",
    auth=TokenAuth(TokenScope.READ, TokenScope.ADMIN),
    response=CheckedShape,
    operation_id="check_agreement",
    summary="Check a document",
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"document": AGREEMENT_DOCUMENT}}}
        },
        **example_of({"usable": True, "fingerprint": "5d3a…", "problems": [], "warnings": []}),
    },
)
def check_agreement(request: HttpRequest, sent: DocumentShape) -> CheckedShape:
    """Say what is wrong with an agreement, or forgotten in it. Nothing is kept."""
    try:
        reading = parse_with_lines(sent.document)
    except AgreementError as error:
        found = [
            FindingShape(line=each.line, clause=each.clause, says=each.says)
            for each in error.problems
        ]
        return CheckedShape(usable=False, fingerprint=None, problems=found, warnings=[])
    warnings = [
        FindingShape(line=each.line, clause=each.clause, says=f"{each.says}; {each.do}")
        for each in lint(reading.agreement, line_of=reading.line_of)
    ]
    mark = fingerprint(reading.agreement)
    return CheckedShape(usable=True, fingerprint=mark, problems=[], warnings=warnings)


@router.get(
    "agreements/{mark}",
    auth=_READ,
    response=AgreementShape,
    operation_id="read_agreement",
    summary="One version",
    openapi_extra=example_of({**VERSION, "document": {"agreement": "counterpoise/v1"}}),
)
def read_agreement(request: HttpRequest, mark: Fingerprint) -> AgreementShape:
    """Return the version with this fingerprint, and what it says."""
    return _whole(_found(mark))


@router.get(
    "agreements/{mark}/explained",
    auth=_READ,
    response=ExplainedShape,
    operation_id="explain_agreement",
    summary="One version in plain sentences",
    openapi_extra=example_of({"fingerprint": "5d3a…", "text": "# Second half 2026\n"}),
)
def explain_agreement(request: HttpRequest, mark: Fingerprint) -> ExplainedShape:
    """Say a version in plain sentences, each with its clause, as Markdown."""
    version = _found(mark)
    return ExplainedShape(fingerprint=version.fingerprint, text=explain(version.agreement))


def _found(mark: str) -> Version:
    versions = house.agreements().versions
    found = [each for each in versions if each.fingerprint.startswith(mark)]
    if len(found) != 1:
        says = f"{len(found) or 'No'} versions have a fingerprint that starts so."
        raise refused("not-there", says, status=404)
    return found[0]


def _whole(version: Version) -> AgreementShape:
    document = version.agreement.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return AgreementShape(**vars(_version(version)), document=document)


def _version(version: Version) -> VersionShape:
    return VersionShape(
        title=version.agreement.title,
        fingerprint=version.fingerprint,
        status=version.status,
        in_force_from=version.from_,
        in_force_until=version.until,
        in_force_today=version.covers(asking.now().date()),
    )
