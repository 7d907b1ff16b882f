"""Small books and their agreement, written as an export."""

from pathlib import Path

AGREEMENT = """\
agreement: counterpoise/v1
title: First half
in_force: {from: 2026-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  sales_manager: {side: sales}
  product_marketing: {side: marketing}
  revenue_lead: {side: both}
discounts:
  limits:
    - {id: standard, up_to: {rep: 5%, sales_manager: 15%, revenue_lead: 25%}}
approvals: {respond_within: 1 working day}
"""

_TABLES = {
    "people": """\
person_id,name,role,team,manager_id
R1,Rhea Rook,rep,North,M1
R2,Rolf Reed,rep,South,M2
M1,Mona Marsh,sales_manager,North,
M2,Milo Moor,sales_manager,South,
""",
    "accounts": """\
account_id,name,segment,industry
A1,Alder Works,Enterprise,Manufacturing
A2,Birch Retail,SMB,Retail
""",
    "products": """\
product_id,name,family,list_price,unit_cost
P1,Pump,Pumps,1000,600
P2,Valve,Valves,100,50
""",
    "deals": """\
deal_id,name,account_id,owner_id,source,outcome,created_at,closed_at
D1,Alder pumps,A1,R1,web,won,2026-01-10,2026-02-10
D2,Alder valves,A1,R2,event,won,2026-02-01,2026-03-05
D3,Birch pumps,A2,R1,web,lost,2026-02-03,2026-03-09
D4,Birch valves,A2,R2,web,won,2026-03-01,2026-04-20
D5,Birch spares,A2,R1,web,open,2026-04-01,
""",
    "deal_lines": """\
deal_id,line_no,product_id,quantity,list_price,net_price
D1,1,P1,10,1000,960
D2,1,P2,50,100,80
D3,1,P1,4,1000,900
D4,1,P2,20,100,101
D5,1,P1,1,1000,990
""",
}


def write_export(folder: Path) -> Path:
    """Write the tables into a folder."""
    for name, text in _TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
