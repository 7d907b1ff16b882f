"""Template tags of promotions."""
