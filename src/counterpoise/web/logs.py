"""What processes tell whoever runs them: one line of JSON an event, nothing about a person.

A line names the address pattern, never the address; ids of users, never names; and no word that
somebody typed.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

_TOLD = frozenset("act chore deaths job method milliseconds route status task user_id".split())
"""What a line may hold beside its message."""

_UNNAMED = frozenset({"talk/pulse/answer/"})
"""Addresses of which no line says who came: that somebody answered, and when, is nobody's."""

_STATUSES = frozenset(each.value for each in HTTPStatus)
SLOW_MILLISECONDS = 1000
requests = logging.getLogger("counterpoise.requests")


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "says": self._says(record),
        }
        told |= _answered(record)
        told |= {name: vars(record)[name] for name in sorted(_TOLD & vars(record).keys())}
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["where"] = _where(record)
        return json.dumps(told, ensure_ascii=False, default=str)

    def _says(self, record: logging.LogRecord) -> str:
        """Return the message; of other programs' only its form, whose values may name a person."""
        if record.name.startswith("counterpoise"):
            return record.getMessage()
        status = vars(record).get("status_code")
        return HTTPStatus(status).phrase if status in _STATUSES else str(record.msg)


class RequestLog:
    """Write a line for each request: which pattern, what came of it, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and write its line."""
        began = time.perf_counter()
        response = self._get_response(request)
        took = (time.perf_counter() - began) * 1000
        is_bad = response.status_code >= 500
        level = logging.WARNING if is_bad or took > SLOW_MILLISECONDS else logging.INFO
        if requests.isEnabledFor(level):
            requests.log(level, "answered", extra=_facts(request, response, took))
        return response


def log_settings(level: str) -> dict[str, Any]:
    """Return Django's settings of logs for processes that serve or work."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "counterpoise.web.logs.JsonLines"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "counterpoise": {"level": level.upper()},
            "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.security": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        },
    }


def _facts(request: HttpRequest, response: HttpResponse, took: float) -> dict[str, Any]:
    match = request.resolver_match
    route = match.route if match else "none"
    user = None if route in _UNNAMED else getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "milliseconds": round(took, 1),
        "user_id": getattr(user, "pk", None),
    }


def _answered(record: logging.LogRecord) -> dict[str, Any]:
    """Return status and pattern where Django tells of an answer; its words hold the path."""
    told = vars(record)
    if told.get("status_code") not in _STATUSES:
        return {}
    match = getattr(told.get("request"), "resolver_match", None)
    return {"status": told["status_code"], "route": match.route if match else "none"}


def _where(record: logging.LogRecord) -> list[str]:
    """Return where an error was raised, without its message, which may quote what was typed."""
    found = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-12:]
