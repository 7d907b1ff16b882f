"""Pages of promises and budgets: both sides beside each other, one's cases, transfers."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from counterpoise.agreement import Side
from counterpoise.books.lock import LockHeldError
from counterpoise.web.access import NotForYouError, scope_of, signers_of, user_of
from counterpoise.web.promises import transfers
from counterpoise.web.promises.budgets import Budget, budgets_of
from counterpoise.web.promises.cases import PER_PAGE, cases_of
from counterpoise.web.promises.forms import DeclineForm, TransferForm
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.page import page_of, promised
from counterpoise.web.results.reading import latest

_REFUSED = 422
_LARGEST_ID = 2**63 - 1


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Show the promises and budgets of both sides."""
    return _shown(request)


@require_safe
def promise(request: HttpRequest, side: str, name: str) -> HttpResponse:
    """Show the cases of one promise, those that open."""
    kept, which = latest(), request.GET.get("which", "missed")
    own = [each for each in promised(kept) if (each.side, each.id) == (side, name)]
    page = _page(request)
    try:
        cases = (
            kept
            and own
            and cases_of(kept, f"{side}.{name}", scope_of(user_of(request)), which, page)
        )
    except LockHeldError as error:
        raise Http404("too many ask at once") from error
    if not kept or not own or not cases:
        raise Http404("no such promise, or nothing was counted of it")
    shown = {
        "promise": own[0],
        "cases": cases,
        "which": "kept" if which == "kept" else "missed",
        "number": page,
        "has_more": cases.opened > page * PER_PAGE,
        "kept": kept,
    }
    return render(request, "promises/promise.html", shown)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a transfer between budgets."""
    user = user_of(request)
    if not transfers.may_propose(user):
        raise NotForYouError("Only who signs for a side moves budgets.")
    form = _form(request, budgets_of(latest()), request.POST)
    if form is None or not form.is_valid():
        return _shown(request, {"form": form}, _REFUSED)
    given = form.cleaned_data
    names = ("from_budget", "to_budget", "amount", "reason", "token")
    wanted = transfers.Wanted(**{name: given[name] for name in names})
    try:
        transfers.propose(user, wanted, Side(given["side"]), timezone.now())
    except transfers.TransferError as error:
        form.add_error(None, str(error))
        return _shown(request, {"form": form}, _REFUSED)
    messages.success(request, "Proposed, and signed for your side. The other side is told.")
    return redirect("promises:promises")


@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a transfer for the other side."""
    user = user_of(request)
    says = "Signed by both sides. It counts from now on."
    return _done(request, pk, lambda: transfers.sign(user, pk, timezone.now()), says)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline a transfer."""
    user, found = user_of(request), _found(pk)
    if found.is_open and not transfers.may_sign(user, found):
        raise NotForYouError("Somebody else who signs for the other side answers this.")
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Declining needs a reason.")
        return redirect("promises:promises")
    answer = form.cleaned_data["answer"]
    return _done(
        request, pk, lambda: transfers.decline(user, pk, answer, timezone.now()), "Declined."
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own transfer."""
    user = user_of(request)
    return _done(request, pk, lambda: transfers.withdraw(user, pk, timezone.now()), "Taken back.")


def _found(pk: int) -> Transfer:
    found = Transfer.objects.filter(pk=pk).first() if pk <= _LARGEST_ID else None
    if found is None:
        raise Http404("no such transfer")
    return found


def _done(request: HttpRequest, pk: int, act: Callable[[], Transfer], says: str) -> HttpResponse:
    _found(pk)
    try:
        act()
    except (transfers.TransferError, transfers.SettledMeanwhileError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, says)
    return redirect("promises:promises")


def _form(
    request: HttpRequest, budgets: Sequence[Budget], data: object = None
) -> TransferForm | None:
    """Return the form of a transfer; None where a person moves none, or there are not two."""
    user = user_of(request)
    if len(budgets) < len(("from", "to")) or not transfers.may_propose(user):
        return None
    return TransferForm(budgets, signers_of(user), data, secrets.token_urlsafe(24))


def _shown(
    request: HttpRequest, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    kept = latest()
    page = page_of(user_of(request), kept)
    shown = {"page": page, "kept": kept, "form": _form(request, page.budgets)}
    return render(request, "promises/promises.html", shown | (forms or {}), status=status)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
