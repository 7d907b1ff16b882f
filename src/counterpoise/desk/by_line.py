"""By line: deals under a version whose basis is the line, judged line by line, strictest first."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields
from counterpoise.books.facts import View, line_facts
from counterpoise.books.money import MONEY
from counterpoise.desk.dividing import PARTS
from counterpoise.desk.judge import NUMBERED, judge_by_number
from counterpoise.desk.placing import PLACED, place
from counterpoise.desk.rules import Rules

_LINES = 1_000_000
"""More than any deal has."""


@dataclass(frozen=True)
class JudgedLines:
    """The priced lines, as placed on the chain and as judged; `key` identifies one."""

    placed: ir.Table
    judged: ir.Table
    key: tuple[str, ...] = ("deal_id", "line_no")


def lines_judged(view: View, facts: ir.Table, rules: Rules, fields: Fields) -> JudgedLines:
    """Judge the priced lines of deals whose version asks for it.

    Each line has its deal's facts, and its own product and amounts.

    Args:
        view: The books as of a day.
        facts: What is known of each deal, as `deal_facts` tells.
        rules: The versions.
        fields: The fields that conditions may name.
    """
    lines = line_facts(view)
    own = {name for name in lines.columns if name != "deal_id"}
    of_deal = facts.drop(*(name for name in facts.columns if name in own))
    placed = place(lines.inner_join(of_deal, "deal_id"), rules, fields)
    placed = placed.filter(placed.version.isin(rules.judging_lines) & placed.concession.notnull())
    read = ("list_amount", "net_amount", "concession", "closed_at", "day", "owner_id", *PLACED)
    kept = view.books.keep(placed.select("deal_id", "line_no", *read), "placed_lines")
    return JudgedLines(kept, judge_by_number(kept, rules, JudgedLines.key))


def laid_over(judged: ir.Table, lines: ir.Table) -> ir.Table:
    """Answer for each deal what the strictest of its lines gets, and add their parts up.

    Args:
        judged: The deals as judged and divided in one piece; grain kept.
        lines: The lines as judged and divided.
    """
    worst = lines.strict_code * _LINES - lines.line_no
    best = lines.lenient_code * _LINES - lines.line_no
    answers = {
        "clause_number": lines.clause_number.argmax(worst),
        "authority_low": lines.authority_low.min(),
        "authority_high": lines.authority_high.min(),
        "strict_code": lines.strict_code.max(),
        "lenient_code": lines.lenient_code.max(),
        "strict_approver_number": lines.strict_approver_number.argmax(worst),
        "lenient_approver_number": lines.lenient_approver_number.argmax(best),
        "asker_rank_low": lines.asker_rank_low.min(),
        "asker_rank_high": lines.asker_rank_high.max(),
        **{part: lines[part].sum().cast(MONEY) for part in PARTS},
    }
    summed = lines.group_by(lined_deal="deal_id").aggregate(
        **{f"line_{name}": answer for name, answer in answers.items()}
    )
    joined = judged.left_join(summed, judged.deal_id == summed.lined_deal)
    by_line = joined.lined_deal.notnull() & joined.priced
    names = (*NUMBERED, *PARTS)
    return joined.select(
        *(name for name in judged.columns if name not in names),
        **{name: ibis.ifelse(by_line, joined[f"line_{name}"], joined[name]) for name in names},
    )
