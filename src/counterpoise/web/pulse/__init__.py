"""The pulse: what both sides say of working together, and no way to learn who said what."""
