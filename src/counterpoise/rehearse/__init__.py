"""Try another agreement on the company's own past before anybody signs it.

The replay answers every past deal by the candidate and assumes nothing. The effect estimates what
the candidate would have done to wins, revenue and margin, says how far to trust it, and refuses
where the books cannot tell.
"""

from typing import TYPE_CHECKING

from counterpoise.books.late import late_names

if TYPE_CHECKING:
    from counterpoise.rehearse.behind import Behind, deals_behind, told_deals
    from counterpoise.rehearse.candidates import Replaying, replay_many
    from counterpoise.rehearse.rehearsing import (
        Rehearsal,
        check_candidate,
        rehearse,
        rehearse_on,
        with_owners_as,
    )
    from counterpoise.rehearse.replay import Replay
    from counterpoise.rehearse.results import Behaviour, Effect

# Names are looked up when first used: the engine takes long to load.
_HOMES = {
    "Behaviour": "results",
    "Behind": "behind",
    "Effect": "results",
    "Rehearsal": "rehearsing",
    "Replay": "replay",
    "Replaying": "candidates",
    "check_candidate": "rehearsing",
    "deals_behind": "behind",
    "rehearse": "rehearsing",
    "rehearse_on": "rehearsing",
    "replay_many": "candidates",
    "told_deals": "behind",
    "with_owners_as": "rehearsing",
}

__all__ = [
    "Behaviour",
    "Behind",
    "Effect",
    "Rehearsal",
    "Replay",
    "Replaying",
    "check_candidate",
    "deals_behind",
    "rehearse",
    "rehearse_on",
    "replay_many",
    "told_deals",
    "with_owners_as",
]

__getattr__ = late_names(__name__, _HOMES)
