"""Home: what was held against what was given, what waits for a person, and what happened."""
