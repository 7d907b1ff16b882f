"""The prices put to a customer on the way: first, between and last."""

from __future__ import annotations

import numpy as np

from counterpoise.demo.arrays import Flags, Ints, choose
from counterpoise.demo.columns import ids, instants, money
from counterpoise.demo.deals import OPEN, Deals, Offers
from counterpoise.demo.export import Columns
from counterpoise.demo.outcomes import net_prices, price
from counterpoise.demo.rates import POINT
from counterpoise.demo.world import World

WIDTH = 8
_AT_LIST = 0.45  # of deals that end below list, the first offer is at list


def offer(world: World, deals: Deals, rng: np.random.Generator) -> None:
    """Draw how each deal was offered; what is given comes step by step."""
    size = deals.size
    count = 1 + choose(rng, np.array([0.3, 0.42, 0.28]), size)
    starts = rng.random(size)
    share = np.where(starts < _AT_LIST, 0.0, rng.uniform(0.2, 0.9, size))
    first = np.where(deals.rate > 0, share * deals.rate, deals.rate) // POINT * POINT
    first_rate = np.where(count == 1, deals.rate, first.astype(np.int64))
    between = (first_rate + (deals.rate - first_rate) * rng.uniform(0.3, 0.8, size)) // 1_000
    middle_rate = between.astype(np.int64) * 1_000
    deals.offers = Offers(count, first_rate, middle_rate, *_dates(world, deals, rng))


def put_prices(world: World, deals: Deals) -> None:
    """Set the prices that stand on the last day: of a young deal those of its first offer."""
    offers = deals.offers
    young = (deals.outcome == OPEN) & (offers.last >= world.ends)
    young &= offers.count > 1
    price(deals, np.where(young, offers.first_rate, deals.rate))
    unseen = np.where(offers.count > 1, offers.first, offers.last) >= world.ends
    deals.recorded &= ~unseen


def offers_table(world: World, deals: Deals, first_number: int) -> Columns:
    """Return the offers on record up to the last day, those of a deal side by side."""
    deal, rate, at = _rows(deals)
    seen = np.flatnonzero(deals.recorded[deal] & (at < world.ends))
    deal, rate, at = deal[seen], rate[seen], at[seen]
    listed = deals.sums(deals.lines.quantity * deals.lines.list_price)
    net = np.empty(len(deal), dtype=np.int64)
    turn = _turns(deal)
    for step in range(3):
        rows = np.flatnonzero(turn == step)
        of_deal = np.zeros(deals.size, dtype=np.int64)
        of_deal[deal[rows]] = rate[rows]
        amounts = deals.sums(deals.lines.quantity * net_prices(deals, of_deal))
        net[rows] = amounts[deal[rows]]
    return {
        "offer_id": ids("O", first_number + np.arange(len(deal)), WIDTH),
        "deal_id": ids("D", deals.number[deal], WIDTH),
        "offered_at": instants(at),
        "list_amount": money(listed[deal]),
        "net_amount": money(net),
    }


def _dates(world: World, deals: Deals, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    work, size = world.work, deals.size
    created, closed = work.position(deals.created), work.position(deals.closed)
    decided = work.position(np.maximum(deals.decided, 0))
    allowed = (deals.decided >= 0) & (deals.decided <= deals.closed)
    low = np.where(allowed, np.maximum(created, decided), created)
    last = low + (rng.uniform(0.5, 0.95, size) * (closed - low)).astype(np.int64)
    first = created + (rng.uniform(0.05, 0.3, size) * (last - created)).astype(np.int64)
    middle = first + (rng.uniform(0.3, 0.8, size) * (last - first)).astype(np.int64)
    return work.at(first), work.at(middle), work.at(last)


def _rows(deals: Deals) -> tuple[Ints, Ints, Ints]:
    offers = deals.offers
    every = np.arange(deals.size)
    here: list[Flags] = [offers.count > 1, offers.count > 2, offers.count > 0]
    deal = np.stack([every] * 3, axis=1)
    rate = np.stack([offers.first_rate, offers.middle_rate, deals.rate], axis=1)
    at = np.stack([offers.first, offers.middle, offers.last], axis=1)
    keep = np.stack(here, axis=1)
    return deal[keep], rate[keep], at[keep]


def _turns(deal: Ints) -> Ints:
    """Return 0 for a deal's first offer here, 1 for its second, 2 for its third."""
    new = np.r_[True, deal[1:] != deal[:-1]] if len(deal) else np.zeros(0, dtype=bool)
    starts = np.flatnonzero(new)
    return np.arange(len(deal)) - np.repeat(starts, np.diff(np.r_[starts, len(deal)]))
