"""Files of tables: CSV that no spreadsheet takes for formulas, and Parquet; sent as they come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Format(StrEnum):
    """A kind of file."""

    CSV = "csv"
    PARQUET = "parquet"


_MEDIA = {Format.CSV: "text/csv; charset=utf-8", Format.PARQUET: "application/vnd.apache.parquet"}


def file_of(
    name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch], form: Format
) -> HttpResponseBase:
    """Answer with a file of the batches."""
    if form is Format.PARQUET:
        return packed_file(name, _packed(schema, batches))
    lines = csv_lines(schema, batches)
    disposed = {"Content-Disposition": f'attachment; filename="{name}.{form}"', **_UNSHARED}
    return StreamingHttpResponse(lines, content_type=_MEDIA[form], headers=disposed)


_UNSHARED = {"Cache-Control": "private, no-store"}


def csv_lines(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    r"""Yield the lines of a CSV, some at a time; texts that start a formula get an apostrophe.

    >>> table = pa.table({"name": ["=1+1", "Ana"], "net": [-1, None]})
    >>> b"".join(csv_lines(table.schema, table.to_batches()))
    b"name,net\r\n'=1+1,-1\r\nAna,\r\n"
    """
    yield _written([schema.names])
    for batch in batches:
        columns = [[_safe(value) for value in column.to_pylist()] for column in batch.columns]
        yield _written(zip(*columns, strict=True))


def _written(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return value


def packed_file(name: str, opened: BinaryIO) -> HttpResponseBase:
    """Answer with a Parquet file that is written already; it is closed when it is sent."""
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{name}.{Format.PARQUET}",
        content_type=_MEDIA[Format.PARQUET],
        headers=_UNSHARED,
    )


def _packed(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> BinaryIO:
    """Write a small table in memory: its end holds what its start needs."""
    file = io.BytesIO()
    with pq.ParquetWriter(file, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    file.seek(0)
    return file
