"""What `benchmarks.watch` found so far: shares with their exact 95 % intervals, as Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.watch_company import Task
from counterpoise.watch.judge import share_interval

PARTS = ("blameless", "planted", "weekly", "scale", "size")
_ASKED = {
    "blameless": "without faults",
    "planted": "with one fault planted",
    "weekly": "reviewed week by week",
    "scale": "with a fault of another size",
    "size": "smaller ones",
}
_TASK = tuple(field.name for field in fields(Task))

Record = dict[str, Any]
Name = tuple[str, str, str]


@dataclass(frozen=True)
class Share:
    """So many of so many, with the exact interval."""

    of: int
    n: int

    @property
    def value(self) -> float:
        """Return the share."""
        return self.of / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Return the exact 95 % interval."""
        return share_interval(self.of, self.n)

    def __str__(self) -> str:
        if not self.n:
            return "–"
        low, high = self.interval
        return f"{self.of} of {self.n} ({self.value:.0%}; {low:.0%} to {high:.0%})"


@dataclass(frozen=True)
class Pool:
    """What companies with one planted fault each came to, taken together.

    Attributes:
        found: Faults found with their kind and their subject.
        worth: The same of those that cost at least what the agreements find worth a word.
        wrong: Cracks that are no planted fault, of all cracks raised.
        troubled: Companies that raise any such crack.
        beside: What those cracks were, most frequent first.
    """

    found: Share
    worth: Share
    wrong: Share
    troubled: Share
    beside: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, records: Iterable[Record]) -> Pool:
        """Count over some companies, by the last review of each."""
        few = [*records]
        found = [(fault, _name(fault) in _named(record)) for record, fault in _planted(few)]
        worth = [is_found for fault, is_found in found if _is_material(fault)]
        strangers = [_strangers(record) for record in few]
        beside = Counter(name for some in strangers for name in some)
        return cls(
            Share(sum(is_found for _, is_found in found), len(found)),
            Share(sum(worth), len(worth)),
            Share(beside.total(), sum(len(_last(record)) for record in few)),
            Share(sum(map(bool, strangers)), len(few)),
            tuple(beside.most_common()),
        )


MATERIAL = 5_000
"""What the made-up companies find worth a word, money a quarter."""


def _is_material(fault: Record) -> bool:
    money = fault["money_a_quarter"]
    return money is None or money >= MATERIAL


def _planted(records: Iterable[Record]) -> Iterator[tuple[Record, Record]]:
    """Yield every planted fault with its company."""
    return ((record, fault) for record in records for fault in record["planted"])


def _last(record: Record) -> list[Record]:
    """Return the cracks of the last review."""
    cracks: list[Record] = record["reviews"][-1]["cracks"]
    return cracks


def _named(record: Record) -> set[Name]:
    return {_name(crack) for crack in _last(record)}


def _strangers(record: Record) -> list[str]:
    """Return the cracks that are no planted fault, each by its kind and variant."""
    truth = {_name(fault) for fault in record["planted"]}
    return [
        f"{crack['kind']}:{crack['variant']}"
        for crack in _last(record)
        if _name(crack) not in truth
    ]


def _name(of: Record) -> Name:
    """Return what a fault and the crack that finds it have in common."""
    return of["kind"], of["type"], of["id"]


