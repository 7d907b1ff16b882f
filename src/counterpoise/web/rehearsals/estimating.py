"""Estimates: asked for, made by the worker, and kept under all that the answer depends on."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from counterpoise.agreement import Agreements
from counterpoise.books import Books
from counterpoise.errors import CounterpoiseError
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.results import Assumptions, Behaviour
from counterpoise.web import house
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.audit.entries import record
from counterpoise.web.rehearsals.models import Candidate, Estimate, EstimateState
from counterpoise.web.rehearsals.rights import must_rehearse
from counterpoise.web.rehearsals.trial import parsed
from counterpoise.web.results.keeping import Occasion
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.work.jobs import JobRunningError, Running, active_job, start_job
from counterpoise.web.work.models import Job, JobState

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

JOB = "rehearse"


@dataclass(frozen=True)
class Question:
    """What is asked: a candidate's rules, and how sellers behave, over the books of a review."""

    rules: str
    text: str
    behaviour: Behaviour
    is_attested: bool = False
    """Whether somebody vouches that recording depends on how deals ended alone."""


@dataclass(frozen=True)
class Told:
    """What is known of a question: an estimate of these books or of former ones, or the way to it.

    `former` is the latest that was made of other books or under other agreements.
    """

    estimate: Estimate | None
    former: Estimate | None
    job: Job | None

    @property
    def is_done(self) -> bool:
        """Tell whether it is answered from the books in use."""
        return self.estimate is not None and self.estimate.state == EstimateState.DONE

    @property
    def is_under_way(self) -> bool:
        """Tell whether a worker has it, or will."""
        return self.job is not None

    @property
    def trouble(self) -> str:
        """Return why it could not be answered, empty where it could."""
        if self.estimate is None or self.is_under_way:
            return ""
        if self.estimate.state == EstimateState.ASKED:
            ended = Job.objects.filter(key=_key(self.estimate)).order_by("-id").first()
            said = ended.failure if ended else ""
            return said or "It was asked, and the worker lost it. Ask again."
        return self.estimate.trouble if self.estimate.state == EstimateState.FAILED else ""

    @property
    def best(self) -> Estimate | None:
        """Return what was worked out of these books, or else of former ones."""
        return self.estimate if self.is_done else self.former

    @cached_property
    def object(self) -> dict[str, Any] | None:
        """Return the rehearsal as the command writes it."""
        if self.best is None:
            return None
        found: dict[str, Any] = json.loads(self.best.written)
        return found

    @property
    def is_former(self) -> bool:
        """Tell whether the only answer is of other books than those in use."""
        return not self.is_done and self.former is not None


def told_of(rules: str, behaviour: Behaviour, kept: KeptReview | None) -> Told:
    """Return what is known of a candidate, by its rules, and of how sellers behave.

    What rests on somebody's word goes before what was refused without it.
    """
    answered = Estimate.objects.filter(rules=rules, behaviour=behaviour.value)
    answered = answered.select_related("asked_by")
    former = answered.filter(state=EstimateState.DONE).order_by("-as_of", "-is_attested", "-id")
    former = former.exclude(**_occasion(kept)) if kept else former
    found = answered.filter(**_occasion(kept)).order_by("-is_attested").first() if kept else None
    if found is not None and found.state == EstimateState.DONE:
        return Told(found, None, None)
    job = active_job(_key(found)) if found is not None else None
    is_asked = found is not None and found.state == EstimateState.ASKED
    return Told(found, former.first(), job if is_asked else None)


def ask(user: User, question: Question, kept: KeptReview) -> Estimate:
    """Ask for an estimate; what was estimated already is not estimated again.

    A question of the same person that still waits, and that nobody kept, makes way: sliders ask
    many.

    Raises:
        NotForYouError: If the person may not.
    """
    must_rehearse(user)
    with transaction.atomic():
        found, _ = Estimate.objects.get_or_create(
            **_occasion(kept),
            rules=question.rules,
            behaviour=question.behaviour.value,
            is_attested=question.is_attested,
            defaults={"text": question.text, "asked_by": user},
        )
        _leave_others(user, found)
        if found.state != EstimateState.DONE:
            Estimate.objects.filter(pk=found.pk).update(
                state=EstimateState.ASKED, trouble="", asked_by=user
            )
    if found.state != EstimateState.DONE:
        with suppress(JobRunningError):  # whoever runs it finds it asked
            start_job(JOB, {"estimate": found.pk}, key=_key(found), asked_by=user)
    return found


def attest(user: User, question: Question, kept: KeptReview) -> Estimate:
    """Vouch that whether a rate is on record depends on how the deal ended alone, and ask again.

    Raises:
        NotForYouError: If the person may not draft.
    """
    must_draft(user)
    with transaction.atomic():
        found = ask(user, replace(question, is_attested=True), kept)
        record(user, "rehearsal.attested", f"estimate:{found.pk}", {"rules": question.rules})
    return found


def estimate(running: Running) -> dict[str, int]:
    """Make the estimate that a job asks for, unless another question overtook it."""
    asked = Estimate.objects.get(pk=int(running.arguments["estimate"]))
    if asked.state != EstimateState.ASKED:
        return {"estimate": asked.pk}
    try:
        written = _written(asked, running)
    except CounterpoiseError as error:
        _end(asked, EstimateState.FAILED, trouble=str(error))
        raise
    _end(asked, EstimateState.DONE, written=written)
    return {"estimate": asked.pk}


class AgreementChangedError(CounterpoiseError):
    """Another agreement measures past deals by now."""

    def __init__(self) -> None:
        super().__init__(
            "another agreement measures past deals since this was asked; a review of it is on its "
            "way, ask again when it is there"
        )


def _written(asked: Estimate, running: Running) -> str:
    from counterpoise.rehearse.rehearsal_json import rehearsal_json
    from counterpoise.rehearse.rehearsing import check_candidate, rehearse_on

    agreements = house.agreements()
    if _measured_by(asked, agreements) != asked.measured_by:
        raise AgreementChangedError
    candidate, behaviour = parsed(asked.text), Behaviour(asked.behaviour)
    with Books.open(house.workspace(), asked.snapshot) as books:
        check_candidate(books, candidate)
        running.start("Reading past deals")
        replaying = Replaying.of(books, agreements, asked.as_of)
        running.done()
        assumed = Assumptions(behaviour, recording_attested=asked.is_attested)
        found = rehearse_on(replaying, candidate, assumed, running)
    return rehearsal_json(found)


def _measured_by(asked: Estimate, agreements: Agreements) -> str:
    return Occasion.of(asked.snapshot, agreements, asked.as_of, None).measured_by


def _occasion(kept: KeptReview) -> dict[str, Any]:
    return {
        "snapshot": kept.snapshot,
        "as_of": kept.as_of,
        "measured_by": kept.measured_by,
    }


def _leave_others(user: User, wanted: Estimate) -> None:
    """Let questions of a person go that wait, and that no candidate asks."""
    waiting = Job.objects.filter(kind=JOB, state=JobState.WAITING, asked_by=user)
    ids = [job.arguments["estimate"] for job in waiting]
    others = Estimate.objects.filter(pk__in=ids, state=EstimateState.ASKED).exclude(pk=wanted.pk)
    kept = Candidate.objects.values_list("rules", flat=True)
    others.exclude(rules__in=kept).update(state=EstimateState.LEFT)


def _key(estimate: Estimate) -> str:
    return f"{JOB}:{estimate.pk}"


def _end(asked: Estimate, state: EstimateState, **changed: Any) -> None:
    Estimate.objects.filter(pk=asked.pk).update(state=state, done_at=timezone.now(), **changed)
