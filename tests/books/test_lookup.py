"""The look-up database: one id at a time, with the facts of the day."""

import datetime as dt
import threading
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.books import Books, Lookup, NoLookupError, Workspace, build_lookup, import_books
from counterpoise.books.lookup_file import lookup_file
from counterpoise.books.spelling import distance, framed, nearest
from tests.books.conftest import Write
from tests.ledger.disk_books import books_of

PEOPLE = """\
person_id,name,side,role,team,manager_id
P1,Ada,both,lead,Board,
P2,Bo,sales,manager,North,P1
P3,Cy,sales,rep,North,P2
P4,Di,marketing,brand,Brand,P1
P5,Ed,marketing,brand,Brand,P4
"""
ROLES = """\
person_id,valid_from,role,team,manager_id
P3,2026-03-01,senior,South,P4
"""
ACCOUNTS = """\
account_id,name,segment,tier
A1,Müller Pumps,Mid,gold
A2,Northern Valves,Small,
A3,Pumpworks,Small,gold
"""
PRODUCTS = "product_id,name,family,list_price,unit_cost\nX1,Pump,Pumps,100.5,60\n"
PRICES = "product_id,valid_from,list_price\nX1,2026-01-01,110\nX1,2026-06-01,120.25\n"
DEALS = """\
deal_id,name,account_id,owner_id,lead_id,campaign_id,outcome,created_at,closed_at,net_amount
D1,Two pumps,A1,P3,L1,C1,won,2026-01-05 09:30:00,2026-02-10,950
D2,Spare valves,A2,P3,,,open,2026-02-01,,
D3,More pumps,A1,P2,,,lost,2026-04-01,2026-05-01,
"""
LINES = "deal_id,line_no,product_id,quantity,net_price\nD1,2,X1,1,90\nD1,1,X1,9,95.5\n"
LEADS = """\
lead_id,account_id,campaign_id,created_at,deal_id
L1,A1,C2,2025-12-01,
L2,A2,C1,2026-01-15,D2
"""
TOUCHES = """\
touch_id,touched_at,channel,campaign_id,lead_id,account_id
T1,2025-12-02,web,C3,L1,
T2,2026-04-10,event,C4,,A1
T3,2026-06-10,event,C5,,A1
"""
CAMPAIGNS = """\
campaign_id,name,owner_id
C1,Spring,P4
C2,Fair,P5
C3,Web,P1
C4,Event,P4
C5,Late,P4
"""
CUSTOMIZATIONS = """\
customization_id,deal_id,kind,cost,requested_at
K1,D1,label,10.5,2026-01-31 23:59:00
K2,D1,label,,2026-02-01
K3,D2,colour,5,2026-01-10
"""
RATES = "currency,valid_from,rate\nEUR,2026-01-01,1.1\nEUR,2026-02-01,1.2\n"


@pytest.fixture
def source(write: Write) -> object:
    return write(
        people=PEOPLE,
        person_roles=ROLES,
        accounts=ACCOUNTS,
        products=PRODUCTS,
        list_prices=PRICES,
        deals=DEALS,
        deal_lines=LINES,
        leads=LEADS,
        touches=TOUCHES,
        campaigns=CAMPAIGNS,
        customizations=CUSTOMIZATIONS,
        exchange_rates=RATES,
    )


@pytest.fixture
def lookup(workspace: Workspace, source: str) -> Lookup:
    snapshot = import_books(workspace, source).snapshot
    with Books.open(workspace) as books:
        build_lookup(books)
    return Lookup.open(workspace, snapshot)


def test_finds_a_deal_with_exact_values(lookup: Lookup) -> None:
    deal = lookup.deal("D1")
    assert deal is not None
    assert deal["net_amount"] == Decimal(950)
    assert isinstance(deal["net_amount"], Decimal)
    assert deal["created_at"] == dt.datetime(2026, 1, 5, 9, 30)
    assert deal["list_amount"] is None
    assert lookup.deal("D9") is None