@dataclass(frozen=True)
class Results:
    """The lines of a file of results."""

    records: tuple[Record, ...]

    @classmethod
    def read(cls, file: Path) -> Results:
        """Read a file; one that is not there is empty. A line that was cut off is left out."""
        if not file.exists():
            return cls(())
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        return cls(tuple(json.loads(line) for line in lines if line.endswith("\n")))

    @cached_property
    def done(self) -> frozenset[Task]:
        """Return the companies that are there."""
        return frozenset(Task(**{name: each[name] for name in _TASK}) for each in self.records)

    def of(self, *parts: str) -> list[Record]:
        """Return the companies of some parts."""
        return [record for record in self.records if record["part"] in parts]

    def power_by_scale(self) -> dict[tuple[str, str], dict[float, Pool]]:
        """Return what is found of each kind and variant, by the size of the fault."""
        scaled = self.of("scale")
        wanted = {_fault(record) for record in scaled}
        usual = [record for record in self.of("planted") if _fault(record) in wanted]
        return _tabled([*scaled, *usual], _fault, lambda record: record["scale"])

    def power_by_size(self) -> dict[tuple[str, str], dict[int, Pool]]:
        """Return what is found of each kind and variant, by the deals of the firm."""
        sized = [record for record in self.of("size") if record["kind"]]
        wanted = {_fault(record) for record in sized}
        usual = [record for record in self.of("planted") if _fault(record) in wanted]
        return _tabled([*sized, *usual], _fault, lambda record: record["deals"])

    def summary(self) -> str:
        """Return all tables."""
        parts = (self._state, *self.tables.values(), self._missed, self._questions)
        return "\n".join(line for part in parts for line in part())

    @property
    def tables(self) -> dict[str, Callable[[], Iterator[str]]]:
        """Return what the documentation tells, by name, as lines of Markdown."""
        return {
            "how many": self._counts,
            "false alarms": self._alarms,
            "what is found": self._planted,
            "by the fault": self._scale,
            "by the firm": self._size,
        }

    def _alarms(self) -> Iterator[str]:
        yield from self._blameless()
        yield from self._weekly()

    def _state(self) -> Iterator[str]:
        codes = Counter(record["code"] for record in self.records)
        if len(codes) > 1:
            yield f"**Mixed**: lines come from {len(codes)} states of the code: {dict(codes)}\n"
        if self.records:
            made = mean(record["seconds"]["make_and_import"] for record in self.records)
            once = [record for record in self.records if record["weeks"] == 1]
            watched = mean(record["seconds"]["watch"] for record in once or self.records)
            yield (
                f"{len(self.records)} companies; a company takes {made:.2f} s of a processor to "
                f"make and import, {watched:.2f} s to judge and watch.\n"
            )

    def _counts(self) -> Iterator[str]:
        """Say on how many companies the figures stand."""
        counts = Counter(record["part"] for record in self.records)
        if counts:
            told = ", ".join(f"{counts[part]} {_ASKED[part]}" for part in PARTS if counts[part])
            yield f"The figures here stand on {counts.total()} companies: {told}."

    def _blameless(self) -> Iterator[str]:
        for deals, records in sorted(_grouped(_faultless(self.records), _deals).items()):
            raised = Pool.of(records)
            yield f"Without faults, {deals:,} deals: {raised.troubled} raise any crack."
            yield from _list(f"{name}: {times}" for name, times in raised.beside)
            yield ""

    def _weekly(self) -> Iterator[str]:
        if records := self.of("weekly"):
            ever = Share(sum(any(_cracks(record)) for record in records), len(records))
            names = Counter(name for record in records for name in {*_cracks(record)})
            yield f"Over {records[0]['weeks']} weekly reviews: {ever} raise any crack."
            yield from _list(f"{kind}: {times} companies" for kind, times in names.most_common())
            yield ""

    def _planted(self) -> Iterator[str]:
        records = self.of("planted")
        if not records:
            return
        worth = f"of those worth {MATERIAL:,} a quarter"
        yield f"| one fault planted | found | {worth} | wrong, of cracks raised | which |"
        yield "|---|---|---|---|---|"
        for fault, some in sorted(_grouped(records, _fault).items()):
            yield _row(":".join(fault), Pool.of(some))
        for kind, some in sorted(_grouped(records, lambda record: record["kind"]).items()):
            if len({_fault(record) for record in some}) > 1:
                yield _row(f"{kind}, pooled", Pool.of(some))
        yield _row("**all, pooled**", Pool.of(records))
        yield ""

    def _missed(self) -> Iterator[str]:
        """Tell of faults that were missed what the watch made of their subject."""
        for record, fault in _planted(self.of("planted")):
            if _name(fault) not in _named(record):
                made = f"p {fault['p']}, stake {fault['stake']}" if fault["asked"] else "unasked"
                name = ":".join(_name(fault))
                worth = fault["money_a_quarter"]
                yield f"- missed {name}, worth {worth}, seed {record['seed']}: {made}"
        yield ""

    def _scale(self) -> Iterator[str]:
        yield from _powers("times its usual size", self.power_by_scale())

    def _size(self) -> Iterator[str]:
        yield from _powers("deals", self.power_by_size())

    def _questions(self) -> Iterator[str]:
        """Tell how the kinds' p-values lie in companies without faults: uniform or above."""
        records = [record for record in _faultless(self.records) if record["deals"] == _USUAL]
        if not records:
            return
        yield "| without faults | questions a company | p < 5 % | p < 1 % | least p | seconds |"
        yield "|---|---:|---:|---:|---:|---:|"
        for kind in sorted({kind for record in records for kind in record["kinds"]}):
            told = [record["kinds"][kind] for record in records if kind in record["kinds"]]
            asked = sum(each["questions"] for each in told)
            rare = [sum(each[name] for each in told) for name in ("under_5", "under_1")]
            shares = " | ".join(f"{count / asked:.1%}" if asked else "–" for count in rare)
            least = min(each["least_p"] for each in told)
            seconds = mean(each["seconds"] for each in told)
            yield (f"| {kind} | {asked / len(told):.1f} | {shares} | {least:.1e} | {seconds:.2f} |")
        yield ""


