"""Pages of the feature `facts`."""
