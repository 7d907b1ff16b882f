"""Accounts as people type them: an id, a name, or the entry that the list offered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.web.live import live

MOST_OFFERED = 8
"""The most accounts that a list offers."""

_ENTRY = re.compile(r".*\(([^()]+)\)", re.DOTALL)
_MOST_LETTERS = 200


@dataclass(frozen=True)
class Account:
    """An account that may be meant."""

    account_id: str
    name: str
    detail: str

    @property
    def entry(self) -> str:
        """Return what stands in the field once it is chosen."""
        return f"{self.name} ({self.account_id})" if self.name else self.account_id


@dataclass(frozen=True)
class Meant:
    """The account that a text means, or those that it may mean."""

    account: Account | None
    nearest: Sequence[Account] = ()


def accounts_like(words: str, limit: int = MOST_OFFERED) -> list[Account]:
    """Return the accounts whose id or name begins like this."""
    found = live().find_accounts(words[:_MOST_LETTERS], limit)
    return [_account(row) for row in found]


def account_of(account_id: str) -> Account | None:
    """Return an account by its id."""
    row = live().account(account_id) if account_id else None
    return None if row is None else _account(row)


def account_meant(text: str) -> Meant:
    """Return the account that a text means: by id, by the list's entry, by its one name."""
    books = live()
    typed = text.strip()[:_MOST_LETTERS]
    if not typed or not books.snapshot:
        return Meant(Account(typed, "", "") if typed else None)
    entry = _ENTRY.fullmatch(typed)
    for each in (typed, entry[1].strip() if entry else ""):
        if found := account_of(each):
            return Meant(found)
    alike = accounts_like(typed)
    same = [each for each in alike if each.name.casefold() == typed.casefold()]
    if len(same) == 1:
        return Meant(same[0])
    if not alike and (near := books.nearest_account(typed)):
        alike = [each for each in [account_of(near)] if each]
    return Meant(None, alike or _beginning_alike(typed))


def _beginning_alike(typed: str) -> list[Account]:
    """Look for less and less of the first word, so that a slip at its end still finds it."""
    word = typed.split(maxsplit=1)[0]
    for length in range(len(word) - 1, 1, -1):
        if alike := accounts_like(word[:length]):
            return alike
    return []


def _account(row: dict[str, object]) -> Account:
    about = [row.get("segment"), row.get("industry"), row.get("country")]
    detail = " · ".join(str(each) for each in about if each)
    return Account(str(row["account_id"]), str(row.get("name") or ""), detail)
