"""Review a workspace once and print the JSON, in a process whose time and memory are measured.

python benchmarks/one_review.py WORKSPACE AS_OF
"""

from __future__ import annotations

import datetime as dt
import sys

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.ledger import review, review_json

if __name__ == "__main__":
    workspace = Workspace.open(sys.argv[1])
    with Books.open(workspace) as books:
        agreements = load_agreements(workspace.root)
        print(review_json(review(books, agreements, dt.date.fromisoformat(sys.argv[2]))))
