"""The feature `webhooks`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class WebhooksFeature(Feature):
    """Addresses of other programs, and what they were told."""

    name = "counterpoise.web.webhooks"
    label = "webhooks"
    prefix = "settings/webhooks/"
