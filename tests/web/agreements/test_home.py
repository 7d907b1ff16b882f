import datetime as dt
from collections.abc import Mapping

from counterpoise.agreement import Agreements, Status, parse_agreement
from counterpoise.web.agreements import home
from counterpoise.web.agreements.lapses import lapsing
from counterpoise.web.agreements.models import Proposal
from counterpoise.web.people.models import User
from tests.web.agreements.texts import TEXT

FORCE = "from: 2026-01-01, if_lapsed: continue"


def versions(force: str, more: str = "") -> Agreements:
    text = TEXT.format(start="2026-01-01").replace(FORCE, force) + more
    return Agreements.of([parse_agreement(text)], Status.RATIFIED)


def test_announces_an_end_with_nothing_after_it() -> None:
    ends = versions("from: 2026-01-01, until: 2026-06-30")
    assert lapsing(ends, dt.date(2026, 5, 30)) == []
    (lapse,) = lapsing(ends, dt.date(2026, 5, 31))
    assert lapse.clause == "in_force"
    assert lapse.says.startswith("After 30 June 2026 nothing is agreed.")


def test_announces_an_exception_that_ends() -> None:
    row = (
        "{id: acme, when: {account_id: A1}, from: 2026-01-01, until: 2026-03-31, up_to: {rep: 9%}}"
    )
    (lapse,) = lapsing(versions(FORCE, f"exceptions:\n  - {row}\n"), dt.date(2026, 3, 31))
    assert (lapse.clause, lapse.last_on) == ("exceptions.acme", dt.date(2026, 3, 31))


def test_a_proposal_waits_for_those_who_may_sign(
    people: Mapping[str, User], proposal: Proposal
) -> None:
    waiting = {name: [item.says for item in home.waits_for(user)] for name, user in people.items()}
    assert waiting["marketer"] == waiting["manager"] == ["Read and sign: Next year"]
    assert waiting["rep"] == waiting["analyst"] == []


def test_tells_what_was_proposed(people: Mapping[str, User], proposal: Proposal) -> None:
    before = proposal.proposed_at - dt.timedelta(seconds=1)
    (item,) = home.happened_since(people["rep"], before)
    assert item.says == "Manager proposed Next year"
    assert list(home.happened_since(people["rep"], proposal.proposed_at)) == []
