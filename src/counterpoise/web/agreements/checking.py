"""What is wrong with a draft's text, and what it forgets, as one types."""

from __future__ import annotations

from dataclasses import dataclass

from counterpoise.agreement import (
    Agreement,
    AgreementError,
    Problem,
    VersionsError,
    check_company,
    fingerprint,
)
from counterpoise.agreement.coherence import check_fields
from counterpoise.agreement.linting import lint
from counterpoise.agreement.reading import Reading, parse_with_lines
from counterpoise.web import house
from counterpoise.web.agreements import reading
from counterpoise.web.agreements.standing import roles_in_books
from counterpoise.web.live import live

LONGEST_TEXT = 150_000
"""Characters of the longest text that is taken; agreements have some ten thousand."""

_NAME = "the draft"


@dataclass(frozen=True)
class Finding:
    """Something wrong, or odd: where it stands, what it is, what to do."""

    line: int | None
    clause: str
    says: str
    is_problem: bool


@dataclass(frozen=True)
class Check:
    """What was found, and the agreement where nothing stands in its way."""

    findings: tuple[Finding, ...]
    agreement: Agreement | None

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Return what stands in the way of proposing it."""
        return tuple(each for each in self.findings if each.is_problem)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return what is odd."""
        return tuple(each for each in self.findings if not each.is_problem)

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint, empty where there is no agreement."""
        return fingerprint(self.agreement) if self.agreement else ""


def check(text: str) -> Check:
    """Read a text, hold it against workspace and books, and lint it."""
    if len(text) > LONGEST_TEXT:
        says = (
            f"the text has {len(text):,} characters; an agreement has at most {LONGEST_TEXT:,} in "
            "the room. Is it the right text?"
        )
        return Check((Finding(None, "", says, is_problem=True),), None)
    try:
        found = parse_with_lines(text, _NAME)
        _hold_against_workspace(found)
    except AgreementError as error:
        return Check(tuple(map(_problem, error.problems)), None)
    warnings = lint(found.agreement, roles_in_books(), on=reading.today(), line_of=found.line_of)
    findings = tuple(
        Finding(each.line, each.clause, f"{each.says}; {each.do}", is_problem=False)
        for each in warnings
    )
    return Check(findings, found.agreement)


def _hold_against_workspace(found: Reading) -> None:
    workspace, lookup = house.workspace(), live()
    try:
        check_company(found.agreement, workspace.currency, workspace.time_zone)
    except VersionsError as error:
        line = found.line_of("company")
        raise AgreementError((Problem(_NAME, line, "company", str(error)),)) from error
    flaws = check_fields(found.agreement, lookup.attributes) if lookup.snapshot else ()
    if flaws:
        raise AgreementError(
            tuple(Problem(_NAME, found.line_of(f.clause), f.clause, f.says) for f in flaws)
        )


def _problem(problem: Problem) -> Finding:
    return Finding(problem.line, problem.clause, problem.says, is_problem=True)
