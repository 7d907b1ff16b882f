"""Joint reviews as a search finds them: by their points, decisions and actions."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from counterpoise.web.joint.models import Action, Decision, Point
from counterpoise.web.people.models import User
from counterpoise.web.places import Hit
from counterpoise.web.shell.templatetags.figures import day


def find(user: User, words: str, limit: int) -> Sequence[Hit]:  # noqa: ARG001 - all read minutes
    """Return what was decided, promised and noted in which every word stands."""
    terms = words.split()
    if not terms:
        return ()
    related = "point__review"
    decisions = Decision.objects.filter(_every(terms, "text"), struck_at=None)
    decisions = decisions.select_related(related)
    actions = Action.objects.filter(_every(terms, "text")).select_related(related)
    notes = Point.objects.filter(_every(terms, "notes")).select_related("review")
    hits = [
        *(_hit(each.point, each.text, "decided") for each in decisions.order_by("-pk")[:limit]),
        *(_hit(each.point, each.text, each.state) for each in actions.order_by("-pk")[:limit]),
        *(_hit(each, each.says, "minutes") for each in notes.order_by("-pk")[:limit]),
    ]
    return hits[:limit]


def _every(terms: Sequence[str], field: str) -> Q:
    condition = Q()
    for term in terms:
        condition &= Q(**{f"{field}__icontains": term})
    return condition


def _hit(point: Point, text: str, what: str) -> Hit:
    said = " ".join(text.split())
    url = reverse("joint:review", args=[point.review_id]) + f"#point-{point.pk}"
    label = f"{said[:117]}…" if len(said) > 118 else said
    return Hit(label, f"Joint review of {day(point.review.starts_at)} · {what}", url, "review")
