"""The pages on which people make and take back tokens."""
