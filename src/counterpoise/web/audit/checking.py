"""Verifying from a page, and keeping what was found."""

from __future__ import annotations

from counterpoise.web.audit.models import Check
from counterpoise.web.audit.verifying import verify
from counterpoise.web.people.models import User


def check(by: User | None) -> Check:
    """Verify the whole trail and keep what was found."""
    found = verify()
    said = [finding.says for finding in found.findings]
    return Check.objects.create(by_id=by.pk if by else None, entries=found.entries, findings=said)
