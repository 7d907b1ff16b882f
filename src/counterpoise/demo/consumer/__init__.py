"""A made-up consumer-goods company: brands, retail accounts and promotions, with known faults.

Brightwater Foods sells five brands through retail accounts, week by week, and knows no deals. What
promotions do to volume is known to the unit; what goes wrong beyond that is planted, on both sides,
and written to `truth.json`. The same seed makes the same bytes.
"""

from counterpoise.demo.consumer.company import make_consumer_company
from counterpoise.demo.consumer.market import ConsumerRecipe
from counterpoise.demo.consumer.plants import CONSUMER_FAULTS

__all__ = ["CONSUMER_FAULTS", "ConsumerRecipe", "make_consumer_company"]
