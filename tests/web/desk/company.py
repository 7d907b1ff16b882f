"""Small books and their agreement, to ask a desk about."""

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
  - {id: maker, when: {industry: Manufacturing}, values: [uptime]}
values:
  - {id: uptime, says: Fewer stops a year, proof: two-year field study}
discounts:
  limits:
    - id: enterprise
      when: {segment: Enterprise, list_amount: ">= 50000"}
      up_to:
        {rep: 10%, sales_manager: 20%, sales_manager + product_marketing: 30%, revenue_lead: 35%}
    - {id: standard, up_to: {rep: 5%, sales_manager: 15%, revenue_lead: 25%}}
  levers:
    - {id: three_years, when: {term_months: ">= 36"}, adds: 5%}
  lever_cap: 5%
  exclusions:
    - {id: charities, when: {segment: Charity}, says: "fixed price, no discount"}
customizations:
  limits:
    - {id: label, kind: private_label, up_to: {rep: 2000, product_marketing: 8000}}
approvals: {respond_within: 1 working day, remind_after: 4 working hours, escalate_to: revenue_lead}
"""

NOW = dt.datetime(2026, 6, 10, 10, tzinfo=dt.UTC)
"""A Wednesday morning."""

_TABLES = {
    "people": """\
person_id,name,side,role,team,manager_id
R1,Rhea Rook,sales,rep,North,M1
R2,Rolf Reed,sales,rep,South,M2
M1,Mona Marsh,sales,sales_manager,North,
M2,Milo Moor,sales,sales_manager,South,
K1,Kira Kohl,marketing,product_marketing,Product,
""",
    "accounts": """\
account_id,name,segment,industry
A1,Alder Works,Enterprise,Manufacturing
A2,Birch Retail,SMB,Retail
A3,Cedar Aid,Charity,Services
""",
    "products": """\
product_id,name,family,list_price,unit_cost
P1,Pump,Pumps,1000,600
P2,Valve,Valves,100,50
""",
    "tools": """\
tool_id,title,kind,product_family,persona,created_at
T1,Downtime calculator,calculator,,maker,2026-01-01
T2,Valve guide,guide,Valves,,2026-01-01
""",
    "deals": """\
deal_id,name,account_id,owner_id,source,outcome,created_at,closed_at
D1,Alder pumps,A1,R1,web,open,2026-06-01,
D2,Birch valves,A2,R2,web,open,2026-06-01,
D3,Birch pumps,A2,M1,web,open,2026-06-01,
D4,Alder spares,A1,R1,web,open,2026-06-20,
D5,Alder later,A1,R1,web,open,2026-10-20,
""",
    "deal_lines": """\
deal_id,line_no,product_id,quantity,list_price,net_price
D1,1,P1,100,1000,1000
D2,1,P2,50,100,100
D3,1,P1,10,1000,1000
D4,1,P1,80,1000,700
D5,1,P1,80,1000,700
""",
    "approvals": """\
approval_id,deal_id,subject,kind,value,requested_by,requested_at,decided_by,decided_role,verdict,decided_at
X1,D1,discount,,0.12,R1,2026-05-04T09:00:00,M1,sales_manager,approved,2026-05-04T11:00:00
X2,D1,discount,,0.12,R1,2026-05-05T09:00:00,M1,sales_manager,approved,2026-05-05T12:00:00
X3,D2,discount,,0.12,R2,2026-05-08T16:00:00,M2,Sales_Manager,refused,2026-05-11T12:00:00
""",
}


def write_export(folder: Path) -> Path:
    """Write the tables into a folder."""
    for name, text in _TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
