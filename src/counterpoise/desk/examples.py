"""Examples: an agreement's meaning in plain language, each asked of the desk as it stands.

They stand beside the agreement in `NAME.examples.yaml`: a list of entries with what the example
`says`, the `request`, and the `answer` that is expected (verdict, and where it matters the roles
that must approve and a clause that is cited).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.reading import read_agreement
from counterpoise.books.spelling import unknown
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.deciding import decide
from counterpoise.desk.decision import Decision
from counterpoise.desk.outcome import Verdict
from counterpoise.desk.reading import read_request
from counterpoise.desk.request import RequestError
from counterpoise.errors import CounterpoiseError

SUFFIX = ".examples.yaml"
"""How the name of a file with examples ends."""

LARGEST = 5_000_000
"""The largest file with examples that is read, in bytes."""

_ENTRY = ("says", "request", "answer")
_ANSWER = ("verdict", "approvals", "clause")


class ExamplesError(CounterpoiseError, ValueError):
    """A file with examples cannot be read."""

    def __init__(self, path: Path, says: str) -> None:
        super().__init__(f"{path}: {says}")


@dataclass(frozen=True)
class ExampleResult:
    """An example with what is wrong about the desk's answer, None where nothing is."""

    place: int
    says: str
    trouble: str | None

    @property
    def holds(self) -> bool:
        """Tell whether the desk answers as the example says."""
        return self.trouble is None


def examples_beside(agreement_file: Path) -> Path | None:
    """Return the file with an agreement's examples, None where there is none."""
    path = agreement_file.with_name(f"{agreement_file.stem}{SUFFIX}")
    return path if path.is_file() else None


def run_examples(path: Path, books: BookFacts = NO_BOOKS) -> list[ExampleResult]:
    """Ask the desk every example of a file, under the agreement beside it.

    Raises:
        ExamplesError: If the file cannot be read, or an entry is not written as an example.
        AgreementError: If the agreement beside it cannot be used.
    """
    entries = _entries(path)
    agreement = read_agreement(path.with_name(f"{path.name.removesuffix(SUFFIX)}.yaml"))
    return [_result(path, place, each, agreement, books) for place, each in enumerate(entries, 1)]


def _entries(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise ExamplesError(path, f"it is larger than {LARGEST:,} bytes")
        entries = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExamplesError(path, f"it cannot be read ({error.strerror})") from error
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ExamplesError(path, f"it is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(entries, list):
        raise ExamplesError(path, "it is not a list of examples; begin each with '- says: …'")
    return entries


def _result(
    path: Path, place: int, entry: object, agreement: Agreement, books: BookFacts
) -> ExampleResult:
    content = _mapping(path, f"example {place}", entry, _ENTRY)
    answer = _mapping(path, f"example {place}: answer", content.get("answer"), _ANSWER)
    verdicts = [verdict.value for verdict in Verdict]
    if answer.get("verdict") not in verdicts:
        says = unknown("verdict", str(answer.get("verdict")), verdicts)
        raise ExamplesError(path, f"example {place}: {says}")
    says = str(content.get("says", ""))
    try:
        decision = decide(read_request(content.get("request") or {}), agreement, books)
    except RequestError as error:
        return ExampleResult(place, says, str(error))
    return ExampleResult(place, says, _trouble(answer, decision))


def _mapping(path: Path, where: str, value: object, known: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ExamplesError(path, f"{where} holds no {', '.join(known)}")
    for name in value:
        if name not in known:
            raise ExamplesError(path, f"{where}: {unknown('field', str(name), known)}")
    return value


def _trouble(answer: Mapping[str, object], decision: Decision) -> str | None:
    """Say where a decision is not the one expected."""
    if decision.verdict != answer["verdict"]:
        said = "; ".join(reason.says for reason in decision.reasons)
        return f"the verdict is {decision.verdict}, not {answer['verdict']}: {said}"
    roles = [approval.role for approval in decision.approvals]
    if "approvals" in answer and roles != answer["approvals"]:
        return f"{roles} must approve, not {answer['approvals']}"
    clauses = [reason.clause for reason in decision.reasons]
    if "clause" in answer and answer["clause"] not in clauses:
        return f"it cites {', '.join(filter(None, clauses))}, not {answer['clause']}"
    return None
