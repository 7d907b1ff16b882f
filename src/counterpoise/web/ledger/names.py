"""Names of the books for their ids."""

from __future__ import annotations

from counterpoise.books.lookup import Lookup


class Naming:
    """Says people and campaigns by name; an unknown id stands for itself."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def person(self, person_id: str | None) -> str:
        """Return a person's name, empty for nobody."""
        if not person_id:
            return ""
        found = self._lookup.person(person_id)
        return (found and found["name"]) or person_id

    def campaign(self, campaign_id: str | None) -> str:
        """Return a campaign's name, empty for none."""
        if not campaign_id:
            return ""
        found = self._lookup.campaign(campaign_id)
        return (found and found["name"]) or campaign_id

    def account(self, account_id: str | None) -> str:
        """Return an account's name, empty for none."""
        if not account_id:
            return ""
        found = self._lookup.account(account_id)
        return (found and found["name"]) or account_id
