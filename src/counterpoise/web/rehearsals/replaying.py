"""Candidates tried on past deals as they were laid out, two at a time over all processes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from counterpoise.agreement import Agreement
from counterpoise.books import Books
from counterpoise.rehearse.break_even import BreakEven, break_even_of
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.counting import Counting
from counterpoise.rehearse.replay import Replay
from counterpoise.rehearse.results import Behaviour
from counterpoise.web import house
from counterpoise.web.rehearsals.estimating import AgreementChangedError
from counterpoise.web.rehearsals.laid import Files, lay_out, read, shape_name
from counterpoise.web.rehearsals.rates import rules_of
from counterpoise.web.rehearsals.trial import parsed, standing, text_of
from counterpoise.web.results.figures import turn
from counterpoise.web.results.keeping import Occasion
from counterpoise.web.results.reading import KeptReview, latest
from counterpoise.web.work.jobs import JobRunningError, Running, active_job, start_job
from counterpoise.web.work.models import Job

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

JOB = "lay_out_deals"
_KEPT_ANSWERS = 64


MOST_DEALS = 2_000_000
"""So many closed deals are held in memory to be answered at once; beyond, the worker answers."""


def has_too_many(kept: KeptReview) -> int:
    """Return how many closed deals there are where they are too many to answer at once, else 0."""
    file = Files.of(kept).then
    deals = pq.read_metadata(file).num_rows if file.is_file() else 0
    return deals if deals > MOST_DEALS else 0


def is_laid_out(kept: KeptReview, base: Agreement) -> bool:
    """Tell whether candidates of a base's shape can be answered at once."""
    return Files.of(kept).has(base) and _measured_by(kept) == kept.measured_by


def laying(kept: KeptReview, base: Agreement) -> Job | None:
    """Return the job that lays deals out for a base, if one waits or runs."""
    return active_job(_key(kept, base))


def ask(user: User | None, kept: KeptReview, base: Agreement) -> None:
    """Ask for deals to be laid out for a base; doing so twice is doing it once."""
    if is_laid_out(kept, base):
        return
    arguments = {"review": kept.key, "text": text_of(base)}
    with suppress(JobRunningError):
        start_job(JOB, arguments, key=_key(kept, base), asked_by=user)


def lay(running: Running) -> dict[str, str]:
    """Lay deals out beside the review that a job names, unless another is shown by now."""
    kept = latest()
    if kept is None or kept.key != running.arguments["review"]:
        return {"review": ""}
    if _measured_by(kept) != kept.measured_by:
        raise AgreementChangedError
    with Books.open(house.workspace(), kept.snapshot) as books:
        lay_out(books, house.agreements(), parsed(running.arguments["text"]), kept, running)
    return {"review": kept.key}


def ask_for_standing(kept: KeptReview) -> None:
    """Ask for deals to be laid out for what counts today, which most rehearsals start from."""
    base = standing()
    if base is not None:
        ask(None, kept, base.agreement)


def answer_key(kept: KeptReview, candidate: Agreement) -> tuple[str, str]:
    """Return all that the answers to past deals depend on."""
    starts = candidate.company.fiscal_year_starts
    return str(kept.folder), f"{starts} {rules_of(candidate)}"


@dataclass(frozen=True)
class Tried:
    """A candidate tried on past deals: the replay, and the break-even by what sellers do."""

    replay: Replay
    even: Mapping[Behaviour, BreakEven]


def replayed(kept: KeptReview, candidate: Agreement) -> Tried:
    """Answer past deals by a candidate whose shape is laid out.

    Raises:
        LockHeldError: If too many such questions wait.
    """
    key = answer_key(kept, candidate)
    found = _answers.get(key)
    if found is None:
        with turn():
            found = _tried(_opened(kept), candidate)
        while len(_answers) >= _KEPT_ANSWERS:
            _answers.pop(next(iter(_answers)), None)
        _answers[key] = found
    return found


def _tried(replaying: Replaying, candidate: Agreement) -> Tried:
    counting = replaying.counting(candidate)
    replay = counting.replay(counting.groups(replaying.names))
    even = {each: break_even_of(counting.now, each) for each in Behaviour}
    return Tried(replay, even)


def counted(kept: KeptReview, candidate: Agreement) -> Counting:
    """Return the answers to every past deal, for the deals behind a figure.

    Raises:
        LockHeldError: If too many such questions wait.
    """
    with turn():
        return _opened(kept).counting(candidate)


_opened_last: dict[tuple[str, str], Replaying] = {}
_answers: dict[tuple[str, str], Tried] = {}


def _opened(kept: KeptReview) -> Replaying:
    key = (str(kept.folder), kept.measured_by)
    found = _opened_last.get(key)
    if found is None:
        found = read(kept, house.agreements())
        _opened_last.clear()
        _opened_last[key] = found
    return found


def _measured_by(kept: KeptReview) -> str:
    return Occasion.of(kept.snapshot, house.agreements(), kept.as_of, None).measured_by


def _key(kept: KeptReview, base: Agreement) -> str:
    named = hashlib.sha256(kept.key.encode()).hexdigest()[:8]
    return f"{JOB}:{named}:{shape_name(base)}"
