"""The rehearsal as JSON, in the form that other programs rely on (`counterpoise/rehearsal/v1`).

What the contract names comes first and keeps its names; whatever else a page may want is added
after it. Amounts are totals over the period, candidate − actual where they tell a change.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from decimal import Decimal
from typing import Any

from counterpoise.ledger.estimate import Estimate as LedgerEstimate
from counterpoise.ledger.within import Refused
from counterpoise.rehearse.break_even import BreakEven
from counterpoise.rehearse.calendar import CalendarRehearsal, GivenWay
from counterpoise.rehearse.calendar_effect import CalendarEffect
from counterpoise.rehearse.rehearsing import Rehearsal
from counterpoise.rehearse.replay import (
    Answer,
    Answered,
    Counts,
    GroupReplay,
    Load,
    Move,
    Replay,
    Sums,
)
from counterpoise.rehearse.results import Effect, Estimate, Totals

FORM = "counterpoise/rehearsal/v1"
_DIGITS = 6
_MONEY_DIGITS = 4

Json = dict[str, Any]


def rehearsal_json(rehearsal: Rehearsal) -> str:
    """Write a rehearsal as JSON; the same rehearsal gives the same text."""
    found = rehearsal_object(rehearsal)
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def rehearsal_object(rehearsal: Rehearsal) -> Json:
    """Return a rehearsal as plain objects, lists, texts and numbers."""
    return {
        "schema": FORM,
        "deals": rehearsal.deals,
        "from": rehearsal.from_ and rehearsal.from_.isoformat(),
        "until": rehearsal.until and rehearsal.until.isoformat(),
        "replay": replay_object(rehearsal.replay),
        "effect": effect_object(rehearsal.effect),
        "break_even": break_even_object(rehearsal.break_even),
        "as_of": rehearsal.as_of.isoformat(),
        "currency": rehearsal.currency,
        "candidate": {"title": rehearsal.title, "fingerprint": rehearsal.fingerprint},
        **({"promotions": calendar_object(rehearsal.calendar)} if rehearsal.calendar else {}),
    }


def calendar_object(found: CalendarRehearsal) -> Json:
    """Return the rehearsal of a promotion calendar as plain objects."""
    replay = found.replay
    return {
        "promotions": replay.promotions,
        "verdicts_changed": replay.verdicts_changed,
        "moves": [
            {"was": was, "would_be": now, "promotions": count}
            for (was, now), count in replay.changed.items()
        ],
        "approvals": dict(replay.approvals),
        "trade_spend": round(replay.spend, 2),
        "trade_spend_freed": round(replay.freed, 2),
        "trade_spend_let_through": round(replay.allowed, 2),
        "newly_refused": {way.value: count for way, count in replay.ways.items()},
        "told": [_given_way(each) for each in replay.told],
        "effect": _calendar_effect(found.effect),
        "effect_by_way": {way.value: _calendar_effect(each) for way, each in found.by_way.items()},
    }


def _calendar_effect(effect: CalendarEffect | Refused) -> Json:
    if isinstance(effect, Refused):
        return {"status": "refused", "why": effect.why}
    return {
        "status": "estimated",
        "promotions": effect.promotions,
        "units": _ends(effect.units),
        "margin": _ends(effect.margin),
        "weeks_left_out": effect.weeks_left_out,
        "assumes": effect.assumes,
    }


def _given_way(each: GivenWay) -> Json:
    return {
        "promotion_id": each.promotion_id,
        "account_id": each.account_id,
        "goods": each.goods,
        "starts_on": each.starts_on.isoformat(),
        "ends_on": each.ends_on.isoformat(),
        "was": each.was,
        "clause": each.clause,
        "would_be": each.way.value,
        "rate": each.rate,
        "limit": each.limit,
        "weeks_kept": each.weeks_kept,
        "weeks_later": each.weeks_later,
        "trade_spend_freed": round(each.freed, 2),
        "says": each.says,
    }


def _ends(found: LedgerEstimate) -> Json:
    ends = (("estimate", found.value), ("low", found.low), ("high", found.high))
    return {name: round(value, 2) for name, value in ends}


def replay_object(replay: Replay) -> Json:
    """Return a replay as plain objects; the figures of the contract are the candidate's."""
    return {
        "verdicts_changed": replay.changed.deals,
        "granted": replay.now.counts.granted,
        "needs_approval": replay.now.counts.needs_approval,
        "refused": replay.now.counts.refused,
        "approvals_per_week": _a_week(replay.now),
        "unjudged": replay.now.counts.unjudged,
        "unpriced": replay.now.counts.unpriced,
        "no_agreement": replay.now.counts.no_agreement,
        "weeks": replay.weeks,
        "undated": replay.undated,
        "changed": _sums(replay.changed),
        "approvals": [_load(each) for each in replay.now.loads],
        "within_authority": _money(replay.now.within_authority),
        "excluded": {
            "deals": replay.now.excluded,
            "newly": replay.newly_excluded,
            "no_longer": replay.no_longer_excluded,
        },
        "below_floor": {
            "deals": replay.now.below_floor,
            "newly": replay.newly_below_floor,
            "no_longer": replay.no_longer_below_floor,
        },
        "agreement_of_the_day": {
            **vars(replay.was.counts),
            "approvals_per_week": _a_week(replay.was),
            "approvals": [_load(each) for each in replay.was.loads],
            "within_authority": _money(replay.was.within_authority),
            "excluded": replay.was.excluded,
            "below_floor": replay.was.below_floor,
        },
        "moves": [_move(each) for each in replay.moves],
        "first_answers": [_move(each) for each in replay.first_answers],
        "by": {name: [_group(each) for each in found] for name, found in replay.by.items()},
    }


