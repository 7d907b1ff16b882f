"""What rehearsals lay beside a draft or a proposal."""

from __future__ import annotations

from counterpoise.web.rehearsals.attached import beside_draft, beside_proposal

__all__ = ["beside_draft", "beside_proposal"]
