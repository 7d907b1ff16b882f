"""Kill processes of a served room at random under load, and say what must hold and does.

python -m benchmarks.room_kills WORKSPACE [--kills 20] [--requests 300] [--pause 8]

WORKSPACE is a demo company as `counterpoise demo` leaves it; a copy is used.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from counterpoise.books import Books, Workspace
from tests.web.work.killing import Storm, count, run_storm


def main() -> None:
    """Run the storm and print what is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pause", type=float, default=8.0, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "room")
        shutil.copytree(asked.workspace, root)
        began = time.monotonic()
        storm = Storm(asked.clients, asked.requests, asked.kills, asked.pause, asked.seed)
        outcome = run_storm(root, storm)
        found = count(root)
        with Books.open(Workspace.open(root)) as books:
            rows = books.manifest.tables["deals"].rows
    print(f"seconds              {time.monotonic() - began:.0f}")
    print(f"killed               {dict(Counter(outcome.killed))}")
    print(f"asked, on record     {len(outcome.asked)}, {found['requests']}")
    print(f"lost                 {len(set(outcome.asked) - set(found['notes']))}")
    print(f"told that it is late {sum(status == 409 for status in outcome.answered.values())}")
    print(f"decided twice        {found['decided_twice']}")
    print(f"audit is whole       {found['audit_is_whole']}")
    print(f"jobs                 {dict(Counter(state for _, state, _ in found['jobs']))}")
    print(f"deals in the books   {rows}")


if __name__ == "__main__":
    main()
