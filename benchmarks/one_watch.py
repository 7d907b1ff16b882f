"""Review a workspace once with its watch, in a process whose time and memory are measured.

python benchmarks/one_watch.py WORKSPACE AS_OF
"""

from __future__ import annotations

import datetime as dt
import gc
import sys

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.ledger import review_json
from counterpoise.watch import review_and_watch

if __name__ == "__main__":
    gc.set_threshold(50_000)  # as the command does
    workspace = Workspace.open(sys.argv[1])
    with Books.open(workspace) as books:
        agreements = load_agreements(workspace.root)
        found, _ = review_and_watch(books, agreements, dt.date.fromisoformat(sys.argv[2]))
        print(review_json(found))
