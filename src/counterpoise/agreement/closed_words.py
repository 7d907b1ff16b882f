"""The fields whose words are a closed set, like the outcome of a deal."""

from __future__ import annotations

from counterpoise.agreement.fields import Field
from counterpoise.books.schema import TABLES

_TABLE_OF = {
    "deal": "deals",
    "account": "accounts",
    "product": "products",
    "owner": "people",
    "person": "people",
    "lead": "leads",
    "campaign": "campaigns",
    "promotion": "promotions",
}


def closed_words(field: Field) -> tuple[str, ...]:
    """Return the words that a field can hold, or none where it can hold any.

    >>> from counterpoise.agreement.fields import Fields
    >>> closed_words(Fields().resolve("deal.kind"))
    ('new', 'growth', 'renewal')
    """
    entity, _, name = field.path.partition(".")
    table = _TABLE_OF.get(entity)
    if table is None or name not in TABLES[table].names:
        return ()
    return TABLES[table].column(name).one_of
