"""Transfers that both sides signed, as rows of the table `budget_transfers`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.states import TransferState

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the rows by table: `budget_transfers`."""
    signed = Transfer.objects.filter(state=TransferState.SIGNED, settled_at__isnull=False)
    return {
        "budget_transfers": [
            {
                "transfer_id": f"room-{each.pk}",
                "first_on": each.first_on,
                "from_budget": each.from_budget,
                "to_budget": each.to_budget,
                "amount": each.amount,
                "signed_at": timezone.localtime(each.settled_at).replace(tzinfo=None),
            }
            for each in signed.order_by("pk")
        ]
    }
