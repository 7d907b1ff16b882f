"""The calendar, a promotion's request and its approvals."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from counterpoise.desk import RequestError
from counterpoise.desk.promotion_request import PromotionRequest, read_promotion
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import NotForYouError, user_of
from counterpoise.web.desk.accounts import account_meant
from counterpoise.web.desk.states import Said, State
from counterpoise.web.desk.trying import wall_time
from counterpoise.web.promotions.answering import (
    NotYoursToAnswerError,
    PromotionSettledError,
    Saying,
    answer,
    hears,
    people_for,
    steps_for,
    waiting_promotions,
)
from counterpoise.web.promotions.asking import ask_promotion, try_promotion, withdraw_promotion
from counterpoise.web.promotions.forms import (
    AnswerForm,
    CounterForm,
    PromotionForm,
    countered_from,
    given_in,
    written_from,
)
from counterpoise.web.promotions.models import LONGEST_NOTE, AskedPromotion
from counterpoise.web.promotions.naming import promotion_title
from counterpoise.web.promotions.negotiated import negotiated_goods
from counterpoise.web.promotions.on_record import known
from counterpoise.web.promotions.showing import decision_shown, settled
from counterpoise.web.promotions.taking import counter_of, take
from counterpoise.web.promotions.weeks import calendar_from, first_week, monday
from counterpoise.web.shell.templatetags import figures

_LATEST = 20
_MOST_LISTED = 500
_SAYINGS = {"approve": Said.APPROVED, "refuse": Said.REFUSED, "counter": Said.COUNTERED}


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Show thirteen weeks of promotions, on record, agreed and asked."""
    today = timezone.localdate()
    first = _day(request.GET.get("from", ""))
    account = request.GET.get("account", "").replace("\x00", "")[:200]
    family = request.GET.get("family", "").replace("\x00", "")[:200]
    meant = account_meant(account).account if account else None
    account_id = meant.account_id if meant else account
    weeks_from = monday(first) if first else first_week(today)
    shown = calendar_from(weeks_from, account_id, family, user_of(request))
    page = {
        "shown": shown,
        "account": account,
        "family": family,
        "families": known().families,
        "this_week": monday(today),
        "waiting": waiting_promotions(user_of(request))[:_LATEST],
        "latest": AskedPromotion.objects.select_related("asker")[:_LATEST],
        "kept": {"account": account, "family": family},
    }
    return render(request, "promotions/calendar.html", page)


@require_GET
def asking(request: HttpRequest) -> HttpResponse:
    """Answer a question about a promotion; it leaves no trace."""
    given = given_in(request.GET)
    is_partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "promotions/_answer.html" if is_partial else "promotions/ask.html"
    page = _asked(request, given)
    return render(request, template, page)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Put a promotion on record."""
    given = given_in(request.POST)
    written = written_from(given, known())
    note = request.POST.get("note", "")
    try:
        made = ask_promotion(user_of(request), written, request.POST.get("token", ""), note)
    except CounterpoiseError as error:
        page = _asked(request, given)
        page.setdefault("says", str(error))
        return render(request, "promotions/ask.html", page, status=400)
    messages.success(request, "On record. Who has to answer sees it now.")
    return redirect("promotions:promotion", pk=made.pk)


@require_GET
def promotion(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a promotion's request with its answer and approvals."""
    return render(request, "promotions/promotion.html", _page(request, pk))


