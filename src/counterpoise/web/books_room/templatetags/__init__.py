"""Filters of the pages of the books."""
