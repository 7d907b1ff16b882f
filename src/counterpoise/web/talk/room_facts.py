"""What the room knows of questions, as rows of the table `questions`; no word of what was asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from counterpoise.web.talk.models import Question
from counterpoise.web.talk.states import QuestionState

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the questions with their answers; what was taken back asks nobody."""
    asked = Question.objects.exclude(state=QuestionState.WITHDRAWN)
    found = asked.select_related("words", "owner").order_by("pk")
    return {"questions": [_row(each) for each in found]}


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
