"""Long work of the rehearsal: the effect of a candidate."""

from __future__ import annotations

from counterpoise.web.rehearsals import replaying
from counterpoise.web.rehearsals.estimating import JOB, estimate
from counterpoise.web.work.jobs import Running, job


@job(JOB, title="Rehearse a change of the agreement")
def rehearse_candidate(running: Running) -> dict[str, int]:
    """Answer past deals by a candidate, and estimate what it would have done."""
    return estimate(running)


@job(replaying.JOB, title="Lay past deals out for rehearsals")
def lay_out_deals(running: Running) -> dict[str, str]:
    """Place past deals for candidates of one shape, beside the review that is shown."""
    return replaying.lay(running)
