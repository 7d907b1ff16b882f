"""Taking a counter-offer with one click: asked anew with its terms, its yes given already."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from counterpoise.web.desk.states import Said, State
from counterpoise.web.people.models import User
from counterpoise.web.promotions.asking import PromotionAskingError, ask_promotion
from counterpoise.web.promotions.models import AskedPromotion, PromotionAnswer


def counter_of(promotion: AskedPromotion) -> PromotionAnswer | None:
    """Return the counter-offer that ended a request, None where none did."""
    if promotion.state != State.COUNTERED:
        return None
    return promotion.answers.filter(said=Said.COUNTERED).select_related("decided_by").last()


def not_taken(user: User) -> QuerySet[AskedPromotion]:
    """Return a person's requests whose counter-offer they have not taken up."""
    return AskedPromotion.objects.filter(asker=user, state=State.COUNTERED, followed_by=None)


def take(asker: User, pk: int, now: dt.datetime | None = None) -> AskedPromotion:
    """Ask with the terms of a counter-offer; taking it twice asks once.

    Raises:
        PromotionAskingError: If it is not the person's own, or has no counter-offer.
        RequestError: If the terms can no longer be answered.
    """
    found = AskedPromotion.objects.filter(pk=pk, asker=asker).first()
    counter = counter_of(found) if found else None
    if found is None or counter is None or counter.written is None:
        raise PromotionAskingError("There is no counter-offer to a request of yours to take.")
    return ask_promotion(asker, counter.written, f"counter-{counter.pk:08}", now=now, follows=found)
