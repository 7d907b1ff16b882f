"""Random agreements that are valid, and random facts to hold against them.

The facts are drawn from the same few values as the conditions, so that rows match, miss and turn
on missing facts about equally often.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from counterpoise.agreement import Agreement

SEGMENTS = ("Enterprise", "Mid", "SMB", "Charity")
INDUSTRIES = ("Manufacturing", "Medical", "Retail")
FAMILIES = ("Orion", "Alpine", "GTX")
REGIONS = ("North", "South")
PAYMENTS = ("upfront", "monthly")
TIERS = ("gold", "silver")
ACCOUNTS = ("A1", "A2", "A3")
NUMBERS: Mapping[str, tuple[int, ...]] = {
    "employees": (0, 10, 50, 200, 1000),
    "term_months": (1, 12, 24, 36),
    "list_amount": (1000, 20000, 50000, 120000),
}
TEXTS: Mapping[str, tuple[str, ...]] = {
    "segment": SEGMENTS,
    "industry": INDUSTRIES,
    "product_family": FAMILIES,
    "payment": PAYMENTS,
    "owner.region": REGIONS,
    "attr.tier": TIERS,
}
OF_ACCOUNT = ("segment", "industry", "employees")
"""Fields that a persona asks for."""
COLUMNS: Mapping[str, str] = {
    "segment": "account__segment",
    "industry": "account__industry",
    "employees": "account__employees",
    "product_family": "product_family",
    "payment": "payment",
    "owner.region": "owner__region",
    "attr.tier": "attr__tier",
    "term_months": "term_months",
    "list_amount": "list_amount",
    "account_id": "account_id",
}
"""The column in which the facts hold each field that conditions ask for (but `persona`)."""
KINDS = ("private_label", "packaging")
LADDER = ("rep", "account_manager", "sales_manager", "product_marketing", "revenue_lead")
SIDES = {"product_marketing": "marketing", "revenue_lead": "both"}
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))

rates = st.integers(0, 40).map(lambda halves: f"{Decimal(halves) / 2}%")
"""Rates from 0 % to 20 %, in steps of half a point."""


def _text_tests(values: Sequence[str]) -> st.SearchStrategy[object]:
    value = st.sampled_from(values)
    some = st.lists(value, min_size=1, max_size=2, unique=True)
    return st.one_of(
        value,
        some,
        some.map(lambda names: f"not({', '.join(names)})"),
        some.map(lambda names: [*names, None]),
        st.sampled_from((None, "not(null)", "-", f"not({values[0]}, null)")),
    )


def _persona_tests(personas: Sequence[str]) -> st.SearchStrategy[object]:
    some = st.lists(st.sampled_from(personas), min_size=1, max_size=2, unique=True)
    return st.one_of(some, some.map(lambda names: f"not({', '.join(names)})"), st.just("-"))


def _number_tests(values: Sequence[int]) -> st.SearchStrategy[object]:
    value = st.sampled_from(values)
    ends = st.lists(value, min_size=2, max_size=2, unique=True).map(sorted)
    brackets = st.tuples(st.sampled_from("[("), st.sampled_from("])"))
    return st.one_of(
        st.tuples(st.sampled_from(("<", "<=", ">", ">=")), value).map(lambda t: f"{t[0]} {t[1]}"),
        st.tuples(ends, brackets).map(lambda t: f"{t[1][0]}{t[0][0]}..{t[0][1]}{t[1][1]}"),
        value,
        st.tuples(value, value).map(lambda t: [f"< {t[0]}", t[1]]),
        value.map(lambda number: f"not(>= {number})"),
        st.sampled_from((None, "not(null)", "-")),
    )


@cache
def tests_of(field: str) -> st.SearchStrategy[object]:
    """Draw a test of a field, as an agreement writes it."""
    return _number_tests(NUMBERS[field]) if field in NUMBERS else _text_tests(TEXTS[field])


@cache
def conditions(
    fields: tuple[str, ...] = (*TEXTS, *NUMBERS), personas: tuple[str, ...] = (), least: int = 0
) -> st.SearchStrategy[dict[str, object]]:
    """Draw a condition as an agreement writes it, over some of the fields."""
    tests = {field: tests_of(field) for field in fields}
    if personas:
        tests["persona"] = _persona_tests(personas)
    pairs = st.one_of([st.tuples(st.just(name), test) for name, test in sorted(tests.items())])
    return st.lists(pairs, min_size=least, max_size=3, unique_by=lambda pair: pair[0]).map(dict)


@cache
def grants(ladder: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """Draw who may grant how much: roles of the ladder and pairs of them."""
    pairs = [f"{one} + {other}" for one in ladder for other in ladder if one < other]
    return st.dictionaries(st.sampled_from([*ladder, *pairs]), rates, min_size=1, max_size=4)


def _rows(
    prefix: str, row: st.SearchStrategy[dict[str, Any]], most: int
) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(row, max_size=most).map(
        lambda rows: [{"id": f"{prefix}{n}", **each} for n, each in enumerate(rows)]
    )


def _days() -> st.SearchStrategy[tuple[dt.date, dt.date]]:
    both = st.lists(st.dates(*YEAR), min_size=2, max_size=2).map(sorted)
    return both.map(lambda days: (days[0], days[1]))


def _row(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parts)


@cache
def _discounts(
    ladder: tuple[str, ...], personas: tuple[str, ...]
) -> st.SearchStrategy[dict[str, Any]]:
    asking = conditions(personas=personas, least=1)
    up_to = grants(ladder)
    floor = st.fixed_dictionaries({"margin": rates}, optional={"decides": st.sampled_from(ladder)})
    return st.fixed_dictionaries(
        {
            "basis": st.sampled_from(("deal", "line")),
            "limits": _rows("l", _row(when=conditions(personas=personas), up_to=up_to), 4),
            "levers": _rows("v", _row(when=asking, adds=rates), 2),
            "exclusions": _rows("x", _row(when=asking), 1),
        },
        optional={"lever_cap": rates, "floor": floor},
    )


@cache
def _customizations(ladder: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    amounts = st.sampled_from((0, 500, 2000, 8000))
    quota = _row(per=st.sampled_from(("month", "quarter", "year")), count=st.integers(0, 3))
    row = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(KINDS),
            "when": conditions(),
            "up_to": st.dictionaries(st.sampled_from(ladder), amounts, min_size=1, max_size=3),
        },
        optional={"quota": quota},
    )
    return _row(limits=_rows("c", row, 2), otherwise=st.sampled_from(("refused", "granted")))


@cache
def _exceptions(
    ladder: tuple[str, ...], personas: tuple[str, ...]
) -> st.SearchStrategy[list[dict[str, Any]]]:
    account = st.sampled_from(ACCOUNTS).map(lambda account: {"account_id": account})
    when = st.one_of(conditions(personas=personas), account)
    rows = _rows("e", _row(when=when, up_to=grants(ladder), days=_days()), 2)
    return rows.map(lambda drawn: [_dated(**row) for row in drawn])


def _dated(days: tuple[dt.date, dt.date], **row: Any) -> dict[str, Any]:
    return {**row, "from": days[0], "until": days[1]}


_ladders = st.lists(st.sampled_from(LADDER), min_size=2, max_size=4, unique=True).map(
    lambda names: tuple(sorted(names, key=LADDER.index))
)
_personas = _rows("p", _row(when=conditions(OF_ACCOUNT, least=1)), 2)
_values = _rows("u", _row(says=st.just("Fewer stops a year"), when=conditions()), 2)
_people = st.fixed_dictionaries(
    {},
    optional={
        "people": st.just({"role": ["Account Executive", "AE"]}),
        "default": st.just(True),
    },
)


@cache
def _protected(
    ladder: tuple[str, ...], personas: tuple[str, ...]
) -> st.SearchStrategy[list[dict[str, Any]]]:
    asking = conditions(personas=personas, least=1)
    return _rows("f", _row(when=asking, up_to=grants(ladder)), 1)


@st.composite
def agreement_trees(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a valid agreement as the plain values that a file would hold."""
    ladder = draw(_ladders)
    roles: dict[str, dict[str, Any]] = {name: {"side": SIDES.get(name, "sales")} for name in ladder}
    roles[ladder[0]] |= draw(_people)
    personas, values = draw(_personas), draw(_values)
    for persona in personas:
        persona["values"] = [value["id"] for value in values[:1]]
    names = tuple(persona["id"] for persona in personas)
    return {
        "agreement": "counterpoise/v1",
        "title": "Drawn",
        "in_force": {"from": YEAR[0], "until": YEAR[1]},
        "roles": roles,
        "personas": personas,
        "values": values,
        "protected": draw(_protected(ladder, names)),
        "discounts": draw(_discounts(ladder, names)),
        "customizations": draw(_customizations(ladder)),
        "exceptions": draw(_exceptions(ladder, names)),
    }


_trees = agreement_trees()


def agreements(**replaced: Any) -> st.SearchStrategy[Agreement]:
    """Draw a valid agreement; whole sections can be replaced by name."""
    return _trees.map(lambda tree: Agreement.model_validate({**tree, **replaced}))


@cache
def facts() -> st.SearchStrategy[dict[str, Any]]:
    """Draw the facts of a deal by column; each of them is missing in one draw of four."""
    known: dict[str, Sequence[Any]] = {COLUMNS[field]: values for field, values in TEXTS.items()}
    for field, numbers in NUMBERS.items():
        around = sorted({n + step for n in numbers for step in (-1, 0, 1) if n + step >= 0})
        known[COLUMNS[field]] = [Decimal(number) for number in around]
    known["account_id"] = ACCOUNTS
    return st.fixed_dictionaries(
        {
            column: st.sampled_from([*values, *[None] * max(1, len(values) // 3)])
            for column, values in known.items()
        }
    )
