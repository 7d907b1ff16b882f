"""What a source's column becomes: the kind that it has in a snapshot, and ways to read it."""

from __future__ import annotations

from dataclasses import dataclass

from counterpoise.books.quoting import quoted
from counterpoise.books.schema import Column, Kind, attribute_column
from counterpoise.books.values import moments, numbers, words
from counterpoise.books.values.moments import Zones

_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_OTHER_NUMBERS = ("UBIGINT", "HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
_BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DAY: "DATE",
    Kind.INSTANT: "TIMESTAMP",
}
NOT_PLAIN = "a value is not plainly written"
"""What the engine says when a strict reading meets a value that needs evidence to be read."""


def sql_type(kind: Kind) -> str:
    """Return the type that a kind has in a snapshot's files."""
    return numbers.sql_type(kind) if kind.is_numeric else _TYPES[kind]


@dataclass(frozen=True)
class SourceColumn:
    """A column of a mapped table: where its values are, and what they are to become."""

    header: str
    column: Column
    source_type: str
    is_attribute: bool = False
    needs_trim: bool = False

    @property
    def target(self) -> str:
        """Return the column's name in the snapshot."""
        return attribute_column(self.header.strip()) if self.is_attribute else self.column.name

    @property
    def kind(self) -> Kind:
        """Return what the column holds in the snapshot."""
        return self.column.kind

    @property
    def is_text(self) -> bool:
        """Tell whether the source has text, to be read by its evidence."""
        if self.column.one_of or self.source_type == "VARCHAR":
            return True
        return self.kind.is_temporal and self._is_number

    @property
    def may_be_number(self) -> bool:
        """Tell whether the type of the source leaves it open that values are numbers."""
        return self.source_type == "VARCHAR" or self._is_number

    @property
    def needs_reading(self) -> bool:
        """Tell whether the column becomes something else than free text."""
        return self.kind is not Kind.TEXT or bool(self.column.one_of)

    @property
    def text(self) -> str:
        """Return SQL of the column's text, trimmed, NULL where it is blank."""
        name = quoted(self.header)
        if self.source_type == "VARCHAR":
            return f"nullif(trim({name}, {_BLANKS}), '')" if self.needs_trim else name
        if self.source_type.startswith(_OTHER_NUMBERS):
            is_whole = f"{name} = trunc({name}) AND abs({name}) < 1e15"
            whole = f"CAST(CAST({name} AS BIGINT) AS VARCHAR)"
            return f"CASE WHEN {is_whole} THEN {whole} ELSE CAST({name} AS VARCHAR) END"
        return f"CAST({name} AS VARCHAR)"

    def free_text(self) -> str:
        """Return SQL of the column as text of the snapshot."""
        return f"upper({self.text})" if self.target == "currency" else self.text

    def plain(self, zones: Zones) -> str:
        """Return SQL that reads a value that is plainly written, and NULL for any other."""
        if not self.is_text:
            return self._converted(zones)
        if self.column.one_of:
            return words.word(self.text, self.column.one_of)
        if self.kind is Kind.BOOLEAN:
            return words.boolean(self.text)
        if self.kind.is_temporal:
            read = moments.plain(self.text, self.kind)
            return f"CASE WHEN strlen({self.text}) = 10 THEN {read} END" if zones.converts else read
        read = numbers.plain(self.text, self.kind)
        if self.is_attribute:  # digits behind a zero are a code, not a number
            is_code = f"starts_with({self.text}, '0') AND {self.text}[2] BETWEEN '0' AND '9'"
            return f"CASE WHEN NOT ({is_code}) THEN {read} END"
        return read

    def strict(self, zones: Zones) -> str:
        """Return SQL that reads plainly written values and stops the query at any other."""
        stop = f"CASE WHEN {self.text} IS NOT NULL THEN error('{NOT_PLAIN}') END"
        return f"coalesce({self.plain(zones)}, CAST({stop} AS {sql_type(self.kind)}))"

    def is_not_plain(self, zones: Zones) -> str:
        """Return SQL that tells whether a value needs evidence to be read, or cannot be."""
        return f"({self.text} IS NOT NULL AND ({self.plain(zones)}) IS NULL)"

    def form(self) -> str | None:
        """Return SQL that names the form of a value, where forms are evidence."""
        if not self.is_text or self.column.one_of or self.kind is Kind.BOOLEAN:
            return None
        return f"CASE WHEN {self.text} IS NOT NULL THEN {self.form_of(self.text)} END"

    def form_of(self, x: str) -> str:
        """Return SQL that names the form of a text, as one of this column's values."""
        return moments.form(x) if self.kind.is_temporal else numbers.form(x)

    @property
    def _is_number(self) -> bool:
        return self.source_type.startswith(_WHOLE_NUMBERS + _OTHER_NUMBERS)

    def _converted(self, zones: Zones) -> str:
        name = quoted(self.header)
        if self.kind.is_temporal:
            return f"CAST({self._wall(name, zones)} AS {sql_type(self.kind)})"
        if self.kind is Kind.INTEGER and not self.source_type.startswith(_WHOLE_NUMBERS):
            return f"CASE WHEN {name} = trunc({name}) THEN try_cast({name} AS BIGINT) END"
        return f"try_cast({name} AS {sql_type(self.kind)})"

    def _wall(self, name: str, zones: Zones) -> str:
        if self.source_type == "TIMESTAMP WITH TIME ZONE":
            return moments.in_kept_zone(name, zones)
        if self.source_type.startswith("TIMESTAMP") and zones.converts:
            # A day without a time is midnight here, and a day is the same in every zone.
            moved = moments.moved(f"CAST({name} AS TIMESTAMP)", zones)
            return f"CASE WHEN CAST({name} AS DATE) = {name} THEN {name} ELSE {moved} END"
        return f"try_cast({name} AS TIMESTAMP)"
