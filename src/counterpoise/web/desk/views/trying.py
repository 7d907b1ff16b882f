"""Try a question, see the answer at once, and ask it on record."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from counterpoise.desk import NoAgreementError, RequestError
from counterpoise.desk.request import Problem
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import user_of
from counterpoise.web.desk.accounts import Account, account_meant, account_of, accounts_like
from counterpoise.web.desk.approvals import waiting_for
from counterpoise.web.desk.customer import customer_page
from counterpoise.web.desk.deciders import Party
from counterpoise.web.desk.forms import QuestionForm
from counterpoise.web.desk.models import LONGEST_NOTE, Request
from counterpoise.web.desk.newcomers import NAME
from counterpoise.web.desk.numerals import plain_number
from counterpoise.web.desk.question import FACT, Line, Question, Tailoring
from counterpoise.web.desk.requests import Asking, AskingError, ask
from counterpoise.web.desk.showing import About, AnswerShown, answer_shown, named_approvers
from counterpoise.web.desk.trying import DealNotYoursError, NoRoleError, Tried, try_request
from counterpoise.web.desk.turning import kinds, payments, ready_today, turning_facts
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.places import offered

_LATEST = 5
_SPARE_LINES = 2
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Outcome:
    """What came of a question: an answer, or what is wrong with it."""

    tried: Tried | None = None
    is_priced: bool = True
    problems: tuple[Problem, ...] = ()
    nearest: tuple[Account, ...] = ()
    says: str = ""


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show the form, and the answer to what stands in the address."""
    user = user_of(request)
    question = Question.of_parameters(request.GET)
    outcome = _outcome(question, user, _id(request.GET.get("follows", "")))
    shown = _page(request, question, outcome)
    is_part = request.headers.get("HX-Target") == "answer"
    if not is_part:
        shown |= _beside(user)
    response = render(
        request, "room_desk/_answer.html" if is_part else "room_desk/start.html", shown
    )
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Offer the accounts that begin like what is typed."""
    typed = request.GET.get("account", "")
    return render(request, "room_desk/_accounts.html", {"accounts": accounts_like(typed)})


@require_GET
def customer(request: HttpRequest) -> HttpResponse:
    """Show what the customer may see of a question that was only tried."""
    question = Question.of_parameters(request.GET)
    outcome = _outcome(question, user_of(request))
    if outcome.tried is None or not outcome.is_priced:
        return redirect(f"/desk/?{question.query()}")
    tried = outcome.tried
    page = customer_page(
        tried.written, tried.decision.as_json(), tried.figures(), account_id=tried.account_id
    )
    return render(request, "room_desk/customer.html", {"page": page})


@require_POST
def ask_on_record(request: HttpRequest) -> HttpResponse:
    """Put a question on record; sending the same form again changes nothing."""
    user = user_of(request)
    question = Question.of_parameters(request.POST)
    follows = _id(request.POST.get("follows", ""))
    outcome = _outcome(question, user, follows)
    if outcome.tried is not None and outcome.is_priced:
        how = Asking(
            request.POST.get("token", ""),
            request.POST.get("note", ""),
            follows,
        )
        try:
            made = ask(user, _written(question, user, outcome), how)
        except AskingError as error:
            outcome = Outcome(says=str(error))
        else:
            return _asked(request, made)
    shown = _page(request, question, outcome) | _beside(user)
    return render(request, "room_desk/start.html", shown, status=400)


def _asked(request: HttpRequest, made: Request) -> HttpResponseRedirect:
    says = {
        "open": "Asked. Those who may approve it see it now.",
        "granted": "Granted, and on record.",
        "approved": "On record. A former approval covers these terms, nobody has to be asked.",
        "refused": "On record, and refused by the agreement. See what could be offered instead.",
    }
    messages.success(request, says.get(made.state, "This is on record already."))
    return redirect("desk:request", pk=made.pk)


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) <= _LARGEST_ID else None


def _outcome(question: Question, user: User, follows: int | None = None) -> Outcome:
    """Answer a question; without a price, at list price, for what to sell on."""
    if question.is_empty:
        return Outcome()
    meant = account_meant(question.account)
    if question.account and meant.account is None:
        says = "no account of that name or id is in the books"
        return Outcome(problems=(Problem("deal.account_id", says),), nearest=tuple(meant.nearest))
    written = question.written(user.role, meant.account.account_id if meant.account else None)
    is_priced = question.has_price or _has_recorded_price(question)
    if not is_priced:
        if not (question.amount or question.deal or question.lines):
            return Outcome()
        written["deal"]["rate"] = "0"
    try:
        former = Request.objects.filter(pk=follows, asker=user).first() if follows else None
        return Outcome(try_request(written, user, follows=former), is_priced)
    except RequestError as error:
        return Outcome(problems=error.problems)
    except (NoRoleError, DealNotYoursError, NoAgreementError) as error:
        return Outcome(says=_sentence(error))


def _sentence(error: CounterpoiseError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}"


def _has_recorded_price(question: Question) -> bool:
    if not question.deal or question.lines:
        return False
    deal = live().deal(question.deal)
    if deal is None:
        return False
    prices = [line["net_price"] for line in live().lines(question.deal)]
    return deal["net_amount"] is not None or bool(prices and None not in prices)


def _written(question: Question, user: User, outcome: Outcome) -> dict[str, Any]:
    tried = outcome.tried
    account = tried.asked.claims.get("account_id") if tried else None
    return question.written(user.role, str(account) if account else None)


def _as_newcomer(question: Question, outcome: Outcome) -> str:
    """Return the query that asks for an account that is not in the books as a new customer."""
    if not question.account or all(each.field != "deal.account_id" for each in outcome.problems):
        return ""
    rest = tuple(pair for pair in question.facts if pair[0] != NAME)
    return replace(question, account="", facts=(*rest, (NAME, question.account))).query()


def _page(request: HttpRequest, question: Question, outcome: Outcome) -> dict[str, Any]:
    ready = ready_today()
    form = QuestionForm(question, turning_facts(ready), _placeholders(outcome.tried))
    rest = form.put_problems(outcome.problems)
    tried = outcome.tried
    follows = request.GET.get("follows", "") or request.POST.get("follows", "")
    shown: dict[str, Any] = {
        "form": form,
        "question": question,
        "query": question.query(),
        "parameters": question.parameters(),
        "lines": [*question.lines, *[Line()] * _SPARE_LINES],
        "tailored": [*question.customizations, Tailoring()],
        "unseen": [pair for pair in question.facts if f"{FACT}{pair[0]}" not in form.fields],
        "payments": payments(ready),
        "kinds": kinds(ready),
        "ready": ready,
        "problems": [*form_errors(form), *rest],
        "nearest": [
            (each, replace(question, account=each.entry).query()) for each in outcome.nearest
        ],
        "newcomer": _as_newcomer(question, outcome),
        "says": outcome.says,
        "is_priced": outcome.is_priced,
        "filled": _filled(question),
        "is_open": bool(outcome.problems) or NAME in dict(question.facts),
        "is_blank": question.is_empty,
        "follows": follows if _id(follows) else "",
        "longest_note": LONGEST_NOTE,
        "token": secrets.token_urlsafe(24),
        "sheets": [styles() for styles in offered("beside", "answer_styles")],
    }
    if tried is not None:
        shown |= {
            "tried": tried,
            "account": account_of(tried.account_id),
            "answer": _answer(request, tried, question, shown["follows"]),
        }
        if request.GET.get("show") == "limit":
            shown |= {"shows_limit": True, "limit": tried.highest_rate()}
    return shown


def form_errors(form: QuestionForm) -> Iterable[str]:
    """Return what is wrong field by field, for where the fields are not shown."""
    return [
        f"{form.fields[name].label}: {text}"
        for name, texts in form.errors.items()
        for text in texts
    ]


def _answer(request: HttpRequest, tried: Tried, question: Question, follows: str) -> AnswerShown:
    user, decision = user_of(request), tried.decision.as_json()
    party = Party.asking(user, tried.owner_person_id)
    approvers = named_approvers(decision["approvals"], party, tried.ready.calendar, timezone.now())
    kept = f"&follows={follows}" if follows else ""
    about = About(
        question,
        tried.weighing.case.facts,
        follows,
        reader=user,
        deal_id=tried.deal_id,
        page=f"/desk/?{question.query()}{kept}",
        objection=request.GET.get("objection", "").replace("\x00", "")[:200],
    )
    return answer_shown(decision, about, approvers)


def _placeholders(tried: Tried | None) -> Mapping[str, str]:
    """Show in empty fields what the books know of the deal."""
    if tried is None or tried.deal is None:
        return {}
    case = tried.weighing.case
    known = {
        "account": tried.account_id,
        "amount": _spaced(tried.figures().list_amount),
        "term_months": plain_number(case.facts.get("term_months")),
        "payment": str(case.facts.get("payment") or ""),
        "currency": tried.currency,
    }
    return {name: shown for name, shown in known.items() if shown}


def _spaced(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.0f}"


def _filled(question: Question) -> list[str]:
    """Return what is filled in among the folded facts, for the fold's own line."""
    term = f"{question.term_months} months" if question.term_months else ""
    deal = f"deal {question.deal}" if question.deal else ""
    named = (deal, term, question.payment, question.currency)
    found = [value for value in named if value]
    found += [f"{line.quantity} × {line.product}" for line in question.lines]
    found += [each.kind for each in question.customizations]
    return found + [value for _, value in question.facts]


def _beside(user: User) -> dict[str, Any]:
    """Return what stands beside the form: what waits, and the latest requests."""
    now = timezone.now()
    latest = Request.objects.filter(asker=user)[:_LATEST]
    return {
        "waiting": waiting_for(user, now)[:_LATEST],
        "latest": latest,
        "has_role": bool(user.role),
    }
