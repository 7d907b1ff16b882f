"""Arrow columns from NumPy arrays: ids, words, money, rates, days and instants.

Money is whole cents and rates are whole millionths until here, so no file holds float noise.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from counterpoise.demo.arrays import Flags, Ints


def ids(prefix: str, numbers: Ints, width: int) -> pa.Array:
    """Write numbers as ids of one length; a negative number is null.

    >>> ids("D", np.array([7, -1]), 3).to_pylist()
    ['D007', None]
    """
    head = prefix.encode()
    size = len(head) + width
    letters = np.empty((len(numbers), size), dtype=np.uint8)
    letters[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    rest = np.maximum(numbers, 0)
    for at in range(size - 1, len(head) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        letters[:, at] = digit + ord("0")
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(size)
    buffers = [_validity(numbers >= 0), pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), len(numbers), buffers)


def words(labels: Sequence[str], codes: Ints) -> pa.Array:
    """Write positions as the words they stand for; a negative position is null.

    >>> words(["won", "lost"], np.array([1, -1, 0])).to_pylist()
    ['lost', None, 'won']
    """
    taken = pa.array(np.maximum(codes, 0), mask=codes < 0)
    return pa.array(labels, pa.string()).take(taken)


def whole(numbers: Ints, known: Flags | None = None) -> pa.Array:
    """Write whole numbers, null where not known."""
    return pa.array(numbers, pa.int64(), mask=None if known is None else ~known)


def money(cents: Ints, known: Flags | None = None) -> pa.Array:
    """Write cents as money, null where not known.

    >>> money(np.array([1250, -5])).to_pylist()
    [Decimal('12.50'), Decimal('-0.05')]
    """
    return _decimal(cents, 2, known)


def rates(millionths: Ints, known: Flags | None = None) -> pa.Array:
    """Write millionths as rates, null where not known.

    >>> rates(np.array([180_000])).to_pylist()
    [Decimal('0.180000')]
    """
    return _decimal(millionths, 6, known)


def days(numbers: Ints) -> pa.Array:
    """Write days since 1970; a negative number is null.

    >>> days(np.array([1, -1])).to_pylist()
    [datetime.date(1970, 1, 2), None]
    """
    return pa.array(numbers.astype(np.int32), pa.int32(), mask=numbers < 0).cast(pa.date32())


def instants(minutes: Ints) -> pa.Array:
    """Write wall minutes since 1970; a negative number is null.

    >>> instants(np.array([60, -1])).to_pylist()
    [datetime.datetime(1970, 1, 1, 1, 0), None]
    """
    return pa.array(minutes * 60, pa.int64(), mask=minutes < 0).cast(pa.timestamp("s"))


def _decimal(numbers: Ints, scale: int, known: Flags | None) -> pa.Array:
    halves = np.empty((len(numbers), 2), dtype=np.int64)
    halves[:, 0] = numbers
    halves[:, 1] = numbers >> 63
    valid = None if known is None else _validity(known)
    buffers = [valid, pa.py_buffer(halves)]
    return pa.Array.from_buffers(pa.decimal128(18, scale), len(numbers), buffers)


def _validity(known: Flags) -> pa.Buffer:
    return pa.py_buffer(np.packbits(known, bitorder="little"))
