"""Who sees what, in one place: the scope of a person, and what a view asks of who opens it.

Aggregates are for everyone on both sides, at team level. Rows open only to those in whose scope
they are: reps their own deals, managers their team's, marketers the deals that their campaigns
touched, the revenue lead all.
"""

from counterpoise.web.access.scope import EVERYTHING, Reach, Scope, scope_of
from counterpoise.web.access.who import NotForYouError, administrators, signers_of, user_of

__all__ = [
    "EVERYTHING",
    "NotForYouError",
    "Reach",
    "Scope",
    "administrators",
    "scope_of",
    "signers_of",
    "user_of",
]
