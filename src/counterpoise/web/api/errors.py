"""Which problem an error becomes, decided once for the whole API."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from counterpoise.agreement import AgreementError
from counterpoise.books import SnapshotError
from counterpoise.desk import NoAgreementError, RequestError
from counterpoise.errors import CounterpoiseError
from counterpoise.web.api.problems import ApiError, Fault, Problem

_log = logging.getLogger("counterpoise.api")
_WORDS = re.compile(r"String should match pattern '\^(?:-\?)?\(([a-z_|]+)\)\??\$'")
_KINDS = {400: "not-readable", 401: "no-token", 403: "not-open", 404: "not-there"}


def add_handlers(api: NinjaAPI) -> None:
    """Let every error of the API end as a problem."""
    for kind, make in _MAKERS.items():
        api.add_exception_handler(kind, _handler(make))


def _handler(make: Callable[[Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    def handle(request: HttpRequest, error: Any) -> HttpResponse:
        return make(error).response()

    return handle


def _of_own(error: ApiError) -> Problem:
    return error.problem


def _of_request(error: RequestError) -> Problem:
    faults = tuple(Fault(each.field, each.says) for each in error.problems)
    return Problem(422, "request-refused", "The request cannot be answered as it stands.", faults)


def _of_agreement(error: AgreementError) -> Problem:
    faults = tuple(Fault(each.clause, str(each)) for each in error.problems)
    return Problem(409, "agreement-unusable", "The agreement cannot be used.", faults)


def _of_state(error: CounterpoiseError) -> Problem:
    if isinstance(error, PermissionError):
        return Problem(403, "not-open", str(error))
    if isinstance(error, ValueError):
        return Problem(422, "request-refused", str(error))
    return Problem(409, "not-in-this-state", str(error))


def _of_snapshot(error: SnapshotError) -> Problem:
    return Problem(404, "not-there", str(error))


def _of_day(error: NoAgreementError) -> Problem:
    return Problem(409, "no-agreement", str(error))


def _of_permission(error: PermissionDenied) -> Problem:
    return Problem(403, "not-open", str(error) or "This is not open to you.")


def _of_absence(error: Http404) -> Problem:
    return Problem(404, "not-there", "Nothing is here, or nothing that this token may see.")


def _of_parameters(error: ValidationError) -> Problem:
    faults = tuple(
        Fault(".".join(str(part) for part in each["loc"]), _in_words(each)) for each in error.errors
    )
    return Problem(422, "not-valid", "What was sent does not have the form it should.", faults)


def _in_words(error: Mapping[str, Any]) -> str:
    """Say a fault; a pattern that lists words is told as the words."""
    listed = _WORDS.fullmatch(str(error["msg"]))
    if listed is None:
        return str(error["msg"])
    return f"unknown word; known: {', '.join(listed[1].strip('|').split('|'))}"


def _of_http(error: HttpError) -> Problem:
    kind = _KINDS.get(error.status_code, "refused")
    return Problem(error.status_code, kind, str(error))


def _of_length(error: RequestDataTooBig) -> Problem:
    return Problem(413, "too-long", "The body is too long; send less.")


def _of_reading(error: UnreadablePostError) -> Problem:
    return Problem(400, "not-readable", "The body did not arrive whole.")


def _of_anything(error: Exception) -> Problem:
    _log.error("call failed", exc_info=error)
    says = "This failed on our side; nothing was changed. Try again later."
    return Problem(500, "failed", says)


_MAKERS: dict[type[Exception], Callable[[Any], Problem]] = {
    Exception: _of_anything,
    CounterpoiseError: _of_state,
    SnapshotError: _of_snapshot,
    AgreementError: _of_agreement,
    NoAgreementError: _of_day,
    RequestError: _of_request,
    PermissionDenied: _of_permission,
    Http404: _of_absence,
    RequestDataTooBig: _of_length,
    UnreadablePostError: _of_reading,
    ValidationError: _of_parameters,
    HttpError: _of_http,
    ApiError: _of_own,
}
