"""The cast fills every role of the demo company."""

from counterpoise.web import house
from counterpoise.web.access import Reach, scope_of
from counterpoise.web.live import live
from counterpoise.web.people.cast import Member, make_cast


def test_has_one_account_a_role(cast: dict[str, Member]) -> None:
    roles = {part: (member.user.side, member.user.role) for part, member in cast.items()}
    assert roles == {
        "lead": ("both", "revenue_lead"),
        "manager": ("sales", "sales_manager"),
        "rep": ("sales", "rep"),
        "marketer": ("marketing", "product_marketing"),
        "analyst": ("both", ""),
        "stranger": ("sales", "rep"),
    }


def test_may_sign_for_each_side(cast: dict[str, Member]) -> None:
    signers = {part for part, member in cast.items() if member.user.may_sign}
    assert signers == {"lead", "manager", "marketer"}
    assert [part for part, member in cast.items() if member.user.is_administrator] == ["analyst"]


def test_sees_as_far_as_each_may(cast: dict[str, Member]) -> None:
    reaches = {part: scope_of(member.user).reach for part, member in cast.items()}
    assert reaches == {
        "lead": Reach.EVERYTHING,
        "manager": Reach.TEAM,
        "rep": Reach.OWN,
        "marketer": Reach.CAMPAIGNS,
        "analyst": Reach.EVERYTHING,
        "stranger": Reach.NOTHING,
    }
    team = scope_of(cast["manager"].user)
    assert team.opens(cast["rep"].user.person_id)
    assert scope_of(cast["marketer"].user).campaigns


def test_is_made_once(cast: dict[str, Member]) -> None:
    latest = house.agreements().latest
    assert latest
    assert make_cast(live(), latest.agreement) == []


def test_has_passwords_that_let_in(cast: dict[str, Member]) -> None:
    for member in cast.values():
        member.user.refresh_from_db()
        assert member.user.check_password(member.password)
