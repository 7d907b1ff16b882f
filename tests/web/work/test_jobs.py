"""Jobs outlive their workers, and are done once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from counterpoise.errors import CounterpoiseError
from counterpoise.web.work import chores, jobs
from counterpoise.web.work.jobs import JobRunningError, Running, end_job, job, run_job, start_job
from counterpoise.web.work.models import Job, JobState, Pulse
from counterpoise.web.work.reaper import MOST_DEATHS, SILENCE, reap
from counterpoise.web.work.worker import run_waiting

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def ran() -> Iterator[list[Any]]:
    """Name three kinds of jobs and return what they did."""
    done: list[Any] = []

    @job("count", title="Count")
    def count(running: Running) -> int:
        running.start("Counting", total=2)
        running.advance()
        done.append((running.arguments, running.told()))
        return len(done)

    @job("refuse", title="Refuse")
    def refuse(running: Running) -> None:
        raise CounterpoiseError("there is nothing to count; bring something")

    @job("break", title="Break")
    def break_(running: Running) -> None:
        raise ZeroDivisionError("secret of the inside")

    yield done
    for name in ("count", "refuse", "break"):
        del jobs._KINDS[name]


def _dies(started: Job, at: datetime) -> None:
    """Leave the job's task as a worker that was killed leaves it."""
    DBTaskResult.objects.filter(pk=str(started.task_id)).update(status="RUNNING", started_at=at)
    Pulse.objects.update_or_create(task_id=started.task_id, defaults={"beat_at": at})


def test_runs_what_was_asked_for(ran: list[Any]) -> None:
    started = start_job("count", {"from": 3})
    run_waiting()
    started.refresh_from_db()
    assert (started.state, started.result) == (JobState.DONE, 1)
    assert ran == [({"from": 3}, ("Counting", 0.5))]


def test_tells_in_its_words_what_failed_on_purpose(ran: list[Any]) -> None:
    started = start_job("refuse")
    run_waiting()
    started.refresh_from_db()
    assert (started.state, started.failure) == (
        JobState.FAILED,
        "there is nothing to count; bring something",
    )


def test_tells_nothing_of_the_inside_when_it_breaks(ran: list[Any]) -> None:
    started = start_job("break")
    run_waiting()
    started.refresh_from_db()
    assert started.state == JobState.FAILED
    assert "secret" not in started.failure
    assert not Pulse.objects.exists()


def test_is_active_once_a_key(ran: list[Any]) -> None:
    first = start_job("count", key="books")
    with pytest.raises(JobRunningError) as refused:
        start_job("count", key="books")
    assert refused.value.running == first
    assert DBTaskResult.objects.count() == 1
    run_waiting()
    start_job("count", key="books")


def test_runs_again_when_its_worker_died(ran: list[Any]) -> None:
    started = start_job("count")
    _dies(started, NOW)
    assert reap(NOW + SILENCE) == 0
    assert reap(NOW + SILENCE + timedelta(seconds=1)) == 1
    run_waiting()
    started.refresh_from_db()
    assert started.state == JobState.DONE
    assert len(ran) == 1


def test_is_given_up_after_three_deaths(ran: list[Any]) -> None:
    started = start_job("count")
    for death in range(MOST_DEATHS):
        _dies(started, NOW + death * timedelta(minutes=1))
        reap(NOW + death * timedelta(minutes=1) + 2 * SILENCE)
    run_waiting()
    started.refresh_from_db()
    assert started.state == JobState.FAILED
    assert "died 3 times" in started.failure
    assert ran == []


def test_a_task_that_ran_to_its_end_is_not_run_twice(ran: list[Any]) -> None:
    started = start_job("count")
    end_job(started.pk, JobState.DONE, result="by a worker that died then")
    run_job.call(started.pk)
    started.refresh_from_db()
    assert (ran, started.result) == ([], "by a worker that died then")


def test_a_job_whose_task_ended_without_a_word_ends_too(ran: list[Any]) -> None:
    started = start_job("count")
    ended = DBTaskResult.objects.filter(pk=str(started.task_id))
    ended.update(status="FAILED", finished_at=NOW)
    Job.objects.update(asked_at=NOW)
    reap(NOW + 2 * SILENCE)
    started.refresh_from_db()
    assert started.state == JobState.FAILED


def test_a_chore_is_done_once_a_while() -> None:
    done: list[datetime] = []
    named = chores.chore(every=timedelta(minutes=5))(done.append)
    name = next(key for key, each in chores._CHORES.items() if each.run is named)
    try:
        for minutes in (0, 1, 4, 5, 6, 11):
            chores.do_chores(NOW + timedelta(minutes=minutes))
        assert done == [NOW + timedelta(minutes=minutes) for minutes in (0, 5, 11)]
    finally:
        del chores._CHORES[name]


def test_a_chore_that_fails_keeps_no_other_from_being_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[datetime] = []

    @chores.chore(every=timedelta(0))
    def first(now: datetime) -> None:
        raise ZeroDivisionError

    @chores.chore(every=timedelta(0))
    def second(now: datetime) -> None:
        done.append(now)

    try:
        chores.do_chores(NOW)
        assert done == [NOW]
    finally:
        for name in [key for key in chores._CHORES if key.endswith((".first", ".second"))]:
            del chores._CHORES[name]


def test_a_job_whose_task_is_gone_ends_too(ran: list[Any]) -> None:
    started = start_job("count")
    Job.objects.update(asked_at=NOW)
    reap(NOW + 2 * SILENCE)
    started.refresh_from_db()
    assert started.is_active
    DBTaskResult.objects.all().delete()
    reap(NOW + 2 * SILENCE)
    started.refresh_from_db()
    assert started.state == JobState.FAILED
