"""What people read: a review, a decision or a rehearsal, in the terminal and as a page.

It shows what the floors below found and computes nothing that they have not.
"""

from typing import TYPE_CHECKING

from counterpoise.books.late import late_names

if TYPE_CHECKING:
    from counterpoise.report.books import print_comparison, print_import
    from counterpoise.report.changes import print_changes, print_replay
    from counterpoise.report.decision import print_decision
    from counterpoise.report.html import write_html
    from counterpoise.report.rehearsal import print_rehearsal
    from counterpoise.report.terminal import print_review

# Names are looked up when first used: charts take long to load.
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

__getattr__ = late_names(__name__, _HOMES)
