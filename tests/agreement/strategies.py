"""Random agreements that are valid, and random facts to hold against them.

The facts are drawn from the same few values as the conditions, so that rows match, miss and turn
on missing facts about equally often.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
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


def tests_of(field: str) -> st.SearchStrategy[object]:
    """Draw a test of a field, as an agreement writes it."""
    return _number_tests(NUMBERS[field]) if field in NUMBERS else _text_tests(TEXTS[field])


def conditions(
    fields: Sequence[str] = (*TEXTS, *NUMBERS), personas: Sequence[str] = (), least: int = 0
) -> st.SearchStrategy[dict[str, object]]:
    """Draw a condition as an agreement writes it, over some of the fields."""
    tests = {field: tests_of(field) for field in fields}
    if personas:
        tests["persona"] = _persona_tests(personas)
    names = st.lists(st.sampled_from(sorted(tests)), min_size=least, max_size=3, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries({name: tests[name] for name in chosen})
    )


def grants(ladder: Sequence[str]) -> st.SearchStrategy[dict[str, str]]:
    """Draw who may grant how much: roles of the ladder and pairs of them."""
    pairs = [f"{one} + {other}" for one in ladder for other in ladder if one < other]
    return st.dictionaries(st.sampled_from([*ladder, *pairs]), rates, min_size=1, max_size=4)


def _rows(
    prefix: str, row: Mapping[str, st.SearchStrategy[Any]], most: int
) -> st.SearchStrategy[list[dict[str, Any]]]:
    drawn = st.lists(st.fixed_dictionaries(dict(row)), max_size=most)
    return drawn.map(lambda rows: [{"id": f"{prefix}{n}", **each} for n, each in enumerate(rows)])


def _days() -> st.SearchStrategy[tuple[dt.date, dt.date]]:
    both = st.lists(st.dates(*YEAR), min_size=2, max_size=2).map(sorted)
    return both.map(lambda days: (days[0], days[1]))


@st.composite
def _discounts(draw: st.DrawFn, ladder: Sequence[str], personas: Sequence[str]) -> dict[str, Any]:
    any_condition = conditions(personas=personas)
    asking = conditions(personas=personas, least=1)
    discounts: dict[str, Any] = {
        "basis": draw(st.sampled_from(("deal", "line"))),
        "limits": draw(_rows("l", {"when": any_condition, "up_to": grants(ladder)}, 5)),
        "levers": draw(_rows("v", {"when": asking, "adds": rates}, 3)),
        "exclusions": draw(_rows("x", {"when": asking}, 1)),
    }
    if draw(st.booleans()):
        discounts["lever_cap"] = draw(rates)
    if draw(st.booleans()):
        floor = {"margin": draw(rates)}
        discounts["floor"] = (
            {**floor, "decides": draw(st.sampled_from(ladder))} if draw(st.booleans()) else floor
        )
    return discounts


@st.composite
def _customizations(draw: st.DrawFn, ladder: Sequence[str]) -> dict[str, Any]:
    amounts = st.sampled_from((0, 500, 2000, 8000))
    row = {
        "kind": st.sampled_from(KINDS),
        "when": conditions(),
        "up_to": st.dictionaries(st.sampled_from(ladder), amounts, min_size=1, max_size=3),
    }
    rows = draw(_rows("c", row, 3))
    for each in rows:
        if draw(st.booleans()):
            per = draw(st.sampled_from(("month", "quarter", "year")))
            each["quota"] = {"per": per, "count": draw(st.integers(0, 3))}
    return {"limits": rows, "otherwise": draw(st.sampled_from(("refused", "granted")))}


@st.composite
def _exceptions(
    draw: st.DrawFn, ladder: Sequence[str], personas: Sequence[str]
) -> list[dict[str, Any]]:
    when = st.one_of(
        conditions(personas=personas),
        st.sampled_from(ACCOUNTS).map(lambda account: {"account_id": account}),
    )
    rows = draw(_rows("e", {"when": when, "up_to": grants(ladder)}, 2))
    for each in rows:
        each["from"], each["until"] = draw(_days())
    return rows


@st.composite
def _roles(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    ladder = draw(
        st.lists(st.sampled_from(LADDER), min_size=2, max_size=4, unique=True).map(
            lambda names: sorted(names, key=LADDER.index)
        )
    )
    roles: dict[str, dict[str, Any]] = {name: {"side": SIDES.get(name, "sales")} for name in ladder}
    if draw(st.booleans()):
        roles[ladder[0]]["people"] = {"role": ["Account Executive", "AE"]}
    if draw(st.booleans()):
        roles[ladder[0]]["default"] = True
    return roles


@st.composite
def agreement_trees(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a valid agreement as the plain values that a file would hold."""
    roles = draw(_roles())
    ladder = tuple(roles)
    personas = draw(_rows("p", {"when": conditions(OF_ACCOUNT, least=1)}, 2))
    names = [persona["id"] for persona in personas]
    values = draw(_rows("u", {"says": st.just("Fewer stops a year"), "when": conditions()}, 2))
    for persona in personas:
        persona["values"] = [value["id"] for value in values[:1]]
    protected = {"when": conditions(personas=names, least=1), "up_to": grants(ladder)}
    return {
        "agreement": "counterpoise/v1",
        "title": "Drawn",
        "in_force": {"from": YEAR[0], "until": YEAR[1]},
        "roles": roles,
        "personas": personas,
        "values": values,
        "protected": draw(_rows("f", protected, 1)),
        "discounts": draw(_discounts(ladder, names)),
        "customizations": draw(_customizations(ladder)),
        "exceptions": draw(_exceptions(ladder, names)),
    }


def agreements(**replaced: Any) -> st.SearchStrategy[Agreement]:
    """Draw a valid agreement; whole sections can be replaced by name."""
    return agreement_trees().map(lambda tree: Agreement.model_validate({**tree, **replaced}))


def facts() -> st.SearchStrategy[dict[str, Any]]:
    """Draw the facts of a deal by column; each of them is missing in one draw of four."""
    known: dict[str, st.SearchStrategy[Any]] = {
        COLUMNS[field]: st.sampled_from(values) for field, values in TEXTS.items()
    }
    for field, numbers in NUMBERS.items():
        around = sorted({n + step for n in numbers for step in (-1, 0, 1) if n + step >= 0})
        known[COLUMNS[field]] = st.sampled_from(around).map(Decimal)
    known["account_id"] = st.sampled_from(ACCOUNTS)
    some = {
        column: st.integers(0, 3).flatmap(lambda n, v=value: v if n else st.none())  # type: ignore[misc]
        for column, value in known.items()
    }
    return st.fixed_dictionaries(some)
