"""A made-up company with known faults, for the demo and for tests that need the truth.

Halden Drives sells drives to industry, in half-year agreements that both sides signed. Its people
differ blamelessly in style; what goes wrong beyond that is planted, on both sides, and written to
`truth.json`. The same seed makes the same bytes.
"""

from counterpoise.demo.company import Company, make_company
from counterpoise.demo.export import Form
from counterpoise.demo.planting import Faults, Order, UnknownFaultError, all_faults
from counterpoise.demo.recipe import Dose, DoseShape, Recipe, RecipeError, Styles

__all__ = [
    "Company",
    "Dose",
    "DoseShape",
    "Faults",
    "Form",
    "Order",
    "Recipe",
    "RecipeError",
    "Styles",
    "UnknownFaultError",
    "all_faults",
    "make_company",
]
