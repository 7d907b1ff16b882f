"""Jobs: how a feature names one, how one is asked for, and how it says how far it is."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from counterpoise.errors import CounterpoiseError
from counterpoise.web.places import features
from counterpoise.web.work.models import ACTIVE, Job, JobState

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

Arguments = Mapping[str, Any]


@dataclass
class Running:
    """A job that runs: what it was asked, and where it says how far it is.

    It has the shape of `counterpoise.books.Progress`. What it is told is written by the thread
    that beats, so that telling costs nothing.
    """

    job_id: int
    arguments: Arguments
    asked_by_id: int | None = None
    _step: str = ""
    _total: int | None = None
    _done: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def start(self, title: str, total: int | None = None) -> None:
        """Begin a step."""
        with self._lock:
            self._step, self._total, self._done = title, total, 0

    def advance(self, amount: int = 1) -> None:
        """Count parts of the step as finished."""
        with self._lock:
            self._done += amount

    def done(self) -> None:
        """End the step."""
        with self._lock:
            self._done = self._total or 0

    def told(self) -> tuple[str, float | None]:
        """Return the present step and how much of it is done."""
        with self._lock:
            share = min(1.0, self._done / self._total) if self._total else None
            return self._step[:200], share


Work = Callable[[Running], Any]


@dataclass(frozen=True)
class Kind:
    """A kind of job: its name, its title on pages, and the work."""

    name: str
    title: str
    run: Work


_KINDS: dict[str, Kind] = {}


def job(name: str, title: str) -> Callable[[Work], Work]:
    """Name a function as the work of a kind of job; what it returns is kept as the result."""

    def named(run: Work) -> Work:
        _KINDS[name] = Kind(name, title, run)
        return run

    return named


def kinds() -> Mapping[str, Kind]:
    """Return every kind of job by name."""
    import_everywhere("jobs")
    return _KINDS


def import_everywhere(module: str) -> None:
    """Import a module of that name from every feature that has one."""
    for feature in features():
        if find_spec(f"{feature.name}.{module}"):
            importlib.import_module(f"{feature.name}.{module}")


class JobRunningError(CounterpoiseError):
    """The same work waits or runs already."""

    def __init__(self, running: Job | None) -> None:
        self.running = running
        super().__init__("the same work is under way; wait for it to end")


def start_job(
    kind: str, arguments: Arguments | None = None, *, key: str = "", asked_by: User | None = None
) -> Job:
    """Ask for a job; it runs when a worker is free, once the transaction around is committed.

    Args:
        kind: Its kind.
        arguments: What its work is told; plain JSON without secrets.
        key: What only one job may be about at a time; by default the kind.
        asked_by: Who asks; nobody where the clock does.

    Raises:
        JobRunningError: If one of that key waits or runs.
    """
    found = kinds()[kind]
    try:
        with transaction.atomic():
            made = Job.objects.create(
                kind=found.name, key=key or kind, arguments=arguments or {}, asked_by=asked_by
            )
            made.task_id = UUID(run_job.enqueue(made.pk).id)
            made.save(update_fields=["task_id"])
    except IntegrityError as error:
        raise JobRunningError(active_job(key or kind)) from error
    return made


def active_job(key: str) -> Job | None:
    """Return the job of that key that waits or runs."""
    return Job.objects.filter(key=key, state__in=ACTIVE).first()


_present: list[Running] = []


def present() -> Running | None:
    """Return the job that this process runs now."""
    return next(iter(_present), None)


@task()
def run_job(job_id: int) -> None:
    """Run a job, in a worker. What fails on purpose is told in its words, once."""
    taken = Job.objects.filter(pk=job_id, state__in=ACTIVE)
    if not taken.update(state=JobState.RUNNING, started_at=timezone.now(), step="", share=None):
        return  # a former worker died between its end and telling so
    row = taken.get()
    running = Running(job_id, row.arguments, row.asked_by_id)
    _present[:] = [running]
    try:
        result = kinds()[row.kind].run(running)
    except CounterpoiseError as error:
        end_job(job_id, JobState.FAILED, failure=str(error))
    else:
        end_job(job_id, JobState.DONE, result=result)
    finally:
        _present.clear()


def end_job(job_id: int, state: JobState, *, result: Any = None, failure: str = "") -> None:
    """Note how a job ended, unless it has ended already."""
    Job.objects.filter(pk=job_id, state__in=ACTIVE).update(
        state=state, ended_at=timezone.now(), result=result, failure=failure, share=None, step=""
    )
