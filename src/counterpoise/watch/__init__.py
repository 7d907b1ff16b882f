"""The watch: where agreement and reality part, on both sides, without crying wolf.

A kind of crack is one module of `kinds`: a measure in Ibis, its words, its money. One judge for
all (`judge`) tells what stands out beyond chance and blameless differences, and one family of a
review keeps false alarms within what both sides agreed. `watch` is the way in.
"""

from counterpoise.watch.kind import Kind, OtherView, Tested
from counterpoise.watch.registry import all_kinds
from counterpoise.watch.reviewing import review_and_watch
from counterpoise.watch.watched import Watched
from counterpoise.watch.watching import Found, Watching, crack_id, watch

__all__ = [
    "Found",
    "Kind",
    "OtherView",
    "Tested",
    "Watched",
    "Watching",
    "all_kinds",
    "crack_id",
    "review_and_watch",
    "watch",
]
