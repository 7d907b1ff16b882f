"""Small books with leads, and an agreement that says who takes them up."""

import datetime as dt
from pathlib import Path

AGREEMENT = """\
agreement: counterpoise/v1
title: As long as it lasts
in_force: {from: 2020-01-01, if_lapsed: continue}
roles:
  rep: {side: sales, default: true}
  sales_manager: {side: sales}
  product_marketing: {side: marketing}
  revenue_lead: {side: both}
personas:
  - {id: maker, when: {industry: Manufacturing, employees: ">= 50"}}
discounts: {limits: [{id: all, up_to: {rep: 5%, revenue_lead: 20%}}]}
handoff:
  qualified: {score: ">= 60"}
  first_response_within: 4 working hours
  verdict_within: 2 working days
  reasons: [no budget, wrong persona, duplicate]
approvals: {escalate_to: revenue_lead}
"""

NOW = dt.datetime(2026, 6, 10, 10, tzinfo=dt.UTC)
"""A Wednesday morning, an hour after the day began."""

_TABLES = {
    "people": """\
person_id,name,side,role,team,manager_id,region,active
R1,Rhea Rook,sales,rep,North,M1,North,true
R2,Rolf Reed,sales,rep,South,M2,South,true
R3,Rita Rahm,sales,rep,North,M1,North,true
R9,Rex Rust,sales,rep,North,M1,North,false
M1,Mona Marsh,sales,sales_manager,North,,North,true
M2,Milo Moor,sales,sales_manager,South,,South,true
K1,Kira Kohl,marketing,product_marketing,Product,,,true
K2,Kurt Kern,marketing,product_marketing,Product,,,true
""",
    "accounts": """\
account_id,name,segment,industry,region,employees
A1,Alder Works,Enterprise,Manufacturing,North,400
A2,Birch Retail,SMB,Retail,South,20
A3,Cedar Mills,SMB,Manufacturing,North,
A4,Dogwood,SMB,Retail,East,15
""",
    "campaigns": """\
campaign_id,name,owner_id
C1,Spring,K1
C2,Fair,K2
""",
    "leads": """\
lead_id,account_id,campaign_id,source,score,created_at,qualified_at,handed_over_at,verdict,verdict_at,rejection_reason
L1,A1,C1,web,80,2026-06-01T09:00:00,2026-06-02T09:00:00,,,,
L2,A2,C1,fair,70,2026-06-03T09:00:00,,,,,
L3,A3,C1,web,40,2026-06-03T09:00:00,,,,,
L4,A4,C2,web,90,2026-06-03T09:00:00,,,,,
L5,A1,C1,web,90,2026-05-03T09:00:00,2026-05-03T09:00:00,2026-05-04T09:00:00,accepted,2026-05-05T09:00:00,
L6,,C1,web,65,2026-06-02T09:00:00,,,,,
""",
    "deals": """\
deal_id,name,account_id,owner_id,lead_id,source,outcome,created_at,closed_at
D1,Alder pumps,A1,R3,,web,open,2026-05-01,
D2,Birch valves,A4,R9,,web,won,2026-02-01,2026-03-01
""",
}


def write_export(folder: Path, **tables: str) -> Path:
    """Write the tables into a folder, some of them anew."""
    for name, text in (_TABLES | tables).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
