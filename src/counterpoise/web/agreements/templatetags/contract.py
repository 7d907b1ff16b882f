"""How a sentence of the contract is written on a page."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_STRESSED = re.compile(r"\*\*([^*]+)\*\*")


@register.filter
def stressed(says: str) -> SafeString:
    """Escape a sentence and stress what stands between `**`.

    >>> stressed("**big**: where a < b")
    '<strong>big</strong>: where a &lt; b'
    """
    written = _STRESSED.sub(r"<strong>\1</strong>", escape(says))
    return mark_safe(written)  # noqa: S308 - escaped above


@register.filter
def after_name(says: str) -> str:
    """Leave out the name that a row's sentence starts with, and its full stop.

    >>> after_name("**big**: where segment is SMB.")
    'where segment is SMB'
    """
    return re.sub(r"^\*\*[^*]+\*\*: ", "", says).rstrip(".")


@register.filter
def breakable(address: str) -> SafeString:
    """Let an address break after its dots.

    >>> breakable("a.b")
    'a.<wbr>b'
    """
    return mark_safe(escape(address).replace(".", ".<wbr>"))  # noqa: S308 - escaped


@register.filter
def last_part(address: str) -> str:
    """Return the last part of an address.

    >>> last_part("discounts.limits.enterprise")
    'enterprise'
    """
    return address.rpartition(".")[2]
