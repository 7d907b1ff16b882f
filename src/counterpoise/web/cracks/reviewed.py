"""What this feature does when a review was made."""

from __future__ import annotations

from counterpoise.web.cracks.measuring import open_ids, take_in

__all__ = ["open_ids", "take_in"]
