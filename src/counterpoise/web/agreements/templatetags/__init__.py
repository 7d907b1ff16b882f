"""Filters of the agreement's templates."""