def effect_object(effect: Effect) -> Json:
    """Return an effect as plain objects; what it does not tell is null."""
    return {
        "status": effect.status.value,
        "why": effect.why,
        "behaviour": effect.behaviour.value,
        **_totals(effect.totals),
        "outcome_model_only": _beside(effect.outcome_model_only),
        "band_check": _beside(effect.band_check),
        "effective_sample_share": _number(effect.effective_sample_share),
        "overlap": _number(effect.overlap),
        "robustness": _measured(effect.robustness),
        "placebo": _measured(effect.placebo),
        "deals": effect.deals,
        "cut": effect.cut,
        "loosened": _measured(effect.loosened),
        "record_from_now_on": list(effect.record_from_now_on),
        "attested": effect.attested,
        "numbers": {name: _number(value) for name, value in (effect.numbers or {}).items()},
    }


def break_even_object(pays: BreakEven) -> Json:
    """Return a break-even as plain objects."""
    return {
        "behaviour": pays.behaviour.value,
        "deals": pays.deals,
        "cut": _money(pays.cut),
        "cut_high": _money(pays.cut_high),
        "costed_deals": pays.costed_deals,
        "costed_cut": _money(pays.costed_cut),
        "margin": None if pays.margin is None else _money(pays.margin),
        "wins_to_lose": pays.wins_to_lose,
        "says": pays.says,
    }


def _a_week(answered: Answered) -> Json:
    return {load.role: _number(float(load.a_week)) for load in answered.loads}


def _load(load: Load) -> Json:
    return {
        "role": load.role,
        "deals": load.deals,
        "a_week": _number(float(load.a_week)),
        "busiest_week": load.busiest_week and load.busiest_week.isoformat(),
        "busiest": load.busiest,
    }


def _move(move: Move) -> Json:
    return {"was": _answer(move.was), "now": _answer(move.now), **_sums(move.sums)}


def _answer(answer: Answer) -> Json:
    return {
        "verdict": answer.verdict.value,
        "approvers": list(answer.approvers),
        "floor": answer.floor,
        "says": answer.says,
    }


def _group(group: GroupReplay) -> Json:
    return {
        "key": group.key,
        "name": group.name,
        "deals": group.deals,
        "changed": _sums(group.changed),
        "was": _counts(group.was),
        "now": _counts(group.now),
    }


def _counts(counts: Counts) -> Json:
    return dict(vars(counts))


def _sums(sums: Sums) -> Json:
    return {
        "deals": sums.deals,
        "list_amount": _money(sums.list_amount),
        "net": _money(sums.net),
        "conceded": _money(sums.conceded),
    }


def _totals(totals: Totals | None) -> Json:
    """Return the three totals, null where they are not told."""
    names = ("deals_won", "net_revenue", "margin")
    return {name: _estimate(getattr(totals, name, None)) for name in names}


def _beside(totals: Totals | None) -> Json | None:
    return None if totals is None else _totals(totals)


def _estimate(estimate: Estimate | None) -> Json | None:
    return None if estimate is None else _measured(estimate)


def _measured(found: object | None) -> Json | None:
    """Return the fields of a frozen result, its numbers rounded."""
    if found is None:
        return None
    return {name: _plain(value) for name, value in vars(found).items()}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return _measured(value)
    return _number(value) if isinstance(value, float) else value


def _number(value: float | None) -> float | None:
    """Return a number with six digits; null where nobody knows it or nothing bounds it."""
    if value is None or not math.isfinite(value):
        return None
    return round(value, _DIGITS) + 0.0


def _money(amount: Decimal) -> float:
    return round(float(amount), _MONEY_DIGITS) + 0.0
