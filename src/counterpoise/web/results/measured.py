"""What a measure reads and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import ibis.expr.types as ir
from pydantic import JsonValue

from counterpoise.agreement import Agreements
from counterpoise.agreement.document import Agreement
from counterpoise.books.facts import View
from counterpoise.ledger import standing
from counterpoise.ledger.touched import Touched, touches_known
from counterpoise.watch.watched import Watched


@dataclass(frozen=True)
class Measured:
    """What a measure may read: the books as of a day, the agreements, and the judged deals."""

    view: View
    agreements: Agreements
    deals: ir.Table
    """Grain: a deal, with the columns of `deal_table`."""
    watched: Watched | None = None
    """What the watch of the same books measured on its way."""

    @cached_property
    def touched(self) -> Touched:
        """Return whose the touches are, worked out once for all measures."""
        return touches_known(self.view)

    @property
    def agreement(self) -> Agreement | None:
        """Return the agreement that the review cites, None where nothing is agreed."""
        version = standing(self.agreements, self.view.as_of)
        return version.agreement if version else None


@dataclass(frozen=True)
class Outcome:
    """What a measure leaves behind: its figures, and tables of the rows behind them by name."""

    figures: JsonValue
    tables: Mapping[str, ir.Table] = field(default_factory=dict)
    """Kept as Parquet, read by `KeptReview.tables`; with `owner_id` and `campaign_id` of each row
    where rows open to people."""


@dataclass(frozen=True)
class Measure:
    """A measure by its name, which is that of its file too."""

    name: str
    compute: Callable[[Measured], Outcome]
