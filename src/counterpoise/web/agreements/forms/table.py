"""A section as a form: from the text or from what was sent, changed row by row, and put back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from counterpoise.agreement.editing import Sheet, inline, plain_of
from counterpoise.agreement.source import Tree, unique
from counterpoise.web.agreements.forms.cells import CellKind, Column, read, shown
from counterpoise.web.agreements.forms.sections import Section, Shape

MOST_ROWS = 500
_MOST_WHOS = 60
_LONGEST_CELL = 4_000


@dataclass(frozen=True)
class Cell:
    """A field of a row with what stands in it and what is wrong with that."""

    name: str
    column: Column
    label: str
    text: str
    error: str = ""


@dataclass(frozen=True)
class Row:
    """A row: its place in the stored text, where it has one, and its texts by cell."""

    was: int | None
    texts: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is written in it."""
        return not any(text.strip() for text in self.texts.values())


@dataclass(frozen=True)
class Table:
    """The rows of a section; `whos` are roles, and pairs of roles, that have a column."""

    section: Section
    rows: tuple[Row, ...]
    whos: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def stored(cls, section: Section, sheet: Sheet) -> Table:
        """Return a section as the text has it."""
        found = list(_stored_rows(section, sheet))
        whos = _whos(sheet, (plain for _, plain in found))
        rows = tuple(
            Row(at, dict(_texts(section, plain, whos, name)))
            for at, (name, plain) in enumerate(found)
        )
        return cls(section, rows, whos)

    @classmethod
    def sent(cls, section: Section, data: Mapping[str, str]) -> Table:
        """Return a section as a form was sent."""
        whos = tuple(_while_there(data, "who-{}", _MOST_WHOS))
        rows = []
        for at in range(MOST_ROWS):
            if f"row-{at}" not in data:
                break
            was = data[f"row-{at}"]
            place = int(was) if was.isascii() and was.isdigit() and len(was) < 6 else None
            texts = {
                key: data.get(f"row-{at}-{key}", "")[:_LONGEST_CELL] for key in _keys(section, whos)
            }
            rows.append(Row(place, texts))
        return cls(section, tuple(rows), whos)

    def after(self, act: str) -> Table:
        """Return the table after an act on rows: `add`, `remove-2`, `up-2`, `down-2`, `pair`."""
        what, _, where = act.partition("-")
        rows = list(self.rows)
        if what == "add" and len(rows) < MOST_ROWS and self.section.has_order:
            return replace(self, rows=(*rows, Row(None, {})))
        at = int(where) if where.isascii() and where.isdigit() and len(where) < 6 else -1
        if not 0 <= at < len(rows) or not self.section.has_order:
            return self
        if what == "remove":
            del rows[at]
        other = at + {"up": -1, "down": 1}.get(what, 0)
        if 0 <= other < len(rows) and what in {"up", "down"}:
            rows[at], rows[other] = rows[other], rows[at]
        return replace(self, rows=tuple(rows))

    def with_pair(self, pair: str) -> Table:
        """Return the table with a column for a pair of roles, like `rep + manager`."""
        who = " + ".join(part.strip() for part in pair.split("+"))
        known = who in self.whos or len(self.whos) >= _MOST_WHOS
        return self if known or not who.strip(" +") else replace(self, whos=(*self.whos, who))

    def put(self, sheet: Sheet) -> None:
        """Write the section into the text; cells that say what they said stay as written."""
        if self.section.shape is Shape.SINGLE:
            self._put_single(sheet)
        elif self.section.shape is Shape.NAMED:
            self._put_named(sheet)
        else:
            self._put_rows(sheet)

    def cells(self, at: int) -> Iterator[Cell]:
        """Yield the cells of a row, grants one by one."""
        row = self.rows[at]
        for column in self.section.columns:
            grants = column.kind is CellKind.GRANTS
            for key, label in _cell_keys(column, self.whos):
                name = f"row-{at}-{key}"
                error = self.errors.get(name, "")
                said = label if grants else column.label
                yield Cell(name, column, said, row.texts.get(key, ""), error)

    def with_findings(self, findings: Iterable[tuple[str, str]]) -> Table:
        """Return the table with what is wrong with a clause beside its cell."""
        names = self._names()
        errors: dict[str, str] = {}
        for clause, says in findings:
            name = next((names[each] for each in _around(clause) if each in names), None)
            if name:
                errors.setdefault(name, says)
        return replace(self, errors=errors)

    def _names(self) -> dict[str, str]:
        """Return the field of each clause of this section."""
        found: dict[str, str] = {}
        ids = unique([row.texts.get("id") for row in self.rows])
        for at, row_id in enumerate(ids):
            if self.section.shape is Shape.SINGLE:
                base = self.section.path
            else:
                base = f"{self.section.path}{f'.{row_id}' if row_id else f'[{at + 1}]'}"
                found[base] = f"row-{at}-id"
            for column in self.section.columns:
                for key, label in _cell_keys(column, self.whos):
                    inner = f"{column.key}.{label}" if key != column.key else column.key
                    found[f"{base}.{inner}" if base else inner] = f"row-{at}-{key}"
        return found

    def _put_single(self, sheet: Sheet) -> None:
        before = Table.stored(self.section, sheet).rows[0].texts
        for column in self.section.columns:
            text = self.rows[0].texts.get(column.key, "") if self.rows else ""
            if _tidy(text) != _tidy(before.get(column.key, "")):
                path = f"{self.section.path}.{column.key}".lstrip(".")
                value = read(column.kind, text)
                sheet.put(path, None if value is None else inline(value))

    def _put_named(self, sheet: Sheet) -> None:
        there = sheet.section(self.section.path)
        old = list(there.items()) if isinstance(there, dict) else []
        kept = self._kept_rows([plain for _, plain in old])
        names = [row.texts.get("id", "").strip() for row in self.rows if not row.is_blank]
        pairs = list(zip(names, kept, strict=True))
        if [name for name, _ in pairs] == [str(name) for name, _ in old]:
            for name, row in pairs:
                there[name] = row
            return
        section = CommentedMap()
        for name, row in pairs:
            section[name if name and name not in section else f"{name or 'role'}_"] = row
        sheet.put(self.section.path, section or None)

    def _put_rows(self, sheet: Sheet) -> None:
        there = sheet.section(self.section.path)
        old = list(there) if isinstance(there, list) else []
        rows = self._kept_rows(old)
        if len(rows) == len(old) and all(
            one is other for one, other in zip(rows, old, strict=True)
        ):
            return
        sequence = CommentedSeq(rows)
        if isinstance(there, CommentedSeq):
            _copy_layout(there, old, sequence, rows)
        sheet.put(self.section.path, sequence if rows else None)

    def _kept_rows(self, old: Sequence[Any]) -> list[Any]:
        """Return the rows to write, each in the place it had where it had one."""
        taken: set[int] = set()
        rows = []
        for row in self.rows:
            at = row.was if row.was is not None and row.was < len(old) else None
            base = None if at is None or at in taken else old[at]
            if base is not None and at is not None:
                taken.add(at)
            if not row.is_blank:
                rows.append(self._written(row, base if isinstance(base, dict) else None))
            elif base is not None and not isinstance(base, dict):
                rows.append(base)  # what no form can show is not thrown away by one
        return rows

    def _written(self, row: Row, base: Any) -> Any:
        plain = plain_of(base) if base is not None else {}
        name = row.texts.get("id", "") if self.section.shape is Shape.NAMED else ""
        before = dict(_texts(self.section, plain, self.whos, name))
        written = base if base is not None else CommentedMap()
        for column in self.section.columns:
            if self.section.shape is Shape.NAMED and column.key == "id":
                continue
            keys = [key for key, _ in _cell_keys(column, self.whos)]
            if any(_tidy(row.texts.get(key, "")) != _tidy(before.get(key, "")) for key in keys):
                _set(written, column, self._value(column, row, plain))
        return written if base is not None else inline(plain_of(written))

    def _value(self, column: Column, row: Row, plain: Tree) -> Tree:
        if column.kind is not CellKind.GRANTS:
            return read(column.kind, row.texts.get(column.key, ""))
        grants = {who: row.texts.get(key, "").strip() for key, who in _cell_keys(column, self.whos)}
        shown_here = {_group(who) for who in self.whos}
        there = _at(plain, column.key)
        others = {
            who: much
            for who, much in (there.items() if isinstance(there, dict) else ())
            if _group(who) not in shown_here
        }
        return {who: much for who, much in grants.items() if much} | others or None


