"""A tool that fits and that sellers leave in the drawer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.comparing import Question, compare
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.tool_fit import Tool, decided, tool_cells, tools, uses
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent

_SMALLEST = 0.10


def _missing(watched: Watched) -> str:
    if any(each.says_where for each in tools(watched)):
        return ""
    return "no tool says for which family, persona or competitor it is"


def _named(watched: Watched) -> dict[str, Tool]:
    return {each.id: each for each in tools(watched)}


def _poor(watched: Watched) -> frozenset[str]:
    """Return the tools that are rated below the middle: they are rightly left alone."""
    rated = [each for each in tools(watched) if each.rating is not None]
    middle = float(np.median([each.rating for each in rated])) if rated else 0.0
    return frozenset(each.id for each in rated if (each.rating or 0.0) < middle)


def _test(watched: Watched) -> Iterator[Tested]:
    named, poor = _named(watched), _poor(watched)
    question = Question(
        side=Side.SALES,
        person=("tool", lambda id_: Subject("tool", id_, named[id_].title)),
        group=None,
        smallest=_SMALLEST,
        formula="share of fitting deals below what is expected × their list value a quarter × what "
        "the company concedes of the list value it decides",
        measure="share of the fitting deals on which the tool was used",
        high_is_bad=False,
        uneven=True,
    )
    for found in compare(watched, tool_cells(watched), question):
        if found.subject.id not in poor:
            yield replace(found, low=max(0.0, found.low))


def _says(watched: Watched, found: Tested) -> str:
    tool = _named(watched)[found.subject.id]
    kin = f"other tools of its kind ({tool.kind})" if tool.kind else "other tools"
    usual = f"as before and as {kin} went on" if found.by_past else f"as usual for {kin}"
    return (
        f"“{tool.title}” fits {counted(found.n, 'deal')} and was used on "
        f"{percent(found.observed, 0)} of them, not on {percent(found.expected, 0)} {usual}."
        f"{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    tool = _named(watched)[found.subject.id]
    return (
        f"Ask three sellers with a fitting deal why they did without “{tool.title}”, mend or "
        "retire it, and put it beside the counter-offers of the next fitting deal."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    """Return the fitting deals, each with whether the tool was used on it."""
    fitting = _named(watched)[found.subject.id].fits(decided(watched))
    used = uses(watched)
    own = used.filter(used.tool_id == found.subject.id).select("used_on")
    joined = fitting.left_join(own, fitting.deal_id == own.used_on)
    return joined.mutate(is_used=joined.used_on.notnull()).drop("used_on")


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(watched, found)
    without = own.filter(~own.is_used, own.day >= found.since)
    part = ibis.coalesce(without.at_stake / without.at_stake.sum().over().nullif(0.0), 0.0)
    return without.select(
        "deal_id",
        "day",
        "outcome",
        "owner_id",
        "product_family",
        "persona",
        "competitor",
        "list_amount",
        "net_amount",
        stake_part=part * float(found.stake),
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what sellers see: whether the tool helps, and who ever met it."""
    own = _own(watched, found)
    won = own.outcome == "won"
    row = watched.books.run(
        own.aggregate(
            used=own.is_used.sum(),
            won_with=(won & own.is_used).sum(),
            won_without=(won & ~own.is_used).sum(),
            unused=(~own.is_used).sum(),
            sellers=own.owner_id.nunique(),
            met=own.owner_id.nunique(where=own.is_used),
        )
    ).to_pylist()[0]
    met = f"{row['met']} of {counted(row['sellers'], 'seller')} with such a deal ever used it"
    if not row["used"]:
        return OtherView(f"Sellers cannot tell whether it helps: {met}.")
    with_ = percent(row["won_with"] / row["used"], 0)
    without = percent(row["won_without"] / max(row["unused"], 1), 0)
    return OtherView(
        f"What sellers see of it: {met}; of the deals with it {with_} were won, of the others "
        f"{without}.{of_few(row['used'], 'use')}",
        (("Won with it", with_), ("won without", without)),
    )


KIND = Kind(
    name="tools_unused",
    side=Side.SALES,
    counterpart="tool_gap",
    variants=MappingProxyType({"tool": "tool"}),
    asks="Is there a tool that fits many deals, is not rated poorly, and stays in the drawer?",
    measure="Share of the deals decided whose family, persona and competitor a tool fits on which "
    "it was used, beside the middle one of the other tools of its kind; against what tools differ "
    "by anyway, and the last 182 days against before. Tools rated below the middle are left out.",
    stake="Share missing × list value of fitting deals a quarter × what the company concedes of "
    "the list value it decides.",
    unit=Unit.POINTS,
    needs=("deals", "tools", "tool_uses"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
