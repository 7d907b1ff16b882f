"""Input that cannot be used: one clear message, exit code 3, and nothing changed."""

import errno
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.running import AGREEMENT, EXPORT, Ran, done, listing, run, write_export

REQUEST: dict[str, object] = {
    "deal": {"list_amount": 1000, "net_amount": 900},
    "asked_by": "rep",
    "asked_at": "2026-06-10T10:00:00",
}


@dataclass(frozen=True)
class Bad:
    """A source or request that is refused, and what the message must name."""

    name: str
    make: Callable[[Path], object]
    """Make it in a folder and return what the command is given."""
    says: tuple[str, ...]
    command: tuple[str, ...] = ("import",)
    stdin: bytes = field(default=b"")


def _folder(*names: str, **written: str | bytes) -> Callable[[Path], Path]:
    """Return a maker of an export with some of its files, and others instead."""

    def make(folder: Path) -> Path:
        made = folder / "given"
        made.mkdir()
        for name in names:
            (made / name).write_text(EXPORT[name], encoding="utf-8")
        for name, content in written.items():
            data = content.encode() if isinstance(content, str) else content
            (made / f"{name}.csv").write_bytes(data)
        return made

    return make


def _bomb(folder: Path) -> Path:
    """Write a workbook whose sheet grows a thousandfold."""
    made = folder / "deals.xlsx"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(400):
                sheet.write(b"0" * 1_000_000)
    return made


def _cut(folder: Path) -> Path:
    """Write a table that ends inside a quoted field."""
    rows = "".join(f"D{n},won,2026-01-01,100,90\n" for n in range(50))
    head = "deal_id,outcome,created_at,list_amount,net_amount,name\n"
    rows = rows.replace(",90\n", ',90,"Alder"\n')
    return _folder(deals=head + rows + 'D99,won,2026-01-01,100,90,"Ald')(folder)


def _agreement(text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        made = folder / "given.yaml"
        made.write_text(text, encoding="utf-8")
        return made

    return make


def _huge_scalar(folder: Path) -> Path:
    return _agreement(AGREEMENT + "notes: " + "x" * 50_000_000 + "\n")(folder)


def _request(**changed: object) -> bytes:
    return json.dumps(REQUEST | changed).encode()


def _priced(**changed: object) -> bytes:
    line = {"product_id": "P1", "quantity": 2, "list_price": 1000, "net_price": 900} | changed
    return _request(deal={"lines": [line]})


def _asked(name: str, stdin: bytes, *says: str) -> Bad:
    return Bad(name, lambda _: "-", says, ("decide",), stdin)


CHECK = ("agreement", "check")
WRONG_COLUMNS = "colour,size\nred,3\n"
CASES = [
    Bad("a missing file", lambda folder: folder / "none.csv", ("none.csv",)),
    Bad("an empty file", _folder(deals=""), ("deals.csv", "empty")),
    Bad("an empty folder", _folder(), ("given",)),
    Bad("a folder without deals", _folder("people.csv", "accounts.csv"), ("deals",)),
    Bad(
        "a table with nothing but its header",
        _folder("people.csv", deals="deal_id,outcome,created_at\n"),
        ("no row of deals", "header"),
    ),
    Bad("wrong columns", _folder(deals=WRONG_COLUMNS), ("deals", "deal_id")),
    Bad("a binary", _folder(deals=b"\x7fELF\x00\x01\x02\x00" * 500), ("deals.csv",)),
    Bad("a million columns", _folder(deals=",".join(map(str, range(10**6)))), ("deals.csv",)),
    Bad("a zip bomb", _bomb, ("deals.xlsx",)),
    Bad("a database that refuses", lambda _: "postgresql://nobody@127.0.0.1:9/x", ("127.0.0.1",)),
    Bad("an unknown scheme", lambda _: "mongodb://localhost/x", ("mongodb",)),
    Bad("a missing agreement", lambda folder: folder / "none.yaml", ("none.yaml",), CHECK),
    Bad("a cycle of anchors", _agreement("agreement: &a [*a]\n"), ("given.yaml",), CHECK),
    Bad("a scalar of 50 MB", _huge_scalar, ("given.yaml",), CHECK),
    Bad("no agreement", _agreement("- just a list\n"), ("given.yaml",), CHECK),
    Bad("a misspelt clause", _agreement(AGREEMENT.replace("limits", "limts")), ("limits",), CHECK),
    _asked("no request", b"", "no request"),
    _asked("not JSON", b"{deal: 1}", "JSON"),
    _asked("not text", b"\xff\xfe\x00", "UTF-8"),
    _asked("an unknown product", _priced(product_id="P2"), "P2", "P1"),
    _asked("a negative quantity", _priced(quantity=-2), "quantity", "-2"),
    _asked("no number", _request(deal={"list_amount": float("nan"), "net_amount": 1}), "NaN"),
    _asked("a net below nothing", _priced(net_price=-100), "net_price"),
    _asked("no amount", _request(deal={"list_amount": "much", "net_amount": 1}), "list_amount"),
    _asked("an unknown role", _request(asked_by="repp"), "'repp'", "'rep'"),
    _asked("an unknown field", _request(deal={"list_amout": 5}), "list_amout", "list_amount"),
    _asked("no cost", _request(customizations=[{"kind": "label", "cost": None}]), "cost"),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    made = folder / "company"
    done("new", made)
    (made / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    done("-w", made, "import", write_export(folder / "export"))
    return made


def _refused(ran: Ran, *says: str) -> None:
    """Hold a refusal to its form: code, one paragraph, nothing on standard output."""
    assert (ran.code, ran.out) == (3, ""), ran.err
    messages = [line for line in ran.err.splitlines() if not line.endswith(" …")]
    assert messages[0].startswith("counterpoise: ")
    assert all(line.strip() for line in messages)
    assert "Traceback" not in ran.err
    assert len(ran.err) < 1500
    for word in says:
        assert word in ran.err


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: bad.name)
def test_is_refused_with_one_message_and_nothing_changed(
    bad: Bad, workspace: Path, tmp_path: Path
) -> None:
    given = bad.make(tmp_path)
    before = listing(workspace)
    ran = run("-w", workspace, *bad.command, given, stdin=bad.stdin)
    _refused(ran, *bad.says)
    assert listing(workspace) == before


def test_names_the_line_of_a_refused_request(workspace: Path) -> None:
    lines = _request() + b"\n" + _request(asked_by="nobody") + b"\n"
    ran = run("-w", workspace, "decide", stdin=lines)
    _refused(ran, "line 2", "nobody")


def test_sets_the_line_of_a_cut_table_aside_and_names_it(tmp_path: Path) -> None:
    made = tmp_path / "company"
    done("new", made)
    said = done("-w", made, "import", _cut(tmp_path))
    assert "unreadable line, deals, 1 row: the lines are set aside" in said
    assert "deals.csv:52" in said
    assert done("-w", made, "review", "--json").count('"deals_won": 50,')


def test_a_full_disk_is_told_and_leaves_the_page_that_was_there(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "review.html"
    page.write_text("before", encoding="utf-8")

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run("-w", workspace, "review", "--html", page)
    _refused(ran, "review.html", "No space left on device")
    assert listing(tmp_path) == {"review.html": b"before"}


def test_a_full_disk_leaves_the_books_as_they_were(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = _folder(*EXPORT)(tmp_path)
    (export / "deals.csv").write_text(EXPORT["deals.csv"].replace("950", "940"), encoding="utf-8")
    before = listing(workspace)

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ran = run("-w", workspace, "import", export)
    _refused(ran, "no room left", "The books are as they were")
    assert listing(workspace) == before
