"""On which line of its file a row stands."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain, islice

_MOST_BREAKS = 1_000_000  # beyond them lines are nearly right


def _numbers(values: Iterable[int] = ()) -> "array[int]":
    return array("q", values)


@dataclass(frozen=True)
class Lines:
    """The lines of a table's rows, both counted as the table shows them.

    Rows follow each other line by line but at breaks: row `starts[i]` stands on line `lines[i]`.
    `dropped` are the rows, counted with them, that hold no value and are not shown.

    >>> lines = Lines(_numbers([0, 2]), _numbers([2, 7]), _numbers([1]))
    >>> [lines.line(row) for row in range(3)]
    [2, 7, 8]
    """

    starts: "array[int]" = field(default_factory=lambda: _numbers([0]))
    lines: "array[int]" = field(default_factory=lambda: _numbers([1]))
    dropped: "array[int]" = field(default_factory=_numbers)

    @classmethod
    def without_breaks(cls, first_line: int) -> "Lines":
        """Return the lines of rows that follow each other line by line."""
        return cls(lines=_numbers([first_line]))

    def line(self, row: int) -> int:
        """Return the 1-based line on which a row begins; the first row is 0."""
        ordinal = row + bisect_right(range(len(self.dropped)), row, key=self._shown_before)
        return self._line_of(ordinal)

    def left_out(self, most: int = _MOST_BREAKS) -> tuple[int, ...]:
        """Return the lines on which no shown row begins, from the first row on.

        >>> Lines(_numbers([0, 2]), _numbers([2, 7]), _numbers([1])).left_out()
        (3, 4, 5, 6)
        """
        ends = (
            line + after - before
            for line, before, after in zip(self.lines, self.starts, self.starts[1:], strict=False)
        )
        gaps = (range(end, line) for end, line in zip(ends, self.lines[1:], strict=False))
        blank = (self._line_of(ordinal) for ordinal in self.dropped)
        return tuple(islice(merge(chain.from_iterable(gaps), blank), most))

    def without(self, dropped: Iterable[int]) -> "Lines":
        """Return the lines of the rows that are left without some."""
        return Lines(self.starts, self.lines, _numbers(dropped))

    def _line_of(self, ordinal: int) -> int:
        last = bisect_right(self.starts, ordinal) - 1
        return self.lines[last] + ordinal - self.starts[last]

    def _shown_before(self, index: int) -> int:
        return self.dropped[index] - index


class LineCounter:
    """Takes note of where rows stand while they are written one after another."""

    def __init__(self, first_line: int) -> None:
        self._starts, self._lines = _numbers([0]), _numbers([first_line])
        self._row, self._expected = 0, first_line

    def add(self, line: int, rows: int = 1) -> None:
        """Note that the next rows begin on `line` and take a line each."""
        if line != self._expected and len(self._starts) < _MOST_BREAKS:
            self._starts.append(self._row)
            self._lines.append(line)
        self._row += rows
        self._expected = line + rows

    def lines(self) -> Lines:
        """Return what was noted."""
        return Lines(self._starts, self._lines)
