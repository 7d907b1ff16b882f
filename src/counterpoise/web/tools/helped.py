"""The deals that a person helped with a value tool: used one, or has one that was used."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from counterpoise.ledger.helping import Helping
from counterpoise.web.people.models import User
from counterpoise.web.tools.models import Tool, Use


def helped_deals(user: User, limit: int) -> Mapping[Helping, set[str]]:
    """Return the deals on which a person's tools, or tools by that person, were used last."""
    uses = Use.objects.exclude(deal_id="").order_by("-at")
    made = Q(owner=None, made_by=user, is_imported=False)
    own = Tool.objects.filter(Q(owner=user) | made).values_list("tool_id", flat=True)
    return {
        Helping.TOOL_USED: set(uses.filter(user=user).values_list("deal_id", flat=True)[:limit]),
        Helping.TOOL_MADE: set(
            uses.filter(tool_id__in=own).values_list("deal_id", flat=True)[:limit]
        ),
    }
