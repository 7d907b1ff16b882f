"""Weeks of sell-through as they would have been, had promotions given way to a candidate.

What promotions did to a week is θ (see `ledger.lift`). With the promotions that give way cut,
shortened, moved or gone, its depth, feature and display, whether it follows a promotion, and how
many of its neighbours are on deal are other, and θ with them: it would have sold u·e^(θ' − θ).
What the week sold by chance stays in it, and so does how its account × product answers.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.books.books import Books
from counterpoise.desk.promotion_chain import WEEK
from counterpoise.ledger.lift import Lift
from counterpoise.ledger.promotion_cover import CELL
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, OWN
from counterpoise.rehearse.giving_way import Way

UNIT = ("account_id", "product_id")
_AS_IT_IS, _ENDS = 1e9, -1.0
"""Depths to which nothing is cut, and that no promotion has: there the week is not on deal."""
_AT = (*UNIT, "day")
_YES, _NO = ibis.literal(True), ibis.literal(False)


def lifted_weeks(found: Lift) -> ir.Table:
    """Return the weeks that a lift was measured on, with how each account × product answers."""
    return found.answers.weeks


def otherwise(books: Books, found: Lift, cover: ir.Table, plan: ir.Table) -> ir.Table:
    """Return the weeks of the accounts where a promotion gives way, and how they would differ.

    Args:
        books: They run what is kept on the way.
        found: What promotions do to volume, with the weeks.
        cover: The weeks that promotions cover: promotion_id, account, product, week.
        plan: What becomes of each promotion (see `giving_way`).

    Returns:
        Grain: account × product × week. Its columns and, for each name in `found.effects`,
        `by_NAME`: by how much that regressor would be other; `price`, the net price.
    """
    laid = books.keep(_laid(cover, plan), "calendar_cover")
    accounts = laid.filter(laid.way.notnull()).select("account_id").distinct()
    weeks = lifted_weeks(found).semi_join(accounts, "account_id")
    rows = books.keep(weeks.mutate(day=_day(weeks.week)), "calendar_rows")
    state = books.keep(_state(rows, laid), "calendar_state")
    moved = _neighbours(_after(state))
    known = {name: moved[f"by_{name}"] for name in found.effects}
    depth = moved.by_depth if "depth" in found.effects else ibis.literal(0.0)
    price = moved.net_price.cast("float64") * (-depth).exp()
    return moved.mutate(price=price).mutate(**{f"by_{name}": each for name, each in known.items()})


def _laid(cover: ir.Table, plan: ir.Table) -> ir.Table:
    """Return what becomes of each promotion in each week that it covers."""
    told = plan.select(
        "promotion_id", "way", "cut_to", "days_kept", "weeks_later", first=_day(plan.starts_on)
    )
    joined = cover.inner_join(told, "promotion_id")
    day = _day(joined.week)
    cap = ibis.coalesce(-((1.0 - joined.cut_to.cast("float64")).ln()), _AS_IT_IS)
    runs = (joined.way != Way.NOT_RUN.value) & (day - joined.first < joined.days_kept)
    here = ibis.cases(
        (joined.way.isnull(), _AS_IT_IS),
        (~runs | (joined.way == Way.MOVED.value), _ENDS),
        else_=cap,
    )
    there = ibis.ifelse(runs & (joined.way == Way.MOVED.value), cap, ibis.null("float64"))
    to = day + joined.weeks_later * WEEK
    return joined.select("promotion_id", *CELL, "way", day=day, here=here, there=there, to=to)


def _state(rows: ir.Table, laid: ir.Table) -> ir.Table:
    """Add whether each week would be on deal, and how."""
    caps = laid.group_by(**{f"at_{name}": laid[name] for name in _AT}).aggregate(
        cap=laid.here.max()
    )
    caps = caps.filter(caps.cap < _AS_IT_IS)
    moved = laid.filter(laid.there.notnull()).select(*_AT, "there", "to")
    moved = rows.filter(rows.on_deal).inner_join(moved, _AT)
    placed = moved.group_by(
        to_account_id=moved.account_id, to_product_id=moved.product_id, to_day=moved.to
    ).aggregate(
        put_depth=ibis.least(moved.depth, moved.there).max(),
        put_featured=moved.featured.max(),
        put_displayed=moved.displayed.max(),
    )
    joined = rows.left_join(caps, [rows[name] == caps[f"at_{name}"] for name in _AT])
    joined = joined.left_join(placed, [joined[name] == placed[f"to_{name}"] for name in _AT])
    ends = ibis.coalesce(joined.on_deal & (joined.cap == _ENDS), _NO)
    is_cut = joined.on_deal & joined.cap.notnull()
    kept = {name: ibis.ifelse(ends, 0.0, joined[name]) for name in OWN}
    kept["depth"] = ibis.ifelse(is_cut & ~ends, ibis.least(joined.depth, joined.cap), kept["depth"])
    now = {
        f"by_{name}": ibis.greatest(kept[name], ibis.coalesce(joined[f"put_{name}"], 0.0))
        - joined[name]
        for name in OWN
    }
    is_on = (joined.on_deal & ~ends) | joined.put_depth.notnull()
    dropped = [name for name in joined.columns if name.startswith(("at_", "to_", "put_"))]
    return joined.mutate(is_on=is_on, **now).drop("cap", *dropped)


def _after(state: ir.Table) -> ir.Table:
    """Add by how much a week would follow a promotion that it did not, or the other way round."""
    ran = state.filter(state.on_deal | state.is_on)
    joined, before = state, []
    for at in range(1, len(AFTER) + 1):
        moved = ran.select(
            **{f"past_{name}": ran[name] for name in UNIT},
            past_day=ran.day + WEEK * at,
            **{f"was_{at}": ran.on_deal, f"now_{at}": ran.is_on},
        )
        on = [joined[name] == moved[f"past_{name}"] for name in _AT]
        joined = joined.left_join(moved, on).drop(*(f"past_{name}" for name in _AT))
        before += [f"was_{at}", f"now_{at}"]
    was = _follows(joined, "was", joined.on_deal)
    now = _follows(joined, "now", joined.is_on)
    shifts = {f"by_{name}": now[at] - was[at] for at, name in enumerate(AFTER)}
    return joined.mutate(**shifts).drop(*before)


def _follows(joined: ir.Table, when: str, is_on: ir.BooleanValue) -> list[ir.FloatingValue]:
    """Return 1 where a week is the first, or the second, after a promotion that is over."""
    free, found = ~is_on, []
    for at in range(1, len(AFTER) + 1):
        past = ibis.coalesce(joined[f"{when}_{at}"], _NO)
        found.append(ibis.ifelse(free & past, 1.0, 0.0))
        free = free & ~past
    return found


def _neighbours(moved: ir.Table) -> ir.Table:
    """Add by how much more or less of a good's neighbours would be on deal."""
    own = _number(moved.is_on) - _number(moved.on_deal)
    moved = moved.mutate(own=own)
    families = moved.filter(moved.product_family.notnull())
    sums = families.group_by(
        near_account=families.account_id, near_family=families.product_family, near_day=families.day
    ).aggregate(more=families.own.sum(), goods=families.count().cast("float64"))
    joined = moved.left_join(
        sums,
        [
            moved.account_id == sums.near_account,
            moved.product_family == sums.near_family,
            moved.day == sums.near_day,
        ],
    )
    share = (joined.more - joined.own) / (joined.goods - 1.0).nullif(0.0)
    near = {f"by_{NEIGHBOURS[0]}": ibis.coalesce(share, 0.0)}
    return joined.mutate(**near).drop("own", "more", "goods", "near_account", "near_family")


def _number(flag: ir.BooleanValue) -> ir.FloatingValue:
    found: ir.FloatingValue = ibis.ifelse(flag, 1.0, 0.0)
    return found


def _day(value: ir.DateValue) -> ir.IntegerValue:
    """Return the number of a day."""
    seconds = value.cast("timestamp").epoch_seconds().cast("int64")
    found: ir.IntegerValue = seconds // 86_400
    return found
