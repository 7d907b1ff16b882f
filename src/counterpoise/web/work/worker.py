"""The worker: takes tasks one at a time, beats while it works, and looks after the dead."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from types import FrameType
from typing import Any

from django.db import connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskTaker
from django_tasks_db.models import DBTaskResult

from counterpoise.web.setup import end_with_parent
from counterpoise.web.work import jobs
from counterpoise.web.work.chores import do_chores
from counterpoise.web.work.models import Job, JobState, Pulse, WorkerLife
from counterpoise.web.work.reaper import reap

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
_SWEEP_BEATS = 5
_IDLE_SECONDS = 0.5


def run_waiting() -> None:
    """Run the tasks that wait, in this process and without beating, until none does."""
    _Worker(batch=True).run()


def run_worker() -> None:
    """Run tasks and do chores until asked to stop."""
    end_with_parent()
    worker = _Worker(batch=False)
    worker.configure_signals()
    with _Heart(worker.worker_id, worker):
        worker.run()


class _Worker(TaskTaker):
    """Takes tasks of every queue; one that it must leave when asked to stop waits again."""

    def __init__(self, *, batch: bool) -> None:
        super().__init__(
            queue_names=["*"],
            interval=_IDLE_SECONDS,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.task_id: Any = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop: at once between tasks, else by leaving the task for another time."""
        self.running = False
        if not self.running_task:
            raise SystemExit(0)
        raise KeyboardInterrupt

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run a task; the heart beats for it."""
        Pulse.objects.update_or_create(
            task_id=db_task_result.pk, defaults={"beat_at": timezone.now()}
        )
        self.task_id = db_task_result.pk
        try:
            super().run_task(db_task_result)
        finally:
            self.task_id = None
            self._after(db_task_result)

    def _after(self, ended: DBTaskResult[Any, Any]) -> None:
        """Requeue a task that was left when asked to stop; tell of one that failed inside."""
        if not self.running and ended.exception_class_path.endswith("KeyboardInterrupt"):
            DBTaskResult.objects.filter(pk=ended.pk).update(status=TaskResultStatus.READY)
            return
        Pulse.objects.filter(pk=ended.pk).delete()
        if ended.status == TaskResultStatus.FAILED:
            logger.error("task failed", extra={"task": ended.task_path})
            if ended.task_path == jobs.run_job.module_path:
                jobs.end_job(
                    ended.args_kwargs["args"][0],
                    JobState.FAILED,
                    failure="It failed inside; this is a defect. What was in use still is.",
                )


class _Heart(threading.Thread):
    """Beats for the worker and its task, writes how far the job is, and sweeps now and then."""

    def __init__(self, worker_id: str, worker: _Worker) -> None:
        super().__init__(name="counterpoise-heart", daemon=True)
        self._worker_id = worker_id
        self._worker = worker
        self._is_over = threading.Event()
        self._told: tuple[str, float | None] = ("", None)

    def __enter__(self) -> _Heart:
        now = timezone.now()
        WorkerLife.objects.create(worker_id=self._worker_id, started_at=now, beat_at=now)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self.join()
        WorkerLife.objects.filter(worker_id=self._worker_id).delete()

    def run(self) -> None:
        """Beat until the worker is done."""
        beats = 0
        try:
            while not self._is_over.wait(BEAT_SECONDS if beats else 0):
                self._beat(timezone.now(), sweeps=beats % _SWEEP_BEATS == 0)
                beats += 1
        finally:
            connections.close_all()

    def _beat(self, now: dt.datetime, *, sweeps: bool) -> None:
        try:
            if self._worker.task_id:
                Pulse.objects.filter(pk=self._worker.task_id).update(beat_at=now)
                self._tell()
            if sweeps:
                WorkerLife.objects.filter(worker_id=self._worker_id).update(beat_at=now)
                reap(now)
                do_chores(now)
        except Exception:  # the heart of a worker must not stop over a database that is away
            logger.exception("a beat failed")
            connections.close_all()

    def _tell(self) -> None:
        running = jobs.present()
        told = running.told() if running else self._told
        if running and told != self._told:
            self._told = told
            Job.objects.filter(pk=running.job_id).update(step=told[0], share=told[1])
