"""Gathering evidence: expressions over the books, run by the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.drafting.evidence import (
    ENOUGH,
    Evidence,
    GroupWon,
    Kept,
    KindMade,
    LeverFound,
    RatesGiven,
    RoleFound,
    Spent,
    Totals,
)
from counterpoise.agreement.drafting.promoting import gather_promoted
from counterpoise.agreement.drafting.trading import gather_traded
from counterpoise.books.books import Books
from counterpoise.books.facts import View, deal_facts

_MOST_GROUPS = 12
_MOST_REASONS = 8
_LONG_TERMS = (36, 24, 12)
_SECONDS_IN_HOUR = 3600


def gather_evidence(books: Books, as_of: dt.date) -> Evidence:
    """Return what the books tell about how a company sells, as of a day."""
    facts = books.keep(deal_facts(books, as_of), "draft_facts")
    gatherer = _Gatherer(books, as_of, facts)
    rates = gatherer.rates(None)
    return Evidence(
        company=books.workspace.root.resolve().name or "the company",
        currency=books.workspace.currency,
        time_zone=books.workspace.time_zone,
        as_of=as_of,
        totals=gatherer.totals(),
        roles=tuple(gatherer.roles()),
        rates=rates[0] if rates else RatesGiven(None, None, 0, 0),
        rates_by_segment=gatherer.rates("account__segment"),
        rates_by_family=gatherer.rates("product_family"),
        groups=tuple(gatherer.groups()),
        levers=tuple(gatherer.levers()),
        kept=tuple(gatherer.kept()),
        spent=tuple(gatherer.spent()),
        kinds=tuple(gatherer.kinds()),
        promoted=gather_promoted(books),
        traded=gather_traded(books, as_of),
        rejection_reasons=gatherer.reasons(),
        qualifying_score=gatherer.score(),
    )


@dataclass(frozen=True)
class _Giving:
    """Something that a customer may give: how a draft calls it, and what it tests."""

    name: str
    field: str
    test: str


@dataclass(frozen=True)
class _Gatherer:
    books: Books
    as_of: dt.date
    facts: ir.Table

    def _seen(self, name: str, column: str) -> ir.Table:
        """Return the rows of a table that happened by the day, undated ones too."""
        return View(self.books, self.as_of).seen(self.books.table(name), column)

    def _rows(self, table: ir.Table) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = self.books.run(table).to_pylist()
        return rows

    def _one(self, table: ir.Table) -> Mapping[str, Any]:
        return self._rows(table)[0]

    @property
    def _won(self) -> ir.Table:
        """Return won deals whose list and net are known, with their rate."""
        facts = self.facts
        won = facts.filter((facts.outcome == "won") & facts.priced & (facts.list_amount > 0))
        rate = won.concession.cast("float64") / won.list_amount.cast("float64")
        return won.mutate(rate=rate)

    def totals(self) -> Totals:
        """Count deals, and divide sums over won ones."""
        facts = self.facts
        counts = self._one(
            facts.aggregate(
                deals=facts.count(),
                won=(facts.outcome == "won").sum(),
                lost=(facts.outcome == "lost").sum(),
                first_day=facts.created_at.min().date(),
                last_day=facts.day.max(),
            )
        )
        won = self._won
        priced = self._one(
            won.aggregate(
                priced=won.count(), listed=won.list_amount.sum(), net=won.net_amount.sum()
            )
        )
        known = won.filter(won.cost_amount.notnull() & (won.net_amount > 0))
        margin = (known.net_amount - known.cost_amount).cast("float64") / known.net_amount.cast(
            "float64"
        )
        margins = self._one(
            known.aggregate(
                cases=known.count(),
                net=known.net_amount.sum(),
                left=(known.net_amount - known.cost_amount).sum(),
                tenth=margin.quantile(0.1),
            )
        )
        enough = margins["cases"] >= ENOUGH
        return Totals(
            deals=counts["deals"],
            won=counts["won"] or 0,
            lost=counts["lost"] or 0,
            first_day=counts["first_day"],
            last_day=counts["last_day"],
            priced=priced["priced"],
            realization=_share(priced["net"], priced["listed"]),
            margin_rate=_share(margins["left"], margins["net"]) if enough else None,
            tenth_margin=_decimal(margins["tenth"]) if enough else None,
        )

    def rates(self, column: str | None) -> tuple[RatesGiven, ...]:
        """Return the quantiles of the rates given, over all or by a column's values."""
        won = self._won
        given = ibis.ifelse(won.rate > 0, won.rate, ibis.null("float64"))
        keys = [won[column].name("value")] if column else []
        measures = {
            "deals": won.count(),
            "discounted": given.count(),
            "half": given.quantile(0.5),
            "four_in_five": given.quantile(0.8),
            "nineteen_in_twenty": given.quantile(0.95),
        }
        table = won.group_by(keys).aggregate(**measures) if keys else won.aggregate(**measures)
        if keys:
            table = table.filter(table.value.notnull() & (table.discounted >= ENOUGH))
            table = table.order_by([ibis.desc("deals"), "value"]).limit(_MOST_GROUPS)
        field = None if column is None else column.removeprefix("account__")
        return tuple(
            RatesGiven(
                field,
                row.get("value"),
                row["deals"],
                row["discounted"],
                *(
                    _decimal(row[name] or 0)
                    for name in ("half", "four_in_five", "nineteen_in_twenty")
                ),
            )
            for row in self._rows(table)
        )

    def roles(self) -> Iterator[RoleFound]:
        """Yield the roles that people hold, with the deals they own and the roles they manage."""
        if not self.books.has("people"):
            return
        people = self.books.table("people")
        owned = self.facts.group_by("owner_id").aggregate(owned=self.facts.count())
        held = people.left_join(owned, people.person_id == owned.owner_id)
        held = held.filter(held.role.notnull())
        found = held.group_by("role").aggregate(
            side=held.side.max(), people=held.count(), deals=held.owned.sum()
        )
        bosses = people.select(boss_id=people.person_id, boss_role=people.role)
        pairs = people.inner_join(bosses, people.manager_id == bosses.boss_id)
        pairs = pairs.filter(pairs.boss_role.notnull() & pairs.role.notnull())
        managed: dict[str, list[str]] = {}
        for row in self._rows(pairs.select("boss_role", "role").distinct()):
            managed.setdefault(row["boss_role"], []).append(row["role"])
        for row in self._rows(found.order_by(["role"])):
            manages = tuple(sorted(managed.get(row["role"], ())))
            yield RoleFound(row["role"], row["side"], row["people"], row["deals"] or 0, manages)

    def groups(self) -> Iterator[GroupWon]:
        """Yield how industries decide, or segments where industries are not recorded."""
        for column in ("account__industry", "account__segment"):
            decided = self.facts.filter(self.facts.outcome.isin(["won", "lost"]))
            decided = decided.filter(decided[column].notnull())
            won = decided.outcome == "won"
            size = ibis.ifelse(
                won, decided.account__employees.cast("float64"), ibis.null("float64")
            )
            table = decided.group_by(decided[column].name("value")).aggregate(
                won=won.sum(),
                lost=(~won).sum(),
                least=size.quantile(0.1),
                most=size.quantile(0.9),
            )
            table = table.filter((table.won + table.lost) >= ENOUGH)
            table = table.order_by([ibis.desc("won"), "value"]).limit(_MOST_GROUPS)
            rows = self._rows(table)
            for row in rows:
                sizes = [
                    None if row[name] is None else int(row[name]) for name in ("least", "most")
                ]
                field = column.removeprefix("account__")
                yield GroupWon(field, row["value"], row["won"], row["lost"], *sizes)
            if rows:
                return

    def levers(self) -> Iterator[LeverFound]:
        """Yield what customers gave on enough deals, with the rates with and without it."""
        won = self._won
        for months in _LONG_TERMS:
            name = f"term_of_{months}_months"
            has = won.term_months >= months
            yield from self._lever(won, has, _Giving(name, "term_months", f">= {months}"))
        counts = won.group_by("payment").aggregate(deals=won.count())
        counts = counts.filter(counts.payment.notnull() & (counts.deals >= ENOUGH))
        counts = counts.order_by([ibis.desc("deals"), "payment"]).limit(_MOST_GROUPS)
        for row in self._rows(counts):
            payment = row["payment"]
            yield from self._lever(
                won, won.payment == payment, _Giving("payment", "payment", payment)
            )

    def _lever(self, won: ir.Table, has: ir.BooleanValue, named: _Giving) -> Iterator[LeverFound]:
        without = ibis.ifelse(~has, won.rate, ibis.null("float64"))
        with_it = ibis.ifelse(has, won.rate, ibis.null("float64"))
        row = self._one(
            won.aggregate(
                deals=with_it.count(),
                others=without.count(),
                half_with=with_it.quantile(0.5),
                half_without=without.quantile(0.5),
            )
        )
        if row["deals"] >= ENOUGH and row["others"] >= ENOUGH:
            yield LeverFound(
                named.name,
                named.field,
                named.test,
                row["deals"],
                _decimal(row["half_with"]),
                _decimal(row["half_without"]),
            )

    def kept(self) -> Iterator[Kept]:
        """Yield how what sides could promise is kept today."""
        facts = self.facts
        lost = facts.filter(facts.outcome == "lost")
        yield from self._share_of("lost_offers_recorded", lost, lost.priced)
        yield from self._share_of("loss_reason_recorded", lost, lost.loss_reason.notnull())
        if self.books.has("leads"):
            leads = self._seen("leads", "created_at")
            yield from self._leads_a_month(leads)
            yield from self._hours("lead_response", leads, "handed_over_at", "first_response_at")
            yield from self._hours("lead_verdict", leads, "handed_over_at", "verdict_at")
            rejected = leads.filter(leads.verdict == "rejected")
            has_reason = rejected.rejection_reason.notnull()
            yield from self._share_of("rejection_reason_given", rejected, has_reason)
            judged = leads.filter(leads.verdict.notnull())
            yield from self._share_of("lead_acceptance", judged, judged.verdict == "accepted")
        if self.books.has("approvals"):
            asked = self._seen("approvals", "requested_at")
            yield from self._hours("approval_answered", asked, "requested_at", "decided_at")

    def _share_of(self, metric: str, table: ir.Table, is_kept: ir.BooleanValue) -> Iterator[Kept]:
        row = self._one(table.aggregate(cases=table.count(), kept=is_kept.sum()))
        share = _share(row["kept"] or 0, row["cases"])
        if share is not None and row["cases"] >= ENOUGH:
            yield Kept(metric, share, row["cases"])

    def _hours(self, metric: str, table: ir.Table, start: str, end: str) -> Iterator[Kept]:
        """Yield within how many hours four in five are done."""
        passed = table[end].epoch_seconds() - table[start].epoch_seconds()
        hours = ibis.ifelse(passed >= 0, passed / _SECONDS_IN_HOUR, ibis.null("float64"))
        row = self._one(table.aggregate(cases=hours.count(), wait=hours.quantile(0.8)))
        if row["cases"] >= ENOUGH:
            yield Kept(metric, _decimal(row["wait"]), row["cases"])

    def _leads_a_month(self, leads: ir.Table) -> Iterator[Kept]:
        qualified = leads.filter(leads.qualified_at.notnull())
        month = qualified.qualified_at.truncate("M").name("month")
        months = qualified.group_by(month).aggregate(leads=qualified.count())
        row = self._one(
            months.aggregate(
                cases=months.leads.sum(), usual=months.leads.cast("float64").quantile(0.5)
            )
        )
        if (row["cases"] or 0) >= ENOUGH:
            yield Kept("qualified_leads", _decimal(row["usual"]), row["cases"])

    def spent(self) -> Iterator[Spent]:
        """Yield what is given away and spent in a quarter."""
        won = self._won
        closed = self.facts.filter(self.facts.outcome == "won")
        yield from self._a_quarter("concessions", won, won.day, won.concession)
        cost = closed.customization_cost
        yield from self._a_quarter("customizations", closed, closed.day, cost)
        if self.books.has("campaigns"):
            campaigns = self.books.table("campaigns")
            start = campaigns.started_at.date()
            yield from self._a_quarter("campaign_spend", campaigns, start, campaigns.spend)
        if self.books.has("promotions"):
            promotions = self.books.table("promotions")
            spend = promotions.trade_spend
            yield from self._a_quarter("promotion_spend", promotions, promotions.starts_on, spend)
        if self.books.has("sell_through"):
            weeks = self._seen("sell_through", "week")
            yield from self._a_quarter("trade_spend", weeks, weeks.week, weeks.trade_spend)

    def _a_quarter(
        self, of: str, table: ir.Table, day: ir.DateValue, amount: ir.DecimalValue
    ) -> Iterator[Spent]:
        dated = table.select(quarter=day.truncate("Q"), amount=amount)
        dated = dated.filter(dated.quarter.notnull() & dated.amount.notnull())
        sums = dated.group_by("quarter").aggregate(total=dated.amount.sum().cast("float64"))
        row = self._one(
            sums.aggregate(
                quarters=sums.count(), usual=sums.total.quantile(0.75), most=sums.total.max()
            )
        )
        if row["quarters"] and (row["most"] or 0) > 0:
            yield Spent(of, _decimal(row["usual"]), _decimal(row["most"]), row["quarters"])

    def kinds(self) -> Iterator[KindMade]:
        """Yield the kinds of customization that were made."""
        if not self.books.has("customizations"):
            return
        made = self._seen("customizations", "requested_at")
        cost = made.cost.cast("float64")
        table = made.group_by("kind").aggregate(
            made=made.count(), half=cost.quantile(0.5), most=cost.quantile(0.9)
        )
        table = table.filter(table.kind.notnull() & table.half.notnull())
        table = table.order_by([ibis.desc("made"), "kind"]).limit(_MOST_GROUPS)
        for row in self._rows(table):
            yield KindMade(row["kind"], row["made"], _decimal(row["half"]), _decimal(row["most"]))

    def reasons(self) -> tuple[str, ...]:
        """Return why leads were rejected, the most frequent reason first."""
        if not self.books.has("leads"):
            return ()
        leads = self._seen("leads", "created_at")
        counts = leads.group_by("rejection_reason").aggregate(leads=leads.count())
        counts = counts.filter(counts.rejection_reason.notnull())
        counts = counts.order_by([ibis.desc("leads"), "rejection_reason"]).limit(_MOST_REASONS)
        return tuple(row["rejection_reason"] for row in self._rows(counts))

    def score(self) -> Decimal | None:
        """Return the score that nine in ten qualified leads reach."""
        if not self.books.has("leads"):
            return None
        leads = self._seen("leads", "created_at")
        scored = leads.filter(leads.qualified_at.notnull() & leads.score.notnull())
        tenth = scored.score.cast("float64").quantile(0.1)
        row = self._one(scored.aggregate(cases=scored.count(), tenth=tenth))
        return _decimal(row["tenth"]) if row["cases"] >= ENOUGH else None


def _share(part: Any, whole: Any) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def _decimal(number: float | Decimal) -> Decimal:
    return Decimal(str(number))