def test_gives_the_facts_of_the_day(lookup: Lookup) -> None:
    before, after = dt.date(2026, 2, 28), dt.date(2026, 3, 1)
    assert (lookup.person("P3", before) or {})["role"] == "rep"
    assert (lookup.person("P3", after) or {})["team"] == "South"
    assert (lookup.product("X1", dt.date(2025, 12, 31)) or {})["list_price"] == Decimal("100.5")
    assert (lookup.product("X1", dt.date(2026, 5, 31)) or {})["list_price"] == Decimal(110)
    assert (lookup.product("X1") or {})["list_price"] == Decimal("120.25")
    assert lookup.exchange_rate("EUR", dt.date(2026, 1, 31)) == Decimal("1.1")
    assert lookup.exchange_rate("EUR", dt.date(2025, 1, 31)) is None


def test_keeps_attributes(lookup: Lookup) -> None:
    assert (lookup.account("A1") or {})["attr__tier"] == "gold"
    assert (lookup.account("A2") or {})["attr__tier"] is None


def test_lists_lines_in_their_order(lookup: Lookup) -> None:
    assert [line["line_no"] for line in lookup.lines("D1")] == [1, 2]


def test_knows_who_reports_to_whom_now(lookup: Lookup) -> None:
    assert lookup.people_under("P4") == {"P3", "P5"}
    assert lookup.people_under("P1") == {"P2", "P3", "P4", "P5"}
    assert lookup.people_under("nobody") == frozenset()


def test_a_marketer_has_the_campaigns_of_those_under_them(lookup: Lookup) -> None:
    assert lookup.campaigns_of("P4") == {"C1", "C2", "C4", "C5"}
    assert lookup.campaigns_of("P5") == {"C2"}


def test_a_campaign_touches_a_deal_itself_by_its_lead_or_while_it_is_open(lookup: Lookup) -> None:
    assert lookup.deal_campaigns("D1") == {"C1", "C2", "C3"}
    assert lookup.deal_campaigns("D2") == {"C1"}
    assert lookup.deal_campaigns("D3") == {"C4"}


def test_lists_the_touches_of_a_deal(lookup: Lookup) -> None:
    assert [each["touch_id"] for each in lookup.touches_of_deal("D1")] == ["T1"]
    assert [each["touch_id"] for each in lookup.touches_of_deal("D3")] == ["T2"]


def test_counts_customizations_by_day_both_ends_included(lookup: Lookup) -> None:
    first = dt.date(2026, 1, 1)
    assert lookup.customizations_between("label", first, dt.date(2026, 1, 31)) == 1
    assert lookup.customizations_between("label", first, dt.date(2026, 2, 1)) == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("A1", ["A1"]),
        ("muller", ["A1"]),
        ("pump", ["A1", "A3"]),
        ("pumps mü", ["A1"]),
        ("valv", ["A2"]),
        ("'; DROP", []),
        ('"', []),
        ("", []),
    ],
)
def test_finds_accounts_by_id_or_words(lookup: Lookup, words: str, found: list[str]) -> None:
    assert [each["account_id"] for each in lookup.find_accounts(words, 10)] == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("D2", {"D2"}),
        ("pump", {"D1", "D3"}),
        ("spare", {"D2"}),
        ("northern", {"D2"}),
        ("zz", set()),
    ],
)
def test_finds_deals_by_id_words_or_account(lookup: Lookup, words: str, found: set[str]) -> None:
    assert {each["deal_id"] for each in lookup.find_deals(words, 10)} == found


def test_finds_no_more_than_asked(lookup: Lookup) -> None:
    assert len(lookup.find_deals("D", 2)) == 2


def test_is_written_once_and_never_changed(lookup: Lookup, workspace: Workspace) -> None:
    file = lookup_file(workspace, lookup.snapshot)
    before = file.stat()
    with Books.open(workspace) as books:
        build_lookup(books)
    assert file.stat() == before
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    assert before.st_mode & 0o222 == 0


