"""Filters for rows behind cracks."""