def _stored_rows(section: Section, sheet: Sheet) -> Iterator[tuple[str, Tree]]:
    if section.shape is Shape.SINGLE:
        yield "", plain_of(sheet.section(section.path))
        return
    there = plain_of(sheet.section(section.path))
    if section.shape is Shape.NAMED:
        yield from there.items() if isinstance(there, dict) else ()
    else:
        yield from (("", row) for row in there) if isinstance(there, list) else ()


def _texts(
    section: Section, plain: Tree, whos: Sequence[str], name: str
) -> Iterator[tuple[str, str]]:
    for column in section.columns:
        value = _at(plain, column.key)
        if section.shape is Shape.NAMED and column.key == "id":
            yield "id", name
        elif column.kind is CellKind.GRANTS:
            given = value if isinstance(value, dict) else {}
            tidy = {_group(who): much for who, much in given.items()}
            for key, who in _cell_keys(column, whos):
                much = tidy.get(_group(who))
                yield key, much if isinstance(much, str) else ""
        else:
            yield column.key, shown(value)


def _at(plain: Tree, key: str) -> Tree:
    for part in key.split("."):
        plain = plain.get(part) if isinstance(plain, dict) else None
    return plain


def _set(row: Any, column: Column, value: Tree) -> None:
    *before, last = column.key.split(".")
    inside = row
    for part in before:
        if not isinstance(inside.get(part), dict):
            if value is None:
                return
            inside[part] = inline({})
        inside = inside[part]
    if value is not None:
        inside[last] = inline(value)
        return
    inside.pop(last, None)
    if before and not row[before[0]]:
        row.pop(before[0])