def mend(file: Path) -> None:
    """Cut a last line away that was not written to its end."""
    text = file.read_bytes() if file.exists() else b""
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        file.write_bytes(whole)


_USUAL = Task("", 0).deals


def _list(items: Iterable[str]) -> Iterator[str]:
    """Write a list after a paragraph: Markdown wants a line between."""
    for number, item in enumerate(items):
        yield from ([] if number else [""])
        yield f"- {item}"


def _faultless(records: Iterable[Record]) -> list[Record]:
    return [each for each in records if not each["kind"] and each["weeks"] == 1]


def _fault(record: Record) -> tuple[str, str]:
    return record["kind"], record["variant"]


def _deals(record: Record) -> int:
    deals: int = record["deals"]
    return deals


def _cracks(record: Record) -> Iterator[str]:
    for review in record["reviews"]:
        for crack in review["cracks"]:
            yield f"{crack['kind']}:{crack['variant']}"


def _grouped(records: Iterable[Record], key: Callable[[Record], Any]) -> dict[Any, list[Record]]:
    found: dict[Any, list[Record]] = {}
    for record in records:
        found.setdefault(key(record), []).append(record)
    return found


def _tabled(
    records: list[Record], row: Callable[[Record], Any], column: Callable[[Record], Any]
) -> dict[Any, dict[Any, Pool]]:
    return {
        name: {at: Pool.of(few) for at, few in sorted(_grouped(some, column).items())}
        for name, some in sorted(_grouped(records, row).items())
    }


def _row(name: str, pool: Pool) -> str:
    beside = ", ".join(f"{kind} {times}" for kind, times in pool.beside[:5])
    return f"| {name} | {pool.found} | {pool.worth} | {pool.wrong} | {beside} |"


def _powers(unit: str, table: dict[tuple[str, str], dict[Any, Pool]]) -> Iterator[str]:
    """Write a table of what is found, a row a fault and a column a size."""
    if not table:
        return
    columns = sorted({column for row in table.values() for column in row})
    yield f"| found, by {unit} | " + " | ".join(f"{column:,}" for column in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for fault, row in table.items():
        shares = (str(row[column].found) if column in row else "" for column in columns)
        yield f"| {':'.join(fault)} | {' | '.join(shares)} |"
    yield ""
