"""The feature `profile`."""

from __future__ import annotations

from counterpoise.web.places import Feature


class ProfileFeature(Feature):
    """Signing in, and one's own account."""

    name = "counterpoise.web.profile"
    label = "profile"
    prefix = "account/"

    def ready(self) -> None:
        """Record what people change about how they sign in."""
        from counterpoise.web.profile import recording

        recording.connect()
