"""How fast `judge` answers for millions of deals: 30 limit rows of ranges and lists, and levers.

Run `python -m benchmarks.judge_speed [DEALS]`. A table of facts is written as Parquet first; what
is timed reads it, places every deal on the chain, judges it and counts the verdicts.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import ibis

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.fields import Fields
from counterpoise.desk.judge import judge
from counterpoise.desk.margin_floor import with_floor
from counterpoise.desk.placing import place
from counterpoise.desk.rules import Rules

DEALS = 10_000_000
INDUSTRIES = ("Manufacturing", "Medical", "Retail", "Education", "Finance")
SEGMENTS = ("Enterprise", "SMB", "Mid")
_FACTS = """
SELECT 'D' || i AS deal_id,
       DATE '2024-01-01' + (hash(i + 1) % 700)::INTEGER AS day,
       'P' || (hash(i + 2) % 2000) AS owner__person_id,
       CASE WHEN hash(i + 2) % 20 = 0 THEN 'sales_manager' ELSE 'rep' END AS owner__role,
       (['Manufacturing', 'Medical', 'Retail', 'Education', 'Finance'])[1 + (hash(i + 3) % 5)::INT]
           AS account__industry,
       (['Enterprise', 'SMB', 'Mid', 'Charity'])[1 + (hash(i + 4) % 4)::INT] AS account__segment,
       (hash(i + 5) % 3000)::BIGINT AS account__employees,
       (12 * (1 + hash(i + 6) % 3))::BIGINT AS term_months,
       CASE WHEN hash(i + 7) % 100 > 0
            THEN (['upfront', 'monthly'])[1 + (hash(i + 8) % 2)::INT] END AS payment,
       (1000 + hash(i + 9) % 60000)::DECIMAL(18, 4) AS list_amount,
       ((1000 + hash(i + 9) % 60000) * (1000 - (hash(i + 10) % 350)::INT) / 1000.0)::DECIMAL(18, 4)
           AS net_amount,
       (500 + hash(i + 9) % 30000)::DECIMAL(18, 4) AS cost_amount,
       0::DECIMAL(18, 4) AS customization_cost
FROM range({deals}) AS t(i)
"""


def agreement() -> Agreement:
    """Return an agreement with 30 limit rows, three levers, a floor and an exclusion."""
    rows = [
        {
            "id": f"row_{at}",
            "when": {
                "industry": [INDUSTRIES[at % 5], INDUSTRIES[(at + 1) % 5]],
                "segment": SEGMENTS[at % 3],
                "list_amount": f"[{at * 1000}..{at * 1000 + 9000})",
                "term_months": [12, 24] if at % 2 else [36],
            },
            "up_to": {"rep": "5%", "sales_manager": "15%", "revenue_lead": "30%"},
        }
        for at in range(29)
    ]
    rest = {"id": "rest", "up_to": {"rep": "4%", "sales_manager": "12%", "revenue_lead": "25%"}}
    levers = [
        {"id": "three_years", "when": {"term_months": ">= 36"}, "adds": "5%"},
        {"id": "upfront", "when": {"payment": "upfront"}, "adds": "5%"},
        {"id": "large", "when": {"employees": ">= 1000"}, "adds": "2%"},
    ]
    roles = {"rep": "sales", "sales_manager": "sales", "revenue_lead": "both"}
    return Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": "Thirty rows",
            "in_force": {"from": "2024-01-01"},
            "roles": {role: {"side": side} for role, side in roles.items()},
            "discounts": {
                "limits": [*rows, rest],
                "levers": levers,
                "lever_cap": "8%",
                "floor": {"margin": "10%", "decides": "revenue_lead"},
                "exclusions": [{"id": "charities", "when": {"segment": "Charity"}}],
            },
        }
    )


def write_facts(file: Path, deals: int) -> None:
    """Write made-up facts, about one in a hundred with a missing one."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({_FACTS.format(deals=deals)}) TO '{file}' (FORMAT parquet)")


def run(file: Path, scratch: Path) -> tuple[float, dict[int, int]]:
    """Judge every deal; return the seconds it took and how many have which code."""
    engine = ibis.duckdb.connect(memory_limit="3GB", temp_directory=str(scratch))
    rules = Rules(Agreements.single(agreement()))
    began = time.perf_counter()
    facts = engine.read_parquet(file)
    judged = with_floor(judge(place(facts, rules, Fields()), rules), rules)
    counted = judged.group_by("strict_code").aggregate(deals=judged.count())
    codes = {row["strict_code"]: row["deals"] for row in engine.to_pyarrow(counted).to_pylist()}
    return time.perf_counter() - began, codes


def main() -> None:
    """Make the facts, judge them, and print what it took."""
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else DEALS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "facts.parquet")
        write_facts(file, deals)
        made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds, codes = run(file, Path(folder))
    assert sum(codes.values()) == deals
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{deals:,} deals judged in {seconds:.1f} s, {deals / seconds:,.0f} a second")
    print(f"peak memory {peak / 2**20:.2f} GiB ({made / 2**20:.2f} GiB of it making the facts)")


if __name__ == "__main__":
    main()
