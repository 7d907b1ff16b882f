"""The page that a monitor reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web.work.models import WorkerLife

pytestmark = pytest.mark.django_db


def test_is_well_with_a_worker_that_beats(room_workspace: Workspace) -> None:
    now = timezone.now()
    WorkerLife.objects.create(worker_id="one", started_at=now, beat_at=now)
    answer = Client().get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "worker": "ok", "books": "ok"}


def test_fails_where_no_worker_beats(room_workspace: Workspace) -> None:
    long_ago = timezone.now() - timedelta(minutes=5)
    WorkerLife.objects.create(worker_id="one", started_at=long_ago, beat_at=long_ago)
    answer = Client().get("/health")
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")


def test_says_that_nothing_is_imported() -> None:
    assert Client().get("/health").json()["books"] == "none"


def test_is_read_only() -> None:
    assert Client().post("/health").status_code == 405
