"""Fill the room of a made-up company as its people would have: words, reviews, pulses, thanks.

Everything goes through the acts that pages use, so that the room keeps what it would keep of real
people. What a sentence tells of deals, campaigns and clauses stands in the company's books.
"""

from counterpoise.web.example.filling import fill_room, hand_over

__all__ = ["fill_room", "hand_over"]
