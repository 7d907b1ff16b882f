"""What both sides do with each other, as programs are told: in ids and figures, without words.

A question about a crack that is a person's is told of nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from counterpoise.desk.decision import plain
from counterpoise.web.cracks.models import PERSON, Crack
from counterpoise.web.joint.models import JointReview
from counterpoise.web.joint.states import ReviewState
from counterpoise.web.people.inviting import home_address
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.states import TransferState
from counterpoise.web.results.reading import latest
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.states import Kind, QuestionState
from counterpoise.web.talk.things import url_of_words
from counterpoise.web.webhooks.happening import Happened, untold
from counterpoise.web.webhooks.models import Topic

_BROKEN = "broken"


def between_both_sides(since: dt.datetime) -> Iterator[Happened]:
    """Yield what happened since an instant and no message tells."""
    yield from untold(list(_questions(since)))
    yield from untold(list(_joint_reviews(since)))
    yield from untold(list(_transfers(since)))
    yield from untold(list(_broken_promises(since)))


def _questions(since: dt.datetime) -> Iterator[Happened]:
    late = Q(words__at__gte=since) | Q(settled_at__gte=since, state=QuestionState.ANSWERED)
    found = list(Question.objects.filter(late).select_related("words").order_by("pk"))
    of_people = _of_people({each.words.thing for each in found})
    for each in found:
        if each.words.thing in of_people:
            continue
        if each.words.at >= since:
            key = f"{Topic.QUESTION_ASKED.value}:{each.pk}"
            yield Happened(Topic.QUESTION_ASKED, key, each.words.at, _of_question(each))
        if each.settled_at and each.settled_at >= since and each.state == QuestionState.ANSWERED:
            key = f"{Topic.QUESTION_ANSWERED.value}:{each.pk}"
            yield Happened(Topic.QUESTION_ANSWERED, key, each.settled_at, _of_question(each))


def _of_people(things: set[str]) -> set[str]:
    """Return which of these things are cracks about a person."""
    head = f"{Kind.CRACK}:"
    slugs = [each.removeprefix(head) for each in things if each.startswith(head)]
    found = Crack.objects.filter(slug__in=slugs, subject_type=PERSON)
    return {f"{head}{slug}" for slug in found.values_list("slug", flat=True)}


def _of_question(question: Question) -> dict[str, Any]:
    words = question.words
    url = url_of_words(words.thing, words.pk)
    return {
        "id": question.pk,
        "thing": words.thing,
        "state": str(question.state),
        "asker_side": question.asker_side,
        "owner_side": question.owner_side,
        "asked_at": words.at.isoformat(),
        "due_at": question.due_at.isoformat(),
        "answered_at": question.settled_at.isoformat() if question.settled_at else None,
        "url": f"{home_address()}{url}",
    }


def _joint_reviews(since: dt.datetime) -> Iterator[Happened]:
    found = JointReview.objects.filter(state=ReviewState.HELD, ended_at__gte=since)
    for each in found.prefetch_related("points__decisions", "points__actions").order_by("pk"):
        points = list(each.points.all())
        data = {
            "id": each.pk,
            "starts_at": each.starts_at.isoformat(),
            "points": len(points),
            "decisions": sum(
                one.struck_at is None for point in points for one in point.decisions.all()
            ),
            "actions": sum(len(point.actions.all()) for point in points),
            "url": home_address() + reverse("joint:review", args=[each.pk]),
        }
        assert each.ended_at is not None
        yield Happened(Topic.HELD, f"{Topic.HELD.value}:{each.pk}", each.ended_at, data)


def _transfers(since: dt.datetime) -> Iterator[Happened]:
    found = Transfer.objects.filter(state=TransferState.SIGNED, settled_at__gte=since)
    for each in found.order_by("pk"):
        data = {
            "id": each.pk,
            "from_budget": each.from_budget,
            "to_budget": each.to_budget,
            "amount": plain(each.amount),
            "first_on": each.first_on.isoformat(),
            "proposed_side": each.proposed_side,
            "agreement": each.agreement,
            "url": f"{home_address()}{reverse('promises:promises')}#transfer-{each.pk}",
        }
        assert each.settled_at is not None
        yield Happened(Topic.SIGNED, f"{Topic.SIGNED.value}:{each.pk}", each.settled_at, data)


def _broken_promises(since: dt.datetime) -> Iterator[Happened]:
    """Yield promises that the latest review finds broken, once a week each."""
    kept = latest()
    if kept is None or kept.made_at < since:
        return
    year, week, _ = timezone.localdate(kept.made_at).isocalendar()
    for told in kept.object["promises"]:
        if told["status"] != _BROKEN:
            continue
        side, name = told["side"], told["id"]
        data = {
            "side": side,
            "id": name,
            "metric": told["metric"],
            "kept": told["kept"],
            "enough": told.get("enough"),
            "due": told["due"],
            "as_of": kept.as_of.isoformat(),
            "url": home_address() + reverse("promises:promises"),
        }
        key = f"{Topic.BROKEN.value}:{side}.{name}:{year}-W{week:02}"
        yield Happened(Topic.BROKEN, key, timezone.localtime(kept.made_at, dt.UTC), data)
