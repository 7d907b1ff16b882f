"""The figures of a review of the benchmark's books, as an analyst would work them out in pandas.

    python benchmarks/pandas_review.py FOLDER_OF_PARQUET_FILES AS_OF

Prints the figures as JSON. The agreement is that of `review_books`, written out as conditions;
money is in floats, as pandas has it, where the review sums decimals.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

GROUPS = {
    "owner": "owner_id",
    "team": "team",
    "segment": "segment",
    "industry": "industry",
    "persona": "persona",
    "source": "source",
    "campaign": "campaign_id",
}
SUMS = ["list_revenue", "net_revenue", "net_priced", "conceded", "above_list"]
PARTS = ["within_authority", "unjudged", "cost"]
FISCAL_YEAR_STARTS = 2


def read(folder: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """Read the columns of a table that the figures need."""
    return pd.read_parquet(folder / f"{name}.parquet", columns=columns)


def read_lines(folder: Path) -> pd.DataFrame:
    """Read the lines with their amounts and products."""
    columns = ["deal_id", "product_id", "quantity", "list_price", "net_price"]
    lines = read(folder, "deal_lines", columns)
    products = read(folder, "products", ["product_id", "family", "unit_cost"])
    products["unit_cost"] = products["unit_cost"].astype(float)
    quantity = lines.pop("quantity").astype(float)
    lines["list"] = quantity * lines.pop("list_price").astype(float)
    lines["net"] = quantity * lines.pop("net_price").astype(float)
    lines = lines.merge(products, on="product_id", how="left")
    lines["cost"] = quantity * lines.pop("unit_cost")
    lines["conceded"] = (lines["list"] - lines["net"]).clip(lower=0)
    lines["above"] = (lines["net"] - lines["list"]).clip(lower=0)
    return lines


def read_deals(folder: Path, lines: pd.DataFrame) -> pd.DataFrame:
    """Read the deals with the amounts of their lines, their customers, sellers and products."""
    columns = [
        "deal_id",
        "account_id",
        "owner_id",
        "campaign_id",
        "source",
        "outcome",
        "created_at",
        "closed_at",
        "list_amount",
        "net_amount",
        "term_months",
    ]
    deals = read(folder, "deals", columns)
    sums = lines.groupby("deal_id")[["list", "net", "cost", "conceded", "above"]].sum()
    largest = lines.sort_values("list", ascending=False, kind="stable").drop_duplicates("deal_id")
    sums["family"] = largest.set_index("deal_id")["family"]
    deals = deals.merge(sums, left_on="deal_id", right_index=True, how="left")
    deals["list"] = deals["list"].fillna(deals.pop("list_amount").astype(float))
    deals["net"] = deals["net"].fillna(deals.pop("net_amount").astype(float))
    deals["conceded"] = deals["conceded"].fillna((deals["list"] - deals["net"]).clip(lower=0))
    deals["above"] = deals["above"].fillna((deals["net"] - deals["list"]).clip(lower=0))
    accounts = read(folder, "accounts", ["account_id", "segment", "industry", "employees"])
    people = read(folder, "people", ["person_id", "team", "role"])
    deals = deals.merge(accounts, on="account_id", how="left")
    return deals.merge(people, left_on="owner_id", right_on="person_id", how="left")


def judge(deals: pd.DataFrame) -> None:
    """Add persona and the parts of each concession, by the agreement of the benchmark."""
    maker = deals["industry"].isin(["Industry 0", "Industry 1", "Industry 2"])
    size = deals["employees"]
    deals["persona"] = np.select(
        [maker & size.between(50, 1000), deals["industry"].isin(["Industry 3", "Industry 4"])],
        ["maker", "builder"],
        default="(none)",
    )
    manager = deals["role"] == "sales_manager"
    rows = [
        deals["segment"] == "Charity",
        deals["family"] == "Family 0",
        (deals["segment"] == "Enterprise") & (deals["list"] >= 50000),
        deals["segment"] == "Public",
    ]
    own = np.select(rows, [0, 0, np.where(manager, 0.20, 0.10), np.where(manager, 0.12, 0.08)],
                    default=np.where(manager, 0.15, 0.05))  # fmt: skip
    levered = ~(rows[0] | rows[1])
    low = own + np.where(levered & (deals["term_months"] >= 36), 0.05, 0)
    low = np.where(deals["family"].isna(), 0, low)  # it could be the protected one
    gap = deals["list"] - deals["net"]
    over = np.minimum(deals["conceded"], (gap - low * deals["list"]).clip(lower=0))
    bound = deals["closed_at"].between("2023-01-01", "2026-12-31 23:59:59")
    deals["within_authority"] = np.where(bound, deals["conceded"] - over, 0)
    deals["unjudged"] = deals["conceded"] - deals["within_authority"]


def with_figures(deals: pd.DataFrame) -> pd.DataFrame:
    """Keep what is added up: money of won deals, counts of won and lost ones, and their days."""
    won = deals["outcome"] == "won"
    priced = won & deals["list"].notna() & deals["net"].notna()
    days = (deals["closed_at"] - deals["created_at"]).dt.total_seconds() / 86400
    month = deals["closed_at"].dt.year * 12 + deals["closed_at"].dt.month - 1
    figures = {
        "deals_won": won,
        "deals_lost": deals["outcome"] == "lost",
        "list_revenue": deals["list"].where(priced, 0),
        "net_revenue": deals["net"].where(won, 0).fillna(0),
        "net_priced": deals["net"].where(priced, 0),
        "conceded": deals["conceded"].where(priced, 0),
        "above_list": deals["above"].where(priced, 0),
        "within_authority": deals["within_authority"].where(priced, 0),
        "unjudged": deals["unjudged"].where(priced, 0),
        "cost": deals["cost"].where(priced, 0).fillna(0),
        "won_days": days.where(won),
        "lost_days": days.where(deals["outcome"] == "lost"),
        "quarter": (month + (1 - FISCAL_YEAR_STARTS) % 12) // 3,
    }
    return pd.DataFrame({name: deals[name] for name in GROUPS.values()} | figures)


def by_group(deals: pd.DataFrame, key: str) -> dict[str, dict[str, float]]:
    """Add up deals by one key, with the median days of won and lost ones."""
    grouped = deals.groupby(key, dropna=False, observed=True)
    found = grouped[["deals_won", "deals_lost", *SUMS]].sum()
    found["won_days"] = grouped["won_days"].median()
    found["lost_days"] = grouped["lost_days"].median()
    return {str(name): dict(row) for name, row in found.to_dict("index").items()}


def by_line(lines: pd.DataFrame, deals: pd.DataFrame, key: str) -> dict[str, dict[str, float]]:
    """Add up the lines of won deals by product or family, and count the deals that have one."""
    closed = deals[deals["outcome"].isin(["won", "lost"])]
    joined = lines.merge(closed[["deal_id", "outcome"]], on="deal_id")
    won = joined[joined["outcome"] == "won"]
    found = won.groupby(key)[["list", "net", "conceded", "above"]].sum()
    counts = joined.groupby([key, "outcome"])["deal_id"].nunique().unstack(fill_value=0)
    found["deals_won"], found["deals_lost"] = counts["won"], counts["lost"]
    return {str(name): dict(row) for name, row in found.to_dict("index").items()}


def review(folder: Path, as_of: str) -> dict[str, Any]:
    """Work out the figures of a review."""
    lines = read_lines(folder)
    deals = read_deals(folder, lines)
    deals = deals[deals["created_at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    judge(deals)
    lined = {key: by_line(lines, deals, key) for key in ("product_id", "family")}
    del lines
    figures = with_figures(deals)
    del deals
    whole = figures[["deals_won", "deals_lost", *SUMS, *PARTS]].sum()
    medians = figures[["won_days", "lost_days"]].median()
    groups = {name: by_group(figures, key) for name, key in GROUPS.items()}
    groups["quarter"] = by_group(figures, "quarter")
    return {"totals": dict(whole), "days": dict(medians), "by": groups | lined}


if __name__ == "__main__":
    print(json.dumps(review(Path(sys.argv[1]), sys.argv[2]), default=float))
