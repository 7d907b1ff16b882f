"""The feature `tokens`: pages about the API's tokens."""

from __future__ import annotations

from counterpoise.web.places import Feature


class TokensFeature(Feature):
    """Tokens of oneself, and for administrators all of them."""

    name = "counterpoise.web.api.pages"
    label = "tokens"
    prefix = "settings/tokens/"
