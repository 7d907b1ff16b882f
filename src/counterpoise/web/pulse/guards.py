"""What makes the database itself keep what a closed pulse showed, and an open one's urn.

Nobody takes part in a closed pulse; its figures stay as they were counted.
"""

from __future__ import annotations

from counterpoise.web.guarding import Deed, Guard

_CLOSED = "a closed pulse is never changed"


def _is_closed(row: str) -> str:
    return f"{row}.pulse_id IN (SELECT id FROM pulse_pulse WHERE closed_on IS NOT NULL)"  # noqa: S608


GUARDS = (
    Guard(
        "pulse_pulse",
        "what a pulse promised when it opened is never changed",
        kept=("first_on", "opened_on", "closes_on", "smallest", "key_name"),
    ),
    Guard(
        "pulse_pulse",
        _CLOSED,
        kept=("closed_on", "urn"),
        when="OLD.closed_on IS NOT NULL",
        name="closed",
    ),
    Guard(
        "pulse_pulse",
        "the urn of an open pulse is emptied by counting it",
        when="length(OLD.urn) > 0 AND length(NEW.urn) = 0 AND NEW.closed_on IS NULL",
        name="sealed",
    ),
    Guard("pulse_pulse", "a pulse is never removed", deed=Deed.REMOVE, name="kept"),
    Guard(
        "pulse_figure",
        "what a pulse showed is never changed",
        kept=("pulse_id", "side", "team", "n", "mean", "spread", "low", "high", "ratings"),
    ),
    Guard("pulse_figure", _CLOSED, when=_is_closed("NEW"), deed=Deed.ADD, name="none_added"),
    Guard("pulse_figure", _CLOSED, deed=Deed.REMOVE, name="kept"),
    Guard("pulse_participation", _CLOSED, when=_is_closed("NEW"), deed=Deed.ADD, name="none_added"),
    Guard("pulse_participation", "nobody takes part for another", kept=("pulse_id", "user_id")),
    Guard(
        "pulse_words",
        _CLOSED,
        kept=("pulse_id", "user_id", "at"),
        words=("text",),
        when=_is_closed("OLD"),
    ),
)
