"""People hold the roles of their days, and decide what they may."""

from counterpoise.demo import Company
from tests.demo.conftest import Ask


def test_some_reps_become_managers_on_the_way(blameless: Company, ask: Ask) -> None:
    promoted = ask(
        blameless,
        "select person_id from person_roles group by all having count(distinct role) = 2",
    )
    assert len(promoted) == 1  # of 20 seats, one in twenty
    [(person,)] = promoted
    [(role,)] = ask(blameless, f"select role from people where person_id = '{person}'")
    assert role == "Sales Manager"


def test_their_seat_passes_on_and_nobody_starts_a_deal_there(blameless: Company, ask: Ask) -> None:
    [(late,)] = ask(
        blameless,
        """
        select count(*) from deals d join person_roles r on r.person_id = d.owner_id
        where r.role = 'Sales Manager' and d.created_at::date >= r.valid_from
        """,
    )
    assert late == 0
    newcomers = ask(
        blameless,
        "select person_id from person_roles where valid_from > '2024-01-01'"
        " group by all having count(*) = 1",
    )
    assert newcomers


def test_nobody_decides_their_own_request(blameless: Company, ask: Ask) -> None:
    assert ask(blameless, "select 1 from approvals where decided_by = requested_by") == []


def test_who_decides_holds_the_role_that_day(blameless: Company, ask: Ask) -> None:
    roles = {
        "sales_manager": "Sales Manager",
        "product_marketing": "Product Marketing Manager",
        "revenue_lead": "Chief Revenue Officer",
    }
    found = ask(
        blameless,
        """
        select distinct decided_role, coalesce(
          (select arg_max(r.role, r.valid_from) from person_roles r
           where r.person_id = a.decided_by and r.valid_from <= a.decided_at::date), p.role)
        from approvals a join people p on p.person_id = a.decided_by
        """,
    )
    assert {tuple(row) for row in found} == set(roles.items())


def test_managers_lead_the_team_of_those_who_ask(blameless: Company, ask: Ask) -> None:
    [(strangers,)] = ask(
        blameless,
        """
        select count(*) from approvals a
        join people asks on asks.person_id = a.requested_by
        join people answers on answers.person_id = a.decided_by
        where a.decided_role = 'sales_manager' and asks.team <> answers.team
        """,
    )
    assert strangers == 0


def test_blameless_reps_differ_in_their_rates(blameless: Company, ask: Ask) -> None:
    rates = ask(
        blameless,
        """
        select avg(1 - net_amount / list_amount) from deals join accounts using (account_id)
        where segment in ('Small', 'Mid-market') group by owner_id having count(*) > 100
        """,
    )
    values = [rate for (rate,) in rates]
    mean = sum(values) / len(values)
    spread = (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5
    # 1.2 points of style, besides territory and chance.
    assert 0.007 < spread < 0.022
