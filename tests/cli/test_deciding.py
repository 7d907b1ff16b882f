"""`counterpoise decide`: one request, one a line, from a file or standard input."""

import json
from pathlib import Path

import pytest

from counterpoise.agreement import read_agreement
from counterpoise.books import Books, Workspace
from counterpoise.desk import NO_BOOKS, decide, decision_json, read_request
from counterpoise.desk.snapshot_facts import SnapshotFacts
from tests.cli.running import AGREEMENT, done, run

REQUEST = (
    '{"deal": {"account_id": "A1", "lines": [{"product_id": "P1", "quantity": 10, '
    '"list_price": 1000, "net_price": 900}]}, "asked_by": "rep", '
    '"asked_at": "2026-06-10T10:00:00"}'
)
SMALL = (
    '{"deal": {"list_amount": 1000, "net_amount": 960}, "asked_by": "rep", '
    '"asked_at": "2026-06-10T10:00:00"}'
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace without books."""
    workspace = tmp_path_factory.mktemp("bare") / "company"
    done("new", workspace)
    (workspace / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    return workspace


def test_answers_with_the_bytes_of_the_library(company: Path) -> None:
    workspace = Workspace.open(company)
    agreement = read_agreement(workspace.agreement_file)
    with Books.open(workspace) as books:
        answer = decide(read_request(REQUEST), agreement, SnapshotFacts(books))
    assert done("-w", company, "decide", "--json", stdin=REQUEST.encode()) == (
        decision_json(answer) + "\n"
    )


def test_answers_without_books_with_the_same_bytes(bare: Path) -> None:
    agreement = read_agreement(bare / "agreement.yaml")
    answer = decision_json(decide(read_request(SMALL), agreement, NO_BOOKS))
    assert done("-w", bare, "decide", "--json", stdin=SMALL.encode()) == answer + "\n"


def test_reads_a_file_a_dash_and_nothing_alike(bare: Path, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    answer = done("-w", bare, "decide", file, "--json")
    assert done("-w", bare, "decide", "-", "--json", stdin=SMALL.encode()) == answer
    assert done("-w", bare, "decide", "--json", stdin=SMALL.encode()) == answer


def test_answers_every_line(bare: Path) -> None:
    deep = SMALL.replace("960", "900")
    text = f"{SMALL}\n\n{deep}\n"
    answers = done("-w", bare, "decide", "--json", stdin=text.encode()).splitlines()
    assert [json.loads(each)["verdict"] for each in answers] == ["granted", "needs_approval"]


def test_answers_none_where_a_line_is_refused_and_names_it(bare: Path) -> None:
    unknown = SMALL.replace("rep", "reb")
    result = run("-w", bare, "decide", "--json", stdin=f"{SMALL}\n{unknown}\n".encode())
    assert (result.code, result.out) == (3, "")
    assert "-, line 2: the request cannot be read: asked_by" in " ".join(result.err.split())


def test_takes_only_line_ends_for_the_end_of_a_request(bare: Path) -> None:
    named = SMALL.replace('"list_amount"', '"name": "one\u2028two", "list_amount"')
    answers = done("-w", bare, "decide", "--json", stdin=f"{named}\r\n{SMALL}\n".encode())
    assert [json.loads(each)["verdict"] for each in answers.splitlines()] == ["granted"] * 2


def test_reads_one_request_that_is_spread_over_lines(bare: Path) -> None:
    spread = json.dumps(json.loads(SMALL), indent=2)
    assert json.loads(done("-w", bare, "decide", "--json", stdin=spread.encode()))


def test_says_the_answer_first_then_why_then_what_to_offer(bare: Path) -> None:
    said = done("-w", bare, "decide", stdin=SMALL.replace("960", "900").encode()).splitlines()
    assert said[:2] == ["Needs approval", "  by sales manager (discounts.limits.standard)"]
    assert said[2].startswith("· 10% is asked; rep may give 5% here")
    assert "Offer instead" in said
    assert "To the customer" in said
    assert said[-1] == "By First half, as if: a draft that nobody has signed"
