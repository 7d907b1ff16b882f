"""Amounts add up to the cent, and rates are what people wrote."""

import pytest

from counterpoise.demo import Company
from tests.demo.conftest import Ask, Make


@pytest.fixture(scope="module")
def company(make: Make) -> Company:
    """Return the company of the demo, faults and all."""
    return make()


def test_deals_are_the_sum_of_their_lines(company: Company, ask: Ask) -> None:
    [(compared, wrong)] = ask(
        company,
        """
        with sums as (
          select deal_id, sum(quantity * list_price::decimal(18, 2)) as listed,
                 sum(quantity * net_price::decimal(18, 2)) as net
          from deal_lines group by all)
        select count(*), count(*) filter (
          listed <> list_amount::decimal(18, 2) or net <> net_amount::decimal(18, 2))
        from deals join sums using (deal_id)
        """,
    )
    assert wrong == 0
    assert compared > 5_500


def test_deals_without_a_recorded_offer_have_neither_lines_nor_amounts(
    company: Company, ask: Ask
) -> None:
    [(with_lines,)] = ask(
        company,
        "select count(*) from deals join deal_lines using (deal_id) where list_amount is null",
    )
    [(with_offers,)] = ask(
        company,
        "select count(*) from deals d join offers using (deal_id) where d.list_amount is null",
    )
    [(half,)] = ask(
        company, "select count(*) from deals where (list_amount is null) <> (net_amount is null)"
    )
    assert (with_lines, with_offers, half) == (0, 0, 0)


def test_the_last_offer_is_the_price_that_stands(company: Company, ask: Ask) -> None:
    [(deals, same)] = ask(
        company,
        """
        with last as (
          select deal_id, arg_max(net_amount, offered_at) as net from offers group by all)
        select count(*), count(*) filter (net = net_amount)
        from deals join last using (deal_id) where outcome in ('won', 'lost')
        """,
    )
    assert same / deals > 0.999  # two offers within one minute are the rest


def test_most_lost_deals_have_their_offers_on_record(company: Company, ask: Ask) -> None:
    [(share,)] = ask(
        company, "select avg((list_amount is not null)::int) from deals where outcome = 'lost'"
    )
    assert 0.95 < share < 0.99


def test_rates_heap_on_round_figures(company: Company, ask: Ask) -> None:
    shares: dict[str, float] = dict(
        ask(
            company,
            """
            select case when rate % 5 = 0 then 'five' when rate % 1 = 0 then 'one' else 'other' end,
                   count(*) / sum(count(*)) over ()
            from (select round(100 * (1 - net_amount / list_amount), 1) as rate from deals
                  where net_amount < list_amount)
            group by all
            """,
        )
    )
    # Left alone, a tenth of rates to a tenth of a point are whole, and a fiftieth multiples of 5.
    assert shares["five"] > 0.15
    assert shares["one"] > 0.35


def test_prices_rounded_to_cents_never_push_a_rate_over(company: Company, ask: Ask) -> None:
    [(over,)] = ask(
        company,
        """
        select count(*) from approvals a join deals using (deal_id)
        where subject = 'discount' and verdict = 'approved' and outcome in ('won', 'lost')
          and (list_amount - net_amount)::decimal(38, 10)
              > list_amount::decimal(18, 2) * value::decimal(9, 6)
        """,
    )
    assert over == 0


def test_a_share_of_deals_is_in_foreign_currency(company: Company, ask: Ask) -> None:
    shares: dict[str, float] = dict(
        ask(company, "select currency, count(*) / sum(count(*)) over () from deals group by all")
    )
    assert set(shares) == {"USD", "EUR", "GBP"}
    assert 0.05 < shares["EUR"] + shares["GBP"] < 0.5


def test_lines_carry_the_list_price_of_their_day(company: Company, ask: Ask) -> None:
    [(wrong,)] = ask(
        company,
        """
        select count(*) from deal_lines l join deals d using (deal_id)
        where currency = 'USD' and outcome <> 'open' and l.list_price <> (
          select arg_max(p.list_price, p.valid_from) from list_prices p
          where p.product_id = l.product_id and p.valid_from <= d.closed_at::date)
        """,
    )
    assert wrong == 0
