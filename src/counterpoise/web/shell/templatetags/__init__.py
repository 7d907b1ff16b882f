"""Filters and tags that every template may use."""
