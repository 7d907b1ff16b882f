"""How often a token may call: a bucket of calls that fills up with time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_KEPT = 10_000


@dataclass
class Buckets:
    """A bucket of calls a token, in this process.

    Each process that answers pages gets its share of the rate, so that all together stay near it.

    >>> seconds = [0.0]
    >>> buckets = Buckets(a_minute=60, burst=2, clock=lambda: seconds[0])
    >>> buckets.wait("t"), buckets.wait("t"), buckets.wait("t")
    (0.0, 0.0, 1.0)
    >>> seconds[0] = 1.0
    >>> buckets.wait("t")
    0.0
    """

    a_minute: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[object, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: object, calls: int = 1) -> float:
        """Take calls out of a bucket, or return the seconds until there are enough of them.

        More calls at once than a bucket holds take all of a full one, and the rest as a debt.
        """
        now, a_second = self.clock(), self.a_minute / 60
        with self._lock:
            left, at = self._left.pop(key, (self.burst, now))
            left = min(self.burst, left + (now - at) * a_second)
            needed = min(float(calls), self.burst)
            is_open = left >= needed
            self._left[key] = (left - calls if is_open else left, now)
            if len(self._left) > _MOST_KEPT:
                self._left.popitem(last=False)
        return 0.0 if is_open else (needed - left) / a_second
