"""What the room knows of questions and of campaigns that sales was told of, as rows of tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from counterpoise.web.talk.calendar import Campaign, started
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.states import QuestionState

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return questions without their words, those taken back left out, and notices of campaigns."""
    asked = Question.objects.exclude(state=QuestionState.WITHDRAWN)
    found = asked.select_related("words", "owner").order_by("pk")
    return {
        "questions": [_row(each) for each in found],
        "campaign_notices": [_notice(each) for each in started(timezone.localdate())],
    }


def _notice(campaign: Campaign) -> Row:
    told = campaign.told
    return {
        "campaign_id": campaign.id,
        "starts_on": campaign.starts_on,
        "told_on": timezone.localdate(told.given_at) if told else None,
        "owner_id": campaign.owner_id or None,
    }


def _row(question: Question) -> Row:
    return {
        "question_id": f"room-{question.pk}",
        "asked_at": _wall(question.words.at),
        "asker_side": question.asker_side,
        "asked_by": question.asker_person_id or None,
        "owner_side": question.owner_side,
        "owner_id": (question.owner.person_id or None) if question.owner else None,
        "due_at": _wall(question.due_at),
        "answered_at": _wall(question.settled_at) if question.settled_at else None,
        "answered_by": question.settled_person_id or None,
    }


def _wall(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(tzinfo=None)
