"""Write the reference pages that are made from the code: `python -m scripts.reference`."""

from __future__ import annotations

from pathlib import Path

from counterpoise.books.schema import ESSENTIAL, ROOM_TABLES, TABLES, Column, Kind, Table
from scripts.clauses import agreement_page
from scripts.cracks import cracks_page
from scripts.problem_rules import problems_page

ROOT = Path(__file__).resolve().parent.parent

_GRAIN = {
    "people": "One row a person of any side, as they are now.",
    "person_roles": "One row a person and first day of validity. Comes before `people`.",
    "accounts": "One row a customer or prospect, as they are now.",
    "account_history": "One row an account and first day of validity. Comes before `accounts`.",
    "products": "One row a product, with its present list price and cost.",
    "list_prices": "One row a product and first day of validity. Comes before `products`.",
    "campaigns": "One row a campaign of marketing.",
    "leads": "One row a lead: made, qualified, handed over, answered, and the verdict of sales.",
    "touches": "One row a contact of a person with something of ours.",
    "deals": "One row an opportunity, whatever became of it.",
    "deal_lines": "One row a line of a deal. Where a deal has lines, its amounts come from them.",
    "offers": "One row a price put to the customer. A deal has a first, a last, and those between.",
    "customizations": "One row a thing done for one customer.",
    "adjustments": "One row a booking after the sale that takes from the price.",
    "approvals": "One row an answer to a request above somebody's authority.",
    "tools": "One row a thing that marketing made for sellers to close on value.",
    "tool_uses": "One row a use of a tool. Two equal rows are two uses.",
    "tool_requests": "One row a seller's request for a tool; those taken back are left out.",
    "questions": "One row a question that somebody asked where [the thing is]"
    "(../how-to/talk-where-the-thing-is.md); those taken back are left out.",
    "campaign_notices": "One row a campaign that started since sales is told of campaigns on the "
    "[campaign calendar](../how-to/talk-where-the-thing-is.md#tell-sales-of-a-campaign).",
    "joint_reviews": "One row a [joint review](../how-to/sit-together.md), held or skipped.",
    "pulses": "One row a side and [pulse](../how-to/ask-both-sides-how-it-goes.md): what the room "
    "shows of the side; nothing of groups that are too small.",
    "budget_transfers": "One row a transfer between budgets that both sides signed.",
    "sell_through": "One row an account, product and week: what was sold on to consumers.",
    "promotions": "One row an offer to the trade or to shoppers.",
    "exchange_rates": "One row a currency and first day of validity.",
}
_NOTES = {
    "tool_requests.owner_id": "who of marketing answers",
    "budget_transfers.first_on": "the first day of the period in which it was moved",
    "budget_transfers.from_budget": "the id of the budget that has less from then on",
    "budget_transfers.to_budget": "the id of the one that has more",
    "budget_transfers.signed_at": "when the second side signed",
    "questions.due_at": "by when a reply was asked for",
    "questions.answered_at": "when its owner, or another in their place, answered",
    "campaign_notices.told_on": "the day on which sales was first told; empty where nobody told it",
    "joint_reviews.due_on": "the day on which it was to be held",
    "joint_reviews.decisions": "how many stand in its minutes",
    "joint_reviews.actions": "how many were promised there",
    "pulses.first_on": "the first day of the period that was asked about",
    "pulses.closed_on": "the day on which it was counted",
    "pulses.answers": "how many took part",
    "pulses.score": "the mean of their scores, from 20 to 100",
    "pulses.spread": "the standard deviation of their scores",
    "tool_requests.asked_at": "from then on the promised time runs",
    "people.side": "which side the person works for",
    "deals.list_amount": "used where the deal has no lines",
    "deals.net_amount": "of a lost deal: the last offer, or empty where that was not recorded",
    "deals.closed_at": "its date is the day of the deal",
    "deals.currency": "of every amount of this deal; empty: the workspace's",
    "deal_lines.list_price": "a unit; empty: looked up by day in `list_prices`, then in `products`",
    "deal_lines.net_price": "a unit",
    "approvals.kind": "of customization, where that is the subject",
    "approvals.value": "a rate for a discount, a cost for a customization",
    "exchange_rates.rate": "workspace units for one unit of `currency`",
    "promotions.product_family": "where the offer is for a family and not one product",
    "promotions.rate": "depth, as a fraction of the price",
    "sell_through.week": "the Monday, or the first day of the retailer's week",
}
_KINDS = {
    Kind.TEXT: "text; blanks around it are cut, and an empty text is no value",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number with up to 4 decimals",
    Kind.MONEY: "an amount with up to 4 decimals, exact",
    Kind.RATE: "a fraction with up to 6 decimals: 18% is 0.18",
    Kind.BOOLEAN: "true or false",
    Kind.DAY: "a date",
    Kind.INSTANT: "a date and time, as the clocks of the workspace's zone showed it",
}
_HEAD = """# Tables

<!-- Written by scripts/reference.py from src/counterpoise/books/schema.py; change it there. -->

The facts that Counterpoise works with, in one form wherever they come from. An import in the
canonical form is a folder with one CSV or Parquet file a table, named by the table; an adapter maps
anything else to these.

- An import holds at least one of {essential}. Every other table may be missing;
  what depends on it is then unknown.
- **Bold** columns must be there. The others may be missing.
- A column that a table does not know is kept as an attribute, and used in an agreement as
  `attr.NAME`.
- *Key* columns identify a row. A second row with the same key is set aside, counted and shown.

| kind | holds |
|---|---|
{kinds}
"""
_ROOM = """## Tables of the room

No import brings these. The [room](../how-to/sell-on-value.md) lays what it alone knows beside every
snapshot, as it lays its approvals, offers, customizations, tools and uses of tools beside those of
the source.
"""


def tables_page() -> str:
    """Return the page on the canonical tables."""
    head = _HEAD.format(
        essential=", ".join(f"`{name}`" for name in ESSENTIAL),
        kinds="\n".join(f"| {kind.value} | {_KINDS[kind]} |" for kind in Kind),
    )
    tables = [head, *map(_table, TABLES.values())]
    return "\n".join([*tables, _ROOM, *map(_table, ROOM_TABLES.values())])


def _table(table: Table) -> str:
    key = f"Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else "No key."
    rows = "\n".join(_column(table, column) for column in table.columns)
    return f"""## {table.name}

{_GRAIN[table.name]} {key}

| column | kind | |
|---|---|---|
{rows}
"""


def _column(table: Table, column: Column) -> str:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    says = [
        " or ".join(f"`{word}`" for word in column.one_of),
        f"a row of [{column.references}](#{column.references})" if column.references else "",
        _NOTES.get(f"{table.name}.{column.name}", ""),
    ]
    return f"| {name} | {column.kind} | {'; '.join(filter(None, says))} |"


PAGES = {
    "docs/reference/agreement.md": agreement_page,
    "docs/reference/cracks.md": cracks_page,
    "docs/reference/import-problems.md": problems_page,
    "docs/reference/tables.md": tables_page,
}


def main() -> None:
    """Write every page anew."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
