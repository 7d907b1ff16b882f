"""One made-up company, made, imported and watched: what `benchmarks.watch` counts.

Companies of one process share an engine and what was compiled for it. Their books have the same
tables and columns, so that the same questions are the same statements: compiling them is what
watching small books costs, and it is done once a process.
"""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from sqlglot import expressions as sge

from counterpoise.agreement import Agreements, read_agreement
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books import books as books_module
from counterpoise.books.facts import View
from counterpoise.demo import Company, Faults, Form, Recipe, make_company
from counterpoise.desk.judged import judged_deals
from counterpoise.ledger.review import standing
from counterpoise.watch import Kind, Tested, Watched, Watching, all_kinds, watch, watching
from counterpoise.watch.deals import DEAL_FIELDS

FIRST_ON, LAST_ON = dt.date(2024, 7, 1), dt.date(2026, 6, 30)
_KEPT_STATEMENTS = 4_000


@dataclass(frozen=True)
class Task:
    """A company to make and watch.

    Attributes:
        part: The question that it helps to answer.
        seed: Decides everything that is drawn.
        kind: The kind of fault that is planted; "" for none.
        variant: Whom it befalls.
        scale: What its usual strength is multiplied by.
        count: On how many subjects it is planted.
        deals: The size of the company.
        reps: How many sell.
        weeks: How many reviews, a week apart, the last at the end of the company's days.
    """

    part: str
    seed: int
    kind: str = ""
    variant: str = ""
    scale: float = 1.0
    count: int = 1
    deals: int = 12_000
    reps: int = 40
    weeks: int = 1

    @property
    def faults(self) -> Faults:
        """Return what goes wrong."""
        if not self.kind:
            return Faults.none()
        return Faults.only(self.kind, self.variant, scale=self.scale, count=self.count)

    @property
    def recipe(self) -> Recipe:
        """Return what else is asked of the company."""
        return Recipe(first_on=FIRST_ON, last_on=LAST_ON, reps=self.reps, form=Form.PARQUET)

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return the days of the reviews, earliest first."""
        return tuple(LAST_ON - dt.timedelta(weeks=back) for back in reversed(range(self.weeks)))


@dataclass
class Tally:
    """What a kind asked over all reviews of a company, and what it took."""

    questions: int = 0
    under_5: int = 0
    under_1: int = 0
    least_p: float = 1.0
    seconds: float = 0.0
    last: dict[tuple[str, str], Tested] = field(default_factory=dict)
    """What was last asked of each subject, by its type and id."""

    def add(self, tested: Tested) -> None:
        """Count one question."""
        self.last[tested.subject.type, tested.subject.id] = tested
        if tested.p is None:
            return
        self.questions += 1
        self.under_5 += tested.p < 0.05
        self.under_1 += tested.p < 0.01
        self.least_p = min(self.least_p, tested.p)

    @property
    def told(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {name: value for name, value in vars(self).items() if name != "last"}

    def answer(self, fault: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was found of the subject of a fault: whether it was asked, p, and stake."""
        tested = self.last.get((fault["type"], fault["id"]))
        if tested is None:
            return {"asked": False, "p": None, "stake": None}
        return {"asked": True, "p": tested.p, "stake": float(tested.stake)}


class _Remembering(DuckDBCompiler):  # type: ignore[misc]  # Ibis comes without types
    """A compiler that looks up what it wrote before."""

    def __init__(self) -> None:
        super().__init__()
        self.written: OrderedDict[Any, str] = OrderedDict()

    def to_sqlglot(self, expr: ir.Expr, *, limit: Any = None, params: Any = None) -> Any:
        """Return the statement of an expression, as text that is not taken apart again."""
        if params or limit:
            return super().to_sqlglot(expr, limit=limit, params=params)
        asked = expr.op()
        if asked not in self.written:
            self.written[asked] = super().to_sqlglot(expr).sql(dialect="duckdb")
            if len(self.written) > _KEPT_STATEMENTS:
                self.written.popitem(last=False)
        self.written.move_to_end(asked)
        return sge.Var(this=self.written[asked])


class _Tables:
    """Small tables handed to the engine, each made once: a new one would be a new statement."""

    def __init__(self, make: Callable[..., ir.Table]) -> None:
        self._make = make
        self._made: dict[tuple[Any, ...], ir.Table] = {}

    def __call__(self, data: Any, **options: Any) -> ir.Table:
        """Return the table of these rows."""
        made = self._make(data, **options)
        rows = made.op().data.to_pyarrow(made.schema())
        key = (made.schema(), repr(rows.to_pydict()))
        return self._made.setdefault(key, made)


@dataclass(frozen=True)
class Bench:
    """A process's engine, and where its companies are made."""

    scratch: Path
    engine: Any

    @contextmanager
    def books(self, workspace: Workspace) -> Iterator[Books]:
        """Open books on this engine; what they kept is dropped, and its names are free again."""
        vars(books_module)["_NAMES"] = itertools.count()
        opened = Books.open(workspace)
        vars(opened)["engine"] = self.engine
        try:
            yield opened
        finally:
            vars(opened).pop("engine")
            opened.close()
            self._forget()

    def _forget(self) -> None:
        listed = "SELECT table_name FROM duckdb_tables() WHERE temporary"
        for (name,) in self.engine.con.execute(listed).fetchall():
            self.engine.con.execute(f'DROP TABLE temp."{name}"')


