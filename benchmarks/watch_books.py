"""Made-up books of any size for the benchmark of the watch: deals, leads and touches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from benchmarks.review_books import make_books as make_review_books
from counterpoise.books.workspace import Workspace

CLAUSES = """\
handoff:
  qualified: {score: ">= 60"}
  first_response_within: 4 working hours
  verdict_within: 2 working days
  reasons: [no budget, wrong persona, no need, duplicate, unreachable]
"""

_TABLES: Mapping[str, str] = MappingProxyType(
    {
        "leads": """
        SELECT 'L' || lpad(i::VARCHAR, 8, '0') AS lead_id,
            'A' || hash(i, 31) % 200000 AS account_id, 'C' || hash(i, 32) % 60 AS campaign_id,
            ['web', 'event', 'partner', 'referral', 'cold'][(1 + hash(i, 33) % 5)::INT] AS source,
            hash(i, 34) % 101 AS score,
            TIMESTAMP '2023-01-02 08:00:00' + to_minutes((hash(i, 35) % 1800000)::INT)
                AS created_at,
            created_at + to_minutes((hash(i, 36) % 2000)::INT) AS qualified_at,
            CASE WHEN hash(i, 37) % 10 < 7
                THEN qualified_at + to_minutes((hash(i, 38) % 600)::INT) END AS handed_over_at,
            CASE WHEN handed_over_at IS NOT NULL THEN 'R' || hash(i, 39) % 300 END AS owner_id,
            CASE WHEN hash(i, 40) % 20 > 0
                THEN handed_over_at + to_minutes((hash(i, 41) % 240)::INT) END AS first_response_at,
            CASE WHEN first_response_at IS NULL THEN NULL WHEN hash(i, 42) % 10 < 6
                THEN 'accepted' WHEN hash(i, 47) % 40 > 0 THEN 'rejected' END AS verdict,
            CASE WHEN verdict IS NOT NULL
                THEN first_response_at + to_minutes((hash(i, 43) % 900)::INT) END AS verdict_at,
            CASE WHEN verdict = 'rejected' AND hash(i, 44) % 50 > 0
                THEN CASE WHEN hash(i, 48) % 25 = 0 THEN 'wrong persona' ELSE
                    ['no budget', 'no need', 'duplicate', 'unreachable']
                    [(1 + hash(i, 45) % 4)::INT] END END AS rejection_reason,
            CASE WHEN verdict = 'accepted' AND hash(i, 46) % 2 = 0
                THEN 'D' || lpad(i::VARCHAR, 8, '0') END AS deal_id
        FROM range({deals}) t(i)""",
        "touches": """
        SELECT 'T' || i AS touch_id,
            TIMESTAMP '2023-01-02 08:00:00' + to_minutes((hash(i, 51) % 1800000)::INT)
                AS touched_at,
            ['mail', 'web', 'event', 'call'][(1 + hash(i, 52) % 4)::INT] AS channel,
            'C' || hash(i, 53) % 60 AS campaign_id,
            CASE WHEN hash(i, 54) % 3 = 0
                THEN 'L' || lpad((hash(i, 55) % {deals})::VARCHAR, 8, '0') END AS lead_id,
            'A' || hash(i, 56) % 200000 AS account_id, hash(i, 57) % 20 AS cost
        FROM range(3 * {deals}) t(i)""",
    }
)


def make_books(root: Path, deals: int) -> Workspace:
    """Write a workspace with that many deals, lines and leads, and three times as many touches."""
    return make_review_books(root, deals, _TABLES, CLAUSES)
