"""Passing on questions of somebody who leaves."""

from __future__ import annotations

from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.saying import detail
from counterpoise.web.talk.states import QuestionState
from counterpoise.web.talk.things import thing_for


def hand_over(leaver: User, successor: User) -> int:
    """Give the open questions that one person owes to another, and return how many.

    Where the successor may not open the thing, or asked it, who asked finds another owner.
    """
    owed = Question.objects.filter(owner=leaver, state=QuestionState.OPEN).select_related("words")
    done = list(owed.order_by("pk"))
    for question in done:
        asked = question.words.author_id == successor.pk
        can = not asked and thing_for(successor, question.words.thing) is not None
        question.owner = successor if can else None
        question.owner_side = successor.side if can else question.owner_side
        question.save(update_fields=["owner", "owner_side"])
        record(None, "question.handed_over", question.words.thing, detail(question))
    return len(done)
