import datetime as dt
from decimal import Decimal

import pytest

from counterpoise.agreement.binding import MismatchError, OrderError, bind
from counterpoise.agreement.conditions import Condition, Equals, holds
from counterpoise.agreement.fields import Field, Fields, Scope, UnknownFieldError
from counterpoise.books.schema import Kind

FIELDS = Fields()


def holds_for(field: str, test: object, fact: object) -> bool | None:
    (bound,) = bind(Condition.parse({field: test}), FIELDS)
    return holds(bound.test, fact)


@pytest.mark.parametrize(
    ("name", "path", "column"),
    [
        ("term_months", "deal.term_months", "term_months"),
        ("deal.kind", "deal.kind", "kind"),
        ("segment", "account.segment", "account__segment"),
        ("region", "account.region", "account__region"),
        ("owner.region", "owner.region", "owner__region"),
        ("family", "product.family", "product__family"),
        ("role", "owner.role", "owner__role"),
        ("product_family", "product_family", "product_family"),
        ("persona", "persona", "persona"),
        ("attr.tier", "attr.tier", "attr__tier"),
        ("account.attr.New Logo", "account.attr.New Logo", "account__attr__New Logo"),
    ],
)
def test_a_bare_name_is_looked_for_in_deal_account_product_and_owner(
    name: str, path: str, column: str
) -> None:
    found = FIELDS.resolve(name)
    assert (found.path, found.column) == (path, column)


def test_a_known_attribute_is_looked_for_like_any_name() -> None:
    fields = Fields(attributes={"accounts": {"tier": Kind.TEXT}})
    assert fields.resolve("attr.tier") == Field(
        "account.attr.tier", "account__attr__tier", Kind.TEXT
    )
    with pytest.raises(UnknownFieldError, match=r"the nearest is 'attr\.tier'"):
        fields.resolve("attr.teir")


@pytest.mark.parametrize(
    ("scope", "known", "unknown"),
    [
        (Scope.PERSON, "role", "segment"),
        (Scope.LEAD, "score", "list_amount"),
        (Scope.PROMOTION, "depth", "term_months"),
        (Scope.DEAL, "payment", "score"),
    ],
)
def test_each_scope_has_its_own_fields(scope: Scope, known: str, unknown: str) -> None:
    assert Fields(scope).resolve(known).column == known
    with pytest.raises(UnknownFieldError):
        Fields(scope).resolve(unknown)


def test_gives_values_the_kind_of_their_field() -> None:
    bound = bind(Condition.parse({"account_id": 1001, "employees": '"50"'}), FIELDS)
    assert [each.test for each in bound] == [Equals("1001"), Equals(Decimal(50))]


def test_takes_the_kind_of_an_attribute_from_its_values() -> None:
    bound = bind(Condition.parse({"attr.a": 5, "attr.b": "x", "attr.c": None}), FIELDS)
    assert [each.field.kind for each in bound] == [Kind.NUMBER, Kind.TEXT, Kind.TEXT]


@pytest.mark.parametrize(
    ("field", "test", "error"),
    [
        ("employees", "large", MismatchError),
        ("closed_at", 5, MismatchError),
        ("owner.active", 1, MismatchError),
        ("segment", "> 5", OrderError),
        ("owner.active", "> 2026-01-01", OrderError),
    ],
)
def test_refuses_values_that_the_field_cannot_have(
    field: str, test: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        bind(Condition.parse({field: test}), FIELDS)


@pytest.mark.parametrize(
    ("test", "first", "last"),
    [
        ("2026-06-30", "2026-06-30T00:00", "2026-06-30T23:59:59"),
        ("<= 2026-06-30", "2000-01-01T00:00", "2026-06-30T23:59:59"),
        ("< 2026-07-01", "2000-01-01T00:00", "2026-06-30T23:59:59"),
        ("> 2026-06-29", "2026-06-30T00:00", "2999-01-01T00:00"),
        (">= 2026-06-30", "2026-06-30T00:00", "2999-01-01T00:00"),
        ("[2026-06-29..2026-06-30]", "2026-06-29T00:00", "2026-06-30T23:59:59"),
        ("(2026-06-29..2026-07-01)", "2026-06-30T00:00", "2026-06-30T23:59:59"),
    ],
)
def test_compares_an_instant_by_its_day(test: str, first: str, last: str) -> None:
    start, end = dt.datetime.fromisoformat(first), dt.datetime.fromisoformat(last)
    assert holds_for("closed_at", test, start) is True
    assert holds_for("closed_at", test, end) is True
    if start.year > 2000:
        assert holds_for("closed_at", test, start - dt.timedelta(seconds=1)) is False
    if end.year < 2999:
        assert holds_for("closed_at", test, end + dt.timedelta(seconds=1)) is False
    assert holds_for("closed_at", test, None) is None
