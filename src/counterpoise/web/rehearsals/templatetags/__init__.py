"""Filters of the rehearsal's templates."""
