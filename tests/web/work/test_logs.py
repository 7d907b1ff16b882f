"""Logs tell what happened and nothing about a person."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from counterpoise.web.logs import JsonLines, RequestLog


def _line(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(JsonLines().format(record))
    return found


def _record(name: str, message: str, *values: object, **more: object) -> logging.LogRecord:
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, values, None)
    vars(record).update(more)
    return record


def test_is_one_line_of_json() -> None:
    line = _line(_record("counterpoise.web.work", "worker died", deaths=2, password="x"))
    assert (line["level"], line["says"], line["deaths"]) == ("warning", "worker died", 2)
    assert "password" not in line


def test_leaves_out_the_values_of_other_programs() -> None:
    line = _line(_record("django.request", "Not Found: %s", "/desk/?account=Ada+Abara"))
    assert line["says"] == "Not Found: %s"
    path = ("%s: %s", "Not Found", "/desk/?account=Ada+Abara")
    told = JsonLines().format(_record("django.request", *path, status_code=404))
    assert (json.loads(told)["says"], json.loads(told)["status"]) == ("Not Found", 404)
    assert "Ada" not in told


def test_says_where_an_error_was_raised_and_not_what_it_said() -> None:
    try:
        raise ValueError("Ada Abara's salary")
    except ValueError as error:
        record = _record("counterpoise", "a beat failed")
        record.exc_info = (type(error), error, error.__traceback__)
    text = JsonLines().format(record)
    assert "salary" not in text
    assert json.loads(text)["error"] == "ValueError"
    assert "test_logs.py" in json.loads(text)["where"][0]


@pytest.mark.parametrize(("status", "level"), [(200, "info"), (404, "info"), (500, "warning")])
def test_a_request_is_told_by_its_pattern(
    status: int, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status)

    with caplog.at_level(logging.INFO, logger="counterpoise.requests"):
        RequestLog(answer)(RequestFactory().get("/desk/?account=Ada+Abara"))
    line = _line(caplog.records[-1])
    assert (line["status"], line["level"], line["route"]) == (status, level, "none")
    assert "Ada" not in json.dumps(line)
