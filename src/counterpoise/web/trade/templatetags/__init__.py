"""Template tags of the trade."""
