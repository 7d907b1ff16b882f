"""Moving a budget: one side proposes and thereby signs, the other signs or declines."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.access import NotForYouError, signers_of
from counterpoise.web.audit.entries import record
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.promises.budgets import Budget, budgets_of
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.states import TransferState
from counterpoise.web.results.reading import latest
from counterpoise.web.shell.templatetags.figures import money

_OTHER = {Side.SALES: Side.MARKETING, Side.MARKETING: Side.SALES}


class TransferError(CounterpoiseError):
    """A transfer cannot be made; the message says why and what could be."""


class SettledMeanwhileError(CounterpoiseError):
    """Somebody answered it first."""

    def __init__(self, transfer: Transfer) -> None:
        super().__init__(f"This transfer was {transfer.state} meanwhile.")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to move."""

    from_budget: str
    to_budget: str
    amount: Decimal
    reason: str
    token: str


def may_propose(user: User) -> bool:
    """Tell whether a person signs for a side."""
    return bool(signers_of(user))


def may_sign(user: User, transfer: Transfer) -> bool:
    """Tell whether a person can sign an open transfer for the side that has not."""
    other = _OTHER[Side(transfer.proposed_side)]
    return transfer.is_open and transfer.proposed_by_id != user.pk and other in signers_of(user)


def propose(user: User, wanted: Wanted, side: Side, now: dt.datetime) -> Transfer:
    """Propose a transfer, which signs it for a side of the person's.

    Raises:
        NotForYouError: If they do not sign for that side.
        TransferError: If these budgets cannot lend that much.
    """
    if side not in signers_of(user):
        raise NotForYouError("Only who signs for a side moves budgets.")
    giving, taking = _pair(wanted.from_budget, wanted.to_budget)
    _refuse_too_much(giving, wanted.amount)
    version = house.agreements().on(giving.first) or house.agreements().latest
    with transaction.atomic():
        transfer, is_new = Transfer.objects.get_or_create(
            token=wanted.token,
            defaults={
                "first_on": giving.first,
                "from_budget": giving.id,
                "to_budget": taking.id,
                "amount": wanted.amount,
                "reason": wanted.reason,
                "agreement": version.fingerprint if version else "",
                "state": TransferState.OPEN,
                "proposed_by": user,
                "proposed_side": side.value,
                "proposed_at": now,
            },
        )
        if is_new:
            detail = {
                "side": side.value,
                "from": giving.id,
                "to": taking.id,
                "amount": str(wanted.amount),
            }
            record(user, "transfer.proposed", f"transfer:{transfer.pk}", detail)
            _tell(transfer)
    return transfer


def sign(user: User, pk: int, now: dt.datetime) -> Transfer:
    """Sign a transfer for the other side; it counts from then on.

    Raises:
        NotForYouError: If it is not theirs to sign.
        TransferError: If the budget has not that much left by now.
        SettledMeanwhileError: If somebody answered first.
    """
    with transaction.atomic():
        transfer = _held_beside_others(pk)
        _refuse_unless_theirs(user, transfer)
        giving, _ = _pair(transfer.from_budget, transfer.to_budget)
        if giving.first != transfer.first_on:
            raise TransferError("Its period is over; budgets of a period that is over stay.")
        _refuse_too_much(giving, transfer.amount)
        return _settle(transfer, TransferState.SIGNED, user, now)


def decline(user: User, pk: int, answer: str, now: dt.datetime) -> Transfer:
    """Decline a transfer with a reason.

    Raises:
        NotForYouError: If it is not theirs to answer.
        SettledMeanwhileError: If somebody answered first.
    """
    with transaction.atomic():
        transfer = _held(pk)
        _refuse_unless_theirs(user, transfer)
        return _settle(transfer, TransferState.DECLINED, user, now, answer)


def withdraw(user: User, pk: int, now: dt.datetime) -> Transfer:
    """Take back one's own transfer that the other side has not signed.

    Raises:
        NotForYouError: If it is another's.
        SettledMeanwhileError: If it was answered.
    """
    with transaction.atomic():
        transfer = _held(pk)
        if transfer.proposed_by_id != user.pk:
            raise NotForYouError("Only who proposed a transfer takes it back.")
        return _settle(transfer, TransferState.WITHDRAWN, user, now)


def _held(pk: int) -> Transfer:
    return Transfer.objects.select_for_update().get(pk=pk)


def _held_beside_others(pk: int) -> Transfer:
    """Hold all transfers out of its budget: two signed at once take no more than is left."""
    wanted = Transfer.objects.filter(pk=pk).values("from_budget", "first_on").get()
    held = Transfer.objects.select_for_update().filter(**wanted).order_by("pk")
    return next(each for each in held if each.pk == pk)


def _refuse_unless_theirs(user: User, transfer: Transfer) -> None:
    if not transfer.is_open:
        raise SettledMeanwhileError(transfer)
    if not may_sign(user, transfer):
        other = _OTHER[Side(transfer.proposed_side)]
        raise NotForYouError(f"Somebody else who signs for {other} answers this.")


def _settle(
    transfer: Transfer, state: TransferState, user: User, now: dt.datetime, answer: str = ""
) -> Transfer:
    mine = Transfer.objects.filter(pk=transfer.pk, state=TransferState.OPEN)
    if not mine.update(state=state, settled_by=user, settled_at=now, answer=answer):
        transfer.refresh_from_db()
        raise SettledMeanwhileError(transfer)
    record(user, f"transfer.{state.value}", f"transfer:{transfer.pk}")
    if state is not TransferState.WITHDRAWN:
        says = f"{title_of(transfer)} was {state.value}"
        key = f"transfer:{transfer.pk}:{state.value}"
        notify(transfer.proposed_by, says, f"{says}.", reverse("promises:promises"), key=key)
    transfer.refresh_from_db()
    return transfer


def title_of(transfer: Transfer) -> str:
    """Return what a transfer is, in a few words."""
    return (
        f"Moving {money(transfer.amount)} from {transfer.from_budget.replace('_', ' ')} to "
        f"{transfer.to_budget.replace('_', ' ')}"
    )


def _pair(from_budget: str, to_budget: str) -> tuple[Budget, Budget]:
    known = {each.id: each for each in budgets_of(latest())}
    missing = [name for name in (from_budget, to_budget) if name not in known]
    if missing:
        listed = ", ".join(known) or "none"
        raise TransferError(f"There is no budget {missing[0]}; there are {listed}.")
    giving, taking = known[from_budget], known[to_budget]
    if giving.id == taking.id:
        raise TransferError("Choose two budgets.")
    if (giving.first, giving.last) != (taking.first, taking.last):
        raise TransferError("Only budgets of the same period lend to each other.")
    return giving, taking


def _refuse_too_much(giving: Budget, amount: Decimal) -> None:
    if amount > giving.to_give:
        name = giving.id.replace("_", " ")
        raise TransferError(f"Of {name} {money(giving.to_give)} are left to move.")


def _tell(transfer: Transfer) -> None:
    """Tell those who sign for the other side."""
    key, url = f"transfer:{transfer.pk}:proposed", reverse("promises:promises")
    signers = User.objects.filter(may_sign=True, is_active=True)
    for each in signers.exclude(pk=transfer.proposed_by_id):
        if may_sign(each, transfer):
            notify(each, "A transfer waits for your side", title_of(transfer), url, key=key)
