"""Look after tasks whose worker died: run them again, three times at most."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from counterpoise.web.work.jobs import end_job, run_job
from counterpoise.web.work.models import ACTIVE, Job, JobState, Pulse, WorkerLife

logger = logging.getLogger(__name__)

SILENCE = dt.timedelta(seconds=20)
"""After so long without a beat a worker is taken for dead."""

MOST_DEATHS = 3
_FORGET = dt.timedelta(days=7)
_KEPT_DAYS = dt.timedelta(days=30)


def reap(now: dt.datetime) -> int:
    """Requeue or fail the tasks of dead workers; return how many there were."""
    WorkerLife.objects.filter(beat_at__lt=now - _FORGET).delete()
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    dead = [each for each in running if _is_dead(each, now)]
    _end_orphans(now)
    return sum(_bury(each, now) for each in dead)


def _end_orphans(now: dt.datetime) -> None:
    """End the jobs whose task ended without telling so, or is gone: nobody will do them."""
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=now - SILENCE)
    active = Job.objects.filter(state__in=ACTIVE, asked_at__lt=now - SILENCE)
    gone = ~Q(task_id__in=DBTaskResult.objects.values("pk"))
    for job in active.filter(gone | Q(task_id__in=ended.values("pk"))):
        end_job(job.pk, JobState.FAILED, failure="Its worker died; ask for it again.")


def forget_old_tasks(now: dt.datetime) -> None:
    """Remove tasks that ended long ago."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now - _KEPT_DAYS).delete()


def _is_dead(task: DBTaskResult, now: dt.datetime) -> bool:  # type: ignore[type-arg]
    pulse = Pulse.objects.filter(pk=task.pk).first()
    last = pulse.beat_at if pulse else task.started_at
    return last is not None and now - last > SILENCE


def _bury(task: DBTaskResult, now: dt.datetime) -> bool:  # type: ignore[type-arg]
    """Count a death; tell whether this process was the one to do so."""
    with transaction.atomic():
        taken = DBTaskResult.objects.filter(
            pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at
        )
        pulse, _ = Pulse.objects.select_for_update().get_or_create(
            task_id=task.pk, defaults={"beat_at": now}
        )
        is_last = pulse.deaths + 1 >= MOST_DEATHS
        status = TaskResultStatus.FAILED if is_last else TaskResultStatus.READY
        ended = {"finished_at": now, "traceback": "its worker died"} if is_last else {}
        if not taken.update(status=status, started_at=None if not is_last else now, **ended):
            return False
        Pulse.objects.filter(pk=task.pk).update(deaths=pulse.deaths + 1, beat_at=now)
        if is_last and task.task_path == run_job.module_path:
            end_job(
                task.args_kwargs["args"][0],
                JobState.FAILED,
                failure=f"Its worker died {MOST_DEATHS} times, so it was given up; "
                "look at the log and at the memory of the machine.",
            )
    logger.warning("worker died", extra={"task": task.task_path, "deaths": pulse.deaths + 1})
    return True
