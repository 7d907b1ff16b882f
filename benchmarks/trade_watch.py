"""How often the kinds about the trade cry wolf, and what they miss: companies of known truth.

Made-up consumer-goods companies, without faults and with the faults of one kind planted, are
imported and watched by the whole watch. A crack is wrong that names nothing planted and, of what
promotions lost, nothing that truly lost. Every company is one line of the results: stop at any
time, and run again to go on.

    python -m benchmarks.trade_watch results.jsonl --companies 20
    python -m benchmarks.trade_watch results.jsonl --companies 200 --only blameless
    python -m benchmarks.trade_watch results.jsonl --summary
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.books.facts import View
from counterpoise.demo.consumer import CONSUMER_FAULTS, ConsumerRecipe
from counterpoise.ledger.ledger import whole_deals
from counterpoise.ledger.review import standing
from counterpoise.watch import Watched, watch
from counterpoise.watch.deals import DEAL_FIELDS
from scripts.crack_examples import make_consumer_books

FIRST_SEED = 60_000
"""Seeds from here on were used for nothing else."""
BLAMELESS = "blameless"
Told = dict[str, Any]


def company(seed: int, kind: str) -> Told:
    """Make a company with the faults of one kind or none, watch it, and tell what came of it."""
    recipe = ConsumerRecipe()
    faults = () if kind == BLAMELESS else (kind,)
    with tempfile.TemporaryDirectory(prefix="trade-watch-") as folder:
        made = make_consumer_books(Path(folder), seed=seed, recipe=recipe, faults=faults)
        cracks = _cracks(made[0], recipe)
        planted = [
            (each["kind"], each["variant"], each["subject"]["id"]) for each in made[1]["faults"]
        ]
        lost = _lost(made[0], made[1])
    hit = [each for each in planted if each in cracks]
    wrong = [each for each in cracks if each not in planted and each[2] not in lost]
    return {"seed": seed, "kind": kind, "planted": planted, "found": hit, "wrong": wrong,
            "cracks": len(cracks)}  # fmt: skip


def _cracks(workspace: Workspace, recipe: ConsumerRecipe) -> list[tuple[str, str, str]]:
    agreements = load_agreements(workspace.root)
    with Books.open(workspace) as books:
        view, version = View(books, recipe.last_on), standing(agreements, recipe.last_on)
        assert version is not None
        deals = whole_deals(view, agreements, DEAL_FIELDS)
        found = watch(Watched(view, agreements, version.agreement, deals))
    return [(each.kind, each.variant, each.subject.id) for each in found.cracks]


def _lost(workspace: Workspace, truth: Mapping[str, Any]) -> set[str]:
    """Return the promotions of the last year, and the accounts, that truly lost money."""
    earned: Mapping[str, float] = truth["promotions"]["earned_last_year"]
    with Books.open(workspace) as books:
        rows = books.run(books.table("promotions").select("promotion_id", "account_id")).to_pylist()
    by_account: dict[str, float] = defaultdict(float)
    for row in rows:
        by_account[row["account_id"]] += earned.get(row["promotion_id"], 0.0)
    return {id_ for id_, amount in (*earned.items(), *by_account.items()) if amount < 0}


def summary(found: Sequence[Told]) -> str:
    """Tell how many faults were found, and how many companies raised something wrong."""
    lines = [f"{'companies with':<24} {'n':>4} {'found':>12} {'any wrong':>10} {'wrong':>12}"]
    for kind in (BLAMELESS, *CONSUMER_FAULTS):
        own = [each for each in found if each["kind"] == kind]
        if not own:
            continue
        planted, hit, wrong, all_ = (
            sum(len(each[name]) for each in own)
            for name in ("planted", "found", "wrong", "planted")
        )
        cracks, any_ = sum(each["cracks"] for each in own), sum(bool(each["wrong"]) for each in own)
        share = f"{hit}/{all_}" if planted else "-"
        lines.append(f"{kind:<24} {len(own):>4} {share:>12} {any_:>10} {wrong:>6}/{cracks}")
    named: dict[str, int] = defaultdict(int)
    for each in found:
        for kind, variant, _ in each["wrong"]:
            named[f"{kind} {variant}"] += 1
    lines += [f"wrong: {name} {count}" for name, count in sorted(named.items())]
    return "\n".join(lines)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--companies", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--only", nargs="+", default=(BLAMELESS, *CONSUMER_FAULTS), metavar="KIND")
    parser.add_argument("--summary", action="store_true")
    asked = parser.parse_args()
    done: list[Told] = []
    if asked.results.exists():
        done = [json.loads(line) for line in asked.results.read_text("utf-8").splitlines()]
    if not asked.summary:
        known = {(each["seed"], each["kind"]) for each in done}
        for seed in range(asked.first_seed, asked.first_seed + asked.companies):
            for kind in asked.only:
                if (seed, kind) not in known:
                    done.append(company(seed, kind))
                    with asked.results.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(done[-1]) + "\n")
    print(summary(done))


if __name__ == "__main__":
    main()
