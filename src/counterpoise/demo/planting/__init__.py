"""Plant faults in the made-up company: which, on whom, from when, and what they came to."""

from counterpoise.demo.planting.fault import Act, Casting, Fault, Order, Plant, Side, Subject
from counterpoise.demo.planting.orders import Faults
from counterpoise.demo.planting.plants import Planting
from counterpoise.demo.planting.registry import UnknownFaultError, all_faults

__all__ = [
    "Act",
    "Casting",
    "Fault",
    "Faults",
    "Order",
    "Plant",
    "Planting",
    "Side",
    "Subject",
    "UnknownFaultError",
    "all_faults",
]
