"""What a snapshot is known by: the fingerprint of everything that its content follows from."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass

from counterpoise.books.accepted import Accepted
from counterpoise.books.manifest import Manifest, ManifestError, SourceFacts
from counterpoise.books.schema import SCHEMA_VERSION
from counterpoise.books.snapshot import snapshots_dir
from counterpoise.books.workspace import Workspace

READING = 3
"""Grows when the same source would be read differently, so that snapshots are made anew."""

_LENGTH = 16


@dataclass(frozen=True)
class Identity:
    """What a snapshot's content follows from, the accepted spellings apart."""

    workspace: Workspace
    source: SourceFacts
    adapter_fingerprint: str

    def snapshot(self, accepted: Accepted) -> str:
        """Return the id of the snapshot that is made with these spellings."""
        facts = {
            "source": self.source.fingerprint,
            "adapter": [self.source.adapter, self.adapter_fingerprint],
            "currency": self.workspace.currency,
            "time_zone": self.workspace.time_zone,
            "accepted": {table: dict(words) for table, words in accepted.items()},
            "version": [SCHEMA_VERSION, READING],
        }
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]

    def known(self, accepted: Accepted) -> Manifest | None:
        """Return the manifest of that snapshot if it is there and whole."""
        with suppress(ManifestError):  # missing or damaged: it is made anew
            return Manifest.read(snapshots_dir(self.workspace) / self.snapshot(accepted))
        return None
