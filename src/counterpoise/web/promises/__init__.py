"""Promises of both sides beside each other, with their cases; budgets, and what moves in them."""
