"""Editing a draft in tables: what a section's cells are, and how they are read and written."""