def _whos(sheet: Sheet, rows: Iterable[Tree]) -> tuple[str, ...]:
    """Return the roles of the ladder, then the pairs that the rows name."""
    ladder = plain_of(sheet.section("roles"))
    whos = list(ladder) if isinstance(ladder, dict) else []
    known = {_group(who) for who in whos}
    for row in rows:
        grants = _at(row, "up_to")
        for who in grants if isinstance(grants, dict) else ():
            if _group(who) not in known:
                known.add(_group(who))
                whos.append(who)
    return tuple(whos[:_MOST_WHOS])


def _group(who: str) -> frozenset[str]:
    return frozenset(part.strip() for part in who.split("+"))


def _cell_keys(column: Column, whos: Sequence[str]) -> Iterator[tuple[str, str]]:
    if column.kind is CellKind.GRANTS:
        yield from ((f"{column.key}-{at}", who) for at, who in enumerate(whos))
    else:
        yield column.key, column.label


def _keys(section: Section, whos: Sequence[str]) -> Iterator[str]:
    for column in section.columns:
        yield from (key for key, _ in _cell_keys(column, whos))


def _while_there(data: Mapping[str, str], name: str, most: int) -> Iterator[str]:
    for at in range(most):
        if name.format(at) not in data:
            return
        yield data[name.format(at)][:_LONGEST_CELL]


def _around(clause: str) -> Iterator[str]:
    """Yield a clause and those around it, the nearest first."""
    while clause:
        yield clause
        clause = clause.rpartition(".")[0]


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _copy_layout(
    there: CommentedSeq, old: Sequence[Any], sequence: CommentedSeq, rows: Sequence[Any]
) -> None:
    """Let rows keep the comments that stand after them."""
    if there.fa.flow_style():
        sequence.fa.set_flow_style()
    places = {id(row): at for at, row in enumerate(old)}
    for at, row in enumerate(rows):
        comment = there.ca.items.get(places.get(id(row), -1))
        if comment is not None:
            sequence.ca.items[at] = comment
    sequence.ca.comment = there.ca.comment