def test_says_that_it_is_not_made_yet(workspace: Workspace, source: str) -> None:
    snapshot = import_books(workspace, source).snapshot
    with pytest.raises(NoLookupError, match="no look-up database"):
        Lookup.open(workspace, snapshot)


def test_knows_nothing_when_empty() -> None:
    empty = Lookup.empty()
    assert empty.people() == ()
    assert empty.deal("D1") is None
    assert empty.find_accounts("x", 5) == []
    assert empty.campaigns_of("P1") == frozenset()


def test_answers_every_thread(lookup: Lookup) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(lookup.deal("D1"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [lookup.deal("D1")] * 4


SLIPS = st.sampled_from(("leave out", "double", "swap", "change", "lower"))


def _slipped(word: str, slip: str, at: int) -> str:
    """Write a word as somebody might by a slip of the finger."""
    at %= len(word) - 1
    match slip:
        case "leave out":
            return word[:at] + word[at + 1 :]
        case "double":
            return word[: at + 1] + word[at:]
        case "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "change":
            return word[:at] + "9" + word[at + 1 :]
        case _:
            return f" {word.lower()}".replace("-", " ")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    """Return the look-up of a company with 20,000 accounts, whose ids differ little."""
    accounts = [{"account_id": f"ACC-{number:06}"} for number in range(20_000)]
    deals = [{"deal_id": "D1", "outcome": "open", "created_at": dt.datetime(2026, 1, 1)}]
    root = tmp_path_factory.mktemp("many") / "w"
    with books_of(root, {"accounts": accounts, "deals": deals}) as books:
        build_lookup(books)
        return Lookup.open(books.workspace, books.manifest.snapshot)


@settings(deadline=None, max_examples=40)
@given(number=st.integers(0, 19_999), slip=SLIPS, at=st.integers(0, 9))
def test_proposes_an_id_that_is_as_near_as_any(
    many: Lookup, number: int, slip: str, at: int
) -> None:
    typed = _slipped(f"ACC-{number:06}", slip, at)
    found = many.nearest_account(typed)
    assert found is not None
    shape, meant = framed(typed), framed(f"ACC-{number:06}")
    assert distance(shape, framed(found), 9) <= distance(shape, meant, 9)


@pytest.mark.parametrize("typed", ["", "x", "Acme Corporation", '"', "ACC", "<<", "ü" * 500])
def test_proposes_nothing_where_nothing_is_near(many: Lookup, typed: str) -> None:
    assert many.nearest_account(typed) is None


def test_compares_few_ids_however_many_there_are(
    many: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def counting(word: str, candidates: Sequence[str]) -> str | None:
        compared.append(len(candidates))
        return nearest(word, candidates)

    monkeypatch.setattr("counterpoise.books.lookup.nearest", counting)
    assert many.nearest_account("ACC-01234") == "ACC-001234"
    assert compared == [100]


def test_lists_leads_that_nobody_handed_over_the_latest_qualified_first(
    workspace: Workspace, write: Write
) -> None:
    leads = (
        "lead_id,created_at,qualified_at,handed_over_at,verdict\n"
        "L1,2026-01-01,2026-01-02,,\n"
        "L2,2026-01-05,,,\n"
        "L3,2026-01-01,2026-01-09,,\n"
        "L4,2026-01-01,2026-01-03,2026-01-04,\n"
        "L5,2026-01-01,,,rejected\n"
    )
    import_books(workspace, write(leads=leads))
    with Books.open(workspace) as books:
        build_lookup(books)
        found = Lookup.open(workspace, books.manifest.snapshot)
    assert [lead["lead_id"] for lead in found.leads_to_hand_over()] == ["L3", "L1", "L2"]


def test_finds_the_deals_of_a_lead_whichever_names_the_other(lookup: Lookup) -> None:
    assert [deal["deal_id"] for deal in lookup.deals_of_lead("L1")] == ["D1"]
    assert [deal["deal_id"] for deal in lookup.deals_of_lead("L2")] == ["D2"]
    assert lookup.deals_of_lead("L9") == []
