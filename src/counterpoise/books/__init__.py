"""The ground floor: facts. Sources become canonical tables, checked and kept as snapshots.

`import_books` reads a source through an adapter and puts a new snapshot in use; `Books` opens a
snapshot for reading, and nothing else in the house runs a query. What is wrong with the data is
told as problems; what cannot be used is set aside with its reason.
"""

from typing import TYPE_CHECKING

from counterpoise.books.late import late_names

if TYPE_CHECKING:
    from counterpoise.books.books import Books
    from counterpoise.books.comparing import Comparison, compare_snapshots
    from counterpoise.books.evidence import UndecidedDatesError
    from counterpoise.books.importing import (
        DiskFullError,
        ImportReport,
        UnwritableBooksError,
        import_books,
    )
    from counterpoise.books.lock import ImportRunningError
    from counterpoise.books.lookup import Lookup, NoLookupError
    from counterpoise.books.lookup_file import build_lookup
    from counterpoise.books.manifest import Manifest, ManifestError, TableFacts
    from counterpoise.books.problems import Problem, Rule, Suggestion
    from counterpoise.books.progress import Progress, Silent
    from counterpoise.books.snapshot import SnapshotError, find_snapshot, prune, snapshot_names
    from counterpoise.books.spelling import nearest, unknown
    from counterpoise.books.workspace import PeopleShown, Workspace, WorkspaceError

# Names are looked up when first used: the engine takes a second to load, and not all need it.
_HOMES = {
    "Books": "books",
    "Comparison": "comparing",
    "DiskFullError": "importing",
    "ImportReport": "importing",
    "ImportRunningError": "lock",
    "Lookup": "lookup",
    "Manifest": "manifest",
    "ManifestError": "manifest",
    "NoLookupError": "lookup",
    "Problem": "problems",
    "Progress": "progress",
    "Rule": "problems",
    "Silent": "progress",
    "SnapshotError": "snapshot",
    "Suggestion": "problems",
    "TableFacts": "manifest",
    "UndecidedDatesError": "evidence",
    "UnwritableBooksError": "importing",
    "PeopleShown": "workspace",
    "Workspace": "workspace",
    "WorkspaceError": "workspace",
    "build_lookup": "lookup_file",
    "compare_snapshots": "comparing",
    "find_snapshot": "snapshot",
    "import_books": "importing",
    "nearest": "spelling",
    "prune": "snapshot",
    "snapshot_names": "snapshot",
    "unknown": "spelling",
}

__all__ = [
    "Books",
    "Comparison",
    "DiskFullError",
    "ImportReport",
    "ImportRunningError",
    "Lookup",
    "Manifest",
    "ManifestError",
    "NoLookupError",
    "PeopleShown",
    "Problem",
    "Progress",
    "Rule",
    "Silent",
    "SnapshotError",
    "Suggestion",
    "TableFacts",
    "UndecidedDatesError",
    "UnwritableBooksError",
    "Workspace",
    "WorkspaceError",
    "build_lookup",
    "compare_snapshots",
    "find_snapshot",
    "import_books",
    "nearest",
    "prune",
    "snapshot_names",
    "unknown",
]

__getattr__ = late_names(__name__, _HOMES)