@require_POST
def answer_promotion(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse or counter a promotion."""
    found, form = _opened(pk), AnswerForm(request.POST)
    said = _SAYINGS.get(request.POST.get("say", ""))
    if said is None or not form.is_valid():
        problems = [] if said else ["Choose to approve, to refuse or to counter."]
        problems += [str(text) for texts in form.errors.values() for text in texts]
        return _again(request, pk, problems, 400)
    counter = countered_from(found, request.POST) if said is Said.COUNTERED else None
    saying = Saying(said, form.cleaned_data["comment"], counter)
    try:
        done = answer(user_of(request), found.pk, saying)
    except RequestError as error:
        return _again(request, pk, [f"{each.field}: {each.says}" for each in error.problems], 400)
    except NotYoursToAnswerError as error:
        return _again(request, pk, [str(error)], 403)
    except PromotionSettledError as error:
        return _again(request, pk, [str(error)], 409)
    messages.success(request, _DONE[State(done.state)])
    return redirect("promotions:promotion", pk=pk)


_DONE = {
    State.APPROVED: "Approved. It is on the calendar.",
    State.REFUSED: "Refused. Who asked sees why.",
    State.COUNTERED: "Countered. Who asked can take it with one click; you have said yes to it.",
    State.OPEN: "Your yes is on record; another role has to say yes too.",
}


@require_POST
def take_counter(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask with the terms of a counter-offer to one's own request."""
    user = user_of(request)
    if _opened(pk).asker_id != user.pk:
        raise NotForYouError("Only who asked may take a counter-offer.")
    try:
        made = take(user, pk)
    except CounterpoiseError as error:
        return _again(request, pk, [str(error)], 409)
    messages.success(request, _TAKEN[State(made.state)])
    return redirect("promotions:promotion", pk=made.pk)


_TAKEN = {
    State.OPEN: "On record with its terms; another role has to say yes too.",
    State.APPROVED: "Taken. It is on the calendar.",
    State.GRANTED: "Taken. It is on the calendar.",
    State.REFUSED: "Asked with its terms, which the desk refuses by now; see why.",
}


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an open request of one's own."""
    user = user_of(request)
    if _opened(pk).asker_id != user.pk:
        raise NotForYouError("Only who asked may withdraw a request.")
    if withdraw_promotion(user, pk):
        messages.success(request, "Withdrawn. Nobody has to answer it any more.")
    else:
        messages.error(request, "It was answered or over before; nothing changed.")
    return redirect("promotions:promotion", pk=pk)


def _opened(pk: int) -> AskedPromotion:
    found = AskedPromotion.objects.select_related("asker").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None


def _asked(request: HttpRequest, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the page of a question with its answer, as far as it can be given."""
    user, books, form = user_of(request), known(), PromotionForm(given)
    page: dict[str, Any] = {
        "form": form,
        "given": list(given.items()),
        "products": books.products[:_MOST_LISTED],
        "families": books.families,
        "token": secrets.token_urlsafe(24),
        "longest_note": LONGEST_NOTE,
    }
    if not {"rate", "starts_on"} <= set(given) and not {"displayed", "featured"} & set(given):
        return page
    try:
        asked, decision = try_promotion(written_from(given, books), user, timezone.now())
    except RequestError as error:
        page["rest"] = form.put_problems(error.problems)
        page["problems"] = [
            *page["rest"],
            *(
                f"{form.fields[name].label}: {text}"
                for name, texts in form.errors.items()
                for text in texts
            ),
        ]
        return page
    except CounterpoiseError as error:
        page["says"] = str(error)
        return page
    page["answer"] = decision_shown(decision.as_json(), asked, given)
    page["negotiated"] = negotiated_goods(
        user, asked.account_id or "", asked.products, asked.product_family or ""
    )
    return page


def _page(request: HttpRequest, pk: int, **more: Any) -> dict[str, Any]:
    user, found = user_of(request), _opened(pk)
    now = timezone.now()
    steps = [
        {
            "step": step,
            "answer": getattr(step, "answer", None) or step.covered_by,
            "people": people_for(step, found, now) if found.is_open else (),
        }
        for step in found.steps.select_related("answer__decided_by", "covered_by__decided_by")
    ]
    given, is_own = _given_again(found), found.asker_id == user.pk
    counter = counter_of(found)
    return {
        "promotion": found,
        "title": promotion_title(found),
        "answer": settled(
            decision_shown(found.decision, _read(found) if is_own else None, given),
            State(found.state),
        ),
        "negotiated": negotiated_goods(
            user, found.account_id, found.products, found.product_family
        ),
        "counter": _terms(counter.written) if counter and counter.written else [],
        "counter_by": counter.decided_by if counter else None,
        "followed_by": found.followed_by.first(),
        "counter_form": CounterForm(given),
        "token": secrets.token_urlsafe(24),
        "steps": steps,
        "may_answer": (may_answer := bool(steps_for(found, user, now))),
        "hears": may_answer or hears(user, found),
        "is_own": is_own,
        "answer_form": AnswerForm(),
        "again": urlencode(given),
        **more,
    }


def _read(found: AskedPromotion) -> PromotionRequest | None:
    """Return what was asked, as the desk read it then."""
    try:
        asked_at = wall_time(found.asked_at).isoformat()
        return read_promotion({**found.written, "asked_by": found.asker_role, "asked_at": asked_at})
    except RequestError:
        return None


def _terms(written: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the terms of a counter-offer in words."""
    row = written.get("promotion", {})
    fields = PromotionForm({}).fields
    named = {"featured": "Leaflet", "displayed": "Display"}
    return [
        (named.get(name) or str(fields[name].label), _said(row[name]))
        for name in ("starts_on", "weeks", "rate", "featured", "displayed", "trade_spend")
        if row.get(name)
    ]


def _said(value: Any) -> str:
    """Write a term: a day as people read it, a sign as yes."""
    if value is True:
        return "yes"
    found = _day(str(value))
    return figures.day(found) if found else str(value)


def _given_again(found: AskedPromotion) -> dict[str, Any]:
    """Return what a form holds that asks the same anew."""
    row = found.written.get("promotion", {})
    given = {
        "account": found.account_id,
        "goods": ", ".join(found.products),
        "product_family": found.product_family,
        "starts_on": found.starts_on.isoformat(),
        "weeks": row.get("weeks", ""),
        "rate": str(row.get("rate", "")).removesuffix("%"),
        "trade_spend": row.get("trade_spend", ""),
        "expected_lift": str(row.get("expected_lift", "")).removesuffix("%"),
        "featured": "on" if row.get("featured") else "",
        "displayed": "on" if row.get("displayed") else "",
    }
    return {name: value for name, value in given.items() if value}


def _again(request: HttpRequest, pk: int, problems: list[str], status: int) -> HttpResponse:
    page = _page(request, pk, problems=problems)
    return render(request, "promotions/promotion.html", page, status=status)
