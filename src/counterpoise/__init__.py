"""Counterpoise: one agreement that sales and marketing both sign, and that runs."""

__version__ = "0.1.0"