@contextmanager
def open_bench(scratch: Path) -> Iterator[Bench]:
    """Open an engine with one thread: companies run side by side, not their queries."""
    engine = ibis.duckdb.connect(
        ":memory:", threads=1, memory_limit="3GB", temp_directory=str(scratch)
    )
    engine.con.execute("SET enable_progress_bar = false")
    engine.compiler = _Remembering()
    names = vars(ibis)
    former = names["memtable"]
    names["memtable"] = _Tables(former)
    try:
        yield Bench(scratch, engine)
    finally:
        names["memtable"] = former
        engine.disconnect()


@dataclass(frozen=True)
class OpenCompany:
    """A made-up company with its books open, and the agreements of its days."""

    made: Company
    books: Books
    agreements: Agreements

    def watched(self, day: dt.date = LAST_ON) -> Watched:
        """Return the books as of a day, judged by the agreement in force."""
        judged = judged_deals(self.books, self.agreements, day, DEAL_FIELDS)
        version = standing(self.agreements, day)
        assert version is not None, "a made-up company has agreements for all its days"
        kept = self.books.keep(judged, "watch_judged")
        return Watched(View(self.books, day), self.agreements, version.agreement, kept)


@contextmanager
def open_company(bench: Bench, task: Task, faults: Faults | None = None) -> Iterator[OpenCompany]:
    """Make a company, import it, and open its books.

    Args:
        bench: The engine.
        task: What company it is.
        faults: What goes wrong, where that is not what the task says.
    """
    with tempfile.TemporaryDirectory(dir=bench.scratch) as name:
        folder = Path(name)
        company = make_company(
            folder / "made",
            deals=task.deals,
            seed=task.seed,
            faults=task.faults if faults is None else faults,
            recipe=task.recipe,
        )
        workspace = Workspace.create(folder / "books", company.currency, company.time_zone)
        import_books(workspace, company.export, adapter="canonical")
        shutil.rmtree(company.export)
        with bench.books(workspace) as books:
            yield OpenCompany(company, books, named_agreements(company))


def watch_company(bench: Bench, task: Task) -> dict[str, Any]:
    """Make a company, watch it on each of its days, and return what to count."""
    began, clock = time.process_time(), time.monotonic()
    tallies: dict[str, Tally] = defaultdict(Tally)
    with open_company(bench, task) as company, _counting(tallies):
        made = time.process_time()
        reviews = [*_reviews(company, task.days)]
    truth = planted(company.made)
    return {
        **asdict(task),
        "planted": [{**fault, **tallies[fault["kind"]].answer(fault)} for fault in truth],
        "reviews": [_told(day, found) for day, found in zip(task.days, reviews, strict=True)],
        "questions": reviews[-1].questions,
        "not_watched": [each.kind for each in reviews[-1].not_watched],
        "kinds": {kind: tally.told for kind, tally in tallies.items()},
        "seconds": {
            "make_and_import": round(made - began, 3),
            "watch": round(time.process_time() - made, 3),
            "clock": round(time.monotonic() - clock, 3),
        },
    }


def _reviews(company: OpenCompany, days: Iterable[dt.date]) -> Iterator[Watching]:
    """Watch on each day; what one review leaves open, the next one knows of."""
    is_open: frozenset[str] = frozenset()
    for day in days:
        found = watch(company.watched(day), is_open)
        is_open = frozenset(crack.id for crack in found.cracks)
        yield found


def named_agreements(company: Company) -> Agreements:
    """Return what both sides signed, under names that are the same in every company."""
    agreements = Agreements.of(read_agreement(file) for file in company.ratified)
    named = (
        replace(version, fingerprint=f"{number:064x}")
        for number, version in enumerate(agreements.versions)
    )
    return Agreements(tuple(named))


@contextmanager
def _counting(tallies: dict[str, Tally]) -> Iterator[None]:
    """Let every kind count what it asks."""
    counted = {name: _counted(kind, tallies[name]) for name, kind in all_kinds().items()}
    names = vars(watching)
    former = names["all_kinds"]
    names["all_kinds"] = lambda: MappingProxyType(counted)
    try:
        yield
    finally:
        names["all_kinds"] = former


def _counted(kind: Kind, tally: Tally) -> Kind:
    def test(watched: Watched) -> list[Tested]:
        began = time.process_time()
        found = [*kind.test(watched)]
        tally.seconds = round(tally.seconds + time.process_time() - began, 4)
        for tested in found:
            tally.add(tested)
        return found

    return replace(kind, test=test)


def planted(company: Company) -> list[dict[str, Any]]:
    """Return what was planted, as cracks name it."""
    faults = company.truth["faults"]
    assert isinstance(faults, list)
    return [_planted(fault) for fault in faults]


def _planted(fault: Mapping[str, Any]) -> dict[str, Any]:
    subject = fault["subject"]
    return {
        "kind": fault["kind"],
        "variant": fault["variant"],
        "type": subject["type"],
        "id": subject["id"],
        "rows_changed": fault["rows_changed"],
        "money_a_quarter": fault["money_a_quarter"],
    }


def _told(day: dt.date, found: Watching) -> dict[str, Any]:
    return {
        "on": day.isoformat(),
        "cracks": [
            {
                "kind": crack.kind,
                "variant": crack.variant,
                "type": crack.subject.type,
                "id": crack.subject.id,
                "q": crack.q_value,
                "n": crack.n,
                "stake": crack.stake,
                "since": crack.since.isoformat(),
            }
            for crack in found.cracks
        ],
    }
