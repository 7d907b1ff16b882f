"""Keep a review: its figures and its deals in one folder, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from counterpoise.agreement import Agreements
from counterpoise.books import Books, Progress, Workspace
from counterpoise.books.durable import replace_text, sync_folder, sync_tree

FORM = 4
"""Written into every key, so that a program that keeps more makes its own."""

_KEPT_REVIEWS = 3
_MAKING = ".making-"
LATEST = "latest"
ABOUT = "about.json"
REVIEW = "review.json"
CRACKS = "cracks.json"
ROWS = "crack_rows"
"""The table of the rows behind cracks."""


@dataclass(frozen=True)
class Occasion:
    """What a review is made of: the same gives the same review."""

    snapshot: str
    as_of: dt.date
    agreements: tuple[tuple[str, str, str | None, str], ...]
    """Fingerprint, first day, last day and status of every version."""
    also: str = ""
    """The key of what the room knows beside the snapshot."""
    approvals_from: str = ""
    """The day that the workspace says for approvals."""

    @classmethod
    def of(
        cls,
        snapshot: str,
        agreements: Agreements,
        as_of: dt.date,
        also: Path | None,
        approvals_from: dt.date | None = None,
    ) -> Occasion:
        """Return the occasion of a snapshot seen from a day under these agreements."""
        versions = (
            (
                each.fingerprint,
                each.from_.isoformat(),
                each.until.isoformat() if each.until else None,
                each.status.value,
            )
            for each in agreements.versions
        )
        since = approvals_from.isoformat() if approvals_from else ""
        return cls(snapshot, as_of, tuple(versions), also.name if also else "", since)

    @property
    def key(self) -> str:
        """Return the name of the review's folder."""
        from counterpoise.web.results.measures import measure_names

        kept = [FORM, *measure_names()]
        day = self.as_of.isoformat()
        told = json.dumps(
            [kept, self.snapshot, day, self.agreements, self.also, self.approvals_from]
        )
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def measured_by(self) -> str:
        """Return one word for the agreements, the same for the same ones."""
        return hashlib.sha256(json.dumps(self.agreements).encode()).hexdigest()[:16]


def reviews_dir(workspace: Workspace) -> Path:
    """Return the folder that holds what reviews left behind."""
    return workspace.root / "reviews"


def latest_key(workspace: Workspace) -> str | None:
    """Return the key of the review that pages show, or None before the first."""
    try:
        return (reviews_dir(workspace) / LATEST).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def keep_review(
    books: Books,
    agreements: Agreements,
    as_of: dt.date,
    made_at: dt.datetime,
    progress: Progress,
    is_open: Collection[str] = (),
) -> str:
    """Review the books, keep what pages need, show it from now on, and return its key.

    A review that is kept already is shown again. `is_open` are the ids of cracks that are open.
    """
    workspace = books.workspace
    since = workspace.approvals_from
    occasion = Occasion.of(books.manifest.snapshot, agreements, as_of, books.also, since)
    target = reviews_dir(workspace) / occasion.key
    if not target.is_dir():
        with _making(target) as folder:
            _write(books, agreements, occasion, (folder, is_open), progress)
            _write_about(agreements, occasion, folder, made_at)
    replace_text(reviews_dir(workspace) / LATEST, occasion.key + "\n")
    _forget_old(workspace, occasion.key)
    return occasion.key


def _write(
    books: Books,
    agreements: Agreements,
    occasion: Occasion,
    to: tuple[Path, Collection[str]],
    progress: Progress,
) -> None:
    from counterpoise.books.engines import read_table
    from counterpoise.books.facts import View
    from counterpoise.books.packed import pack_deals
    from counterpoise.books.touching import deal_campaigns
    from counterpoise.ledger import review_json
    from counterpoise.ledger.deal_table import deal_table
    from counterpoise.watch import review_and_watch
    from counterpoise.web.results.evidence import write_evidence
    from counterpoise.web.results.measures import Measured, write_measures

    folder, is_open = to
    progress.start("Reviewing", total=5)
    found, watching = review_and_watch(books, agreements, occasion.as_of, is_open=is_open)
    (folder / REVIEW).write_text(review_json(found), encoding="utf-8")
    write_evidence(watching, folder)
    progress.advance()
    view, file = View(books, occasion.as_of), folder / "deals.parquet"
    books.write(deal_table(view, agreements), file)
    progress.advance()
    touched = deal_campaigns(books).order_by("campaign_id", "deal_id")
    books.write(touched, folder / "deal_campaigns.parquet")
    progress.advance()
    judged = read_table(books.engine, file, f"judged_{occasion.key}")
    write_measures(Measured(view, agreements, judged, watching.watched), folder)
    progress.advance()
    pack_deals(folder)
    progress.done()


def _write_about(
    agreements: Agreements, occasion: Occasion, folder: Path, made_at: dt.datetime
) -> None:
    from counterpoise.ledger import standing

    version = standing(agreements, occasion.as_of)
    told = {
        "form": FORM,
        "key": occasion.key,
        "snapshot": occasion.snapshot,
        "as_of": occasion.as_of.isoformat(),
        "made_at": made_at.isoformat(),
        "measured_by": occasion.measured_by,
        "fiscal_year_starts": version.agreement.company.fiscal_year_starts if version else 1,
    }
    (folder / ABOUT).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _making(target: Path) -> Iterator[Path]:
    """Give a folder to write; it takes its name when the block ends well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_litter(target.parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{_MAKING}{os.getpid()}-", dir=target.parent))
    try:
        yield folder
        sync_tree(folder)
        folder.chmod(0o755)
        if not target.is_dir():
            folder.rename(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_litter(parent: Path) -> None:
    """Remove what workers that died left behind."""
    for litter in parent.glob(f"{_MAKING}*"):
        pid = litter.name.removeprefix(_MAKING).partition("-")[0]
        if not (pid.isdigit() and _is_running(int(pid))):
            shutil.rmtree(litter, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def _forget_old(workspace: Workspace, shown: str) -> None:
    """Remove all but the reviews made last, never the one that is shown."""
    folders = [each for each in reviews_dir(workspace).iterdir() if (each / ABOUT).is_file()]
    folders.sort(key=lambda each: (each / ABOUT).stat().st_mtime, reverse=True)
    for old in folders[_KEPT_REVIEWS:]:
        if old.name != shown:
            hidden = old.with_name(f"{_MAKING}{os.getpid()}-{old.name}")
            try:
                old.rename(hidden)  # a half-removed folder must not look like a review
            except PermissionError:  # where what is open cannot be removed, it goes next time
                continue
            shutil.rmtree(hidden, ignore_errors=True)
