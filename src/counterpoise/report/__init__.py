"""What people read: a review, a decision or a rehearsal, in the terminal and as a page.

It shows what the floors below found and computes nothing that they have not.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterpoise.report.books import print_comparison, print_import
    from counterpoise.report.changes import print_changes, print_replay
    from counterpoise.report.decision import print_decision
    from counterpoise.report.html import write_html
    from counterpoise.report.rehearsal import print_rehearsal
    from counterpoise.report.terminal import print_review

_HOMES = {
    "print_changes": "changes",
    "print_comparison": "books",
    "print_decision": "decision",
    "print_import": "books",
    "print_rehearsal": "rehearsal",
    "print_replay": "changes",
    "print_review": "terminal",
    "write_html": "html",
}

__all__ = [
    "print_changes",
    "print_comparison",
    "print_decision",
    "print_import",
    "print_rehearsal",
    "print_replay",
    "print_review",
    "write_html",
]


def __getattr__(name: str) -> Any:
    """Return a public name, loading the module that it stands in: charts take long to load."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
