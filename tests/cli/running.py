"""The command run as a user runs it, in this process."""

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from counterpoise.cli import main

EXPORT = {
    "people.csv": """\
person_id,name,role,team
E1,Ana,rep,North
E2,Bo,sales_manager,North
""",
    "accounts.csv": """\
account_id,name,segment,employees
A1,Alder,Enterprise,500
A2,Birch,<script>alert(1)</script>,20
""",
    "products.csv": """\
product_id,name,family,list_price,unit_cost
P1,Pump,Pumps,1000,600
""",
    "deals.csv": """\
deal_id,account_id,owner_id,outcome,created_at,closed_at,list_amount,net_amount
D1,A1,E1,won,2026-01-05,2026-02-10,1000,950
D2,A2,E1,won,2026-01-06,2026-03-10,2000,1800
D3,A2,E2,won,2026-02-01,2026-04-20,1000,1000
D4,A1,E1,lost,2026-02-02,2026-05-02,,
D5,A1,E1,open,2026-05-20,,3000,3000
""",
}
"""Three deals won: list 4,000, net 3,750, given 250; 50 within authority, 200 above it."""

AGREEMENT = """\
agreement: counterpoise/v1
title: First half
in_force: {from: 2026-01-01, until: 2026-12-31}
company: {currency: USD, time_zone: UTC}
roles:
  rep: {side: sales}
  sales_manager: {side: sales}
  revenue_lead: {side: both}
discounts:
  limits:
    - {id: standard, up_to: {rep: 5%, sales_manager: 15%, revenue_lead: 25%}}
"""


@dataclass(frozen=True)
class Ran:
    """What a run of the command left."""

    code: int
    out: str
    err: str


def run(*arguments: object, stdin: bytes = b"", **environment: str) -> Ran:
    """Run the command and return its exit code and what it wrote."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("COUNTERPOISE_WORKSPACE", "COUNTERPOISE_DEBUG", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["counterpoise", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    assert isinstance(code, int)
    return Ran(code, _text(out), _text(err))


def done(*arguments: object, stdin: bytes = b"", **environment: str) -> str:
    """Run the command, which must succeed, and return what it printed."""
    ran = run(*arguments, stdin=stdin, **environment)
    assert ran.code == 0, ran.err
    return ran.out


def write_export(folder: Path) -> Path:
    """Write the small export into a new folder."""
    folder.mkdir(parents=True)
    for name, text in EXPORT.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def listing(folder: Path) -> dict[str, bytes]:
    """Return everything in a folder."""
    return {
        os.fspath(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")
