"""The pages of the agreement, a module a kind of act."""
