"""A file of leads: read whole, checked row by row, and passed as a whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from counterpoise.agreement.versions import Version
from counterpoise.agreement.wording import say_condition
from counterpoise.books.spelling import unknown
from counterpoise.errors import CounterpoiseError
from counterpoise.web.desk.accounts import account_meant
from counterpoise.web.handoffs.leads import Lead, is_qualified
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.passing import MOST_AT_ONCE
from counterpoise.web.handoffs.states import OPEN
from counterpoise.web.live import live

COLUMNS = ("account", "about", "campaign", "source", "score", "lead_id")
LARGEST = 1_000_000
"""The most bytes of a file."""

_LONGEST = 200
_MOST_SAID = 50
_MOST_SCORE = Decimal(10) ** 12


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row; `row` counts as a spreadsheet does, the heading being 1."""

    row: int
    column: str
    says: str

    def __str__(self) -> str:
        """Say it with its place."""
        where = f", {self.column}" if self.column else ""
        return f"Row {self.row}{where}: {self.says}"


class FileError(CounterpoiseError, ValueError):
    """A file of leads cannot be passed as it stands; nothing of it was."""

    def __init__(self, faults: Sequence[Fault | str]) -> None:
        self.faults = tuple(map(str, faults[:_MOST_SAID]))
        more = len(faults) - len(self.faults)
        if more:
            self.faults += (f"… and {more} more.",)
        super().__init__(" ".join(self.faults))


def read_leads(content: bytes, token: str, version: Version | None) -> list[Lead]:
    """Return the leads of a file.

    Raises:
        FileError: If anything in it is wrong: every fault at once, nothing is passed.
    """
    rows = list(_rows(content))
    faults: list[Fault] = []
    leads = [_lead(place, row, token, version, faults) for place, row in enumerate(rows, start=2)]
    _refuse_twice(leads, faults)
    if faults:
        faults.sort(key=lambda fault: fault.row)
        raise FileError(faults)
    return leads


def lead_of(
    given: Mapping[str, str], score: Decimal | None, token: str, *, is_brief: bool = False
) -> tuple[Lead, list[str]]:
    """Return a lead as somebody typed it, and what is wrong with its names.

    Args:
        given: Its columns.
        score: Its score.
        token: What its id is made of where it has none.
        is_brief: Look for no campaign that may have been meant.
    """
    said: list[str] = []
    account = account_meant(given["account"])
    if account.account is None and given["account"].strip():
        near = account.nearest[0].account_id if account.nearest else None
        hint = f"; the nearest is {account.nearest[0].entry!r}" if near else ""
        said.append(f"no account is called {given['account'][:60]!r}{hint}")
    campaign = given["campaign"].strip()
    known = {each["campaign_id"] for each in live().campaigns()}
    if campaign and known and campaign not in known:
        said.append(unknown("campaign", campaign[:60], () if is_brief else sorted(known)))
    lead_id = given["lead"].strip() or f"room-{token}"
    found = Lead(
        lead_id,
        account.account.account_id if account.account else "",
        campaign,
        given["source"].strip(),
        score,
        None,
        None,
        given["about"].strip(),
        live().lead(lead_id),
    )
    if not found.account_id and not found.about and not said:
        said.append("a lead names an account, or says who and what it is about")
    return found, said


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    if len(content) > LARGEST:
        raise FileError([f"The file has {len(content):,} bytes; at most {LARGEST:,}."])
    text = _decoded(content)
    if "\x00" in text:
        raise FileError(["This is no text; save the sheet as CSV."])
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise FileError([f"The file cannot be read as CSV: {error}."]) from error
    if not table or not any(cell.strip() for cell in table[0]):
        raise FileError([f"The file is empty; write a heading with {', '.join(COLUMNS)}."])
    yield from _checked_rows([cell.strip().lower() for cell in table[0]], table[1:])


def _checked_rows(heading: list[str], table: list[list[str]]) -> Iterator[dict[str, str]]:
    faults = [
        Fault(1, name[:60], unknown("column", name[:60], COLUMNS))
        for name in heading
        if name not in COLUMNS
    ]
    faults += [
        Fault(1, name, "the column stands twice")
        for name in dict.fromkeys(heading)
        if name in COLUMNS and heading.count(name) > 1
    ]
    rows = [(place, row) for place, row in enumerate(table, start=2) if any(map(str.strip, row))]
    if len(rows) > MOST_AT_ONCE:
        faults.append(Fault(1, "", f"{len(rows):,} leads are too many; at most {MOST_AT_ONCE}"))
    for place, row in rows:
        if len(row) != len(heading):
            said = f"{len(row)} cells, where the heading has {len(heading)}"
            faults.append(Fault(place, "", said))
    if not rows and not faults:
        faults.append(Fault(1, "", "no lead follows the heading"))
    if faults:
        raise FileError(faults)
    for _, row in rows:
        yield dict(zip(heading, row, strict=True))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lead(
    place: int, row: Mapping[str, str], token: str, version: Version | None, faults: list[Fault]
) -> Lead:
    given = {name: row.get(name, "") for name in COLUMNS} | {"lead": row.get("lead_id", "")}
    for name in COLUMNS:
        if len(given[name]) > _LONGEST:
            faults.append(Fault(place, name, f"more than {_LONGEST} characters"))
            given[name] = ""
    score = _score(place, given["score"], faults)
    is_brief = len(faults) >= _MOST_SAID  # what is wrong further down is counted, not shown
    found, said = lead_of(given, score, f"{token}-{place}", is_brief=is_brief)
    faults += [Fault(place, "", each) for each in said]
    if not said and is_qualified(found, version) is False and version is not None:
        asked = say_condition(version.agreement.handoff.qualified)
        faults.append(Fault(place, "", f"it does not qualify: a lead does where {asked}"))
    return found


def _score(place: int, text: str, faults: list[Fault]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        score = Decimal(text.strip())
    except InvalidOperation:
        score = Decimal("NaN")
    if not score.is_finite() or abs(score) >= _MOST_SCORE:
        faults.append(Fault(place, "score", f"{text[:60]!r} is no number"))
        return None
    return score


def _refuse_twice(leads: Sequence[Lead], faults: list[Fault]) -> None:
    first: dict[str, int] = {}
    for place, lead in enumerate(leads, start=2):
        if lead.lead_id in first:
            said = f"lead {lead.lead_id} stands in row {first[lead.lead_id]} too"
            faults.append(Fault(place, "lead_id", said))
        first.setdefault(lead.lead_id, place)
    with_sales = Handoff.objects.filter(lead_id__in=first).values_list("lead_id", "state")
    for lead_id, state in with_sales:
        where = "is with sales already" if state in OPEN else f"was {state} before"
        faults.append(Fault(first[lead_id], "lead_id", f"lead {lead_id} {where}"))
