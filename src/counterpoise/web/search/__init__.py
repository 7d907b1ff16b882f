"""Search over everything that a person may see: each feature finds what is its own."""
