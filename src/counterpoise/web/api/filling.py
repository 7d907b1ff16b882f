"""What calls send, read through the forms that people fill in."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse

from counterpoise.desk import RequestError
from counterpoise.desk.request import Problem
from counterpoise.web.api.authentication import token_of
from counterpoise.web.api.idempotency import once
from counterpoise.web.api.sending import json_answer
from counterpoise.web.people.models import User

Form = TypeVar("Form", bound=forms.BaseForm)


def filled(form: Form) -> Form:
    """Return a form that is filled in as it should be.

    Raises:
        RequestError: If something in it is wrong.
    """
    if not form.is_valid():
        found = ((name, text) for name, texts in form.errors.items() for text in texts)
        raise RequestError([Problem(name.strip("_"), str(text)) for name, text in found])
    return form


def form_token() -> str:
    """Return a token such as forms carry; a call that comes twice has its own key."""
    return secrets.token_urlsafe(24)


def done(
    request: HttpRequest,
    act: Callable[[User], object],
    status: int = 200,
    content: bytes | None = None,
) -> HttpResponse:
    """Do once what a call asks, as the token's person, and send what comes of it.

    Args:
        request: The call.
        act: What is done.
        status: Of the answer.
        content: What was sent, where the body was taken apart already.
    """
    token = token_of(request)
    return once(request, token, lambda: json_answer(act(token.user), status), content)
